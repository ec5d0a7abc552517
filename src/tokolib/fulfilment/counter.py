"""The door `shipments`, as far as customers come for their goods."""

from datetime import datetime

import attrs

from tokolib.fulfilment import collecting
from tokolib.fulfilment.errors import WrongCode
from tokolib.fulfilment.lookups import as_id
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.tracing import ShipmentTracing
from tokolib.kernel.clock import aware
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import IntentId, ShipmentId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.unit import Unit
from tokolib.orders.ports import ORDERS
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways


@attrs.frozen
class ShipmentCounter(ShipmentTracing[Colour]):
    """Goods that customers collect."""

    gateways: Gateways

    @command
    async def ready(self, shipment: Shipment | ShipmentId, *, collect_by: datetime) -> Shipment:
        """A planned shipment without a delivery, or of `pickup`, may be collected until *collect_by*. Safe to repeat.

        The event `fulfilment.ready` has the code that the customer is to be told, and so has `shipment.collection`.
        Another date keeps the code; after ten wrong ones a new one is made.

        Raises:
            NaiveDatetime: *collect_by* has no zone. InvalidInput: it is over. NotFound: there is no such shipment.
            NotForCollection: it goes by a courier. LabelsStand: a courier's label stands for a parcel of it.
            IllegalShipmentTransition: it has left, or was cancelled. In all cases nothing was changed.
        """
        id, until = as_id(shipment), aware(collect_by, "collect_by")

        async def step(unit: Unit) -> Shipment:
            return await collecting.make_ready(unit, id, until)

        return await self.work.write("shipments.ready", step)

    @command
    async def collected(self, shipment: Shipment | ShipmentId, *, code: str, received_by: str = "") -> Shipment:
        """Whoever shows its *code* is given the goods: it is handed over and delivered in one. Safe to repeat.

        Capitals, blanks and hyphens make no difference. Where the customer has lost the code, `hand_over` and
        `delivered` do without one, and the history says who has decided that.

        Raises:
            WrongCode: another code, or ten wrong ones were shown before: the attempt was counted, and nothing else
            changed. NotFound: there is no such shipment. IllegalShipmentTransition: it isn't ready to be collected.
            NotShippable, IllegalOrderTransition, CapturedOnce, LotsNotPickable: its goods may not leave.
            InvalidInput: text that can't be kept. In all these cases nothing was changed.
        """
        id, shown, taker = as_id(shipment), line("code", code, required=True), line("received_by", received_by)

        async def step(unit: Unit) -> tuple[Shipment, bool, IntentId | None]:
            given, right = await collecting.collect(
                unit, id, shown, received_by=taker, gateways=self.gateways, observe=self.observe
            )
            order = await unit[ORDERS].get(given.order_id)
            return given, right, order.intent_id if right and order.reserved else None

        given, right, capturing = await self._write("shipments.collected", step)
        if not right:
            refused = given.collection.refused if given.collection is not None else 0
            raise WrongCode(given.id, refused, collecting.MOST_REFUSED)
        if capturing is not None:
            await advance(self.work, self.gateways, capturing, self.observe)
        return given

    @command
    async def end_missed(self, *, limit: int = 100) -> tuple[ShipmentId, ...]:
        """End shipments that nobody collected in time, the longest waiting first; a scheduler calls it.

        Their units are free again in their orders. Whether the customer gets the money or another chance is the shop's
        decision: each waits in `shop.reviews` until `decide_missed` says what it was.

        Raises:
            InvalidInput: a *limit* below 1. Nothing was changed.
        """

        async def late(unit: Unit) -> tuple[ShipmentId, ...]:
            return await collecting.overdue(unit, limit=await unit.page_size(limit))

        ended = [id for id in await self.work.read(late) if await self._missed(id)]
        return tuple(ended)

    @command
    async def decide_missed(self, shipment: Shipment | ShipmentId, *, reason: str) -> Shipment:
        """A person says what the customer got for goods that nobody collected, such as "money back": it waits no more.

        It moves neither money nor goods: `orders.cancel` gives the money back, `plan` makes them ready once more.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition, NothingMissed: nobody missed it, or it is
            decided. InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        id, why = as_id(shipment), given_reason(reason)

        async def step(unit: Unit) -> Shipment:
            return await collecting.decide(unit, id, why)

        return await self.work.write("shipments.decide_missed", step)

    async def _missed(self, id: ShipmentId) -> bool:
        async def step(unit: Unit) -> bool:
            return await collecting.miss(unit, id, observe=self.observe)

        return await self.work.write("shipments.end_missed", step)
