"""Codes made in bulk: nobody can guess one, a typing error shows at once, and what was begun is gone on with."""

import string
from collections import Counter as Tally

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.codes.drawing import LONGEST_CHECKED, PLACES, READABLE
from tokolib.kernel.errors import InvalidInput, KeyReused, NotFound
from tokolib.kernel.storage_errors import StorageError
from tokolib.pricing.coupon_errors import CouponForged, CouponMistyped
from tokolib.pricing.promotions.codes.bulk import (
    BITS,
    SIGNATURE,
    check_code,
    make_code,
    verify_code,
)

KEY = b"sixteen bytes or more"

lucks = st.text(string.ascii_letters, min_size=20, max_size=20)
prefixes = st.text(PLACES, max_size=10)


def made(prefix, luck, key=None):
    """The first code that comes of *luck*: about one in three has no readable check, and is drawn again."""
    while (code := make_code(prefix, 12, luck, key)) is None:
        luck += "."
    return code


codes = st.builds(made, prefixes, lucks, st.sampled_from([None, KEY]))


def test_a_code_cannot_be_guessed():
    """The shortest random part is worth more than fifty bits, and every character is as likely as any other."""
    tally = Tally(character for n in range(4_000) for character in (make_code("", 12, str(n), None) or "")[:-1])

    assert BITS > 50
    assert set(READABLE) == set(tally)
    assert max(tally.values()) < 1.2 * min(tally.values())


def test_its_characters_are_like_no_others():
    """Of each group that people take for one another there is at most one."""
    for alike in ("0ODQ", "1IL", "2Z", "5S", "6G", "8B", "UV"):
        assert sum(each in READABLE for each in alike) <= 1
    assert 23 == len(set(READABLE))


@given(codes)
def test_what_was_made_is_right_however_it_is_typed(code):
    """In small letters, in groups with hyphens or blanks, in full width."""
    grouped = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)

    assert [code] * 4 == [check_code(each) for each in (code, grouped.lower(), grouped.replace("-", " "), wide)]


@given(codes, st.data())
def test_every_single_wrong_character_is_found(code, data):
    """Wherever it is, in the prefix too, and whatever was typed instead."""
    at = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([each for each in PLACES if each != code[at]]))

    with pytest.raises(CouponMistyped):
        check_code(code[:at] + wrong + code[at + 1 :])


@given(codes, st.data())
def test_every_swap_of_two_characters_is_found(code, data):
    """Next to each other or not."""
    first = data.draw(st.integers(0, len(code) - 2))
    second = data.draw(st.integers(first + 1, len(code) - 1))
    swapped = [*code]
    swapped[first], swapped[second] = swapped[second], swapped[first]
    if code == "".join(swapped):
        return

    with pytest.raises(CouponMistyped):
        check_code("".join(swapped))


@pytest.mark.parametrize("code", ["", "A", "É" * 12, "A" * (LONGEST_CHECKED + 1), "НЕМАТ-ДЖ"])
def test_what_no_batch_has_is_mistyped(code):
    """Too short, too long, or of other characters."""
    with pytest.raises(CouponMistyped):
        check_code(code)


@given(prefixes, lucks)
def test_a_signature_is_known_without_the_shop(prefix, luck):
    """With the key it is told from codes of another key, of none, and from invented ones that pass the check."""
    code = made(prefix, luck, KEY)

    assert code == verify_code(code.lower(), KEY)
    with pytest.raises(CouponForged):
        verify_code(code, b"another key of the host")
    with pytest.raises(CouponForged):
        verify_code(made(prefix, luck), KEY)


def coupon_promotion(till):
    return till.promotions.percent("lebaran", 10, coupon="BERSAMA")


@pytest.mark.parametrize("code", [None, 7, b"ABC", ["ABC"]])
def test_what_is_no_text_is_no_code(code):
    """Told apart from a code that was mistyped."""
    with pytest.raises(InvalidInput, match="must be text @ code"):
        check_code(code)


@pytest.mark.parametrize("key", [None, "sixteen bytes or more", b"short"])
def test_a_key_that_signs_nothing_is_refused(key):
    """A code isn't called forged for it."""
    with pytest.raises(InvalidInput, match="at least 16 bytes that nobody can guess @ key"):
        verify_code(made("", "a" * 20, KEY), key)


def test_ten_thousand_codes(till):
    """They are all different, all there, each good for one order, and none of them mistyped."""
    promotion = coupon_promotion(till)

    found = till.promotions.generate(promotion, 10_000, prefix="thr-")

    assert 10_000 == len(set(found))
    assert found[0] == check_code(found[0])
    assert found[0].startswith("THR")
    page = till.promotions.coupons(promotion, limit=200)
    assert {1, None} == {coupon.usage_limit for coupon in page.items}
    assert set(found) >= {coupon.code for coupon in page.items if coupon.code != "BERSAMA"}


def test_the_same_key_answers_the_same_codes(till):
    """Once made, they are made; and another order under the same key is refused."""
    promotion = coupon_promotion(till)
    first = till.promotions.generate(promotion, 1_200, key="flyer", secret=KEY)

    again = till.promotions.generate(promotion, 1_200, key="flyer", secret=KEY)

    assert first == again
    assert first[0] == verify_code(first[0], KEY)
    for count, secret in ((1_201, KEY), (1_200, None)):
        with pytest.raises(KeyReused):
            till.promotions.generate(promotion, count, key="flyer", secret=secret)
    with pytest.raises(InvalidInput, match="@ key"):
        till.promotions.generate(promotion, 1, key="")


def test_what_broke_off_is_gone_on_with(till, monkeypatch):
    """The transactions before the failure stand; the same call makes the rest, and no code twice."""
    promotion = coupon_promotion(till)
    write, calls = type(till.work).write, []

    async def failing(work, permission, step):
        calls.append(permission)
        if len(calls) == 3:
            raise StorageError("the cable")
        return await write(work, permission, step)

    with monkeypatch.context() as patch:
        patch.setattr(type(till.work), "write", failing)
        with pytest.raises(StorageError):
            till.promotions.generate(promotion, 1_300, key="flyer")
    before = counted(till, promotion)

    found = till.promotions.generate(promotion, 1_300, key="flyer")

    assert (1_000, 1_300, 1_300) == (before, len(set(found)), counted(till, promotion))


def counted(till, promotion):
    """The coupons of a promotion, but for the one that it was made with."""
    total, after = -1, None
    while True:
        page = till.promotions.coupons(promotion, after=after, limit=200)
        total += len(page.items)
        if (after := page.after) is None:
            return total


def test_a_code_that_is_taken_is_drawn_again(till, monkeypatch):
    """Luck that repeats itself makes no coupon twice."""
    promotion = coupon_promotion(till)
    lucks = iter([*(str(n) for n in range(40)), *(str(n) for n in range(200))])
    monkeypatch.setattr(type(till.work.ids), "secret", lambda self: next(lucks))

    first = till.promotions.generate(promotion, 10)
    second = till.promotions.generate(promotion, 10)

    assert 20 == len({*first, *second})


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({"count": 0}, "count"),
        ({"count": 100_001}, "count"),
        ({"count": 1, "prefix": "DISKON!"}, "prefix"),
        ({"count": 1, "prefix": "X" * 24}, "prefix"),
        ({"count": 1, "length": 11}, "length"),
        ({"count": 1, "length": 36}, "length"),
        ({"count": 1, "length": 35 - SIGNATURE + 1, "secret": KEY}, "length"),
        ({"count": 1, "secret": b"short"}, "secret"),
    ],
)
def test_an_order_that_cannot_be_met_is_refused(till, wanted, path):
    """Before anything is made, with what is wrong."""
    promotion = coupon_promotion(till)

    with pytest.raises(InvalidInput) as caught:
        till.promotions.generate(promotion, **wanted)

    assert [path] == [fault.path for fault in caught.value.faults]
    assert 0 == counted(till, promotion)


def test_codes_are_for_a_promotion_that_takes_them(till):
    """One that applies by itself takes none, and one that isn't there can't."""
    till.promotions.percent("sendiri", 10)

    with pytest.raises(InvalidInput):
        till.promotions.generate("sendiri", 1)
    with pytest.raises(NotFound):
        till.promotions.generate("tidak-ada", 1)
