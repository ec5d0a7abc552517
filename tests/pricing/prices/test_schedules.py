"""The door `prices` in time: what is put for later holds later, and nothing that was put is ever lost."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from tokolib.kernel.errors import InvalidInput, NaiveDatetime, NotFound
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.prices import steps as pricing
from tokolib.pricing.prices.decide import AHEAD
from tokolib.pricing.prices.ports import PRICES

NOW = datetime(2026, 1, 31, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def rupiah(amount):
    return UnitPrice.of(IDR(amount))


def paths(caught):
    return [fault.path for fault in caught.value.faults]


@pytest.fixture
def at(till):
    """Sets the clock so many days after `NOW`."""

    def move(days):
        till.work.clock.time = NOW + days * DAY
        return till.work.clock.time

    return move


def test_a_price_for_later_holds_at_its_instant(till, at, counter):
    """Nobody has to do anything then; the quote of that moment has it, and afterwards the old one."""
    till.prices.put("a", IDR(100))
    planned = till.prices.put("a", IDR(80), since=NOW + 2 * DAY, until=NOW + 3 * DAY)

    found = {}
    for days in (0, 1.9, 2, 2.9, 3):
        at(days)
        book = till.do(lambda unit: pricing.book(unit, ["a"]))
        found[days] = (till.prices.get("a").price.amount, counter.ask([counter.line("a")], book=book).total)

    assert {0: (100, 100), 1.9: (100, 100), 2: (80, 80), 2.9: (80, 80), 3: (100, 100)} == found
    assert (2, NOW) == (planned.version, planned.recorded_at)


def test_a_day_counts_whole_in_the_zone_of_the_shop(till):
    """From midnight in Jakarta to the midnight after."""
    made = till.prices.put("a", IDR(80), since=date(2026, 2, 2), until=date(2026, 2, 3))

    assert (datetime(2026, 2, 1, 17, tzinfo=UTC), datetime(2026, 2, 3, 17, tzinfo=UTC)) == (made.since, made.until)


def test_a_price_that_is_only_scheduled_is_none_yet(till, at):
    """Nothing to get, nothing on the page, nothing in the book."""
    till.prices.put("a", IDR(80), since=NOW + DAY)

    with pytest.raises(NotFound):
        till.prices.get("a")
    assert () == till.prices.page().items
    assert () == till.do(lambda unit: pricing.book(unit, ["a"])).prices
    at(1)
    assert rupiah(80) == till.prices.get("a").price


def test_the_same_again_is_one_row(till, at):
    """A price that holds, a scheduled one, a correction: each said twice is said once, an hour later too."""
    for days in (0, 0.04):
        at(days)
        till.prices.put("a", IDR(100))
        till.prices.put("a", IDR(80), since=NOW + 2 * DAY, until=NOW + 3 * DAY)
        till.prices.put("a", IDR(90), since=NOW - 2 * DAY, until=NOW - DAY)

    assert [100, 80, 90] == [row.price.amount for row in till.prices.history("a").items]


def test_putting_what_holds_leaves_what_is_scheduled(till, at):
    """An import every night doesn't end next week's offer; another price does."""
    till.prices.put("a", IDR(100))
    till.prices.put("a", IDR(80), since=NOW + 2 * DAY, until=NOW + 4 * DAY)

    assert 0 == till.prices.put_many({"a": IDR(100)})
    at(2)
    assert rupiah(80) == till.prices.get("a").price
    assert 1 == till.prices.put_many({"a": IDR(100)})
    assert rupiah(100) == till.prices.get("a").price


def test_every_row_is_kept_for_ever(till, at):
    """Page by page, as they were recorded; withdrawing is one of them."""
    for days, amount in enumerate((100, 90, 80)):
        at(days)
        till.prices.put("a", IDR(amount), cost=IDR(50))
    till.prices.withdraw("a")

    first = till.prices.history("a", limit=3)
    rest = till.prices.history("A", after=first.after, limit=3)

    assert [(1, 100), (2, 90), (3, 80)] == [(row.version, row.price.amount) for row in first.items]
    assert [(4, True)] == [(row.version, row.withdrawn) for row in rest.items]
    assert rest.after is None
    assert () == till.prices.history("b").items
    for after in ("x", "-1", "²", "9" * 10):
        with pytest.raises(InvalidInput):
            till.prices.history("a", after=after)


def test_which_price_was_shown_and_as_known_when(till, at):
    """A correction on day 10 for day 2 on."""
    till.prices.put("a", IDR(100))
    at(10)
    till.prices.put("a", IDR(90), since=NOW + 2 * DAY)
    third = NOW + 3 * DAY

    assert rupiah(100) == till.prices.shown("a", at=third).price
    assert rupiah(100) == till.prices.shown("a", at=third, known_at=NOW + 9 * DAY).price
    assert rupiah(90) == till.prices.shown("a", at=third, known_at=NOW + 10 * DAY).price
    assert rupiah(90) == till.prices.shown("a", at=NOW + 10 * DAY).price
    for asked in ({"at": NOW - DAY}, {"at": third, "known_at": NOW - DAY}):
        with pytest.raises(NotFound):
            till.prices.shown("a", **asked)
    with pytest.raises(NaiveDatetime):
        till.prices.shown("a", at=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_the_lowest_price_before_the_present_one(till, at):
    """From what the schedule keeps, and for longer times from the history."""
    assert till.prices.lowest("a") is None
    till.prices.put("a", IDR(70))
    at(20)
    till.prices.put("a", IDR(100))
    at(60)
    till.prices.put("a", IDR(80))
    at(70)

    assert rupiah(100) == till.prices.lowest("a")
    assert rupiah(70) == till.prices.lowest("a", days=41)
    assert rupiah(80) == till.prices.lowest("a", before=NOW + 70 * DAY)
    assert rupiah(70) == till.prices.lowest("a", before=NOW + 21 * DAY)
    assert till.prices.lowest("a", days=3_660, before=datetime(2, 1, 1, tzinfo=UTC)) is None
    for days in (0, 3_661):
        with pytest.raises(InvalidInput):
            till.prices.lowest("a", days=days)


def test_a_price_is_withdrawn_for_a_time(till, at):
    """And comes back; withdrawn without an end, nothing scheduled comes any more."""
    till.prices.put("a", IDR(100))
    till.prices.withdraw("a", since=NOW + DAY, until=NOW + 2 * DAY)
    till.prices.withdraw("a", since=NOW + DAY, until=NOW + 2 * DAY)
    till.prices.put("a", IDR(90), since=NOW + 5 * DAY)

    assert 3 == len(till.prices.history("a").items)
    at(1)
    with pytest.raises(NotFound):
        till.prices.get("a")
    at(2)
    assert rupiah(100) == till.prices.get("a").price
    till.prices.withdraw("a")
    till.prices.withdraw("a")
    at(6)
    with pytest.raises(NotFound):
        till.prices.get("a")
    assert 4 == len(till.prices.history("a").items)


def test_rows_of_one_moment_stand_in_their_order(till):
    """Two prices put at the same instant for the same time: the second holds, and both are known."""
    first = till.prices.put("a", IDR(100))
    second = till.prices.put("a", IDR(90))

    assert first.recorded_at == second.recorded_at
    assert second == till.prices.get("a") == till.prices.shown("a", at=NOW)


def test_a_clock_that_goes_back_records_no_row_before_another(till, at):
    """The price that was put last holds, whatever the clock of the process says."""
    at(1)
    till.prices.put("a", IDR(100))
    at(0)
    later = till.prices.put("a", IDR(90))

    assert NOW + DAY == later.recorded_at
    assert rupiah(90) == till.prices.get("a").price


def test_faults_of_dates_and_floors_are_named(till):
    """Nothing is stored."""
    asked = [
        ({"since": NOW + DAY, "until": NOW}, ["until"]),
        ({"until": NOW - DAY}, ["until"]),
        ({"since": NOW, "until": NOW}, ["until"]),
        ({"minimum": IDR(101)}, ["price"]),
        ({"minimum": IDR(95), "tiers": {5: IDR(99), 10: IDR(90)}}, ["tiers[10]"]),
        ({"minimum": IDR(-1), "cost": IDR(-2)}, ["minimum", "cost"]),
        ({"minimum": USD(1), "cost": USD(1)}, ["minimum", "cost"]),
        ({"since": "2026-02-01"}, ["since"]),
    ]
    for more, expected in asked:
        with pytest.raises(InvalidInput) as caught:
            till.prices.put("a", IDR(100), **more)
        assert expected == paths(caught)

    with pytest.raises(NaiveDatetime):
        till.prices.put("a", IDR(100), since=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused
    assert () == till.prices.history("a").items
    till.prices.put("a", IDR(100))
    with pytest.raises(InvalidInput):
        till.prices.withdraw("a", since=NOW + DAY, until=NOW)


def test_no_schedule_grows_without_end(till):
    """A list with dates is for seasons."""
    for number in range(AHEAD):
        till.prices.put("a", IDR(100 + number), since=NOW + number * DAY, until=NOW + (number + 1) * DAY)

    with pytest.raises(InvalidInput) as caught:
        till.prices.put("a", IDR(1), since=NOW - DAY)

    assert [("since", "pricing.too_many")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_prices_far_back_leave_the_document(till, at):
    """A price that changed every day for a year is a small document, and a long history."""
    for days in range(366):
        at(days)
        till.prices.put("a", IDR(1_000 + days * 7 % 50))

    (held,) = till.do(schedules)

    assert 1 == len(held.rows)
    assert len(held.past) <= 30
    assert [200, 166] == [len(till.prices.history("a", after=seen, limit=200).items) for seen in (None, "200")]


async def schedules(unit):
    return (await unit[PRICES].where("by_list", equals={"list_id": "pls_idr"})).items


def test_the_awaited_door_tells_the_same_readings(till):
    """One body, two colours."""

    async def scenario():
        await till.awaited.put("a", IDR(100))
        shown = await till.awaited.shown("a", at=NOW)
        return shown, await till.awaited.lowest("a"), await till.awaited.history("a")

    shown, lowest, history = asyncio.run(scenario())

    assert (rupiah(100), None, (shown,)) == (shown.price, lowest, history.items)
