"""The door `shipments`, as far as it only looks."""

import attrs

from tokolib.fulfilment import steps
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import OrderId, ShipmentId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order


def as_id(shipment: Shipment | ShipmentId) -> ShipmentId:
    """The id of what a caller names."""
    return shipment.id if isinstance(shipment, Shipment) else shipment


@attrs.frozen
class ShipmentLookups(Service[Colour]):
    """Finding shipments."""

    work: Work
    blocking: bool

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

    @command
    async def in_state(self, state: ShipmentState, *, limit: int = 100, after: str | None = None) -> Page[Shipment]:
        """A page of the shipments in a state, by their ids; *after* is the cursor of the page before."""

        async def step(unit: Unit) -> Page[Shipment]:
            found = unit[SHIPMENTS].where
            return await found(
                "by_state", equals={"state": state.value}, after=after, limit=await unit.page_size(limit)
            )

        return await self.work.read(step)

    @command
    async def undecided(self, *, limit: int = 100, after: str | None = None) -> Page[Shipment]:
        """A page of those that were lost or came back, and of which nobody has decided what the customer gets.

        The longest waiting come first: send the goods again (`reship`), or give the money back (`returns.undelivered`).
        """

        async def step(unit: Unit) -> Page[Shipment]:
            return await unit[SHIPMENTS].where("by_wait", since="", after=after, limit=await unit.page_size(limit))

        return await self.work.read(step)
