"""The door `shipments`."""

from datetime import datetime

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment import steps
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.clock import aware
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import IntentId, OrderId, ShipmentId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, wish
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways


@attrs.frozen
class ShipmentService(Service[Colour]):
    """Handing goods over to a courier or the customer, and seeing them arrive."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways

    @command
    async def hand_over(
        self,
        order: Order | OrderId,
        goods: Wanted | None = None,
        *,
        tracking: str = "",
        method: str = "",
        key: str | None = None,
    ) -> Shipment:
        """Goods leave the house: all that are open, or *goods* (quantities by SKU or line id).

        Money that is only reserved for them is captured: the shares of these units, and of the last ones the rest.
        With a *key* it is safe to repeat: the same request answers the same shipment.

        Raises:
            NotFound: there is no such order.
            NotShippable: the order isn't paid and has no credit terms, or is blocked.
            IllegalOrderTransition: the order isn't placed.
            NothingToShip, TooManyUnits, UnknownLine: what was named isn't open.
            NamedTwice: two names, such as a SKU in two spellings, mean one line.
            NotExact, InvalidQuantity: a quantity that can't be counted.
            CapturedOnce: other goods would be left, and the gateway captures one time only.
            InvalidInput: a tracking number, method or key that can't be kept.
            KeyReused: the key belongs to another request. In all cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        wanted = None if goods is None else wish(goods)
        number, way = line("tracking", tracking), line("method", method)

        async def step(unit: Unit) -> tuple[Shipment, IntentId | None]:
            async def ship() -> str:
                shipment = await steps.hand_over(
                    unit, id, goods, tracking=number, method=way, gateways=self.gateways, observe=self.observe
                )
                return shipment.id

            made, _ = await once(unit, "shipments.hand_over", key, (id, wanted, number, way), ship)
            shipment = await unit[SHIPMENTS].get(made)
            order = await unit[ORDERS].get(shipment.order_id)
            return shipment, order.intent_id if order.reserved else None

        shipment, capturing = await self.work.write("shipments.hand_over", step)
        if capturing is not None:
            await advance(self.work, self.gateways, capturing, self.observe)
        return shipment

    @command
    async def delivered(
        self, shipment: Shipment | ShipmentId, *, at: datetime | None = None, received_by: str = ""
    ) -> Shipment:
        """The goods arrived, now or *at* an instant. Safe to repeat.

        Raises:
            NaiveDatetime: *at* has no zone. NotFound: there is no such shipment.
            ImpossibleArrival: *at* is before the hand-over, or more than a day from now.
            InvalidInput: a name that can't be kept. In all cases nothing was changed.
        """
        id = shipment.id if isinstance(shipment, Shipment) else shipment
        when, taker = aware(at, "at") if at is not None else None, line("received_by", received_by)

        async def step(unit: Unit) -> Shipment:
            return await steps.deliver(unit, id, at=when, received_by=taker)

        return await self.work.write("shipments.delivered", step)

    @command
    async def track(self, shipment: Shipment | ShipmentId, tracking: str) -> Shipment:
        """Note, or correct, the courier's number.

        Raises:
            IllegalShipmentTransition: it was delivered. NotFound: there is no such shipment.
            InvalidInput: a number that can't be kept. In all cases nothing was changed.
        """
        id, number = shipment.id if isinstance(shipment, Shipment) else shipment, line("tracking", tracking)

        async def step(unit: Unit) -> Shipment:
            return await steps.set_tracking(unit, id, number)

        return await self.work.write("shipments.track", step)

    @command
    async def refine(self, shipment: Shipment | ShipmentId, sub_state: str, *, reason: str = "") -> Shipment:
        """Move a shipment to another sub-state of the shop's own (`Refinement`); the same again changes nothing.

        Raises:
            IllegalSubState: its state has no sub-states, or its table has no such move. NotFound: no such shipment.
            InvalidInput: a sub-state or reason that can't be kept. In all cases nothing was changed.
        """
        id = shipment.id if isinstance(shipment, Shipment) else shipment
        wanted, why = line("sub_state", sub_state, required=True), given_reason(reason, required=False)

        async def step(unit: Unit) -> Shipment:
            return await steps.refine(unit, id, wanted, why)

        return await self.work.write("shipments.refine", step)

    @command
    async def get(self, shipment: ShipmentId) -> Shipment:
        """A shipment by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Shipment:
            return await unit[SHIPMENTS].get(shipment)

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Shipment, ...]:
        """All shipments of an order, the first one first.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Shipment, ...]:
            return await steps.shipments_of(unit, id) or await nothing_of(unit, id)

        return await self.work.read(step)
