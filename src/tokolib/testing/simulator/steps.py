"""One step of a simulation as data: who acts, with which luck, what strikes it, and what others do meanwhile.

Written as text it reads `order 4711`, `tick 12 after@3` (the process dies after the third call of a port), or
`tick 12 webhooks@2` (while it is in the second pause between its units, webhooks come in); `after@provider` is after
the first call of a gateway or a tax provider. A list of such texts replays a run: each step draws from its own luck
only, so that steps can be left out and the others stay themselves.
"""

from collections.abc import Collection
from random import Random
from typing import Final, Self

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.testing.simulator.faults import Mode

LUCK: Final = 100_000
"""Lucks are below it."""
FARTHEST_CALL: Final = 24
FARTHEST_MOMENT: Final = 6
PROVIDER: Final = "provider"
RUNNERS: Final = ("tick", "advance")
"""Rules by which a runner comes by: two of them at once are a state of their own."""
_MODES: Final = {each.value: each for each in Mode}


@attrs.frozen
class Step:
    """Somebody does something."""

    rule: str
    """By which rule: `order`, `tick`, ..."""
    luck: int
    """Which of all that the rule allows: the same luck in the same state is the same act."""
    mode: Mode | None = None
    """How a call of a port fails in this step, if one does."""
    call: int = 0
    """Which call, from 1, or 0 for the first one of a provider; when the step makes fewer, nothing fails."""
    meanwhile: str = ""
    """The rule by which somebody else acts in between; empty: nobody does."""
    moment: int = 0
    """At which moment between the step's units, from 1."""

    def __str__(self) -> str:
        struck = f" {self.mode}@{self.call or PROVIDER}" if self.mode else ""
        return f"{self.rule} {self.luck}{struck}{f' {self.meanwhile}@{self.moment}' if self.meanwhile else ''}"

    @property
    def plain(self) -> "Step":
        """The same without a fault, and with nobody in between."""
        return Step(self.rule, self.luck)

    @classmethod
    def parse(cls, text: object, rules: Collection[str]) -> Self:
        """The step that was written as *text*.

        Raises:
            InvalidInput: it isn't one, or names no rule.
        """
        words = text.split() if isinstance(text, str) else []
        rule, luck, *more = words if len(words) > 1 else ("", "")
        named = [each.partition("@") for each in more]
        step = cls(rule, int(luck) if luck.isdecimal() else -1)
        for name, _, number in named:
            if name in _MODES and (number.isdecimal() or number == PROVIDER):
                step = attrs.evolve(step, mode=_MODES[name], call=0 if number == PROVIDER else int(number))
            elif name in rules and number.isdecimal():
                step = attrs.evolve(step, meanwhile=name, moment=int(number))
            else:
                rule = ""
        if rule not in rules or step.luck < 0:
            message = "must read like `order 4711`, `tick 12 after@3` or `tick 12 webhooks@2`"
            raise InvalidInput((Fault("steps", "testing.bad_step", message, shown(text)),))
        return step


def draw(luck: Random, weights: dict[str, int], in_between: dict[str, int], faults: float) -> Step:
    """The next step, as *luck* has it: one in so many, as *faults* says, is struck."""
    rule = _one_of(weights, luck)
    step = Step(rule, luck.randrange(LUCK))
    if luck.random() < faults:
        call = 0 if luck.random() < 0.5 else min(luck.randint(1, FARTHEST_CALL), luck.randint(1, FARTHEST_CALL))
        step = attrs.evolve(step, mode=luck.choice(tuple(Mode)), call=call)
    if luck.random() < faults * (3 if rule in RUNNERS else 1):
        moment = min(luck.randint(1, FARTHEST_MOMENT), luck.randint(1, FARTHEST_MOMENT))
        other = "tick" if rule in RUNNERS and luck.random() < 0.5 else _one_of(in_between, luck)
        step = attrs.evolve(step, meanwhile=other, moment=moment)
    return step


def _one_of(weights: dict[str, int], luck: Random) -> str:
    return luck.choices(tuple(weights), tuple(weights.values()))[0]
