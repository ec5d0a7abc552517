"""The best combination of promotions that may stand side by side: exact, with a bound, and told when not proved.

Branch and bound (Land and Doig, 1960) over the candidates in the order in which they decide, each in or out. What a
branch can still give is at most what it gives now, and what each remaining candidate could take at best; where none
of them serves units or waits for a sum, all of them together, applied at once, bound it far better. Of equal sets
the one found first stays: it has the promotions that decide first.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.pricing.promotions.applying import OF_CHARGES, apply
from tokolib.pricing.promotions.benefits import Combination, Tiered
from tokolib.pricing.promotions.candidates import Candidate
from tokolib.pricing.promotions.standing import conflict
from tokolib.pricing.promotions.workings import Terrain

LARGEST_SEARCH: Final = 2_000
"""Sets of promotions that are tried for one cart at most."""


@attrs.frozen
class Search:
    """How the best combination was looked for: sets tried, and whether none can be better."""

    tried: int
    proved: bool


@attrs.frozen(eq=False)
class Found:
    """The best set that was found."""

    chosen: tuple[Candidate, ...]
    search: Search


def best(candidates: Sequence[Candidate], ground: Terrain, most: int = LARGEST_SEARCH) -> Found:
    """The set of *candidates* that may stand together and gives most; *most* sets are tried."""
    walk = _Walk(tuple(candidates), ground, most)
    walk.down(0, ())
    return Found(walk.chosen, Search(walk.tried, not walk.stopped))


@attrs.define
class _Walk:
    candidates: tuple[Candidate, ...]
    ground: Terrain
    most: int
    chosen: tuple[Candidate, ...] = ()
    given: int = -1
    tried: int = 0
    stopped: bool = False
    _alone: dict[int, int] = attrs.field(factory=dict)

    def down(self, at: int, chosen: tuple[Candidate, ...]) -> None:
        """Look at all sets that have *chosen* of the first *at* candidates."""
        if at == len(self.candidates):
            given = self._value(chosen)
            if given is not None and given > self.given:
                self.given, self.chosen = given, chosen
            return
        open_ = [each for each in self.candidates[at:] if all(conflict(each, other) is None for other in chosen)]
        if self.given >= 0 and self._bound(chosen, open_) <= self.given:
            return
        candidate = self.candidates[at]
        if candidate in open_:
            self.down(at + 1, (*chosen, candidate))
        if not self.stopped:
            self.down(at + 1, chosen)

    def _value(self, chosen: tuple[Candidate, ...]) -> int | None:
        if self.tried >= self.most:
            self.stopped = True
            return None
        self.tried += 1
        return apply(chosen, self.ground).given

    def _bound(self, chosen: tuple[Candidate, ...], open_: list[Candidate]) -> int:
        """The most that a set of *chosen* and any of *open_* can give."""
        if not open_:
            given = self._value(chosen)
            return self.given + 1 if given is None else given
        apart = sum(self._at_most(each) for each in (*chosen, *open_))
        everything = (*chosen, *open_)
        if apart <= self.given or not all(map(_is_plain, everything)):
            return min(apart, self._everything())
        together = self._value(tuple(each for each in self.candidates if each in everything))
        if together is None:
            return apart
        return min(apart, together + _slack(everything))

    def _everything(self) -> int:
        lines, charges = self.ground.lines, self.ground.charges
        return sum(lines.room(i) for i in range(len(lines.bases))) + sum(charges.bases)

    def _at_most(self, candidate: Candidate) -> int:
        """What a candidate can take at best, whatever stands beside it."""
        known = self._alone.get(id(candidate))
        if known is None:
            known = self._alone[id(candidate)] = self._most_of(candidate)
        return known

    def _most_of(self, candidate: Candidate) -> int:
        if _is_plain(candidate):
            return apply([candidate], self.ground).given + _slack((candidate,))
        workings = self.ground.charges if candidate.rule.scope in OF_CHARGES else self.ground.lines
        return sum(workings.room(i) for i in {i for targets in candidate.targets for i in targets})


def _is_plain(candidate: Candidate) -> bool:
    """Whether it never gains by what others take: it serves no units, and waits for no sum."""
    terms = candidate.promotion.terms
    waits = candidate.rule.asks_late or terms.at_least is not None or candidate.spendable or candidate.units is not None
    return not (waits or isinstance(terms.benefit, Combination | Tiered))


def _slack(candidates: Sequence[Candidate]) -> int:
    """What rounding may add: a minor unit for each promotion and each line that it rounds."""
    return sum(1 + sum(len(targets) for targets in each.targets) for each in candidates)
