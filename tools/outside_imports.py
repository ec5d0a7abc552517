"""Lists the imports that bind the core to the outside: `python tools/outside_imports.py [src/tokolib]`.

import-linter checks who reads whom inside; it has no allow-list for outside packages. This is that list.
Imports inside functions and under TYPE_CHECKING count: both are paid for when somebody reads the code.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SHELL = frozenset({"adapters", "shop", "testing", "cli", "__main__"})
"""The rooms that may open files, wait and ask for extras. Any other room, a new one too, is core."""

PACKAGES = frozenset({"attr", "attrs", "babel", "dateutil"})
"""What the core may import beside the standard library."""

OWN = {"conversion": frozenset({"cattrs"})}
"""What a room may import beside that: nobody else needs it, so nobody else pays for it."""

WAITING = frozenset(
    {
        "asyncio",
        "concurrent",
        "multiprocessing",
        "queue",
        "sched",
        "select",
        "selectors",
        "signal",
        "subprocess",
        "threading",
        "time",
        "http",
        "socket",
        "socketserver",
        "ssl",
        "urllib.request",
        "logging",
        "os",
        "shutil",
        "sqlite3",
        "tempfile",
        "random",
        "secrets",
    }
)
"""Standard modules that open, wait, sleep, log or draw luck: clock, ids and randomness are arguments."""


class Breach(NamedTuple):
    """One import that may not be there."""

    module: str
    line: int
    imported: str
    reason: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.imported}: {self.reason}"


def breaches(package: Path) -> list[Breach]:
    """Every forbidden outside import of the package in the folder *package*, in reading order."""
    return [breach for path in sorted(package.rglob("*.py")) for breach in _in_file(path, package)]


def _in_file(path: Path, package: Path) -> Iterator[Breach]:
    parts = path.relative_to(package).with_suffix("").parts
    module = ".".join((package.name, *parts)).removesuffix(".__init__")
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        for imported in _imported(node):
            if reason := _refusal(parts[0], imported):
                yield Breach(module, getattr(node, "lineno", 0), imported, reason)


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names, level=0):
            inner = (f"{module}.{alias.name}" for alias in names)
            return [next((name for name in inner if name in WAITING), module)]
        case _:
            return []


def _refusal(room: str, imported: str) -> str:
    """Why *room* may not import *imported*; empty when it may."""
    top = imported.partition(".")[0]
    if room in SHELL or top in ("tokolib", "__future__"):
        return ""
    if top not in sys.stdlib_module_names and top not in PACKAGES | OWN.get(room, frozenset()):
        return "the core has these dependencies and no others: " + ", ".join(sorted(PACKAGES))
    if room != "records" and any(imported == name or imported.startswith(f"{name}.") for name in WAITING):
        return "the core opens nothing, waits for nothing and draws no luck; take it as an argument"
    return ""


def main() -> int:
    """Print every breach; 1 when there is one."""
    found = breaches(Path(sys.argv[1] if len(sys.argv) > 1 else "src/tokolib"))
    print("\n".join(map(str, found)) or "outside imports: kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
