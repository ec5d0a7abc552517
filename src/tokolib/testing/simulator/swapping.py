"""Customers exchange goods and complain of them; staff change them over, make up for them, or say no."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

from tokolib.kernel.money import IDR
from tokolib.returns.claims.model import ClaimKind, ClaimRemedy
from tokolib.returns.replacements import ReplacementPricing
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.world import GOODS, World

HOLD_DAYS: Final = (0.1, 1, 5)
Do = Callable[[Any], Any]


def exchange(world: World, luck: Random) -> Act | None:
    """Something else is wanted for goods, at their price or today's; it is changed over, put off, or dropped."""
    if world.exchanges and luck.random() < 0.6:
        id = luck.choice(world.exchanges)
        until, key = world.clock.now() + timedelta(days=3), f"swapped-{luck.randrange(10**9)}"
        moves: dict[str, Do] = {
            "is changed over": lambda shop: shop.exchanges.complete(id, key=key),
            "is put off": lambda shop: shop.exchanges.extend(id, until=until),
            "is refused": lambda shop: shop.exchanges.reject(id, note="worn"),
            "is dropped": lambda shop: shop.exchanges.cancel(id, reason="keeps it"),
        }
        says = luck.choices(tuple(moves), (70, 10, 10, 10))[0]
        return Act(f"{id} {says}", moves[says], then=lambda made: _remember(world.exchanges, id, is_open=made.is_open))
    if (named := _with_customer(world, luck)) is None:
        return None
    deal, goods = named
    even, units = luck.random() < 0.4, sum(goods.values())
    wanted = {luck.choice(tuple(GOODS)): units if even else luck.randint(1, 2)}
    until, key = world.clock.now() + timedelta(days=luck.choice(HOLD_DAYS)), f"swap-{luck.randrange(10**9)}"
    pricing = ReplacementPricing.EVEN if even else ReplacementPricing.NOW
    return Act(
        f"wants {', '.join(wanted)} for goods of {deal.id}",
        lambda shop: shop.exchanges.request(
            deal.order.id, goods, wanted, pricing=pricing, until=until, reason="another one", key=key
        ),
        then=lambda made: world.book.remember(world.exchanges, made.id),
    )


def claim(world: World, luck: Random) -> Act | None:
    """Goods are said to be broken; the shop makes up for them with money, others or an allowance, or it doesn't."""
    if world.claims and luck.random() < 0.5:
        id, key = luck.choice(world.claims), f"claimed-{luck.randrange(10**9)}"
        steps: dict[str, Do] = {
            "is granted": lambda shop: shop.claims.approve(id, key=key),
            "is refused": lambda shop: shop.claims.reject(id, note="by the customer"),
        }
        says = luck.choices(tuple(steps), (80, 20))[0]
        return Act(f"{id} {says}", steps[says], then=lambda _: _remember(world.claims, id, is_open=False))
    if (named := _with_customer(world, luck)) is None:
        return None
    deal, goods = named
    remedy = luck.choice(tuple(ClaimRemedy))
    asked: dict[str, Any] = {}
    if remedy is ClaimRemedy.REPLACEMENT:
        asked["until"] = world.clock.now() + timedelta(days=luck.choice(HOLD_DAYS))
    if remedy is ClaimRemedy.ALLOWANCE:
        asked["amount"] = IDR(luck.randint(1, 9_999))
    kind, key = luck.choice(tuple(ClaimKind)), f"claim-{luck.randrange(10**9)}"
    return Act(
        f"complains of goods of {deal.id}, and wants {remedy}",
        lambda shop: shop.claims.open(
            deal.order.id, goods, kind=kind, remedy=remedy, reason="not as it should be", key=key, **asked
        ),
        then=lambda made: world.book.remember(world.claims, made.id),
    )


def _with_customer(world: World, luck: Random) -> tuple[Deal, dict[str, int]] | None:
    def fits(deal: Deal) -> bool:
        home = deal.order.currency == IDR and deal.order.tax_fact is None and not deal.order.plan
        return home and any(line.kept for line in deal.order.lines if line.key != "gula")

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    line = luck.choice([line for line in deal.order.lines if line.kept and line.key != "gula"])
    return deal, {line.id: luck.randint(1, len(line.kept))}


def _remember(memory: list[str], id: str, *, is_open: bool) -> None:
    """Forget what has ended."""
    if not is_open and id in memory:
        memory.remove(id)
