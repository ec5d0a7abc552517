"""The reconciliation: what became of every penny, every row and every unit, against the file's own total."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Final

import attrs

from tokolib.cli.replay.accounts import Accounts, Sum
from tokolib.cli.replay.faults import Faults
from tokolib.cli.replay.kinds import Kind
from tokolib.cli.replay.planning import Stray
from tokolib.cli.replay.reading import TENTHS
from tokolib.cli.replay.surveying import Survey
from tokolib.shop import Shop
from tokolib.testing.simulator.faults import Mode

WIDTH: Final = 66


@attrs.frozen
class Odd:
    """A SKU whose stock is not what its movements say."""

    sku: str
    expected: int
    on_hand: int

    def __str__(self) -> str:
        return f"{self.sku}: {self.on_hand} on hand, {self.expected} expected"


def odd_stock(shop: Shop, accounts: Accounts, survey: Survey) -> list[Odd]:
    """Every SKU where received + found − sold + returned − written off isn't what the shop has on hand."""
    found: list[Odd] = []
    for key, article in survey.articles.items():
        on_hand = shop.stock.level(article.sku).on_hand.steps
        expected = accounts.of(key).expected
        if on_hand != expected:
            found.append(Odd(article.sku, expected, on_hand))
    return found


def pounds(tenths: int) -> str:
    """An amount with its thousands and all its digits."""
    sign, rest = "-" if tenths < 0 else "", abs(tenths)
    return f"{sign}{rest // TENTHS:,}.{rest % TENTHS:03d}"


def money(accounts: Accounts, survey: Survey) -> Iterator[str]:
    """The table of money; its last lines are the totals and their difference."""
    yield _line("orders: goods, paid", accounts.money_in)
    for name, each in sorted(accounts.charges.items()):
        yield _line(f"orders: {name}", each)
    yield _line("returns: refunded", accounts.money_back)
    for name, each in sorted(accounts.adjustments.items()):
        yield _line(f"adjustment: {name}", each)
    for name, each in sorted(accounts.unmatched.items()):
        yield _line(f"unmatched: {name}", each)
    yield _line("rounding of prices finer than a penny", accounts.rounding)
    yield _line("together", Sum(accounts.rows, accounts.total))
    yield _line("the file", Sum(survey.rows, survey.total))


def difference(accounts: Accounts, survey: Survey) -> str:
    """What the replay and the file differ by: `0`, or pounds."""
    gap = accounts.total - survey.total
    return pounds(gap) if gap else "0"


def _line(name: str, each: Sum) -> str:
    return f"{name:<{WIDTH}} {each.rows:>8,} lines {pounds(each.amount):>16} GBP"


def rows(accounts: Accounts) -> Iterator[str]:
    """How many rows there were of each kind."""
    for kind in Kind:
        if accounts.kinds[kind]:
            yield f"{kind.value:<{WIDTH}} {accounts.kinds[kind]:>8,} lines"


def returned(accounts: Accounts) -> str:
    """How much of the cancelled goods went through returns."""
    lines, value = accounts.kinds[Kind.CANCELLATION], accounts.cancelled_value
    if not lines:
        return "no goods were brought back"
    share = accounts.money_back.amount * 1000 // value if value else 0
    return (
        f"of {lines:,} cancelled lines of goods {accounts.cancelled_whole:,} went through returns whole and "
        f"{accounts.cancelled_part:,} in part: {pounds(-accounts.money_back.amount)} of {pounds(-value)} GBP, "
        f"{share // 10}.{share % 10} % of the value"
    )


def strikes(faults: Faults) -> Iterator[str]:
    """What struck, how, where, and what the client did about it."""
    share = f"{Decimal(faults.share.numerator) / faults.share.denominator:f}"
    yield f"faults: {share} of all calls, seed {faults.seed}: {faults.struck:,} of {faults.calls:,} calls struck"
    yield "by kind: " + _counted((mode.value, faults.modes[mode]) for mode in Mode)
    yield "by call: " + _counted(sorted(faults.names.items()))
    yield f"{faults.crashes:,} crashes, {faults.starts:,} processes, {faults.again:,} requests sent again"


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts) or "none"


def list_strays(strays: Iterable[Stray], into: IO[str]) -> None:
    """Write every unmatched row as CSV, with its reason."""
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(("line", "document", "sku", "customer", "units", "price", "amount", "reason"))
    for each in strays:
        row = each.row
        amounts = (pounds(row.price), pounds(each.amount))
        writer.writerow((row.line, row.document, row.sku, row.customer, each.units, *amounts, each.why))


def goods(accounts: Accounts) -> str:
    """All goods together."""
    every = accounts.goods.values()
    return (
        f"stock of {len(accounts.goods):,} SKUs: {sum(g.received for g in every):,} received + "
        f"{sum(g.found for g in every):,} found − {sum(g.sold for g in every):,} sold + "
        f"{sum(g.returned for g in every):,} returned − {sum(g.written_off for g in every):,} written off = "
        f"{sum(g.expected for g in every):,} on hand"
    )
