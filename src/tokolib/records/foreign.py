"""How it is stored what orders were taken over from elsewhere."""

from typing import Final

from tokolib.orders.foreign.events import OrderTakenOver
from tokolib.orders.foreign.model import TakenOver
from tokolib.records import collections
from tokolib.records.record import Record

FOREIGN_ORDERS: Final = Record(
    collection=collections.FOREIGN_ORDERS,
    noun="foreign_order",
    cls=TakenOver,
    evolve=None,
    events=(OrderTakenOver,),
    row=lambda each: {
        "source": each.source,
        "number": each.number,
        "order_id": each.order_id,
        "differs": int(bool(each.discrepancies)),
    },
)
