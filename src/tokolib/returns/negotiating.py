"""Coming to terms about goods that are to come back, as steps on an open unit."""

from datetime import datetime

from tokolib.effects.ports import Observe
from tokolib.kernel.ctx import Customer, Guest
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import ReturnId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.allowances import grant
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import worths
from tokolib.payments.ports import INTENTS
from tokolib.payments.words import check_amount
from tokolib.returns import events as e
from tokolib.returns.approval import check_approved
from tokolib.returns.lifecycle import check
from tokolib.returns.model import Return
from tokolib.returns.naming import with_customer
from tokolib.returns.ports import RETURNS
from tokolib.returns.proposals import Proposal, Side
from tokolib.returns.receiving import check_apart
from tokolib.returns.refusals import OwnProposal, ProposalOver

AGREED = "agreed instead of return"
"""How the reason of an allowance begins that takes a return's place."""


def side_of(unit: Unit) -> Side:
    """On whose side whoever acts is."""
    return Side.CUSTOMER if isinstance(unit.ctx.actor, Customer | Guest) else Side.SHOP


async def propose(unit: Unit, id: ReturnId, amount: Money | None, until: datetime, note: str) -> Return:
    """A proposal to the other side, in the place of one that is open.

    Raises:
        NotFound, IllegalReturnTransition, PartOfAnother: nothing was changed.
        TooManyUnits: the customer has fewer by now. InvalidAmount, CurrencyMismatch, InvalidInput: no such amount, or
            more than the goods are worth. Nothing was changed.
    """
    goods = await unit[RETURNS].get(id)
    check(goods, e.ReturnProposed)
    check_apart(goods)
    if amount is not None:
        await _check_worth(unit, await unit[ORDERS].get(goods.order_id), goods, amount)
    made = Proposal(amount=amount, side=side_of(unit), by=str(unit.ctx.actor), at=unit.now, until=until, note=note)
    return unit[RETURNS].record(goods, e.ReturnProposed(made))


async def _check_worth(unit: Unit, order: Order, goods: Return, amount: Money) -> None:
    check_amount(await unit[INTENTS].get(order.intent_id), amount)
    runs = [line.run for line in with_customer(order, goods.lines)]
    worth = Money(sum(each.total for each in worths(order, runs, charges=False)), order.currency)
    if amount > worth:
        message = f"must be no more than the goods are worth: {worth}"
        raise InvalidInput((Fault("amount", "returns.more_than_worth", message, str(amount)),))


async def agree(unit: Unit, id: ReturnId, *, observe: Observe) -> Return:
    """The open proposal is agreed: the goods may come, or the customer keeps them and is allowed the amount.

    Raises:
        NotFound, IllegalReturnTransition, OwnProposal, ProposalOver: nothing was changed.
        ReturnApprovalNeeded: the amount is above the shop's limit. TooManyUnits, InvalidInput: the customer hasn't the
            goods any more, or they are worth less. What `orders.grant_allowance` refuses. Nothing was changed.
    """
    goods = await unit[RETURNS].get(id)
    check(goods, e.ReturnAgreed)
    open_ = goods.proposals[-1]
    if open_.side is side_of(unit):
        raise OwnProposal(goods.id, str(unit.ctx.actor), open_.side)
    if open_.until <= unit.now:
        raise ProposalOver(goods.id, open_.until)
    by = str(unit.ctx.actor)
    if open_.amount is None:
        return unit[RETURNS].record(goods, e.ReturnAgreed(by, unit.now))
    await _check_worth(unit, await unit[ORDERS].get(goods.order_id), goods, open_.amount)
    await check_approved(unit, goods, open_.amount)
    await grant(unit, goods.order_id, open_.amount, f"{AGREED} {goods.id}", observe=observe)
    return unit[RETURNS].record(goods, e.ReturnSettled(by, unit.now))


async def decline(unit: Unit, id: ReturnId, note: str) -> Return:
    """The open proposal is turned down by the other side, or taken back by its own.

    Raises:
        NotFound, IllegalReturnTransition: nothing was changed.
    """
    goods = await unit[RETURNS].get(id)
    return unit[RETURNS].record(goods, e.ProposalDeclined(str(unit.ctx.actor), unit.now, note))
