"""The cash that couriers are told to collect for an order: all its parcels together, and never more than is due.

A label says what its parcel brings, and is not changed; so what changes later is looked at again before it leaves.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from tokolib.effects.model import EffectKind
from tokolib.fulfilment.labels.errors import LabelOutdated
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.address import Address
from tokolib.kernel.ids import LabelId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit, every
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.shares import worths
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.tenders import COD

S = ShipmentState
_BRING_NOTHING: Final = frozenset({S.RETURNING, S.RETURNED, S.LOST, S.CANCELLED})


def brings(order: Order, shipment: Shipment) -> int:
    """What a shipment brings in cash, in minor units: what its labels say, or the shares of its units without any.

    Units that have come back count for nothing, where no label was told of them.
    """
    if shipment.labels:
        return sum(each.cash for each in shipment.labels)
    lines = {line.id: line for line in order.lines}
    kept = [run for each in shipment.runs for run in lines[each.line_id].runs(lines[each.line_id].kept & each.set)]
    return worth_of(order, kept)


def worth_of(order: Order, runs: Iterable[Run]) -> int:
    """What units are worth at the door, in minor units, with their shares of every charge."""
    return sum(each.total for each in worths(order, runs, charges=True, kept=True))


async def left_to_ask(unit: Unit, order: Order, shipment: Shipment) -> int:
    """What a label of *shipment* may still ask for, in minor units: what is due, and no other parcel brings."""
    if order.tender != COD.name:
        return 0
    found = await every(unit[SHIPMENTS], "by_order", {"order_id": order.id})
    told = [shipment if each.id == shipment.id else each for each in found]
    return order.due.minor_units - _on_its_way(order, told, await unit[INTENTS].get(order.intent_id))


def _on_its_way(order: Order, shipments: Sequence[Shipment], intent: Intent) -> int:
    """What labels and parcels without one bring, less what somebody has recorded of it."""
    asked = sum(
        brings(order, each)
        for each in shipments
        if each.state not in _BRING_NOTHING and (each.labels or each.handed_over_at is not None)
    )
    cash = (each for each in intent.operations if each.provider == COD.name and each.kind is EffectKind.CHARGE)
    return max(0, asked - sum(each.amount.minor_units for each in cash if each.succeeded))


async def check_labels(unit: Unit, order: Order, shipment: Shipment) -> None:
    """Pass where the labels of a *shipment* that is about to leave say what its order does.

    Raises:
        LabelOutdated: one goes to another address, or to another collection point, than the order by now; or its
            courier would collect more than is due. Nothing was changed.
    """
    labels = await unit[LABELS].get_many([each.label_id for each in shipment.labels])
    for kept in shipment.labels:
        told = labels[LabelId(kept.label_id)].request
        if told.recipient != order.ship_to:
            raise LabelOutdated(shipment.id, kept.label_id, "goes to", *_places(told.recipient, order.ship_to))
        chosen = order.delivery.point if order.delivery and order.delivery.method == shipment.method else None
        if told.point != chosen:
            points = [each.id if each is not None else "no collection point" for each in (told.point, chosen)]
            raise LabelOutdated(shipment.id, kept.label_id, "goes to", *points)
    asking = [each for each in shipment.labels if each.cash]
    if asking and (beyond := -await left_to_ask(unit, order, shipment)) > 0:
        brought = brings(order, shipment)
        figures = [str(Money(each, order.currency)) for each in (brought, max(0, brought - beyond))]
        raise LabelOutdated(shipment.id, asking[0].label_id, "collects", *figures)


def _places(told: Address, now: Address | None) -> tuple[str, str]:
    """The two towns, and of one town no more than that something differs: who lives where is not for a log."""
    if now is None:
        return told.city, "no address"
    if (told.city, told.postal_code) == (now.city, now.postal_code):
        return "the recipient or street of before", f"another one in {now.city}"
    return f"{told.postal_code} {told.city}".strip(), f"{now.postal_code} {now.city}".strip()
