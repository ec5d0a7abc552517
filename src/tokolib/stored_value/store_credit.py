"""The door `store_credit`: granted, taken back, and what each customer has."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import attrs

from tokolib.kernel.again import looking_again
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.stored_value import ending, statements, steps
from tokolib.stored_value.model import Grant, Statement
from tokolib.stored_value.ports import GRANTS

T = TypeVar("T")


@attrs.frozen
class StoreCreditService(Service[Colour]):
    """Store credit: a customer pays with it, at `orders.place(..., credit=[FromStoreCredit()])`."""

    work: Work
    blocking: bool

    @command
    async def grant(
        self, customer: CustomerId, amount: Money, *, reason: str, key: str, valid_until: Moment = None
    ) -> Grant:
        """Store credit for a *customer*, at the shop's expense, good until *valid_until*; without one for ever.

        What expires first is used first. The same *key* with the same request answers the same grant.

        Raises:
            InvalidAmount, NotMoney: such an amount is none, or more than any books hold with what was granted before.
            InvalidInput: a customer, reason or key that can't be
            kept, a currency that the shop doesn't sell in, or a date that has come. NaiveDatetime: an instant without
            a zone. KeyReused: *key* belongs to another grant. In all cases nothing was stored.
        """
        who, why = CustomerId(line("customer", customer, required=True)), given_reason(reason)

        async def step(unit: Unit) -> Grant:
            until = moment(valid_until, (await unit.settings()).zone, "valid_until", whole_day=True)

            async def make() -> str:
                await steps.check_worth(unit, amount, until)
                await steps.check_room(unit, who, amount)
                return steps.grant(unit, who, amount, until, why).id

            id, _ = await once(unit, "store_credit.grant", key, (who, amount, why, until), make)
            return await unit[GRANTS].get(id)

        return await self._write("store_credit.grant", step)

    @command
    async def balance(self, customer: CustomerId, currency: str | None = None) -> Money:
        """What a *customer* can pay with store credit, in one currency: that of the shop's books unless told.

        Raises:
            CurrencyNotAccepted: the shop doesn't sell in it.
        """

        async def step(unit: Unit) -> Money:
            return await statements.left_of(unit, customer, (await unit.settings()).money(currency))

        return await self.work.read(step)

    @command
    async def statement(self, customer: CustomerId, currency: str | None = None) -> Statement:
        """A customer's store credit in one currency, and every movement that led there.

        Raises:
            CurrencyNotAccepted: the shop doesn't sell in it.
        """

        async def step(unit: Unit) -> Statement:
            return await statements.of_customer(unit, customer, (await unit.settings()).money(currency))

        return await self.work.read(step)

    @command
    async def grants(self, customer: CustomerId, currency: str | None = None) -> tuple[Grant, ...]:
        """The grants that a *customer* can pay with, in one currency, in the order in which they are used.

        Raises:
            CurrencyNotAccepted: the shop doesn't sell in it.
        """

        async def step(unit: Unit) -> tuple[Grant, ...]:
            return await steps.grants_of(unit, customer, (await unit.settings()).money(currency).code)

        return await self.work.read(step)

    @command
    async def withdraw(self, customer: CustomerId, amount: Money, *, reason: str, key: str) -> Money:
        """What a customer has left after *amount* was taken back by the shop: given by mistake, say.

        Raises:
            InsufficientBalance: there isn't so much. InvalidAmount, NotMoney: such an amount is none.
            InvalidInput: a reason or key that can't be kept. KeyReused: *key* belongs to another withdrawal.
            In all cases nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> Money:
            async def make() -> str:
                steps.check_amount(amount)
                await ending.withdraw(unit, customer, amount, why)
                return customer

            await once(unit, "store_credit.withdraw", key, (customer, amount, why), make)
            return await statements.left_of(unit, customer, amount.currency)

        return await self._write("store_credit.withdraw", step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)
