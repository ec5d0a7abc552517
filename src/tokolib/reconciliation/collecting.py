"""Which cash a courier's row tells of: of which parcel, whether somebody has recorded it, and what it lacks."""

from collections.abc import Sequence

import attrs

from tokolib.effects.model import EffectKind, Operation, Verdict
from tokolib.effects.ports import Observe
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.steps import parcels_of
from tokolib.kernel.clock import day
from tokolib.kernel.errors import NotFound
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import intent_of_order
from tokolib.payments.tenders import COD
from tokolib.payments.words import receipt
from tokolib.reconciliation.cod import Parcels, claim_of, days_between, named_parcel
from tokolib.reconciliation.difference import Difference
from tokolib.reconciliation.finding import Found, reason_of, rows_of, settled_by
from tokolib.reconciliation.items import Why
from tokolib.reconciliation.meaning import Meant, collection
from tokolib.reconciliation.model import Settlement, SettlementRow
from tokolib.reconciliation.terms import ReconcileTerms


async def find_collection(unit: Unit, row: SettlementRow, terms: ReconcileTerms, observe: Observe) -> Found:
    """The cash of the order that *row* tells of; what nobody has recorded yet is received now."""
    order = await order_named(unit, row)
    if order is None:
        return Found(why=Why.UNKNOWN_REFERENCE)
    try:
        intent = await intent_of_order(unit, order.id)
    except NotFound:
        return Found(why=Why.UNKNOWN_REFERENCE, order_id=order.id)
    rows = await rows_of(unit, order.id)
    shipments = await parcels_of(unit, order.id)
    parcel = named_parcel(row, shipments)
    at_the_door = await _collected(unit, row, order, intent, rows, parcel, terms)
    if (claim := claim_of(row, parcel, rows)) is not None and (at_the_door is None or not at_the_door.amount):
        shipment_id = claim.shipment_id
        return Found(order_id=order.id, provider=COD.name, claim=claim, shipment_id=shipment_id)
    known = collection(intent, row, await settled_by(unit, order.id))
    if at_the_door is not None and at_the_door.difference is not None:
        known = Meant(at_the_door.operation, None)
    if known.why is not None:
        return Found(why=known.why, order_id=order.id)
    operation, learned = known.operation, known.operation is None
    difference = None if at_the_door is None else at_the_door.difference
    if operation is None:
        came = row.gross if difference is None else row.gross + Money(difference.cash, row.currency)
        said = receipt(intent, came, COD.name, row.name, at=unit.now, actor=unit.ctx.actor)
        outcome = await observe(unit, said)
        if outcome.verdict is Verdict.QUARANTINED or outcome.operation is None:
            return Found(why=reason_of(outcome.reason), order_id=order.id)
        operation = outcome.operation
    after = await unit[INTENTS].get(intent.id)
    short = None if after.outstanding.is_zero else after.outstanding
    found = Found(order_id=order.id, operation_id=operation.id, provider=operation.provider)
    shipment_id = "" if parcel is None else parcel.id
    return attrs.evolve(found, learned=learned, short=short, shipment_id=shipment_id, difference=difference)


@attrs.frozen
class _AtTheDoor:
    """What a parcel was to bring, whether somebody has recorded it before, and what its courier's row lacks of it."""

    amount: int
    operation: Operation | None
    difference: Difference | None


async def _collected(
    unit: Unit,
    row: SettlementRow,
    order: Order,
    intent: Intent,
    rows: Sequence[Settlement],
    parcel: Shipment | None,
    terms: ReconcileTerms,
) -> _AtTheDoor | None:
    """What *parcel* was to bring; None where nobody knows that it arrived, or nothing is agreed with its courier."""
    if terms.cod is None or parcel is None or parcel.delivered_at is None or intent.amount.currency != row.currency:
        return None
    settled = {each.operation_id for each in rows}
    free = [each for each in intent.operations if _is_cash(each) and each.id not in settled]
    if len(free) > 1:
        return None
    due = free[0].amount.minor_units if free else Parcels(order, await parcels_of(unit, order.id), rows).due(parcel)
    here = (await unit.settings()).zone
    days = days_between(day(parcel.delivered_at, here), row.on)
    difference = terms.cod.difference(row, due, days) if due else None
    return _AtTheDoor(due, free[0] if free else None, difference)


def _is_cash(operation: Operation) -> bool:
    return operation.provider == COD.name and operation.kind is EffectKind.CHARGE and operation.succeeded


async def order_named(unit: Unit, row: SettlementRow) -> Order | None:
    """The order that a courier's row names: by its id, its reference, or a parcel of it."""
    for name in filter(None, (row.key, row.reference)):
        if (order := await unit[ORDERS].find(name)) is not None:
            return order
        page = await unit[ORDERS].where("by_reference", equals={"reference": name}, limit=1)
        if page.items:
            return page.items[0]
        if (parcel := await _parcel_named(unit, name)) is not None:
            return await unit[ORDERS].find(parcel.order_id)
    return None


async def _parcel_named(unit: Unit, name: str) -> Shipment | None:
    """The parcel by its id, or by a tracking number that only one has."""
    if (found := await unit[SHIPMENTS].find(name)) is not None:
        return found
    page = await unit[SHIPMENTS].where("by_tracking", equals={"tracking": name}, limit=2)
    return page.items[0] if len(page.items) == 1 else None
