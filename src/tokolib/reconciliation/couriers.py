"""What couriers owe: cash on delivery that they should have collected, by order, with the day since when."""

from collections.abc import Iterable, Iterator
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
from tokolib.reconciliation.model import Movement, RowKind

_SERVICE: Final = ":"
"""Between a courier and its service in the name of a delivery method: `jne:reg`."""


@attrs.frozen(kw_only=True)
class Owed:
    """What a courier still has to remit for one order."""

    order_id: OrderId
    reference: str
    courier: str
    amount: Money
    since: date
    """The day of the last delivery, or else of the last hand-over."""
    days: int
    """How long that is."""


def courier_of(order: Order) -> str:
    """The courier that collects for *order*: what stands before the service in its delivery method."""
    return order.delivery.method.partition(_SERVICE)[0] if order.delivery is not None else ""


def since(shipments: Iterable[Shipment], zone: str) -> date:
    """The day on which the last of *shipments* arrived, or else left."""
    return max(day(each.delivered_at or each.handed_over_at, zone) for each in shipments)


def debts(order: Order, intent: Intent, shipments: tuple[Shipment, ...], zone: str) -> Iterator[Movement]:
    """What the courier of a cash-on-delivery *order* collected, and what it should have.

    What is still due belongs to the last cash that came: so a row that tells of less than was due is short by that.
    """
    courier, names = courier_of(order), (order.id, order.reference)
    cash = [
        collected(order.id, each, courier=courier, names=(*names, *each.references), zone=zone)
        for each in intent.operations
        if each.provider == COD.name and each.kind is EffectKind.CHARGE and each.succeeded
    ]
    due = order.due if shipments and order.due.minor_units > 0 else None
    if cash and due is not None:
        cash[-1] = changed(cash[-1], amount=cash[-1].amount + due, on=since(shipments, zone))
    yield from cash
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


def owed(order: Order, shipments: tuple[Shipment, ...], today: date, zone: str) -> Owed | None:
    """What is still to be remitted for *order*; None where nothing is, or nothing has left yet."""
    if order.tender != COD.name or not shipments or order.due.minor_units <= 0:
        return None
    last = since(shipments, zone)
    return Owed(
        order_id=order.id,
        reference=order.reference,
        courier=courier_of(order),
        amount=order.due,
        since=last,
        days=(today - last).days,
    )
