"""The door `returns`, as far as customer and shop come to terms: what one side proposes, and the other answers."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import attrs

from tokolib.effects.ports import Observe
from tokolib.inventory.again import looking_again
from tokolib.kernel.clock import aware
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import ReturnId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.ports import ORDERS
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways
from tokolib.returns import negotiating
from tokolib.returns.life import ReturnLife, as_id, check_term
from tokolib.returns.model import Return
from tokolib.returns.ports import RETURNS


@attrs.frozen
class ReturnBargaining(ReturnLife[Colour]):
    """Returns that are negotiated."""

    observe: Observe
    gateways: Gateways

    @command
    async def propose(
        self, goods: Return | ReturnId, *, until: datetime, amount: Money | None = None, note: str = ""
    ) -> Return:
        """Propose to the other side that the goods come back, or that the customer keeps them for an *amount*.

        Whoever acts proposes: a `Customer` or `Guest` for the customer, anybody else for the shop. It takes the place
        of a proposal that is open, and lapses *until* that instant if nobody has answered: then, and when it is
        declined, the return is as requested as it was.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it was agreed to, or has ended.
            PartOfAnother: it belongs to an exchange. TooManyUnits: the customer hasn't the goods any more.
            InvalidAmount, CurrencyMismatch: no such amount. NaiveDatetime, InvalidInput: *until* is no instant to
                come, *amount* more than the goods are worth, or a note that can't be kept. Nothing was changed.
        """
        when, why = aware(until, "until"), given_reason(note, path="note", required=False)

        async def step(unit: Unit) -> Return:
            check_term(unit, when)
            return await negotiating.propose(unit, as_id(goods), amount, when, why)

        return await self.work.write("returns.propose", step)

    @command
    async def agree(self, goods: Return | ReturnId, *, key: str | None = None) -> Return:
        """Agree to what the other side proposes: the goods may be sent, or the customer keeps them for the amount.

        The amount becomes an allowance of the order, and what was paid of it goes back at once; the return is settled
        with it. With a *key* it is safe to repeat.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: nothing is proposed.
            OwnProposal: it is the proposal of one's own side. ProposalOver: it was open until an instant that passed.
            ReturnApprovalNeeded: the amount is above the shop's limit, and nobody has approved the return.
            TooManyUnits, InvalidInput: the customer hasn't the goods any more, or they are worth less.
            AllowanceTooLarge, KeptByGiftCards, IllegalOrderTransition: the order can't allow it any more.
            InvalidInput, KeyReused: the key. In all cases nothing was changed.
        """
        id = as_id(goods)

        async def step(unit: Unit) -> Return:
            async def make() -> str:
                return (await negotiating.agree(unit, id, observe=self.observe)).id

            await once(unit, "returns.agree", key, id, make)
            return await unit[RETURNS].get(id)

        agreed = await self._write("returns.agree", step)
        if not agreed.is_open:
            await self._advanced(agreed)
        return agreed

    @command
    async def decline(self, goods: Return | ReturnId, *, note: str = "") -> Return:
        """Turn down what the other side proposes, or take back one's own proposal; the return is requested as before.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: nothing is proposed.
            InvalidInput: a note that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(note, path="note", required=False)

        async def step(unit: Unit) -> Return:
            return await negotiating.decline(unit, as_id(goods), why)

        return await self.work.write("returns.decline", step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[Return]]) -> Return:
        return await looking_again(self.work, permission, step)

    async def _advanced(self, goods: Return) -> None:
        """Have gateways asked for what goes back of the order."""
        if not self.gateways:
            return

        async def intent(unit: Unit) -> str:
            return (await unit[ORDERS].get(goods.order_id)).intent_id

        await advance(self.work, self.gateways, await self.work.read(intent), self.observe)
