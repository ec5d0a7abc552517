"""The rules of the past on an open unit: what a promotion was, since when."""

from tokolib.kernel.ids import PromotionId
from tokolib.kernel.unit import Unit
from tokolib.pricing.promotions.events import PromotionPut, PromotionStopped
from tokolib.pricing.promotions.lifecycle import evolve_promotion
from tokolib.pricing.promotions.model import Promotion
from tokolib.pricing.promotions.ports import PROMOTIONS
from tokolib.pricing.what_if.rules import Turn


async def turns(unit: Unit, id: PromotionId) -> tuple[Turn, ...]:
    """What a promotion was, each with since when, in the order of time."""
    found: list[Turn] = []
    state: Promotion | None = None
    for each in await unit[PROMOTIONS].history(id):
        if isinstance(each.event, PromotionPut | PromotionStopped):
            state = evolve_promotion(state, each.event)
            found.append(Turn(each.at, state))
    return tuple(found)
