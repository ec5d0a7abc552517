"""Faults for a replay: a share of all calls of the storage fails, as a seed says, and what struck is counted.

The draws are exact: a share of 0.01 strikes a call when a whole number below 100 comes out as 0.
"""

import re
from collections import Counter
from fractions import Fraction
from random import Random
from typing import Final

import attrs

from tokolib.cli.replay.errors import BadShare
from tokolib.testing.simulator.faults import Call, FaultPlan, Mode

SEED: Final = 1
"""The seed unless told."""
SHARE: Final = re.compile(r"0?\.[0-9]{1,9}|0")
MODES: Final = tuple(Mode)


def share(text: str) -> Fraction:
    """The share that *text* says: a decimal from 0 up to, and without, 1.

    Raises:
        BadShare: it says none, or one finer than nine digits.
    """
    if not SHARE.fullmatch(text):
        raise BadShare(text)
    return Fraction(text)


@attrs.define(eq=False)
class Faults:
    """Strikes a share of the calls that it is asked about, each in one of the ways in which a call fails."""

    share: Fraction
    seed: int = SEED
    plan: FaultPlan = attrs.field(init=False)
    """For the wrappers of what is to fail. It remembers the calls since the last `count` only."""
    calls: int = 0
    modes: Counter[Mode] = attrs.Factory(Counter)
    """What struck, by the way of failing."""
    names: Counter[str] = attrs.Factory(Counter)
    """What struck, by the call."""
    again: int = 0
    """How often a request was sent again."""
    starts: int = 0
    """How many processes there have been."""
    _luck: Random = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._luck = Random(self.seed)  # noqa: S311 - drawn to be drawn again
        self.plan = FaultPlan(self._choose)

    @property
    def struck(self) -> int:
        """How many calls failed."""
        return self.modes.total()

    @property
    def crashes(self) -> int:
        """How many processes have died."""
        return self.plan.crashes

    def count(self) -> None:
        """Add up what came since the last time, and let the plan forget it: a year has millions of calls."""
        self.calls += len(self.plan.calls)
        for strike in self.plan.struck:
            self.modes[strike.mode] += 1
            self.names[strike.call.name] += 1
        self.plan.calls.clear()
        self.plan.struck.clear()

    def _choose(self, _: Call) -> Mode | None:
        if self._luck.randrange(self.share.denominator) >= self.share.numerator:
            return None
        return self._luck.choice(MODES)
