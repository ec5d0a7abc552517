"""Laws of who pays how much, and of the tables and codes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR
from tokolib.kernel.codes.drawing import checked, drawn
from tokolib.kernel.ids import CustomerId, GrantId
from tokolib.kernel.money import IDR as RUPIAH
from tokolib.stored_value.codes import digest_of, printed, read
from tokolib.stored_value.errors import GiftCardMistyped, InsufficientBalance
from tokolib.stored_value.events import GiftCardExpired
from tokolib.stored_value.lifecycle import evolve_card, evolve_grant
from tokolib.stored_value.model import Grant, GrantState
from tokolib.stored_value.spending import CreditWish, Pot, spend

amounts = st.integers(0, 10**12)


def pot(left: int, name: str) -> Pot:
    return Pot(
        Grant(
            id=GrantId(name),
            version=1,
            customer=CustomerId("siti"),
            amount=IDR(left),
            valid_until=None,
            state=GrantState.ACTIVE,
            granted_at=datetime(2026, 1, 1, tzinfo=UTC),
            reason="x",
        ),
        left,
    )


@st.composite
def wishes(draw):
    made = []
    for number, pots in enumerate(draw(st.lists(st.lists(amounts, max_size=4), max_size=4))):
        has = sum(pots)
        amount = draw(st.none() | st.integers(1, has)) if has else None
        made.append(
            CreditWish("store_credit", amount, tuple(pot(left, f"{number}.{n}") for n, left in enumerate(pots)))
        )
    return made


@given(amounts, wishes())
def test_no_more_is_taken_than_is_there_nor_than_is_due(total, wished):
    """Each pot gives at most what it has, each wish what it names, all together the total; in the order named."""
    if any(sum(each.left for each in wish.pots) == 0 for wish in wished):
        with pytest.raises(InsufficientBalance):
            spend(total, wished, RUPIAH)
        return

    parts = spend(total, wished, RUPIAH)

    given_by = {part.value.id: part.amount.minor_units for part in parts}
    rest = total
    for wish in wished:
        has = [(each.value.id, each.left) for each in wish.pots]
        taken = sum(given_by.get(id, 0) for id, _ in has)
        assert min(rest, wish.amount or sum(left for _, left in has)) == taken
        left_to_take = taken
        for id, left in has:
            assert min(left, left_to_take) == given_by.get(id, 0)
            left_to_take -= given_by.get(id, 0)
        rest -= taken
    assert len(given_by) == len(parts) and all(amount > 0 for amount in given_by.values())


def test_a_life_begins_at_its_beginning():
    """What was never issued can't expire."""
    for evolve in (evolve_card, evolve_grant):
        with pytest.raises(TypeError):
            evolve(None, GiftCardExpired(IDR(1), datetime(2026, 1, 1, tzinfo=UTC)))


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_code_is_read_as_it_was_printed_and_no_other(luck, data):
    """In groups, in small letters; one wrong character or two swapped ones are told without a look-up."""
    if (code := checked(drawn(luck, 16))) is None:
        return
    at = data.draw(st.integers(0, len(code) - 2))

    assert code == read(printed(code).lower()) and len(digest_of(code)) == 64
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    for wrong in (code[:at] + ("3" if code[at] != "3" else "4") + code[at + 1 :], swapped):
        if wrong != code:
            with pytest.raises(GiftCardMistyped):
                read(wrong)
