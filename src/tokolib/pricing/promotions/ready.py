"""One promotion made ready: what it asks and how it is asked, which lines it is about, what it takes, and its rank."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, TypeAlias

import attrs

from tokolib.conditions import Always, Compare, Facts, OneOf, Operator, Overlaps, Predicate, facts_asked
from tokolib.conditions.anchors import Needs, anchors
from tokolib.conditions.compiled import compiled
from tokolib.conditions.model import leaves
from tokolib.kernel.money import LARGEST
from tokolib.pricing.facts import LATE_FACTS
from tokolib.pricing.model import ChargeKind, PriceLine
from tokolib.pricing.promotions.benefits import Benefit, Combination, Gift, How, Off, Percent, Scope, Tiered, how
from tokolib.pricing.promotions.cuts import Cut, cut
from tokolib.pricing.promotions.model import Promotion, PromotionUse

Check: TypeAlias = Callable[[Facts], bool | None]

REMEMBERED: Final = 4096
"""Single promotions that are kept made ready."""

OF_LINE: Final[dict[str, Callable[[PriceLine], Iterable[str]]]] = {
    "sku": lambda line: (line.key,),
    "product": lambda line: (line.product_id,),
    "categories": lambda line: line.categories,
    "tags": lambda line: line.tags,
    "attributes": lambda line: line.attributes,
}
"""What a line has of the facts that promotions are looked up by."""


@attrs.frozen(eq=False)
class Target:
    """Which lines a benefit is about."""

    which: Predicate
    check: Check | None
    """None where it is about every line."""
    leaves: int
    needs: Needs | None
    """What a line must have, to be looked up."""
    looked_up: bool
    """Whether having that is all that is asked."""

    @classmethod
    def of(cls, which: Predicate) -> "Target":
        """The target of a predicate over the facts of a line."""
        if isinstance(which, Always):
            return cls(which, None, 0, None, looked_up=False)
        found = [each for each in anchors(which) if isinstance(each, Needs) and each.fact in OF_LINE]
        needs = min(found, key=lambda each: len(each.values), default=None)
        alone = isinstance(which, OneOf | Overlaps) or (isinstance(which, Compare) and which.operator is Operator.EQUAL)
        return cls(which, compiled(which), leaves(which), needs, looked_up=alone and needs is not None)


@attrs.frozen(eq=False)
class Rule:
    """One promotion made ready."""

    promotion: Promotion
    rank: tuple[bool, int, str]
    """Its place in the order in which promotions decide."""
    scope: Scope
    conditions: Check | None
    """None where it has none."""
    leaves: int
    asks_late: bool
    """Whether its conditions ask what discounts have left so far, so that they are asked when its turn comes."""
    waits: bool
    """Whether there is anything to ask when its turn comes: such conditions, or a minimum, which may go by the same."""
    targets: tuple[Target, ...]
    limited: bool
    """Whether counters bear on it."""
    choosy: bool
    """Whether there are promotions that it can't stand beside."""
    how: How
    percent: Decimal | None
    """Of a percentage off something."""
    cut: Cut | None
    """Of a value off something: how much it takes."""
    cap: int
    """It takes no more than that, in minor units."""
    charges: tuple[ChargeKind, ...] | None
    """Of a value off charges: which; empty: all but shipping. None: it is about goods."""
    plain_use: PromotionUse
    """What an order uses of it without a coupon, where no counter bears on it."""

    @classmethod
    def of(cls, promotion: Promotion) -> "Rule":
        """*promotion* made ready."""
        terms = promotion.terms
        free = isinstance(terms.conditions, Always)
        value = terms.benefit.value if isinstance(terms.benefit, Off) else None
        asks_late = not LATE_FACTS.isdisjoint(facts_asked(terms.conditions))
        return cls(
            promotion,
            rank(promotion),
            _scope(promotion),
            None if free else compiled(terms.conditions),
            0 if free else leaves(terms.conditions),
            asks_late,
            asks_late or terms.at_least is not None,
            tuple(map(Target.of, _targets(promotion))),
            is_limited(promotion),
            bool(terms.exclusive or terms.stop or terms.lane or terms.combines_with is not None),
            how(terms.benefit),
            value.percent if isinstance(value, Percent) else None,
            None if value is None else cut(value),
            LARGEST if terms.cap is None else terms.cap.minor_units,
            _charges(terms.benefit),
            PromotionUse(promotion.id, ""),
        )


def _scope(promotion: Promotion) -> Scope:
    match promotion.terms.benefit:
        case Off(scope=scope):
            return scope
        case Tiered():
            return Scope.ORDER
        case Combination() | Gift():
            return Scope.UNIT


def _charges(benefit: Benefit) -> tuple[ChargeKind, ...] | None:
    match benefit:
        case Off(scope=Scope.SHIPPING):
            return (ChargeKind.SHIPPING,)
        case Off(scope=Scope.FEES, charges=kinds):
            return kinds
        case _:
            return None


def _targets(promotion: Promotion) -> tuple[Predicate, ...]:
    match promotion.terms.benefit:
        case Off(target=which) | Tiered(target=which):
            return (which,)
        case Combination(parts=parts):
            return tuple(part.which for part in parts)
        case Gift():
            return ()


def rank(promotion: Promotion) -> tuple[bool, int, str]:
    """Where a promotion decides: what is on the shelf first, then by priority, then by id."""
    return not promotion.terms.on_shelf, -promotion.terms.priority, promotion.id


def is_limited(promotion: Promotion) -> bool:
    """Whether counters bear on it."""
    terms = promotion.terms
    limits = (terms.usage_limit, terms.per_customer, terms.unit_limit, terms.units_per_customer)
    return bool(terms.budgets) or any(limit is not None for limit in limits)


_READY: Final[dict[int, Rule]] = {}


def ready(promotion: Promotion) -> Rule:
    """The rule of one promotion, remembered by the very object: a shop keeps those of its coupons at hand."""
    rule = _READY.get(id(promotion))
    if rule is None or rule.promotion is not promotion:
        if len(_READY) >= REMEMBERED:
            _READY.clear()
        rule = _READY[id(promotion)] = Rule.of(promotion)
    return rule
