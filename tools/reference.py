"""Writes the pages of `docs/reference/` that can be read off the code, and `docs/llms.txt`.

`python tools/reference.py` names the pages that are out of date; `--write` renews them. A test compares them.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pages.doors import doors
from pages.errors import errors
from pages.facts import facts
from pages.lifecycles import lifecycles
from pages.lifecycles import pages as lifecycle_pages
from pages.promises import promises
from pages.settings import settings
from pages.tax import tax_tables
from pages.text import DOCS, ROOT
from pages.values import values
from pages.views import views


def llms() -> str:
    """Every page with its title and first sentence, for machines that read."""
    lines = ["# tokolib", "", f"> {_first_sentence(ROOT / 'README.md')}", "", "- [README](../README.md)"]
    for kind in ("tutorial", "how-to", "reference", "explanation"):
        lines += ["", f"## {kind.capitalize()}", ""]
        for path in sorted((DOCS / kind).rglob("*.md")):
            place = path.relative_to(DOCS).as_posix()
            title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ")
            told = "" if "/decisions/" in place else f": {_first_sentence(path)}"
            lines.append(f"- [{title}]({place}){told}")
    return "\n".join(lines) + "\n"


def _first_sentence(path: Path) -> str:
    """The first line of prose: a page has one sentence on each line."""
    for block in path.read_text("utf-8").split("\n\n"):
        if block.strip() and not block.startswith(("#", "<!--", "```", "|")):
            return re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", block.partition("\n")[0])
    return ""


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference/doors.md": doors,
    "reference/errors.md": errors,
    "reference/settings.md": settings,
    "reference/values.md": values,
    "reference/promises.md": promises,
    "reference/lifecycles.md": lifecycles,
    **lifecycle_pages(),
    "reference/facts.md": facts,
    "reference/tax-tables.md": tax_tables,
    "reference/views.md": views,
    "llms.txt": llms,  # last: it reads the others
}


def stale() -> list[str]:
    """The pages that differ from what the code says now."""
    return [name for name, make in PAGES.items() if _read(name) != make()]


def _read(name: str) -> str:
    path = DOCS / name
    return path.read_text("utf-8") if path.is_file() else ""


def main() -> int:
    """Name the stale pages, or renew them."""
    if "--write" not in sys.argv[1:]:
        print("\n".join(stale()))
        return int(bool(stale()))
    for name, make in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
