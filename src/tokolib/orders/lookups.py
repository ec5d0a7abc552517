"""The door `orders`, as far as it only looks: found, told, explained."""

from datetime import datetime

import attrs

from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.events import Recorded
from tokolib.kernel.formats import said
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import CustomerId, OrderId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.explain import reason_of
from tokolib.orders.model import Order, OrderState
from tokolib.orders.past import as_of
from tokolib.orders.ports import ORDERS
from tokolib.orders.wording import in_words
from tokolib.payments.explain import account_of, has_more_to_tell
from tokolib.payments.ports import INTENTS
from tokolib.payments.wording import WORDING


@attrs.frozen
class OrderLookups(Service[Colour]):
    """Finding orders, and what is known of them."""

    work: Work
    blocking: bool

    @command
    async def get(self, order: OrderId) -> Order:
        """An order by its id.

        Raises:
            NotFound: there is none.
        """
        return await self._get(order)

    @command
    async def as_of(self, order: Order | OrderId, at: datetime) -> Order:
        """An order as it was at the instant *at*: replayed from its history up to then.

        Raises:
            NotFound: there is no such order. NotYetOrdered: it was made later. NaiveDatetime: *at* has no zone.
        """
        id, when = order.id if isinstance(order, Order) else order, aware(at, "at")

        async def step(unit: Unit) -> Order:
            return as_of(await unit[ORDERS].get(id), await unit[ORDERS].history(id), when)

        return await self.work.read(step)

    @command
    async def by_reference(self, reference: str) -> Order | None:
        """The order with that reference, or None."""

        async def step(unit: Unit) -> Order | None:
            wanted = reference.strip().upper()
            page = await unit[ORDERS].where("by_reference", equals={"reference": wanted}, limit=1)
            return page.items[0] if page.items else None

        return await self.work.read(step)

    @command
    async def page(
        self,
        *,
        state: OrderState | None = None,
        customer: CustomerId | None = None,
        sub_state: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Order]:
        """Orders, the newest first, in pages: all, those in a *state*, those of a *customer*, or both.

        Or those in a *sub_state* of the shop's own (`Refinement`), by its name alone: it belongs to one state.
        At most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1, or a *sub_state* beside a *state* or a *customer*.
        """
        equals: dict[str, str] = {} if customer is None else {"customer": str(customer)}
        if state is not None:
            equals["state"] = state.value
        if sub_state is not None:
            if equals:
                message = f"is asked for by itself, without {' and '.join(equals)}"
                raise InvalidInput((Fault("sub_state", "orders.sub_state_alone", message, shown(sub_state)),))
            equals["sub_state"] = sub_state
        index = "_".join(["by", *equals]) if equals else "by_time"

        async def step(unit: Unit) -> Page[Order]:
            most = await unit.page_size(limit)
            return await unit[ORDERS].where(index, equals=equals, after=after, limit=most, descending=True)

        return await self.work.read(step)

    @command
    async def history(self, order: Order | OrderId) -> tuple[Recorded, ...]:
        """Everything that ever happened to an order, oldest first: when, by whom, what."""
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Recorded, ...]:
            await unit[ORDERS].get(id)
            return await unit[ORDERS].history(id)

        return await self.work.read(step)

    @command
    async def explain(self, order: Order | OrderId, locale: str = "en") -> str:
        """Where every figure of the order came from, in words (`id` or `en`), and where its money went if not into it.

        Raises:
            NotFound: no such order. UnknownLocale: neither of the two.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> str:
            order = await unit[ORDERS].get(id)
            figures = in_words(reason_of(order, await unit[ORDERS].history(id)), locale)
            intent = await unit[INTENTS].get(order.intent_id)
            if not has_more_to_tell(intent):
                return figures
            return f"{figures}\n{said(account_of(intent), locale, WORDING)}"

        return await self.work.read(step)

    async def _get(self, id: OrderId) -> Order:
        async def step(unit: Unit) -> Order:
            return await unit[ORDERS].get(id)

        return await self.work.read(step)
