"""Staff change orders that stand: a part is cancelled, goods and charges are added, taken out and priced anew."""

from random import Random

from tokolib.cart.model import LineWish
from tokolib.checkout.model import ChargeWish
from tokolib.kernel.money import IDR
from tokolib.orders.edits import Reprice
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import OrderState
from tokolib.pricing.model import ChargeKind
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.world import GOODS, World


def cancel_part(world: World, luck: Random) -> Act | None:
    """Units that are still to leave never will; at times more than there are."""
    if (named := _open(world, luck)) is None:
        return None
    deal, line = named
    units = luck.randint(1, len(line.open) + (luck.random() < 0.1))
    key, goods = f"part-{luck.randrange(10**9)}", {line.id: units}
    return Act(
        f"cancels {units} of {line.line.sku} of {deal.id}",
        lambda shop: shop.orders.cancel(deal.order.id, goods, reason="out of stock", key=key),
    )


def edit(world: World, luck: Random) -> Act | None:
    """Goods are added, or put in the place of others, at every price; or a charge is put on."""
    over = luck.random() < 0.2

    def fits(deal: Deal) -> bool:
        if deal.order.currency != IDR or deal.order.tax_fact is not None:
            return False
        return deal.order.state is (OrderState.COMPLETED if over else OrderState.PLACED)

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    add = _added(luck)
    charges = [ChargeWish(ChargeKind.FEE, "Fee", IDR(luck.randint(1, 9_999)), "asked for")] if not add else []
    lines = [line for line in deal.order.lines if line.free and line.key != "gula"]
    remove = {luck.choice(lines).id: 1} if lines and luck.random() < 0.4 else {}
    reprice, key = luck.choice(tuple(Reprice)), f"edit-{luck.randrange(10**9)}"
    wished = {"add": add, "remove": remove, "charges": charges, "reprice": reprice}
    return Act(
        f"edits {deal.id}: adds {', '.join(each.sku for each in add) or 'a fee'}, takes {len(remove)} out",
        lambda shop: shop.orders.edit(deal.order.id, **wished, reason="wanted otherwise", key=key),
    )


def _added(luck: Random) -> list[LineWish]:
    if luck.random() < 0.15:
        return []
    sku = luck.choice(tuple(GOODS))
    stated = luck.random() < 0.2
    return [LineWish(sku, luck.randint(1, 2), *((IDR(luck.randint(1, 99_999)), "a friend") if stated else ()))]


def _open(world: World, luck: Random) -> tuple[Deal, OrderLine] | None:
    def fits(deal: Deal) -> bool:
        return deal.order.state is OrderState.PLACED and any(_may_go(line) for line in deal.order.lines)

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    return deal, luck.choice([line for line in deal.order.lines if _may_go(line)])


def _may_go(line: OrderLine) -> bool:
    return bool(line.open) and line.key != "gula"
