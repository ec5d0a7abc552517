"""The page of promises."""

import importlib
from pathlib import Path

from pages.text import ROOT, page, table

_ROOM = ROOT / "src" / "tokolib" / "desk" / "verify"


def promises() -> str:
    """What `verify` checks and where, what it reports as an alarm, and what it can't tell."""
    report = importlib.import_module("tokolib.desk.verify.report")
    return page(
        "Promises",
        "What `shop.verify()` and `python -m tokolib verify URL` check, over every stored row.\n"
        "A broken promise is named by its id; [Verify the books](../how-to/verify-the-books.md) shows one.",
        table(("id", "promise", "checked in"), [(id, told, _checked_in(id)) for id, told in report.PROMISES.items()]),
        "M is for money, S for stock, O for orders, X for repeated requests and messages, I for documents and their "
        "numbers, A for who did it, E for events, L for what must not rest, R for rows.\n"
        "The files are those of `tokolib/desk/verify`.",
        "## Alarms",
        "A shop with a payment under way is sound.\n"
        "What the books tell rightly, and what waits for somebody, stands in `report.alarms`, and breaks nothing.",
        table(("id", "what is asked for"), report.ALARMS.items()),
        "## Kept, and proved elsewhere",
        "Promises that rows can't tell of.",
        table(("id", "promise, and what proves it"), report.ELSEWHERE.items()),
        "## Not promised yet",
        table(("id", "what"), report.NOT_MADE.items()),
    )


def _checked_in(id: str) -> str:
    """The files of the room that name a promise as one that was broken."""
    files = sorted(_ROOM.glob("*.py"))
    return ", ".join(f"`{file.name}`" for file in files if _names(file, id))


def _names(file: Path, id: str) -> bool:
    return file.name != "report.py" and f'"{id}"' in file.read_text(encoding="utf-8")
