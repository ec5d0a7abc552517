"""Having parcels fetched, as steps on an open unit. Nobody is asked here: a wish is stored with its key."""

from collections.abc import Iterable, Sequence
from typing import Final

from tokolib.effects.model import EffectKind
from tokolib.fulfilment import events as s
from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.fulfilment.couriers.model import PickupParcel, PickupRequest, PickupWindow
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.pickups import events as e
from tokolib.fulfilment.pickups.errors import LabelledElsewhere, PickupMade, PickupNotOpen, PickupStands
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.fulfilment.pickups.ports import PICKUPS
from tokolib.fulfilment.pickups.states import PickupState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.together import one_location
from tokolib.kernel.address import Address
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import PickupId, ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.orders.ports import ORDERS


async def wish(
    unit: Unit, ids: Iterable[ShipmentId], account: str, window: PickupWindow, address: Address | None
) -> Pickup:
    """A pickup of labelled shipments; the one that they have, where it is the same.

    Raises:
        NotFound, IllegalShipmentTransition: one isn't labelled. NotTogether: they are in several locations.
        LabelledElsewhere: by another account. PickupStands: another pickup has one.
        InvalidInput: no shipment, or a window that is over. Nothing was stored.
    """
    shipments = [await unit[SHIPMENTS].get(id) for id in sorted(set(ids))]
    location = one_location(shipments)
    for each in shipments:
        check_shipment(each, s.PickupAsked)
    request = PickupRequest(window=window, address=address, parcels=await _parcels(unit, shipments, account))
    if (known := await _standing(unit, shipments, account, request)) is not None:
        return known
    if not window.since < window.until or window.until <= unit.now:
        raise InvalidInput((Fault("window", "fulfilment.no_window", "must end after it begins, and in the future"),))
    id = PickupId(unit.new_id("pkp"))
    currency = (await unit[ORDERS].get(shipments[0].order_id)).currency
    pickup = Pickup(
        id=id,
        version=1,
        account=account,
        location=location,
        shipments=tuple(each.id for each in shipments),
        request=request,
        asked_at=unit.now,
        buying=await bookings.wish(unit, PICKUPS_BOOKED, id=id, account=account, subject=location, currency=currency),
    )
    for each in shipments:
        unit[SHIPMENTS].record(each, s.PickupAsked(id))
    return unit[PICKUPS].record(None, e.PickupWished(pickup))


async def _parcels(unit: Unit, shipments: Sequence[Shipment], account: str) -> tuple[PickupParcel, ...]:
    parcels: list[PickupParcel] = []
    for shipment in shipments:
        labels = await unit[LABELS].get_many([each.label_id for each in shipment.labels])
        if other := sorted({each.account for each in labels.values()} - {account}):
            raise LabelledElsewhere(shipment.id, account, tuple(other))
        for each in (labels[kept.label_id] for kept in shipment.labels):
            parcels.append(PickupParcel(tracking=each.tracking, reference=each.reference, grams=each.request.grams))
    return tuple(parcels)


async def _standing(unit: Unit, shipments: Sequence[Shipment], account: str, request: PickupRequest) -> Pickup | None:
    """The pickup that is just the one asked for; None where no shipment has one.

    Raises:
        PickupStands: one has another.
    """
    known = await unit[PICKUPS].get_many(sorted({each.pickup_id for each in shipments if each.pickup_id}))
    standing = {id: pickup for id, pickup in known.items() if pickup.claims(unit.now)}
    for each in shipments:
        if (pickup := standing.get(each.pickup_id)) is not None:
            asked = (account, tuple(one.id for one in shipments), request)
            if (pickup.account, pickup.shipments, pickup.request) == asked:
                return pickup
            raise PickupStands(each.id, pickup.id, pickup.state)
    return None


async def wish_cancel(unit: Unit, pickup_id: PickupId) -> Pickup:
    """A pickup that stands is to be cancelled; one that is, or was, stays as it is.

    Raises:
        NotFound: there is no such pickup. PickupNotOpen: it was not booked, or nobody knows yet. PickupMade: a
            driver has what was to be fetched. Nothing was changed.
    """
    pickup = await unit[PICKUPS].get(pickup_id)
    if pickup.state is PickupState.CANCELLED or (pickup.voids and pickup.turn is not None):
        return pickup
    if not pickup.stands:
        raise PickupNotOpen(pickup.id, pickup.state, "pickups.cancel")
    shipments = await unit[SHIPMENTS].get_many(pickup.shipments)
    manifests = sorted({each.manifest_id for each in shipments.values()} - {""})
    if manifests and not any(each.is_here for each in shipments.values()):
        raise PickupMade(pickup.id, manifests[0])
    return await bookings.wish_void(unit, PICKUPS_BOOKED, pickup)


async def left_behind(unit: Unit, pickup_id: PickupId) -> tuple[Shipment, ...]:
    """The shipments of a pickup that are still here, in its order.

    Raises:
        NotFound: there is no such pickup.
    """
    pickup = await unit[PICKUPS].get(pickup_id)
    found = await unit[SHIPMENTS].get_many(pickup.shipments)
    return tuple(found[id] for id in pickup.shipments if found[id].is_here)


async def _told(unit: Unit, pickup: Pickup) -> None:
    """The shipments of a pickup that is not any more have none."""
    if not pickup.is_gone:
        return
    for each in (await unit[SHIPMENTS].get_many(pickup.shipments)).values():
        if each.pickup_id == pickup.id and each.state in (ShipmentState.PACKED, ShipmentState.LABELLED):
            unit[SHIPMENTS].record(each, s.PickupGone(pickup.id))


PICKUPS_BOOKED: Final = Bookable(
    noun="pickup",
    port=PICKUPS,
    buying=EffectKind.PICKUP,
    voiding=EffectKind.PICKUP_CANCEL,
    void_wished=e.PickupVoidWished,
    leased=e.PickupLeased,
    unasked=e.PickupUnasked,
    presumed=e.PickupPresumed,
    observed=e.PickupObserved,
    resolved=e.PickupResolved,
    refusal=lambda pickup, asked: PickupNotOpen(pickup.id, pickup.state, asked),
    resolving="pickups.resolve",
    follow=_told,
)
"""Pickups, as what is booked of couriers."""
