"""**Ports** of the payments room: the gateway that a payment provider is reached by, and the repositories."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

import attrs

from tokolib.effects.model import EffectKind, Observation
from tokolib.effects.resend import Terms
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Port, Repository
from tokolib.payments.model import Intent
from tokolib.payments.set_aside import Quarantine


class Can(StrEnum):
    """What a gateway may be able to do beyond charging in full."""

    REFUND = "refund"
    PARTIAL_REFUND = "partial_refund"
    AUTHORISE = "authorise"
    """Money can be reserved first, and captured later."""
    PARTIAL_CAPTURE = "partial_capture"
    """Less than all that was reserved can be captured."""
    MULTIPLE_CAPTURE = "multiple_capture"
    """One reservation can be captured in several parts, of which the last one is told to be."""
    DISPUTE_EVIDENCE = "dispute_evidence"
    """It hands the shop's evidence on to the customer's bank."""
    LATE_EVIDENCE = "late_evidence"
    """It takes evidence after the dispute's term as well."""
    VOID = "void"
    """A charge that nobody has paid yet can be given up, so that nobody can pay it any more; a reservation released."""


@attrs.frozen(kw_only=True)
class GatewayCapabilities:
    """What a gateway can do; honest in both directions."""

    can: frozenset[Can]
    currencies: frozenset[str]
    terms: Terms
    webhook_signs_all_fields: bool
    """False: what a webhook says is looked up before it is believed."""

    def __attrs_post_init__(self) -> None:
        faults = tuple(
            Fault("can", "payments.bad_capabilities", f"who can {able} can {needs} too", shown(able.value))
            for able, needs in _RESTS_ON.items()
            if able in self.can and needs not in self.can
        )
        if faults:
            raise InvalidInput(faults)


_RESTS_ON: Final = {
    Can.PARTIAL_REFUND: Can.REFUND,
    Can.LATE_EVIDENCE: Can.DISPUTE_EVIDENCE,
    Can.AUTHORISE: Can.VOID,
    Can.PARTIAL_CAPTURE: Can.AUTHORISE,
    Can.MULTIPLE_CAPTURE: Can.PARTIAL_CAPTURE,
}


@attrs.frozen(kw_only=True)
class Charge:
    """What a gateway is asked to collect, or to reserve."""

    key: str
    """The idempotency key, and our reference at the provider: the order's number may change, this never does."""
    amount: Money
    order_id: str
    expires_at: datetime | None


@attrs.frozen(kw_only=True)
class Capture:
    """What a gateway is asked to take of a reservation."""

    key: str
    """The key of this request."""
    amount: Money
    charge_key: str
    """Our key of the authorisation."""
    charge_reference: str
    final: bool
    """Whether nothing more is captured of it: the provider releases the rest."""


@attrs.frozen(kw_only=True)
class GiveBack:
    """What a gateway is asked to refund."""

    key: str
    amount: Money
    charge_key: str
    """Our key of the charge, or of the authorisation that it was captured of."""
    charge_reference: str
    reason: str


@attrs.frozen(kw_only=True)
class Void:
    """Which charge a gateway is asked to give up, or which reservation to release."""

    key: str
    """The key of this request."""
    amount: Money
    """The whole of the charge, or what is left of the reservation; the answer says the same."""
    charge_key: str
    charge_reference: str
    """Empty when no answer has told it."""


@attrs.frozen(kw_only=True)
class DisputeEvidence:
    """What a gateway is asked to hand on to the customer's bank."""

    key: str
    """The key of this request."""
    amount: Money
    """What the dispute is about; the answer says the same."""
    dispute_reference: str
    """The provider's name for the dispute."""
    text: str
    documents: tuple[str, ...]
    """Names or addresses, as the shop keeps them."""


@attrs.frozen
class LookUp:
    """Which charge, refund or void a gateway is asked about: by our key, and by its reference when that is known."""

    kind: EffectKind
    key: str
    reference: str
    about: str = ""
    """Our key of the charge that a refund or void is about: not every provider names these by themselves."""


@attrs.frozen
class Webhook:
    """A verified message of a provider: its id there, and what it says."""

    event_id: str
    """The same for every delivery of the same message; a digest of the body if the provider gives no id."""
    observations: tuple[Observation, ...]


class PaymentGateway(Protocol):
    """**Port.** One account at one payment provider.

    Every observation it returns carries `provider` = `name`, the provider's reference, the amount as the provider
    said it, and our key wherever the provider echoes it: without it, what comes before every answer can't be placed.
    `sequence` is set only where the provider numbers the states of one charge. A state that the adapter doesn't know
    is `unknown`, never an error. What `capabilities` lack raises `NotSupported`, and has asked nobody.

    Each method may be `def` or `async def`, but for `parse_webhook`, which calls nobody.
    """

    @property
    def name(self) -> str:
        """The name under which the shop knows it: the tender's name."""
        ...

    @property
    def capabilities(self) -> GatewayCapabilities:
        """What it can do."""
        ...

    def create(self, charge: Charge) -> MaybeAwaitable[Observation]:
        """Ask for *charge*, and tell how far it is: succeeded, or what the customer has to do (`details`).

        The same key with the same charge twice charges once, if `terms.dedupe` says so.

        Raises:
            Declined, Invalid, NotSupported: a definite no; nothing was charged.
            RateLimited, Transient, AuthFailed: the request was certainly not taken.
            Unknown, Conflict: it may have been charged.
        """
        ...

    def authorise(self, charge: Charge) -> MaybeAwaitable[Observation]:
        """Ask to reserve what *charge* says, and tell how far that is; all its observations are of kind `authorise`.

        Raises what `create` raises. A reservation that has ended by itself is `failed`, with a higher `sequence`
        than its success had. Never called without `Can.AUTHORISE`.
        """
        ...

    def capture(self, capture: Capture) -> MaybeAwaitable[Observation]:
        """Ask to take a part of what is reserved, or all of it, and tell how far that is. Raises what `create` raises.

        Never called with less than all without `Can.PARTIAL_CAPTURE`, nor a second time without
        `Can.MULTIPLE_CAPTURE`.
        """
        ...

    def refund(self, refund: GiveBack) -> MaybeAwaitable[Observation]:
        """Ask for *refund*, and tell how far it is. Raises what `create` raises.

        Never called without `Can.REFUND`, nor with less than the charge without `Can.PARTIAL_REFUND`.
        """
        ...

    def void(self, void: Void) -> MaybeAwaitable[Observation]:
        """Ask to give a charge up or to release a reservation, and tell how far that is. Raises what `create` raises.

        Succeeded, of a charge: nothing was collected by it, and nobody can pay it any more. Of a reservation: no more
        of it can be captured; what was captured stays. What was collected is never taken back by this: the answer is
        then `Invalid`, and the charge's own state tells. Never called without `Can.VOID`.
        """
        ...

    def submit_evidence(self, evidence: DisputeEvidence) -> MaybeAwaitable[Observation]:
        """Hand evidence on, and tell how far that is. Raises what `create` raises.

        Never called without `Can.DISPUTE_EVIDENCE`. A dispute itself is a `chargeback`: `pending` while no money was
        taken, `succeeded` when it was, `failed` when the shop won before that; a `chargeback_reversal` brings the
        money back. Its details may say `evidence_due_until` and `reason`, and `outcome` = `lost` when it is decided.
        """
        ...

    def query(self, look_up: LookUp) -> MaybeAwaitable[tuple[Observation, ...]]:
        """All that the provider knows of one charge, refund or void, and of what was done about that charge.

        Raises:
            NotFoundOutside: it knows nothing by that key or reference. Within `terms.lookup_lag` that proves nothing.
            RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Webhook:
        """What a delivered message says, after its signature over the raw *body* was checked in constant time.

        Header names compare without regard to case.

        Raises:
            SignatureInvalid: it is missing or wrong.
            WebhookUnreadable: signed, but not understood.
        """
        ...


Gateways = Mapping[str, PaymentGateway]
"""The shop's gateways by name."""


def can(gateways: Gateways, name: str, what: Can) -> bool:
    """Whether the gateway of that *name* is there and can do *what*."""
    return name in gateways and what in gateways[name].capabilities.can


class Intents(Repository[Intent], Protocol):
    """Intents by id, by order (`order`), by when a gateway is to be asked (`ask`), by when an instalment is to be
    noticed (`notice`).
    """


class Quarantines(Repository[Quarantine], Protocol):
    """Observations that belong to nothing."""


INTENTS: Port[Intents] = Port("intents")
QUARANTINES: Port[Quarantines] = Port("quarantines")
