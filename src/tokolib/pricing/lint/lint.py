"""A look over all promotions of a shop: what can never apply, what always loses, what clashes, what costs more than it
brings. It is pure; what is certain is told apart from what is only likely.
"""

from collections.abc import Iterable
from typing import Final

from tokolib.pricing.lint.clashing import clashing
from tokolib.pricing.lint.findings import Finding, Known, Severity
from tokolib.pricing.lint.losing import losing
from tokolib.pricing.lint.margins import margins
from tokolib.pricing.lint.never import never
from tokolib.pricing.promotions.model import Promotion

NEVER: Final = frozenset(
    {
        "lint.contradiction",
        "lint.over",
        "lint.used_up",
        "lint.no_coupon",
        "lint.other_currency",
        "lint.no_gift",
        "lint.no_goods",
        "lint.too_few_units",
    }
)
"""Findings that say that a promotion never applies, where they are certain."""


def lint(promotions: Iterable[Promotion], known: Known) -> tuple[Finding, ...]:
    """What is wrong with those of *promotions* that run, the worst first; nothing about those that were stopped.

    What never applies is held against no other promotion.
    """
    running = [each for each in promotions if each.active]
    found = [finding for each in running for finding in never(each, known)]
    dead = {id for each in found if each.certain and each.code in NEVER for id in each.promotions}
    alive = [each for each in running if each.id not in dead]
    found += [*losing(alive, known), *clashing(alive), *margins(alive, known)]
    return tuple(sorted(found, key=_weight))


def _weight(found: Finding) -> tuple[int, bool, str, tuple[str, ...], str]:
    order = list(Severity).index(found.severity)
    return order, not found.certain, found.code, found.promotions, str(found.reason)
