"""How the fake provider words a message, signs it, and is heard."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from tokolib.effects.model import EffectKind, EffectState, Observation, Source
from tokolib.kernel.money import Money, currency
from tokolib.testing.fake_gateway.books import Entry

SIGNATURE: Final = "X-Fake-Signature"

Delivery = tuple[dict[str, str], bytes]
"""A webhook as a host receives it: headers and raw body."""

Voice = Callable[[Mapping[str, object]], Delivery]
"""How a provider words a message: from what it says to headers and a signed body."""


def signature(secret: bytes, body: bytes) -> str:
    """The signature of a message."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def said(entry: Entry) -> dict[str, object]:
    """What a message says of *entry*."""
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


def heard(name: str, told: Mapping[str, object], source: Source) -> Observation:
    """What a message says; a state that is not known is `unknown`, never an error."""
    states = {each.value: each for each in EffectState}
    details = told["details"] if isinstance(told["details"], list) else []
    return Observation(
        provider=name,
        kind=EffectKind(str(told["kind"])),
        state=states.get(str(told["state"]), EffectState.UNKNOWN),
        amount=Money(int(str(told["amount"])), currency(str(told["currency"]))),
        occurred_at=datetime.fromisoformat(str(told["at"])),
        source=source,
        key=str(told["key"]),
        reference=str(told["reference"]),
        about=str(told["about"]),
        sequence=int(str(told["sequence"])),
        failure="fake.failed" if told["state"] == EffectState.FAILED else "",
        details=tuple((str(pair[0]), str(pair[1])) for pair in details),
    )
