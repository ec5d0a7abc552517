"""The pool of licences, as steps on an open unit: keys come in sealed, and go when they are of no use."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import attrs

from tokolib.catalog.model import Sellable
from tokolib.fulfilment.licences.errors import KeysKnown
from tokolib.fulfilment.licences.events import LicenceAdded, LicenceRead, LicenceRevoked, LicenceWithdrawn
from tokolib.fulfilment.licences.lifecycle import check
from tokolib.fulfilment.licences.model import Licence, LicenceState, code_of, licence_id
from tokolib.fulfilment.licences.ports import LICENCES
from tokolib.inventory import moving
from tokolib.inventory.lots.events import LotBlocked
from tokolib.inventory.lots.model import LotReceipt, lot_id
from tokolib.inventory.lots.ports import LOTS
from tokolib.inventory.lots.tracking import track
from tokolib.inventory.model import StockState, Tracked, place, state_of
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import LicenceId, OrderId
from tokolib.kernel.unit import Unit, every
from tokolib.orders.model import Order

MOST_NAMED: Final = 20


@attrs.frozen
class SealedKey:
    """A key as it is stored."""

    sealed: str = attrs.field(repr=False)
    digest: str = attrs.field(repr=False)


async def add(
    unit: Unit, one: Sellable, keys: Sequence[SealedKey], *, location: str, expires_on: date | None
) -> tuple[LicenceId, ...]:
    """Put *keys* into the pool of a digital good, at a location: all of them or none.

    Raises:
        KeysKnown: some of them are there, or named twice. AlreadyMoved: it has stock that is no licences.
        UnknownLocation, UnitChanged. InvalidInput: they have expired. Nothing was changed.
    """
    if expires_on is not None and expires_on < (today := await unit.today()):
        message = f"must be {today} or later: nobody could be granted them"
        raise InvalidInput((Fault("expires_on", "fulfilment.expired", message, str(expires_on)),))
    await track(unit, one.key, Tracked.LICENCE)
    codes = [code_of(each.digest) for each in keys]
    known = await unit[LICENCES].get_many([licence_id(one.key, code) for code in codes])
    doubled = [n for n, code in enumerate(codes, 1) if code in codes[: n - 1] or licence_id(one.key, code) in known]
    if doubled:
        raise KeysKnown(one.sku, tuple(doubled[:MOST_NAMED]), len(doubled))
    for each, code in zip(keys, codes, strict=True):
        licence = Licence(
            id=licence_id(one.key, code),
            version=1,
            key=one.key,
            sku=one.sku,
            code=code,
            sealed=each.sealed,
            added_at=unit.now,
            expires_on=expires_on,
        )
        unit[LICENCES].record(None, LicenceAdded(licence))
    receipts = [LotReceipt(code, 1, expires_on) for code in codes]
    await moving.receive(unit, {one.key: len(codes)}, location=location, receipts={one.key: receipts}, licences=True)
    return tuple(licence_id(one.key, code) for code in codes)


async def read(unit: Unit, licence_id: LicenceId) -> Licence:
    """The licence whose key somebody reads, with that on record.

    Raises:
        NotFound, IllegalLicenceTransition: it was not granted, or is revoked. Nothing was changed.
    """
    return unit[LICENCES].record(await unit[LICENCES].get(licence_id), LicenceRead(unit.now))


async def withdraw(unit: Unit, licence_id: LicenceId, reason: str) -> Licence:
    """A licence of the pool is of no use: it is written off.

    Raises:
        NotFound, IllegalLicenceTransition: it is no longer in the pool. BelowHeld: orders hold all that are left.
            Nothing was changed.
    """
    licence = await unit[LICENCES].get(licence_id)
    check(licence, LicenceWithdrawn)
    lot = await unit[LOTS].get(lot_id(licence.key, licence.code))
    gone = {licence.key: {licence.code: 1}}
    for there in lot.places:  # none, where it was lost on its way to another location
        where, state = place(there)[0], StockState(state_of(there))
        await moving.write_off(
            unit, {licence.key: 1}, location=where, state=state, reason=reason, lots=gone, licences=True
        )
    return await end(unit, licence, LicenceWithdrawn(reason), reason)


async def end(unit: Unit, licence: Licence, event: LicenceRevoked | LicenceWithdrawn, reason: str) -> Licence:
    """*licence* after its last *event*: even where somebody puts it on the shelf again, it never leaves."""
    lot = await unit[LOTS].get(lot_id(licence.key, licence.code))
    if not lot.blocked:
        unit[LOTS].record(lot, LotBlocked(reason))
    return unit[LICENCES].record(licence, event)


async def licences_of(unit: Unit, order_id: OrderId) -> tuple[Licence, ...]:
    """What an order has got, what was revoked since too, the first one first."""
    found = await every(unit[LICENCES], "by_order", {"order_id": order_id})
    return tuple(sorted(found, key=lambda each: (each.grant is not None and each.grant.at, each.id)))


async def take_back(unit: Unit, order: Order, reason: str, *, lines: Iterable[str]) -> None:
    """Of *lines* that have fewer units by now, as many licences are revoked: those that nobody has read come first."""
    digital = [each for each in order.lines if each.line.digital and each.id in lines]
    if not digital:
        return
    granted = [each for each in await licences_of(unit, order.id) if each.state is LicenceState.GRANTED]
    for line in digital:
        own = [each for each in granted if each.grant is not None and each.grant.line_id == line.id]
        unread_first = sorted(own, key=lambda each: each.readings > 0)
        for licence in unread_first[: max(len(own) - len(line.kept), 0)]:
            await end(unit, licence, LicenceRevoked(reason), reason)
