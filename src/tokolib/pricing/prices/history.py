"""Four readings of the rows of one SKU in one list: what holds now, what was the lowest of late, what was shown, and
what was known.

Rows come in the order of recording. At an instant holds the last recorded one that is valid then: so a row with an end
lets what was valid before come back, and a row without one stands until another is recorded. As it was *known* at an
instant, only rows count that were recorded by then. What was *shown* at an instant is what held at it as known at it:
a correction that is recorded later for an earlier time changes what is known of it, and never what was shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from tokolib.kernel.clock import EARLIEST, LATEST
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.prices.model import Price, PriceSchedule, Shown

KEPT: Final = timedelta(days=30)
"""How long before the last two prices began a schedule keeps what was shown; the history keeps all of it."""


@attrs.frozen
class Piece:
    """While `since` <= t < `until`, this row was shown at t."""

    since: datetime
    until: datetime
    row: Price


def reading(rows: Sequence[Price], at: datetime, known_at: datetime | None = None) -> Price | None:
    """The row that holds at *at*, as it was known at *known_at*; None: as it was known then, which is what was shown.

    A withdrawn row is an answer, too: there was a price, and no more.
    """
    known = at if known_at is None else known_at
    return next((row for row in reversed(rows) if row.recorded_at <= known and row.holds(at)), None)


def pieces(rows: Sequence[Price], since: datetime = EARLIEST, until: datetime = LATEST) -> list[Piece]:
    """What was shown, or will be, from *since* to *until*, in the order of time; where no row held is a gap.

    Each row takes what no later one has taken, from its recording on.
    """
    free, found = [(since, until)], []
    for row in reversed(rows):
        begins, ends = max(row.since, row.recorded_at), row.until or LATEST
        left = []
        for start, stop in free:
            low, high = max(start, begins), min(stop, ends)
            if low >= high:
                left.append((start, stop))
                continue
            found.append(Piece(low, high, row))
            left.extend(span for span in ((start, low), (high, stop)) if span[0] < span[1])
        free = left
    return sorted(found, key=lambda piece: piece.since)


def runs(found: Iterable[Piece]) -> list[Shown]:
    """The prices of *found*, one for each stretch of time in which it stayed the same; withdrawn rows are gaps."""
    return joined(Shown(piece.row.price, piece.since, piece.until) for piece in found if not piece.row.withdrawn)


def joined(shown: Iterable[Shown]) -> list[Shown]:
    """*shown*, in the order of time, where neighbours of the same price are one."""
    found: list[Shown] = []
    for each in shown:
        if found and found[-1].until == each.since and found[-1].price == each.price:
            each = Shown(each.price, found.pop().since, each.until)
        found.append(each)
    return found


def lowest(shown: Sequence[Shown], since: datetime, until: datetime) -> UnitPrice | None:
    """The lowest price that was shown at any time in `since` <= t < `until`; None when none was."""
    asked = [each.price for each in shown if each.since < until and since < each.until]
    return min(asked, key=lambda price: price.scaled, default=None)


def began(shown: Sequence[Shown], now: datetime) -> datetime:
    """Since when the price of *now* has been shown without a break; *now* itself when there is none."""
    return next((each.since for each in shown if each.since <= now < each.until), now)


def prior(shown: Sequence[Shown], now: datetime, span: timedelta) -> UnitPrice | None:
    """The lowest price of a SKU in a list in the *span* of time before its present price began; None: it had none.

    The plain price counts, that of one unit: what quantities, coupons and other discounts take off is not in it.

    Source: Directive 98/6/EC, art. 6a(1) and (2), as inserted by Directive (EU) 2019/2161, art. 2, applied from
    28 May 2022: an announced reduction names the prior price, which is the lowest one applied in a period not
    shorter than 30 days prior to the application of the reduction.
    """
    start = began(shown, now)
    return lowest(shown, start - span, start)


def timeline(schedule: PriceSchedule) -> list[Shown]:
    """What was shown of late, is shown and will be, as far as a schedule knows."""
    later = runs(pieces(schedule.rows, schedule.recorded_at))
    return joined([*schedule.past, *later])


def added(state: PriceSchedule | None, row: Price) -> PriceSchedule:
    """The schedule after *row* was recorded: rows that can never hold again, and prices long gone, leave it.

    The price before the present one counts as one that may still go on: another row of the same instant may restore it.
    """
    if state is None:
        return PriceSchedule(row.id, row.version, row.list_id, row.key, (row,))
    rows = (*state.rows, row)
    now = row.recorded_at
    seen = {piece.row.version for piece in pieces(rows, now)} | {row.version}
    kept = tuple(each for each in rows if each.version in seen)
    gone = [attrs.evolve(each, until=min(each.until, now)) for each in timeline(state) if each.since < now]
    start = min([began(joined([*gone, *runs(pieces(kept, now))]), now), *(each.since for each in gone[-1:])])
    return PriceSchedule(row.id, row.version, row.list_id, row.key, kept, tuple(_needed(gone, start - KEPT)))


def _needed(gone: Sequence[Shown], since: datetime) -> Iterator[Shown]:
    """Those that a lowest price of a time after *since* may need: not those that a later one undercuts.

    The last one may still be the present price, so it undercuts none: what came before it is asked for.
    """
    found: list[Shown] = []
    least: int | None = None
    for each in reversed([each for each in gone[:-1] if each.until > since]):
        if least is None or each.price.scaled < least:
            least = each.price.scaled
            found.append(each)
    yield from reversed(found)
    yield from (each for each in gone[-1:] if each.until > since)
