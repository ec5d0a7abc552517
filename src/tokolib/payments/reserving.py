"""Money that a gateway only reserves: captured in parts as goods leave, and released."""

from tokolib.effects.model import EffectKind
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.model import Intent
from tokolib.payments.ports import Can, Gateways, can
from tokolib.payments.reserves import FINAL
from tokolib.payments.wishing import wish


async def request_capture(unit: Unit, intent: Intent, amount: int, gateways: Gateways, *, final: bool) -> Intent:
    """*intent* with wishes to capture *amount* minor units of what is reserved, or as much as is left of it.

    The earliest reservation goes first. When it is *final* the gateway releases the rest. One that can't capture
    a part captures the whole, and what is too much goes back as a surplus does.
    """
    for reserve in intent.reserves:
        if (part := min(amount, reserve.free)) == 0:
            continue
        amount -= part
        held = reserve.authorisation
        if not can(gateways, held.provider, Can.PARTIAL_CAPTURE):
            part = reserve.free
        money, why = Money(part, intent.amount.currency), FINAL if final else ""
        intent = await wish(unit, intent, EffectKind.CAPTURE, held.provider, money, reason=why, about=held.id)
    return intent


async def release_reserves(unit: Unit, intent: Intent, *, again: bool = False) -> Intent:
    """*intent* with a wish to release all that is reserved and isn't being captured.

    A reservation that is being captured for the last time is left alone: its gateway releases the rest. One whose
    release was refused is left to a person, who may ask *again*; it ends by itself.
    """
    for reserve in intent.reserves:
        held = reserve.authorisation
        asked = intent.pending_void(held) is not None if again else bool(intent.voids(held))
        if reserve.free == 0 or reserve.pending or asked:
            continue
        money = Money(reserve.free, intent.amount.currency)
        intent = await wish(unit, intent, EffectKind.VOID, held.provider, money, about=held.id)
    return intent
