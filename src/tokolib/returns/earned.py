"""What the promotions of an order promised, read from its history and theirs, on an open unit."""

from collections.abc import Iterator

from tokolib.checkout.grounds import LineGrounds
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.return_policy import ClawBack, GiftReturn
from tokolib.kernel.unit import Unit
from tokolib.orders.events import OrderAmended, OrderRequested
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.pricing.promotions.events import PromotionPut, PromotionStopped
from tokolib.pricing.promotions.lifecycle import evolve_promotion
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.ports import PROMOTIONS
from tokolib.returns.earning import Promised


async def promised(unit: Unit, order: Order) -> Promised | None:
    """What the promotions of *order* promised; None where its policy lets them all stand, or it had none."""
    policy = order.return_policy
    if policy is None or (policy.claw_back is ClawBack.NEVER and policy.gifts is GiftReturn.STAYS):
        return None
    if not any(line.line.discounts or line.line.gift_of for line in order.lines):
        return None
    events = [each.event for each in await unit[ORDERS].history(order.id)]
    first = next(each for each in events if isinstance(each, OrderRequested))
    grounds: dict[str, LineGrounds] = dict(_grounds(first))
    for each in events:
        if isinstance(each, OrderAmended):
            grounds |= {line.id: own for line, own in zip(each.lines, each.grounds.lines, strict=True)}
    versions = dict(first.grounds.versions or ())
    named = sorted({each.promotion_id for line in order.lines for each in line.line.discounts} | _givers(order))
    found = {id: await _terms(unit, PromotionId(id), versions[id]) for id in named if id in versions}
    terms = {id: each for id, each in found.items() if each is not None}
    return Promised(terms, grounds, dict(first.grounds.facts))


def _grounds(first: OrderRequested) -> Iterator[tuple[str, LineGrounds]]:
    for line, own in zip(first.order.lines, first.grounds.lines, strict=True):
        yield line.id, own


def _givers(order: Order) -> set[str]:
    return {line.line.gift_of for line in order.lines if line.line.gift_of}


async def _terms(unit: Unit, id: PromotionId, version: int) -> Terms | None:
    """The terms of a promotion as they were at *version*; None where that is not known."""
    state: Promotion | None = None
    for each in await unit[PROMOTIONS].history(id):
        if state is not None and state.version == version:
            break
        if isinstance(each.event, PromotionPut | PromotionStopped):
            state = evolve_promotion(state, each.event)
    return None if state is None or state.version != version else state.terms
