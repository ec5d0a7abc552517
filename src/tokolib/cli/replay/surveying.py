"""The first pass over the file: what it holds, which goods there are, and how much of each must have been there.

Nobody wrote down the stock at the start of the year. The least that explains every sale is, for each SKU, the
largest shortfall that its movements ever run into; so much is its opening receipt.
"""

from collections import Counter
from collections.abc import Iterable

import attrs

from tokolib.cli.replay.documents import Document
from tokolib.cli.replay.kinds import FEES
from tokolib.cli.replay.planning import Plan, Planner
from tokolib.cli.replay.reading import Row


@attrs.frozen
class Article:
    """A SKU of the file, as it becomes a product."""

    sku: str
    """As the file spells it first."""
    name: str
    """Its most frequent description; its SKU where it has none."""
    opening: int
    """Units that must have been there at the start."""


@attrs.frozen
class Survey:
    """What the file holds."""

    rows: int
    documents: int
    total: int
    """Quantity × price over all rows, in tenths of a penny."""
    articles: dict[str, Article]
    """By SKU key, in the order in which they first come."""


class Shelf:
    """Stock by SKU key as it would run from nothing, and how deep it ever falls."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.lowest: Counter[str] = Counter()

    def follow(self, plan: Plan) -> None:
        """Let the goods of *plan* come and go in its order."""
        self._move((row.key, row.quantity) for row in plan.found)
        self._move((row.key, -row.quantity) for row in plan.lines)
        self._move((row.key, row.quantity) for row in plan.write_offs)
        self._move((each.row.key, each.units) for each in plan.returned)

    def _move(self, moves: Iterable[tuple[str, int]]) -> None:
        for key, units in moves:
            self.now[key] += units
            self.lowest[key] = min(self.lowest[key], self.now[key])


def survey(documents: Iterable[Document]) -> Survey:
    """Read everything once, and do nothing."""
    planner, shelf = Planner(), Shelf()
    names: dict[str, Counter[str]] = {}
    spellings: dict[str, str] = {}
    rows = total = count = 0
    for document in documents:
        count += 1
        rows += len(document.rows)
        total += sum(row.amount for row in document.rows)
        shelf.follow(planner.plan(document))
        for row in document.rows:
            if row.key not in FEES:
                spellings.setdefault(row.key, row.sku)
                names.setdefault(row.key, Counter()).update(_names(row))
    articles = {key: Article(sku, _best(names[key]) or sku, -shelf.lowest[key]) for key, sku in spellings.items()}
    return Survey(rows, count, total, articles)


def _names(row: Row) -> dict[str, int]:
    """A description counts for more where goods were sold: elsewhere it may be a remark such as "damaged"."""
    return {row.description: 1_000 if row.price else 1} if row.description else {}


def _best(names: Counter[str]) -> str:
    return max(names, key=lambda name: (names[name], name), default="")
