"""The door `payments`: what people know about money, and what gateways are asked for."""

from collections.abc import Sequence

import attrs

from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import NotFound
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import IntentId, OperationId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.payments import steps
from tokolib.payments.advance import advance
from tokolib.payments.disputes import Dispute, DisputeState
from tokolib.payments.errors import CannotAuthorise, DisputeOver
from tokolib.payments.lookups import HasOrderId, intent_by, order_id
from tokolib.payments.model import Intent
from tokolib.payments.paying_back import PaymentRefunds
from tokolib.payments.ports import INTENTS, Can, can
from tokolib.payments.provider_errors import UnknownProvider
from tokolib.payments.words import finding, prose, receipt, verdict


@attrs.frozen
class PaymentsService(PaymentRefunds[Colour]):
    """What the shop does with money. Whatever is said about money goes through `observe`."""

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
        id, said = order_id(order), line("reference", reference)

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
        id = order_id(order)
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
            intent = await intent_by(unit, operation, "operation")
            failure = "" if happened else why
            now, actor = unit.now, unit.ctx.actor
            seen = finding(intent, operation, happened=happened, at=now, actor=actor, reference=named, failure=failure)
            if not (known := intent.operation(operation)) or not known.is_settled:
                await self._say(unit, seen)
            return await unit[INTENTS].get(intent.id)

        return await self.work.write("payments.resolve", step)

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
                intent = await intent_by(unit, id, "dispute")
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
            intent = await intent_by(unit, id, "dispute")
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


def _dispute(intent: Intent, id: str) -> Dispute:
    for each in intent.disputes:
        if each.id == id:
            return each
    raise NotFound("dispute", id)
