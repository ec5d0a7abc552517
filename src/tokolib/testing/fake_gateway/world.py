"""The fake provider's own world: what it has taken, whatever was answered to whom."""

import json
from datetime import timedelta

import attrs

from tokolib.effects.model import SETTLED, Details, EffectKind, EffectState
from tokolib.effects.outside import Conflict, Invalid, NotFoundOutside
from tokolib.effects.resend import Dedupe
from tokolib.kernel.clock import Clock
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.payments.ports import Can, Capture, Charge, DisputeEvidence, GiveBack, LookUp, Void
from tokolib.testing.fake_gateway.books import CAN, MOVES, SIGNS, Entry
from tokolib.testing.fake_gateway.switches import Switches
from tokolib.testing.fake_gateway.wording import SIGNATURE, Delivery, Voice, said, signature


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
        return {"Content-Type": "application/json", SIGNATURE: signature(self.secret, body)}

    def forge(self, entry: Entry, **changed: object) -> Delivery:
        """A signed message that says of *entry* what is *changed*: another amount, an unknown reference, ..."""
        self._sent += 1
        told = said(entry) | {"id": f"evt_{self._sent}"} | changed
        if self.voice is not None:
            return self.voice(told)
        body = json.dumps(told).encode()
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
        moved = [each for each in self.about(charge) if each.kind in MOVES and each.state is not EffectState.FAILED]
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
