"""The rows of one partition in memory."""

from datetime import datetime

import attrs

from tokolib.adapters.memory.backlog import Backlog
from tokolib.adapters.memory.documents import Documents, Kept
from tokolib.adapters.memory.ledgers import Ledger
from tokolib.adapters.units.shapes import Shape
from tokolib.kernel.rows import DocRow, StoredEvent, StoredHold


@attrs.define(eq=False)
class Tables:
    """Everything of one partition."""

    documents: dict[str, Documents] = attrs.Factory(dict)
    histories: dict[str, list[StoredEvent]] = attrs.Factory(dict)
    ledgers: dict[str, Ledger] = attrs.Factory(dict)
    counters: dict[str, int] = attrs.Factory(dict)
    stock: dict[str, tuple[int, int]] = attrs.Factory(dict)
    holds: dict[str, StoredHold] = attrs.Factory(dict)
    leases: dict[str, list[tuple[datetime, str]]] = attrs.Factory(dict)
    keys: dict[tuple[str, str], tuple[str, bytes]] = attrs.Factory(dict)
    outbox: Backlog = attrs.Factory(Backlog)

    def of(self, shape: Shape) -> Documents:
        """The documents of a collection."""
        found = self.documents.get(shape.collection.name)
        if found is None:
            found = self.documents[shape.collection.name] = Documents(shape)
        return found

    def ledger(self, name: str) -> Ledger:
        """The entries of a ledger."""
        found = self.ledgers.get(name)
        if found is None:
            found = self.ledgers[name] = Ledger()
        return found

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


def row_of(shape: Shape, kept: Kept) -> DocRow:
    """A document as checks and exports see it."""
    names = [column.name for column in shape.fit.columns]
    facts = {
        name: tuple(
            dict(zip((column.name for column in fit.columns), row, strict=True)) for row in kept.facts.get(name, ())
        )
        for name, fit in shape.facts.items()
    }
    return DocRow(shape.collection.name, kept.doc, dict(zip(names, kept.columns, strict=True)), facts)
