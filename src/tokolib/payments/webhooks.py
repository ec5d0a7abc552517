"""The door `webhooks`: what providers send, verified on its raw bytes, kept once, observed."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Final

import attrs

from tokolib.effects.model import SETTLED, EffectState, Observation, Verdict
from tokolib.effects.outside import NotFoundOutside, Unknown
from tokolib.effects.ports import Observe
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.storage_errors import KeyMismatch
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.payments.folding import INBOX
from tokolib.payments.ports import Gateways, LookUp, PaymentGateway, Webhook
from tokolib.payments.provider_errors import UnknownProvider


@attrs.frozen
class Receipt:
    """What became of a delivered message. Any verdict is answered with 2xx: the provider has done its part."""

    provider: str
    event_id: str
    verdict: Verdict
    """`duplicate`: delivered before. `quarantined`: kept for a person; no money moved."""
    reasons: tuple[str, ...]
    subjects: tuple[str, ...]
    """The orders it was about."""


@attrs.frozen
class WebhookService(Service[Colour]):
    """Takes in what providers send."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways

    @command
    async def receive(self, provider: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        """What became of a message of *provider*: its raw *body*, byte for byte, with its *headers*.

        Delivered twice it counts once. The inbox and everything that it changes are stored in one commit; when this
        raises, nothing was, and the provider's next delivery is as good as the first.

        Raises:
            UnknownProvider: no such gateway. SignatureInvalid: it may come from anybody.
            WebhookUnreadable: signed, but not understood.
            OutsideError: the provider's signature doesn't cover its words, and looking them up failed, or doesn't show
                yet what they say (`Unknown`).
        """
        if (gateway := self.gateways.get(provider)) is None:
            raise UnknownProvider(provider[:100], tuple(sorted(self.gateways)))
        webhook = gateway.parse_webhook(headers, body)
        seen = await self._believed(gateway, webhook)
        digest = hashlib.sha256(body).hexdigest()
        step = partial(self._take_in, provider=provider, event_id=webhook.event_id, digest=digest, seen=seen)
        return await self.work.write("webhooks.receive", step)

    async def _believed(self, gateway: PaymentGateway, webhook: Webhook) -> tuple[Observation, ...]:
        """What the webhook says, or what the provider says when asked, where its signature doesn't cover that."""
        if gateway.capabilities.webhook_signs_all_fields:
            return webhook.observations
        asked = {LookUp(each.kind, each.key, each.reference) for each in webhook.observations}
        answers: list[Observation] = []
        for each in sorted(asked, key=lambda one: (one.kind, one.key, one.reference)):
            try:
                answers += await resolved(gateway.query(each))
            except NotFoundOutside:
                continue
        shown = all(any(_shows(answer, seen) for answer in answers) for seen in webhook.observations)
        if gateway.capabilities.terms.lookup_lag and not shown:  # true or not: a later delivery will tell
            raise Unknown(gateway.name, webhook.event_id, "a look-up doesn't show yet what the message says")
        return tuple(answers)

    async def _take_in(
        self, unit: Unit, *, provider: str, event_id: str, digest: str, seen: tuple[Observation, ...]
    ) -> Receipt:
        scope = f"{INBOX}:{provider}"
        try:
            if await resolved(unit.work.seen(scope, event_id, digest)) is not None:
                return Receipt(provider, event_id, Verdict.DUPLICATE, (), ())
        except KeyMismatch:  # the same event id over another body: kept out, whoever signed it
            return Receipt(provider, event_id, Verdict.QUARANTINED, ("payments.event_changed",), ())
        outcomes = [await self.observe(unit, attrs.evolve(each, raw_digest=digest)) for each in seen]
        reasons: tuple[str, ...] = tuple(each.reason for each in outcomes if each.reason)
        subjects = tuple(dict.fromkeys(each.subject for each in outcomes if each.subject))
        verdict = max((each.verdict for each in outcomes), key=_WEIGHT.index, default=Verdict.APPLIED)
        unit.work.remember(scope, event_id, digest, ",".join([verdict, *reasons]).encode())
        return Receipt(provider, event_id, verdict, reasons, subjects)


def _shows(answer: Observation, seen: Observation) -> bool:
    """Whether *answer* is as late a word about the same as *seen*: the same one, or one that would stand against it."""
    named = seen.key == answer.key if seen.key else seen.reference == answer.reference
    if answer.kind is not seen.kind or not named or answer.sequence < seen.sequence:
        return False
    later = answer.sequence > seen.sequence or answer.state is EffectState.SUCCEEDED
    return later or answer.state is seen.state or seen.state not in SETTLED


_WEIGHT: Final = (Verdict.DUPLICATE, Verdict.APPLIED, Verdict.QUARANTINED)
