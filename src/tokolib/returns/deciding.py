"""The door `returns`, as far as the shop's policies decide: what may come back, and which refunds may go."""

import attrs

from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import OrderId, ReturnId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, wish
from tokolib.returns.approval import approve
from tokolib.returns.eligibility import Eligibility
from tokolib.returns.judging import eligibility
from tokolib.returns.model import Return


@attrs.frozen
class ReturnPolicies(Service[Colour]):
    """What the policies of a shop say of goods that are to come back."""

    work: Work
    blocking: bool

    @command
    async def eligible(
        self, order: Order | OrderId, goods: Wanted | None = None, *, reason: str = ""
    ) -> tuple[Eligibility, ...]:
        """Whether *goods*, or all that the customer has of an order, may come back today for that *reason*.

        By the policy that the order was placed under: until when and by which rule or law, or why not; one answer for
        all units of a line that arrived on one day.

        Raises:
            NotFound: there is no such order. UnknownLine, NamedTwice, AmbiguousSku, TooManyUnits: *goods* isn't what
            the customer has. NotExact, InvalidQuantity: a quantity that can't be counted.
            InvalidInput: a reason that can't be kept.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason, required=False)
        if goods is not None:
            wish(goods)

        async def step(unit: Unit) -> tuple[Eligibility, ...]:
            return await eligibility(unit, await unit[ORDERS].get(id), goods, why)

        return await self.work.read(step)

    @command
    async def approve(self, goods: Return | ReturnId) -> Return:
        """The requested return, whose refund may go back however large it is: who acts finds it right.

        Above `Settings.return_limit` nothing is accepted without it. Whoever asked for the return can't approve it.
        Safe to repeat: the first approval stands.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it has ended.
            ApproverRequested: who acts has asked for it. OnlyByStaff: a customer acts. Nothing was changed.
        """
        id = goods.id if isinstance(goods, Return) else goods

        async def step(unit: Unit) -> Return:
            return await approve(unit, id)

        return await self.work.write("returns.approve", step)
