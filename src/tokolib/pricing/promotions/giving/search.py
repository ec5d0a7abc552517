"""The best combination of promotions that may stand side by side: exact, with a bound, and told when not proved.

Branch and bound (Land and Doig, 1960) over the candidates in the order in which they decide, each in or out. A branch
is left when not even its bound beats what was found. Promotions that can't stand beside one another give no more than
the best of them: open ones are sorted into such groups, as for the heaviest independent set of a graph. What each can
give at best, and what smooth ones give together, says `bounds.py`.

More is better; of equal sums, more gifts; of equal sets the one found first, which has the promotions that decide
first. A set counts without those of it that come to nothing, so that they keep nobody out.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from tokolib.pricing.promotions.benefits import Gift
from tokolib.pricing.promotions.giving.applying import apply
from tokolib.pricing.promotions.giving.bounds import is_smooth, most_alone, slack
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.standing import conflict
from tokolib.pricing.promotions.giving.workings import Terrain

LARGEST_SEARCH: Final = 500
"""Sets of promotions that are tried for one cart at most, where nobody says how many."""
LARGEST_WALK: Final = 10
"""So many times as many steps are made: one for a branch that is looked at, and for each promotion of a set tried."""

Worth = tuple[int, int]
"""Minor units, and gifts."""


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


def best(
    candidates: Sequence[Candidate], ground: Terrain, settled: Sequence[Candidate] = (), most: int = LARGEST_SEARCH
) -> Found:
    """The set of *candidates* that may stand together and gives most beside what is *settled*; *most* are tried."""
    walk = _Walk.of(candidates, ground, settled, most)
    walk.begin()
    walk.down(0, 0, (1 << len(candidates)) - 1)
    chosen = tuple(each for at, each in enumerate(candidates) if walk.chosen >> at & 1)
    return Found(chosen, Search(walk.tried, not walk.stopped))


@attrs.frozen
class _Tried:
    """What a set is worth, and those of it that give something."""

    worth: Worth
    granted: int


@attrs.define
class _Walk:
    """Sets are bits: bit n stands for candidate n."""

    candidates: Sequence[Candidate]
    ground: Terrain
    settled: Sequence[Candidate]
    most: int
    apart: list[int]
    """The candidates beside which each can't stand."""
    alone: list[int]
    """What each can give at best."""
    order: list[int]
    """Candidates, the one that can give most first."""
    smooth: int
    slacks: list[int]
    gifts: int
    room: int
    """What there is to be given at all."""
    chosen: int = 0
    worth: Worth = (-1, 0)
    by_walk: bool = False
    """Whether `chosen` was found in order; what was guessed gives way to its equal."""
    tried: int = 0
    steps: int = 0
    stopped: bool = False
    known: dict[int, "_Tried"] = attrs.field(factory=dict)

    @classmethod
    def of(cls, candidates: Sequence[Candidate], ground: Terrain, settled: Sequence[Candidate], most: int) -> "_Walk":
        """A walk that has not begun."""
        start = apply(settled, ground).terrain if settled else ground
        alone = [most_alone(each, start) for each in candidates]
        lines, charges = start.lines, start.charges
        return cls(
            candidates,
            ground,
            settled,
            most,
            [
                _bits(conflict(each, other) is not None and each is not other for other in candidates)
                for each in candidates
            ],
            alone,
            sorted(range(len(candidates)), key=lambda at: -alone[at]),
            _bits(is_smooth(each, start) for each in candidates),
            [slack(each, start) for each in candidates],
            _bits(isinstance(each.promotion.terms.benefit, Gift) for each in candidates),
            sum(lines.room(i) for i in range(len(lines.bases))) + sum(charges.rest),
        )

    def begin(self) -> None:
        """Guess: whoever can give most first; and whoever decides first."""
        for row in (self.order, range(len(self.candidates))):
            guess = 0
            for at in row:
                if not self.apart[at] & guess:
                    guess |= 1 << at
            self._weigh(guess, by_walk=False)

    def down(self, at: int, chosen: int, open_: int) -> None:
        """Look at all sets of *chosen* and some of *open_*, which come from *at* on and may stand beside *chosen*."""
        self._step(1)
        if self.stopped:
            return
        if not open_:
            self._weigh(chosen, by_walk=True)
            return
        if not self._may_be_better(chosen, open_):
            return
        while not open_ >> at & 1:
            at += 1
        left = open_ & ~(1 << at)
        self.down(at + 1, chosen | 1 << at, left & ~self.apart[at])
        self.down(at + 1, chosen, left)

    def _weigh(self, chosen: int, *, by_walk: bool) -> None:
        tried = self._try(chosen)
        if tried is None:
            return
        if tried.worth > self.worth or (by_walk and not self.by_walk and tried.worth == self.worth):
            self.worth, self.by_walk, self.chosen = tried.worth, by_walk, tried.granted

    def _try(self, chosen: int) -> "_Tried | None":
        known = self.known.get(chosen)
        if known is None:
            if self.tried >= self.most:
                self.stopped = True
                return None
            self.tried += 1
            self._step(chosen.bit_count())
            picked = [self.candidates[at] for at in _members(chosen)]
            applied = apply([*self.settled, *picked], self.ground)
            gave = {id(candidate) for candidate, _ in applied.granted}
            granted = _sum(1 << at for at in _members(chosen) if id(self.candidates[at]) in gave)
            known = self.known[chosen] = _Tried((applied.given, (granted & self.gifts).bit_count()), granted)
        return known

    def _step(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self.most * LARGEST_WALK:
            self.stopped = True

    def _may_be_better(self, chosen: int, open_: int) -> bool:
        """Whether a set of *chosen* and some of *open_* may give more than what was found."""
        groups = self._groups(open_)
        gifts = (self.gifts & (chosen | open_)).bit_count()
        of_chosen = sum(self.alone[at] for at in _members(chosen))
        of_groups = sum(self.alone[at] for at, _ in groups)
        settled = self._try(0)
        bound = min(of_chosen + of_groups, self.room) + (0 if settled is None else settled.worth[0])
        if not self._beats((bound, gifts)):
            return False
        alike = self.smooth & (chosen | _sum(1 << at for at, members in groups if members == 1 << at))
        if alike.bit_count() < 2:
            return True
        tried = self._try(alike)
        if tried is None:
            return True
        others = sum(self.alone[at] for at in _members(chosen & ~alike))
        others += sum(self.alone[at] for at, members in groups if not members & alike)
        together = tried.worth[0] + others + sum(self.slacks[at] for at in _members(alike))
        return self._beats((min(bound, together), gifts))

    def _beats(self, bound: Worth) -> bool:
        return bound > self.worth or (bound == self.worth and not self.by_walk)

    def _groups(self, open_: int) -> list[tuple[int, int]]:
        """*open_* in groups of which only one can stand: each with the one that can give most, which comes first."""
        firsts: list[int] = []
        commons: list[int] = []
        members: list[int] = []
        for at in self.order:
            if not open_ >> at & 1:
                continue
            for n, common in enumerate(commons):
                if common >> at & 1:
                    commons[n] &= self.apart[at]
                    members[n] |= 1 << at
                    break
            else:
                firsts.append(at)
                commons.append(self.apart[at])
                members.append(1 << at)
        return list(zip(firsts, members, strict=True))


def _bits(flags: Iterable[bool]) -> int:
    return _sum(1 << at for at, flag in enumerate(flags) if flag)


def _sum(bits: Iterable[int]) -> int:
    return sum(bits)


def _members(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
