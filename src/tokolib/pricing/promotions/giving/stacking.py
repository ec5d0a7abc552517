"""Which of the promotions that may apply do: by priority, or as the best combination.

Two may stand side by side when neither is exclusive, they are of different lanes (or of none), and each combines with
the other's lane; and below one that stops, none of lower priority stands. By **priority** the larger decides first,
and of a lane the one that gives most alone. By **best** every set that may stand is compared by what it gives, in
`search.py`. A promotion that comes to nothing must not keep others out: it steps aside, and the rest decide again.

What is on the shelf was promised before there was a cart. So these promotions are settled first, for the goods of each
line by themselves, whatever else the cart holds; the others stand beside them, or not at all.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import attrs

from tokolib.kernel.explain import reason
from tokolib.kernel.policies import Stacking
from tokolib.kernel.quick import quick
from tokolib.pricing.lost import Lost, Why
from tokolib.pricing.promotions.giving.applying import Applied, apply
from tokolib.pricing.promotions.giving.candidates import Candidate, Refusal
from tokolib.pricing.promotions.giving.search import LARGEST_SEARCH, Search, best
from tokolib.pricing.promotions.giving.standing import conflict
from tokolib.pricing.promotions.giving.workings import Terrain


@attrs.frozen(eq=False)
class Outcome:
    """What the promotions that apply left and gave, who lost to whom, and how the best was looked for."""

    applied: Applied
    refusals: tuple[Refusal, ...]
    search: Search | None = None
    """Only where the best combination was looked for."""


_outcome: Final = quick(Outcome)


def stack(candidates: Sequence[Candidate], ground: Terrain, most: int = LARGEST_SEARCH) -> Outcome:
    """Let *candidates*, in the order in which they decide, apply over *ground*.

    Where the best combination is looked for, so many sets are tried at *most*.
    """
    on_shelf = [each for each in candidates if each.rule.promotion.terms.on_shelf]
    if not on_shelf:
        return _decide(candidates, ground, (), most)
    settled, refused, shelf_search = _settle(on_shelf, ground, most)
    outcome = _decide([each for each in candidates if not each.promotion.terms.on_shelf], ground, settled, most)
    return Outcome(outcome.applied, (*refused, *outcome.refusals), _joined(shelf_search, outcome.search))


def _joined(first: Search | None, second: Search | None) -> Search | None:
    if first is None or second is None:
        return first or second
    return Search(first.tried + second.tried, first.proved and second.proved)


def _settle(
    shelf: Sequence[Candidate], ground: Terrain, most: int
) -> tuple[tuple[Candidate, ...], tuple[Refusal, ...], Search | None]:
    """Those on the shelf that apply, each to the lines where it does; and those that apply to none."""
    priority = ground.policies.stacking is Stacking.PRIORITY
    if priority and all(conflict(below, above) is None for above, below in combinations(shelf, 2)):
        outcome = _decide(shelf, ground, (), most)
        return tuple(each for each, _ in outcome.applied.granted), outcome.refusals, None
    lines: dict[str, list[int]] = {each.promotion.id: [] for each in shelf}
    refused: dict[str, Refusal] = {}
    search: Search | None = None
    for i in sorted({i for each in shelf for i in each.targets[0]}):
        here = [attrs.evolve(each, targets=((i,),)) for each in shelf if i in each.targets[0]]
        outcome = _decide(here, ground, (), most)
        search = _joined(search, outcome.search)
        for candidate, _ in outcome.applied.granted:
            lines[candidate.promotion.id].append(i)
        for refusal in outcome.refusals:
            refused.setdefault(str(refusal.promotion_id), refusal)
    settled = [attrs.evolve(each, targets=(tuple(own),)) for each in shelf if (own := lines[each.promotion.id])]
    return tuple(settled), tuple(refused[id] for id, own in lines.items() if not own), search


def _decide(candidates: Sequence[Candidate], ground: Terrain, settled: Sequence[Candidate], most: int) -> Outcome:
    """Those of *candidates* that apply beside what is *settled*."""
    if ground.policies.stacking is Stacking.BEST and len(candidates) > 1:
        return _best(candidates, ground, settled, most)
    if not [each for each in (*settled, *candidates) if each.rule.choosy]:  # nobody keeps anybody out
        applied = apply([*settled, *candidates], ground)
        return _outcome(applied, tuple([candidate.lost(lost) for candidate, lost in applied.idle]))
    idle: dict[int, Refusal] = {}
    while True:
        chosen, losers = _by_priority([each for each in candidates if id(each) not in idle], ground, settled)
        applied = apply(chosen, ground)
        if not (applied.idle and losers):
            break
        candidate, lost = applied.idle[0]
        idle[id(candidate)] = candidate.lost(lost)
    stepped_aside = [*idle.values(), *(candidate.lost(lost) for candidate, lost in applied.idle)]
    return Outcome(applied, (*losers, *stepped_aside))


def _best(candidates: Sequence[Candidate], ground: Terrain, settled: Sequence[Candidate], most: int) -> Outcome:
    barred = {id(each): lost for each in candidates if (lost := _beaten(each, settled)) is not None}
    open_ = [each for each in candidates if id(each) not in barred]
    found = best(open_, ground, settled, most)
    chosen = [*settled, *found.chosen]
    stayed = {id(each) for each in found.chosen}
    losers = [
        each.lost(barred.get(id(each)) or _why(each, chosen, ground, found.search))
        for each in candidates
        if id(each) not in stayed
    ]
    return Outcome(apply(chosen, ground), tuple(losers), found.search)


def _beaten(candidate: Candidate, chosen: Sequence[Candidate]) -> Lost | None:
    for winner in chosen:
        if (why := conflict(candidate, winner)) is not None:
            return Lost(candidate.promotion.terms.name, why, winner.promotion.terms.name)
    return None


def _why(candidate: Candidate, chosen: Sequence[Candidate], ground: Terrain, search: Search) -> Lost:
    """Why *candidate* isn't of the best set: it comes to nothing, or gives less; and whether that was proved."""
    lost = _beaten(candidate, chosen) or _idle(candidate, chosen, ground)
    if search.proved or lost.detail:
        return lost
    return attrs.evolve(lost, detail=(reason("pricing.not_proved", tried=search.tried),))


def _idle(candidate: Candidate, chosen: Sequence[Candidate], ground: Terrain) -> Lost:
    """That *candidate* comes to nothing beside those *chosen*; else, that they give more without it."""
    beside = apply(sorted([*chosen, candidate], key=_rank), ground)
    idle = next((lost for each, lost in beside.idle if each is candidate), None)
    return idle or Lost(candidate.promotion.terms.name, Why.NOT_BEST)


def _rank(candidate: Candidate) -> tuple[bool, int, str]:
    return candidate.rule.rank


def _by_priority(
    candidates: Sequence[Candidate], ground: Terrain, settled: Sequence[Candidate]
) -> tuple[list[Candidate], list[Refusal]]:
    chosen = [*settled]
    losers: list[Refusal] = []
    champions = _champions(candidates, ground, settled)
    for candidate in candidates:
        terms = candidate.promotion.terms
        lost = _beaten(candidate, chosen)
        if lost is None and terms.lane and (champion := champions[terms.lane]) is not candidate:
            lost = Lost(terms.name, Why.LANE, champion.promotion.terms.name)
        if lost is None:
            chosen.append(candidate)
        else:
            losers.append(candidate.lost(lost))
    return chosen, losers


def _champions(candidates: Sequence[Candidate], ground: Terrain, settled: Sequence[Candidate]) -> dict[str, Candidate]:
    """Of each lane the one that gives most by itself; of equals the one that decides first."""
    lanes: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if lane := candidate.promotion.terms.lane:
            lanes.setdefault(lane, []).append(candidate)
    return {
        lane: own[0] if len(own) == 1 else max(own, key=lambda each: apply([*settled, each], ground).given)
        for lane, own in lanes.items()
    }
