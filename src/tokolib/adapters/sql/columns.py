"""The fixed columns of the tables that each storage has, and how a table is read page by page."""

# ruff: noqa: S608 - names in the text come from declarations that `shapes_of` has checked

from collections.abc import Mapping
from typing import Final

EVENT: Final = "id, stream, seq, topic, payload, at"
ENTRY: Final = "id, batch, account, amount, unit, kind, refers_to, at"
HOLD: Final = "id, resource, quantity, owner, state, until"
PARCEL: Final = "event_id, stream, seq, due, done, buried, tries, error"

INTEGERS: Final = frozenset(
    (
        "version",
        "seq",
        "at",
        "amount",
        "quantity",
        "until",
        "due",
        "done",
        "buried",
        "tries",
        "value",
        "on_hand",
        "held",
        "bucket",
    )
)
BLOBS: Final = frozenset(("payload", "result", "body"))


def typed(names: str) -> Mapping[str, str]:
    """Fixed columns by name, with their types; the partition comes first."""
    listed = ["partition", *names.split(", ")]
    return {name: "integer" if name in INTEGERS else "blob" if name in BLOBS else "text" for name in listed}


def paged(table: str, columns: str, key: tuple[str, ...]) -> tuple[str, str]:
    """The first page of a table, and a later one."""
    start = f"SELECT {columns} FROM {table} WHERE partition = ?"
    names = ", ".join(key)
    end = f"ORDER BY {names} LIMIT ?"
    marks = ", ".join("?" * len(key))
    return f"{start} {end}", f"{start} AND ({names}) > ({marks}) {end}"
