"""What couriers are told of parcels, made from shipments and orders."""

from collections.abc import Iterable

from tokolib.fulfilment.couriers.model import LabelContent, LabelRequest
from tokolib.fulfilment.labels.cash import worth_of
from tokolib.fulfilment.labels.errors import NoRecipient, NotToThatPoint
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.packing.model import PackedParcel
from tokolib.kernel.address import Address
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import Quantity
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.shipping.points import CollectionPoint


def told(
    order: Order, shipment: Shipment, parcel: PackedParcel, *, account: str, sender: Address | None, cash: int
) -> LabelRequest:
    """*parcel* as the courier *account* is told of it.

    Cash is collected for its units' shares, and for no more than *cash* minor units.

    Raises:
        NoRecipient: the order has no address. NotToThatPoint: its collection point is another courier's, or too small.
    """
    if order.ship_to is None:
        raise NoRecipient(order.id)
    point = _point(order, shipment, parcel, account)
    worth = worth_of(order, parcel.runs)
    return LabelRequest(
        order_reference=order.reference,
        parcel=parcel.number,
        parcels=len(shipment.parcels),
        service=shipment.method.partition(":")[2] or shipment.method,
        sender=sender,
        recipient=order.ship_to,
        grams=parcel.grams,
        dimensions=parcel.dimensions,
        contents=contents(order, parcel.runs),
        value=Money(worth, order.currency),
        cod=Money(min(worth, cash), order.currency) if min(worth, cash) > 0 else None,
        fragile=parcel.fragile,
        hazards=parcel.hazards,
        point=point,
    )


def _point(order: Order, shipment: Shipment, parcel: PackedParcel, account: str) -> CollectionPoint | None:
    """Where it waits for its recipient; a shipment that goes otherwise than was agreed goes to the door."""
    chosen = order.delivery
    if chosen is None or chosen.point is None or chosen.method != shipment.method:
        return None
    point = chosen.point
    if point.courier != account:
        why = f"it is one of {point.courier}, and the label is to be bought at {account}"
        raise NotToThatPoint(order.id, point.id, parcel.number, why)
    if not point.takes(parcel.grams, parcel.dimensions):
        why = f"with its {parcel.grams} g it is heavier or larger than the point takes"
        raise NotToThatPoint(order.id, point.id, parcel.number, why)
    return point


def contents(order: Order, runs: Iterable[Run]) -> tuple[LabelContent, ...]:
    """*runs* of units as a label describes them."""
    units: dict[str, int] = {}
    for run in runs:
        units[run.line_id] = units.get(run.line_id, 0) + run.units
    return tuple(
        LabelContent(sku=line.line.sku, name=line.line.name, quantity=Quantity(units[line.id], line.line.unit))
        for line in order.lines
        if line.id in units
    )
