"""After the commit: gateways are asked for what an intent wishes, and their answers are observed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

import attrs

from tokolib.effects.answers import answer, observation, observations
from tokolib.effects.model import EffectKind, Observation, Operation
from tokolib.effects.outside import NotSupported
from tokolib.effects.perform import PERMISSION, perform
from tokolib.effects.ports import Observe
from tokolib.effects.resend import Terms
from tokolib.kernel.hosting import resolved
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.payments.claims import back, claim, due, unask
from tokolib.payments.model import Intent
from tokolib.payments.ports import (
    INTENTS,
    Can,
    Capture,
    Charge,
    DisputeEvidence,
    Gateways,
    GiveBack,
    LookUp,
    PaymentGateway,
    Void,
)
from tokolib.payments.provider_errors import UnknownProvider
from tokolib.payments.reserves import FINAL, names

T = TypeVar("T")


@attrs.frozen
class GatewayWish:
    """One operation of an intent, as `effects.perform` takes it."""

    gateway: PaymentGateway
    intent: Intent
    operation_id: str
    observe: Observe
    at_once: bool = False
    """Whether what is in review is looked up without waiting for its turn."""

    @property
    def terms(self) -> Terms:
        """What the gateway promises about repeated requests."""
        return self.gateway.capabilities.terms

    async def claim(self, unit: Unit, *, again_after: int | None) -> Operation | None:
        """Lease the operation."""
        return await claim(
            unit,
            self.intent.id,
            self.operation_id,
            again_after=again_after,
            terms=self.terms,
            observe=self.observe,
            at_once=self.at_once,
        )

    async def send(self, operation: Operation) -> Observation:
        """Ask the gateway for what the operation wishes, unless it can't give back so much."""
        if operation.kind is EffectKind.REFUND and (lacking := self._lacking(operation)) is not None:
            raise NotSupported(self.gateway.name, lacking)
        name, (call, ask) = self.gateway.name, self._call(operation)
        said = await answer(name, call, operation.key, ask)
        seen = observation(name, call, operation.key, said)
        return attrs.evolve(seen, intent=operation.intent, operation_id=operation.id)

    async def look_up(self, operation: Operation) -> tuple[Observation, ...]:
        """Ask the gateway what it knows."""
        charge = self._charged(operation)
        asked = LookUp(operation.kind, operation.key, operation.reference, charge.key if charge else "")
        name, key = self.gateway.name, operation.key
        said = await answer(name, "query", key, partial(_resolved, self.gateway.query, asked))
        seen = observations(name, "query", key, operation.kind, said)
        return tuple(attrs.evolve(each, intent=operation.intent) for each in seen)

    def _call(self, operation: Operation) -> tuple[str, Callable[[], Awaitable[object]]]:
        """The gateway's method for *operation*, by name and with what it is asked."""
        gateway = self.gateway
        match operation.kind:
            case EffectKind.CHARGE:
                return "create", partial(_resolved, gateway.create, self._charge(operation))
            case EffectKind.AUTHORISE:
                return "authorise", partial(_resolved, gateway.authorise, self._charge(operation))
            case EffectKind.CAPTURE:
                return "capture", partial(_resolved, gateway.capture, self._capture(operation))
            case EffectKind.REFUND:
                return "refund", partial(_resolved, gateway.refund, self._give_back(operation))
            case EffectKind.EVIDENCE:
                return "submit_evidence", partial(_resolved, gateway.submit_evidence, self._evidence(operation))
            case EffectKind.VOID:
                return "void", partial(_resolved, gateway.void, self._void(operation))
            case kind:
                raise NotSupported(gateway.name, kind)

    def _charge(self, operation: Operation) -> Charge:
        return Charge(
            key=operation.key,
            amount=operation.amount,
            order_id=operation.subject,
            expires_at=term_of(self.intent, operation),
        )

    def _give_back(self, operation: Operation) -> GiveBack:
        charge = self._charged(operation)
        return GiveBack(
            key=operation.key,
            amount=operation.amount,
            charge_key=charge.key if charge else "",
            charge_reference=charge.reference if charge else "",
            reason=operation.reason,
        )

    def _lacking(self, refund: Operation) -> Can | None:
        """What the gateway would have to be able to for *refund*, and isn't."""
        able, came = self.gateway.capabilities.can, self.intent.operation(refund.about)
        if Can.REFUND not in able:
            return Can.REFUND
        part = came is not None and refund.amount < came.amount
        return Can.PARTIAL_REFUND if part and Can.PARTIAL_REFUND not in able else None

    def _charged(self, operation: Operation) -> Operation | None:
        """The charge that *operation* is about; of what was captured, the authorisation."""
        found = self.intent.operation(operation.about)
        if found is None or found.kind is not EffectKind.CAPTURE:
            return found
        held = (each.authorisation for each in self.intent.reserves)
        return next((each for each in held if found.about in names(each)), found)

    def _capture(self, operation: Operation) -> Capture:
        charge = self._charged(operation)
        return Capture(
            key=operation.key,
            amount=operation.amount,
            charge_key=charge.key if charge else "",
            charge_reference=charge.reference if charge else "",
            final=operation.reason == FINAL,
        )

    def _evidence(self, operation: Operation) -> DisputeEvidence:
        dispute = self.intent.operation(operation.about)
        said = next(each for each in self.intent.evidence if each.id == operation.reason)
        return DisputeEvidence(
            key=operation.key,
            amount=operation.amount,
            dispute_reference=dispute.reference if dispute else "",
            text=said.text,
            documents=said.documents,
        )

    def _void(self, operation: Operation) -> Void:
        charge = self._charged(operation)
        return Void(
            key=operation.key,
            amount=operation.amount,
            charge_key=charge.key if charge else "",
            charge_reference=charge.reference if charge else "",
        )


def term_of(intent: Intent, charge: Operation) -> datetime | None:
    """Until when a charge may be paid; the term of the order doesn't bind what is asked for after it."""
    term = intent.due_until
    return None if term is None or charge.requested_at >= term else term


async def _resolved(method: Callable[[T], object], asked: T) -> object:
    """What the gateway's *method* says of what is *asked*; it may be anything until it was looked at."""
    return await resolved(method(asked))


async def advance(work: Work, gateways: Gateways, intent_id: str, observe: Observe, *, at_once: bool = False) -> Intent:
    """The intent after every operation of it that is due was sent or looked up, once each.

    What is in review is looked up now and then, or *at_once*, and never sent.

    Never call it inside a unit: it opens its own, and calls gateways between them. Inside a transaction of the host
    nobody is asked, for it could be rolled back afterwards: what is due waits for the next call, or for `tick`.

    Raises:
        NotFound: no such intent.
        UnknownProvider: an operation's gateway is not registered; it waits for that, or for a person. All others were
            advanced.
        UnusableAnswer: a gateway's adapter answered with what is no answer, or raised what its port doesn't name. That
            operation is looked up when it is due again.
    """
    work = work.own()  # whoever may charge or refund may have it carried out
    intent = await _read(work, intent_id)
    if work.joined:
        return intent
    gone: list[str] = []
    for operation in intent.operations:
        if operation.next_at is None or operation.is_settled:
            continue
        if (gateway := gateways.get(operation.provider)) is None:
            gone.append(operation.provider)
            await work.write(PERMISSION, partial(unask, intent_id=intent_id, operation_id=operation.id))
            continue
        await perform(work, GatewayWish(gateway, intent, operation.id, observe, at_once=at_once), observe)
    if gone:
        raise UnknownProvider(gone[0], tuple(sorted(gateways)))
    return await _read(work, intent_id)


async def advance_due(work: Work, gateways: Gateways, observe: Observe, *, limit: int = 100) -> tuple[Intent, ...]:
    """Every intent that was due, after it was advanced: what `tick` calls. At most *limit*."""

    async def waiting(unit: Unit) -> tuple[Intent, ...]:
        return (*await back(unit, gateways, limit=limit), *await due(unit, limit=limit))[:limit]

    return tuple([await advance(work, gateways, each.id, observe) for each in await work.read(waiting)])


async def _read(work: Work, intent_id: str) -> Intent:
    async def get(unit: Unit) -> Intent:
        return await unit[INTENTS].get(intent_id)

    return await work.read(get)
