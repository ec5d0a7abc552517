"""The door `exchanges`, as far as it only looks."""

import attrs

from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import ExchangeId, OrderId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.returns.exchanges import steps
from tokolib.returns.exchanges.model import Exchange
from tokolib.returns.exchanges.ports import EXCHANGES


def as_id(exchange: Exchange | ExchangeId) -> ExchangeId:
    """The id of an exchange, or the id that was given."""
    return exchange.id if isinstance(exchange, Exchange) else exchange


@attrs.frozen
class ExchangeLookups(Service[Colour]):
    """Exchanges, to look at."""

    work: Work
    blocking: bool

    @command
    async def get(self, exchange: ExchangeId) -> Exchange:
        """An exchange by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Exchange:
            return await unit[EXCHANGES].get(exchange)

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Exchange, ...]:
        """All exchanges of an order, the first one first.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Exchange, ...]:
            return await steps.exchanges_of(unit, id) or await nothing_of(unit, id)

        return await self.work.read(step)
