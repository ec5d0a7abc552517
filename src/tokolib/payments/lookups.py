"""The door `payments`, as far as it only looks: where money is, and what to do next."""

from typing import Protocol, runtime_checkable

import attrs

from tokolib.effects.keys import intent_of
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, shown
from tokolib.kernel.formats import said
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import OrderId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.payments import steps
from tokolib.payments.disputes import Dispute
from tokolib.payments.explain import account_of
from tokolib.payments.model import Intent
from tokolib.payments.next_action import NextAction, next_action
from tokolib.payments.plans.schedule import Schedule
from tokolib.payments.ports import INTENTS
from tokolib.payments.wording import WORDING


@runtime_checkable
class HasOrderId(Protocol):
    """Anything that is an order, as far as payments care."""

    @property
    def id(self) -> OrderId:
        """The order's id."""
        ...


@attrs.frozen
class PaymentLookups(Service[Colour]):
    """Finding payments, and what is known of them."""

    work: Work
    blocking: bool

    @command
    async def intent(self, order: HasOrderId | str) -> Intent:
        """The payment of an order: its figures, its state, every operation.

        Raises:
            NotFound: no such order.
        """
        return await self._intent(order)

    @command
    async def next_action(self, order: HasOrderId | str) -> NextAction:
        """What the customer or the cashier does next so that the order gets paid.

        Raises:
            NotFound: no such order.
        """
        id = order_id(order)

        async def step(unit: Unit) -> NextAction:
            zone = (await unit.settings()).zone
            return next_action(await steps.intent_of_order(unit, id), zone, unit.now)

        return await self.work.read(step)

    @command
    async def schedule(self, order: HasOrderId | str) -> Schedule | None:
        """How the payment plan of an order stands: each instalment with its day, what is left of it, and what is due
        now; None where all was to be paid at once.

        Raises:
            NotFound: no such order.
        """
        id = order_id(order)

        async def step(unit: Unit) -> Schedule | None:
            return (await steps.intent_of_order(unit, id)).schedule(unit.now)

        return await self.work.read(step)

    @command
    async def explain(self, order: HasOrderId | str, locale: str = "en") -> str:
        """Where the money of an order is, in words (`id` or `en`): what came, and what became of each part of it.

        What pays the order, went back, became store credit, was kept or written off within the shop's tolerance.

        Raises:
            NotFound: no such order. UnknownLocale: neither of the two.
        """
        return said(account_of(await self._intent(order)), locale, WORDING)

    @command
    async def disputes(self, order: HasOrderId | str) -> tuple[Dispute, ...]:
        """The disputes over an order's payment: what a bank wants back, until when the shop may answer, how it ended.

        Raises:
            NotFound: no such order.
        """
        return (await self._intent(order)).disputes

    async def _intent(self, order: HasOrderId | str) -> Intent:
        id = order_id(order)

        async def step(unit: Unit) -> Intent:
            return await steps.intent_of_order(unit, id)

        return await self.work.read(step)


async def intent_by(unit: Unit, id: str, kind: str) -> Intent:
    """The intent that the operation *id* belongs to, which was given as the id of a *kind*."""
    name = intent_of(id)
    intent = await unit[INTENTS].find(name) if name else None
    if intent is None:
        raise NotFound(kind, id)
    return intent


def order_id(order: HasOrderId | str) -> str:
    id = order if isinstance(order, str) else getattr(order, "id", None)
    if not isinstance(id, str):
        message = "must be an order or the id of one"
        raise InvalidInput((Fault("order", "kernel.wrong_type", message, shown(order)),))
    return id
