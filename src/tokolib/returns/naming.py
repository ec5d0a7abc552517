"""Which units a return brings, and which of them somebody speaks of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import LineId
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import OrderLine, by_line
from tokolib.orders.model import Order
from tokolib.orders.units import Units, chosen, named
from tokolib.returns.dispositions import Finding
from tokolib.returns.model import Disposition, Return, ReturnLine

_NOTHING: Final[Units] = MappingProxyType({})


def differing(
    order: Order, brought: Sequence[ReturnLine], dispositions: Mapping[str, Disposition]
) -> dict[LineId, Disposition]:
    """*dispositions* by line. Each must be of something that is back.

    Raises:
        UnknownLine, NamedTwice: the order hasn't got it. InvalidInput: it isn't among what is *brought*.
    """
    meant = _back(order, brought, dispositions, "dispositions")
    return {line.id: dispositions[name] for name, lines in meant.items() for line in lines}


def _back(
    order: Order, brought: Sequence[ReturnLine], names: Iterable[str], path: str
) -> dict[str, tuple[OrderLine, ...]]:
    """The lines of what is *brought* that each of *names* means."""
    back = {line.run.line_id for line in brought}
    meant = {name: tuple(line for line in lines if line.id in back) for name, lines in named(order, names).items()}
    if idle := [name for name, lines in meant.items() if not lines]:
        skus = ", ".join(dict.fromkeys(line.line.sku for line in order.lines if line.id in back))
        message = f"must be of goods that come back: {skus}"
        raise InvalidInput(tuple(Fault(f"{path}[{name}]", "returns.not_back", message, name) for name in idle))
    return meant


def looked_at(
    order: Order, came: Sequence[ReturnLine], found: Mapping[str, Sequence[Finding]]
) -> tuple[ReturnLine, ...]:
    """*came*, unit by unit as it was *found*; what nothing was said of becomes what it was meant to.

    Raises:
        UnknownLine, NamedTwice: the order hasn't got it. InvalidQuantity, NotExact: it can't be counted.
        InvalidInput: it isn't among what came, or not so many of it.
    """
    meant = _back(order, came, found, "found")
    left = list(came)
    made: list[ReturnLine] = []
    for name, lines in meant.items():
        ids = {line.id for line in lines}
        mine = [each for each in left if each.run.line_id in ids]
        left = [each for each in left if each.run.line_id not in ids]
        for finding in sorted(found[name], key=lambda each: each.quantity is None):  # the rest comes last
            some, mine = _split(lines[0], mine, finding, f"found[{name}]")
            made += [attrs.evolve(e, disposition=finding.disposition, condition=finding.condition) for e in some]
        left += mine
    place = {line.id: number for number, line in enumerate(order.lines)}
    return tuple(sorted((*made, *left), key=lambda each: (place[each.run.line_id], each.run.first)))


def _split(
    line: OrderLine, lines: Sequence[ReturnLine], finding: Finding, path: str
) -> tuple[list[ReturnLine], list[ReturnLine]]:
    """The first of *lines*, as many units as a *finding* is of; and the others."""
    there = sum(each.run.units for each in lines)
    needed = there if finding.quantity is None else line.line.unit.steps(finding.quantity)
    if needed > there:
        message = f"must be of no more than what came: {Quantity(there, line.line.unit)} that nothing was said of"
        raise InvalidInput((Fault(path, "returns.not_received", message, str(finding.quantity)),))
    some, rest = list[ReturnLine](), list[ReturnLine]()
    for each in lines:
        cut = each.run.first + min(needed, each.run.units)
        needed -= cut - each.run.first
        if cut > each.run.first:
            some.append(attrs.evolve(each, run=attrs.evolve(each.run, beyond=cut)))
        if cut < each.run.beyond:
            rest.append(attrs.evolve(each, run=attrs.evolve(each.run, first=cut)))
    return some, rest


def brought(
    order: Order, goods_back: Return, apart: Units, unseen: Sequence[ReturnLine] = ()
) -> tuple[ReturnLine, ...]:
    """What a return brings as things stand: what was found fit, or else what came in, or else what was asked.

    What is *unseen* counts as brought too; units that are *apart*, in the house with other returns, are none of it.

    Raises:
        TooManyUnits: the customer has fewer by now.
    """
    if goods_back.inspection is not None:
        fit = (each for each in goods_back.inspection.lines if _is_taken(each))
        return with_customer(order, (*fit, *unseen), apart)
    return with_customer(order, (*(received(goods_back) or goods_back.lines), *unseen), apart)


def _is_taken(line: ReturnLine) -> bool:
    return line.disposition is not Disposition.REFUSED


def received(goods_back: Return) -> tuple[ReturnLine, ...]:
    """All that came in, each unit with why it was sent back and what was meant to become of it."""
    found = () if goods_back.inspection is None else goods_back.inspection.lines
    asked = {line.run.line_id: line for line in (*found, *goods_back.lines)}  # an accepted one names no refused line
    return tuple(
        attrs.evolve(asked[run.line_id], run=run, location=receipt.location)
        for receipt in goods_back.receipts
        for run in receipt.runs
    )


def outstanding(goods_back: Return) -> dict[str, UnitSet]:
    """The units that were asked for and have not come, by line; the lowest came first."""
    came: dict[str, int] = {}
    for line in received(goods_back):
        came[line.run.line_id] = came.get(line.run.line_id, 0) + line.run.units
    asked = by_line(line.run for line in goods_back.lines)
    return {id: units - units.first(came.get(id, 0)) for id, units in asked.items()}


def with_customer(order: Order, lines: Sequence[ReturnLine], apart: Units = _NOTHING) -> tuple[ReturnLine, ...]:
    """*lines*, naming units that are still with the customer: another return may have taken some of theirs.

    Units that are *apart* are none of them.

    Raises:
        TooManyUnits: the customer has fewer by now.
    """
    return tuple(
        made for line in order.lines for made in _still_there(order, line, lines, apart.get(line.id, NO_UNITS))
    )


def _still_there(order: Order, line: OrderLine, lines: Sequence[ReturnLine], apart: UnitSet) -> Iterator[ReturnLine]:
    mine, kept = [each for each in lines if each.run.line_id == line.id], line.kept - apart
    if not mine:
        return
    needed, own = sum(each.run.units for each in mine), NO_UNITS
    chosen(order, {line.id: kept}, {line.id: Quantity(needed, line.line.unit)}, UnitSet.first)
    for each in mine:
        own |= each.run.set & kept
    spare = (kept - own).first(needed - len(own))
    for each in mine:
        there = each.run.set & kept
        more = spare.first(each.run.units - len(there))
        spare -= more
        for run in line.runs(there | more):
            yield attrs.evolve(each, run=run)
