"""The blocking adapter over a fake world."""

import hmac
import json
from collections.abc import Mapping, Sequence

import attrs

from tokolib.effects.model import Observation, Source
from tokolib.effects.outside import Declined, NotFoundOutside, NotSupported, Transient, Unknown
from tokolib.effects.resend import Terms
from tokolib.kernel.errors import TokolibError
from tokolib.payments.ports import (
    Can,
    Capture,
    Charge,
    DisputeEvidence,
    GatewayCapabilities,
    GiveBack,
    LookUp,
    Void,
    Webhook,
)
from tokolib.payments.provider_errors import SignatureInvalid, WebhookUnreadable
from tokolib.testing.fake_gateway.books import Entry
from tokolib.testing.fake_gateway.switches import Switches
from tokolib.testing.fake_gateway.wording import SIGNATURE, Delivery, heard, said, signature
from tokolib.testing.fake_gateway.world import FakeWorld


@attrs.frozen
class FakeGateway:
    """The blocking adapter over a fake world."""

    world: FakeWorld
    name: str = "fake"
    webhook_signs_all_fields: bool = True

    @property
    def switches(self) -> Switches:
        """What goes wrong next."""
        return self.world.switches

    @property
    def capabilities(self) -> GatewayCapabilities:
        """What its world can do, in rupiah and more, and what it promises about repeated requests."""
        return GatewayCapabilities(
            can=self.world.can,
            currencies=frozenset({"IDR", "USD", "GBP"}),
            terms=Terms(dedupe=self.world.dedupe, lookup=True, lookup_lag=self.world.lookup_lag),
            webhook_signs_all_fields=self.webhook_signs_all_fields,
        )

    def create(self, charge: Charge) -> Observation:
        """Charge, unless a switch says otherwise."""
        self._spoil("create", charge.key)
        return self._answer(charge.key, self.world.create(charge))

    def authorise(self, charge: Charge) -> Observation:
        """Reserve, unless a switch says otherwise."""
        self._able(Can.AUTHORISE)
        self._spoil("authorise", charge.key)
        return self._answer(charge.key, self.world.authorise(charge))

    def capture(self, capture: Capture) -> Observation:
        """Capture, unless a switch says otherwise."""
        self._able(Can.AUTHORISE)
        self._spoil("capture", capture.key)
        return self._answer(capture.key, self.world.capture(capture))

    def refund(self, refund: GiveBack) -> Observation:
        """Refund, unless a switch says otherwise."""
        self._able(Can.REFUND)
        self._spoil("refund", refund.key)
        return self._answer(refund.key, self.world.refund(refund))

    def void(self, void: Void) -> Observation:
        """Give a charge up, unless a switch says otherwise."""
        self._able(Can.VOID)
        self._spoil("void", void.key)
        return self._answer(void.key, self.world.void(void))

    def submit_evidence(self, evidence: DisputeEvidence) -> Observation:
        """Hand evidence on, unless a switch says otherwise."""
        self._able(Can.DISPUTE_EVIDENCE)
        self._spoil("submit_evidence", evidence.key)
        return self._answer(evidence.key, self.world.submit_evidence(evidence))

    def query(self, look_up: LookUp) -> tuple[Observation, ...]:
        """What the world knows, unless it hides it yet."""
        self.world.calls.append(f"query {look_up.key}")
        if not (found := self.world.find(look_up)):
            raise NotFoundOutside(self.name, look_up.key or look_up.reference)
        return tuple(heard(self.name, said(each), Source.QUERY) for each in found)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Webhook:
        """What a signed message says."""
        given: object = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE.lower())
        wanted = signature(self.world.secret, body).encode()
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(errors="replace"), wanted):
            raise SignatureInvalid(self.name)
        try:
            told = json.loads(body)
            return Webhook(str(told["id"]), (heard(self.name, told, Source.WEBHOOK),))
        except (ValueError, KeyError, TypeError, RecursionError, TokolibError) as error:
            raise WebhookUnreadable(self.name, f"{type(error).__name__}: {error}") from error

    def webhooks(self) -> Sequence[Delivery]:
        """What the provider delivers now."""
        return self.world.webhooks()

    def pay(self, reference: str) -> None:
        """The customer pays."""
        self.world.pay(reference)

    def _able(self, what: Can) -> None:
        if what not in self.world.can:
            raise NotSupported(self.name, what)

    def _spoil(self, call: str, key: str) -> None:
        switches = self.world.switches
        if switches.unreachable > 0:
            switches.unreachable -= 1
            raise Transient(self.name, "connection refused")
        if switches.time_out_before > 0:
            switches.time_out_before -= 1
            raise Unknown(self.name, key, "time-out")
        self.world.calls.append(f"{call} {key}")
        if switches.decline > 0 and not self.world.remembers(key):
            switches.decline -= 1
            raise Declined(self.name, "insufficient_funds")

    def _answer(self, key: str, entry: Entry) -> Observation:
        if self.world.switches.time_out_after > 0:
            self.world.switches.time_out_after -= 1
            raise Unknown(self.name, key, "time-out")
        return heard(self.name, said(entry), Source.ANSWER)
