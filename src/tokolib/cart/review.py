"""A cart looked at with everything that is known now: catalogue, stock, prices and coupons."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from tokolib.cart.facts import cart_facts, price_lines
from tokolib.cart.model import Cart
from tokolib.cart.problems import Known, Problem, find_problems
from tokolib.catalog.model import Sellable
from tokolib.catalog.steps import offer
from tokolib.inventory.availability import sellable_at
from tokolib.inventory.model import MAIN
from tokolib.kernel.explain import reason
from tokolib.kernel.money import currency
from tokolib.kernel.rounding import DEFAULT_ROUNDING
from tokolib.kernel.unit import Unit
from tokolib.pricing.lost import Problem as PricingProblem
from tokolib.pricing.model import ChargeKind, ChargeLine
from tokolib.pricing.price import price
from tokolib.pricing.prices.steps import book
from tokolib.pricing.promotions.steps import running_promotions
from tokolib.tax.model import Assessment

UNTAXED: Final = Assessment((), DEFAULT_ROUNDING, reason("cart.untaxed"))
"""Whether there is a price, and whether a coupon counts, does not depend on tax."""

SOME_DELIVERY: Final = ChargeLine("delivery", ChargeKind.SHIPPING, "", 10**9)
"""Stands for a delivery that isn't chosen yet, so that a coupon for free delivery isn't called useless."""


async def problems(unit: Unit, cart: Cart) -> tuple[Problem, ...]:
    """Everything that stands in the way of selling *cart* now, each with its fix where there is one."""
    found = await offer(unit, (line.key for line in cart.lines))
    demanded = list(dict.fromkeys(part for one in found.sellables.values() for part in one.consumption(1)))
    return find_problems(
        cart,
        Known(
            sellables=found.sellables,
            unsellable=dict(found.not_for_sale),
            available=await _available(unit, demanded, cart.channel),
            limits=(await unit.settings()).limits,
            pricing=await _pricing(unit, cart, found.sellables),
        ),
    )


async def _available(unit: Unit, keys: Sequence[str], channel: str) -> dict[str, int]:
    """By SKU key, the steps that *channel* could sell now, from all places that the shop sends from."""
    places = [each.location for each in (await unit.settings()).sourcing.open_to(channel)] or [MAIN]
    found = [await sellable_at(unit, keys, location=where, channel=channel) for where in places]
    return {key: sum(each[key] for each in found) for key in keys}


async def _pricing(unit: Unit, cart: Cart, sold: Mapping[str, Sellable]) -> tuple[PricingProblem, ...]:
    """What pricing has to say about prices and coupons, with the facts that a cart knows; tax plays no part.

    Until a delivery is chosen the goods may be sent or fetched: a coupon that counts either way is no problem.
    """
    settings = await unit.settings()
    lines = price_lines(cart, sold)
    asked = partial(
        price,
        lines,
        book=await book(unit, (line.key for line in lines), cart.currency),
        promotions=await running_promotions(unit, cart.coupons, cart.customer or ""),
        coupons=cart.coupons,
        facts=cart_facts(cart, unit.now),
        tax=lambda tax_class: UNTAXED,
        settings=settings,
        currency=currency(cart.currency),
    )
    found = asked((SOME_DELIVERY,)).problems
    if found and not cart.delivery:
        fetched = {one.coupon for one in asked(()).problems}
        found = tuple(one for one in found if one.coupon in fetched)
    return tuple(one for one in found if not _undecided(one))


def _undecided(problem: PricingProblem) -> bool:
    """Whether a coupon only waits for a fact that a cart can't know yet, such as how it will be paid."""
    causes = problem.lost.detail if problem.lost else ()
    return any(node.code.startswith("conditions.unknown") for cause in causes for node in cause.walk())
