"""What stands in a shop, for who checks it: looking is not counted, and can't fail."""

from collections.abc import Mapping
from typing import Any

from tokolib.documents.filing.model import TaxFiling
from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.pickups.states import PickupState
from tokolib.kernel.hosting import resolved
from tokolib.orders.model import Order
from tokolib.payments.model import Intent
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.states import ReturnLabelState
from tokolib.testing.simulator.faults import FaultPlan


class Looking:
    """Whoever has a shop, and a plan that is quiet meanwhile."""

    plan: FaultPlan
    shop: Any

    async def look(self, order_id: str) -> Order:
        """An order as it stands."""
        with self.plan.quiet():
            found: Order = await resolved(self.shop.orders.get(order_id))
        return found

    async def intent(self, order_id: str) -> Intent:
        """The payment of an order as it stands."""
        with self.plan.quiet():
            found: Intent = await resolved(self.shop.payments.intent(order_id))
        return found

    async def orders(self) -> tuple[Order, ...]:
        """All orders of the shop."""
        with self.plan.quiet():
            page = await resolved(self.shop.orders.page(limit=100))
        return tuple(page.items)

    async def filings(self) -> tuple[TaxFiling, ...]:
        """What the tax provider is told of all orders, as it stands."""
        found: list[TaxFiling] = []
        for order in await self.orders():
            with self.plan.quiet():
                for paper in await resolved(self.shop.invoices.of(order.id)):
                    filing = await resolved(self.shop.invoices.filing(paper.id))
                    found += [filing] if filing is not None and filing not in found else []
        return tuple(found)

    async def bookings(self) -> tuple[Booking, ...]:
        """Labels, return labels and pickups of all orders, as they stand."""
        found: list[Booking] = []
        for order in await self.orders():
            with self.plan.quiet():
                for shipment in await resolved(self.shop.shipments.of(order.id)):
                    found += await resolved(self.shop.shipments.labels(shipment.id))
        with self.plan.quiet():
            for state in PickupState:
                found += (await resolved(self.shop.pickups.in_state(state))).items
            for stage in ReturnLabelState:
                found += (await resolved(self.shop.return_labels.in_state(stage))).items
        return tuple(found)

    async def return_labels(self, return_id: str) -> Mapping[str, ReturnLabel]:
        """The labels of a return as they stand, by their ids."""
        with self.plan.quiet():
            found: tuple[ReturnLabel, ...] = await resolved(self.shop.return_labels.of(return_id))
        return {each.id: each for each in found}

    async def is_booked(self, prefix: str) -> bool:
        """Whether a label (`lab`) or a pickup (`pkp`) stands."""
        return any(each.stands for each in await self.bookings() if each.id.startswith(prefix))
