"""A finding: what was looked at, what there is, whether it is right, and the way out where it isn't."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.errors import TokolibError

WIDTH: Final = 18
"""Of the column that says what a finding is about."""


class Verdict(StrEnum):
    """How good a finding is."""

    OK = "ok"
    WARNING = "warning"
    """The shop works; something may be lost, or goes on only when somebody decides."""
    WRONG = "wrong"
    """A shop can't be opened like this, or loses what it acknowledged."""


@attrs.frozen
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    about: str
    """What it is about, in a word or two."""
    text: str
    way_out: str = ""
    """What to do, in one sentence."""

    def lines(self) -> Iterator[str]:
        """The finding as it is printed."""
        yield f"{self.verdict:<8} {self.about:<{WIDTH}} {_one_line(self.text)}"
        if self.way_out:
            yield f"{'':<8} {'':<{WIDTH}} way out: {_one_line(self.way_out)}"


def ok(about: str, text: str) -> Finding:
    """As it should be, or nobody's business but good to know."""
    return Finding(Verdict.OK, about, text)


def warning(about: str, text: str, way_out: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Verdict.WARNING, about, text, way_out)


def wrong(about: str, text: str, way_out: str) -> Finding:
    """It must be changed."""
    return Finding(Verdict.WRONG, about, text, way_out)


def refused(about: str, error: TokolibError) -> Finding:
    """What the library refuses, in its own words."""
    return wrong(about, f"{error.code}: {error}", error.hint)


def conclusion(findings: Sequence[Finding]) -> str:
    """The last line: `doctor: OK`, or how much is wrong."""
    count = {verdict: sum(each.verdict is verdict for each in findings) for verdict in Verdict}
    warnings = f"{count[Verdict.WARNING]} warning{'s' if count[Verdict.WARNING] > 1 else ''}"
    told = [f"{count[Verdict.WRONG]} wrong"] if count[Verdict.WRONG] else []
    told += [warnings] if count[Verdict.WARNING] else []
    behind = f" ({', '.join(told)})" if told else ""
    return f"doctor: {'FAILED' if count[Verdict.WRONG] else 'OK'}{behind}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
