"""Events: what happened to an aggregate, in the past tense, kept for ever in its history.

A command decides events; `evolve(state, event)` makes the new state. The history of an aggregate is numbered
from 1 without a gap, the number is the aggregate's `version`, and replaying it gives the aggregate again.
"""

from datetime import datetime
from typing import ClassVar

import attrs


@attrs.frozen
class Event:
    """The root of all events. Subclasses are frozen attrs classes in their room's `events.py`."""

    topic: ClassVar[str] = ""
    """`room.what_happened`, such as `orders.order_placed`."""
    schema: ClassVar[int] = 1
    """Rises with the wire form; older forms are read through upcasters."""


@attrs.frozen
class Recorded:
    """An event as the history keeps it: which one, when, by whom, for which request."""

    seq: int
    at: datetime
    by: str
    """The actor, such as `staff:budi` or `system:host`."""
    request_id: str
    event: Event


def stream_of(collection: str, id: str) -> str:
    """The name of an aggregate's history: ids are unique within their collection only."""
    return f"{collection}/{id}"


def parts_of(stream: str) -> tuple[str, str]:
    """The collection and the id in the name of a history."""
    collection, _, id = stream.partition("/")
    return collection, id
