"""Page cursors: the position of a page's last row, as text that callers hand back unread."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from tokolib.adapters.units.fitting import integer, text
from tokolib.kernel.rows import Column, Kind, Scalar
from tokolib.kernel.storage_errors import BadCursor, Misuse

ID: Final = Column("id")

PLACES: Final[Mapping[Kind, tuple[Column, ...]]] = {
    Kind.DOCUMENTS: (ID,),
    Kind.HISTORY: (Column("stream"), Column("seq", "integer")),
    Kind.LEDGER: (ID,),
    Kind.STOCK: (Column("resource"),),
    Kind.HOLDS: (ID,),
    Kind.COUNTERS: (Column("name"),),
    Kind.KEYS: (Column("scope"), Column("key")),
    Kind.OUTBOX: (Column("stream"), Column("seq", "integer"), Column("event_id")),
}
"""What a scan orders the rows of a group by."""


def to_cursor(position: Sequence[Scalar]) -> str:
    """The cursor behind *position*."""
    return json.dumps(list(position), separators=(",", ":"))


def from_cursor(cursor: str, columns: Sequence[Column]) -> tuple[Scalar, ...]:
    """The position behind *cursor*, with a value for each of *columns*.

    Raises:
        BadCursor: this cursor was not made by the same question.
    """
    try:
        position = json.loads(text(cursor, "a cursor"))
        if not isinstance(position, list) or len(position) != len(columns):
            raise BadCursor(f"the cursor {cursor!r:.100} belongs to another question")
        for column, value in zip(columns, position, strict=True):
            if value is not None or not column.null:
                (integer if column.type == "integer" else text)(value, column.name)
    except BadCursor:
        raise
    except Misuse as error:
        raise BadCursor(f"{cursor!r:.100} is not a cursor: {error!s:.100}") from error
    except (ValueError, RecursionError) as error:
        raise BadCursor(f"{cursor!r:.100} is not a cursor") from error
    return tuple(position)
