"""Which units a claim may be on: those that nothing else of the order is still to settle."""

from tokolib.kernel.changed import changed
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.orders.units import Wanted, named
from tokolib.returns.claims.errors import SpokenFor
from tokolib.returns.claims.model import Claim, ClaimKind, ClaimState
from tokolib.returns.claims.ports import CLAIMS
from tokolib.returns.errors import AmbiguousSku
from tokolib.returns.judging import chosen
from tokolib.returns.model import Disposition, ReturnLine
from tokolib.returns.naming import with_customer
from tokolib.returns.steps import returns_of

Spoken = dict[str, tuple[Run, ...]]
"""The units that something open is on, by its id."""


async def claims_of(unit: Unit, order_id: str) -> tuple[Claim, ...]:
    """The claims of an order, the first one first."""
    found = await every(unit[CLAIMS], "by_order", {"order_id": order_id})
    return tuple(sorted(found, key=lambda each: (each.opened_at, each.id)))


async def unclaimed(unit: Unit, order: Order, wanted: Wanted, kind: ClaimKind) -> tuple[Run, ...]:
    """The units that a claim of *wanted* goods is on: such as no open claim, exchange or return speaks for.

    Raises:
        SpokenFor: there are not so many of them. UnknownLine, NamedTwice, AmbiguousSku, TooManyUnits: the customer
            hasn't so many at all. Nothing was changed.
    """
    spoken = await _spoken_for(unit, order)
    if not spoken:
        return await chosen(unit, order, wanted, kind)
    try:
        return await chosen(unit, _without(order, spoken), wanted, kind)
    except (TooManyUnits, AmbiguousSku):
        await chosen(unit, order, wanted, kind)
        raise _told(order, wanted, spoken) from None


async def _spoken_for(unit: Unit, order: Order) -> Spoken:
    claims = [each for each in await claims_of(unit, order.id) if each.state is ClaimState.OPENED]
    spoken: Spoken = {each.id: each.runs for each in claims}
    mine = {each.return_id for each in claims}
    for goods in await returns_of(unit, order.id):
        if goods.is_open and goods.id not in mine:
            lines = goods.lines if goods.inspection is None else goods.inspection.lines
            spoken[goods.part_of or goods.id] = tuple(line.run for line in lines)
    return spoken


def _units(line: OrderLine, spoken: Spoken) -> UnitSet:
    """The units of a line that are spoken for, and that the customer has."""
    found = NO_UNITS
    for run in (run for runs in spoken.values() for run in runs if run.line_id == line.id):
        found |= run.set
    return found & line.kept


def _without(order: Order, spoken: Spoken) -> Order:
    lines = (changed(line, returned=line.returned | _units(line, spoken)) for line in order.lines)
    return changed(order, lines=tuple(lines))


def _told(order: Order, wanted: Wanted, spoken: Spoken) -> SpokenFor:
    """What is spoken for of the first of *wanted* that is not there unspoken for."""
    for name, lines in named(order, wanted).items():
        steps = lines[0].line.unit.steps(wanted[name])
        if steps > max(len(line.kept - _units(line, spoken)) for line in lines):
            break
    runs = [run for line in lines for run in line.runs(_units(line, spoken))]
    ids = {line.id for line in lines}
    by = tuple(id for id, some in spoken.items() if any(run.line_id in ids for run in some))
    return SpokenFor(order.id, lines[0].line.sku, tuple(map(_named, runs)), by)


def still_there(order: Order, claim: Claim) -> tuple[Run, ...]:
    """The units of a claim as things stand; others of their lines where a return has taken some of them.

    Raises:
        TooManyUnits: the customer has fewer by now.
    """
    lines = [ReturnLine(run, Disposition.KEPT, claim.kind) for run in claim.runs]
    return tuple(line.run for line in with_customer(order, lines))


async def check_unrivalled(unit: Unit, order: Order, claim: Claim) -> None:
    """Pass where no claim on the same units was approved since this one was opened.

    Two that are opened in one moment, by two processes, do not know of each other.

    Raises:
        SpokenFor: one was. Nothing was changed.
    """
    mine: Spoken = {claim.id: claim.runs}
    for other in await claims_of(unit, order.id):
        late = other.decided_at is not None and other.decided_at > claim.opened_at
        if other.id == claim.id or other.state is not ClaimState.APPROVED or not late:
            continue
        for line in order.lines:
            if both := _units(line, mine) & _units(line, {other.id: other.runs}):
                raise SpokenFor(order.id, line.line.sku, tuple(map(_named, line.runs(both))), (other.id,))


def _named(run: Run) -> str:
    return f"{run.line_id}[{run.first + 1}-{run.beyond}]"
