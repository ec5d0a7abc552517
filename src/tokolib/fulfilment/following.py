"""Asking couriers where parcels are: what each tells of its parcels, as scans of their shipment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import attrs

from tokolib.effects.answers import UnusableAnswer, answer
from tokolib.fulfilment import events as e
from tokolib.fulfilment.bookings.advance import Couriers, account
from tokolib.fulfilment.couriers.errors import NotOffered
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.fulfilment.errors import NothingToAsk
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.scanning import scan
from tokolib.kernel.clock import sortable
from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import LabelId, ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.shipping.tracking import Scan, TrackingStatus, fold

EVERY: Final = timedelta(hours=6)
"""So long after it was asked about a shipment a courier is asked again."""


@attrs.frozen
class Asked:
    """What became of asking couriers about what is on its way."""

    shipments: tuple[ShipmentId, ...]
    """Those that a courier has answered about, whatever it said."""
    failures: tuple[str, ...] = ()
    """About which there was no answer, and why; each is asked about again when it is due."""


@attrs.frozen
class Tracked:
    """The account that is asked about a shipment, and the numbers of its parcels."""

    account: str
    numbers: tuple[str, ...]
    unnumbered: int = 0
    """How many of its parcels have no number yet, so that nobody can tell where they are."""


async def due(unit: Unit, *, limit: int) -> tuple[ShipmentId, ...]:
    """Shipments that are out, and that their couriers are to be asked about now, the longest waiting first."""
    page = await unit[SHIPMENTS].where("by_ask", since="", until=_behind(unit.now), limit=limit)
    return tuple(each.id for each in page.items)


def _behind(now: datetime) -> str:
    return sortable(now + timedelta(microseconds=1))  # the index's range is half-open


async def tracked(unit: Unit, shipment_id: ShipmentId, courier: str) -> Tracked:
    """Who is asked about a shipment: the account of its labels, else *courier*.

    Raises:
        NotFound, IllegalShipmentTransition: it is not out. NothingToAsk: nobody knows a number, or whom to ask.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, e.CourierAsked)
    labels = await unit[LABELS].get_many([LabelId(each.label_id) for each in shipment.labels])
    accounts = sorted({each.account for each in labels.values()}) or ([courier] if courier else [])
    known = tuple(each.tracking for each in shipment.labels if each.tracking)
    numbers = known or (shipment.tracking,)
    if len(accounts) != 1 or not all(numbers):
        raise NothingToAsk(shipment.id, shipment.tracking, tuple(accounts))
    return Tracked(accounts[0], numbers, len(shipment.labels) - len(known) if known else 0)


async def ask(couriers: Couriers, asked: Tracked) -> tuple[Scan, ...]:
    """What the account tells of all parcels of a shipment. Called outside any unit.

    Raises:
        NoSuchCourier, NotOffered: it isn't there, or can't be asked. OutsideError, UnusableAnswer: no answer.
    """
    courier = account(couriers, asked.account)
    if no := courier.capabilities.no_track:
        raise NotOffered(courier.name, "track", no)
    silent: list[tuple[Scan, ...]] = [()] * asked.unnumbered
    return together([*[await _scans(courier, number) for number in asked.numbers], *silent])


async def _scans(courier: Courier, number: str) -> tuple[Scan, ...]:
    async def tell(tracking: str) -> object:
        return await resolved(courier.track(tracking))

    told = await answer(courier.name, "track", number, partial(tell, number))
    scans = tuple(each for each in told if isinstance(each, Scan)) if isinstance(told, tuple) else ()
    if scans != told:
        fault = Fault("", "kernel.wrong_type", "must be a tuple of Scans", shown(told))
        raise UnusableAnswer(courier.name, "track", number, (fault,))
    return scans


def together(parcels: Sequence[tuple[Scan, ...]]) -> tuple[Scan, ...]:
    """The scans of several parcels as those of their shipment: it is delivered with the last of them, not before."""
    scans = tuple(each for parcel in parcels for each in parcel)
    if len(parcels) == 1:
        return scans
    arrived = [fold(parcel).delivered_at for parcel in parcels]
    others = tuple(each for each in scans if each.status is not TrackingStatus.DELIVERED)
    if any(at is None for at in arrived):
        return others
    last = max((each for each in scans if each.status is TrackingStatus.DELIVERED), key=lambda each: each.at)
    return (*others, last)


async def take_in(unit: Unit, shipment_id: ShipmentId, scans: Sequence[Scan], *, again: bool) -> Shipment:
    """The shipment with what its courier told; asked about once more later, where that is of use *again*.

    Raises:
        NotFound: there is no such shipment. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.is_out:
        unit[SHIPMENTS].record(shipment, e.CourierAsked(unit.now, unit.now + EVERY if again else None))
    return await scan(unit, shipment_id, scans)
