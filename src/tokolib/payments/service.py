"""The door `payments`: what people know about money, refunds, and what to do next."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import attrs

from tokolib.effects.keys import intent_of
from tokolib.effects.model import Observation, Verdict
from tokolib.effects.ports import Observe
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, shown
from tokolib.kernel.formats import said
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import IntentId, OperationId, OrderId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.payments import steps
from tokolib.payments.advance import advance
from tokolib.payments.disputes import Dispute, DisputeState
from tokolib.payments.errors import CannotAuthorise, Contradiction, DisputeOver, UnknownProvider
from tokolib.payments.explain import account_of
from tokolib.payments.model import Intent, Refund
from tokolib.payments.next_action import NextAction, next_action
from tokolib.payments.plans.schedule import Schedule
from tokolib.payments.ports import INTENTS, Can, Gateways, can
from tokolib.payments.refunding import refund_of, request_refund
from tokolib.payments.wording import WORDING
from tokolib.payments.words import finding, payout, prose, receipt, verdict


@runtime_checkable
class HasOrderId(Protocol):
    """Anything that is an order, as far as payments care."""

    @property
    def id(self) -> OrderId:
        """The order's id."""
        ...


@attrs.frozen
class PaymentsService(Service[Colour]):
    """What the shop does with money. Whatever is said about money goes through `observe`."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways

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
        id = _id(order)

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
        id = _id(order)

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
    async def received(
        self,
        order: HasOrderId | str,
        amount: Money,
        *,
        method: str | None = None,
        reference: str = "",
        key: str | None = None,
    ) -> Intent:
        """The payment of *order* after *amount* arrived by *method*, or else by its tender.

        A *reference* (the bank's, the courier's) names one payment in the shop: said twice it counts once, and it
        pays one order alone. Where one transfer pays several, name each part of it. Without a reference and a *key*
        each call is a payment of its own. What is too much is given back, kept or made store credit as the order's
        policies say; a refund waits for a person to hand it over.

        Raises:
            NotFound: no such order. InvalidAmount, CurrencyMismatch: such an amount can't arrive.
            NotLocal: *method*, or the tender, isn't handled by people.
            InvalidInput: a reference or key that can't be kept.
            Contradiction: *reference* was recorded with another amount.
            ReferenceTaken: *reference*, by the same method, has paid another order.
            KeyReused: *key* belongs to another request. In all cases nothing was stored.
        """
        id, said = _id(order), line("reference", reference)

        async def step(unit: Unit) -> Intent:
            intent = await steps.intent_of_order(unit, id)
            by = method or intent.tender

            async def say() -> str:
                named = said or key or unit.new_id("rcp")
                word = receipt(intent, amount, by, named, at=unit.now, actor=unit.ctx.actor)
                if said:
                    await steps.claim_reference(unit, intent, by, said)
                return await self._say(unit, word)

            await once(unit, "payments.received", key, (id, amount, by, said), say)
            return await unit[INTENTS].get(intent.id)

        return await self.work.write("payments.received", step)

    @command
    async def refund(
        self,
        order: HasOrderId | str,
        amount: Money,
        *,
        reason: str,
        key: str,
        method: str | None = None,
    ) -> Refund:
        """A refund of *amount*, by the way it came or by the local *method*; gateways are asked before it returns.

        Raises:
            NotFound: no such order. InvalidAmount, CurrencyMismatch: such an amount can't go back.
            RefundTooLarge: not so much can be refunded. NotLocal: *method* isn't handled by people.
            KeptByGiftCards: gift cards were bought with it, and they are good.
            InvalidInput: a reason or key that can't be kept.
            KeyReused: *key* belongs to another refund. In all these cases nothing was stored.
            UnknownProvider: its gateway is not registered; the refund is stored, and waits for `advance`.
        """
        id, why = _id(order), given_reason(reason)

        async def step(unit: Unit) -> Refund:
            intent = await steps.intent_of_order(unit, id)
            return await request_refund(unit, intent, amount, why, key=key, observe=self.observe, method=method)

        refund = await self.work.write("payments.refund", step)
        after = await advance(self.work, self.gateways, refund.intent_id, self.observe)
        return refund_of(after, [each.id for each in refund.operations])

    @command
    async def paid_out(self, refund: Refund | str, *, reference: str = "") -> Intent:
        """The payment after a person has handed a refund over, or transferred it. Safe to repeat.

        *refund* is a refund, or the id of one operation of it.

        Raises:
            NotFound: no such refund. NotLocal: a gateway makes it. InvalidInput: a reference that can't be kept.
            Contradiction: it failed before, or has another reference. In all cases nothing was stored.
        """
        return await self._settle(refund, line("reference", reference), "")

    @command
    async def payout_failed(self, refund: Refund | str, *, reason: str) -> Intent:
        """The payment after a refund could not be handed over; its amount may be refunded again.

        Raises:
            NotFound: no such refund. NotLocal: a gateway makes it. InvalidInput: no reason was given.
            Contradiction: it was handed over before. In all cases nothing was stored.
        """
        return await self._settle(refund, "", given_reason(reason))

    @command
    async def resolve(self, operation: OperationId, *, happened: bool, reference: str = "", reason: str = "") -> Intent:
        """The payment after a person has found out, at the provider's, what became of an operation: the way out of
        every review. Safe to repeat.

        It *happened*, under a *reference* of the provider's if it told one; or it did not, for a *reason*. It is an
        observation like any other: should the provider say otherwise later, that is folded in. What follows at a
        gateway, such as a refund of what nobody owes, waits for `advance` or `tick`.

        Raises:
            NotFound: no such operation. InvalidInput: no reason why it did not happen, or one that can't be kept.
            Contradiction: it has another definite answer, or another reference. In all cases nothing was stored.
        """
        named, why = line("reference", reference), given_reason(reason, required=not happened)

        async def step(unit: Unit) -> Intent:
            intent = await _intent_of(unit, operation, "operation")
            failure = "" if happened else why
            now, actor = unit.now, unit.ctx.actor
            seen = finding(intent, operation, happened=happened, at=now, actor=actor, reference=named, failure=failure)
            if not (known := intent.operation(operation)) or not known.is_settled:
                await self._say(unit, seen)
            return await unit[INTENTS].get(intent.id)

        return await self.work.write("payments.resolve", step)

    @command
    async def charge(
        self, order: HasOrderId | str, *, gateway: str | None = None, amount: Money | None = None
    ) -> Intent:
        """The payment after another try to charge what is outstanding, by *gateway* or else by its tender's.

        By a payment plan it asks for what is due now. With an *amount* it asks for that part; the rest may be paid by
        other tenders, one charge after the other, and of a plan it may be paid early.

        Raises:
            InvalidAmount, CurrencyMismatch: *amount* isn't more than zero, or is more than is outstanding.
            NotFound: no such order. IllegalPaymentTransition: it was cancelled or has expired.
            ChargeInProgress: an earlier charge may still succeed. NothingDue: it is paid.
            NothingDueYet: nothing is due by its payment plan yet, and no *amount* was named.
            UnknownProvider, NoGateway: nobody to ask.
            CannotAuthorise: the order is captured at hand-over, and the gateway can't reserve money.
            In all cases nothing was stored.
        """
        id = _id(order)
        if gateway is not None and gateway not in self.gateways:
            raise UnknownProvider(gateway[:100], tuple(sorted(self.gateways)))

        async def step(unit: Unit) -> Intent:
            intent = await steps.intent_of_order(unit, id)
            asked = gateway or intent.tender
            if intent.authorises and asked in self.gateways and not can(self.gateways, asked, Can.AUTHORISE):
                raise CannotAuthorise(asked)
            return await steps.request_charge(unit, intent, gateway=gateway, amount=amount)

        intent = await self.work.write("payments.charge", step)
        return await advance(self.work, self.gateways, intent.id, self.observe)

    @command
    async def disputes(self, order: HasOrderId | str) -> tuple[Dispute, ...]:
        """The disputes over an order's payment: what a bank wants back, until when the shop may answer, how it ended.

        Raises:
            NotFound: no such order.
        """
        return (await self._intent(order)).disputes

    @command
    async def submit_evidence(
        self, dispute: Dispute | str, *, text: str, documents: Sequence[str] = (), key: str | None = None
    ) -> Dispute:
        """The dispute after the shop answered: *text*, and *documents* by name or address.

        The answer is stored with who gave it and when. A gateway that hands evidence on (`Can.DISPUTE_EVIDENCE`) is
        asked before this returns; with another one a person does it, and this notes that it was done. With a *key*
        it is safe to repeat.

        Raises:
            NotFound: no such dispute. DisputeOver: the bank has decided.
            EvidenceTooLate: its term has passed, and the gateway takes none after that (`Can.LATE_EVIDENCE`).
            InvalidInput: no text, or a text, document or key that can't be kept.
            KeyReused: *key* belongs to another answer. In all these cases nothing was stored.
            UnknownProvider: its gateway is not registered; the answer is stored, and waits for `advance`.
        """
        id = dispute if isinstance(dispute, str) else dispute.id
        said, named = prose("text", text), tuple(line("documents", each, required=True) for each in documents)

        async def step(unit: Unit) -> IntentId:
            async def submit() -> str:
                intent = await _intent_of(unit, id, "dispute")
                return (await steps.submit_evidence(unit, intent, id, said, named, self.gateways)).id

            intent_id, _ = await once(unit, "payments.submit_evidence", key, (id, said, named), submit)
            return IntentId(intent_id)

        intent_id = await self.work.write("payments.submit_evidence", step)
        intent = await advance(self.work, self.gateways, intent_id, self.observe)
        return next(each for each in intent.disputes if each.id == id)

    @command
    async def decide_dispute(
        self, dispute: Dispute | str, *, won: bool, reference: str = "", reason: str = ""
    ) -> Dispute:
        """The dispute after a person has learned how the bank decided it: the way out of one that nobody tells of.

        *won*: money that was taken comes back, under a *reference* of the provider's if it told one; lost: it stays
        away for good, for a *reason*. It is an observation like any other: when the provider tells the same later it
        counts once, and should it say otherwise, that is folded in. Safe to repeat.

        Raises:
            NotFound: no such dispute. InvalidInput: a reference or reason that can't be kept.
            DisputeOver: it was won, and is said to be lost. In all cases nothing was stored.
        """
        id = dispute if isinstance(dispute, str) else dispute.id
        named, why = line("reference", reference), given_reason(reason, required=False)

        async def step(unit: Unit) -> Dispute:
            intent = await _intent_of(unit, id, "dispute")
            known = _dispute(intent, id)
            if known.state is (DisputeState.WON if won else DisputeState.LOST):
                return known
            if known.state is DisputeState.WON:
                raise DisputeOver(id, known.state)
            now, actor = unit.now, unit.ctx.actor
            await self._say(unit, verdict(intent, known, won=won, at=now, actor=actor, reference=named, reason=why))
            return _dispute(await unit[INTENTS].get(intent.id), id)

        return await self.work.write("payments.decide_dispute", step)

    @command
    async def advance(self, order: HasOrderId | str) -> Intent:
        """The payment after its gateway was asked for whatever is due: what was never sent, what has no answer.

        What is in review is looked up as well, due or not, and never sent again: a definite answer settles it.

        Raises:
            NotFound: no such order. UnknownProvider: its gateway is not registered.
            InsideTransaction: the shop works within a transaction of the host. Nobody was asked.
        """
        permit(self.work.access, self.work.ctx, "payments.advance")
        self.work.must_be_outside("payments.advance")
        intent = await self._intent(order)
        return await advance(self.work, self.gateways, intent.id, self.observe, at_once=True)

    async def _intent(self, order: HasOrderId | str) -> Intent:
        id = _id(order)

        async def step(unit: Unit) -> Intent:
            return await steps.intent_of_order(unit, id)

        return await self.work.read(step)

    async def _say(self, unit: Unit, seen: Observation) -> str:
        """Observe a person's word: one that contradicts the books is refused, not kept."""
        outcome = await self.observe(unit, seen)
        if outcome.verdict is Verdict.QUARANTINED:
            raise Contradiction(outcome.subject, seen.reference, outcome.reason)
        return outcome.operation.id if outcome.operation else ""

    async def _settle(self, refund: Refund | str, reference: str, failure: str) -> Intent:
        ids = (refund,) if isinstance(refund, str) else tuple(each.id for each in refund.operations)

        async def step(unit: Unit) -> Intent:
            intent_id = (await _intent_of(unit, ids[0], "refund")).id
            for id in ids:
                intent = await unit[INTENTS].get(intent_id)
                word = payout(intent, id, at=unit.now, actor=unit.ctx.actor, reference=reference, failure=failure)
                await self._say(unit, word)
            return await unit[INTENTS].get(intent_id)

        return await self.work.write("payments.paid_out", step)


async def _intent_of(unit: Unit, id: str, kind: str) -> Intent:
    """The intent that the operation *id* belongs to, which was given as the id of a *kind*."""
    name = intent_of(id)
    intent = await unit[INTENTS].find(name) if name else None
    if intent is None:
        raise NotFound(kind, id)
    return intent


def _dispute(intent: Intent, id: str) -> Dispute:
    for each in intent.disputes:
        if each.id == id:
            return each
    raise NotFound("dispute", id)


def _id(order: HasOrderId | str) -> str:
    id = order if isinstance(order, str) else getattr(order, "id", None)
    if not isinstance(id, str):
        message = "must be an order or the id of one"
        raise InvalidInput((Fault("order", "kernel.wrong_type", message, shown(order)),))
    return id
