"""What somebody else decides on: proposals between customer and shop, refunds and counts above a limit, doubts."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.ctx import Guest, Staff
from tokolib.kernel.money import IDR
from tokolib.kernel.refinement import Refinement
from tokolib.kernel.verification import Lapse, VerificationRule
from tokolib.orders.model import OrderState
from tokolib.returns.model import Return, ReturnState
from tokolib.returns.proposals import Side
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.world import World

Do = Callable[[Any], Any]
MANAGER: Final = Staff("manager")
VISITOR: Final = Guest("a" * 64)
PICKING: Final = Refinement(
    "order", "placed", initial="to_pick", moves={"to_pick": ["packed"], "packed": []}, ends=("packed",)
)
LOOKED_AT: Final = Refinement(
    "return", "requested", initial="new", moves={"new": ["seen"], "seen": ["new"]}, ends=("seen",)
)


def own_rules(seed: int) -> dict[str, Any]:
    """The settings of a shop that lets people decide: in about half of the shops each of them."""
    luck = Random(f"{seed}.rules")
    dear = VerificationRule(
        code="verification",
        reason="much at once",
        owner="risk",
        above=IDR(400_000),
        hours=luck.choice((6, 48)),
        then=luck.choice(tuple(Lapse)),
    )
    rules: dict[str, Any] = {
        "verification": (dear,),
        "return_limit": (IDR(100_000),),
        "count_limit": CountLimit(units=Decimal(0)),
        "refinements": (PICKING, LOOKED_AT),
    }
    return {name: rule for name, rule in rules.items() if luck.random() < 0.5}


def haggle(world: World, luck: Random) -> Act | None:
    """A side proposes that goods come back, or what the customer keeps them for; the other agrees, or doesn't."""
    bargained = (ReturnState.REQUESTED, ReturnState.NEGOTIATING)
    waiting = [each for each in world.book.returns.values() if each.state in bargained and not each.part_of]
    if not waiting:
        return None
    proposed = [each for each in waiting if each.state is ReturnState.NEGOTIATING]
    goods = luck.choice(proposed or waiting)
    if goods.state is ReturnState.REQUESTED or luck.random() < 0.1:
        return _propose(world, luck, goods)
    id, key = goods.id, f"agreed-{luck.randrange(10**9)}"
    side = luck.choice((MANAGER, VISITOR)) if luck.random() < 0.2 else _other(goods)
    steps: dict[str, Do] = {
        "is agreed": lambda shop: shop.acting(side).returns.agree(id, key=key),
        "is declined": lambda shop: shop.acting(side).returns.decline(id, note="no"),
    }
    says = luck.choices(tuple(steps), (70, 30))[0]
    return Act(f"the proposal for {id} {says} by {side}", steps[says], again=says == "is agreed")


def _other(goods: Return) -> Staff | Guest:
    """Who has to answer what is proposed."""
    return VISITOR if goods.proposals[-1].side is Side.SHOP else MANAGER


def _propose(world: World, luck: Random, goods: Return) -> Act:
    side, until = luck.choice((MANAGER, VISITOR)), world.clock.now() + timedelta(days=luck.choice((0.1, 4)))
    amount = luck.choice((None, IDR(5_000), IDR(10_000), IDR(15_000), IDR(120_000)))
    return Act(
        f"{side} proposes {amount or 'that the goods come'} for {goods.id}",
        lambda shop: shop.acting(side).returns.propose(goods.id, until=until, amount=amount),
        again=False,
    )


def approve(world: World, luck: Random) -> Act | None:
    """A refund or a count that differs is let go by somebody; at times by whoever asked for it, which is refused."""
    who = MANAGER if luck.random() < 0.9 else None
    counts = sorted(world.counts)
    if counts and luck.random() < 0.5:
        id = luck.choice(counts)
        return Act(f"approves {id}", lambda shop: _as(shop, who).counts.approve(id), again=False)
    waiting = [each for each in world.book.returns.values() if each.is_open and each.approval is None]
    if not waiting:
        return None
    goods = luck.choice(waiting)
    return Act(f"approves {goods.id}", lambda shop: _as(shop, who).returns.approve(goods.id))


def _as(shop: Any, who: Staff | None) -> Any:
    return shop if who is None else shop.acting(who)


def refine(world: World, luck: Random) -> Act | None:
    """An order or a return is moved to a sub-state of the shop's own; at times to one that its table doesn't have."""
    asked = [each for each in world.book.requested_returns() if each.sub_state]
    if asked and luck.random() < 0.5:
        goods, to = luck.choice(asked), luck.choice(("seen", "new", "packed"))
        return Act(f"moves {goods.id} to {to}", lambda shop: shop.returns.refine(goods.id, to), again=False)
    deal = world.book.orders(luck, lambda deal: deal.order.state is OrderState.PLACED and deal.order.sub_state)
    if deal is None:
        return None
    to = luck.choice(("packed", "packed", "to_pick", "seen"))
    return Act(f"moves {deal.id} to {to}", lambda shop: shop.orders.refine(deal.order.id, to), again=False)


def doubt(world: World, luck: Random) -> Act | None:
    """Somebody doubts an order, for good or for some hours, or no longer does what a rule or a person doubted."""
    blocked = world.book.orders(luck, lambda deal: deal.order.blocks)
    if blocked is not None and luck.random() < 0.8:
        stops = luck.choice(blocked.order.blocks)
        return Act(
            f"unblocks {blocked.id} of {stops.code}",
            lambda shop: shop.orders.unblock(blocked.order.id, stops.code, owner=stops.owner),
            again=False,
        )
    if (deal := world.book.orders(luck, lambda deal: deal.order.state is OrderState.PLACED)) is None:
        return None
    until, then = world.clock.now() + timedelta(hours=luck.choice((2, 30))), luck.choice(tuple(Lapse))
    term: dict[str, Any] = {"until": until, "then": then} if luck.random() < 0.5 else {}
    return Act(f"blocks {deal.id}", lambda shop: shop.orders.block(deal.order.id, "fraud", reason="a hunch", **term))
