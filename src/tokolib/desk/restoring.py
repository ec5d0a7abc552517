"""After a restore: the storage is as the backup was, and the world outside has gone on.

Everything that keeps us from doing again what the lost time has done is decided in one unit: a new epoch for every
new key, the number series moved past what is known outside, and every open operation marked as perhaps sent, so that
`tick` looks it up before anything is sent. Then the provider's settlement list tells what else has happened.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

import attrs

from tokolib.desk.booked import BOOKED
from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.filing.ports import FILINGS
from tokolib.documents.filing.steps import presume_sent
from tokolib.documents.model import LostNumbers, printed
from tokolib.documents.numbering import last_known, skip_lost
from tokolib.documents.ports import SERIES
from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectState, Operation
from tokolib.effects.ports import Observe
from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.fulfilment.bookings.steps import presume_sent as presume_booked
from tokolib.kernel.configuration import SETTINGS_ID, Restore, ShopRestored, next_epoch
from tokolib.kernel.ids import OperationId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.lists import texts
from tokolib.kernel.unit import PAGE, SETTINGS, Port, Repository, Unit, every
from tokolib.kernel.work import Work, once
from tokolib.payments.events import SendingPresumed
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.reconciliation.model import Settlement, SettlementRow
from tokolib.reconciliation.taking_in import TakenIn, check_kind, take_in
from tokolib.reconciliation.terms import ReconcileTerms

PERMISSION: Final = "shop.after_restore"
A = TypeVar("A")
_LAST: Final = "\U0010ffff"
"""Above every instant and every name as an index has it."""


@attrs.frozen(kw_only=True)
class Restored:
    """What a shop made of its restoring from a backup; `str(report)` tells it in words."""

    epoch: int
    """What stands in every new idempotency key from now on."""
    at: datetime
    """When it began."""
    presumed: tuple[OperationId, ...]
    """Operations without a definite answer: each may have been sent since the backup, so the next `tick` looks it up
    before anything is sent. A tax provider can't look up, and is told again under the same key.
    """
    lost_numbers: tuple[LostNumbers, ...]
    """Numbers that documents outside have, and none here."""
    settlements: TakenIn
    """What became of the rows of the provider's list."""

    @property
    def unmatched(self) -> tuple[Settlement, ...]:
        """Rows in review: money of orders that were lost, and what contradicts the books."""
        return self.settlements.review

    def __str__(self) -> str:
        return "\n".join([*self._of_ours(), *self._of_theirs()])

    def _of_ours(self) -> Iterable[str]:
        yield f"restored: epoch {self.epoch} since {self.at:%Y-%m-%d %H:%M} UTC"
        yield f"perhaps sent: {len(self.presumed)} operations, looked up by the next tick before anything is sent"
        for lost in self.lost_numbers:
            numbers = dict.fromkeys(printed(lost.series, serial) for serial in (lost.first, lost.last))
            yield f"numbers lost: {' to '.join(numbers)}, {len(lost.serials)} in all"

    def _of_theirs(self) -> Iterable[str]:
        taken = self.settlements
        waiting = "1 waits" if len(taken.review) == 1 else f"{len(taken.review)} wait"
        yield (
            f"settlements: {len(taken.posted)} fit the books, {len(taken.learned)} of them by money learned just now; "
            f"{taken.known} were known; {waiting} for a person"
        )
        for each in taken.review:
            row = each.row
            yield f"  {row.name}: {row.kind} {row.reference or row.key} of {row.gross}: {each.why}"


async def after_restore(
    work: Work,
    observe: Observe,
    *,
    key: str,
    reason: str,
    last_numbers: Iterable[str],
    settlements: Iterable[SettlementRow],
    terms: ReconcileTerms | None,
) -> Restored:
    """Begin a new epoch, once per *key*, and take in what the provider has settled; see `shop.after_restore`."""
    why, numbers, rows = given_reason(reason), texts("last_numbers", last_numbers), tuple(settlements)
    check_kind("settlements", rows, SettlementRow)

    async def begin(unit: Unit) -> int:
        epoch, _ = await once(unit, PERMISSION, key, (why, sorted(numbers)), lambda: _begin(unit, why, numbers))
        return int(epoch)

    async def tell(unit: Unit) -> Restored:
        return await _told(unit, epoch, taken)

    epoch = await work.write(PERMISSION, begin)
    taken = await take_in(partial(work.own().write, PERMISSION), rows, terms, observe)
    return await work.read(tell)


async def _begin(unit: Unit, reason: str, numbers: Sequence[str]) -> str:
    known = await last_known(unit, numbers)
    shop = await unit[SETTINGS].get(SETTINGS_ID)
    epoch = next_epoch(shop.epoch, unit.now)
    unit[SETTINGS].record(shop, ShopRestored(Restore(epoch, unit.now, str(unit.ctx.actor), reason)))
    for name, last in sorted(known.items()):
        await skip_lost(unit, name, last, reason)
    for filing in await _open_filings(unit):
        await presume_sent(unit, filing)
    for bookable, booking in await _open_bookings(unit):
        await presume_booked(unit, bookable, booking)
    for intent in await _waiting(unit):
        if presumed := [SendingPresumed(each.id, unit.now) for each in intent.operations if _may_have_left(each)]:
            unit[INTENTS].record(intent, *presumed)
    return str(epoch)


def _may_have_left(operation: Operation) -> bool:
    """Whether a gateway is still to be asked for it, or about it."""
    waits = is_open(operation) and operation.state is not EffectState.REVIEW
    return waits and operation.next_at is not None


async def _waiting(unit: Unit) -> tuple[Intent, ...]:
    """Every payment that a gateway is to be asked about, now or later."""
    return tuple([each async for each in _asked(unit, INTENTS)])


async def _open_filings(unit: Unit) -> tuple[TaxFiling, ...]:
    """Every invoice that a tax provider is to be told of, now or later."""
    return tuple([each async for each in _asked(unit, FILINGS)])


async def _open_bookings(unit: Unit) -> tuple[tuple[Bookable[Any], Booking], ...]:
    """Every label, return label and pickup that a courier is to be asked about, now or later."""
    kinds = [calls.bookable for calls in BOOKED]
    return tuple([(kind, each) for kind in kinds async for each in _asked(unit, kind.port)])


async def _asked(unit: Unit, port: Port[Repository[A]]) -> AsyncIterator[A]:
    """All that somebody outside is to be asked for, be he there or not."""
    for index in ("ask", "absent"):
        after: str | None = None
        while True:
            page = await unit[port].where(index, since="", until=_LAST, after=after, limit=PAGE)
            for each in page.items:
                yield each
            if (after := page.after) is None:
                break


async def _told(unit: Unit, epoch: int, taken: TakenIn) -> Restored:
    shop = await unit[SETTINGS].get(SETTINGS_ID)
    restore = next(each for each in shop.restores if each.epoch == epoch)
    waiting = [each for intent in await _waiting(unit) for each in intent.operations if _may_have_left(each)]
    waiting += [filing.turn for filing in await _open_filings(unit) if filing.turn is not None]
    waiting += [booking.turn for _, booking in await _open_bookings(unit) if booking.turn is not None]
    series = await every(unit[SERIES], "by_id", {})
    return Restored(
        epoch=epoch,
        at=restore.at,
        presumed=tuple(each.id for each in waiting if each.sent_at == restore.at),
        lost_numbers=tuple(lost for each in series for lost in each.lost if lost.at == restore.at),
        settlements=taken,
    )
