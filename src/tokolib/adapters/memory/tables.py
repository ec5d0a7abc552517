"""The rows of one partition in memory, and the orders that they are read in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from tokolib.adapters.memory.backlog import Backlog
from tokolib.adapters.shapes import Shape
from tokolib.kernel.rows import Doc, DocRow, Entry, Scalar, StoredEvent, StoredHold

Key = tuple[Any, ...]
"""A place in an order: one pair per column, (0,) for null and (1, value) for a value, so that null comes first."""


@attrs.frozen(eq=False)
class Kept:
    """A document with what was declared about it."""

    doc: Doc
    columns: tuple[Scalar, ...]
    facts: Mapping[str, Sequence[tuple[Scalar, ...]]]


@attrs.define(eq=False)
class Tables:
    """Everything of one partition."""

    documents: dict[str, dict[str, Kept]] = attrs.Factory(dict)
    orders: dict[tuple[str, str], list[Key]] = attrs.Factory(dict)
    histories: dict[str, list[StoredEvent]] = attrs.Factory(dict)
    ledgers: dict[str, dict[str, Entry]] = attrs.Factory(dict)
    ledger_orders: dict[tuple[str, str, str], list[str]] = attrs.Factory(dict)
    counters: dict[str, int] = attrs.Factory(dict)
    stock: dict[str, tuple[int, int]] = attrs.Factory(dict)
    holds: dict[str, StoredHold] = attrs.Factory(dict)
    leases: dict[str, list[tuple[datetime, str]]] = attrs.Factory(dict)
    keys: dict[tuple[str, str], tuple[str, bytes]] = attrs.Factory(dict)
    outbox: Backlog = attrs.Factory(Backlog)

    def of(self, collection: str) -> dict[str, Kept]:
        """The documents of a collection."""
        return self.documents.setdefault(collection, {})

    def order(self, collection: str, index: str) -> list[Key]:
        """The keys of an index, sorted."""
        return self.orders.setdefault((collection, index), [])

    def ledger_order(self, name: str, by: str, value: str) -> list[str]:
        """The ids of a ledger's entries, sorted: `by` is `id`, `account` or `refers_to`."""
        return self.ledger_orders.setdefault((name, by, value), [])

    def leases_of(self, resource: str) -> list[tuple[datetime, str]]:
        """The leased holds of a resource by the end of their leases."""
        return self.leases.setdefault(resource, [])

    def run_out(self, resource: str, now: datetime) -> list[StoredHold]:
        """The leased holds of a resource whose lease has ended; one that ends now has."""
        ended = []
        for until, hold_id in self.leases.get(resource, ()):
            if until > now:
                break
            ended.append(self.holds[hold_id])
        return ended


def key_part(value: Scalar) -> tuple[Any, ...]:
    """*value* as a part of a key."""
    return (0,) if value is None else (1, value)


def key_of(shape: Shape, names: Sequence[str], kept: Kept) -> Key:
    """The place of a document in the order of the columns *names*, then of its id."""
    values = {column.name: value for column, value in zip(shape.columns, kept.columns, strict=True)}
    return (*(key_part(values[name]) for name in names), (1, kept.doc.id))


def row_of(shape: Shape, kept: Kept) -> DocRow:
    """A document as checks and exports see it."""
    names = [column.name for column in shape.columns]
    facts = {
        table.name: tuple(
            dict(zip((column.name for column in table.columns), row, strict=True))
            for row in kept.facts.get(table.name, ())
        )
        for table in shape.collection.facts
    }
    return DocRow(shape.collection.name, kept.doc, dict(zip(names, kept.columns, strict=True)), facts)
