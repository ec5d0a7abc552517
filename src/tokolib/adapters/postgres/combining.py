"""Several changes as one statement: one trip, whatever a unit writes.

Each change is a common table expression that answers for the rows which took effect. All of them see the rows as they
were before, and none touches a row of another. They run in the order of the columns of the last SELECT, so that stock,
which everybody wants, is locked last.
"""

# ruff: noqa: S608 - made of statements of our own

from collections.abc import Sequence
from typing import Any

from tokolib.adapters.sql.arrays import MAKERS
from tokolib.adapters.sql.changes import Change
from tokolib.adapters.sql.session import Step


class Combiner:
    """Makes such statements; remembers the text of each combination."""

    def __init__(self) -> None:
        self._texts: dict[tuple[Change, ...], str] = {}

    def statement(self, steps: Sequence[Step]) -> tuple[str, list[str]]:
        """The text, and its values: one array for each column of each change."""
        changes = tuple([step.change for step in steps])
        text = self._texts.get(changes)
        if text is None:
            text = self._texts[changes] = _combined(changes)
        return text, [array for step in steps for array in _arrays(step)]


def _combined(changes: Sequence[Change]) -> str:
    parts = ", ".join(f"s{number} AS ({change.text})" for number, change in enumerate(changes))
    answers = ", ".join(
        f'ARRAY(SELECT "{change.tells}" FROM s{number})' if change.tells else f"(SELECT count(*) FROM s{number})"
        for number, change in enumerate(changes)
    )
    return f"WITH {parts} SELECT {answers}"


def _arrays(step: Step) -> list[str]:
    return [
        MAKERS[kind](values)
        for kind, values in zip(step.change.columns.values(), zip(*step.rows, strict=True), strict=True)
    ]


def effects(steps: Sequence[Step], answers: Sequence[Any]) -> list[Sequence[int]]:
    """The places of the rows that took effect, for each step."""
    return [_places(step, answer) for step, answer in zip(steps, answers, strict=True)]


def _places(step: Step, answer: Any) -> Sequence[int]:
    if isinstance(answer, int):
        return range(answer)
    if len(answer) == len(step.rows):
        return range(len(answer))
    told = list(step.change.columns).index(step.change.tells)
    hit = set(answer)
    return [place for place, row in enumerate(step.rows) if row[told] in hit]
