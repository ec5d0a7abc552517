"""The place of a thing in the queue of all that waits for a person: by since when, then by its id.

It is text, so that things of every kind compare, and one index finds the next of them.
"""

from datetime import datetime
from typing import Final

from tokolib.kernel.clock import sortable

END: Final = "9999"
"""Above every place."""


def place(since: datetime | None, id: str) -> str | None:
    """The place of a thing that waits *since* then; None for one that doesn't."""
    return None if since is None else f"{sortable(since)}/{id}"


def behind(place: str) -> str:
    """The least text above *place* that no other place has before it."""
    return f"{place} "
