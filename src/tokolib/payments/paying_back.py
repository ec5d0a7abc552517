"""The door `payments`, as far as money goes back."""

import attrs

from tokolib.effects.model import Observation, Verdict
from tokolib.effects.ports import Observe
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.preview import Preview, confirm
from tokolib.kernel.unit import Unit
from tokolib.payments import steps
from tokolib.payments.advance import advance
from tokolib.payments.errors import Contradiction
from tokolib.payments.lookups import HasOrderId, PaymentLookups, intent_by, order_id
from tokolib.payments.model import Intent, Refund
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.previews import RefundPreview, shown_refund
from tokolib.payments.refunding import refund_of, request_refund
from tokolib.payments.words import payout


@attrs.frozen
class PaymentRefunds(PaymentLookups[Colour]):
    """Giving money back. Whatever is said about money goes through `observe`."""

    observe: Observe
    gateways: Gateways

    @command
    async def refund(
        self,
        order: HasOrderId | str,
        amount: Money,
        *,
        reason: str,
        key: str,
        method: str | None = None,
        preview: Preview | str | None = None,
    ) -> Refund:
        """A refund of *amount*, by the way it came or by the local *method*; gateways are asked before it returns.

        With a *preview*, or its hash, it does what was shown and nothing else.

        Raises:
            NotFound: no such order. InvalidAmount, CurrencyMismatch: such an amount can't go back.
            RefundTooLarge: not so much can be refunded. NotLocal: *method* isn't handled by people.
            KeptByGiftCards: gift cards were bought with it, and they are good.
            InvalidInput: a reason or key that can't be kept.
            PreviewStale: it would do something else by now than what *preview* shows.
            KeyReused: *key* belongs to another refund. In all these cases nothing was stored.
            UnknownProvider: its gateway is not registered; the refund is stored, and waits for `advance`.
        """
        id, why = order_id(order), given_reason(reason)

        async def step(unit: Unit) -> Refund:
            intent = await steps.intent_of_order(unit, id)

            def seen(after: Intent) -> None:
                confirm(preview, shown_refund(intent, after, _request(id, amount, method)))

            return await request_refund(
                unit, intent, amount, why, key=key, observe=self.observe, method=method, seen=seen
            )

        refund = await self.work.write("payments.refund", step)
        after = await advance(self.work, self.gateways, refund.intent_id, self.observe)
        return refund_of(after, [each.id for each in refund.operations])

    @command
    async def preview_refund(
        self, order: HasOrderId | str, amount: Money, *, method: str | None = None
    ) -> RefundPreview:
        """What `refund` would do, shown before it is done; nothing is changed.

        Raises:
            As `refund`, but for its key and reason.
        """
        id = order_id(order)

        async def step(unit: Unit) -> RefundPreview:
            intent = await steps.intent_of_order(unit, id)
            key = unit.new_id("key")
            await request_refund(unit, intent, amount, "preview", key=key, observe=self.observe, method=method)
            return shown_refund(intent, await unit[INTENTS].get(intent.id), _request(id, amount, method))

        return await self.work.rehearse("payments.refund", step)

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

    async def _settle(self, refund: Refund | str, reference: str, failure: str) -> Intent:
        ids = (refund,) if isinstance(refund, str) else tuple(each.id for each in refund.operations)

        async def step(unit: Unit) -> Intent:
            intent_id = (await intent_by(unit, ids[0], "refund")).id
            for id in ids:
                intent = await unit[INTENTS].get(intent_id)
                word = payout(intent, id, at=unit.now, actor=unit.ctx.actor, reference=reference, failure=failure)
                await self._say(unit, word)
            return await unit[INTENTS].get(intent_id)

        return await self.work.write("payments.paid_out", step)

    async def _say(self, unit: Unit, seen: Observation) -> str:
        """Observe a person's word: one that contradicts the books is refused, not kept."""
        outcome = await self.observe(unit, seen)
        if outcome.verdict is Verdict.QUARANTINED:
            raise Contradiction(outcome.subject, seen.reference, outcome.reason)
        return outcome.operation.id if outcome.operation else ""


def _request(id: str, amount: Money, method: str | None) -> str:
    return fingerprint((id, amount, method))
