"""The door `promotions`: what is put is what counts, once, and faults leave nothing behind."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tokolib.catalog.errors import InvalidSku
from tokolib.conditions import at_least, equal, one_of, overlaps
from tokolib.kernel.errors import InvalidInput, NotFound
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.unit import PAGE
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.coupon_errors import CouponTaken
from tokolib.pricing.promotions import steps
from tokolib.pricing.promotions.benefits import AmountOff, Off, Percent, Scope
from tokolib.pricing.promotions.model import Terms


def paths(caught):
    return [fault.path for fault in caught.value.faults]


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


def test_a_date_that_is_text_is_refused(till):
    """Passed over, the promotion would run for ever."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("lebaran", 10, until="2025-04-30")

    assert ["until"] == paths(caught)
    with pytest.raises(NotFound):
        till.promotions.get("lebaran")


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


PATHS_OF_NAMES = ["name", "lane", "combines_with[1]"]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms("", Off(Percent(10))), ["name"]),
        (Terms(" \u3000", Off(Percent(10)), lane=" ", combines_with=("", "x" * 999)), PATHS_OF_NAMES),
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


def test_every_fault_has_a_code_of_its_room(till):
    """A host translates them by code."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("p", 101, usage_limit=0, since=date(2026, 2, 2), until=date(2026, 1, 1))

    assert ["pricing.range", "pricing.not_positive", "pricing.order"] == [fault.code for fault in caught.value.faults]


def test_a_float_is_no_percentage(till):
    """It has lost digits already."""
    with pytest.raises(NotExact):
        till.promotions.percent("p", 0.1)


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


def test_a_minimum_of_another_currency_is_refused(till):
    """Ten dollars are not 1,000 rupiah: as bare minor units the minimum would be met by nearly every cart."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.fixed("hemat", IDR(5_000), at_least=USD("10"))

    assert [("at_least", "pricing.currency")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_minimum_is_more_than_nothing(till):
    """A minimum of nothing would be a promotion for everybody."""
    for least in (IDR(0), -IDR(5)):
        with pytest.raises(InvalidInput) as caught:
            till.promotions.percent("p", 10, at_least=least)
        assert ["at_least"] == paths(caught)


def test_a_price_of_a_unit_is_no_amount_off(till):
    """A discount is money that changes hands, and never finer than the smallest coin."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.fixed("p", UnitPrice.of(IDR(5)))

    assert [("amount", "kernel.wrong_type")] == [(fault.path, fault.code) for fault in caught.value.faults]
    assert () == till.promotions.page().items


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


@pytest.mark.parametrize("command", ["coupons", "get", "stop"])
def test_a_promotion_that_is_none_is_told(till, command):
    """No coupons of a misspelt promotion is no answer."""
    with pytest.raises(NotFound, match="no promotion 'prm_typo'"):
        getattr(till.promotions, command)("typo")
    with pytest.raises(InvalidInput, match=r"@ promotion$"):
        getattr(till.promotions, command)("")


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
    assert ["codes[0]", "usage_limit"] == paths(caught)
    for code in ("", " ", "x" * 65, "a\x00"):
        with pytest.raises(InvalidInput):
            till.promotions.issue(other, [code])
    with pytest.raises(InvalidInput):
        till.promotions.percent("?", 10)


def test_codes_that_are_one_as_compared_make_one_coupon(till):
    """Whoever types them means the same; what an iterator yields is looked at too."""
    till.promotions.percent("hemat", 10, coupon="HEMAT")

    assert ["QQ", "RR"] == [each.code for each in till.promotions.issue("hemat", iter(["QQ", "qq", "rr"]))]
    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue("hemat", iter(["x", 1]))
    assert ["codes[1]"] == paths(caught)


def test_a_promotion_that_applies_by_itself_takes_no_coupons(till):
    """Its codes would be unknown to every cart."""
    till.promotions.percent("auto", 5)

    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue("auto", ["HEMAT"])

    assert ["promotion"] == paths(caught)
    assert () == till.promotions.coupons("auto").items


@pytest.mark.parametrize("code", ["", " - ", "A:B", "x" * 70])
def test_what_is_no_coupon_code_is_not_looked_for(till, code):
    """The fault names what was typed, and not an id that nobody wrote."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.stop_coupon(code)

    assert [("code", "pricing.code")] == [(fault.path, fault.code) for fault in caught.value.faults]


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


def test_every_fault_of_codes_and_limits_is_named_at_once(till):
    """With the place of each code in what was given; nothing is stored."""
    till.promotions.percent("hemat", 10, coupon="HEMAT")
    codes = ["OK1", "", "A:B", "ok1", "ЯQ"]

    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue(
            "hemat", iter(codes), usage_limit=0, per_customer=-1, since=date(2026, 2, 1), until=date(2026, 1, 1)
        )

    places = ["codes[1]", "codes[2]", "codes[4]"]
    assert [*places, "usage_limit", "per_customer", "until"] == paths(caught)
    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue("hemat", iter(["OK1", 7]))
    assert ["codes[1]"] == paths(caught)
    assert ["HEMAT"] == [each.code for each in till.promotions.coupons("hemat").items]


def test_an_amount_without_a_currency_beside_it_is_told_which_to_say(till):
    """Terms name the currency of all amounts in them."""
    with pytest.raises(InvalidInput, match=r'say currency="IDR" with it @ benefit\.value\.amount'):
        till.promotions.put("p", Terms("p", Off(AmountOff(IDR(5)))))


def test_a_step_beyond_every_cart_is_refused(till):
    """As every other number that nobody can reach."""
    with pytest.raises(InvalidInput, match=r"must begin at a whole number from 0 to 10\^15"):
        till.promotions.tiers("p", {10**30: Percent(5)})
    assert till.promotions.tiers("p", {10**15: Percent(5)}).active
