"""The same adapter, awaited."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.effects.model import Observation
from tokolib.payments.ports import (
    Capture,
    Charge,
    DisputeEvidence,
    GatewayCapabilities,
    GiveBack,
    LookUp,
    Void,
    Webhook,
)
from tokolib.testing.fake_gateway.gateway import FakeGateway
from tokolib.testing.fake_gateway.switches import Switches
from tokolib.testing.fake_gateway.wording import Delivery
from tokolib.testing.fake_gateway.world import FakeWorld


@attrs.frozen
class AsyncFakeGateway:
    """The same gateway for `AsyncShop`: its calls are awaited."""

    world: FakeWorld
    name: str = "fake"
    webhook_signs_all_fields: bool = True

    @property
    def _blocking(self) -> FakeGateway:
        return FakeGateway(self.world, self.name, self.webhook_signs_all_fields)

    @property
    def switches(self) -> Switches:
        """What goes wrong next."""
        return self.world.switches

    @property
    def capabilities(self) -> GatewayCapabilities:
        """As of `FakeGateway`."""
        return self._blocking.capabilities

    async def create(self, charge: Charge) -> Observation:
        """Charge, unless a switch says otherwise."""
        return self._blocking.create(charge)

    async def authorise(self, charge: Charge) -> Observation:
        """Reserve, unless a switch says otherwise."""
        return self._blocking.authorise(charge)

    async def capture(self, capture: Capture) -> Observation:
        """Capture, unless a switch says otherwise."""
        return self._blocking.capture(capture)

    async def refund(self, refund: GiveBack) -> Observation:
        """Refund, unless a switch says otherwise."""
        return self._blocking.refund(refund)

    async def void(self, void: Void) -> Observation:
        """Give a charge up, unless a switch says otherwise."""
        return self._blocking.void(void)

    async def submit_evidence(self, evidence: DisputeEvidence) -> Observation:
        """Hand evidence on, unless a switch says otherwise."""
        return self._blocking.submit_evidence(evidence)

    async def query(self, look_up: LookUp) -> tuple[Observation, ...]:
        """What the world knows, unless it hides it yet."""
        return self._blocking.query(look_up)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Webhook:
        """What a signed message says."""
        return self._blocking.parse_webhook(headers, body)

    def webhooks(self) -> Sequence[Delivery]:
        """What the provider delivers now."""
        return self.world.webhooks()

    def pay(self, reference: str) -> None:
        """The customer pays."""
        self.world.pay(reference)
