"""Results as JSON lines for programs, as a table for people, and as the block of a docs page."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.figures import Figures
from benchmarks.machine import DISTURBED

BEGIN, END = "<!-- figures: begin, written by python -m benchmarks --write-docs -->", "<!-- figures: end -->"
HEAD: Final = ("what", "ours", "other", "ratio", "unit", "target", "p99 ms", "CPU ms a job", "RSS MB", "others")


class Row(NamedTuple):
    """One comparison: ours and the other's figure, in *unit*, and the ratio of the two.

    `met` is None where no target is set. `ours_figures` and `other_figures` are the medians behind a rate.
    """

    name: str
    ours: float
    other: float
    ratio: float
    unit: str
    runs: int
    target: str = ""
    met: bool | None = None
    ours_figures: Figures | None = None
    other_figures: Figures | None = None
    rounds: tuple[tuple[float, float], ...] = ()
    """Ours and the other's figure of each round, in the order in which they were measured."""

    def as_json(self) -> str:
        """One line of JSON."""
        told = {key: value for key, value in self._asdict().items() if value not in (None, "", ())}
        for side in ("ours_figures", "other_figures"):
            if side in told:
                told[side] = {key: _short(value) for key, value in told[side]._asdict().items() if value is not None}
        return json.dumps({key: _short(value) for key, value in told.items()}, ensure_ascii=False)

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        sides = (self.ours_figures, self.other_figures)
        others = [side.foreign_cpu for side in sides if side is not None and side.foreign_cpu is not None]
        verdict = "" if self.met is None else " met" if self.met else " missed"
        return (
            self.name,
            _figure(self.ours),
            _figure(self.other),
            _figure(self.ratio),
            self.unit,
            self.target + verdict,
            _pair([side and side.p99_ms for side in sides]),
            _pair([side and _all_cpu(side) for side in sides]),
            _pair([side and side.rss_mb for side in sides]),
            f"{max(others):.1f}{' †' if max(others) > DISTURBED else ''}" if others else "",
        )


def append(rows: Iterable[Row], file: Path) -> None:
    """Add rows to a file of JSON lines."""
    with file.open("a", encoding="utf-8") as out:
        for row in rows:
            out.write(row.as_json() + "\n")


def table(rows: Sequence[Row]) -> str:
    """The rows in aligned columns."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(HEAD))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def markdown(rows: Sequence[Row], heading: str) -> str:
    """The rows as a table of a docs page, under a line that tells when and where."""
    lines = [heading, "", f"| {' | '.join(HEAD)} |", "|" + " --- |" * len(HEAD)]
    lines += [f"| {' | '.join(cell or ' ' for cell in row.cells())} |" for row in rows]
    return "\n".join(lines)


def write_between_marks(page: Path, block: str) -> None:
    """Put *block* between the two marks of a page.

    Raises:
        ValueError: the page hasn't got both marks.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the marks {BEGIN!r} and {END!r}")
    page.write_text(f"{before}{BEGIN}\n\n{block}\n\n{END}{after}", encoding="utf-8")


def _all_cpu(figures: Figures) -> str:
    server = "" if figures.server_cpu_ms is None else f"+{_figure(figures.server_cpu_ms)}"
    return _figure(figures.cpu_ms) + server


def _pair(values: Sequence[float | str | None]) -> str:
    told = [value if isinstance(value, str) else _figure(value) for value in values if value is not None]
    return " / ".join(told)


def _figure(value: float) -> str:
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if size >= 1e-3 or size == 0 else f"{value:.1e}"


def _short(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, tuple):
        return [_short(each) for each in value]
    return value
