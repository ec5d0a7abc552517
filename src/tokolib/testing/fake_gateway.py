"""A payment provider in memory, with a world of its own and switches for everything that goes wrong.

`FakeGateway` and `AsyncFakeGateway` keep the port `payments.PaymentGateway` over a `FakeWorld`. The world is the
truth that tests compare the books with: at most one charge per key. Nothing here opens a socket or draws luck.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from tokolib.effects.model import SETTLED, Details, EffectKind, EffectState, Observation, Source
from tokolib.effects.outside import Conflict, Declined, Invalid, NotFoundOutside, NotSupported, Transient, Unknown
from tokolib.effects.resend import Dedupe, Terms
from tokolib.kernel.clock import Clock
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import CurrencyMismatch, Money, currency
from tokolib.payments.errors import SignatureInvalid, WebhookUnreadable
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

SIGNATURE: Final = "X-Fake-Signature"

CAN: Final = frozenset(Can) - {Can.LATE_EVIDENCE}
"""What a fake world can do, unless it is told otherwise."""

Delivery = tuple[dict[str, str], bytes]
"""A webhook as a host receives it: headers and raw body."""

Voice = Callable[[Mapping[str, object]], Delivery]
"""How a provider words a message: from what it says to headers and a signed body."""


@attrs.define
class Switches:
    """What goes wrong next. Counters count down with each call that they spoil."""

    decline: int = 0
    """The next charges and refunds are definitely refused; what was taken before and is known isn't."""
    unreachable: int = 0
    """The next calls certainly don't arrive."""
    time_out_before: int = 0
    """The next calls time out and were not taken."""
    time_out_after: int = 0
    """The next calls are taken, and their answers lost."""
    unvoidable: int = 0
    """The next voids are definitely refused, as for a code that is on its way to the bank."""
    hidden: int = 0
    """The next look-ups don't see anything yet."""
    webhooks_twice: bool = False
    out_of_order: bool = False
    """Webhooks come newest first."""
    late: int = 0
    """So many calls of `webhooks()` deliver nothing."""


@attrs.define
class Entry:
    """A charge, or a movement about one, as the provider's books have it."""

    kind: EffectKind
    reference: str
    key: str
    about: str
    amount: Money
    state: EffectState
    sequence: int
    at: datetime
    made_at: datetime
    details: Details = ()


@attrs.define
class FakeWorld:
    """The provider's own books, whatever was answered to whom."""

    clock: Clock
    instant: bool = False
    """Charges succeed at once, as a card's; else the customer pays later, as to a virtual account."""
    can: frozenset[Can] = CAN
    """What this provider is able to do; take some away to be another one."""
    dedupe: Dedupe = Dedupe.KEY
    """By key: the same request again answers what was taken. By reference: it is refused as a conflict."""
    lookup_lag: timedelta = timedelta(0)
    """For so long a new charge or refund can't be looked up."""
    secret: bytes = b"fake-webhook-secret"
    voice: Voice | None = None
    """How its webhooks are worded, for an adapter of another provider; as `FakeGateway` reads them when left out."""
    switches: Switches = attrs.field(factory=Switches)
    entries: list[Entry] = attrs.field(factory=list)
    calls: list[str] = attrs.field(factory=list)
    """Every call that arrived: `create int_….1.1`."""
    heard: list[DisputeEvidence] = attrs.field(factory=list)
    """The evidence that was handed on."""
    _outgoing: list[tuple[Entry, Delivery]] = attrs.field(factory=list)
    _sent: int = 0
    _released: set[str] = attrs.field(factory=set)
    """Reservations of which nothing more can be captured."""

    @property
    def reserved(self) -> int:
        """What stands reserved and isn't captured, in minor units."""
        held = [each for each in self.charges if each.kind is EffectKind.AUTHORISE]
        standing = [each for each in held if each.state is EffectState.SUCCEEDED and each.key not in self._released]
        return sum((each.amount - self._collected(each)).minor_units for each in standing)

    # What the customer, the bank and the provider's staff do.

    def pay(self, reference: str) -> None:
        """The customer pays the charge of a *reference* or key, even one that has expired; or confirms a reservation,
        unless it was released."""
        if (charge := self.charge(reference)).key not in self._released:
            self._move(charge, EffectState.SUCCEEDED)

    def expire(self, reference: str) -> None:
        """The charge runs out unpaid; one that is paid stays paid."""
        charge = self.charge(reference)
        if charge.state not in SETTLED:
            self._move(charge, EffectState.FAILED)

    def take_back(self, reference: str) -> None:
        """The bank takes a settled payment back, or ends a reservation: the same charge, a later state."""
        charge = self.charge(reference)
        charge.sequence += 1
        self._move(charge, EffectState.FAILED)

    def dispute(self, reference: str, amount: Money | None = None, *, taken: bool = True, days: int = 7) -> Entry:
        """The customer's bank starts a dispute over *amount* of a charge, or all of it.

        It takes the money at once, or only when it has decided; evidence may come for so many *days*.
        """
        charge = self.charge(reference)
        due = (self.clock.now() + timedelta(days=days)).isoformat()
        details = (("evidence_due_until", due), ("reason", "fraudulent"))
        state = EffectState.SUCCEEDED if taken else EffectState.PENDING
        return self._add(EffectKind.CHARGEBACK, "", charge.key, amount or self._collected(charge), state, details)

    def decide_dispute(self, dispute: Entry, *, won: bool) -> None:
        """The bank decides: the money comes back to the shop, or stays away for good."""
        if not won:
            self._move(dispute, EffectState.SUCCEEDED, (("outcome", "lost"),))
        elif dispute.state is EffectState.SUCCEEDED:
            self._add(EffectKind.CHARGEBACK_REVERSAL, "", dispute.about, dispute.amount, EffectState.SUCCEEDED)
        else:
            self._move(dispute, EffectState.FAILED)

    def refund_by_hand(self, reference: str, amount: Money) -> None:
        """Somebody refunds a part in the provider's dashboard."""
        self._add(EffectKind.REFUND, "", self.charge(reference).key, amount, EffectState.SUCCEEDED)

    def capture_by_hand(self, reference: str, amount: Money) -> None:
        """Somebody captures a part of a reservation in the provider's dashboard."""
        self._add(EffectKind.CAPTURE, "", self.charge(reference).key, amount, EffectState.SUCCEEDED)

    # What tests ask.

    def charge(self, reference: str) -> Entry:
        """The charge by its reference, or the first one by its key."""
        for each in self.charges:
            if reference in (each.reference, each.key):
                return each
        raise LookupError(f"the fake gateway has no charge {reference!r}")

    @property
    def charges(self) -> tuple[Entry, ...]:
        """All charges and authorisations."""
        return tuple(each for each in self.entries if each.kind in (EffectKind.CHARGE, EffectKind.AUTHORISE))

    def about(self, charge: Entry) -> tuple[Entry, ...]:
        """Refunds and chargebacks of *charge*."""
        return tuple(each for each in self.entries if each.about == charge.key)

    def charges_of(self, key: str) -> int:
        """How many charges were made under *key*; more than one is a broken promise."""
        return sum(each.key == key for each in self.charges)

    def balance(self, unit: Money) -> Money:
        """What the shop has at the provider, in the currency of *unit*: paid charges less all that went back."""
        done = [each for each in self.entries if each.state is EffectState.SUCCEEDED]
        signs = (SIGNS[each.kind] * each.amount for each in done)
        return Money.total(signs, unit.currency)

    def webhooks(self) -> list[Delivery]:
        """What is delivered now, signed; the switches may hold it back, double it or turn it round."""
        if self.switches.late > 0:
            self.switches.late -= 1
            return []
        sent = [delivery for _, delivery in self.letters()]
        if self.switches.out_of_order:
            sent.reverse()
        return [each for each in sent for _ in range(2 if self.switches.webhooks_twice else 1)]

    @property
    def has_news(self) -> bool:
        """Whether there is a message that was not delivered yet."""
        return bool(self._outgoing)

    def letters(self) -> list[tuple[Entry, Delivery]]:
        """What is to be delivered, each with what it is about; whoever takes it delivers it, late, twice or never."""
        sent, self._outgoing = self._outgoing, []
        return sent

    def sign_webhook(self, body: bytes) -> dict[str, str]:
        """The headers that make *body* a genuine message of this provider."""
        return {"Content-Type": "application/json", SIGNATURE: _signature(self.secret, body)}

    def forge(self, entry: Entry, **changed: object) -> Delivery:
        """A signed message that says of *entry* what is *changed*: another amount, an unknown reference, ..."""
        self._sent += 1
        said = _said(entry) | {"id": f"evt_{self._sent}"} | changed
        if self.voice is not None:
            return self.voice(said)
        body = json.dumps(said).encode()
        return self.sign_webhook(body), body

    # What the gateway does.

    def create(self, charge: Charge) -> Entry:
        """Take a charge, once per key where this world dedupes."""
        return self._take(EffectKind.CHARGE, charge)

    def authorise(self, charge: Charge) -> Entry:
        """Reserve what a charge says, once per key where this world dedupes."""
        return self._take(EffectKind.AUTHORISE, charge)

    def _take(self, kind: EffectKind, charge: Charge) -> Entry:
        if (known := self._known(kind, charge.key, charge.amount)) is not None:
            return known
        state = EffectState.SUCCEEDED if self.instant else EffectState.ACTION_REQUIRED
        details = () if self.instant else (("kind", "va"), ("code", f"8808{len(self.entries):08}"))
        return self._add(kind, charge.key, "", charge.amount, state, details)

    def capture(self, capture: Capture) -> Entry:
        """Take a part of what is reserved, as far as this provider is able to."""
        if (known := self._known(EffectKind.CAPTURE, capture.key, capture.amount)) is not None:
            return known
        held = self.charge(capture.charge_key)
        taken = self._collected(held)
        if held.state is not EffectState.SUCCEEDED or held.key in self._released:
            raise Invalid("fake", "charge", "is not reserved")
        if capture.amount > held.amount - taken:
            raise Invalid("fake", "amount", f"{held.amount - taken} left of the reservation")
        if capture.amount < held.amount and Can.PARTIAL_CAPTURE not in self.can:
            raise Invalid("fake", "amount", "must be all that is reserved")
        if capture.final or Can.MULTIPLE_CAPTURE not in self.can:
            self._released.add(held.key)
        return self._add(EffectKind.CAPTURE, capture.key, held.key, capture.amount, EffectState.SUCCEEDED)

    def _collected(self, charge: Entry) -> Money:
        """What came in by *charge*: all of it, or what was captured."""
        if charge.kind is EffectKind.CHARGE:
            return charge.amount
        captures = [each for each in self.entries if each.kind is EffectKind.CAPTURE and each.about == charge.key]
        return Money.total((each.amount for each in captures), charge.amount.currency)

    def refund(self, refund: GiveBack) -> Entry:
        """Take a refund, once per key where this world dedupes, up to what the charge has left."""
        if (known := self._known(EffectKind.REFUND, refund.key, refund.amount)) is not None:
            return known
        charge = next((each for each in self.charges if refund.charge_key in (each.reference, each.key)), None)
        if charge is None:
            raise NotFoundOutside("fake", refund.charge_key)
        moved = [each for each in self.about(charge) if each.kind in _MOVES and each.state is not EffectState.FAILED]
        try:
            left = Money.total((SIGNS[each.kind] * each.amount for each in moved), refund.amount.currency)
            left += self._collected(charge)
        except CurrencyMismatch as error:
            raise Invalid("fake", "currency", str(error)) from error
        stood = charge.state is EffectState.SUCCEEDED or charge.kind is EffectKind.AUTHORISE
        if not stood or refund.amount > left:
            raise Invalid("fake", "amount", f"{left} left of a {charge.state} charge")
        return self._add(EffectKind.REFUND, refund.key, charge.key, refund.amount, EffectState.SUCCEEDED)

    def submit_evidence(self, evidence: DisputeEvidence) -> Entry:
        """Hand evidence on to the bank, for a dispute that it has not decided."""
        if (known := self._known(EffectKind.EVIDENCE, evidence.key, evidence.amount)) is not None:
            return known
        dispute = next((each for each in self.entries if each.reference == evidence.dispute_reference), None)
        if dispute is None:
            raise NotFoundOutside("fake", evidence.dispute_reference)
        self.heard.append(evidence)
        return self._add(EffectKind.EVIDENCE, evidence.key, dispute.about, evidence.amount, EffectState.SUCCEEDED)

    def void(self, void: Void) -> Entry:
        """Give a charge up that nobody has paid: nobody can any more. What is left of a reservation is released."""
        if (known := self._known(EffectKind.VOID, void.key, void.amount)) is not None:
            return known
        charge = next((each for each in self.charges if each.key == void.charge_key), None)
        if charge is None:
            raise NotFoundOutside("fake", void.charge_key)
        if charge.kind is EffectKind.AUTHORISE and charge.state is EffectState.SUCCEEDED:
            return self._release(charge, void)
        if charge.state is EffectState.SUCCEEDED or self.switches.unvoidable > 0:
            self.switches.unvoidable = max(0, self.switches.unvoidable - 1)
            raise Invalid("fake", "charge", f"is {charge.state}")
        if charge.kind is EffectKind.AUTHORISE:
            self._released.add(charge.key)
        self._move(charge, EffectState.FAILED)
        return self._add(EffectKind.VOID, void.key, charge.key, void.amount, EffectState.SUCCEEDED)

    def _release(self, held: Entry, void: Void) -> Entry:
        if held.key in self._released:
            raise Invalid("fake", "charge", "is released already")
        self._released.add(held.key)
        if not self._collected(held).minor_units:
            held.sequence += 1
            self._move(held, EffectState.FAILED)
        return self._add(EffectKind.VOID, void.key, held.key, void.amount, EffectState.SUCCEEDED)

    def find(self, asked: LookUp) -> tuple[Entry, ...]:
        """A charge with all that was done about it, or a refund; not what is younger than the lag."""
        if self.switches.hidden > 0:
            self.switches.hidden -= 1
            return ()
        newest = self.clock.now() - self.lookup_lag
        seen = [each for each in self.entries if not self.lookup_lag or each.made_at <= newest]
        names = {asked.key, asked.reference} - {""}
        found = [each for each in seen if each.key in names or each.reference in names]
        keys = {each.key for each in found} - {""}
        return (*found, *(each for each in seen if each.about in keys and each not in found))

    def remembers(self, key: str) -> bool:
        """Whether something was taken under *key*, and this world dedupes."""
        return self.dedupe is not Dedupe.NONE and any(each.key == key for each in self.entries)

    def _known(self, kind: EffectKind, key: str, amount: Money) -> Entry | None:
        """What was taken under *key* before, where this world remembers keys; the same wish or a conflict."""
        if self.dedupe is Dedupe.NONE:
            return None
        for each in self.entries:
            if each.kind is kind and each.key == key:
                if each.amount != amount or self.dedupe is Dedupe.REFERENCE:
                    raise Conflict("fake", key, f"was used for {each.amount}")
                return each
        return None

    def _add(
        self, kind: EffectKind, key: str, about: str, amount: Money, state: EffectState, details: Details = ()
    ) -> Entry:
        reference = f"fake-{len(self.entries) + 1}"
        now = self.clock.now()
        entry = Entry(kind, reference, key, about, amount, state, 0, now, now, details)
        self.entries.append(entry)
        self._tell(entry)
        return entry

    def _move(self, entry: Entry, state: EffectState, details: Details = ()) -> None:
        entry.state, entry.details, entry.at = state, details, self.clock.now()
        self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        self._outgoing.append((entry, self.forge(entry)))


SIGNS: Final = {  # what each kind that succeeded does to the shop's balance
    EffectKind.CHARGE: 1,
    EffectKind.AUTHORISE: 0,
    EffectKind.CAPTURE: 1,
    EffectKind.REFUND: -1,
    EffectKind.REVERSAL: -1,
    EffectKind.CHARGEBACK: -1,
    EffectKind.CHARGEBACK_REVERSAL: 1,
    EffectKind.EVIDENCE: 0,
    EffectKind.VOID: 0,
}

_MOVES: Final = (EffectKind.REFUND, EffectKind.CHARGEBACK, EffectKind.CHARGEBACK_REVERSAL)
"""What changes how much of a charge is left to be refunded; what failed has given it free again."""


def _signature(secret: bytes, body: bytes) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def _said(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.kind.value,
        "reference": entry.reference,
        "key": entry.key,
        "about": entry.about,
        "amount": entry.amount.minor_units,
        "currency": entry.amount.currency.code,
        "state": entry.state.value,
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "details": [list(pair) for pair in entry.details],
    }


def _heard(name: str, said: Mapping[str, object], source: Source) -> Observation:
    """What a message says; a state that is not known is `unknown`, never an error."""
    states = {each.value: each for each in EffectState}
    details = said["details"] if isinstance(said["details"], list) else []
    return Observation(
        provider=name,
        kind=EffectKind(str(said["kind"])),
        state=states.get(str(said["state"]), EffectState.UNKNOWN),
        amount=Money(int(str(said["amount"])), currency(str(said["currency"]))),
        occurred_at=datetime.fromisoformat(str(said["at"])),
        source=source,
        key=str(said["key"]),
        reference=str(said["reference"]),
        about=str(said["about"]),
        sequence=int(str(said["sequence"])),
        failure="fake.failed" if said["state"] == EffectState.FAILED else "",
        details=tuple((str(pair[0]), str(pair[1])) for pair in details),
    )


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
        return tuple(_heard(self.name, _said(each), Source.QUERY) for each in found)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Webhook:
        """What a signed message says."""
        given: object = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE.lower())
        wanted = _signature(self.world.secret, body).encode()
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(errors="replace"), wanted):
            raise SignatureInvalid(self.name)
        try:
            said = json.loads(body)
            return Webhook(str(said["id"]), (_heard(self.name, said, Source.WEBHOOK),))
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
        return _heard(self.name, _said(entry), Source.ANSWER)


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
