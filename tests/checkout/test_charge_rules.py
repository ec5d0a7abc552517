"""Charges that a shop asks by rule: who is asked, how much, why, and what becomes of them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD, Basket, InvalidInput, NotFound, Policies, Shop
from tokolib.checkout import ChargeWish, WishNotOffered
from tokolib.conditions import all_of, at_least, equal, less_than, overlaps
from tokolib.kernel.policies import ShippingRefund
from tokolib.pricing import ChargeKind, ChargeTerms, FixedCharge, Per, PercentOf, Scope
from tokolib.shipping import FeeRule, MethodKind, Terms
from tokolib.testing.builders import BUYER, Given


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tokolib.open("memory://", country="ID") as shop:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000, "TEH-100": 20_000})
        given.delivery({"jne:reg": 18_000})
        yield shop


def courier(shop: Shop, **terms: object) -> None:
    """A courier that asks 3 % for cash on delivery, at least Rp2,000, and 0.2 % for insurance plus Rp5,000."""
    cod_fee, insured = FeeRule("3", minimum=2_000, most=1_000_000), FeeRule("0.2", fixed=5_000, most=2_000_000)
    shop.delivery.put(
        "sicepat:reg",
        Terms("SiCepat", MethodKind.FLAT, IDR, price=10_000, cod_fee=cod_fee, insurance=insured, **terms),
    )


def charged(quote: tokolib.Quote) -> dict[str, int]:
    """What stands beside the goods, by id."""
    return {charge.id: charge.total for charge in quote.charges}


def test_who_pays_the_courier_is_asked_for_the_fee_and_nobody_else(shop):
    """A cash-on-delivery fee is asked for one tender; the explanation names its rule, in both languages."""
    shop.charges.fixed("cod", ChargeKind.COD_FEE, IDR(5_000), name="Biaya COD")
    cart = shop.carts.start({"KOPI-250": 1})

    quote = shop.carts.quote(cart, ship_to=BUYER, delivery="jne:reg", tender="cod")

    assert {"shipping": 18_000, "cod_fee/cod": 5_000} == charged(quote)
    assert IDR(98_000) == quote.total
    assert "Biaya COD" in quote.explain("id") and "biaya Rp5.000 menurut aturan cod" in quote.explain("id")
    assert "Rp5,000 by rule cod" in quote.explain("en")
    assert {} == charged(shop.carts.quote(cart, tender="cash"))


def test_insurance_that_is_named_as_an_extra_says_how_it_is_wished_for(shop):
    """The rule is there; "add a rule" would be no help."""
    shop.charges.fixed("asuransi", "insurance", IDR(5_000))
    cart = shop.carts.start({"KOPI-250": 1})

    with pytest.raises(WishNotOffered) as named:
        shop.carts.quote(cart, extras=["asuransi"])
    with pytest.raises(WishNotOffered) as unknown:
        shop.carts.quote(cart, extras=["bungkus"])

    assert "wish for it with insured=True; extras are for rules of the other kinds" == named.value.hint
    assert "add a rule" in unknown.value.hint


def test_a_fault_of_a_charge_names_the_argument_that_was_written(shop):
    """And not the figure that was made of it."""
    refused = []
    for call in (
        lambda: shop.charges.fixed("a", ChargeKind.FEE, IDR(0)),
        lambda: shop.charges.percent("a", ChargeKind.FEE, 0, minimum=IDR(-1)),
        lambda: shop.charges.as_courier("a", ChargeKind.FEE),
    ):
        with pytest.raises(InvalidInput) as caught:
            call()
        refused.append([fault.path for fault in caught.value.faults])

    assert [["amount"], ["minimum", "percent"], ["kind"]] == refused


def test_a_small_order_pays_for_its_handling(shop):
    """A condition over the subtotal; from the bound on nothing is asked."""
    below = less_than("subtotal", 50_000)
    shop.charges.fixed("small", ChargeKind.SMALL_ORDER, IDR(3_000), conditions=below)

    def total(lines):
        return shop.carts.quote(shop.carts.start(lines)).total

    assert [IDR(23_000), IDR(43_000), IDR(60_000)] == [total({"TEH-100": n}) for n in (1, 2, 3)]


def test_a_percentage_is_of_what_discounts_leave_within_its_bounds(shop):
    """1 % of the goods, rounded up, at least Rp500 and at most Rp2,000; before discounts where the shop says so."""
    shop.promotions.percent("fifth", 20)
    bounds = {"minimum": IDR(500), "maximum": IDR(2_000)}
    shop.charges.percent("service", ChargeKind.FEE, "1", **bounds)
    shop.charges.percent("platform", ChargeKind.FEE, "1", of=PercentOf.BEFORE_DISCOUNTS, **bounds)

    def charges(lines):
        return charged(shop.carts.quote(shop.carts.start(lines)))

    assert {"fee/platform": 750, "fee/service": 600} == charges({"KOPI-250": 1})
    assert {"fee/platform": 500, "fee/service": 500} == charges({"TEH-100": 1})
    assert {"fee/platform": 2_000, "fee/service": 2_000} == charges({"KOPI-250": 4})
    assert (
        "1 % of goods for Rp60,000 after discounts, by rule service"
        in shop.carts.quote(shop.carts.start({"KOPI-250": 1})).explain()
    )


def test_gifts_are_wrapped_where_somebody_wishes_and_each_line_bears_its_own(shop):
    """By line, by unit, for all lines or for one; what wraps the tea is the tea's, to the last rupiah."""
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_000), per=Per.UNIT)
    cart = shop.carts.start({"KOPI-250": 2, "TEH-100": 3})
    coffee, tea = cart.lines

    def wrapped(wrap):
        return [(each.total, each.shares) for each in shop.carts.quote(cart, wrap=wrap).charges]

    assert [] == wrapped(False)
    assert [(20_000, (8_000, 12_000))] == wrapped(True)
    assert [(12_000, (0, 12_000))] == wrapped([tea]) == wrapped(["teh-100"])
    assert [(8_000, (8_000, 0))] == wrapped([coffee.id])

    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_000), per=Per.LINE)
    assert [(8_000, (4_000, 4_000))] == wrapped(True)
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_001))
    assert [(4_001, (2_001, 2_000))] == wrapped(True)


def test_what_returns_brings_its_wrapping_back_and_leaves_the_others(shop):
    """Refunds add up shares: the wrapped line gives its wrap back, where the shop gives charges back at all."""
    shop.settings.change(policies=Policies(shipping_refund=ShippingRefund.WITH_GOODS))
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_000), per=Per.UNIT)
    shop.charges.fixed("desk", ChargeKind.FEE, IDR(1_000), refundable=False)
    cart = shop.carts.start({"KOPI-250": 1, "TEH-100": 2})
    order = shop.orders.place(shop.carts.quote(cart, wrap=["TEH-100"]), tender="cash", key="gift-1")
    shop.shipments.hand_over(order)

    tea = shop.returns.accept(order, {"TEH-100": 1}, reason="doubled").refund.amount
    rest = shop.returns.accept(order, {"TEH-100": 1, "KOPI-250": 1}, reason="doubled").refund.amount

    assert (IDR(24_000), IDR(99_000)) == (tea, rest)
    assert order.total == tea + rest + IDR(1_000)
    assert shop.verify().ok


def test_what_was_wished_for_and_nobody_offers_is_refused_by_name(shop):
    """A wish without a rule, one whose rule isn't for this order, and one for a line that isn't there."""
    shop.charges.fixed("crate", ChargeKind.PACKAGING, IDR(9_000), by_wish=True, conditions=at_least("quantity", 2))
    cart = shop.carts.start({"KOPI-250": 1})

    with pytest.raises(WishNotOffered) as refused:
        shop.carts.quote(cart, wrap=True, insured=True, extras=["Crate"])
    with pytest.raises(InvalidInput) as unknown:
        shop.carts.quote(cart, wrap=["TEH-100"])

    assert ("gift_wrap", "insurance", "crate") == refused.value.wishes
    assert ["wrap[0]"] == [fault.path for fault in unknown.value.faults]
    two = shop.carts.start({"KOPI-250": 2})
    assert {"packaging/crate": 9_000} == charged(shop.carts.quote(two, extras=["Crate"]))
    assert {} == charged(shop.carts.quote(two))


def test_a_courier_s_own_fees_cost_the_customer_nothing_until_a_rule_passes_them_on(shop):
    """They are what the shop pays; `as_courier` hands them to the customer, reckoned on all that is collected."""
    courier(shop)
    cart = shop.carts.start({"KOPI-250": 2})

    def quoted(**wishes):
        return charged(shop.carts.quote(cart, ship_to=BUYER, delivery="sicepat:reg", **wishes))

    assert {"shipping": 10_000} == quoted(tender="cod")
    shop.charges.as_courier("cod", ChargeKind.COD_FEE)
    shop.charges.as_courier("insurance", ChargeKind.INSURANCE)
    assert {"shipping": 10_000, "cod_fee/cod": 4_800} == quoted(tender="cod")
    assert {"shipping": 10_000, "insurance/insurance": 5_300} == quoted(tender="bank_transfer", insured=True)
    both = quoted(tender="cod", insured=True)
    assert {"shipping": 10_000, "insurance/insurance": 5_300, "cod_fee/cod": 4_959} == both


def test_free_shipping_lowers_what_the_courier_collects_and_so_its_fee(shop):
    """The fee is reckoned when promotions have spoken: 3 % of Rp150,000, not of Rp160,000."""
    courier(shop)
    shop.charges.as_courier("cod", ChargeKind.COD_FEE)
    shop.promotions.free_shipping("free")
    cart = shop.carts.start({"KOPI-250": 2})

    quote = shop.carts.quote(cart, ship_to=BUYER, delivery="sicepat:reg", tender="cod")

    assert {"shipping": 0, "cod_fee/cod": 4_500} == charged(quote)
    assert "Cash on delivery of Rp150,000: 3 %" in quote.explain()


def test_a_courier_s_fee_is_reckoned_from_what_promotions_leave_of_the_other_charges(shop):
    """It collects 75,000 + 10,000 + 25,000 beside its fee: 3 % of that is 3,300, of which the promotion leaves half."""
    courier(shop)
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(50_000))
    shop.charges.as_courier("cod", ChargeKind.COD_FEE)
    shop.promotions.percent("half", 50, on=Scope.FEES)

    cart = shop.carts.start({"KOPI-250": 1})
    quote = shop.carts.quote(cart, ship_to=BUYER, delivery="sicepat:reg", tender="cod", wrap=True)

    assert {"shipping": 10_000, "gift_wrap/wrap": 25_000, "cod_fee/cod": 1_650} == charged(quote)
    assert "Cash on delivery of Rp110,000: 3 %" in quote.explain("en")


@pytest.mark.parametrize("most", range(84_000, 137_000, 4_000))
def test_a_courier_that_may_collect_asks_its_fee_and_one_that_asks_none_may_not(shop, most):
    """Its bounds are looked at once, on the sum that the fee is reckoned from."""
    shop.delivery.put(
        "sicepat:reg", Terms("SiCepat", MethodKind.FLAT, IDR, price=10_000, cod_fee=FeeRule("3", most=most))
    )
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(50_000))
    shop.charges.as_courier("cod", ChargeKind.COD_FEE)
    shop.promotions.fixed("wrap-off", IDR(25_000), on=Scope.FEES)
    cart = shop.carts.start({"KOPI-250": 1})

    options = shop.carts.options(cart, ship_to=BUYER, delivery="sicepat:reg", wrap=True)
    (way,) = (each for each in options.tenders if each.tender == "cod")

    assert (most >= 110_000) is way.allowed
    if way.allowed:
        quote = shop.carts.quote(cart, ship_to=BUYER, delivery="sicepat:reg", tender="cod", wrap=True)
        assert "Cash on delivery of Rp110,000: 3 %" in quote.explain("en")
        assert 0 < charged(quote)["cod_fee/cod"]


def test_a_fee_for_collecting_that_was_stated_by_hand_is_no_part_of_what_the_courier_reckons_from(shop):
    """3 % of the goods and their delivery, with a stated fee beside it or without."""
    courier(shop)
    shop.charges.as_courier("cod", ChargeKind.COD_FEE)
    by_hand = ChargeWish(ChargeKind.COD_FEE, "Biaya titip", IDR(20_000), "agreed by telephone")
    cart, there = shop.carts.start({"KOPI-250": 1}), {"ship_to": BUYER, "delivery": "sicepat:reg", "tender": "cod"}

    found = [charged(shop.carts.quote(cart, charges=charges, **there))["cod_fee/cod"] for charges in ((), (by_hand,))]

    assert [2_550, 2_550] == found


def test_of_one_thing_a_bill_has_one_charge_so_that_rules_never_double_it(shop):
    """The larger priority decides: the shop's own figure in Bali, the courier's elsewhere; none is added to another."""
    courier(shop)
    shop.charges.as_courier("as-courier", ChargeKind.COD_FEE)
    shop.charges.fixed("bali", ChargeKind.COD_FEE, IDR(12_000), priority=1, conditions=equal("province", "Bali"))
    cart = shop.carts.start({"KOPI-250": 1})

    def fee(ship_to):
        quote = shop.carts.quote(cart, ship_to=ship_to, delivery="sicepat:reg", tender="cod")
        return {id: total for id, total in charged(quote).items() if id != "shipping"}

    bali = tokolib.Address("Made", "Jl. Raya 1", city="Denpasar", postal_code="80111", country="ID", province="Bali")
    assert {"cod_fee/as-courier": 2_550} == fee(BUYER)
    assert {"cod_fee/bali": 12_000} == fee(bali)


def test_where_the_courier_has_no_figure_the_next_rule_is_asked(shop):
    """Insurance beyond what the courier insures is the shop's own rule's; without one the wish is refused."""
    courier(shop)
    shop.charges.as_courier("courier", ChargeKind.INSURANCE, priority=1)
    shop.stock.receive("KOPI-250", 100)
    cart = shop.carts.start({"KOPI-250": 30})

    def quoted():
        return charged(shop.carts.quote(cart, ship_to=BUYER, delivery="sicepat:reg", insured=True))

    with pytest.raises(WishNotOffered, match="insurance"):
        quoted()
    shop.charges.percent("own", ChargeKind.INSURANCE, "0.5")
    assert {"shipping": 10_000, "insurance/own": 11_250} == quoted()


def test_charges_by_rule_are_taxed_by_their_class_and_discounted_by_promotions_on_fees(shop):
    """They are charges like any other: PPN inside, and half of the wrap off for whoever has the coupon."""
    shop.settings.change(pkp_since=date(2025, 1, 1))
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(11_100))
    shop.charges.fixed("deposit", ChargeKind.FEE, IDR(2_000), tax_class="none")
    shop.promotions.percent("half", 50, on=Scope.FEES, coupon="WRAP", conditions=equal("channel", "web"))
    cart = shop.carts.start({"KOPI-250": 1}, coupons=["wrap"])

    wrap, deposit = sorted(shop.carts.quote(cart, wrap=True).charges, key=lambda each: each.id, reverse=True)

    assert (5_550, [550]) == (wrap.total, [tax.amount for tax in wrap.taxes])
    assert (1_000, []) == (deposit.total, [tax.amount for tax in deposit.taxes])


def test_a_basket_wishes_as_a_quote_does(shop):
    """One call at the till: wrapped and insured, with the same figures."""
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_000), per=Per.LINE)
    shop.charges.percent("care", ChargeKind.INSURANCE, "1")
    shop.charges.fixed("crate", ChargeKind.PACKAGING, IDR(9_000), by_wish=True)
    lines = {"KOPI-250": 1, "TEH-100": 1}
    cart = shop.carts.start(lines)
    quote = shop.carts.quote(cart, wrap=["TEH-100"], insured=True, extras=["crate"])

    basket = Basket(lines, wrap=["TEH-100"], insured=True, extras=["crate"])
    order = shop.orders.place(basket, tender="cash", key="till-1")

    assert IDR(95_000 + 4_000 + 950 + 9_000) == quote.total == order.total
    assert order == shop.orders.place(basket, tender="cash", key="till-1")
    assert Basket(lines).hash != basket.hash


def test_rules_are_put_changed_stopped_and_listed(shop):
    """The same twice is the same; a stopped rule is asked no longer, and keeps its terms."""
    rule = shop.charges.fixed("Desk", ChargeKind.FEE, IDR(1_000))
    again = shop.charges.put("desk", rule.terms)

    assert rule == again == shop.charges.get("DESK")
    assert ("desk", 1) == (rule.id, rule.version)
    assert (rule,) == shop.charges.running()
    stopped = shop.charges.stop("desk")
    assert (False, rule.terms, ()) == (stopped.active, stopped.terms, shop.charges.running())
    assert stopped == shop.charges.stop("desk")
    assert shop.charges.fixed("desk", ChargeKind.FEE, IDR(1_000)).active
    with pytest.raises(NotFound):
        shop.charges.get("nobody")


def test_every_fault_of_a_rule_is_named_and_nothing_is_kept(shop):
    """Another currency, nothing, bounds the wrong way round, a kind with rates, conditions that can't hold."""

    def faults(put) -> list[tuple[str, str]]:
        with pytest.raises(InvalidInput) as refused:
            put()
        return [(fault.path, fault.code) for fault in refused.value.faults]

    charges = shop.charges
    foreign = ("currency", "kernel.currency_not_accepted")
    assert [("kind", "pricing.no_rule"), ("name", "pricing.length"), foreign] == faults(
        lambda: charges.put("a", ChargeTerms(ChargeKind.SHIPPING, "", FixedCharge(USD(1))))
    )
    assert [("maximum", "pricing.currency")] == faults(
        lambda: charges.percent("a", ChargeKind.FEE, 1, minimum=IDR(2), maximum=USD(1))
    )
    assert [("amount", "pricing.not_positive")] == faults(lambda: charges.fixed("a", ChargeKind.FEE, IDR(0)))
    assert [("percent", "pricing.range"), ("maximum", "pricing.order")] == faults(
        lambda: charges.percent("a", ChargeKind.FEE, 101, minimum=IDR(2), maximum=IDR(1))
    )
    assert [("kind", "pricing.no_courier")] == faults(lambda: charges.as_courier("a", ChargeKind.GIFT_WRAP))
    never = all_of(less_than("subtotal", 1), at_least("subtotal", 2))
    assert ["conditions"] == [
        path.partition(".")[0]
        for path, _ in faults(lambda: charges.fixed("a", ChargeKind.FEE, IDR(1), conditions=never))
    ]
    with pytest.raises(tokolib.TokolibError, match="luxurious"):
        charges.fixed("a", ChargeKind.FEE, IDR(1), tax_class="luxurious")
    assert () == charges.running()


def test_conditions_may_ask_for_the_goods(shop):
    """Fragile goods pay for their packing; what they are is known from the catalogue."""
    shop.catalog.put("CANGKIR", "Cangkir", tags=["fragile"], weight="300 g")
    shop.prices.put("CANGKIR", IDR(30_000))
    shop.stock.receive("CANGKIR", 5)
    shop.charges.fixed("bubble", ChargeKind.PACKAGING, IDR(2_500), conditions=overlaps("tags", "fragile"))

    assert {} == charged(shop.carts.quote(shop.carts.start({"KOPI-250": 1})))
    assert {"packaging/bubble": 2_500} == charged(shop.carts.quote(shop.carts.start({"CANGKIR": 1})))


def test_conditions_may_ask_for_subtotals_of_every_kind():
    """Before and after discounts, with tax and without: each rule sees the figure that it asks for."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2025, 1, 1)) as shop:
        shop.settings.change(prices_include_tax=False)
        Given(shop).goods({"KOPI-250": 100_000})
        shop.promotions.percent("tenth", 10)
        figures = {
            "subtotal": 100_000,
            "subtotal_with_tax": 111_000,
            "subtotal_after_discounts": 90_000,
            "subtotal_after_discounts_with_tax": 99_900,
        }
        for fact, figure in figures.items():
            code = fact.replace("_", "-")
            shop.charges.fixed(f"{code}-yes", ChargeKind.FEE, IDR(1), conditions=at_least(fact, figure))
            shop.charges.fixed(f"{code}-no", ChargeKind.FEE, IDR(1), conditions=at_least(fact, figure + 1))

        quote = shop.carts.quote(shop.carts.start({"KOPI-250": 1}))

        assert sorted(f"fee/{fact.replace('_', '-')}-yes" for fact in figures) == sorted(charged(quote))


AMOUNTS = st.integers(1, 50_000)


@given(
    units=st.integers(1, 9),
    wrap=AMOUNTS,
    percent=st.decimals("0.01", "30", places=2),
    off=st.integers(0, 99),
    registered=st.booleans(),
)
def test_shares_of_charges_close_and_books_agree(units, wrap, percent, off, registered):
    """Shares add up to each charge, net and tax to each total, and the order keeps what was quoted."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2025, 1, 1) if registered else None) as shop:
        Given(shop).goods({"KOPI-250": 75_333, "TEH-100": 20_001})
        Given(shop).delivery({"jne:reg": 17_999})
        if off:
            shop.promotions.percent("off", off)
        shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(wrap), per=Per.UNIT)
        shop.charges.percent("service", ChargeKind.FEE, percent)
        cart = shop.carts.start({"KOPI-250": units, "TEH-100": 1})

        quote = shop.carts.quote(cart, ship_to=BUYER, delivery="jne:reg", wrap=["KOPI-250"])
        order = shop.orders.place(quote, tender="bank_transfer", key="law")

        assert {charge.id: charge.total for charge in quote.charges} == {c.id: sum(c.shares) for c in quote.charges}
        assert all(c.total == c.net + sum(tax.amount for tax in c.taxes) for c in quote.charges)
        after = sum(line.base - sum(d.amount for d in line.discounts) for line in quote.lines)
        (service,) = (c for c in quote.charges if c.kind is ChargeKind.FEE)
        exact = Decimal(after) * percent / 100
        assert exact <= service.amount < exact + 1
        assert (quote.charges, quote.total) == (order.charges, order.total)
        assert shop.verify().ok
