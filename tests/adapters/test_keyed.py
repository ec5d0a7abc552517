"""Rows as bytes keep their order, and what was declared is kept beside them."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.adapters.building import KeyedUnit, declare, pack, shapes_of, unpack
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.rows import LARGEST_INTEGER, Collection, Column, Index
from tokolib.kernel.schema_errors import SchemaTooNew
from tokolib.kernel.storage_errors import AlreadyExists

CODE, CITY = Column("code"), Column("city", null=True)
GOODS = Collection("goods", (CODE, CITY), (Index("by_code", ("code",)),))

TEXT = st.text(st.characters(exclude_categories=()))
INTEGER = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
ROW = st.tuples(TEXT, INTEGER, st.none() | TEXT, st.none() | INTEGER)


class Map:
    """The least that an adapter gives: an ordered map that takes back what it is told to."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self.order: list[bytes] = []
        self.start()

    def start(self) -> None:
        self.kept = dict(self.values)

    def get(self, key: bytes) -> bytes | None:
        return self.values.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        if key not in self.values:
            insort(self.order, key)
        self.values[key] = value

    def drop(self, key: bytes) -> None:
        del self.values[key]
        self.order.remove(key)

    def walk(self, low: bytes, high: bytes, *, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        keys = self.order[bisect_left(self.order, low) : bisect_left(self.order, high)]
        return ((key, self.values[key]) for key in (reversed(keys) if backwards else keys))

    def commit(self) -> None:
        self.start()

    def rollback(self) -> None:
        self.values = dict(self.kept)
        self.order = sorted(self.values)


@given(st.lists(st.none() | TEXT | INTEGER | st.binary()))
@example(["a\0b", "a\0", "", b"\0\xff", None, -1])
def test_what_was_packed_is_unpacked(parts: list[Any]) -> None:
    """Whatever the parts, they come back as they were."""
    assert tuple(parts) == unpack(pack(parts))


@given(ROW, ROW)
@example(("a", 0, None, 0), ("a\0", -1, None, 0))
@example(("é", 0, "z", None), ("é", 0, None, 1))
def test_packed_rows_sort_as_rows(one: Any, other: Any) -> None:
    """Null is first, integers go by value, text by code points, and a prefix stands before what goes on."""

    def order(row: Any) -> Any:
        points = (part if isinstance(part, int) else [ord(each) for each in part or ""] for part in row)
        return [(part is not None, value) for part, value in zip(row, points, strict=True)]

    assert (order(one) < order(other)) == (pack(one) < pack(other))
    assert pack(one[:2]) < pack(one) < pack(one[:2]) + b"\xff"


def declared(rows: Map, *collections: Collection, dry_run: bool = False) -> list[str]:
    """What declaring them does."""
    return declare("map", rows, shapes_of("map", collections), dry_run=dry_run)


def unit(rows: Map, *collections: Collection) -> KeyedUnit:
    """A unit on the map."""
    return KeyedUnit(shapes_of("map", collections), rows, "p", max_body=1_000, read_only=False)


def goods_in(rows: Map) -> None:
    """Three goods of two cities."""
    declared(rows, GOODS)
    writing = unit(rows, GOODS)
    for id, city in (("a", "Solo"), ("b", "Bali"), ("c", "Bali")):
        writing.insert(GOODS, id, b"1", {"code": id, "city": city})
    writing.commit()


def test_a_collection_is_declared_once() -> None:
    """The second time there is nothing to do; a dry run tells, and changes nothing."""
    rows = Map()

    assert ["declare goods"] == declared(rows, GOODS, dry_run=True)
    assert {} == rows.values
    assert ["declare goods"] == declared(rows, GOODS)
    assert [] == declared(rows, GOODS)


def test_another_index_leads_to_what_is_stored() -> None:
    """Documents are found by an index that was declared later, and nothing is left of one that no longer is."""
    rows = Map()
    goods_in(rows)
    changed = Collection("goods", (CODE, CITY), (Index("by_city", ("city",)),))

    assert ["index goods"] == declared(rows, changed)
    found = unit(rows, changed).find(changed, "by_city", equals={"city": "Bali"})
    assert ["b", "c"] == [doc.id for doc in found.items]
    assert not [key for key in rows.order if "by_code" in unpack(key)]


def test_what_can_not_be_declared_changes_nothing() -> None:
    """Other columns, an index that collides, and a later form of the rows are refused."""
    rows = Map()
    goods_in(rows)
    before = dict(rows.values)

    with pytest.raises(AdapterConfig, match="stored with the columns"):
        declared(rows, Collection("goods", (CODE,)))
    with pytest.raises(AlreadyExists):
        declared(rows, Collection("goods", (CODE, CITY), (Index("by_city", ("city",), unique=True),)))
    assert before == rows.values
    rows.put(pack((None, "format")), pack((2,)))
    with pytest.raises(SchemaTooNew):
        declared(rows, GOODS)
