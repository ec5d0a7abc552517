"""Books against report: which row tells of which movement. A name decides; an amount alone never does.

The surest evidence goes first, for all rows: our own key or a provider's reference with the very amount, then the
charge that something is about with the very amount, then names whose amounts differ. Rows and movements are taken in a
fixed order, so the order in which they were handed over makes no difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from tokolib.reconciliation.model import ALONE, Movement, RowKind, SettlementRow

_Names = Callable[[Movement], tuple[str, ...]]
_Place = tuple[str, RowKind, str]


def in_order(rows: Iterable[SettlementRow]) -> list[SettlementRow]:
    """*rows* in an order of their own, whatever order they came in."""
    return sorted(rows, key=_row_place)


def _row_place(row: SettlementRow) -> tuple[object, ...]:
    figures = [each.minor_units for each in (row.gross, row.fee, row.fee_tax, row.withheld, row.net)]
    names = (row.provider, row.batch, row.row, row.on, row.kind, row.currency.code)
    return (*names, *figures, row.key, row.reference, row.payout)


@attrs.frozen
class Pair:
    """A movement, and the row that tells of it."""

    movement: Movement
    row: SettlementRow

    @property
    def differs_by(self) -> int:
        """By how many minor units the books have more than the report."""
        return self.movement.amount.minor_units - self.row.gross.minor_units


@attrs.frozen(kw_only=True)
class Paired:
    """What became of every row and movement."""

    own: tuple[SettlementRow, ...]
    """All rows but the copies."""
    pairs: tuple[Pair, ...]
    copies: tuple[SettlementRow, ...]
    """Rows whose very name came twice: the same line, delivered again."""
    doubles: tuple[SettlementRow, ...]
    """Rows of their own that tell of what another row has told."""
    foreign: tuple[Pair, ...]
    """Movements and their rows in another currency."""
    strangers: tuple[SettlementRow, ...]
    """Rows that name nothing that we know."""
    news: tuple[SettlementRow, ...]
    """Rows about payments that we know, whose money our books don't have."""
    alone: tuple[SettlementRow, ...]
    """Rows that are about no payment."""
    left: tuple[Movement, ...]
    """Movements that our books count on, and that no row tells of."""


def pair(movements: Iterable[Movement], rows: Iterable[SettlementRow]) -> Paired:
    """Pair *rows* with *movements*; every one of them ends in exactly one place."""
    return _Pairing(sorted(movements, key=lambda each: (each.provider, each.id)), in_order(rows)).paired()


class _Pairing:
    def __init__(self, movements: Sequence[Movement], rows: Sequence[SettlementRow]) -> None:
        self._movements = movements
        self._named = _index(movements, lambda each: each.names)
        self._about = _index(movements, lambda each: each.about)
        self._row_of: dict[str, SettlementRow] = {}
        self._pairs: list[Pair] = []
        self._copies: list[SettlementRow] = []
        self._own: dict[str, SettlementRow] = {}
        for row in rows:
            if row.name in self._own:
                self._copies.append(row)
            else:
                self._own[row.name] = row
        self._alone = [row for row in self._own.values() if row.kind in ALONE]
        self._free = [row for row in self._own.values() if row.kind not in ALONE]

    def paired(self) -> Paired:
        for index, exactly in ((self._named, True), (self._about, True), (self._named, False)):
            self._free = [row for row in self._free if not self._take(row, index, exactly=exactly)]
        foreign = list(self._foreign())
        told = {(each.row.provider, each.row.kind, each.row.reference) for each in self._pairs}
        doubles = [row for row in self._free if self._is_told(row, told)]
        others = [row for row in self._free if not self._is_told(row, told)]
        news = [row for row in others if self._is_known(row)]
        strangers = [row for row in others if not self._is_known(row)]
        news += [each.row for each in self._pairs if not each.movement.booked]
        return Paired(
            own=tuple(self._own.values()),
            pairs=tuple(each for each in self._pairs if each.movement.booked),
            copies=tuple(self._copies),
            doubles=tuple(doubles),
            foreign=tuple(foreign),
            strangers=tuple(strangers),
            news=tuple(in_order(news)),
            alone=tuple(self._alone),
            left=tuple(each for each in self._movements if each.booked and each.id not in self._row_of),
        )

    def _take(self, row: SettlementRow, index: "_Index", *, exactly: bool) -> bool:
        free = [
            each
            for each in _hits(row, index)
            if each.id not in self._row_of and each.amount.currency == row.currency
            if not exactly or each.amount == row.gross
        ]
        if not free or (not exactly and len(free) > 1):
            return False
        chosen = min(free, key=lambda each: (not each.booked, each.id))
        self._row_of[chosen.id] = row
        self._pairs.append(Pair(chosen, row))
        return True

    def _foreign(self) -> Iterator[Pair]:
        """What is named by a row in another currency: it is found, and can't be matched."""
        for row in list(self._free):
            for each in _hits(row, self._named):
                if each.id not in self._row_of and each.booked:
                    self._row_of[each.id] = row
                    self._free.remove(row)
                    yield Pair(each, row)
                    break

    def _is_told(self, row: SettlementRow, told: set[_Place]) -> bool:
        """Whether another row has told of the same."""
        again = bool(row.reference) and (row.provider, row.kind, row.reference) in told
        return again or any(each.id in self._row_of for each in _hits(row, self._named))

    def _is_known(self, row: SettlementRow) -> bool:
        """Whether it names a movement of any kind: its charge, at least."""
        kinds = tuple(RowKind)
        return any((row.provider, kind, name) in self._named for kind in kinds for name in _names(row))


_Index = dict[_Place, list[Movement]]


def _index(movements: Iterable[Movement], names: _Names) -> _Index:
    found: _Index = defaultdict(list)
    for each in movements:
        for name in set(names(each)):
            found[each.provider, each.kind, name].append(each)
    return dict(found)


def _names(row: SettlementRow) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys((row.key, row.reference)) if name)


def _hits(row: SettlementRow, index: _Index) -> list[Movement]:
    found = [each for name in _names(row) for each in index.get((row.provider, row.kind, name), ())]
    return list({each.id: each for each in found}.values())
