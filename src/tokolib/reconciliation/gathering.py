"""Gathering both of our own sides on an open unit: the movements of a period, and the rows that were taken in."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from tokolib.fulfilment.steps import parcels_of
from tokolib.kernel.clock import sortable, zone
from tokolib.kernel.unit import PAGE, Unit
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.tenders import COD
from tokolib.reconciliation.books import movements
from tokolib.reconciliation.couriers import Owed, claimed, courier_of, debts, owed
from tokolib.reconciliation.finding import rows_of
from tokolib.reconciliation.model import Movement, Settlement
from tokolib.reconciliation.ports import SETTLEMENTS

CARRIED: Final = "placed"


async def rows_since(unit: Unit, provider: str, first: date) -> list[Settlement]:
    """The rows of *provider* that were settled on *first* or later, as they are stored."""
    found: list[Settlement] = []
    after: str | None = None
    while True:
        page = await unit[SETTLEMENTS].where(
            "by_day", equals={"provider": provider}, since=first.isoformat(), after=after, limit=PAGE
        )
        found += page.items
        if (after := page.after) is None:
            return found


async def movements_since(unit: Unit, provider: str, first: date, rows: list[Settlement]) -> list[Movement]:
    """What our books know of *provider*: all of the orders since *first*, and of those that *rows* are about."""
    here = (await unit.settings()).zone
    orders: dict[str, Order] = {each.id: each for each in await orders_since(unit, first)}
    older = [each.order_id for each in rows if each.order_id and each.order_id not in orders]
    orders |= await unit[ORDERS].get_many(older)
    intents = await unit[INTENTS].get_many([each.intent_id for each in orders.values()])
    told = {each.operation_id: each.row.on for each in rows if each.operation_id}
    made: list[Movement] = []
    for order in orders.values():
        if (intent := intents.get(order.intent_id)) is not None:
            made += await _of_order(unit, order, intent, provider, here, told)
    return made


async def _of_order(
    unit: Unit, order: Order, intent: Intent, provider: str, here: str, told: Mapping[str, date]
) -> list[Movement]:
    made = list(movements([intent], provider, here, told))
    if order.tender == COD.name and courier_of(order) == provider:
        made += debts(order, intent, await parcels_of(unit, order.id), await rows_of(unit, order.id), here)
    return made


async def orders_since(unit: Unit, first: date) -> list[Order]:
    """The orders that were asked for on *first* or later, by the shop's own calendar."""
    begin = datetime.combine(first, time(0), zone((await unit.settings()).zone))
    found: list[Order] = []
    after: str | None = None
    while True:
        page = await unit[ORDERS].where("by_time", since=sortable(begin), after=after, limit=PAGE)
        found += page.items
        if (after := page.after) is None:
            return found


async def owed_by(unit: Unit, courier: str | None) -> tuple[Owed, ...]:
    """What *courier*, or every courier, has to remit, the longest waiting first."""
    here, today = (await unit.settings()).zone, await unit.today()
    found: list[Owed] = []
    after: str | None = None
    while True:
        page = await unit[ORDERS].where("by_state", equals={"state": CARRIED}, after=after, limit=PAGE)
        for order in page.items:
            if order.tender == COD.name and courier in (None, courier_of(order)):
                parcels, rows = await parcels_of(unit, order.id), await rows_of(unit, order.id)
                found += owed(order, parcels, rows, today, here)
        if (after := page.after) is None:
            found += await _claimed(unit, courier, today)
            return tuple(sorted(found, key=lambda each: (each.since, each.order_id, each.shipment_id)))


async def _claimed(unit: Unit, courier: str | None, today: date) -> list[Owed]:
    """What is claimed of *courier*, or of every one."""
    found: list[Owed] = []
    after: str | None = None
    while True:
        page = await unit[SETTLEMENTS].where("by_claim", since="", after=after, limit=PAGE)
        for row in page.items:
            if courier in (None, row.row.provider) and row.order_id is not None:
                order = await unit[ORDERS].get(row.order_id)
                claim = claimed(row, order, await parcels_of(unit, order.id), today)
                found += [] if claim is None else [claim]
        if (after := page.after) is None:
            return found
