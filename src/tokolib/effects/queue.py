"""The place of a thing in the queue of all that waits for a person: by since when, then by its id.

It is text, so that things of every kind compare, and one index finds the next of them.
"""

from datetime import datetime
from typing import Final

from tokolib.kernel.clock import sortable

END: Final = "9999"
"""Above every place."""


LAST: Final = "\U0010ffff"
"""Above every text of an index."""


def place(since: datetime | None, id: str) -> str | None:
    """The place of a thing that waits *since* then; None for one that doesn't."""
    return None if since is None else f"{sortable(since)}/{id}"


def up_to(now: datetime) -> str:
    """Above the places of all that waits since *now* or longer, and below all others."""
    return f"{sortable(now)}0"  # the digit comes right after the stroke that ends an instant


def behind(place: str) -> str:
    """The least text above *place* that no other place has before it."""
    return f"{place} "


def place_at(provider: str, since: datetime | None, id: str) -> str | None:
    """The place of a thing among those that wait at one *provider*."""
    told = place(since, id)
    return None if told is None else f"{provider}\n{told}"


def places_at(provider: str) -> tuple[str, str]:
    """Between which texts the places at one *provider* are; the second is where those of the next provider begin."""
    return f"{provider}\n", f"{provider}\v"
