"""Which of the promotions that may apply do: by priority, or as the best combination.

Two may stand side by side when neither is exclusive, they are of different lanes (or of none), and each combines with
the other's lane; and below one that stops, none of lower priority stands. By **priority** the larger decides first,
and of a lane the one that gives most alone. By **best** every set that may stand is compared by what it gives, in
`search.py`. A promotion that comes to nothing must not keep others out: it steps aside, and the rest decide again.
"""

from collections.abc import Sequence

import attrs

from tokolib.kernel.settings import Stacking
from tokolib.pricing.lost import Lost, Why
from tokolib.pricing.promotions.applying import Applied, apply
from tokolib.pricing.promotions.candidates import Candidate, Refusal
from tokolib.pricing.promotions.search import Search, best
from tokolib.pricing.promotions.standing import conflict
from tokolib.pricing.promotions.workings import Terrain


@attrs.frozen(eq=False)
class Outcome:
    """What the promotions that apply left and gave, who lost to whom, and how the best was looked for."""

    applied: Applied
    refusals: tuple[Refusal, ...]
    search: Search | None = None
    """Only where the best combination was looked for."""


def stack(candidates: Sequence[Candidate], ground: Terrain) -> Outcome:
    """Let *candidates* decide and apply over *ground*."""
    if ground.policies.stacking is Stacking.BEST and len(candidates) > 1:
        return _best(candidates, ground)
    idle: dict[int, Refusal] = {}
    while True:
        chosen, losers = _by_priority([each for each in candidates if id(each) not in idle], ground)
        applied = apply(chosen, ground)
        if not (applied.idle and losers):
            break
        candidate, lost = applied.idle[0]
        idle[id(candidate)] = candidate.lost(lost)
    stepped_aside = [*idle.values(), *(candidate.lost(lost) for candidate, lost in applied.idle)]
    return Outcome(applied, (*losers, *stepped_aside))


def _best(candidates: Sequence[Candidate], ground: Terrain) -> Outcome:
    found = best(candidates, ground)
    applied = apply(found.chosen, ground)
    stayed = {id(each) for each in found.chosen}
    losers = [_beaten(each, found.chosen) for each in candidates if id(each) not in stayed]
    return Outcome(applied, (*losers, *(candidate.lost(lost) for candidate, lost in applied.idle)), found.search)


def _beaten(candidate: Candidate, chosen: Sequence[Candidate]) -> Refusal:
    name = candidate.promotion.terms.name
    for winner in chosen:
        if (why := conflict(candidate, winner)) is not None:
            return candidate.lost(Lost(name, why, winner.promotion.terms.name))
    return candidate.lost(Lost(name, Why.NOT_BEST))


def _by_priority(candidates: Sequence[Candidate], ground: Terrain) -> tuple[list[Candidate], list[Refusal]]:
    if not any(candidate.rule.choosy for candidate in candidates):
        return [*candidates], []
    chosen: list[Candidate] = []
    losers: list[Refusal] = []
    champions = _champions(candidates, ground)
    for candidate in candidates:
        terms = candidate.promotion.terms
        if terms.lane and champions[terms.lane] is not candidate:
            losers.append(candidate.lost(Lost(terms.name, Why.LANE, champions[terms.lane].promotion.terms.name)))
            continue
        against = next(((why, each) for each in chosen if (why := conflict(candidate, each)) is not None), None)
        if against is None:
            chosen.append(candidate)
        else:
            losers.append(candidate.lost(Lost(terms.name, against[0], against[1].promotion.terms.name)))
    return chosen, losers


def _champions(candidates: Sequence[Candidate], ground: Terrain) -> dict[str, Candidate]:
    """Of each lane the one that gives most alone; of equals the one that decides first."""
    lanes: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if lane := candidate.promotion.terms.lane:
            lanes.setdefault(lane, []).append(candidate)
    return {
        lane: own[0] if len(own) == 1 else max(own, key=lambda each: apply([each], ground).given)
        for lane, own in lanes.items()
    }
