"""What couriers owe: the cash of each parcel that they should have collected, and what of it is claimed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import attrs

from tokolib.effects.model import EffectKind
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.changed import changed
from tokolib.kernel.clock import day
from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import Money
from tokolib.orders.model import Order
from tokolib.payments.model import Intent
from tokolib.payments.tenders import COD
from tokolib.reconciliation.books import collected
from tokolib.reconciliation.cod import Parcels
from tokolib.reconciliation.model import Movement, RowKind, Settlement

_SERVICE: Final = ":"
"""Between a courier and its service in the name of a delivery method: `jne:reg`."""


@attrs.frozen(kw_only=True)
class Owed:
    """What a courier still has to remit for one parcel; below zero what the shop owes the courier."""

    order_id: OrderId
    reference: str
    courier: str
    amount: Money
    since: date
    """The day of the delivery, or else of the hand-over; of a claim the day on which too little was remitted."""
    days: int
    """How long that is."""
    shipment_id: str
    tracking: str
    """The courier's number; empty when there is none."""
    settlement_id: str = ""
    """The row by which too little was remitted, where the rest is claimed."""
    claimed_by: date | None = None
    """By when a claim is to be made up for; None for what nobody has remitted anything of."""


def courier_of(order: Order) -> str:
    """The courier that collects for *order*: what stands before the service in its delivery method."""
    return order.delivery.method.partition(_SERVICE)[0] if order.delivery is not None else ""


def since(shipments: Iterable[Shipment], zone: str) -> date:
    """The day on which the last of *shipments* arrived, or else left."""
    return max(day(each.delivered_at or each.handed_over_at or each.made_at, zone) for each in shipments)


def debts(
    order: Order, intent: Intent, shipments: tuple[Shipment, ...], rows: Sequence[Settlement], zone: str
) -> Iterator[Movement]:
    """What the courier of a cash-on-delivery *order* collected, and what it should have.

    What is still due belongs to the last cash that came: so a row that tells of less than was due is short by that.
    """
    courier, settled = courier_of(order), {each.operation_id: each for each in rows}
    names = (order.id, order.reference, *(name for each in shipments for name in (each.id, each.tracking) if name))
    cash = [
        _told(
            collected(order.id, each, courier=courier, names=(*names, *each.references), zone=zone),
            settled.get(each.id),
        )
        for each in intent.operations
        if each.provider == COD.name and each.kind is EffectKind.CHARGE and each.succeeded
    ]
    units = sum(due for _, due in Parcels(order, shipments, rows).dues())
    due = Money(units, order.currency) if units else None
    if cash and due is not None:
        cash[-1] = changed(cash[-1], amount=cash[-1].amount + due, on=since(shipments, zone))
    yield from cash
    for each in rows:
        if each.pays_claim:
            yield _made_up(order, each, names)
    if not cash and due is not None:
        yield Movement(
            id=order.id,
            provider=courier,
            kind=RowKind.COLLECTION,
            on=since(shipments, zone),
            amount=due,
            booked=True,
            names=names,
            order_id=order.id,
        )


def _told(movement: Movement, row: Settlement | None) -> Movement:
    """Cash that a row told of: what is still claimed of it is what the books count on beside what was remitted."""
    if row is None or row.difference is None:
        return movement
    return changed(movement, amount=row.row.gross + Money(row.difference.left, row.row.currency))


def _made_up(order: Order, row: Settlement, names: tuple[str, ...]) -> Movement:
    """What a later row brought of a claim."""
    return Movement(
        id=row.id,
        provider=row.row.provider,
        kind=RowKind.COLLECTION,
        on=row.row.on,
        amount=row.row.gross,
        booked=True,
        names=names,
        order_id=order.id,
    )


def owed(
    order: Order, shipments: tuple[Shipment, ...], rows: Sequence[Settlement], today: date, zone: str
) -> Iterator[Owed]:
    """What is still to be remitted for each parcel of *order* that has left and not come back."""
    if order.tender != COD.name:
        return
    for parcel, due in Parcels(order, shipments, rows).dues():
        if due:
            last = since([parcel], zone)
            yield Owed(
                order_id=order.id,
                reference=order.reference,
                courier=courier_of(order),
                amount=Money(due, order.currency),
                since=last,
                days=(today - last).days,
                shipment_id=parcel.id,
                tracking=parcel.tracking,
            )


def claimed(row: Settlement, order: Order, shipments: Iterable[Shipment], today: date) -> Owed | None:
    """What is claimed by *row* and not made up for; None where nothing is."""
    made = row.difference
    if made is None or not made.is_open:
        return None
    return Owed(
        order_id=order.id,
        reference=order.reference,
        courier=row.row.provider,
        amount=Money(made.left, row.row.currency),
        since=row.row.on,
        days=(today - row.row.on).days,
        shipment_id=row.shipment_id,
        tracking=next((each.tracking for each in shipments if each.id == row.shipment_id), ""),
        settlement_id=row.id,
        claimed_by=made.due_on,
    )
