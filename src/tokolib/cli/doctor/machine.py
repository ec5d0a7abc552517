"""What this machine has: Python, tokolib, SQLite, time zones, and what comes with the extras."""

import platform
import re
import sqlite3
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tokolib.adapters.sqlite.connecting import FLOOR, Version, wal_is_safe
from tokolib.cli.doctor.finding import Finding, ok, warning, wrong

ZONE: Final = "Asia/Jakarta"
"""What an Indonesian shop's days go by unless told."""
BUG: Final = "the WAL-reset bug (sqlite.org/wal.html)"
UPGRADE: Final = "run a Python with SQLite 3.51.3 or newer (3.50.7 and 3.44.6 are repaired too)"
REQUIREMENT: Final = re.compile(r"([A-Za-z0-9._-]+).*extra\s*==\s*['\"]([A-Za-z0-9._-]+)['\"]")


def machine() -> Iterator[Finding]:
    """Everything that can be said without a storage."""
    yield ok("python", f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}")
    yield library()
    yield sqlite_library(sqlite3.sqlite_version_info)
    yield zones(ZoneInfo)
    yield from extras()


def library() -> Finding:
    """Which tokolib this is."""
    try:
        return ok("tokolib", version("tokolib"))
    except PackageNotFoundError:
        return warning(
            "tokolib", "runs from a folder, and is not installed: its extras are unknown", "pip install tokolib"
        )


def sqlite_library(found: Version) -> Finding:
    """Whether this SQLite can keep a shop, and in which journal a new file is kept."""
    name = f"SQLite {'.'.join(map(str, found))}"
    if found < FLOOR:
        return wrong("sqlite", f"{name} is too old; tokolib needs 3.37 or newer", UPGRADE)
    if wal_is_safe(found):
        return ok("sqlite", f"{name}, free of {BUG}: files are kept with the write-ahead log")
    return warning(
        "sqlite",
        f"{name} has {BUG}, by which two checkpoints at once can damage a file in WAL mode: "
        "files are kept with the rollback journal, which is safe and slower, unless a URL says wal=1",
        f"{UPGRADE}; until then leave wal=1 out",
    )


def zones(load: Callable[[str], object]) -> Finding:
    """Whether the days of a shop's own zone can be told."""
    try:
        load(ZONE)
    except ZoneInfoNotFoundError:
        return wrong("time zones", f"{ZONE} is not known: no time-zone data is installed", "pip install tzdata")
    return ok("time zones", f"{ZONE} is known")


def extras() -> Iterator[Finding]:
    """Each extra, with what is there of it."""
    try:
        ours = distribution("tokolib")
    except PackageNotFoundError:
        return
    for extra, packages in sorted(_packages(ours).items()):
        there = {package: _version(package) for package in packages}
        told = ", ".join(f"{package} {found or 'not installed'}" for package, found in there.items())
        lacking = "" if all(there.values()) else f"; who needs it: pip install 'tokolib[{extra}]'"
        yield ok(f"extra {extra}", f"{told}{lacking}")


def _packages(ours: Distribution) -> dict[str, list[str]]:
    """The packages of each extra; what only gathers other extras has none of its own."""
    named: dict[str, list[str]] = {}
    for requirement in ours.requires or ():
        if (said := REQUIREMENT.match(requirement)) and said[1].lower() != ours.name:
            named.setdefault(said[2], []).append(said[1])
    found: dict[str, list[str]] = {}
    for package in {package: None for packages in named.values() for package in packages}:
        home = min((extra for extra in named if package in named[extra]), key=lambda extra: (len(named[extra]), extra))
        found.setdefault(home, []).append(package)
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
