"""Buying labels and giving them back, as steps on an open unit. Nobody is asked here: a wish is stored with its key."""

from typing import Final

from tokolib.effects.model import EffectKind
from tokolib.fulfilment import events as s
from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.fulfilment.couriers.model import LabelRequest
from tokolib.fulfilment.labels import events as e
from tokolib.fulfilment.labels.asking import told
from tokolib.fulfilment.labels.cash import left_to_ask
from tokolib.fulfilment.labels.errors import LabelNotOpen
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.labels.states import LabelState
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import ParcelLabel, Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.address import Address
from tokolib.kernel.ids import LabelId, ShipmentId
from tokolib.kernel.unit import Unit, every
from tokolib.orders.ports import ORDERS


async def labels_of(unit: Unit, shipment_id: str) -> tuple[Label, ...]:
    """The labels of a shipment, those that were refused and given back too, the first one first."""
    found = await every(unit[LABELS], "by_shipment", {"shipment_id": shipment_id})
    return tuple(sorted(found, key=lambda each: (each.asked_at, each.parcel, each.id)))


async def wish(unit: Unit, shipment_id: ShipmentId, account: str, sender: Address | None) -> tuple[Label, ...]:
    """The labels of all parcels of a shipment: those that it has, and a wish for each of the others.

    Raises:
        NotFound, IllegalShipmentTransition: it isn't packed. NoRecipient: nobody to send to.
        NotToThatPoint: a parcel can't wait at the order's collection point. Nothing was stored.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, s.LabelAsked)
    order = await unit[ORDERS].get(shipment.order_id)
    for parcel in shipment.parcels:
        if all(each.parcel != parcel.number for each in shipment.labels):
            cash = await left_to_ask(unit, order, shipment)
            request = told(order, shipment, parcel, account=account, sender=sender, cash=cash)
            label = await _wished(unit, shipment, account, request)
            shipment = unit[SHIPMENTS].record(shipment, _asked(label))
    return tuple([await unit[LABELS].get(LabelId(each.label_id)) for each in shipment.labels])


async def _wished(unit: Unit, shipment: Shipment, account: str, request: LabelRequest) -> Label:
    id, currency = LabelId(unit.new_id("lab")), request.value.currency
    label = Label(
        id=id,
        version=1,
        order_id=shipment.order_id,
        shipment_id=shipment.id,
        parcel=request.parcel,
        account=account,
        request=request,
        asked_at=unit.now,
        buying=await bookings.wish(unit, LABELS_BOOKED, id=id, account=account, subject=shipment.id, currency=currency),
    )
    return unit[LABELS].record(None, e.LabelWished(label))


async def wish_void(unit: Unit, label_id: LabelId) -> Label:
    """A label that stands is to be given back; one that is, or was, stays as it is.

    Raises:
        NotFound: there is no such label. LabelNotOpen: it was not bought, or nobody knows yet.
        IllegalShipmentTransition: its shipment has left. Nothing was changed.
    """
    label = await unit[LABELS].get(label_id)
    if label.state is LabelState.VOIDED or (label.wishes.voiding is not None and label.turn is not None):
        return label
    if label.state is not LabelState.BOUGHT:
        raise LabelNotOpen(label.id, label.state, "shipments.void_label")
    shipment = await unit[SHIPMENTS].get(label.shipment_id)
    check_shipment(shipment, s.LabelAsked)
    label = await bookings.wish_void(unit, LABELS_BOOKED, label)
    unit[SHIPMENTS].record(shipment, _asked(label))
    return label


def _asked(label: Label) -> s.LabelAsked:
    cod = label.request.cod
    return s.LabelAsked(label.id, label.parcel, 0 if cod is None else cod.minor_units)


async def _told(unit: Unit, label: Label) -> None:
    """Tell the shipment of *label* what has become of it: of one that has left, the number that it is tracked by."""
    shipment = await unit[SHIPMENTS].get(label.shipment_id)
    kept = next((each for each in shipment.labels if each.label_id == label.id), None)
    if kept is not None and shipment.state in (ShipmentState.PACKED, ShipmentState.LABELLED):
        _follow(unit, shipment, kept, label)
    elif kept is not None and shipment.is_out and label.stands and label.tracking:
        _number(unit, shipment, kept, label.tracking)


def _number(unit: Unit, shipment: Shipment, kept: ParcelLabel, tracking: str) -> None:
    """Only the first parcel's number is the shipment's, and none that somebody has given it."""
    if kept.tracking != tracking:
        shipment = unit[SHIPMENTS].record(shipment, s.LabelStands(kept.label_id, tracking))
    if not shipment.tracking and shipment.labels[0].label_id == kept.label_id:
        unit[SHIPMENTS].record(shipment, s.TrackingSet(tracking))


def _follow(unit: Unit, shipment: Shipment, kept: ParcelLabel, label: Label) -> None:
    match label.state:
        case LabelState.BOUGHT:
            _stands(unit, shipment, kept, label)
        case LabelState.REVIEW if not kept.waits:
            unit[SHIPMENTS].record(shipment, s.LabelDoubted(label.id))
        case LabelState.VOIDED | LabelState.REFUSED:
            unit[SHIPMENTS].record(shipment, s.LabelGone(label.id))
        case _:
            pass


def _stands(unit: Unit, shipment: Shipment, kept: ParcelLabel, label: Label) -> None:
    if kept.waits or kept.tracking != label.tracking:
        shipment = unit[SHIPMENTS].record(shipment, s.LabelStands(label.id, label.tracking))
    whole = len(shipment.labels) == len(shipment.parcels) and not any(each.waits for each in shipment.labels)
    if whole and shipment.state is ShipmentState.PACKED:
        unit[SHIPMENTS].record(shipment, s.ShipmentLabelled(shipment.labels[0].tracking))


LABELS_BOOKED: Final = Bookable(
    noun="label",
    port=LABELS,
    buying=EffectKind.LABEL,
    voiding=EffectKind.LABEL_VOID,
    void_wished=e.LabelVoidWished,
    leased=e.LabelLeased,
    unasked=e.LabelUnasked,
    presumed=e.LabelPresumed,
    observed=e.LabelObserved,
    resolved=e.LabelResolved,
    refusal=lambda label, asked: LabelNotOpen(label.id, label.state, asked),
    resolving="shipments.resolve_label",
    follow=_told,
)
"""Labels, as what is booked of couriers."""
