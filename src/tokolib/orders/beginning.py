"""A payment plan begins when its order is placed, and says whether goods may leave before all of it is paid."""

from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.payments.plans.model import GoodsLeave
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import start_plan


async def begin(unit: Unit, order: Order) -> bool:
    """Whether goods of *order* may leave before it is paid, by its payment plan, which begins now."""
    if order.deposit is None:
        return False
    intent = await start_plan(unit, await unit[INTENTS].get(order.intent_id))
    return intent.plan is not None and intent.plan.agreed.goods is GoodsLeave.WHILE_ON_TIME
