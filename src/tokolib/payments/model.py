"""The payment intent: what one order is to be paid, and everything that was tried and seen."""

from datetime import datetime
from functools import cached_property

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.ids import GiftCardId, IntentId, LineId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import RefundOrder
from tokolib.payments.disputes import Dispute, Evidence, disputes
from tokolib.payments.plans.model import PlanProgress
from tokolib.payments.plans.schedule import Schedule, notice_at, schedule
from tokolib.payments.reserves import Reserve, names, reserves
from tokolib.payments.set_aside import Decision, Review
from tokolib.payments.states import Closing, IntentState, state_of
from tokolib.payments.tenders import LOCAL, STORED, Settlement
from tokolib.payments.terms import NONE, Terms
from tokolib.payments.totals import ASKED, STOPPED, Totals, totals


@attrs.frozen
class BoughtCard:
    """A gift card that a line of the order was."""

    card_id: GiftCardId
    line_id: LineId
    amount: Money
    """What it was issued with: the price of one unit of the line."""


@attrs.frozen(kw_only=True)
class Intent:
    """The payment of one order. Its figures and its state are derived from its operations."""

    id: IntentId
    version: int
    order_id: OrderId
    amount: Money
    """What is due in all, less what cancellations, returns and allowances took off."""
    tender: str
    settlement: Settlement
    opened_at: datetime
    due_until: datetime | None
    """Until when the customer may pay; None when there is no term."""
    account: str
    """Where a transfer goes, as the customer was told."""
    closed: Closing | None
    operations: tuple[Operation, ...]
    reviews: tuple[Review, ...]
    authorises: bool = False
    """Whether its money is reserved first, and captured as goods leave."""
    refund_order: RefundOrder = RefundOrder.LATEST_FIRST
    """From which payments a refund is taken."""
    evidence: tuple[Evidence, ...] = ()
    """What was answered in disputes, in the order in which it was."""
    decisions: tuple[Decision, ...] = ()
    """What people have decided in the review queue, in the order in which they did."""
    terms: Terms = NONE
    """What becomes of money that is not exactly what is due."""
    written_off: int = 0
    """What of what is due never came and is let be, in minor units."""
    retained: int = 0
    """What of what was paid too much the shop keeps, in minor units."""
    stopped: bool = False
    """Whether its order is to be cancelled as soon as the charge that is open has ended: nothing more is asked for."""
    plan: PlanProgress | None = None
    """The payment plan that was agreed on, and what was recorded of it; None where all is due at once."""
    cards: tuple[BoughtCard, ...] = ()
    """The gift cards that it paid for, and that were not taken back."""

    @cached_property
    def totals(self) -> Totals:
        """All sums, in minor units."""
        return totals(self.operations)

    @property
    def state(self) -> IntentState:
        """How far the payment is."""
        even = self.amount.minor_units - self.written_off + self.retained
        return state_of(even, self.settlement, self.closed, self.operations)

    @property
    def is_refused(self) -> bool:
        """Whether its gateway said no for good, and nothing but stored value has come in.

        A transfer may still come where another way to pay has failed.
        """
        if self.settlement is not Settlement.BY_GATEWAY:
            return False
        asked = [each for each in self.operations if each.provider not in STORED]
        return state_of(self.amount.minor_units, self.settlement, self.closed, asked) is IntentState.FAILED

    @property
    def refused_back(self) -> bool:
        """Whether a gateway has refused for good to give money back, so that a person has to."""
        failed = [each for each in self.operations if each.kind is EffectKind.REFUND and not is_open(each)]
        refused = [each for each in failed if not each.succeeded and each.failure not in STOPPED]
        return any(each.provider not in LOCAL and each.provider not in STORED for each in refused)

    @property
    def in_cards(self) -> Money:
        """What the gift cards that it paid for were issued with: so much of it has to stay."""
        return self._money(sum(each.amount.minor_units for each in self.cards))

    @property
    def captured(self) -> Money:
        """What came in, less what its provider reversed; what a customer's bank took is told by `disputed`."""
        return self._money(self.totals.captured)

    @property
    def net(self) -> Money:
        """What of the customer's money the shop has: captured, less refunded, less disputed."""
        return self._money(self.totals.net)

    @property
    def reserved(self) -> Money:
        """What stands reserved at gateways and isn't captured yet."""
        return self._money(self.totals.reserved)

    @cached_property
    def reserves(self) -> tuple[Reserve, ...]:
        """Each authorisation that was given, with what has become of it."""
        return reserves(self.operations)

    @property
    def refunded(self) -> Money:
        """What has gone back."""
        return self._money(self.totals.refunded)

    @property
    def pending_refund(self) -> Money:
        """What was asked to go back and has no definite answer."""
        return self._money(self.totals.pending_refund)

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """Each dispute over this payment."""
        return disputes(self.operations, self.evidence)

    @property
    def lost(self) -> Money:
        """What the outside took although it had gone back already."""
        return self._money(self.totals.lost)

    @property
    def disputed(self) -> Money:
        """What customers' banks have taken in disputes that aren't won, as far as it had not gone back already."""
        return self._money(self.totals.disputed)

    @property
    def refundable(self) -> Money:
        """What may still be refunded: `net`, less refunds that have no definite answer, and less what banks ask for in
        disputes that nobody has decided.
        """
        return self._money(self.totals.refundable)

    @property
    def claimed(self) -> Money:
        """What customers' banks ask for in disputes that nobody has decided, and have not taken yet."""
        return self._money(self.totals.claimed)

    @property
    def outstanding(self) -> Money:
        """What is still to be asked for; what has gone back, or a customer's bank has taken, counts as never paid."""
        due = self.amount.minor_units - self.written_off
        return self._money(max(0, due - self.totals.net - self.totals.reserved))

    def schedule(self, now: datetime) -> Schedule | None:
        """How its plan stands *now*; None where it has none."""
        if self.plan is None:
            return None
        return schedule(self.plan, self._owed, self.totals.net + self.totals.reserved, now)

    @property
    def _owed(self) -> Money:
        """What it comes to, without what is written off."""
        return self._money(self.amount.minor_units - self.written_off)

    def asked(self, now: datetime) -> Money:
        """What of the outstanding amount is due *now*: all of it, unless a plan gives time."""
        planned = self.schedule(now)
        return self.outstanding if planned is None else planned.due_now

    @property
    def notice_at(self) -> datetime | None:
        """When an instalment is next to be noticed as due or overdue; None when none is waited for."""
        if self.plan is None or not self.plan.started or self.closed is not None:
            return None
        planned = schedule(self.plan, self._owed, self.totals.net + self.totals.reserved, self.opened_at)
        return notice_at(planned, self.plan.noticed)

    @property
    def surplus(self) -> Money:
        """What was paid too much and is neither kept nor being given back; zero after every fold of an open intent."""
        sums = self.totals
        over = sums.left - self.amount.minor_units - self.retained
        return self._money(max(0, min(over, sums.refundable)))

    @property
    def live_charge(self) -> Operation | None:
        """The charge or authorisation that may still succeed without being asked again, if there is one."""
        return next((each for each in self.operations if each.kind in ASKED and is_open(each)), None)

    @property
    def awaited(self) -> Operation | None:
        """The live charge, if it was sent and its outcome will be told without a person."""
        live = self.live_charge
        return live if live is not None and live.tries and live.state is not EffectState.REVIEW else None

    @property
    def is_over(self) -> bool:
        """Whether no charge is wanted any more."""
        return self.stopped or self.closed is not None

    @property
    def ask_at(self) -> datetime | None:
        """When a gateway is to be sent something or asked next; None when no machine can advance it."""
        asked = (each for each in self.operations if is_open(each) and each.unasked_since is None)
        waiting = (each.next_at for each in asked if each.tries or each.state is not EffectState.REVIEW)
        return min((instant for instant in waiting if instant is not None), default=None)

    @property
    def absent(self) -> str | None:
        """The gateway that something waits for, since the shop has none of that name; None when nothing does."""
        return next((each.provider for each in self.operations if is_open(each) and each.unasked_since), None)

    @property
    def payouts(self) -> tuple[Operation, ...]:
        """Refunds that wait for a person to hand the money over."""
        return tuple(each for each in self.operations if is_open(each) and each.provider in LOCAL)

    def pending_void(self, charge: Operation) -> Operation | None:
        """The void of *charge* that has no definite answer, if one was wished for."""
        return next((each for each in self.voids(charge) if is_open(each)), None)

    def voids(self, charge: Operation) -> tuple[Operation, ...]:
        """Every void of a charge or authorisation that was wished for."""
        known = names(charge)
        return tuple(each for each in self.operations if each.kind is EffectKind.VOID and each.about in known)

    @property
    def unreturned(self) -> tuple[Operation, ...]:
        """Refunds to gift cards and store credit that are still to be made."""
        return tuple(each for each in self.operations if is_open(each) and each.provider in STORED)

    def operation(self, id: str) -> Operation | None:
        """The operation by its id."""
        return next((each for each in self.operations if each.id == id), None)

    def _money(self, minor_units: int) -> Money:
        return Money(minor_units, self.amount.currency)


@attrs.frozen
class Refund:
    """A wish to give money back: one operation for each charge that it is taken from."""

    intent_id: IntentId
    order_id: OrderId
    amount: Money
    operations: tuple[Operation, ...]

    @property
    def state(self) -> EffectState:
        """The state of the part that is furthest from done."""
        order = list(EffectState)
        worst = (EffectState.REVIEW, EffectState.FAILED, *order)
        states = {each.state for each in self.operations}
        return next(each for each in worst if each in states)
