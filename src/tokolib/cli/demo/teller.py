"""The teller: words by key and language, figures as the language writes them, and rich's tables and panels."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import attrs
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tokolib.cli.demo import wording_en, wording_id
from tokolib.kernel import Money, Quantity, UnitPrice
from tokolib.kernel.formats import (
    format_date,
    format_instant,
    format_money,
    format_number,
    format_price,
    format_quantity,
)

ZONE: Final = "Asia/Jakarta"
WORDINGS: Final = {"id": wording_id.WORDING, "en": wording_en.WORDING}
NARROW: Final = 100
"""Columns below which a table stands closer; and as many where the output is no terminal."""

WHOLE: Final = frozenset({"col.sku", "col.code", "col.document", "col.order", "col.tracking"})

Shown = str | int | Decimal | Money | UnitPrice | Quantity | date | datetime
Column = str
"""The key of a heading; one that ends in `>` is set flush right."""


class Ticker:
    """What a chapter advances while it works."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def step(self) -> None:
        """One more is done."""
        self._progress.advance(self._task)


@attrs.define
class Teller:
    """Tells the story in one language, on one console."""

    lang: str
    words: Mapping[str, str]
    console: Console
    _apart: bool = False
    """Whether the last thing ended with an empty line."""

    @classmethod
    def of(cls, lang: str) -> "Teller":
        """The teller of a language, on standard output."""
        console = Console(highlight=False, emoji=False)
        if not console.is_terminal:
            console = Console(highlight=False, emoji=False, width=max(console.width, NARROW))
        return cls(lang, WORDINGS[lang], console)

    def show(self, value: Shown) -> str:
        """A value as the language writes it."""
        match value:
            case Money():
                return format_money(value, self.lang)
            case UnitPrice():
                return format_price(value, self.lang)
            case Quantity():
                return format_quantity(value, self.lang)
            case datetime():
                return self.instant(value)
            case date():
                return format_date(value, self.lang)
            case int() | Decimal():
                return format_number(value, self.lang)
            case _:
                return value

    def number(self, plain: str) -> str:
        """A plain number in text, as the language writes it."""
        return format_number(Decimal(plain), self.lang)

    def instant(self, value: datetime) -> str:
        """An instant as the shop's clock shows it."""
        return format_instant(value, self.lang, ZONE).replace(f" ({ZONE})", " WIB")

    def text(self, key: str, /, **values: Shown) -> str:
        """The words of *key*; values stand in them as they are, never as markup."""
        return self.words[key].format(**{name: escape(self.show(value)) for name, value in values.items()})

    def chapter(self, number: int, key: str) -> None:
        """The heading of a chapter."""
        self._gap()
        self.console.print(Rule(f"[bold]{number} · {self.text(key)}[/bold]", align="left", style="cyan"))
        self._apart = False
        self._gap()

    def say(self, key: str, /, **values: Shown) -> None:
        """A paragraph."""
        self.console.print(self.text(key, **values))
        self._apart = False

    def plain(self, line: str) -> None:
        """A line as it is, without colours and without wrapping."""
        self.console.print(line, markup=False, soft_wrap=True)

    def panel(self, title: str, body: str, *, style: str = "green") -> None:
        """A framed text; both are words already."""
        self.console.print(Panel(body, title=title, title_align="left", border_style=style, expand=False))
        self._apart = False

    def _gap(self) -> None:
        if not self._apart:
            self.console.print()
        self._apart = True

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Shown]]) -> None:
        """A table; headings and title by key, cells as the language writes them."""
        between = 2 if self.console.width >= NARROW else 1
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, between, 0, 0))
        for column in columns:
            figures = column.endswith(">")
            whole = figures or column in WHOLE  # figures and codes are never cut; words wrap on a narrow terminal
            table.add_column(self.text(column.rstrip(">")), justify="right" if figures else "left", no_wrap=whole)
        for row in rows:
            table.add_row(*(escape(self.show(cell)) for cell in row))
        self._gap()
        self.console.print(f"[bold]{self.text(title)}[/bold]", table, sep="\n")
        self._apart = False
        self._gap()

    def outline(self, text: str) -> None:
        """An indented text, such as an explained quote: what is further in is told more quietly."""
        for line in text.splitlines():
            depth = (len(line) - len(line.lstrip())) // 2
            self.console.print(Text(line, style=("bold", "", "dim")[min(depth, 2)]), soft_wrap=True)
        self._apart = False

    @contextmanager
    def progress(self, key: str, total: int) -> Iterator[Ticker]:
        """A bar for what takes time."""
        columns = (TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console) as bar:
            yield Ticker(bar, bar.add_task(self.text(key), total=total))
        self._apart = False
