"""The door `shipments`."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment import steps
from tokolib.fulfilment.counter import ShipmentCounter
from tokolib.fulfilment.lookups import as_id
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.inventory.lots.naming import ByCode, Named, named_lots
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import IntentId, OrderId, ShipmentId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, wish
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways


class _Said(TypedDict):
    """What a hand-over is told and needs, whichever way it began."""

    tracking: str
    method: str
    gateways: Gateways
    observe: Observe
    lots: Named


@attrs.frozen
class ShipmentService(ShipmentCounter[Colour]):
    """Claiming goods, handing them over to a courier or the customer, and seeing them arrive."""

    @command
    async def plan(
        self,
        order: Order | OrderId,
        goods: Wanted | None = None,
        *,
        location: str = "",
        method: str = "",
        key: str | None = None,
    ) -> Shipment:
        """A shipment to be made ready of all units that are free, or of *goods* (quantities by SKU or line id).

        Of an order whose units leave from several places, *location* says from which these do: one shipment each.

        It claims them: no other shipment takes them, and the order can't be cancelled as a whole, until it is handed
        over or cancelled. With a *key* it is safe to repeat: the same request answers the same shipment.

        Raises:
            NotFound: there is no such order. IllegalOrderTransition: the order isn't placed.
            NotShippable: the order isn't paid and has no credit terms, or is blocked.
            NothingToShip, TooManyUnits, UnknownLine: what was named isn't free, or doesn't leave from *location*.
            SeveralLocations: it leaves from several, and none is named.
            NamedTwice: two names, such as a SKU in two spellings, mean one line.
            NotExact, InvalidQuantity: a quantity that can't be counted.
            InvalidInput: a method or key that can't be kept.
            KeyReused: the key belongs to another request. In all cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        wanted = None if goods is None else wish(goods)
        way = line("method", method)
        where: str = line("location", location)

        async def step(unit: Unit) -> Shipment:
            async def make() -> str:
                return (await steps.plan(unit, id, goods, method=way, location=where)).id

            made, _ = await once(unit, "shipments.plan", key, (id, wanted, way, *([where] if where else [])), make)
            return await unit[SHIPMENTS].get(made)

        return await self.work.write("shipments.plan", step)

    @command
    async def cancel(self, shipment: Shipment | ShipmentId, *, reason: str) -> Shipment:
        """A shipment that is still here does not leave; its units are free again. Safe to repeat.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it has left.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        id, why = as_id(shipment), given_reason(reason)

        async def step(unit: Unit) -> Shipment:
            return await steps.cancel(unit, id, why, observe=self.observe)

        return await self.work.write("shipments.cancel", step)

    @command
    async def hand_over(
        self,
        subject: Order | OrderId | Shipment | ShipmentId,
        goods: Wanted | None = None,
        *,
        location: str = "",
        tracking: str = "",
        method: str = "",
        lots: Mapping[str, ByCode] | None = None,
        key: str | None = None,
    ) -> Shipment:
        """Goods leave the house: a planned shipment's; or of an order all that are free, or *goods*.

        *goods* are quantities by SKU or line id; of an order whose units leave from several places, *location* says
        from which these do. Money that is only reserved for them is captured: the shares of these
        units, and of the last ones the rest. With a *key* it is safe to repeat: the same request answers the same
        shipment. Of SKUs that are tracked, those *lots* leave (quantities by SKU and code), else what expires first;
        what is expired or blocked never does.

        Raises:
            LotsNotPickable: too little that may leave is here. LotsDiffer, UnknownLot, LotShort, NotTracked,
                InvalidLot: *lots* doesn't fit what leaves.
            TakenBefore: lots are named, and the stock was taken with the order.
            NotFound: there is no such order or shipment.
            NotShippable: the order isn't paid and has no credit terms, or is blocked.
            IllegalOrderTransition: the order isn't placed.
            IllegalShipmentTransition: the shipment has left, or was cancelled.
            LabelOutdated: a label goes elsewhere than the order by now, or asks for more than is due.
            NothingToShip, TooManyUnits, UnknownLine: what was named isn't free, or doesn't leave from *location*.
            SeveralLocations: it leaves from several, and none is named.
            NamedTwice: two names, such as a SKU in two spellings, mean one line.
            NotExact, InvalidQuantity: a quantity that can't be counted.
            CapturedOnce: other goods would be left, and the gateway captures one time only.
            InvalidInput: a tracking number, method or key that can't be kept; *goods* beside a shipment, which has its
                own. KeyReused: the key belongs to another request. In all cases nothing was changed.
        """
        id = subject if isinstance(subject, str) else subject.id
        planned = id.startswith("shp_")
        for name, given in (("goods", goods), ("location", location)) if planned else ():
            if given:
                raise InvalidInput((Fault(name, f"fulfilment.{name}_named", f"a shipment has its {name} already"),))
        wanted = None if goods is None else wish(goods)
        number, way = line("tracking", tracking), line("method", method)
        where: str = line("location", location)

        async def step(unit: Unit) -> tuple[Shipment, IntentId | None]:
            some: Named = await named_lots(unit, lots) if lots else {}

            async def leave() -> str:
                said: _Said = {
                    "tracking": number,
                    "method": way,
                    "gateways": self.gateways,
                    "observe": self.observe,
                    "lots": some,
                }
                if planned:
                    return (await steps.hand_over_planned(unit, ShipmentId(id), **said)).id
                return (await steps.hand_over(unit, OrderId(id), goods, location=where, **said)).id

            request = (id, wanted, number, way, *([some] if some else []), *([where] if where else []))
            made, _ = await once(unit, "shipments.hand_over", key, request, leave)
            shipment = await unit[SHIPMENTS].get(made)
            order = await unit[ORDERS].get(shipment.order_id)
            return shipment, order.intent_id if order.reserved else None

        shipment, capturing = await self._write("shipments.hand_over", step)
        if capturing is not None:
            await advance(self.work, self.gateways, capturing, self.observe)
        return shipment

    @command
    async def delivered(
        self, shipment: Shipment | ShipmentId, *, at: datetime | None = None, received_by: str = ""
    ) -> Shipment:
        """The goods arrived, now or *at* an instant, perhaps after they were thought to be lost. Safe to repeat.

        Raises:
            NaiveDatetime: *at* has no zone. NotFound: there is no such shipment.
            IllegalShipmentTransition: it hasn't left, or is back.
            ImpossibleArrival: *at* is before the hand-over, or more than a day from now.
            InvalidInput: a name that can't be kept. In all cases nothing was changed.
        """
        id = as_id(shipment)
        when, taker = aware(at, "at") if at is not None else None, line("received_by", received_by)

        async def step(unit: Unit) -> Shipment:
            return await steps.deliver(unit, id, at=when, received_by=taker)

        return await self.work.write("shipments.delivered", step)

    @command
    async def track(self, shipment: Shipment | ShipmentId, tracking: str) -> Shipment:
        """Note, or correct, the courier's number.

        Raises:
            IllegalShipmentTransition: nobody tracks it any more. NotFound: there is no such shipment.
            InvalidInput: a number that can't be kept. In all cases nothing was changed.
        """
        id, number = as_id(shipment), line("tracking", tracking)

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
        id = as_id(shipment)
        wanted, why = line("sub_state", sub_state, required=True), given_reason(reason, required=False)

        async def step(unit: Unit) -> Shipment:
            return await steps.refine(unit, id, wanted, why)

        return await self.work.write("shipments.refine", step)
