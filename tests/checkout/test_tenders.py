"""Which tenders a shop accepts for which orders: refused at placement, and told before."""

from collections.abc import Iterator

import pytest

import tokolib
from tokolib import IDR, USD, Basket, InvalidInput, Policies, Shop
from tokolib.checkout import QuoteChanged
from tokolib.conditions import any_of, at_least, equal, never, one_of, overlaps
from tokolib.kernel import CustomerId
from tokolib.kernel.policies import PlacementPolicy
from tokolib.payments import Risk, RiskLevel, TenderRefused, UnknownTender
from tokolib.payments.accepting.wording import WORDING
from tokolib.pricing import ChargeKind
from tokolib.shipping import FeeRule, MethodKind, Terms
from tokolib.testing.builders import BUYER, Given


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tokolib.open("memory://", country="ID") as shop:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000, "TEH-100": 20_000}, stock=200)
        given.goods({"PESAN": 90_000}, tags=["preorder"])
        given.delivery({"jne:reg": 18_000})
        yield shop


def refused(shop: Shop, lines, tender: str = "cod", **basket: object) -> TenderRefused:
    with pytest.raises(TenderRefused) as found:
        shop.orders.place(Basket(lines, **basket), tender=tender, key="refused")
    return found.value


def test_a_tender_of_which_the_shop_says_nothing_is_offered_to_everybody(shop):
    """A new shop needs no rules to sell."""
    assert () == shop.tenders.policies()
    assert IDR(75_000) == shop.orders.place(Basket({"KOPI-250": 1}), tender="cod", key="1").total


def test_cash_on_delivery_has_a_limit_of_amount(shop):
    """Up to Rp1,000,000, all included; the error names the tender, the limit and the total."""
    shop.tenders.put("cod", at_least=IDR(20_000), at_most=IDR(1_000_000))
    shop.charges.fixed("cod", ChargeKind.COD_FEE, IDR(5_000))

    error = refused(shop, {"TEH-100": 50})

    assert ("cod", "payments.tender_too_much") == (error.tender, error.why)
    assert "cod is for totals up to Rp1,000,000, this one is Rp1,005,000" == str(error)
    assert 40 * 20_000 + 5_000 == shop.orders.place(Basket({"TEH-100": 40}), tender="cod", key="2").total.minor_units
    assert shop.orders.place(Basket({"TEH-100": 50}), tender="bank_transfer", key="3").total == IDR(1_000_000)


def test_conditions_say_where_and_for_what_a_tender_is(shop):
    """Not for pre-orders, and only in two provinces; what stands in the way is said."""
    somewhere = one_of("province", "DI Yogyakarta", "Bali")
    shop.tenders.put("cod", conditions=never(overlaps("tags", "preorder")) & somewhere)
    home = tokolib.Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
    there = {"ship_to": home, "delivery": "jne:reg"}

    unknown = refused(shop, {"KOPI-250": 1}, **there)

    assert "payments.tender_conditions" == unknown.why
    assert "the conditions of cod are not met; destination province not known yet" == str(unknown)
    there["ship_to"] = tokolib.Address(
        "Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID", province="DI Yogyakarta"
    )
    assert "payments.tender_conditions" == refused(shop, {"PESAN": 1}, **there).why
    assert shop.orders.place(Basket({"KOPI-250": 1}, **there), tender="cod", key="ok").total == IDR(93_000)


def test_what_a_shop_does_not_offer_can_not_be_paid_with(shop):
    """Withdrawn, and offered again; placed orders stay."""
    order = shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="1")
    shop.tenders.withdraw("cash")

    assert "payments.tender_not_offered" == refused(shop, {"KOPI-250": 1}, "cash").why
    assert order == shop.orders.get(order.id)
    shop.tenders.put("cash")
    assert shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="2").total == IDR(75_000)


def test_risk_is_a_rule_with_a_reason_and_the_worst_level_counts(shop):
    """A first order pays more, one with refused parcels before is refused; both marks are named."""
    new = Risk("pesanan pertama", equal("first_order", True), RiskLevel.FEE)
    burnt = Risk("paket pernah ditolak", at_least("x.refused_parcels", 2))
    shop.tenders.put("cod", risks=[new, burnt])
    shop.charges.fixed("cod-risk", ChargeKind.COD_FEE, IDR(10_000), conditions=equal("risk", "fee"))
    siti = {"customer": CustomerId("siti")}

    error = refused(shop, {"KOPI-250": 1}, facts={"x.refused_parcels": 2}, **siti)
    first = shop.orders.place(Basket({"KOPI-250": 1}, **siti), tender="cod", key="first")
    second = shop.orders.place(Basket({"KOPI-250": 1}, **siti), tender="cod", key="second")

    assert "payments.tender_risk" == error.why
    assert "cod is too risky for this order; pesanan pertama; paket pernah ditolak" == str(error)
    assert [IDR(85_000), IDR(75_000)] == [first.total, second.total]
    assert IDR(75_000) == shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="third").total
    assert shop.verify().ok


def test_a_quote_for_a_tender_that_is_refused_is_refused_too(shop):
    """Whoever names the tender with the quote hears of it there; nothing is stored."""
    shop.tenders.put("cod", at_most=IDR(50_000))
    cart = shop.carts.start({"KOPI-250": 1})

    with pytest.raises(TenderRefused):
        shop.carts.quote(cart, tender="cod")
    assert IDR(75_000) == shop.carts.quote(cart).total


def test_another_tender_than_the_quote_s_comes_back_with_the_new_total(shop):
    """Under `recompute` the diff shows what it would cost; the customer agrees to a new quote."""
    shop.charges.fixed("cod", ChargeKind.COD_FEE, IDR(5_000))
    cart = shop.carts.start({"KOPI-250": 1})
    quote = shop.carts.quote(cart, tender="bank_transfer")

    with pytest.raises(QuoteChanged) as changed:
        shop.orders.place(quote, tender="cod", key="1")

    assert (
        "tender: bank_transfer → cod",
        "charges[cod_fee].total: 0 → 5000",
        "total: IDR 75000 → IDR 80000",
    ) == changed.value.differences
    assert IDR(75_000) == shop.orders.place(quote, tender="bank_transfer", key="1").total


def test_a_quote_for_no_tender_has_changed_where_the_tender_makes_another_price(shop):
    """A promotion for who pays at once, a fee for who doesn't: placing tells, and what is the same is placed."""
    shop.promotions.percent("prepaid", 10, conditions=equal("tender", "bank_transfer"))
    cart = shop.carts.start({"KOPI-250": 1})
    quote = shop.carts.quote(cart)

    with pytest.raises(QuoteChanged) as changed:
        shop.orders.place(quote, tender="bank_transfer", key="1")

    assert "total: IDR 75000 → IDR 67500" == changed.value.differences[-1]
    assert quote.depends_on_tender
    assert IDR(75_000) == shop.orders.place(quote, tender="cod", key="2").total


def test_a_frozen_quote_is_refused_for_another_tender_and_for_any_where_prices_depend_on_it(shop):
    """Frozen prices are those of one tender; where no rule asks for it, any will do."""
    shop.settings.change(policies=Policies(placement=PlacementPolicy.FROZEN))
    cart = shop.carts.start({"KOPI-250": 1})
    before = shop.carts.quote(cart)
    shop.charges.fixed("cod", ChargeKind.COD_FEE, IDR(5_000), conditions=at_least("subtotal", 50_000))
    open_, named = shop.carts.quote(cart), shop.carts.quote(cart, tender="cod")

    assert [False, True, False] == [each.depends_on_tender for each in (before, open_, named)]
    for quote, was in ((open_, "None"), (named, "cod")):
        with pytest.raises(QuoteChanged) as changed:
            shop.orders.place(quote, tender="cash", key="no")
        assert (f"tender: {was} → cash",) == changed.value.differences
    tea = shop.carts.quote(shop.carts.start({"TEH-100": 1}))
    assert not tea.depends_on_tender
    assert IDR(80_000) == shop.orders.place(named, tender="cod", key="yes").total
    assert IDR(20_000) == shop.orders.place(tea, tender="cod", key="tea").total


def test_a_frozen_quote_is_still_asked_whether_its_tender_is_accepted(shop):
    """Prices are frozen, not the shop's trust: limits, conditions over the goods, and risks count at placement."""
    shop.settings.change(policies=Policies(placement=PlacementPolicy.FROZEN))
    quote = shop.carts.quote(shop.carts.start({"PESAN": 1}), tender="cod", facts={"x.refused_parcels": 3})

    for terms in (
        {"at_most": IDR(50_000)},
        {"conditions": never(overlaps("tags", "preorder"))},
        {"risks": [Risk("many refusals", any_of(at_least("x.refused_parcels", 3), at_least("subtotal", 10**9)))]},
    ):
        shop.tenders.put("cod", **terms)
        with pytest.raises(TenderRefused):
            shop.orders.place(quote, tender="cod", key="1")
    shop.tenders.put("cod", conditions=overlaps("tags", "preorder") & at_least("subtotal_with_tax", 90_000))
    assert IDR(90_000) == shop.orders.place(quote, tender="cod", key="1").total


@pytest.mark.parametrize("frozen", [False, True])
def test_a_courier_that_collects_only_small_sums_refuses_the_others(shop, frozen):
    """The bounds of its cash-on-delivery fee are those of what it collects, whoever bears the fee; options, quotes and
    placement say it in the same words.
    """
    if frozen:
        shop.settings.change(policies=Policies(placement=PlacementPolicy.FROZEN))
    cod_fee = FeeRule("3", most=100_000)
    shop.delivery.put("sicepat:reg", Terms("SiCepat", MethodKind.FLAT, IDR, price=10_000, cod_fee=cod_fee))
    there = {"ship_to": BUYER, "delivery": "sicepat:reg"}

    cart = shop.carts.start({"KOPI-250": 2})
    open_ = shop.carts.quote(cart, **there)

    (option,) = (each for each in shop.carts.options(cart, **there).tenders if each.tender == "cod")
    said = [(option.reason.code, option.explain())]
    for call in (
        lambda: shop.carts.quote(cart, tender="cod", **there),
        lambda: shop.orders.place(open_, tender="cod", key="1"),
        lambda: shop.orders.place(Basket({"KOPI-250": 2}, **there), tender="cod", key="1"),
    ):
        with pytest.raises(TenderRefused) as error:
            call()
        said.append((error.value.why, str(error.value)))

    assert [("checkout.no_cod", "sicepat:reg does not collect Rp160,000 on delivery")] * 4 == said
    assert IDR(85_000) == shop.orders.place(Basket({"KOPI-250": 1}, **there), tender="cod", key="2").total


def test_every_fault_of_a_tender_s_terms_is_named_and_nothing_is_kept(shop):
    """Unknown tenders, other currencies, limits the wrong way round, marks without a name or with unknown facts."""
    with pytest.raises(UnknownTender):
        shop.tenders.put("qris")
    with pytest.raises(InvalidInput, match="nothing is chosen"):
        shop.tenders.withdraw("free")
    with pytest.raises(InvalidInput) as refused_:
        shop.tenders.put("cod", at_least=USD(2), at_most=IDR(0), risks=[Risk(" ", equal("nonsense", 1))])

    paths = [fault.path for fault in refused_.value.faults]
    assert ["at_most", "at_most", "risks[0].name", "risks[0].when.fact", "currency"] == paths
    assert () == shop.tenders.policies()


def test_the_same_terms_twice_are_one_version(shop):
    """Putting is declaring; what differs makes the next version."""
    first = shop.tenders.put("cod", at_most=IDR(100_000))

    assert first == shop.tenders.put("cod", at_most=IDR(100_000))
    assert (1, 2) == (first.version, shop.tenders.put("cod").version)
    assert ("cod",) == tuple(each.id for each in shop.tenders.policies())


def test_every_reason_has_words_in_both_languages():
    """Whether a tender is accepted or refused, it can be said."""
    whys = ("not_offered", "currency", "too_little", "too_much", "conditions", "risk", "cannot_reserve")
    codes = {f"payments.tender_{why}" for why in whys}

    assert {"payments.tender", "payments.risk"} | codes == set(WORDING["id"]) == set(WORDING["en"])
