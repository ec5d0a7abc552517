"""Idempotency keys and the inbox: X2, X3. Each key leads to what it made, and what was made knows its key."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.numbers import REPAIR
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import PAGE, Findings, rows
from tokolib.effects.keys import intent_of
from tokolib.effects.model import Verdict
from tokolib.kernel.asks import Recall
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.events import stream_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import KeyRow, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.orders.ordering import asked_for
from tokolib.payments.folding import INBOX
from tokolib.payments.model import Intent

SCOPE: Final = "orders.place"
_RESTORE: Final = "restore the key's row from a backup"
_HOMES: Final[Mapping[str, str]] = {
    "fgn": "foreign_orders",
    "off": "offers",
    "ord": "orders",
    "shp": "shipments",
    "ret": "returns",
    "exc": "exchanges",
    "clm": "claims",
    "int": "intents",
    "inv": "invoices",
    "gft": "gift_cards",
    "crd": "credit_grants",
}
_SHA256: Final = 64


@attrs.define
class Keys:
    """The keys that somebody tells of: of placements, of documents, and of the references of providers."""

    placed: Tally = attrs.field(factory=lambda: Tally("X2", _RESTORE))
    issued: Tally = attrs.field(factory=lambda: Tally("I1", REPAIR))
    references: Tally = attrs.field(factory=lambda: Tally("X3", _RESTORE))

    def told(self, scope: str) -> Tally | None:
        """The one that the keys of *scope* are compared by; None when only what they lead to is looked for."""
        match scope.partition(":")[0]:
            case "orders.place":
                return self.placed
            case "documents.issue":
                return self.issued
            case "payments.reference":
                return self.references
            case _:
                return None


def say_key(order: Order, placed: Tally) -> None:
    """The key of an order is stored, belongs to its very request, and leads to it."""
    request = fingerprint(asked_for(order.quote_id or order.basket_hash, order.tender, order.credit_hash, order.plan))
    placed.said(f"key {SCOPE} {order.key}", request, order.id)


async def check_keys(unit: Unit, books: Books, keys: Keys, found: Findings) -> None:
    """Every key leads to something that is there, and what was made under one tells of it."""
    page: list[KeyRow] = []
    async for row in rows(unit, Kind.KEYS, KeyRow, found):
        page.append(row)
        if len(page) == PAGE:
            await _check_page(unit, books, keys, page, found)
            page = []
    if page:
        await _check_page(unit, books, keys, page, found)


async def _check_page(unit: Unit, books: Books, keys: Keys, page: Sequence[KeyRow], found: Findings) -> None:
    found.saw("keys", len(page))
    answers = await resolved(unit.work.read(*[Recall(row.scope, row.key, row.fingerprint) for row in page]))
    results = [(seen.result if seen else b"").decode("utf-8", "replace") for seen in answers]
    loose = [
        (row, result) for row, result in zip(page, results, strict=True) if keys.told(row.scope) in (None, keys.issued)
    ]
    wanted: dict[str, list[str]] = {}
    for home, id in [place for _, result in loose for place in _places(result)]:
        wanted.setdefault(home, []).append(id)
    await books.bring(**wanted)
    for row, result in zip(page, results, strict=True):
        if (tally := keys.told(row.scope)) is not None:
            details = (result,) if tally is keys.references else (row.fingerprint, result)
            tally.found(f"key {row.scope} {row.key}", *details)
        elif row.scope.startswith(f"{INBOX}:"):
            _check_message(row, result, found)
    for row, result in loose:
        for each in result.split(","):
            told = f"leads to {each}, which is not there"
            found.expect(await _is_there(unit, books, each), "X2", f"key {row.key}", told, _RESTORE)


def _check_message(row: KeyRow, result: str, found: Findings) -> None:
    """X3: a delivered message is kept with the digest of its bytes, and what became of it."""
    verdict, _, reasons = result.partition(",")
    known = verdict in tuple(Verdict) and len(row.fingerprint) == _SHA256
    told = f"{row.scope} became {result!r}"
    found.expect(known and bool(reasons) >= (verdict == Verdict.QUARANTINED), "X3", f"key {row.key}", told, _RESTORE)


def _places(result: str) -> Iterator[tuple[str, str]]:
    """The documents that a key leads to; none for a word about a message, or a batch of movements."""
    for id in result.split(","):
        if "_" in id and (home := _HOMES.get(id.partition("_")[0])) is not None:
            yield home, intent_of(id) or id


async def _is_there(unit: Unit, books: Books, id: str) -> bool:
    """Whether there is what a key leads to; where only its document is lost or damaged the key is right, and O1 or R1
    tells of it.
    """
    for home, place in _places(id):
        if place == id and await books.has(home, id):
            return True
        intent = None if place == id else await books.find("intents", place, Intent)
        if intent is not None:
            return intent.operation(id) is not None
        return bool(await resolved(unit.work.history(stream_of(home, place), limit=1)))
    return True
