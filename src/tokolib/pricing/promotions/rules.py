"""A set of promotions, made ready once: which of them a cart touches is looked up, not asked one by one.

Each promotion is filed under one thing that must be true for it to apply: a SKU, category or tag that one of its
lines must have, a channel or group, or a sum that must be reached. A cart looks into the drawers of its own goods
and facts and evaluates what it finds there; a thousand promotions on other goods cost it nothing. What can't be
filed is asked every time. Promotions whose dates are over, or still to come, are left out until the next date
of the set, when it is filed anew.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeAlias

import attrs

from tokolib.conditions import Always, Compare, Facts, OneOf, Operator, Overlaps, Predicate, facts_asked
from tokolib.conditions.anchors import Needs, Reaches, anchors
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
NEAR: Final = 1
"""How many promotions whose sum isn't reached yet are told with each sum: the next one to be reached."""

_OF_LINES: Final[dict[str, Callable[[PriceLine], Iterable[str]]]] = {
    "sku": lambda line: (line.key,),
    "product": lambda line: (line.product_id,),
    "categories": lambda line: line.categories,
    "tags": lambda line: line.tags,
    "attributes": lambda line: line.attributes,
}


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
        found = [each for each in anchors(which) if isinstance(each, Needs) and each.fact in _OF_LINES]
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
        return cls(
            promotion,
            rank(promotion),
            _scope(promotion),
            None if free else compiled(terms.conditions),
            0 if free else leaves(terms.conditions),
            not LATE_FACTS.isdisjoint(facts_asked(terms.conditions)),
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


Touched: TypeAlias = tuple[Rule, tuple[int, ...] | None]
"""A rule that a cart touches, and the lines by which it was looked up; None where it wasn't by lines."""


def rank(promotion: Promotion) -> tuple[bool, int, str]:
    """Where a promotion decides: what is on the shelf first, then by priority, then by id."""
    return not promotion.terms.on_shelf, -promotion.terms.priority, promotion.id


_READY: Final[dict[int, Rule]] = {}


def ready(promotion: Promotion) -> Rule:
    """The rule of one promotion, remembered by the very object: a shop keeps those of its coupons at hand."""
    rule = _READY.get(id(promotion))
    if rule is None or rule.promotion is not promotion:
        if len(_READY) >= REMEMBERED:
            _READY.clear()
        rule = _READY[id(promotion)] = Rule.of(promotion)
    return rule


class RuleSet:
    """Promotions made ready; it equals only itself, and what is worked out of it is remembered in it."""

    def __init__(self, promotions: Iterable[Promotion] = ()) -> None:
        self.promotions: Final = tuple(promotions)
        self.limited: Final = tuple(each for each in self.promotions if is_limited(each))
        """Those that counters bear on."""
        self.asked: Final = frozenset().union(*(facts_asked(each.terms.conditions) for each in self.promotions))
        """The facts that their conditions ask for."""
        self._filed: Filed | None = None
        self._on_shelf: RuleSet | None = None

    def __repr__(self) -> str:
        return f"RuleSet({len(self.promotions)} promotions)"

    @cached_property
    def versions(self) -> Mapping[str, int]:
        """Which version of each promotion it is, by id."""
        return {each.id: each.version for each in self.promotions}

    def on_shelf(self) -> "RuleSet":
        """Those that are shown on the shelf."""
        if self._on_shelf is None:
            self._on_shelf = RuleSet(each for each in self.promotions if each.terms.on_shelf)
        return self._on_shelf

    def at(self, now: datetime | None, minimum_fact: str) -> "Filed":
        """The promotions whose time is *now*, filed; without a clock, all of them.

        Their minimum is measured by *minimum_fact*.
        """
        filed = self._filed
        if filed is None or filed.minimum_fact != minimum_fact or not filed.holds(now):
            filed = self._filed = Filed(self.promotions, now, minimum_fact)
        return filed


def is_limited(promotion: Promotion) -> bool:
    """Whether counters bear on it."""
    terms = promotion.terms
    limits = (terms.usage_limit, terms.per_customer, terms.unit_limit, terms.units_per_customer)
    return bool(terms.budgets) or any(limit is not None for limit in limits)


class Filed:
    """The promotions of a set at one time, each under one thing that must be true for it."""

    def __init__(self, promotions: Sequence[Promotion], now: datetime | None, minimum_fact: str) -> None:
        self.minimum_fact: Final = minimum_fact
        bounds = [b for each in promotions for b in (each.terms.since, each.terms.until) if b is not None]
        self._from = None if now is None else max((b for b in bounds if b <= now), default=None)
        self._to = None if now is None else min((b for b in bounds if b > now), default=None)
        self._clockless = now is None
        self._always: list[Rule] = []
        self._of_lines: dict[str, dict[str, list[Rule]]] = {}
        self._of_order: dict[str, dict[object, list[Rule]]] = {}
        self._reaches: dict[str, tuple[list[Decimal | int], list[Rule]]] = {}
        waiting: dict[str, list[tuple[Decimal | int, Rule]]] = {}
        for promotion in promotions:
            if promotion.active and _is_time(promotion, now):
                self._file(Rule.of(promotion), waiting)
        for fact, rows in waiting.items():
            rows.sort(key=lambda row: (row[0], row[1].rank))
            self._reaches[fact] = ([bound for bound, _ in rows], [rule for _, rule in rows])

    def holds(self, now: datetime | None) -> bool:
        """Whether the same promotions are running at *now*."""
        if now is None or self._clockless:
            return now is None and self._clockless
        return (self._from is None or self._from <= now) and (self._to is None or now < self._to)

    def _file(self, rule: Rule, waiting: dict[str, list[tuple[Decimal | int, Rule]]]) -> None:
        of_lines = [target.needs for target in rule.targets if target.needs is not None]
        if of_lines and (len(rule.targets) == 1 or isinstance(rule.promotion.terms.benefit, Combination)):
            needs = min(of_lines, key=lambda each: len(each.values))
            drawers = self._of_lines.setdefault(needs.fact, {})
            for value in needs.values:
                drawers.setdefault(str(value), []).append(rule)
            return
        asked = anchors(rule.promotion.terms.conditions) if rule.conditions is not None else ()
        named = [each for each in asked if isinstance(each, Needs)]
        if named:
            needs = min(named, key=lambda each: len(each.values))
            table = self._of_order.setdefault(needs.fact, {})
            for value in needs.values:
                table.setdefault(value, []).append(rule)
            return
        for each in asked:
            if isinstance(each, Reaches) and each.fact not in LATE_FACTS:
                waiting.setdefault(each.fact, []).append((each.bound, rule))
                return
        minimum = rule.promotion.terms.at_least
        if minimum is not None and self.minimum_fact not in LATE_FACTS:
            waiting.setdefault(self.minimum_fact, []).append((minimum.minor_units, rule))
        else:
            self._always.append(rule)

    def touched(self, lines: Sequence[PriceLine], facts: Facts) -> list[Touched]:
        """The rules that *lines* and *facts* touch, in no order, and those whose sum is the next to be reached."""
        found: dict[Rule, tuple[int, ...] | None] = dict.fromkeys(self._always)
        for rule, own in self._by_lines(lines).items():
            found[rule] = tuple(own) if len(rule.targets) == 1 else None
        found.update(dict.fromkeys(self._by_facts(facts)))
        return [*found.items()]

    def _by_lines(self, lines: Sequence[PriceLine]) -> dict[Rule, list[int]]:
        hits: defaultdict[Rule, list[int]] = defaultdict(list)
        for fact, drawers in self._of_lines.items():
            if fact == "sku":
                for i, line in enumerate(lines):
                    for rule in drawers.get(line.key, ()):
                        hits[rule].append(i)
                continue
            values = _OF_LINES[fact]
            for i, line in enumerate(lines):
                for value in values(line):
                    for rule in drawers.get(value, ()):
                        own = hits[rule]
                        if not own or own[-1] != i:
                            own.append(i)
        return hits

    def _by_facts(self, facts: Facts) -> Iterable[Rule]:
        for fact, table in self._of_order.items():
            value = facts.get(fact)
            for one in value if isinstance(value, frozenset) else (value,):
                yield from table.get(one, ())
        for fact, (bounds, rules) in self._reaches.items():
            reached = facts.get(fact)
            if isinstance(reached, int | Decimal):
                yield from rules[: bisect_right(bounds, reached) + NEAR]


def _is_time(promotion: Promotion, now: datetime | None) -> bool:
    since, until = promotion.terms.since, promotion.terms.until
    return now is None or ((since is None or since <= now) and (until is None or now < until))
