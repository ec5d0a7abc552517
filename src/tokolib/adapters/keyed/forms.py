"""The rows of the port's groups as values, and back."""

import json
from datetime import datetime

from tokolib.adapters.keyed.packing import Part, number, raw, words
from tokolib.adapters.keyed.rows import Place, Shelf
from tokolib.adapters.units.instants import from_micros, to_micros
from tokolib.adapters.units.shapes import FactRows, Shape
from tokolib.kernel.rows import Doc, DocRow, Entry, HoldState, Scalar, StoredEvent, StoredHold
from tokolib.kernel.storage_errors import Unreadable


def instant(part: Part) -> datetime | None:
    """An instant that may be null."""
    return None if part is None else from_micros(number(part))


def micros(at: datetime | None) -> int | None:
    """An instant that may be None."""
    return None if at is None else to_micros(at, "at")


def event_at(shelf: Shelf, stream: str, seq: int) -> StoredEvent:
    """An event that is there."""
    return event_of((stream, seq), shelf.get("event", stream, seq) or ())


def event_of(place: Place, values: Place) -> StoredEvent:
    """The event of a row: its stream and number, and the rest."""
    (stream, seq), (id, topic, payload, at) = place, values
    return StoredEvent(words(id), words(stream), number(seq), words(topic), raw(payload), from_micros(number(at)))


def entry_of(id: Part, values: Place) -> Entry:
    """The entry of a row."""
    batch, account, amount, unit, kind, refers_to, at = values
    return Entry(
        words(id),
        words(batch),
        words(account),
        number(amount),
        words(unit),
        words(kind),
        words(refers_to),
        from_micros(number(at)),
    )


def hold_of(id: Part, values: Place) -> StoredHold:
    """The hold of a row.

    Raises:
        Unreadable: its state is none.
    """
    resource, quantity, owner, state, until = values
    try:
        state_of = HoldState(words(state))
    except ValueError as error:
        raise Unreadable("hold", words(id), "state", repr(state)) from error
    return StoredHold(words(id), words(resource), number(quantity), words(owner), state_of, instant(until))


def values_of_hold(hold: StoredHold) -> Place:
    """The row of a hold."""
    return hold.resource, hold.quantity, hold.owner, hold.state.value, micros(hold.until)


def told(rows: object) -> str:
    """Columns or facts as text."""
    return json.dumps(rows, separators=(",", ":"))


def doc_of(id: Part, values: Place) -> Doc:
    """The document of a row."""
    return Doc(words(id), number(values[0]), raw(values[1]))


def columns_of(values: Place) -> tuple[Scalar, ...]:
    """The columns of a document's row."""
    return tuple(json.loads(words(values[2])))


def doc_row(shape: Shape, id: Part, values: Place) -> DocRow:
    """A document as checks and exports see it."""
    stored: FactRows = json.loads(words(values[3]))
    columns = dict(zip((column.name for column in shape.collection.columns), columns_of(values), strict=True))
    facts = {
        table.name: tuple(
            dict(zip((column.name for column in table.columns), row, strict=True)) for row in stored.get(table.name, ())
        )
        for table in shape.collection.facts
    }
    return DocRow(shape.collection.name, doc_of(id, values), columns, facts)
