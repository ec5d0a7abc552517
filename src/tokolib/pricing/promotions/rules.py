"""A set of promotions, made ready once: which of them a cart touches is looked up, not asked one by one.

Each promotion is filed under one thing that must be true for it to apply: a SKU, category or tag that one of its
lines must have, a channel or group, or a sum that must be reached. A cart looks into the drawers of its own goods
and facts and evaluates what it finds there; a thousand promotions on other goods cost it nothing. What can't be
filed is asked every time. Promotions whose dates are over, or still to come, are left out until the next date
of the set, when it is filed anew.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeAlias

from tokolib.conditions import Facts, facts_asked
from tokolib.conditions.anchors import Needs, Reaches, anchors
from tokolib.pricing.facts import LATE_FACTS
from tokolib.pricing.lost import outside
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.benefits import Combination
from tokolib.pricing.promotions.model import Promotion
from tokolib.pricing.promotions.ready import OF_LINE, Rule, is_limited

NEAR: Final = 1
"""How many promotions whose sum isn't reached yet are told with each sum: the next one to be reached."""

Touched: TypeAlias = tuple[Rule, tuple[int, ...] | None]
"""A rule that a cart touches, and the lines by which it was looked up; None where it wasn't by lines."""


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
            if promotion.active and is_time(promotion, now):
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
                    if line.key in drawers:
                        for rule in drawers[line.key]:
                            hits[rule].append(i)
                continue
            values = OF_LINE[fact]
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


def is_time(promotion: Promotion, now: datetime | None) -> bool:
    """Whether *now* is between its dates; without a clock it is."""
    return now is None or outside(promotion.terms.since, promotion.terms.until, now) is None
