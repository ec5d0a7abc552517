"""Taking goods back, as steps on an open unit: units are named, credited by their shares, restocked, refunded."""

from collections.abc import Awaitable, Callable, Mapping

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment.journeys import remedied
from tokolib.fulfilment.licences.steps import take_back as revoke
from tokolib.fulfilment.model import Remedy, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.inventory.lots.naming import Named
from tokolib.inventory.register import opened
from tokolib.inventory.steps import NO_LOTS
from tokolib.kernel.ids import OrderId, ReturnId, ShipmentId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import ShippingRefund
from tokolib.kernel.refinement import entered, of_machine
from tokolib.kernel.unit import Unit, every
from tokolib.orders.allowances import taken_back
from tokolib.orders.booking import book
from tokolib.orders.cards import take_back_cards
from tokolib.orders.differences import settle_credit
from tokolib.orders.events import AllowanceWithdrawn, GoodsReturned, RefundWithheld
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lifecycle import check
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import worths
from tokolib.orders.units import Wanted
from tokolib.payments.ports import INTENTS
from tokolib.payments.refunding import check_cards, request_refund
from tokolib.returns.approval import check_approved
from tokolib.returns.errors import AllRefused, NothingToReturn
from tokolib.returns.events import ReturnAccepted, ReturnRefined, ReturnRejected, ReturnRequested, ReturnSetApart
from tokolib.returns.judging import chosen, judge
from tokolib.returns.lifecycle import RETURN
from tokolib.returns.lifecycle import check as check_return
from tokolib.returns.model import Disposition, Overruled, RefundPart, RefundPlan, Return, ReturnLine, ReturnState
from tokolib.returns.ports import RETURNS
from tokolib.returns.putting_away import put_away
from tokolib.returns.receiving import check_apart, received_of, settled
from tokolib.returns.withholding import to_refund, to_withhold


@attrs.frozen
class Replaced:
    """That something takes the place of units that come back: charges stay with the order, and are not credited."""

    even: bool
    """Whether it costs what the units did: then allowances stay with it."""
    put_in: Callable[[Order, tuple[Run, ...]], Awaitable[Order]]
    """Adds to the order what takes the place of these units, in the same unit of work."""


async def request(
    unit: Unit,
    order_id: OrderId,
    wanted: Wanted | tuple[Run, ...],
    reason: str,
    disposition: Disposition,
    *,
    overrule: str = "",
    part_of: str = "",
    requested_by: str = "",
) -> Return:
    """A wish to send units back, by itself or as a *part of* an exchange; nothing moves yet.

    *wanted* are quantities, or the very units where something has chosen them before.

    With *overrule* also what the order's policy refuses. Who acts asks for it, unless it was *requested by* another.

    Raises:
        UnknownLine, NamedTwice, AmbiguousSku, TooManyUnits, NothingToReturn, IllegalOrderTransition, NotEligible,
            OnlyByStaff: nothing was stored.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, GoodsReturned, asked="returns.request")
    runs = wanted if isinstance(wanted, tuple) else await chosen(unit, order, wanted, reason)
    if not runs:
        raise NothingToReturn(order.id)
    overruled = await judge(unit, order, runs, reason, overrule)
    lines = tuple(ReturnLine(run, disposition, reason) for run in runs)
    return _requested(unit, order, lines, overruled, part_of, requested_by)


def _requested(
    unit: Unit,
    order: Order,
    lines: tuple[ReturnLine, ...],
    overruled: Overruled | None = None,
    part_of: str = "",
    requested_by: str = "",
) -> Return:
    id = ReturnId(unit.new_id("ret"))
    tables = of_machine(RETURN.name, order.refinements)
    made = Return(
        id=id,
        version=1,
        order_id=order.id,
        lines=lines,
        state=ReturnState.REQUESTED,
        requested_at=unit.now,
        sub_state=entered(RETURN.name, ReturnState.REQUESTED, tables),
        refinements=tables,
        requested_by=requested_by or str(unit.ctx.actor),
        overruled=overruled,
        part_of=part_of,
    )
    return unit[RETURNS].record(None, ReturnRequested(made))


async def accept(
    unit: Unit,
    goods_back: Return,
    *,
    disposition: Disposition | None,
    dispositions: Mapping[str, Disposition],
    refund_to: str | None,
    observe: Observe,
    location: str | None = None,
    lots: Named = NO_LOTS,
    replaced: Replaced | None = None,
    missed: Disposition | None = None,
) -> Return:
    """The units are here and inspected: their shares are credited and refunded, and they go where they belong.

    What nobody has done yet of its life is done now: all that was asked for is received at *location* (the order's,
    where none is named), and inspected as *disposition*, and by SKU or line *dispositions*, say that it differs from
    the request. What did not come with the rest stays the customer's; as *missed* (kept, undelivered) it is credited
    too. Units that are *replaced* are accepted with what takes their place; a return that is a part of that, with it
    alone.

    Raises:
        IllegalReturnTransition: it has ended. AllRefused: nothing of what came is taken back.
        InvalidInput: it names a location, or dispositions, of what was received or inspected before.
        UnknownLine, NamedTwice, InvalidInput: *dispositions* names what the order hasn't got, or what isn't back.
        TooManyUnits, IllegalOrderTransition: the customer has fewer by now, or they came in with another return.
        ReturnApprovalNeeded: the refund is above the shop's limit, and nobody has approved it.
        LotsNeeded: tracked goods came back, and it could be several lots. NotTracked, LotsDiffer, UnknownLot,
            SerialInHouse.
        GiftCardSpent: they are gift cards, and were used. KeptByGiftCards: after an allowance the rest would be worth
            less than the gift cards that stay. PartOfAnother: it is settled with an exchange. Nothing was changed.
    """
    if replaced is None:
        check_apart(goods_back)
    order = await unit[ORDERS].get(goods_back.order_id)
    if location is not None:
        location = (await opened(unit, location)).code
    apart = await received_of(unit, order, but=goods_back.id)
    goods_back, lines = settled(unit, order, goods_back, disposition, dispositions, location, apart, missed)
    if not lines:
        raise AllRefused(goods_back.id)
    charges = replaced is None and order.policies.shipping_refund is ShippingRefund.WITH_GOODS
    return await _credit(
        unit,
        order,
        goods_back,
        lines,
        charges=charges,
        replaced=replaced,
        refund_to=refund_to,
        observe=observe,
        lots=lots,
    )


async def undelivered(
    unit: Unit, shipment_id: ShipmentId, *, reason: str, refund_to: str | None, observe: Observe
) -> Return:
    """What never reached the customer of a shipment that is lost or back: credited by its shares, and refunded.

    With what was lost its share of the charges goes back; with what came back, as the order's policy says.

    Raises:
        NotFound, IllegalShipmentTransition, RemediedOtherwise, NothingAstray: there is nothing to credit.
        GiftCardSpent, KeptByGiftCards: as with `accept`. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    shipment = remedied(unit, shipment, Remedy.REFUND, asked="returns.undelivered")
    order = await unit[ORDERS].get(shipment.order_id)
    check(order, GoodsReturned, asked="returns.undelivered")
    lines = tuple(ReturnLine(run, Disposition.UNDELIVERED, reason) for run in shipment.astray)
    lost = shipment.state is ShipmentState.LOST
    charges = lost or order.policies.shipping_refund is ShippingRefund.WITH_GOODS
    made = _requested(unit, order, lines)
    return await _credit(unit, order, made, lines, charges=charges, refund_to=refund_to, observe=observe)


async def _credit(
    unit: Unit,
    order: Order,
    goods_back: Return,
    lines: tuple[ReturnLine, ...],
    *,
    charges: bool,
    refund_to: str | None,
    observe: Observe,
    lots: Named = NO_LOTS,
    replaced: Replaced | None = None,
) -> Return:
    """*goods_back* accepted: the shares of its *lines* are credited and refunded, and its goods put away.

    What is even is put in before, so that no allowance is ever more than what is left; the rest after, so that
    allowances go by what was there. Either way only the difference goes back.
    """
    even = replaced is not None and replaced.even
    runs = tuple(line.run for line in lines)
    shares = worths(order, runs, charges=charges)
    credit = sum(worth.total for worth in shares)
    if replaced is not None and even:
        order = await replaced.put_in(order, runs)
    allowed = 0 if even else taken_back(order, runs, charges=charges)
    withdrawn = (AllowanceWithdrawn(allowed),) if allowed else ()
    order = book(unit, order, GoodsReturned(goods_back.id, runs, charges, credit, even), *withdrawn)
    if replaced is not None and not even:
        order = await replaced.put_in(order, runs)
    kept, lost = ((), ()) if even else await to_withhold(unit, order, goods_back, lines, shares, credit - allowed)
    if any(each.amount for each in kept):
        order = book(unit, order, RefundWithheld(goods_back.id, kept))
    await take_back_cards(unit, order, f"return {goods_back.id}", lines={run.line_id for run in runs})
    back = credit - allowed - sum(each.amount for each in kept)
    worth = Money(order.total.minor_units - order.credited + back, order.currency)
    check_cards(await unit[INTENTS].get(order.intent_id), Money(back, order.currency), worth)
    await revoke(unit, order, f"return {goods_back.id}", lines={run.line_id for run in runs})
    await put_away(unit, order, goods_back.id, lines, lots)
    parts = await _refund(unit, order, back, goods_back, refund_to, observe)
    await settle_credit(unit, order.id)
    await keep_to_plan(unit, order.id, observe=observe)
    money = order.currency
    amount = Money.total((each.amount for each in parts), money)
    plan = RefundPlan(Money(credit, money), amount, parts, shares, kept, lost)
    return unit[RETURNS].record(goods_back, ReturnAccepted(unit.now, lines, plan))


async def _refund(
    unit: Unit, order: Order, credit: int, goods_back: Return, refund_to: str | None, observe: Observe
) -> tuple[RefundPart, ...]:
    """What is paid back now, and how: the credit, less what an allowance had given and what the customer still owes."""
    amount = await to_refund(unit, order, credit)
    if not amount:
        return ()
    back = Money(amount, order.currency)
    await check_approved(unit, goods_back, back)
    refund = await request_refund(
        unit,
        await unit[INTENTS].get(order.intent_id),
        back,
        f"return {goods_back.id}",
        key=None,
        observe=observe,
        method=refund_to,
    )
    return tuple(RefundPart(each.provider, each.amount, each.id) for each in refund.operations)


async def reject(unit: Unit, return_id: ReturnId, note: str, *, part_of: str = "") -> Return:
    """The shop does not take the units back; one that is a *part of* something ends with it.

    Of that, what came in by then is another question: it goes on by itself, to be accepted or rejected.

    Raises:
        NotFound: there is no such return. IllegalReturnTransition: it has ended.
        PartOfAnother: it is settled with an exchange. Nothing was changed.
    """
    goods_back = await unit[RETURNS].get(return_id)
    if not part_of:
        check_apart(goods_back)
    elif goods_back.is_open and goods_back.receipts:
        return unit[RETURNS].record(goods_back, ReturnSetApart(part_of))
    return unit[RETURNS].record(goods_back, ReturnRejected(note))


async def refine(unit: Unit, return_id: ReturnId, sub_state: str, reason: str) -> Return:
    """The return in *sub_state*; where it stands there already nothing changes.

    Raises:
        IllegalSubState: its state has no sub-states, or no such move from this one. NotFound: there is no such return.
    """
    goods_back = await unit[RETURNS].get(return_id)
    check_return(goods_back, ReturnRefined)
    if goods_back.sub_state == sub_state:
        return goods_back
    return unit[RETURNS].record(goods_back, ReturnRefined(sub_state, reason))


async def returns_of(unit: Unit, order_id: str) -> tuple[Return, ...]:
    """The returns of an order, the first one first."""
    found = await every(unit[RETURNS], "by_order", {"order_id": order_id})
    return tuple(sorted(found, key=lambda each: (each.requested_at, each.id)))
