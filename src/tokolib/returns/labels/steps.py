"""Buying return labels and giving them back, as steps on an open unit. Nobody is asked here: a wish is stored."""

from collections.abc import Iterable
from typing import Final

from tokolib.effects.model import EffectKind
from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.inventory.register import opened
from tokolib.kernel.ids import LocationId, ReturnId, ReturnLabelId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import Run, by_line
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, chosen, runs_of
from tokolib.returns import events as r
from tokolib.returns.judging import by_staff
from tokolib.returns.labels import events as e
from tokolib.returns.labels.asking import Wish, told
from tokolib.returns.labels.errors import GoodsCame, NothingToSend, ReturnLabelNotOpen, ReturnLabelStands
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.ports import RETURN_LABELS
from tokolib.returns.labels.states import ReturnLabelState
from tokolib.returns.lifecycle import check as check_return
from tokolib.returns.model import Return
from tokolib.returns.naming import outstanding, with_customer
from tokolib.returns.ports import RETURNS
from tokolib.returns.receiving import UNSEEN, lines_of, received_of
from tokolib.shipping.tracking import Scan


async def labels_of(unit: Unit, return_id: str) -> tuple[ReturnLabel, ...]:
    """The labels of a return, those that were refused and given back too, the first one first."""
    found = await every(unit[RETURN_LABELS], "by_return", {"return_id": return_id})
    return tuple(sorted(found, key=lambda each: (each.asked_at, each.id)))


async def unused(unit: Unit, *, limit: int, after: str | None) -> Page[ReturnLabel]:
    """Labels that stand, and were not used, of at most so many returns that ended before anything came."""
    page = await unit[RETURNS].where("by_unused", since="", after=after, limit=limit)
    found = await unit[RETURN_LABELS].get_many([id for goods in page.items for id in goods.labels])
    return Page(tuple(each for each in found.values() if each.stands and not _is_used(each)), page.after)


def _is_used(label: ReturnLabel) -> bool:
    return label.journey.delivered_at is not None


async def wish(unit: Unit, return_id: ReturnId, asked: Wish) -> ReturnLabel:
    """A label for goods of a return that are still to come.

    Raises:
        NotFound, IllegalReturnTransition: they are not to be sent. OnlyByStaff: a customer acts.
        NothingToSend, ReturnLabelStands, NoSender, MissingWeight, UnknownLocation: there is no such parcel.
        UnknownLine, NamedTwice, TooManyUnits, InvalidQuantity: it isn't what is to come, or not any more.
            Nothing was stored.
    """
    goods = await unit[RETURNS].get(return_id)
    check_return(goods, r.ReturnLabelAsked)
    by_staff(unit, "buy a return label")
    order = await unit[ORDERS].get(goods.order_id)
    runs = await _unlabelled(unit, order, goods, asked.goods)
    where = order.location if asked.location is None else LocationId((await opened(unit, asked.location)).code)
    id, request = ReturnLabelId(unit.new_id("rlb")), await told(unit, order, goods, runs, asked)
    buying = await bookings.wish(
        unit, RETURN_LABELS_BOOKED, id=id, account=asked.account, subject=goods.id, currency=order.currency
    )
    label = ReturnLabel(
        id=id,
        version=1,
        order_id=order.id,
        return_id=goods.id,
        location=where,
        runs=runs,
        account=asked.account,
        request=request,
        asked_at=unit.now,
        buying=buying,
    )
    unit[RETURNS].record(goods, r.ReturnLabelAsked(id))
    return unit[RETURN_LABELS].record(None, e.ReturnLabelWished(label))


async def _unlabelled(unit: Unit, order: Order, goods: Return, wanted: Wanted | None) -> tuple[Run, ...]:
    """*wanted* of what is still to come of a return in a parcel, or all of it that has no label.

    Raises:
        NothingToSend: nothing is to come. ReturnLabelStands: what is has a label.
        UnknownLine, NamedTwice, TooManyUnits: *wanted* isn't to come, or the customer has fewer by now.
    """
    to_come = _in_parcels(order, goods)
    if not to_come:
        raise NothingToSend(goods.id, goods.state)
    standing = [await unit[RETURN_LABELS].get(id) for id in goods.labels]
    sent = by_line(run for label in standing for run in label.runs)
    here = _here(goods)
    free = {id: len(units) - len(sent.get(id, NO_UNITS) - here.get(id, NO_UNITS)) for id, units in to_come.items()}
    asked = {id: units.first(max(free[id], 0)) for id, units in to_come.items()}
    if wanted is not None:
        asked = chosen(order, to_come, wanted, UnitSet.first)
    short = {id for id, units in asked.items() if len(units) > free[id]}
    if short or not any(asked.values()):
        first = next(each for each in standing if not short or {run.line_id for run in each.runs} & short)
        raise ReturnLabelStands(goods.id, first.id, first.state)
    apart = {id: units | sent.get(id, NO_UNITS) for id, units in (sent | await received_of(unit, order)).items()}
    lines = lines_of(goods, runs_of(order, {id: units for id, units in asked.items() if units}))
    return tuple(line.run for line in with_customer(order, lines, apart))


def _in_parcels(order: Order, goods: Return) -> dict[str, UnitSet]:
    """What of a return is still to come, by line: not what is digital, nor what nobody waits for."""
    digital = {line.id for line in order.lines if line.line.digital}
    seen = {line.run.line_id for line in goods.lines if line.disposition not in UNSEEN} - digital
    return {id: units for id, units in outstanding(goods).items() if id in seen and units}


def _here(goods: Return) -> dict[str, UnitSet]:
    """What of a return has come in, by line."""
    return by_line(run for receipt in goods.receipts for run in receipt.runs)


def came(goods: Return, runs: tuple[Run, ...]) -> bool:
    """Whether any of *runs* of units has come in with a return."""
    here = _here(goods)
    return any(here.get(run.line_id, NO_UNITS) & run.set for run in runs)


async def wish_void(unit: Unit, label_id: ReturnLabelId) -> ReturnLabel:
    """A label that stands is to be given back; one that is, or was, stays as it is.

    Raises:
        NotFound: there is no such label. NoReturnLabel, ReturnLabelNotOpen: it was not bought, or nobody knows yet.
        GoodsCame: it was used. OnlyByStaff: a customer acts. Nothing was changed.
    """
    label = await unit[RETURN_LABELS].get(label_id)
    by_staff(unit, "give a return label back")
    if label.state is ReturnLabelState.VOIDED or (label.voids and label.turn is not None):
        return label
    goods = await unit[RETURNS].get(label.return_id)
    check_return(goods, r.ReturnLabelWithdrawn)
    if not label.stands:
        raise ReturnLabelNotOpen(label.id, label.state, "return_labels.void")
    if came(goods, label.runs) or _is_used(label):
        raise GoodsCame(label.id, goods.id)
    unit[RETURNS].record(goods, r.ReturnLabelWithdrawn(label.id))  # nothing comes in meanwhile
    return await bookings.wish_void(unit, RETURN_LABELS_BOOKED, label)


async def scan(unit: Unit, label_id: ReturnLabelId, scans: Iterable[Scan]) -> ReturnLabel:
    """The label with *scans* of its parcel; those that it has change nothing, and none of them receives the goods.

    Raises:
        NotFound: there is no such label. ReturnLabelNotOpen: it was never bought. Nothing was changed.
    """
    label = await unit[RETURN_LABELS].get(label_id)
    if not label.buying.succeeded:
        raise ReturnLabelNotOpen(label.id, label.state, "return_labels.scanned")
    known = {each.identity for each in label.scans}
    new = tuple({each.identity: each for each in scans if each.identity not in known}.values())
    return unit[RETURN_LABELS].record(label, e.ReturnLabelScanned(new)) if new else label


async def _told(unit: Unit, label: ReturnLabel) -> None:
    """The return of a label that is not any more has none of that name."""
    if not label.is_gone:
        return
    goods = await unit[RETURNS].get(label.return_id)
    if label.id in goods.labels:
        unit[RETURNS].record(goods, r.ReturnLabelGone(label.id))


RETURN_LABELS_BOOKED: Final = Bookable(
    noun="return_label",
    port=RETURN_LABELS,
    buying=EffectKind.RETURN_LABEL,
    voiding=EffectKind.RETURN_LABEL_VOID,
    void_wished=e.ReturnLabelVoidWished,
    leased=e.ReturnLabelLeased,
    unasked=e.ReturnLabelUnasked,
    presumed=e.ReturnLabelPresumed,
    observed=e.ReturnLabelObserved,
    resolved=e.ReturnLabelResolved,
    refusal=lambda label, asked: ReturnLabelNotOpen(label.id, label.state, asked),
    resolving="return_labels.resolve",
    follow=_told,
)
"""Return labels, as what is booked of couriers."""
