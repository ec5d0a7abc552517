"""Aggregates as the storage has them, asked for in batches and soon forgotten.

The repositories of a unit remember everything that they read; a check of a big shop must not.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from tokolib.desk.ports import Archive
from tokolib.documents.model import Invoice
from tokolib.kernel.asks import Ask, GetMany
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Doc, Page, StoredHold
from tokolib.kernel.storage_errors import Unreadable
from tokolib.kernel.unit import Unit
from tokolib.reconciliation.model import Settlement

T = TypeVar("T")
REMEMBERED: Final = 256


class Books:
    """Finds stored aggregates by collection and id."""

    def __init__(self, unit: Unit, archive: Archive) -> None:
        self._unit = unit
        self._archive = archive
        self._collections = {each.name: each for each in archive.collections}
        self._docs: dict[tuple[str, str], Doc | None] = {}
        self._read: dict[tuple[str, str], object] = {}

    async def bring(self, **wanted: Iterable[str]) -> None:
        """Have documents at hand, by collection and id, in one trip; what was at hand before is forgotten."""
        ids = {name: list(dict.fromkeys(each)) for name, each in wanted.items()}
        asks: list[Ask[dict[str, Doc]]] = [GetMany(self._collections[name], each) for name, each in ids.items() if each]
        answers = iter(await resolved(self._unit.work.read(*asks)) if asks else ())
        self._docs, self._read = {}, {}
        for name, each in ids.items():
            docs: dict[str, Doc] = next(answers) if each else {}
            self._docs.update({(name, id): docs.get(id) for id in each})

    async def find(self, collection: str, id: str, of: type[T]) -> T | None:
        """The aggregate; None when it is gone or damaged, which its own check tells."""
        place = (collection, id)
        if place not in self._read:
            if len(self._read) >= REMEMBERED:
                del self._read[next(iter(self._read))]
            self._read[place] = await self._load(collection, id)
        found = self._read[place]
        return found if isinstance(found, of) else None

    async def papers(self, order_id: str) -> list[Invoice]:
        """The documents of an order that can be read, in no order."""
        return await self._of_order("invoices", order_id, Invoice)

    async def settlements(self, order_id: str) -> list[Settlement]:
        """The rows of settlement reports about an order that can be read, in no order."""
        return await self._of_order("settlements", order_id, Settlement)

    async def _of_order(self, name: str, order_id: str, of: type[T]) -> list[T]:
        found: list[T] = []
        after: str | None = None
        collection = self._collections[name]
        while True:
            asked = self._unit.work.find(collection, "by_order", equals={"order_id": order_id}, after=after)
            page: Page[Doc] = await resolved(asked)
            for doc in page.items:
                if (read := await self.find(name, doc.id, of)) is not None:
                    found.append(read)
            if page.after is None:
                return found
            after = page.after

    async def has(self, collection: str, id: str) -> bool:
        """Whether there is such a document."""
        return await self._doc(collection, id) is not None

    async def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """The holds that exist and can be read."""
        try:
            return await self._unit.holds(ids) if ids else {}
        except Unreadable:
            if len(ids) == 1:
                return {}
            return {id: hold for each in ids for id, hold in (await self.holds([each])).items()}

    async def _load(self, collection: str, id: str) -> object:
        doc = await self._doc(collection, id)
        try:
            return None if doc is None else self._archive.read(collection, doc)[0]
        except TokolibError:
            return None

    async def _doc(self, collection: str, id: str) -> Doc | None:
        place = (collection, id)
        if place not in self._docs:
            if len(self._docs) >= REMEMBERED * 4:
                del self._docs[next(iter(self._docs))]
            self._docs[place] = await resolved(self._unit.work.get(self._collections[collection], id))
        return self._docs[place]
