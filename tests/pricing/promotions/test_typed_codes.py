"""What people type for a coupon: which of it counts, and when another alphabet's letters are read as ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.codes.lookalikes import is_mixed
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.errors import InvalidInput
from tokolib.pricing.coupon_errors import CouponLookalike
from tokolib.pricing.problems import error


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("hemat-10", "HEMAT10"),
        (" Hemat 10\n", "HEMAT10"),
        ("HEMAT–10", "HEMAT10"),  # an en dash, from a text processor
        ("he\u00admat\u200b10", "HEMAT10"),  # a soft hyphen and a zero-width space, pasted from a chat
        ("ＨＥＭＡＴ－１０", "HEMAT10"),
        ("НЕМАТ10", "HEMAT10"),  # all five letters Cyrillic
        ("НEMAT10", "HEMAT10"),  # the first one Cyrillic
        ("нemat10", "HEMAT10"),
        ("ΗΜΕΡΑ", "ΗΜΕΡΑ"),  # Greek as a whole: Η and Μ have small letters that look like others
        ("СКИДКА", "СКИДКА"),
        ("CKИДKA", "СКИДКА"),  # C, K and A Latin
        ("скидка", "СКИДКА"),
        ("双11SALE", "双11SALE"),
        ("straße", "STRASSE"),
        ("x" * 300, "X" * 65),  # what is too long stays too long
        ("", ""),
    ],
)
def test_a_code_is_read_in_one_alphabet(typed, code):
    """Blanks, hyphens, width and case don't count; look-alikes are letters of the alphabet that all can be of."""
    assert code == typed_code(typed)
    assert not is_mixed(code)


@pytest.mark.parametrize("typed", ["GRATIS-Ж", "ΗEMAT", "νEU", "ЖΩ"])
def test_what_can_be_read_in_no_alphabet_is_told(counter, typed):
    """A problem of its own, with words: whoever sees the code can't see what is wrong with it."""
    priced = counter.ask([counter.line("a")], prices={"a": 100}, coupons=[typed])

    [problem] = priced.problems
    assert CouponLookalike.code == problem.code
    assert isinstance(error(problem, "IDR"), CouponLookalike)


def test_no_such_code_is_issued(till):
    """Nobody could type it."""
    till.promotions.percent("p", 10, coupon="SAPA")

    with pytest.raises(InvalidInput) as caught:
        till.promotions.issue("p", ["GRATISЖ"])

    assert [CouponLookalike.code] == [fault.code for fault in caught.value.faults]


def test_two_codes_that_look_alike_are_one(till):
    """A Cyrillic twin of a code finds the code."""
    till.promotions.percent("p", 10, coupon="ТЕХАС")

    assert ["TEXAC"] == [coupon.code for coupon in till.promotions.coupons("p").items]
    assert till.promotions.stop_coupon("texac").code == "TEXAC"


LETTERS = "ABCEHKMOPTXYZabcehkmoptxyzАВЕКМНОРСТУХавекмнорстухЖИΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεζηικμνορτυχΩ019- \u200bß双é"


@given(st.text(LETTERS, max_size=12) | st.text(max_size=12))
def test_a_code_is_its_own_code(typed):
    """Reading what was read changes nothing, and neither does its case."""
    code = typed_code(typed)

    assert code == typed_code(code)
    assert code == typed_code(code.lower())


@given(st.text(LETTERS, max_size=12))
def test_case_never_decides_the_alphabet(typed):
    """Capitals or small letters: the same code, or the same refusal."""
    assert typed_code(typed.upper()) == typed_code(typed.lower()) == typed_code(typed)
