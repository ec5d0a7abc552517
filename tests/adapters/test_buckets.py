"""The stock of a resource in several rows: they add up, and whatever is there can be held."""

from collections.abc import Iterator
from typing import Any

import attrs
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.sql.spreading import Buckets, OneRow, free_in, levelled
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Kind
from tokolib.kernel.storage_errors import Refused
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import COLLECTIONS, MICROSECOND, NOW, SOON, demand

counts = st.integers(1, 9)
rows = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda found: (sum(found), found[1]))
stocks = st.dictionaries(st.integers(0, 12), rows, max_size=6)


def free(stocked: Any) -> int:
    return sum(free_in(stocked, bucket) for bucket in stocked)


def after(stocked: Any, changes: Any) -> dict[int, tuple[int, int]]:
    found = {bucket: stocked.get(bucket, (0, 0)) for bucket in {*stocked, *changes}}
    return {bucket: (on_hand + changes.get(bucket, 0), held) for bucket, (on_hand, held) in found.items()}


@given(stocks, counts, st.data())
def test_levelling_makes_and_loses_nothing(stocked: Any, count: int, data: st.DataObject) -> None:
    """Whatever comes or goes, the rows add up to it, and no row holds more than it has."""
    change = data.draw(st.integers(-free(stocked), 100))
    found = after(stocked, levelled(stocked, count, change=change))

    assert free(stocked) + change == free(found)
    assert all(free_in(found, bucket) >= 0 for bucket in found)


@given(stocks, counts, st.data())
def test_what_is_there_in_all_is_there_where_it_is_wanted(stocked: Any, count: int, data: st.DataObject) -> None:
    """After levelling a bucket has what is wanted of it, and the rest differs by one at most."""
    wanted, bucket = data.draw(st.integers(0, free(stocked))), data.draw(st.integers(0, count - 1))
    found = after(stocked, levelled(stocked, count, bucket=bucket, wanted=wanted))

    assert free_in(found, bucket) >= wanted
    rest = [free_in(found, each) - (wanted if each == bucket else 0) for each in range(count)]
    assert max(rest) - min(rest) <= 1
    assert free(stocked) == free(found)


@given(st.text(), st.text())
def test_a_hold_looks_in_a_bucket_that_there_is(resource: str, hold_id: str) -> None:
    """The same hold looks in the same one; what isn't chosen has one row."""
    layout = Buckets(7)
    assert layout.bucket(resource, hold_id) in range(layout.buckets(resource))
    none = Buckets(7, chosen=lambda resource: False)
    assert (1, 0) == (none.buckets(resource), none.bucket(resource, hold_id))
    assert (1, 0) == (OneRow().buckets(resource), OneRow().bucket(resource, hold_id))


@pytest.mark.parametrize("count", [-1, 0, 1, 257, True, 2.0])
def test_a_number_of_buckets_that_is_none_is_refused(count: Any) -> None:
    """From 2 to 256."""
    with pytest.raises(AdapterConfig):
        Buckets(count)


@pytest.fixture
def storage(postgres_url: str) -> Iterator[PostgresStorage]:
    made = PostgresStorage(Settings(postgres_url, durable=False), COLLECTIONS, layout=Buckets(4))
    made.migrate()
    yield made
    made.close()


def store(storage: PostgresStorage) -> Driven:
    return Driven(storage, drive)


def in_rows(storage: PostgresStorage) -> list[tuple[int, int]]:
    """On hand and held, row by row."""
    with psycopg.connect(storage.settings.address) as connection:
        return connection.execute("SELECT on_hand, held FROM tokolib_stock ORDER BY bucket").fetchall()


def test_goods_are_spread_and_told_as_one(storage: PostgresStorage) -> None:
    """Ten pieces lie in four rows; the level and the scan tell ten."""
    with store(storage).unit() as unit:
        unit.adjust("kopi", 10)

    assert [(3, 0), (3, 0), (2, 0), (2, 0)] == in_rows(storage)
    with store(storage).reading() as unit:
        assert 10 == unit.levels(["kopi"], now=NOW)["kopi"].available
        assert [("kopi", 10, 0)] == [attrs.astuple(row) for row in unit.scan(Kind.STOCK).items]


def test_a_hold_of_more_than_any_row_has_is_granted(storage: PostgresStorage) -> None:
    """Nine of ten, then the last one, and then nothing: refused with what is there."""
    with store(storage).unit() as unit:
        unit.adjust("kopi", 10)
    for quantity in (9, 1):
        with store(storage).unit() as unit:
            unit.hold([demand(f"h{quantity}", "kopi", quantity)], until=SOON, now=NOW)

    with pytest.raises(Refused) as refused, store(storage).unit() as unit:
        unit.hold([demand("late", "kopi", 1)], until=SOON, now=NOW)
    assert 0 == refused.value.available
    assert 10 == sum(held for _, held in in_rows(storage))


def test_every_piece_can_be_held_by_itself(storage: PostgresStorage) -> None:
    """A hundred holds of one find a hundred pieces, wherever they lie; leaving and giving back finds them again."""
    with store(storage).unit() as unit:
        unit.adjust("kopi", 100)
    for number in range(100):
        with store(storage).unit() as unit:
            unit.hold([demand(f"h{number}", "kopi", 1)], until=None, now=NOW)
    ids = [f"h{number}" for number in range(100)]
    with store(storage).unit() as unit:
        unit.take(ids[:60], now=NOW)
        unit.release(ids[60:])

    assert (40, 0) == tuple(map(sum, zip(*in_rows(storage), strict=True)))
    with store(storage).unit() as unit:
        unit.adjust("kopi", -40)
    assert {(0, 0)} == set(in_rows(storage))


def test_leases_that_ran_out_are_found_in_every_row(storage: PostgresStorage) -> None:
    """Who wants all of it gets what twelve expired leases held."""
    with store(storage).unit() as unit:
        unit.adjust("kopi", 12)
    for number in range(12):
        with store(storage).unit() as unit:
            unit.hold([demand(f"h{number}", "kopi", 1)], until=NOW + MICROSECOND, now=NOW)
    with store(storage).unit() as unit:
        unit.hold([demand("all", "kopi", 12)], until=None, now=SOON)

    assert (12, 12) == tuple(map(sum, zip(*in_rows(storage), strict=True)))


@pytest.mark.parametrize("before, now", [(OneRow(), Buckets(4)), (Buckets(8), Buckets(2)), (Buckets(4), OneRow())])
def test_the_number_of_buckets_may_change(postgres_url: str, before: Any, now: Any) -> None:
    """What was put and held with another number is sold, left and taken back all the same."""
    settings = Settings(postgres_url, durable=False)
    first = PostgresStorage(settings, COLLECTIONS, layout=before)
    first.migrate()
    with store(first).unit() as unit:
        unit.adjust("kopi", 10)
        unit.hold([demand("old", "kopi", 3)], until=None, now=NOW)
    first.close()

    second = PostgresStorage(settings, COLLECTIONS, layout=now)
    for number in range(7):
        with store(second).unit() as unit:
            unit.hold([demand(f"h{number}", "kopi", 1)], until=None, now=NOW)
    with pytest.raises(Refused), store(second).unit() as unit:
        unit.hold([demand("late", "kopi", 1)], until=None, now=NOW)
    with store(second).unit() as unit:
        unit.take(["old"], now=NOW)
        unit.release([f"h{number}" for number in range(7)])
        unit.adjust("kopi", -7)
    assert (0, 0) == tuple(map(sum, zip(*in_rows(second), strict=True)))
    second.close()
