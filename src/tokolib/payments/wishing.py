"""A wish: one more operation of an intent, stored with its key before anybody is asked."""

from tokolib.effects.model import EffectKind
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments import events
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.requests import request


async def wish(
    unit: Unit, intent: Intent, kind: EffectKind, provider: str, amount: Money, *, reason: str = "", about: str = ""
) -> Intent:
    """*intent* with one more operation, stored with its key before anybody is asked."""
    epoch = await unit.epoch()
    asked = request(intent, kind, provider, amount, at=unit.now, epoch=epoch, reason=reason, about=about)
    return unit[INTENTS].record(intent, events.OperationRequested(asked))
