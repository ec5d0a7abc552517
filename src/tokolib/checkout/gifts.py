"""Gifts: what promotions propose, as lines of a bargain, as far as there is stock beside what is bought."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.cart.model import CartLine
from tokolib.catalog.model import Sellable
from tokolib.catalog.steps import offer
from tokolib.inventory.availability import Goods, sellable_at
from tokolib.inventory.demand import explode
from tokolib.kernel.ids import LineId
from tokolib.kernel.quantity import InvalidQuantity
from tokolib.kernel.unit import Unit
from tokolib.pricing.lost import Why, Withheld
from tokolib.pricing.promotions.benefits import Gift
from tokolib.pricing.promotions.giving.candidates import Granted


@attrs.frozen
class GiftLine:
    """A line that a promotion gives."""

    line: CartLine
    promotion_id: str


@attrs.frozen
class Gifts:
    """The lines that are given, what is known of their goods, and which gifts can't be."""

    lines: tuple[GiftLine, ...] = ()
    sold: Mapping[str, Sellable] = attrs.field(factory=dict)
    withheld: tuple[Withheld, ...] = ()


async def gifts_of(
    unit: Unit,
    granted: Sequence[Granted],
    bought: Goods,
    *,
    locations: Sequence[str],
    pool: str,
    channel: str,
) -> Gifts:
    """The gifts of what was *granted*, as far as *channel* has stock left after what is *bought*.

    A gift is whole at one of *locations*, the first that has it beside all that is bought of its goods: then none of
    these has to leave from elsewhere for it. What is digital may come from the *pool* too.
    """
    proposed = [(each.promotion_id, each.gift) for each in granted if each.gift is not None]
    sold = (await offer(unit, sorted({gift.key for _, gift in proposed}))).sellables
    steps = {promotion: _steps(gift, sold.get(gift.key)) for promotion, gift in proposed}
    needed = explode(((gift.key, steps[promotion]) for promotion, gift in proposed if steps[promotion]), sold)
    left: dict[str, dict[str, int]] = {}
    for location in dict.fromkeys((*locations, pool)):
        there = await sellable_at(unit, list(needed), location=location, channel=channel)
        left[location] = {key: steps - bought.get(key, 0) for key, steps in there.items()}
    lines: list[GiftLine] = []
    withheld: list[Withheld] = []
    for promotion, gift in proposed:
        if not steps[promotion]:
            withheld.append(Withheld(gift.key, Why.GIFT_NOT_SOLD, promotion))
            continue
        one = sold[gift.key]
        parts = one.consumption(steps[promotion])
        here = left.values() if one.digital else [left[location] for location in locations]
        having = next((some for some in here if all(some[key] >= amount for key, amount in parts.items())), None)
        if having is None:
            withheld.append(Withheld(gift.key, Why.GIFT_SOLD_OUT, promotion))
            continue
        for key, amount in parts.items():
            having[key] -= amount
        line = CartLine(LineId(f"gift-{promotion}"), one.key, one.sku, steps[promotion], one.unit)
        lines.append(GiftLine(line, promotion))
    given = {each.line.key: sold[each.line.key] for each in lines}
    # What no promotion can give is withheld whole, so that pricing it again proposes it by none.
    return Gifts(
        tuple(lines), given, tuple([each if each.sku in given else Withheld(each.sku, each.why) for each in withheld])
    )


def _steps(gift: Gift, sold: Sellable | None) -> int:
    """The gift's quantity in steps; none where it isn't sold, or not in such quantities."""
    if sold is None:
        return 0
    try:
        return sold.unit.steps(gift.quantity)
    except InvalidQuantity:
        return 0
