"""Report against bank: which line paid which payouts out, and which rows were in it where no payout is named.

A line that names a payout decides. Without a name the amounts must add up exactly, in one way only: two ways, or a
payout that two lines could be, are told as not unique and left alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import attrs

from tokolib.reconciliation.model import BankLine, SettlementRow
from tokolib.reconciliation.sums import Sums, sums_to
from tokolib.reconciliation.terms import ReconcileTerms

SHORTEST_NAME: Final = 4
"""Characters of a name of digits or of letters alone that is looked for inside a description.

A shorter one could be any day or word there, and must be the reference itself; `P2`, of both, is looked for.
"""


@attrs.frozen(kw_only=True)
class Payout:
    """What a provider paid out at once, as far as the report tells: a payout, a batch, or a single row."""

    id: str
    """`midtrans/PAY-881`; of a row its name."""
    name: str
    """What a bank line would call it."""
    on: date
    """The last day on which one of its rows was settled."""
    rows: tuple[SettlementRow, ...]
    divisible: bool
    """Whether the report doesn't say that it was paid out as one."""

    @property
    def net(self) -> int:
        """Minor units."""
        return sum(row.paid_out.minor_units for row in self.rows)


@attrs.frozen(kw_only=True)
class Meeting:
    """Bank lines, and the payouts that they are."""

    lines: tuple[BankLine, ...]
    payouts: tuple[Payout, ...]

    @property
    def differs_by(self) -> int:
        """By how many minor units the report has more than the bank."""
        return sum(each.net for each in self.payouts) - sum(line.amount.minor_units for line in self.lines)


@attrs.frozen(kw_only=True)
class Met:
    """What became of every payout and every line, of one currency."""

    meetings: tuple[Meeting, ...]
    unsure_payouts: tuple[Payout, ...]
    unsure_lines: tuple[BankLine, ...]
    """Several ways are open."""
    left_payouts: tuple[Payout, ...]
    left_lines: tuple[BankLine, ...]


def payouts(rows: Iterable[SettlementRow]) -> tuple[Payout, ...]:
    """*rows*, of one currency, by what they were paid out with."""
    found: dict[tuple[str, str, bool], list[SettlementRow]] = defaultdict(list)
    for row in rows:
        found[row.provider, row.paid_with, not row.payout].append(row)
    return tuple(
        Payout(
            id=f"{provider}/{name}",
            name=name,
            on=max(row.on for row in group),
            rows=tuple(group),
            divisible=divisible,
        )
        for (provider, name, divisible), group in sorted(found.items(), key=lambda each: each[0])
    )


def meet(made: Sequence[Payout], lines: Iterable[BankLine], terms: ReconcileTerms) -> Met:
    """Let *lines* meet the payouts that they are, both of one currency."""
    return _Meeting(made, sorted(lines, key=line_place), terms).met()


def line_place(line: BankLine) -> tuple[object, ...]:
    """Where a line stands among others, whatever order they came in."""
    return (line.on, line.id, line.amount.minor_units, line.reference, line.description)


class _Meeting:
    def __init__(self, made: Sequence[Payout], lines: Sequence[BankLine], terms: ReconcileTerms) -> None:
        self._terms = terms
        self._payouts = [each for each in made if each.net]  # nobody transfers nothing
        self._lines = list(lines)
        self._meetings: list[Meeting] = []
        self._unsure_payouts: list[Payout] = []
        self._unsure_lines: list[BankLine] = []

    def met(self) -> Met:
        self._by_name()
        self._by_sum()
        whole = [each for each in self._payouts if not each.divisible]
        rows = [single for each in self._payouts if each.divisible for single in _singles(each)]
        if rows and self._lines:
            groups, self._payouts = self._payouts, [*whole, *rows]
            self._by_sum()
            self._payouts = _regrouped(groups, self._payouts)
        return Met(
            meetings=tuple(self._meetings),
            unsure_payouts=tuple(self._unsure_payouts),
            unsure_lines=tuple(self._unsure_lines),
            left_payouts=tuple(self._payouts),
            left_lines=tuple(self._lines),
        )

    def _by_name(self) -> None:
        """Lines and payouts that name each other, in groups: several of one with one of the other."""
        named = {each.id: [line for line in self._lines if _mentions(line, each.name)] for each in self._payouts}
        left = [each for each in self._payouts if named[each.id]]
        taken: set[str] = set()
        for first in left:
            if first.id in taken:
                continue
            group, lines = _together(first, left, named)
            taken |= {each.id for each in group}
            self._settle(group, lines)

    def _by_sum(self) -> None:
        """Lines that are the sum of payouts in one way only, again and again while some are found."""
        while True:
            found = {line: self._ways(line) for line in self._lines}
            sure = self._sure(found)
            if not sure:
                break
            for line, group in sure:
                self._settle(group, [line])
        touched = {self._payouts[place].id for ways, near in found.values() for place in _places(ways, near)}
        self._unsure_payouts += [each for each in self._payouts if each.id in touched]
        self._payouts = [each for each in self._payouts if each.id not in touched]
        open_ = [line for line, (ways, _) in found.items() if ways.ways or not ways.complete]
        self._unsure_lines += open_
        self._lines = [line for line in self._lines if line not in open_]

    def _ways(self, line: BankLine) -> tuple[Sums, list[int]]:
        """The sums of payouts near *line* that it can be, and which payouts are near."""
        earliest = line.on - timedelta(days=self._terms.paid_out_within)
        near = [at for at, each in enumerate(self._payouts) if earliest <= each.on <= line.on]
        amounts = [self._payouts[at].net for at in near]
        most = {"most_parts": self._terms.most_parts, "most_tries": self._terms.most_tries}
        return sums_to(line.amount.minor_units, amounts, **most), near

    def _sure(self, found: dict[BankLine, tuple[Sums, list[int]]]) -> list[tuple[BankLine, list[Payout]]]:
        claims: dict[int, int] = defaultdict(int)
        for ways, near in found.values():
            for place in _places(ways, near):
                claims[place] += 1
        sure = []
        for line, (ways, near) in found.items():
            if (only := ways.only) is not None and all(claims[near[place]] == 1 for place in only):
                sure.append((line, [self._payouts[near[place]] for place in only]))
        return sure

    def _settle(self, group: Sequence[Payout], lines: Sequence[BankLine]) -> None:
        self._meetings.append(Meeting(lines=tuple(lines), payouts=tuple(group)))
        gone = {each.id for each in group}
        self._payouts = [each for each in self._payouts if each.id not in gone]
        self._lines = [line for line in self._lines if line not in lines]


def _places(ways: Sums, near: Sequence[int]) -> list[int]:
    return [near[place] for place in sorted(ways.touched)]


def _together(
    first: Payout, payouts: Sequence[Payout], named: dict[str, list[BankLine]]
) -> tuple[list[Payout], list[BankLine]]:
    """*first*, the lines that name it, the other payouts that those name, and so on."""
    group = {first.id: first}
    lines = dict.fromkeys(named[first.id])
    while more := [each for each in payouts if each.id not in group and any(line in lines for line in named[each.id])]:
        group |= {each.id: each for each in more}
        lines |= dict.fromkeys(line for each in more for line in named[each.id])
    return list(group.values()), list(lines)


def _mentions(line: BankLine, name: str) -> bool:
    if line.reference == name:
        return True
    if len(name) < SHORTEST_NAME and (name.isdigit() or name.isalpha() or len(name) < 2):
        return False
    whole = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)
    return any(whole.search(text) is not None for text in (line.reference, line.description))


def _singles(batch: Payout) -> list[Payout]:
    return [
        Payout(id=row.name, name=row.row, on=row.on, rows=(row,), divisible=True)
        for row in batch.rows
        if row.paid_out.minor_units
    ]


def _regrouped(groups: Sequence[Payout], left: Sequence[Payout]) -> list[Payout]:
    """What is left of single rows, as the batches that they came from."""
    names = {row.name for each in left for row in each.rows}
    kept = [attrs.evolve(each, rows=tuple(row for row in each.rows if row.name in names)) for each in groups]
    return [attrs.evolve(each, on=max(row.on for row in each.rows)) for each in kept if each.rows]
