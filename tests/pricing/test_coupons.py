"""Coupons: what each that gives nothing is answered, as a problem in the cart and as an error at the till."""

from datetime import timedelta

import attrs
import pytest

from tokolib.conditions import at_least, one_of
from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.money import IDR, LARGEST, USD
from tokolib.pricing import coupon_errors, errors
from tokolib.pricing.lost import Lost, Why
from tokolib.pricing.problems import error, refuse, refused_coupon
from tokolib.pricing.promotions.benefits import AmountOff, Off, Scope
from tokolib.pricing.promotions.giving.candidates import Refusal
from tokolib.pricing.promotions.model import PromotionUse, Spending
from tokolib.pricing.promotions.uses import Claim, Counted, claims
from tokolib.pricing.wording import WORDING

DAY = timedelta(days=1)


def told(error):
    """Errors compare by identity; what they tell is their problem document."""
    return error.problem()


def test_a_valid_coupon_is_no_problem(counter):
    """It gives its discount, and its use is to be reserved."""
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[promotion],
        issued=[counter.coupon("ABC", promotion)],
        coupons=["abc", "ABC"],
    )

    assert (90, ()) == (priced.total, priced.problems)
    assert (PromotionUse(promotion.id, "ABC"),) == priced.uses
    assert "pricing.coupon_discount" in [each.code for each in priced.reason.walk()]
    refuse(priced)


def test_without_its_coupon_a_promotion_keeps_silent(counter):
    """Nobody asked for it, so nobody hears of it."""
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True)

    priced = counter.ask([counter.line("a")], prices={"a": 100}, promotions=[promotion])

    assert (100, (), ()) == (priced.total, priced.lost, priced.problems)


NOW_CASES = {
    "stopped": ({}, {"active": False}, coupon_errors.CouponStopped("ABC")),
    "promotion not yet": ({"since": DAY}, {}, coupon_errors.CouponNotYet("ABC", "2026-02-01T05:00:00+00:00")),
    "promotion over": ({"until": -DAY}, {}, coupon_errors.CouponExpired("ABC", "2026-01-30T05:00:00+00:00")),
    "over to the second": ({"until": 0 * DAY}, {}, coupon_errors.CouponExpired("ABC", "2026-01-31T05:00:00+00:00")),
    "coupon not yet": ({}, {"since": DAY}, coupon_errors.CouponNotYet("ABC", "2026-02-01T05:00:00+00:00")),
    "coupon over": ({}, {"until": -DAY}, coupon_errors.CouponExpired("ABC", "2026-01-30T05:00:00+00:00")),
    "promotion exhausted": ({"usage_limit": 3}, {}, coupon_errors.CouponExhausted("ABC", 3, per_customer=False)),
    "coupon exhausted": ({}, {"usage_limit": 2}, coupon_errors.CouponExhausted("ABC", 2, per_customer=False)),
    "customer's uses": ({"per_customer": 1}, {}, coupon_errors.CouponExhausted("ABC", 1, per_customer=True)),
    "customer's uses of the code": (
        {},
        {"per_customer": 1},
        coupon_errors.CouponExhausted("ABC", 1, per_customer=True),
    ),
    "units": ({"unit_limit": 7}, {}, coupon_errors.CouponExhausted("ABC", 7, per_customer=False, units=True)),
    "customer's units": (
        {"units_per_customer": 2},
        {},
        coupon_errors.CouponExhausted("ABC", 2, per_customer=True, units=True),
    ),
    "conditions": (
        {"conditions": at_least("subtotal", 1_000)},
        {},
        coupon_errors.CouponConditionsUnmet("ABC", ("conditions.at_least.subtotal",)),
    ),
    "currency": (
        {"benefit": Off(AmountOff(USD(1))), "currency": "USD"},
        {},
        coupon_errors.CouponOtherCurrency("ABC", "USD"),
    ),
    "no target": (
        {"benefit": Off(AmountOff(IDR(10)), target=one_of("sku", "b"))},
        {},
        coupon_errors.CouponWithoutEffect("ABC"),
    ),
    "no shipping": ({"benefit": Off(AmountOff(IDR(10)), Scope.SHIPPING)}, {}, coupon_errors.CouponWithoutEffect("ABC")),
}


def dated(values, now):
    return {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}


@pytest.mark.parametrize(("terms", "coupon", "expected"), NOW_CASES.values(), ids=NOW_CASES)
def test_a_coupon_that_gives_nothing_says_why(counter, terms, coupon, expected):
    """A problem in the cart, never silence; the till raises the same as a typed error."""
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True)
    promotion = attrs.evolve(promotion, terms=attrs.evolve(promotion.terms, **dated(terms, counter.now)))
    issued = attrs.evolve(counter.coupon("ABC", promotion), **dated(coupon, counter.now))

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[promotion],
        issued=[issued],
        coupons=["abc"],
        used={
            "promo:prm_p": 3,
            "coupon:ABC": 2,
            "promo:prm_p:cus_1": 1,
            "coupon:ABC:cus_1": 1,
            "units:prm_p": 7,
            "units:prm_p:cus_1": 2,
        },
        facts={"customer": "cus_1"},
    )

    (problem,) = priced.problems
    assert (100, expected.code, "ABC") == (priced.total, problem.code, problem.coupon)
    assert told(expected) == told(error(problem, "IDR"))
    assert ("ABC",) == tuple(each.coupon for each in priced.lost)
    with pytest.raises(type(expected)):
        refuse(priced)


def test_limits_that_are_not_reached_let_the_coupon_apply(counter):
    """One use of each is left."""
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True, usage_limit=4, per_customer=2)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[promotion],
        issued=[counter.coupon("ABC", promotion, usage_limit=3, per_customer=2)],
        coupons=["abc"],
        used={"promo:prm_p": 3, "coupon:ABC": 2, "promo:prm_p:cus_1": 1, "coupon:ABC:cus_1": 1},
        facts={"customer": "cus_1"},
    )

    assert 90 == priced.total


def test_an_unknown_code_is_told(counter):
    """So is one whose promotion is gone; one whose promotion applies by itself is told as not needed."""
    automatic = counter.promotion("p", amount=IDR(10))
    gone = counter.promotion("gone", amount=IDR(10), by_coupon=True)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[automatic],
        issued=[counter.coupon("AUTO", automatic), counter.coupon("GONE", gone)],
        coupons=["auto", "gone", "nope"],
    )

    assert 90 == priced.total
    expected = [
        coupon_errors.CouponNotNeeded("AUTO"),
        coupon_errors.CouponUnknown("GONE"),
        coupon_errors.CouponUnknown("NOPE"),
    ]
    assert list(map(told, expected)) == [told(error(problem, "IDR")) for problem in priced.problems]


def test_a_limit_for_each_customer_needs_one(counter):
    """A guest is asked to say who they are."""
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True, per_customer=1)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[promotion],
        issued=[counter.coupon("ABC", promotion)],
        coupons=["abc"],
    )

    with pytest.raises(coupon_errors.CouponNeedsCustomer):
        refuse(priced)


def test_two_coupons_of_one_promotion_count_once(counter):
    """The first by code is used; the other names it."""
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[promotion],
        issued=[counter.coupon("A", promotion), counter.coupon("B", promotion)],
        coupons=["b", "a"],
    )

    assert 90 == priced.total
    (problem,) = priced.problems
    assert told(coupon_errors.CouponNotCombinable("B", "A")) == told(error(problem, "IDR"))


def test_a_coupon_that_loses_to_an_exclusive_promotion_is_told(counter):
    """It names the winner."""
    alone = counter.promotion("alone", percent=50, exclusive=True, priority=1)
    promotion = counter.promotion("p", amount=IDR(10), by_coupon=True)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[alone, promotion],
        issued=[counter.coupon("A", promotion)],
        coupons=["a"],
    )

    (problem,) = priced.problems
    assert told(coupon_errors.CouponNotCombinable("A", "alone")) == told(error(problem, "IDR"))


def test_a_missing_price_is_raised_before_a_coupon(counter):
    """What blocks comes first."""
    priced = counter.ask([counter.line("a")], coupons=["nope"])

    with pytest.raises(errors.NoPrice) as caught:
        refuse(priced)

    assert (("a",), ("a",), "IDR") == (caught.value.skus, caught.value.lines, caught.value.currency)


def test_dates_need_to_know_what_time_it_is(counter):
    """Without `now` a dated promotion waits; a naive one is refused."""
    promotion = counter.promotion("p", amount=IDR(10), since=counter.now - DAY)

    unknown = counter.ask([counter.line("a")], prices={"a": 100}, promotions=[promotion], facts={"now": "?"})

    assert [Why.NO_CLOCK] == [each.lost.why for each in unknown.lost]
    with pytest.raises(NaiveDatetime):
        counter.ask(
            [counter.line("a")],
            prices={"a": 100},
            promotions=[promotion],
            facts={"now": counter.now.replace(tzinfo=None)},
        )


def test_dates_are_told_in_the_zone_in_which_they_were_meant(counter):
    """A promotion's terms name it; a coupon's dates are the shop's."""
    over = counter.now - DAY
    terms = counter.promotion("p", amount=IDR(10), by_coupon=True, until=over, zone="Asia/Makassar")
    running = counter.promotion("q", amount=IDR(10), by_coupon=True, zone="Asia/Makassar")

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 100},
        promotions=[terms, running],
        issued=[counter.coupon("A", terms), counter.coupon("B", running, until=over)],
        coupons=["A", "B"],
    )

    assert {"A": {"at": over, "time_zone": "Asia/Makassar"}, "B": {"at": over, "time_zone": "Asia/Jakarta"}} == {
        each.coupon: each.lost.values for each in priced.problems
    }


def test_an_automatic_promotion_out_of_its_time_keeps_silent(counter):
    """It wasn't promised to anybody today; one within its time applies."""
    over = counter.promotion("over", amount=IDR(10), until=counter.now)
    running = counter.promotion("running", amount=IDR(10), since=counter.now, until=counter.now + DAY)

    priced = counter.ask([counter.line("a")], prices={"a": 100}, promotions=[over, running])

    assert (90, ()) == (priced.total, priced.lost)


def test_uses_claim_their_counters_in_one_order():
    """By name, so that two orders never wait for each other; unlimited ones are recorded, not counted."""
    uses = (PromotionUse("prm_b", "Z", 5, 1, 9, 2), PromotionUse("prm_a", ""), PromotionUse("prm_c", "Y"))

    assert (
        Claim("coupon:Y", None, 1, Counted.COUPON, "Y"),
        Claim("coupon:Z", 9, 1, Counted.COUPON, "Z"),
        Claim("coupon:Z:cus", 2, 1, Counted.COUPON, "Z", "cus"),
        Claim("orders:cus", LARGEST, 1, Counted.ORDERS, "cus"),
        Claim("promo:prm_a", None, 1, Counted.PROMOTION, "a"),
        Claim("promo:prm_b", 5, 1, Counted.COUPON, "Z"),
        Claim("promo:prm_b:cus", 1, 1, Counted.COUPON, "Z", "cus"),
        Claim("promo:prm_c", None, 1, Counted.COUPON, "Y"),
    ) == claims(uses, "cus")


def test_of_two_promotions_with_one_budget_the_smaller_limit_holds():
    """The campaign is one, however its name is written: what both take is one claim."""
    uses = [
        PromotionUse(f"prm_{code}", "", spending=(Spending(campaign, "", "IDR", 400, limit),))
        for code, campaign, limit in (("a", "Maret", 1_000), ("b", "maret ", 2_000))
    ]

    assert [("budget:maret:IDR", 1_000, 800)] == [
        (claim.account, claim.limit, claim.amount) for claim in claims(uses, "") if claim.of is Counted.BUDGET
    ]


def test_every_reason_has_words_in_both_languages(counter):
    """Each way of losing, each problem, and each code of a reason."""
    assert set(WORDING["id"]) == set(WORDING["en"])
    assert {f"pricing.why.{why}" for why in Why} <= set(WORDING["id"])
    found = {refused_coupon(Refusal("ABC", Lost("p", why, "1"))).code for why in Why}
    assert {*found, errors.NoPrice.code} <= set(WORDING["id"])


@pytest.mark.parametrize(("limit", "times"), [(1, "once in all"), (3, "3 times in all")])
def test_a_limit_is_told_in_words(limit, times):
    """One use is not "1 times"."""
    assert f"coupon A was used {times}, and may not be used again" == str(
        coupon_errors.CouponExhausted("A", limit, False)
    )
