"""Promotions that always lose: to one that applies whenever they could, and that they can't stand beside.

Certain is only what holds for every cart. The winner then decides first of all, nothing bears on it that does not bear
on the loser too, it gives something wherever the loser would, and nothing can have taken that before it: it applies
alone, or is the first to apply. Of all others it is said that they lose nearly always.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from tokolib.conditions import All, Always, AnyOf, Not, Predicate, can_hold, facts_asked
from tokolib.conditions.model import DEEPEST, depth
from tokolib.conditions.vocabularies import OF_LINES
from tokolib.kernel.policies import Stacking
from tokolib.pricing.facts import GOODS_FACTS, LATE_FACTS
from tokolib.pricing.lint.findings import Finding, Known, Severity, finding
from tokolib.pricing.lint.never import line_targets, premise
from tokolib.pricing.promotions.benefits import AmountOff, FixedPrice, Off, Percent, Scope, Value
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.standing import conflict
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.ready import Rule, is_limited, rank

ALWAYS_KNOWN: Final = GOODS_FACTS | {"currency", "coupon", "subtotal"}
"""The facts of an order that pricing always knows."""
ALL_OF_IT: Final = Percent(Decimal(100))


def losing(promotions: Sequence[Promotion], known: Known) -> Iterator[Finding]:
    """Each of *promotions*, all of which may apply, that loses to another, with the first that it loses to."""
    candidates = [Candidate(Rule.of(each), None, ()) for each in sorted(promotions, key=rank)]
    for at, loser in enumerate(candidates):
        for place, winner in enumerate(candidates):
            if winner is loser:
                continue
            if (found := _less(loser, winner, known, first=place == 0)) is not None:
                yield found
                break
            if place < at and (found := _beaten(loser, winner, candidates, known)) is not None:
                yield found
                break


def _beaten(loser: Candidate, winner: Candidate, candidates: Sequence[Candidate], known: Known) -> Finding | None:
    """The finding for a *loser* that can't stand beside a *winner* which applies whenever it could."""
    if known.policies.stacking is not Stacking.PRIORITY or conflict(loser, winner) is None:
        return None
    if _shares_lane(loser, winner) or not _applies_whenever(winner, loser, known):
        return None
    certain = winner is candidates[0] and _has_own_lane(winner, candidates) and _gives_wherever(winner, loser)
    return finding(
        Severity.ERROR if certain else Severity.WARNING,
        "lint.always_loses" if certain else "lint.mostly_loses",
        loser.promotion,
        winner.promotion,
        certain=certain,
        winner=winner.promotion.terms.name,
    )


def _less(loser: Candidate, winner: Candidate, known: Known, *, first: bool) -> Finding | None:
    """The finding for a *loser* of the same lane as a *winner* that takes at least as much of the same."""
    mine, others = loser.promotion.terms, winner.promotion.terms
    if not _shares_lane(loser, winner) or not _is_alike(mine, others) or not _applies_whenever(winner, loser, known):
        return None
    ahead = rank(winner.promotion) < rank(loser.promotion)
    if not _takes(others, mine, as_much=ahead):
        return None
    by_unit = isinstance(others.benefit, Off) and others.benefit.scope is Scope.UNIT
    certain = first and by_unit and known.policies.stacking is Stacking.PRIORITY
    return finding(
        Severity.ERROR if certain else Severity.WARNING,
        "lint.gives_less",
        loser.promotion,
        winner.promotion,
        certain=certain,
        winner=others.name,
        lane=others.lane,
    )


def _shares_lane(loser: Candidate, winner: Candidate) -> bool:
    lane = loser.promotion.terms.lane
    return lane != "" and lane == winner.promotion.terms.lane


def _has_own_lane(winner: Candidate, candidates: Sequence[Candidate]) -> bool:
    lane = winner.promotion.terms.lane
    return lane == "" or sum(each.promotion.terms.lane == lane for each in candidates) == 1


def _is_alike(mine: Terms, others: Terms) -> bool:
    """Whether both are values off the same, with the same stacking and no caps: only how much differs."""
    if not (isinstance(mine.benefit, Off) and isinstance(others.benefit, Off)):
        return False
    same = (mine.benefit.scope, mine.benefit.target, mine.benefit.charges, mine.combines_with, mine.on_stated)
    other = (
        others.benefit.scope,
        others.benefit.target,
        others.benefit.charges,
        others.combines_with,
        others.on_stated,
    )
    plain = not any((mine.exclusive, others.exclusive, mine.stop, others.stop, mine.cap, others.cap))
    return same == other and plain and mine.on_shelf == others.on_shelf


def _takes(others: Terms, mine: Terms, *, as_much: bool) -> bool:
    """Whether *others* take more of whatever it is, or *as_much*."""
    if not (isinstance(mine.benefit, Off) and isinstance(others.benefit, Off)):
        return False
    difference = _more(others.benefit.value, mine.benefit.value)
    return difference is not None and (difference > 0 or (as_much and difference == 0))


def _more(one: Value, other: Value) -> Decimal | None:
    """How much more one value takes than another of its kind; None for values of two kinds."""
    match one, other:
        case Percent(percent=more), Percent(percent=less):
            return more - less
        case AmountOff(amount=amount), AmountOff(amount=less_) if amount.currency == less_.currency:
            return Decimal(amount.minor_units - less_.minor_units)
        case FixedPrice(price=price), FixedPrice(price=dearer) if price.currency == dearer.currency:
            return Decimal(dearer.minor_units - price.minor_units)
        case _:
            return None


def _applies_whenever(winner: Candidate, loser: Candidate, known: Known) -> bool:
    """Whether nothing keeps *winner* from a cart that *loser* may apply to: neither dates nor limits nor conditions."""
    terms, other = winner.promotion.terms, loser.promotion.terms
    if terms.by_coupon or is_limited(winner.promotion) or terms.currency not in ("", other.currency):
        return False
    if terms.on_stated < other.on_stated or not _covers(terms, other):
        return False
    wanted, given = premise(terms, known), premise(other, known)
    if not LATE_FACTS.isdisjoint(facts_asked(wanted)) or not implies(given, wanted, ALWAYS_KNOWN):
        return False
    targets, others = line_targets(terms), line_targets(other)
    if not targets or not others:
        return (
            isinstance(terms.benefit, Off)
            and isinstance(other.benefit, Off)
            and not targets
            and _is_alike(terms, other)
        )
    return all(implies(each, which, frozenset(OF_LINES.facts)) for which in targets for each in others)


def _covers(terms: Terms, other: Terms) -> bool:
    """Whether it is the time of *terms* whenever it is that of *other*."""
    begun = terms.since is None or (other.since is not None and terms.since <= other.since)
    lasts = terms.until is None or (other.until is not None and other.until <= terms.until)
    return begun and lasts


def _gives_wherever(winner: Candidate, loser: Candidate) -> bool:
    """Whether *winner*, deciding first, surely gives something, with nothing before it, where *loser* would."""
    terms = winner.promotion.terms
    if not isinstance(terms.benefit, Off) or terms.cap is not None or not line_targets(loser.promotion.terms):
        return False
    alone = terms.exclusive or terms.stop or terms.benefit.scope is Scope.UNIT
    match terms.benefit.value:
        case Percent() as value:
            return alone and value == ALL_OF_IT
        case AmountOff():
            return alone and terms.benefit.scope is Scope.LINE
        case FixedPrice():
            return False


def implies(given: Predicate, wanted: Predicate, sure: frozenset[str]) -> bool:
    """Whether *wanted* surely holds wherever *given* does, of facts that are known then, or *sure* to be."""
    if isinstance(wanted, Always) or wanted == given:
        return True
    if not facts_asked(wanted) <= _answered(given) | sure or max(depth(given), 1 + depth(wanted)) >= DEEPEST:
        return False
    return not can_hold(All((given, Not(wanted))))


def _answered(given: Predicate) -> frozenset[str]:
    """The facts that are known wherever *given* holds."""
    match given:
        case All(of=parts):
            return frozenset().union(*map(_answered, parts))
        case AnyOf(of=parts):
            return frozenset.intersection(*map(_answered, parts))
        case Not(of=All() | AnyOf() | Not()):
            return frozenset()
        case Not(of=part):
            return facts_asked(part)
        case _:
            return facts_asked(given)
