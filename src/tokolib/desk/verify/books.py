"""Aggregates as the storage has them, read one by one and soon forgotten.

The repositories of a unit remember everything that they read; a check of a big shop must not.
"""

from typing import Final, TypeVar

from tokolib.desk.ports import Archive
from tokolib.documents.model import Invoice
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Doc, Page
from tokolib.kernel.unit import Unit

T = TypeVar("T")
REMEMBERED: Final = 64


class Books:
    """Finds stored aggregates by collection and id."""

    def __init__(self, unit: Unit, archive: Archive) -> None:
        self._unit = unit
        self._archive = archive
        self._collections = {each.name: each for each in archive.collections}
        self._read: dict[tuple[str, str], object] = {}
        self._asked: tuple[str, str, bool] = ("", "", False)

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
        found: list[Invoice] = []
        after: str | None = None
        collection = self._collections["invoices"]
        while True:
            asked = self._unit.work.find(collection, "by_order", equals={"order_id": order_id}, after=after)
            page: Page[Doc] = await resolved(asked)
            for doc in page.items:
                if (read := await self.find("invoices", doc.id, Invoice)) is not None:
                    found.append(read)
            if page.after is None:
                return found
            after = page.after

    async def has(self, collection: str, id: str) -> bool:
        """Whether there is such a document; rows that follow each other often ask for the same one."""
        if self._asked[:2] != (collection, id):
            self._asked = (collection, id, await self._doc(collection, id) is not None)
        return self._asked[2]

    async def _load(self, collection: str, id: str) -> object:
        doc = await self._doc(collection, id)
        try:
            return None if doc is None else self._archive.read(collection, doc)[0]
        except TokolibError:
            return None

    async def _doc(self, collection: str, id: str) -> Doc | None:
        return await resolved(self._unit.work.get(self._collections[collection], id))
