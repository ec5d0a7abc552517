"""The doors `prices` and `promotions`: what is put is what counts, once, and faults leave nothing behind."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest

from tokolib.catalog.errors import InvalidSku
from tokolib.conditions import at_least, equal, one_of, overlaps
from tokolib.kernel.errors import InvalidInput, NaiveDatetime, NotFound
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR, USD, NotMoney, UnitPrice
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.unit import PAGE
from tokolib.pricing.errors import CouponExhausted, CouponNeedsCustomer, CouponTaken, PromotionExhausted
from tokolib.pricing.prices import lifecycle as of_prices
from tokolib.pricing.prices import steps as pricing
from tokolib.pricing.prices.events import PriceListStopped, PriceWithdrawn
from tokolib.pricing.prices.model import Price
from tokolib.pricing.promotions import lifecycle as of_promotions
from tokolib.pricing.promotions import steps, using
from tokolib.pricing.promotions.benefits import AmountOff, Off, Percent, Scope
from tokolib.pricing.promotions.events import CouponStopped, PromotionStopped
from tokolib.pricing.promotions.model import PromotionUse, Terms
from tokolib.pricing.promotions.uses import LEDGER


def paths(caught):
    return [fault.path for fault in caught.value.faults]


# Prices


def test_the_first_price_makes_the_default_list(till):
    """One list for each currency, found by the SKU however it is spelt."""
    till.prices.put("KOPI-250", IDR(75_000))
    till.prices.put("KOPI-250", USD(5))

    assert UnitPrice.of(IDR(75_000)) == till.prices.get(" kopi-250").price
    assert UnitPrice.of(USD(5)) == till.prices.get("kopi-250", list="usd").price
    assert ["pricing.price_list_put"] == till.history("pls_idr")


def test_the_same_price_again_changes_nothing(till):
    """A new one is a second event."""
    first = till.prices.put("a", IDR(5), tiers={10: IDR(4), 5: IDR(4)}, compare_at=IDR(9))
    again = till.prices.put("A", IDR(5), tiers={5: IDR(4), 10: IDR(4)}, compare_at=IDR(9))
    changed = till.prices.put("a", IDR(6))

    assert first == again
    assert [Decimal(5), Decimal(10)] == [tier.from_quantity for tier in first.tiers]
    assert (2, (), None) == (changed.version, changed.tiers, changed.compare_at)


def test_a_date_that_is_text_is_refused(till):
    """Passed over, the promotion would run for ever."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("lebaran", 10, until="2025-04-30")

    assert ["until"] == paths(caught)
    with pytest.raises(NotFound):
        till.promotions.get("lebaran")


def test_a_withdrawn_price_is_gone_until_it_is_put_again(till):
    """Withdrawing twice is withdrawing once."""
    till.prices.put("a", IDR(5))
    till.prices.withdraw("a")
    till.prices.withdraw("a")

    with pytest.raises(NotFound):
        till.prices.get("a")
    assert till.prices.page().items[0].withdrawn
    assert not till.prices.put("a", IDR(5)).withdrawn
    with pytest.raises(NotFound):
        till.prices.withdraw("b")


def test_every_fault_of_a_price_is_named(till):
    """Nothing is stored, not even the list."""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put("a", IDR(-1), tiers={0: IDR(1), "x": IDR(1), Decimal(3): USD(1)}, compare_at=USD(1))

    assert ["price", "compare_at", "tiers[0]", "tiers[x]", "tiers[3]"] == paths(caught)
    assert [] == till.history("pls_idr")
    with pytest.raises(InvalidSku):
        till.prices.put("", IDR(1))


def test_a_named_list_must_exist_and_be_of_the_currency(till):
    """By code, id or value."""
    made = till.prices.put_list("Reseller", customer_group="reseller", priority=5)

    for named in ("reseller", made.id, made):
        assert "pls_reseller" == till.prices.put("a", IDR(5), list=named).list_id
    assert till.prices.get("a", list=made).key == "a"
    assert 1 == len(till.prices.page(list="reseller").items)
    with pytest.raises(NotFound):
        till.prices.put("a", IDR(5), list="nope")
    with pytest.raises(InvalidInput):
        till.prices.put("a", USD(5), list="reseller")
    till.prices.withdraw("a", list="reseller")


def test_a_list_is_put_stopped_and_put_again(till):
    """The same again changes nothing; its currency never changes."""
    first = till.prices.put_list("promo", since=date(2026, 1, 1), until=date(2026, 1, 31))

    assert first == till.prices.put_list("promo", since=date(2026, 1, 1), until=date(2026, 1, 31))
    assert datetime(2025, 12, 31, 17, tzinfo=UTC) == first.since
    assert datetime(2026, 1, 31, 17, tzinfo=UTC) == first.until
    stopped = till.prices.stop_list("promo")
    assert not stopped.active
    assert stopped == till.prices.stop_list(stopped)
    assert till.prices.put_list("promo").active
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_list("promo", currency="USD", name="x" * 301, conditions=at_least("subtotle", 1))
    assert ["name", "conditions.fact", "currency"] == paths(caught)


def test_a_list_needs_a_plain_code_and_a_real_currency(till):
    """A typing error in either is told."""
    with pytest.raises(InvalidInput):
        till.prices.put_list("a|b")
    with pytest.raises(InvalidInput):
        till.prices.put_list("ok", currency="???")
    with pytest.raises(NaiveDatetime):
        till.prices.put_list("ok", since=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused
    with pytest.raises(InvalidInput):
        till.prices.put_list("ok", since=date(2026, 1, 2), until=date(2026, 1, 1))


def test_a_list_is_for_a_channel_and_a_group_that_a_cart_can_have(till):
    """Short and printable, as carts are told them."""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_list("x", channel="a\x01b", customer_group="x" * 301)

    assert ["channel", "customer_group"] == paths(caught)
    assert [] == till.history("pls_x")


def test_many_prices_are_put_at_once_and_again(till):
    """Only what differs counts; tiers that were put before stay."""
    till.prices.put("sku-1", IDR(1), tiers={5: IDR(1)})
    many = {f"SKU-{n}": IDR(n) for n in range(1_201)}

    assert 1_200 == till.prices.put_many(many)
    assert 0 == till.prices.put_many(many)
    assert 1 == till.prices.put_many({"sku-1": IDR(7)})
    assert 1 == len(till.prices.get("SKU-1").tiers)


def test_every_fault_of_many_prices_is_named(till):
    """None of them is stored."""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_many({"a": IDR(1), "A": IDR(2), "b": IDR(-1), "": IDR(1)})

    assert ["prices[A]", "prices[b]", "prices[]"] == paths(caught)
    with pytest.raises(NotFound):
        till.prices.get("a", list="idr")


def test_the_awaited_door_is_the_same(till):
    """One body, two colours."""

    async def scenario():
        await till.awaited.put("a", IDR(5))
        return await till.awaited.get("a")

    assert UnitPrice.of(IDR(5)) == asyncio.run(scenario()).price


# Promotions


def test_a_promotion_in_one_line(till):
    """Its terms are what was said; the minimum is a condition."""
    made = till.promotions.percent(
        "DISKON10", 10, coupon="hemat 10", cap=IDR(30_000), at_least=IDR(100_000), until=date(2026, 2, 28)
    )

    assert "prm_diskon10" == made.id
    assert (
        Terms(
            "DISKON10",
            Off(Percent(10)),
            at_least=IDR(100_000),
            cap=IDR(30_000),
            by_coupon=True,
            until=datetime(2026, 2, 28, 17, tzinfo=UTC),
            zone="Asia/Jakarta",
            currency="IDR",
        )
        == made.terms
    )
    assert ["HEMAT10"] == [coupon.code for coupon in till.promotions.coupons("diskon10").items]
    assert made == till.promotions.get("Diskon10") == till.promotions.get(made.id)


def test_a_misspelt_option_makes_no_promotion(till):
    """Without its minimum, or without its coupon, it would be for everybody."""
    for option in ("atleast", "cuopon"):
        with pytest.raises(TypeError, match=option):
            till.promotions.percent("hemat", 10, **{option: IDR(100_000)})

    assert () == till.promotions.page().items


def test_fixed_amounts_free_shipping_and_whole_terms(till):
    """Each short form has its scope; `put` takes terms as they are, and the same again changes nothing."""
    fixed = till.promotions.fixed("potong", IDR(5_000), on=Scope.LINE, conditions=at_least("lines", 2), name="Potong")
    both = till.promotions.fixed("dua", IDR(1), conditions=at_least("lines", 2), at_least=IDR(10))
    freight = till.promotions.free_shipping("ongkir", cap=IDR(10_000))
    again = till.promotions.put("ONGKIR", freight.terms)

    assert (Off(AmountOff(IDR(5_000)), Scope.LINE), "Potong") == (fixed.terms.benefit, fixed.terms.name)
    assert (at_least("lines", 2), IDR(10)) == (both.terms.conditions, both.terms.at_least)
    assert Off(Percent(100), Scope.SHIPPING) == freight.terms.benefit
    assert freight == again
    assert 3 == len(till.promotions.page().items)


def test_a_stopped_promotion_runs_again_when_it_is_put(till):
    """Stopping twice is stopping once."""
    made = till.promotions.percent("p", 10)
    stopped = till.promotions.stop(made)

    assert stopped == till.promotions.stop("p")
    assert [stopped] == list(till.promotions.page(active=False).items)
    assert till.promotions.percent("p", 10).active
    with pytest.raises(NotFound):
        till.promotions.stop("nope")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms("", Off(Percent(10))), ["name"]),
        (Terms("p", Off(Percent(0))), ["benefit.value.percent"]),
        (Terms("p", Off(Percent("100.1"))), ["benefit.value.percent"]),
        (Terms("p", Off(AmountOff(IDR(0))), cap=IDR(-5), currency="IDR"), ["benefit.value.amount", "cap"]),
        (Terms("p", Off(AmountOff(IDR(5))), cap=USD(5), currency="IDR"), ["cap"]),
        (Terms("p", Off(Percent(1)), usage_limit=0, per_customer=-1), ["usage_limit", "per_customer"]),
        (Terms("p", Off(Percent(1), Scope.SHIPPING, one_of("sku", "a"))), ["benefit.target"]),
        (Terms("p", Off(Percent(1), target=at_least("subtotal", 5))), ["benefit.target.fact"]),
        (Terms("p", Off(Percent(1)), conditions=at_least("skus", 5)), ["conditions"]),
        (Terms("p", Off(Percent(1)), zone="Mars/Base"), ["zone"]),
        (Terms("p", Off(Percent(1)), since=datetime(2026, 1, 1)), ["since"]),  # noqa: DTZ001
        (
            Terms(
                "p",
                Off(Percent(1)),
                since=datetime(2026, 1, 2, tzinfo=UTC),
                until=datetime(2026, 1, 2, tzinfo=UTC),
            ),
            ["until"],
        ),
    ],
)
def test_every_fault_of_terms_is_named(till, terms, expected):
    """Nothing is stored."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.put("p", terms)

    assert expected == paths(caught)
    assert [] == till.history("prm_p")


def test_a_float_is_no_percentage(till):
    """It has lost digits already."""
    with pytest.raises(NotExact):
        till.promotions.percent("p", 0.1)


def test_coupons_are_issued_stopped_and_issued_again(till):
    """Many codes for one promotion, each with limits of its own; a code stays with its promotion for ever."""
    promotion = till.promotions.percent("p", 10, coupon="first")
    other = till.promotions.percent("other", 10, coupon="another")
    made = till.promotions.issue(promotion, ["A-1", "a-2"], usage_limit=1, until=date(2026, 1, 31))

    assert ["A1", "A2"] == [coupon.code for coupon in made]
    assert made == till.promotions.issue("p", ["A-1", "a-2"], usage_limit=1, until=date(2026, 1, 31))
    assert 2 == till.promotions.issue("p", ["A-1"], usage_limit=2)[0].version
    stopped = till.promotions.stop_coupon("a-1")
    assert stopped == till.promotions.stop_coupon("A-1")
    assert till.promotions.issue("p", ["A-1"])[0].active
    with pytest.raises(CouponTaken):
        till.promotions.issue(other, ["A-1"])
    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue(other, ["b:c"], usage_limit=0)
    assert ["usage_limit", "coupon"] == paths(caught)
    for code in ("", " ", "x" * 65, "a\x00"):
        with pytest.raises(InvalidInput):
            till.promotions.issue(other, [code])
    with pytest.raises(InvalidInput):
        till.promotions.percent("?", 10)


# Steps


def test_a_book_holds_what_a_cart_needs(till, counter):
    """All lists of the currency that run, and the prices of the SKUs asked for."""
    till.prices.put("a", IDR(100))
    till.prices.put("b", IDR(200))
    till.prices.put("a", USD(1))
    till.prices.put_list("special", priority=1)
    till.prices.put("a", IDR(90), list="special")
    till.prices.put_list("old")
    till.prices.stop_list("old")

    book = till.do(lambda unit: pricing.book(unit, ["A", "x"]))
    dollars = till.do(lambda unit: pricing.book(unit, ["a"], "USD"))
    nothing = till.do(lambda unit: pricing.book(unit, ["a"], "EUR"))

    assert ["pls_idr", "pls_special"] == [each.id for each in book.lists]
    assert ["prc_pls_idr|a", "prc_pls_special|a"] == [price.id for price in book.prices]
    assert 1 == len(dollars.prices)
    assert ((), ()) == (nothing.lists, nothing.prices)
    assert 90 == counter.ask([counter.line("a")], book=book).total


def test_offers_hold_what_runs_and_what_was_asked_for(till, counter):
    """Automatic promotions, those of given coupons, and the uses of limited ones."""
    till.promotions.percent("auto", 10, usage_limit=5)
    till.promotions.percent("unasked", 10, coupon="ZZZ")
    till.promotions.percent("asked", 20, coupon="ABC", per_customer=2)
    till.promotions.issue("asked", ["ABC"], usage_limit=1, per_customer=1)
    till.promotions.stop(till.promotions.percent("gone", 10))

    offers = till.do(lambda unit: steps.running_promotions(unit, ["abc", "nope"], "cus_1"))
    guest = till.do(lambda unit: steps.running_promotions(unit, [" abc"]))

    assert ["prm_auto", "prm_asked"] == [each.id for each in (*offers.rules.promotions, *offers.given)]
    assert ["ABC"] == [coupon.code for coupon in offers.coupons]
    assert {"promo:prm_auto", "promo:prm_asked:cus_1", "coupon:ABC", "coupon:ABC:cus_1"} == set(offers.used)
    assert {"promo:prm_auto", "coupon:ABC"} == set(guest.used)
    unknown = till.do(lambda unit: steps.running_promotions(unit, ["nope"]))
    assert (["prm_auto"], ()) == ([each.id for each in unknown.rules.promotions], unknown.coupons)


def test_more_promotions_than_a_page_are_all_read(till):
    """Pages are the storage's business."""
    for n in range(PAGE + 1):
        till.promotions.percent(f"p{n}", 10)

    offers = till.do(lambda unit: steps.running_promotions(unit, []))

    assert PAGE + 1 == len(offers.rules.promotions)


RUPIAH = IDR(0).currency
USES = (PromotionUse("prm_p", "ABC", 1, 1, None, 2), PromotionUse("prm_q", "", None))


def counters(till):
    async def step(unit):
        names = ("promo:prm_p", "promo:prm_p:cus_1", "coupon:ABC", "coupon:ABC:cus_1", "promo:prm_q")
        return [await unit.counter(name) for name in names]

    return till.do(step)


def ledger(till):
    async def step(unit):
        return (await resolved(unit.work.ledger(LEDGER))).items

    return till.do(step)


def reserve(order, uses=USES, customer="cus_1"):
    return partial(_reserve, uses, customer, order)


async def _reserve(uses, customer, order, unit):
    await using.reserve_uses(unit, uses, customer, order, RUPIAH)


def release(order):
    return lambda unit: using.release_uses(unit, order)


def test_uses_are_reserved_once_and_given_back_once(till):
    """However often an order asks; unlimited ones are noted, and counted by nobody."""
    till.do(reserve("ord_1"))
    till.do(reserve("ord_1"))

    assert [1, 1, 0, 1, 0] == counters(till)
    assert 6 == len(ledger(till))  # the five of the promotions, and that the customer ordered
    till.do(release("ord_1"))
    till.do(release("ord_1"))
    till.do(release("ord_unknown"))
    assert [0, 0, 0, 0, 0] == counters(till)
    assert 0 == sum(entry.amount for entry in ledger(till))


def test_an_order_paid_late_reserves_anew(till):
    """What was given back may be taken again, and given back again."""
    for _ in range(2):
        till.do(reserve("ord_1"))
        assert [1, 1, 0, 1, 0] == counters(till)
        till.do(release("ord_1"))
        assert [0, 0, 0, 0, 0] == counters(till)


def test_the_last_use_goes_to_one_order(till):
    """The second is refused with the limit, and leaves nothing."""
    till.do(reserve("ord_1"))

    with pytest.raises(CouponExhausted) as caught:
        till.do(reserve("ord_2", customer="cus_2"))

    assert (1, False) == (caught.value.limit, caught.value.per_customer)
    assert [1, 1, 0, 1, 0] == counters(till)
    assert {"ord_1"} == {entry.refers_to for entry in ledger(till)}


def test_a_customers_limit_is_the_customers(till):
    """Another customer's use is another counter."""
    uses = (PromotionUse("prm_p", "", None, 1),)
    till.do(reserve("ord_1", uses))
    till.do(reserve("ord_2", uses, "cus_2"))

    with pytest.raises(PromotionExhausted) as caught:
        till.do(reserve("ord_3", uses))

    assert caught.value.per_customer
    with pytest.raises(CouponNeedsCustomer):
        till.do(reserve("ord_4", uses, ""))


# Lifecycles


@pytest.mark.parametrize(
    ("evolve", "event"),
    [
        (of_prices.evolve_price_list, PriceListStopped("pls_a")),
        (of_prices.evolve_price, PriceWithdrawn("prc_a", Price("prc_a", 1, "pls_idr", "a", UnitPrice(0, IDR)))),
        (of_promotions.evolve_promotion, PromotionStopped("prm_a")),
        (of_promotions.evolve_coupon, CouponStopped("cpn_a")),
    ],
)
def test_nothing_begins_with_its_end(evolve, event):
    """A history starts with a put."""
    with pytest.raises(TypeError):
        evolve(None, event)


def test_a_minimum_of_another_currency_is_refused(till):
    """Ten dollars are not 1,000 rupiah: as bare minor units the minimum would be met by nearly every cart."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.fixed("hemat", IDR(5_000), at_least=USD("10"))

    assert [("at_least", "pricing.currency")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_terms_are_exact_and_fit_what_keeps_them(till):
    """A float is no percentage; what no counter could hold would refuse every order with that coupon."""
    for percent in (10.5, Decimal("NaN"), "ten"):
        with pytest.raises(NotExact):
            Percent(percent)
    assert Decimal(10) == Percent("10").percent

    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("p", 10, per_customer=1.5, priority=0.5)
    assert ["per_customer", "priority"] == paths(caught)
    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("p", 10, usage_limit=10**30, name="a\x01b")
    assert ["name", "usage_limit"] == paths(caught)


@pytest.mark.parametrize("code", ["prm_x", "PLS_x"])
def test_a_code_does_not_look_like_an_id(till, code):
    """`get("prm_x")` means the promotion of that id, so none may have it as its code."""
    with pytest.raises(InvalidInput):
        till.promotions.percent(code, 5)
    with pytest.raises(InvalidInput):
        till.prices.put_list(code)


def test_a_page_holds_at_most_the_limit(till):
    """As many as were asked for, if so many may be; less than one is no page, and is said."""
    till.promotions.percent("a", 5, coupon="A")
    till.promotions.percent("b", 5)
    till.prices.put("a", IDR(5))

    assert [1, 2, 2] == [len(till.promotions.page(limit=limit).items) for limit in (1, 2, 10**30)]
    for page in (till.promotions.page, till.prices.page, partial(till.promotions.coupons, "a")):
        for limit in (0, -5, -(10**5000)):
            with pytest.raises(InvalidInput, match="must be 1 or more @ limit"):
                page(limit=limit)


def test_every_fault_has_a_code_of_its_room(till):
    """A host translates them by code."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("p", 101, usage_limit=0, since=date(2026, 2, 2), until=date(2026, 1, 1))

    assert ["pricing.range", "pricing.not_positive", "pricing.order"] == [fault.code for fault in caught.value.faults]


def test_a_bare_number_is_no_price(till):
    """75,000 of what? The hint shows how to say it."""
    with pytest.raises(NotMoney) as caught:
        till.prices.put("a", 75_000)
    assert "IDR(75_000)" in caught.value.hint
    with pytest.raises(NotMoney):
        till.prices.put_many({"a": IDR(1), "b": 2})
    assert () == till.prices.page(list="idr").items


@pytest.mark.parametrize(
    ("name", "put"),
    [
        ("amount", lambda till: till.promotions.fixed("p", 10_000)),
        ("cap", lambda till: till.promotions.percent("p", 10, cap=20_000)),
        ("at_least", lambda till: till.promotions.percent("p", 10, at_least=100_000)),
        ("tiers[10]", lambda till: till.prices.put("a", IDR(1), tiers={10: 70_000})),
        ("compare_at", lambda till: till.prices.put("a", IDR(1), compare_at=90_000)),
        ("cap", lambda till: Terms("p", Off(Percent(5)), cap=20_000)),
    ],
)
def test_a_bare_number_is_no_amount(till, name, put):
    """Minor units or major, of which currency? It names the argument, and nothing is stored."""
    with pytest.raises(NotMoney) as caught:
        put(till)

    assert name == caught.value.name
    assert () == till.promotions.page().items
    assert [] == till.history("pls_idr")


def test_a_price_of_a_unit_is_no_amount_off(till):
    """A discount is money that changes hands, and never finer than the smallest coin."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.fixed("p", UnitPrice.of(IDR(5)))

    assert [("amount", "kernel.wrong_type")] == [(fault.path, fault.code) for fault in caught.value.faults]
    assert () == till.promotions.page().items


def test_a_minimum_is_more_than_nothing(till):
    """A minimum of nothing would be a promotion for everybody."""
    for least in (IDR(0), -IDR(5)):
        with pytest.raises(InvalidInput) as caught:
            till.promotions.percent("p", 10, at_least=least)
        assert ["at_least"] == paths(caught)


def test_two_tiers_cannot_start_at_one_quantity(till):
    """10 and 10.0 are the same; which price would hold?"""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put("a", IDR(3), tiers={"10": IDR(2), "10.0": IDR(1)})

    assert [("tiers[10.0]", "pricing.repeated")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_promotion_that_applies_by_itself_takes_no_coupons(till):
    """Its codes would be unknown to every cart."""
    till.promotions.percent("auto", 5)

    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue("auto", ["HEMAT"])

    assert ["promotion"] == paths(caught)
    assert () == till.promotions.coupons("auto").items


@pytest.mark.parametrize("command", ["coupons", "get", "stop"])
def test_a_promotion_that_is_none_is_told(till, command):
    """No coupons of a misspelt promotion is no answer."""
    with pytest.raises(NotFound, match="no promotion 'prm_typo'"):
        getattr(till.promotions, command)("typo")
    with pytest.raises(InvalidInput, match=r"@ promotion$"):
        getattr(till.promotions, command)("")


@pytest.mark.parametrize("code", ["", " - ", "A:B", "x" * 70])
def test_what_is_no_coupon_code_is_not_looked_for(till, code):
    """The fault names what was typed, and not an id that nobody wrote."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.stop_coupon(code)

    assert [("code", "pricing.code")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_goods_of_a_set_are_named_once_each(till):
    """Two spellings of one SKU would be two parts of it; an empty one would be of nothing."""
    with pytest.raises(InvalidSku, match="is empty"):
        till.promotions.together("set", {"": 1, "B": 1}, Percent(10))
    with pytest.raises(InvalidInput) as caught:
        till.promotions.together("set", {"A": 1, " a": 2, "B": 1}, Percent(10))
    with pytest.raises(InvalidSku, match="is empty"):
        till.promotions.gift("hadiah", " ")

    assert ["skus[ a]"] == paths(caught)
    assert () == till.promotions.page().items


def test_uses_are_remembered_beyond_a_page_of_the_ledger(till):
    """An order that expired and was paid late five hundred times still gives back what it has, once."""
    for _ in range(501):
        till.do(lambda unit: using.reserve_uses(unit, USES[:1], "cus_1", "ord_1", RUPIAH))
        till.do(lambda unit: using.release_uses(unit, "ord_1"))
    till.do(lambda unit: using.reserve_uses(unit, USES[:1], "cus_1", "ord_1", RUPIAH))

    assert 1 == till.do(lambda unit: unit.counter("promo:prm_p"))


def test_a_stopped_default_list_takes_no_price_without_a_word(till):
    """Its prices would count nowhere; named, it may be filled before it runs again."""
    till.prices.put("a", IDR(5))
    till.prices.stop_list("idr")

    for put in (lambda: till.prices.put("a", IDR(6)), lambda: till.prices.put_many({"a": IDR(6)})):
        with pytest.raises(InvalidInput, match="list idr was stopped; put_list"):
            put()
    till.prices.put("a", IDR(7), list="idr")
    till.prices.put_list("idr")
    assert UnitPrice.of(IDR(7)) == till.prices.get("a").price


def test_codes_that_are_one_as_compared_make_one_coupon(till):
    """Whoever types them means the same; what an iterator yields is looked at too."""
    till.promotions.percent("hemat", 10, coupon="HEMAT")

    assert ["QQ", "RR"] == [each.code for each in till.promotions.issue("hemat", iter(["QQ", "qq", "rr"]))]
    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue("hemat", iter(["x", 1]))
    assert ["codes[1]"] == paths(caught)


def test_a_promotion_names_skus_as_people_write_them(till):
    """In conditions, targets and the parts of a combination, however deep; they are kept as goods are compared."""
    written = one_of("sku", "KOPI-250", "Teh") & ~equal("sku", "ＣＡＮＧＫＩＲ")
    kept = one_of("sku", "kopi-250", "teh") & ~equal("sku", "cangkir")

    off = till.promotions.percent(
        "p", 10, target=written, conditions=overlaps("skus", "KOPI-250") | at_least("lines", 3)
    )
    pairs = till.promotions.buy_get("b", 1, 1, of=written)
    tiers = till.promotions.tiers("t", {3: Percent(5)}, target=written)

    assert (kept, overlaps("skus", "kopi-250") | at_least("lines", 3)) == (
        off.terms.benefit.target,
        off.terms.conditions,
    )
    assert [kept, kept] == [part.which for part in pairs.terms.benefit.parts]
    assert kept == tiers.terms.benefit.target
    assert off == till.promotions.put("p", off.terms)
