"""A late payment of an order that gift cards and store credit had paid a part of, and got that part back."""

from tokolib.effects.model import EffectKind
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.tenders import GIFT_CARD, STORED
from tokolib.stored_value.model import Value, is_good
from tokolib.stored_value.ports import GIFT_CARDS, GRANTS
from tokolib.stored_value.spending import Part, take
from tokolib.stored_value.steps import pots_of


async def claimable(unit: Unit, intent_id: str, missing: Money) -> tuple[Part, ...]:
    """What the cards and grants that once paid of it, and were given that back, are to pay again so that nothing is
    *missing*; nothing when they can't: they are spent, blocked or past their date.
    """
    intent = await unit[INTENTS].get(intent_id)
    given = _given_back(intent)
    if sum(given.values()) < missing.minor_units:
        return ()
    values = [found for id, provider in given if (found := await _value(unit, id, provider)) is not None]
    good = [each for each in values if is_good(each, unit.now)]
    parts: list[Part] = []
    left = missing.minor_units
    for pot in await pots_of(unit, good) if good else ():
        made = take(min(left, given[pot.value.id, pot.value.provider]), (pot,), missing.currency)
        left -= sum(part.amount.minor_units for part in made)
        parts += made
    return () if left else tuple(parts)


def _given_back(intent: Intent) -> dict[tuple[str, str], int]:
    """What went back to each card and grant that was charged, in minor units."""
    given: dict[tuple[str, str], int] = {}
    for each in intent.operations:
        charge = intent.operation(each.about)
        back = each.kind is EffectKind.REFUND and each.succeeded and each.provider in STORED
        if back and charge is not None and charge.provider == each.provider:
            key = charge.reference, charge.provider
            given[key] = given.get(key, 0) + each.amount.minor_units
    return given


async def _value(unit: Unit, id: str, provider: str) -> Value | None:
    return await (unit[GIFT_CARDS].find(id) if provider == GIFT_CARD.name else unit[GRANTS].find(id))
