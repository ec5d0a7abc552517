"""The rows of a SKU in a list: four readings against a naive oracle, and a schedule that forgets nothing it needs."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.kernel.clock import EARLIEST, LATEST
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import IDR
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.prices.history import added, began, lowest, pieces, prior, reading, runs, timeline
from tokolib.pricing.prices.model import Price, Shown

START = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=30)
HORIZON = 140
"""Days that the tests look at, from `START`."""


def day(number):
    return START + timedelta(days=number)


def row(version, amount, since, until, recorded, *, withdrawn=False):
    """A row of days: what it costs, from when until when, and when that was recorded."""
    return Price(
        "prc_pls_idr|a",
        version,
        PriceListId("pls_idr"),
        "a",
        UnitPrice.of(IDR(amount)),
        withdrawn=withdrawn,
        since=day(since),
        until=None if until is None else day(until),
        recorded_at=day(recorded),
    )


@st.composite
def histories(draw):
    """Rows as they may be recorded: for the past, the present or later, with an end or without, in any order."""
    rows, recorded = [], 0
    for version in range(1, draw(st.integers(1, 9)) + 1):
        recorded += draw(st.sampled_from([0, 0, 1, 3, 10, 25, 40]))
        since = recorded + draw(st.sampled_from([-30, -5, -1, 0, 0, 0, 1, 4, 30]))
        until = draw(st.sampled_from([None, None, 1, 5, 20, 60]))
        amount = draw(st.sampled_from([50, 60, 70, 80]))
        withdrawn = version > 1 and draw(st.integers(0, 6)) == 0
        rows.append(
            row(version, amount, since, None if until is None else since + until, recorded, withdrawn=withdrawn)
        )
    return rows


def scheduled(rows):
    """The schedule after all *rows* were recorded, one by one."""
    state = None
    for each in rows:
        state = added(state, each)
    return state


# The oracle: everything is looked at, day by day; nothing is clever.


def naive(rows, at, known_at):
    """The row of the largest number among those that were recorded by then and are valid."""
    found = [
        each
        for each in rows
        if each.recorded_at <= known_at and each.since <= at and (each.until is None or at < each.until)
    ]
    return max(found, key=lambda each: each.version, default=None)


def naive_price(rows, number):
    """What was shown on a day; None for nothing."""
    found = naive(rows, day(number), day(number))
    return None if found is None or found.withdrawn else found.price


def naive_prior(rows, now):
    """The lowest price of the thirty days before the price of the day *now* began."""
    start = now
    while start > 0 and naive_price(rows, now) is not None and naive_price(rows, start - 1) == naive_price(rows, now):
        start -= 1
    found = [price for at in range(start - 30, start) if (price := naive_price(rows, at)) is not None]
    return min(found, key=lambda price: price.scaled, default=None)


days = st.integers(0, HORIZON)


@given(histories(), st.integers(-40, HORIZON), days)
def test_what_held_at_an_instant_as_known_at_another(rows, at, known_at):
    """Of the rows recorded by then, the last one that is valid at that time."""
    assert naive(rows, day(at), day(known_at)) == reading(rows, day(at), day(known_at))


@given(histories(), days)
def test_what_was_shown_is_what_was_known_then(rows, at):
    """A correction recorded later changes nothing of it."""
    assert naive(rows, day(at), day(at)) == reading(rows, day(at))


@given(histories(), st.integers(0, 9), st.integers(-40, HORIZON), days)
def test_what_was_known_never_changes_by_later_rows(rows, many, at, earlier):
    """Whatever is recorded afterwards, the answer as known before it stays."""
    before = rows[:many]
    known = min([day(earlier), *(each.recorded_at - timedelta(seconds=1) for each in rows[many:])])

    assert reading(before, day(at), known) == reading(rows, day(at), known)


@given(histories(), days)
def test_the_schedule_knows_today_and_all_that_comes(rows, later):
    """What it has let go can't hold any more: from its last recording on it answers as the whole history does."""
    state = scheduled(rows)
    now = max(day(later), rows[-1].recorded_at)

    assert naive(rows, now, now) == state.at(now)


@given(histories())
def test_a_clock_that_is_behind_sees_the_latest_recording(rows):
    """What can be read was recorded."""
    state = scheduled(rows)

    assert naive(rows, rows[-1].recorded_at, rows[-1].recorded_at) == state.at(EARLIEST)


@given(histories(), days)
@example([row(1, 100, 0, None, 0), row(2, 90, 10, None, 10), row(3, 90, 20, None, 20)], 30)
@example([row(1, 70, 0, None, 0), row(2, 50, 5, 6, 0), row(3, 60, 34, None, 34)], 35)
@example([row(1, 50, 0, None, 0), row(2, 70, 1, None, 1), row(3, 60, 41, None, 41), row(4, 70, 41, None, 41)], 41)
def test_the_lowest_price_of_thirty_days_before_the_present_one(rows, later):
    """Both from the schedule and from the whole history, as from looking at each day."""
    number = max(later, (rows[-1].recorded_at - START).days)
    expected = naive_prior(rows, number)

    assert expected == prior(runs(pieces(rows)), day(number), SPAN)
    assert expected == prior(timeline(scheduled(rows)), day(number), SPAN)


@given(histories(), st.integers(-40, HORIZON), st.integers(1, 60))
def test_the_lowest_price_of_any_time(rows, since, length):
    """For a discount that is announced from some instant on."""
    found = [price for at in range(since, since + length) if (price := naive_price(rows, at)) is not None]
    expected = min(found, key=lambda price: price.scaled, default=None)

    assert expected == lowest(runs(pieces(rows)), day(since), day(since + length))


@given(histories())
def test_pieces_neither_overlap_nor_forget(rows):
    """Each instant belongs to at most one row, and to the one that was shown."""
    found = pieces(rows, day(-50), day(HORIZON))

    assert all(before.until <= after.since for before, after in pairwise(found))
    for number in range(-50, HORIZON):
        at = [piece.row for piece in found if piece.since <= day(number) < piece.until]
        assert [each for each in [naive(rows, day(number), day(number))] if each is not None] == at


@given(histories())
def test_a_schedule_stays_small(rows):
    """It keeps what can hold, the last row, and prices that no later one undercuts."""
    state = scheduled(rows)
    able = {piece.row.version for piece in pieces(rows, rows[-1].recorded_at)} | {rows[-1].version}

    assert able == {each.version for each in state.rows}
    amounts = [each.price.scaled for each in state.past[:-1]]
    assert sorted(set(amounts)) == amounts


# Stories


def test_a_price_for_a_week_comes_and_goes_by_itself():
    """When its time is over, what was valid before holds again."""
    rows = [row(1, 100, 0, None, 0), row(2, 80, 10, 17, 1)]

    shown = {number: scheduled(rows).at(day(number)).price.amount for number in (1, 9, 10, 16, 17, 90)}

    assert {1: 100, 9: 100, 10: 80, 16: 80, 17: 100, 90: 100} == shown


def test_a_later_row_holds_for_all_of_its_time():
    """A new price without an end ends what was scheduled before it, too."""
    rows = [row(1, 100, 0, None, 0), row(2, 80, 10, 17, 1), row(3, 110, 5, None, 5)]

    assert [100, 110, 110] == [reading(rows, day(at)).price.amount for at in (4, 5, 12)]


def test_rows_of_one_instant_are_told_apart_by_their_numbers():
    """The one recorded last holds."""
    rows = [row(1, 100, 0, None, 0), row(2, 90, 0, None, 0)]

    assert 90 == reading(rows, day(0), day(0)).price.amount
    assert (2,) == tuple(each.version for each in scheduled(rows).rows)


def test_a_correction_changes_what_is_known_and_not_what_was_shown():
    """Recorded on day 20 for day 5 on: whoever asks as of day 10 gets the old answer for ever."""
    rows = [row(1, 100, 0, None, 0), row(2, 90, 5, None, 20)]

    assert 100 == reading(rows, day(10)).price.amount
    assert 100 == reading(rows, day(10), day(19)).price.amount
    assert 90 == reading(rows, day(10), day(20)).price.amount
    assert [Shown(UnitPrice.of(IDR(100)), day(0), day(20)), Shown(UnitPrice.of(IDR(90)), day(20), LATEST)] == runs(
        pieces(rows)
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (0, None),  # it had no price before
        (25, 100),  # 80 since day 20; before it 100 and 120
        (45, 80),  # 90 since day 40; before it 80
    ],
)
def test_the_prior_price_of_a_reduction(now, expected):
    """Thirty days before the present price began, not before today."""
    rows = [row(1, 100, 0, None, 0), row(2, 120, 10, None, 10), row(3, 80, 20, None, 20), row(4, 90, 40, None, 40)]

    found = prior(runs(pieces(rows)), day(now), SPAN)

    assert expected == (None if found is None else found.amount)


def test_a_row_that_changes_no_price_doesnt_begin_it_anew():
    """A new cost on day 25 leaves the price the one since day 20."""
    cheap = row(2, 80, 20, None, 20)
    rows = [row(1, 100, 0, None, 0), cheap, attrs.evolve(cheap, version=3, since=day(25), recorded_at=day(25))]

    assert day(20) == began(runs(pieces(rows)), day(26)) == began(timeline(scheduled(rows)), day(26))
