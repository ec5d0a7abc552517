"""Taking a whole report in, a few rows to a commit, and telling what became of it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

import attrs

from tokolib.effects.ports import Observe
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.reconciliation import steps
from tokolib.reconciliation.model import RowKind, Settlement, SettlementRow, SettlementState
from tokolib.reconciliation.pairing import in_order
from tokolib.reconciliation.terms import ReconcileTerms

Write = Callable[[Callable[[Unit], Awaitable[list[steps.Taken]]]], Awaitable[list[steps.Taken]]]
"""Carries a step out in a unit of its own, with the permission of whoever asked for it."""
AT_ONCE: Final = 50
"""Rows that are committed together."""


@attrs.frozen
class Shortfall:
    """What is still due of an order after its courier has remitted."""

    order_id: OrderId
    amount: Money


@attrs.frozen(kw_only=True)
class TakenIn:
    """What became of the rows of a report."""

    posted: tuple[Settlement, ...]
    """Those that fit the books, and are in them from now on."""
    review: tuple[Settlement, ...]
    """Those that wait for a person, whether they came now or before. They moved nothing."""
    known: int
    """How many had been settled before."""
    learned: tuple[OrderId, ...]
    """Orders of whose money our books learned by the report, each once."""
    shortfalls: tuple[Shortfall, ...]


async def take_in(
    write: Write, rows: Sequence[SettlementRow], terms: ReconcileTerms | None, observe: Observe
) -> TakenIn:
    """What became of *rows*, each stored once by *write*; see `settlements.take_in`."""
    held = terms or ReconcileTerms()
    taken: list[steps.Taken] = []
    for part in _parts(sorted(in_order(rows), key=_turn)):
        taken += await write(partial(_take_in, rows=part, terms=held, observe=observe))
    return _told(taken)


async def _take_in(
    unit: Unit, *, rows: Sequence[SettlementRow], terms: ReconcileTerms, observe: Observe
) -> list[steps.Taken]:
    return [await steps.take_in(unit, row, terms, observe=observe) for row in rows]


def check_kind(path: str, given: Sequence[object], kind: type) -> None:
    """Pass for things of one *kind*.

    Raises:
        InvalidInput: others among them, each by its place.
    """
    faults = tuple(
        Fault(f"{path}[{at}]", "kernel.wrong_type", f"must be a {kind.__name__}", shown(each))
        for at, each in enumerate(given)
        if not isinstance(each, kind)
    )
    if faults:
        raise InvalidInput(faults)


def _turn(row: SettlementRow) -> int:
    """What comes before what goes: a refund is of a payment that the books have."""
    return tuple(RowKind).index(row.kind)


def _parts(rows: Sequence[SettlementRow]) -> Iterator[Sequence[SettlementRow]]:
    walk = iter(rows)
    while part := tuple(islice(walk, AT_ONCE)):
        yield part


def _told(taken: Sequence[steps.Taken]) -> TakenIn:
    fresh = [each for each in taken if not each.known]
    waiting = {
        each.settlement.id: each.settlement for each in taken if each.settlement.standing is SettlementState.REVIEW
    }
    posted = {each.settlement.id for each in taken if each.settlement.standing is SettlementState.POSTED}
    return TakenIn(
        posted=tuple(each.settlement for each in fresh if each.settlement.standing is SettlementState.POSTED),
        review=tuple(each for id, each in waiting.items() if id not in posted),
        known=sum(each.known and each.settlement.standing is not SettlementState.REVIEW for each in taken),
        learned=tuple(
            dict.fromkeys(each.settlement.order_id for each in fresh if each.learned and each.settlement.order_id)
        ),
        shortfalls=tuple(
            Shortfall(each.settlement.order_id, each.short)
            for each in fresh
            if each.short is not None and each.settlement.order_id
        ),
    )
