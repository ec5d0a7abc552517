"""The one door for what the outside says about money: folded into the payment, then the order reacts, in one unit.

Only here does a payment make an order placed, is stock held again for one that came late, or is money sent back
that its order can't keep: an ended one, or one of which the customer has returned a part before paying.
"""

import attrs

from tokolib.desk.booked import BOOKED_BY, fold_booked
from tokolib.documents.filing.model import FILED_BY
from tokolib.documents.filing.steps import fold as fold_filing
from tokolib.effects.model import EffectState, Observation, Outcome
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.money import Money
from tokolib.kernel.policies import LatePayment
from tokolib.kernel.unit import Unit
from tokolib.orders.capturing import watch
from tokolib.orders.differences import settle
from tokolib.orders.ending import carry_out, decline, expire, give_back
from tokolib.orders.guards import paid_in_full
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.model import Order, OrderState
from tokolib.orders.money import follow
from tokolib.orders.placement import place, reinstate
from tokolib.orders.ports import ORDERS
from tokolib.payments.folding import fold
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import reopen_intent
from tokolib.payments.totals import STOPPED
from tokolib.pricing.errors import LimitReached
from tokolib.stored_value.paying import redeem
from tokolib.stored_value.reclaiming import claimable
from tokolib.stored_value.returning import make_up, put_back


@attrs.frozen
class Desk:
    """Implements `effects.ports.Observe`."""

    async def __call__(self, unit: Unit, observation: Observation, /) -> Outcome:
        """Fold *observation* in and let its order react; no money follows what a tax provider or courier says."""
        if observation.kind in FILED_BY:
            return await fold_filing(unit, observation)
        if observation.kind in BOOKED_BY:
            return await fold_booked(unit, observation)
        folded = await fold(unit, observation)
        if folded.intent is not None:
            order = await unit[ORDERS].find(folded.intent.order_id)
            if order is not None:
                known, contested = order.captured, order.contested
                order = follow(unit, order, folded.intent.totals, observation.provider)
                order = settle(unit, order, folded.intent)
                if folded.delta.refunded.minor_units > 0:
                    policy = order.policies.credit_return
                    await put_back(unit, folded.intent, observation, order.customer, policy)
                intent = await unit[INTENTS].get(folded.intent.id)
                came, decided = order.captured > known, order.contested < contested
                await self._react(unit, order, intent, came=came, decided=decided)
                await make_up(unit, folded.intent.id, self)
        return folded.outcome

    async def _react(self, unit: Unit, order: Order, intent: Intent, *, came: bool, decided: bool) -> None:
        """What follows of money that *came*, and of a dispute that was *decided*: nothing was given back till then."""
        paid = paid_in_full(order)
        match order.state:
            case _ if order.cancel_requested is not None:
                if intent.awaited is None:
                    wish = order.cancel_requested
                    await carry_out(unit, order, wish.reason, observe=self, keep=wish.keep)
            case OrderState.PENDING_PAYMENT if paid:
                await self._place(unit, order)
            case OrderState.PENDING_PAYMENT if intent.is_refused:
                await decline(unit, order, _why(intent), observe=self)
            case OrderState.EXPIRED if paid and not intent.totals.pending_refund and _comes_back(intent):
                await self._reinstate(unit, order)
            case OrderState.EXPIRED if came and _comes_back(intent) and await self._claim_again(unit, order, intent):
                pass
            case OrderState.EXPIRED:
                late = intent.terms.credits_late
                await give_back(unit, order, "paid after it was expired", observe=self, as_credit=late)
            case OrderState.CANCELLED:
                await give_back(unit, order, "paid after it was cancelled", observe=self)
            case OrderState.PLACED | OrderState.COMPLETED:
                if came:
                    more = intent.terms.credits_surplus
                    order = await give_back(unit, order, "paid more than is owed", observe=self, as_credit=more)
                elif decided:
                    order = await give_back(unit, order, "the dispute over it has ended", observe=self)
                order = await watch(unit, order)
                await keep_to_plan(unit, order.id, observe=self)
            case _:
                pass

    async def _place(self, unit: Unit, order: Order) -> None:
        try:
            await place(unit, order)
        except OutOfStock:  # its lease ran out, and somebody else has the goods
            await expire(unit, order, observe=self)

    async def _claim_again(self, unit: Unit, order: Order, intent: Intent) -> bool:
        """Whether gift cards and store credit, which had their part back, pay it again since the rest came late."""
        missing = order.total.minor_units - order.captured + order.refunded
        if missing <= 0 or intent.totals.pending_refund:
            return False
        parts = await claimable(unit, intent.id, Money(missing, order.currency))
        if not parts:
            return False
        await redeem(unit, intent.id, parts, _enter)
        await self._reinstate(unit, await unit[ORDERS].get(order.id))
        return True

    async def _reinstate(self, unit: Unit, order: Order) -> None:
        try:
            order = await reinstate(unit, order)
        except (OutOfStock, LimitReached) as gone:
            what = "the goods are gone" if isinstance(gone, OutOfStock) else "the promotion is used up"
            await give_back(unit, order, f"paid late, and {what}", observe=self)
        else:
            settle(unit, order, await reopen_intent(unit, await unit[INTENTS].get(order.intent_id)))


def _comes_back(intent: Intent) -> bool:
    """Whether a late payment brings its order back: not one that a bank asks for, or that was to go back before."""
    stopped = any(each.failure in STOPPED for each in intent.operations)
    return intent.terms.late_payment is LatePayment.REINSTATE and not (stopped or intent.totals.claimed)


async def _enter(unit: Unit, observation: Observation, /) -> Outcome:
    """Fold *observation* in and have its order follow, without a reaction: it is one of several."""
    folded = await fold(unit, observation)
    if folded.intent is not None:
        order = await unit[ORDERS].get(folded.intent.order_id)
        follow(unit, order, folded.intent.totals, observation.provider)
    return folded.outcome


def _why(intent: Intent) -> str:
    failed = [each for each in intent.operations if each.standing is EffectState.FAILED]
    return failed[-1].failure if failed and failed[-1].failure else "declined"
