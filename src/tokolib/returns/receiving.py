"""Goods on their way back and in the house, as steps on an open unit: authorised, received, inspected, or never come.

Nothing of this moves stock or money: until a return is accepted, its goods are the customer's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from tokolib.inventory.register import opened
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import LocationId, ReturnId
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Units, Wanted, chosen, runs_of
from tokolib.returns import events as e
from tokolib.returns.dispositions import Finding
from tokolib.returns.errors import NothingToReturn, PartOfAnother
from tokolib.returns.evidence import Evidence, noted
from tokolib.returns.judging import by_staff
from tokolib.returns.lifecycle import check, check_open
from tokolib.returns.model import Disposition, Inspection, Receipt, Return, ReturnLine, ReturnState
from tokolib.returns.naming import brought, differing, looked_at, outstanding, received, with_customer
from tokolib.returns.ports import RETURNS

UNSEEN = (Disposition.UNDELIVERED, Disposition.KEPT)
"""What is credited though nobody brings it."""


def check_apart(goods: Return) -> None:
    """Pass for a return that is settled by itself.

    Raises:
        PartOfAnother: it is settled with an exchange. Nothing was changed.
    """
    if goods.part_of:
        raise PartOfAnother(goods.id, goods.part_of)


async def show(unit: Unit, id: ReturnId, evidence: Sequence[Evidence]) -> Return:
    """The return with more *evidence*, and who showed it when.

    Raises:
        NotFound, IllegalReturnTransition: nothing was changed.
    """
    goods = await unit[RETURNS].get(id)
    return unit[RETURNS].record(goods, e.ReturnShown(noted(unit, evidence)))


async def authorise(unit: Unit, id: ReturnId, until: datetime | None) -> Return:
    """The shop agrees that the goods are sent back, by an instant where one is given; the same word again is heard.

    Raises:
        NotFound, IllegalReturnTransition, OnlyByStaff, PartOfAnother: nothing was changed.
    """
    goods = await unit[RETURNS].get(id)
    by = by_staff(unit, "authorise a return")
    if goods.state is ReturnState.AUTHORISED and (goods.authorised_by, goods.expires_at) == (by, until):
        return goods
    check(goods, e.ReturnAuthorised)
    check_apart(goods)
    return unit[RETURNS].record(goods, e.ReturnAuthorised(by, until))


async def agree(unit: Unit, id: ReturnId) -> None:
    """The goods are sent back as a part of what was agreed to, unless they are on their way already."""
    _authorised(unit, await unit[RETURNS].get(id))


async def receive(unit: Unit, id: ReturnId, wanted: Wanted | None, location: str | None) -> Return:
    """*wanted* of what was asked for, or all of it that has not come yet, is here.

    Raises:
        NotFound, IllegalReturnTransition, OnlyByStaff, UnknownLocation: nothing was changed.
        UnknownLine, NamedTwice, TooManyUnits: it isn't what is to come, or came with another return.
        NothingToReturn: all of it has come.
    """
    goods = await unit[RETURNS].get(id)
    check_open(goods, "returns.receive")
    by_staff(unit, "receive a return")
    order = await unit[ORDERS].get(goods.order_id)
    where = order.location if location is None else LocationId((await opened(unit, location)).code)
    to_come = outstanding(goods)
    come = to_come if wanted is None else chosen(order, to_come, wanted, UnitSet.first)
    runs = runs_of(order, come)
    if not runs:
        raise NothingToReturn(order.id)
    here = with_customer(order, lines_of(goods, runs), await received_of(unit, order))
    return _received(unit, _authorised(unit, goods), [line.run for line in here], where)


def lines_of(goods: Return, runs: Iterable[Run]) -> tuple[ReturnLine, ...]:
    """*runs* of units as a return asks for them."""
    asked = {line.run.line_id: line for line in goods.lines}
    return tuple(attrs.evolve(asked[run.line_id], run=run) for run in runs)


async def received_of(unit: Unit, order: Order, *, but: ReturnId | None = None) -> dict[str, UnitSet]:
    """The units of an order that have come in, and are not settled, by line; those of one return left out."""
    found: dict[str, UnitSet] = {}
    for each in await every(unit[RETURNS], "by_order", {"order_id": order.id}):
        for line in received(each) if each.is_open and each.id != but else ():
            found[line.run.line_id] = found.get(line.run.line_id, NO_UNITS) | line.run.set
    return found


def _authorised(unit: Unit, goods: Return) -> Return:
    if goods.state is not ReturnState.REQUESTED:
        return goods
    return unit[RETURNS].record(goods, e.ReturnAuthorised(str(unit.ctx.actor), None))


def _received(unit: Unit, goods: Return, runs: Sequence[Run], location: LocationId) -> Return:
    receipt = Receipt(tuple(runs), location, str(unit.ctx.actor), unit.now)
    return unit[RETURNS].record(goods, e.ReturnReceived(receipt))


async def inspect(
    unit: Unit, id: ReturnId, found: Mapping[str, Sequence[Finding]], disposition: Disposition | None
) -> Return:
    """All that came in was looked at: each unit becomes what was *found*, or *disposition*, or what was meant.

    Raises:
        NotFound, IllegalReturnTransition, OnlyByStaff: nothing was changed.
        UnknownLine, NamedTwice, InvalidQuantity, NotExact, InvalidInput: *found* isn't of what came.
    """
    goods = await unit[RETURNS].get(id)
    check(goods, e.ReturnInspected)
    by_staff(unit, "inspect a return")
    came = _meant(received(goods), disposition)
    order = await unit[ORDERS].get(goods.order_id)
    return _inspected(unit, order, goods, looked_at(order, came, found))


def _meant(lines: Sequence[ReturnLine], disposition: Disposition | None) -> tuple[ReturnLine, ...]:
    return tuple(attrs.evolve(line, disposition=disposition or line.disposition) for line in lines)


def _inspected(unit: Unit, order: Order, goods: Return, lines: Sequence[ReturnLine]) -> Return:
    """What is digital is put nowhere, whatever was said of it: its licence is revoked."""
    digital = {line.id for line in order.lines if line.line.digital}
    fates = (
        attrs.evolve(line, disposition=Disposition.KEPT)
        if line.run.line_id in digital and line.disposition is not Disposition.REFUSED
        else line
        for line in lines
    )
    return unit[RETURNS].record(goods, e.ReturnInspected(Inspection(tuple(fates), str(unit.ctx.actor), unit.now)))


def settled(
    unit: Unit,
    order: Order,
    goods: Return,
    disposition: Disposition | None,
    dispositions: Mapping[str, Disposition],
    location: str | None,
    apart: Units,
    missed: Disposition | None,
) -> tuple[Return, tuple[ReturnLine, ...]]:
    """*goods* with all that is left of the way to its acceptance behind it (authorised, received whole, inspected), and
    what of it is taken back: none of the units that are *apart*, which came in with other returns. What has not come
    where some has is the customer's, unless it is taken as *missed*.

    Raises:
        IllegalReturnTransition: it has ended. TooManyUnits: the customer has fewer by now.
        UnknownLine, NamedTwice, InvalidInput: *dispositions* isn't of what is back, or that was told before.
    """
    check_open(goods, "returns.accept")
    meant = _meant(goods.lines, disposition)
    if not goods.receipts and all(line.disposition in UNSEEN for line in meant):
        return goods, with_customer(order, meant, apart)
    _check_untold(goods, disposition, dispositions, location)
    goods = _authorised(unit, goods)
    if goods.state is ReturnState.AUTHORISED:
        here = with_customer(order, goods.lines, apart)
        goods = _received(unit, goods, [line.run for line in here], LocationId(location or order.location))
    if goods.state is ReturnState.RECEIVED:
        came = _meant(received(goods), disposition)
        said = differing(order, came, dispositions)
        lines = (attrs.evolve(line, disposition=said.get(line.run.line_id, line.disposition)) for line in came)
        goods = _inspected(unit, order, goods, tuple(lines))
    unseen = () if missed is None else _meant(lines_of(goods, runs_of(order, outstanding(goods))), missed)
    return goods, brought(order, goods, apart, unseen)


def _check_untold(
    goods: Return, disposition: Disposition | None, dispositions: Mapping[str, Disposition], location: str | None
) -> None:
    """Pass where nothing is said of goods that was said of them before.

    Raises:
        InvalidInput: what was received has its location, or what was inspected its dispositions.
    """
    faults: list[Fault] = []
    if location is not None and goods.receipts:
        message = "what was received is where it was received; say it there: shop.returns.receive"
        faults.append(Fault("location", "returns.received_before", message, location))
    if goods.state is ReturnState.INSPECTED and (disposition is not None or dispositions):
        message = "what was inspected has its dispositions; to say others, inspect it anew: shop.returns.inspect"
        path = "dispositions" if disposition is None else "disposition"
        faults.append(Fault(path, "returns.inspected_before", message))
    if faults:
        raise InvalidInput(tuple(faults))


async def cancel(unit: Unit, id: ReturnId, reason: str) -> Return:
    """The customer keeps the goods.

    Raises:
        NotFound, IllegalReturnTransition, PartOfAnother: nothing was changed.
    """
    goods = await unit[RETURNS].get(id)
    check(goods, e.ReturnCancelled)
    check_apart(goods)
    return unit[RETURNS].record(goods, e.ReturnCancelled(str(unit.ctx.actor), unit.now, reason))


async def expire(unit: Unit, id: ReturnId) -> bool:
    """Whether it has ended because nothing came in time, or goes on as nobody answered what was proposed."""
    goods = await unit[RETURNS].get(id)
    if goods.lapses_at is None or goods.lapses_at > unit.now:
        return False
    negotiated = goods.state is ReturnState.NEGOTIATING
    unit[RETURNS].record(goods, e.ProposalLapsed(unit.now) if negotiated else e.ReturnExpired(unit.now))
    return True
