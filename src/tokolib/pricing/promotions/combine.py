"""Which of the promotions that may apply do, what each gives, and to which line.

Promotions *decide* by priority (larger first, then smaller id): an exclusive one applies alone or not at all, and
below one that stops, none does. Those that stay *apply* by scope: lines, then order, then shipping; each takes its
percentage, or its amount, of what the ones before have left, so no line and no charge can fall below zero.
A promotion that comes out at nothing must not keep others out: it steps aside, and the rest decide again.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import attrs

from tokolib.kernel.money import LARGEST
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.settings import Policies, SpreadWeights
from tokolib.kernel.spread import spread
from tokolib.pricing.lost import Lost, Why
from tokolib.pricing.promotions.eligible import Candidate, Refusal
from tokolib.pricing.promotions.model import AppliedDiscount, Scope, Terms
from tokolib.pricing.promotions.outcome import Granted

NOTHING: Final = Decimal(0)
STAGES: Final = (Scope.LINE, Scope.ORDER, Scope.SHIPPING)


@attrs.frozen
class Outcome:
    """What discounts left of each line and charge, the discounts, what each promotion gave, and who lost to whom."""

    lines: "Workings"
    charges: "Workings"
    winners: tuple[tuple[Candidate, Granted], ...]
    refusals: tuple[Refusal, ...]


@attrs.define
class Workings:
    """The working figures of lines or of charges: bases, what discounts have left of them, and the discounts."""

    bases: Sequence[int]
    rest: list[int]
    discounts: list[list[AppliedDiscount]]

    @classmethod
    def of(cls, bases: Sequence[int]) -> "Workings":
        """A workings without discounts."""
        return cls(bases, list(bases), [[] for _ in bases])


def combine(
    candidates: Sequence[Candidate], bases: Sequence[int], charges: Sequence[int], policies: Policies
) -> Outcome:
    """Let *candidates* decide and apply over the *bases* of lines and the amounts of *charges*."""
    idle: list[Candidate] = []
    while True:
        chosen, losers = _decide([each for each in candidates if each not in idle])
        lines, extras = Workings.of(bases), Workings.of(charges)
        winners = _apply(chosen, lines, extras, policies)
        empty = [candidate for candidate, granted in winners if not granted.amount]
        if not (empty and losers):
            break
        idle.append(empty[0])
    return Outcome(
        lines,
        extras,
        tuple((candidate, granted) for candidate, granted in winners if granted.amount),
        (*losers, *(_refused(each, Why.NOTHING_LEFT) for each in (*idle, *empty))),
    )


def _decide(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Refusal]]:
    chosen: list[Candidate] = []
    losers: list[Refusal] = []
    for candidate in candidates:
        last = chosen[-1].promotion.terms if chosen else None
        if last is None:
            chosen.append(candidate)
        elif last.exclusive or candidate.promotion.terms.exclusive:
            losers.append(_refused(candidate, Why.EXCLUSIVE, last.name))
        elif last.stop:
            losers.append(_refused(candidate, Why.BLOCKED, last.name))
        else:
            chosen.append(candidate)
    return chosen, losers


def _refused(candidate: Candidate, why: Why, by: str = "") -> Refusal:
    return Refusal(candidate.code, Lost(candidate.promotion.terms.name, why, by), candidate.promotion.id)


def _apply(
    chosen: Sequence[Candidate], lines: Workings, charges: Workings, policies: Policies
) -> list[tuple[Candidate, Granted]]:
    winners: list[tuple[Candidate, Granted]] = []
    for stage in STAGES:
        workings = charges if stage is Scope.SHIPPING else lines
        winners.extend(
            (each, _grant(each, workings, policies)) for each in chosen if each.promotion.terms.scope is stage
        )
    return winners


def _grant(candidate: Candidate, workings: Workings, policies: Policies) -> Granted:
    """Write what a promotion gives into *workings*."""
    terms, targets, rest = candidate.promotion.terms, candidate.targets, workings.rest
    left = [rest[i] for i in targets]
    base = sum(left)
    wanted = _wanted(terms, base, len(targets), policies.line_rounding)
    parts = _parts(terms, wanted, [workings.bases[i] for i in targets], left, policies)
    given = 0
    for i, part in zip(targets, parts, strict=True):
        if part:
            given += part
            rest[i] -= part
            workings.discounts[i].append(AppliedDiscount(candidate.promotion.id, terms.name, candidate.code, part))
    return Granted(candidate.promotion.id, terms.name, candidate.code, terms.scope, terms.percent, base, wanted, given)


def _wanted(terms: Terms, base: int, targets: int, mode: RoundingMode) -> int:
    """What the rule alone promises: a percentage of the sum, rounded once, or an amount (for each line).

    Amounts that run beyond what money can be are told as the most that it can.
    """
    if terms.amount is not None:
        return min(terms.amount.minor_units * (targets if terms.scope is Scope.LINE else 1), LARGEST)
    numerator, denominator = (terms.percent or NOTHING).as_integer_ratio()
    return divide(base * numerator, 100 * denominator, mode)


def _parts(terms: Terms, wanted: int, bases: Sequence[int], left: Sequence[int], policies: Policies) -> tuple[int, ...]:
    """What each target gets: never more than it has left, together never more than the cap."""
    if terms.amount is not None and terms.scope is Scope.LINE:
        each = terms.amount.minor_units
        limits = tuple(min(each, one) for one in left)
        total = _capped(terms, sum(limits))
        return limits if total == sum(limits) else spread(total, limits, policies.remainder)
    total = _capped(terms, min(wanted, sum(left)))
    if policies.spread_weights is SpreadWeights.BEFORE_DISCOUNTS:
        return spread(total, bases, policies.remainder, at_most=left)
    return spread(total, left, policies.remainder)


def _capped(terms: Terms, amount: int) -> int:
    return amount if terms.cap is None else min(amount, terms.cap.minor_units)
