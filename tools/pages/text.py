"""How the pages are laid out."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


DOCS: Final = ROOT / "docs"


NOTE: Final = "<!-- Written by tools/reference.py, from the code; a test compares it. -->"


def page(title: str, *blocks: str) -> str:
    """A page: its title, where it comes from, and its blocks with a blank line between."""
    return "\n\n".join([f"# {title}", NOTE, *(block for block in blocks if block)]) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar or a line's end inside a cell is made harmless."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([_cell(text) for text in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def by_sentence(text: str) -> str:
    """*text* with one sentence on each line."""
    return re.sub(r"(?<=[.!?]) (?=[A-Z*`])", "\n", " ".join(text.split()))


def sentence(doc: str) -> str:
    """The first sentence of a docstring."""
    return by_sentence(doc.split("\n\n")[0]).partition("\n")[0]
