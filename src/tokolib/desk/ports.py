"""**Ports** of the desk: how stored rows are read back, so that the books can be proved."""

from typing import Protocol

from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.rows import Collection, Doc, DocRow, StoredEvent


class Archive(Protocol):
    """Reads stored rows of every kind as what they claim to be."""

    @property
    def collections(self) -> tuple[Collection, ...]:
        """Every kind of document."""
        ...

    def kind_of(self, topic: str) -> str:
        """The collection whose histories hold events of *topic*; empty when there is none."""
        ...

    def read_event(self, stored: StoredEvent) -> Recorded:
        """A row of a history.

        Raises:
            TokolibError: it can't be read.
        """
        ...

    def read(self, collection: str, doc: Doc) -> tuple[object, int]:
        """An aggregate, and how many events it says it has.

        Raises:
            TokolibError: it can't be read.
        """
        ...

    def replays(self, collection: str) -> bool:
        """Whether aggregates of this kind are made of their events (a quote is not)."""
        ...

    def evolve(self, collection: str, state: object, event: Event) -> object:
        """The aggregate after one more event.

        Raises:
            TokolibError: the event was not allowed.
        """
        ...

    def faults(self, row: DocRow) -> tuple[str, ...]:
        """What is wrong with a stored document by itself: its checksum, its columns, its facts."""
        ...
