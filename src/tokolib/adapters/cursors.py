"""Page cursors: the position of a page's last row, as text that callers hand back unread."""

import json
from collections.abc import Sequence

from tokolib.kernel.rows import Scalar
from tokolib.kernel.storage_errors import BadCursor


def to_cursor(position: Sequence[Scalar]) -> str:
    """The cursor behind *position*."""
    return json.dumps(list(position), separators=(",", ":"))


def from_cursor(cursor: str, length: int) -> tuple[Scalar, ...]:
    """The position behind *cursor*, which must have *length* parts.

    Raises:
        BadCursor: this cursor was not made by the same question.
    """
    try:
        position = json.loads(cursor)
    except ValueError as error:
        raise BadCursor(f"{cursor!r} is not a cursor") from error
    if not isinstance(position, list) or len(position) != length:
        raise BadCursor(f"the cursor {cursor!r} belongs to another question")
    if not all(part is None or type(part) in (str, int) for part in position):
        raise BadCursor(f"the cursor {cursor!r} holds something that no row holds")
    return tuple(position)
