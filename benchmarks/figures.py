"""What was measured of one phase: rates, waiting times, CPU, memory; and the middle of several rounds."""

import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple


class Figures(NamedTuple):
    """One round, or the medians of several. None is what this machine can't tell."""

    jobs: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """CPU for each job in the worker processes; a job may wait much longer than this."""
    server_cpu_ms: float | None
    """CPU for each job in the database server, where there is one."""
    rss_mb: float | None
    """The most memory that one worker had, in 10^6 bytes."""
    foreign_cpu: float | None
    """Cores that other programs used meanwhile: above 0.2 the rates say little."""
    refused: int = 0
    """Jobs that were refused for want of stock."""


def quantile(ordered: Sequence[int], part: float) -> float:
    """The *part* quantile of sorted nanoseconds, in milliseconds."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] / 1e6


def middle(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure."""
    columns: dict[str, list[float]] = {
        name: [value for each in rounds if (value := getattr(each, name)) is not None] for name in Figures._fields
    }
    medians: dict[str, Any] = {name: statistics.median(column) if column else None for name, column in columns.items()}
    return Figures(**medians)
