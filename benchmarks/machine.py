"""What the machine did meanwhile: CPU of other programs, peak memory, quiet moments. Only Linux tells; else None."""

import os
import platform
import sqlite3
import threading
import time
from pathlib import Path
from typing import Final

TICK: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
DISTURBED: Final = 0.2
"""Cores used by others above which a rate says little."""


class Load:
    """The CPU seconds that processes used since this was made: all of them, and a tree of ours."""

    def __init__(self, *roots: int) -> None:
        self._roots = (os.getpid(), *roots)
        self._start = time.monotonic()
        self._busy, self._mine = _busy_seconds(), self._ours()

    def _ours(self) -> list[float]:
        parents, used = _processes()
        return [sum(used[pid] for pid in used if _descends(pid, root, parents)) for root in self._roots]

    def meanwhile(self) -> tuple[float | None, list[float]]:
        """Cores that other programs used, and the CPU seconds of this process tree and of each other root's."""
        mine = [now - then for now, then in zip(self._ours(), self._mine, strict=True)]
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return None, mine
        others = busy - self._busy - sum(mine)
        return round(max(0.0, others / (time.monotonic() - self._start)), 2), mine


def peak_memory() -> float | None:
    """The most memory that this process had, in MB of 10^6 bytes.

    Not `ru_maxrss`, which a new process inherits from the one that started it.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return None


def wait_for_quiet(seconds: float) -> None:
    """Wait until the machine is idle for half a second, at most *seconds*."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < end and (before := _busy_seconds()) is not None:
        pause.wait(0.5)
        after = _busy_seconds()
        if after is not None and (after - before) / 0.5 < DISTURBED:
            return


def described(folder: Path) -> str:
    """The machine in a line: what a reader needs to compare figures with his own."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, files on {_kind_of_disk(folder)}"
    )


def in_memory(folder: Path) -> bool:
    """Whether a folder is kept in memory, so that nothing in it is ever durable."""
    return _kind_of_disk(folder) in ("tmpfs", "ramfs")


def _kind_of_disk(folder: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "an unknown file system"
    path = folder.resolve()
    holding = [(len(at), kind) for _, at, kind, *_ in mounts if path.is_relative_to(at)]
    return max(holding)[1] if holding else "an unknown file system"


def _busy_seconds() -> float | None:
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    except OSError:
        return None
    user, nice, system, _idle, _wait, interrupts, soft = map(int, first[1:8])
    return (user + nice + system + interrupts + soft) / TICK


def _processes() -> tuple[dict[int, int], dict[int, float]]:
    """The parent of each process, and the CPU seconds that it and its ended children have used."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        used[pid] = sum(map(int, fields[11:15])) / TICK
    return parents, used


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid != root and pid in parents:
        pid = parents[pid]
    return pid == root
