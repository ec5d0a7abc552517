"""Settling claims, as steps on an open unit: by the steps of a return, of an exchange, or of an allowance."""

from datetime import datetime

import attrs

from tokolib.effects.ports import Observe
from tokolib.kernel.ctx import Customer, Guest
from tokolib.kernel.ids import ClaimId, ExchangeId, OrderId, ReturnId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.allowances import grant
from tokolib.orders.events import GoodsReturned
from tokolib.orders.lifecycle import check as check_order
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.words import check_amount
from tokolib.returns import steps as returns
from tokolib.returns.approval import approve as approve_return
from tokolib.returns.claims import events as e
from tokolib.returns.claims.lifecycle import check
from tokolib.returns.claims.model import Claim, ClaimKind, ClaimRemedy, ClaimState, Recharge
from tokolib.returns.claims.ports import CLAIMS
from tokolib.returns.claims.rivals import check_unrivalled, still_there, unclaimed
from tokolib.returns.errors import NothingToReturn
from tokolib.returns.evidence import Evidence, noted
from tokolib.returns.exchanges import steps as exchanges
from tokolib.returns.exchanges.model import Exchange
from tokolib.returns.exchanges.ports import EXCHANGES
from tokolib.returns.judging import by_staff
from tokolib.returns.model import Disposition, Return
from tokolib.returns.ports import RETURNS
from tokolib.returns.replacements import Replacement, ReplacementPricing


@attrs.frozen
class Wish:
    """What is wrong with which units, and what the customer would have for it."""

    goods: Wanted
    kind: ClaimKind
    remedy: ClaimRemedy
    goods_back: bool
    evidence: tuple[Evidence, ...]
    reason: str
    amount: Money | None
    """What is to be allowed, where the remedy is an allowance."""
    replacements: tuple[Replacement, ...]
    """What is to be held, where the remedy is a replacement; the same goods where none are named."""
    until: datetime | None
    """The end of that hold."""


async def open_claim(unit: Unit, order_id: OrderId, wish: Wish) -> Claim:
    """A claim on units that the customer has, or should have; a replacement is held for it.

    Raises:
        SpokenFor: something open is on these units. What `exchanges.request` refuses of a replacement, and
            `orders.grant_allowance` of an amount. Nothing was stored.
    """
    order = await unit[ORDERS].get(order_id)
    check_order(order, GoodsReturned, asked="claims.open")
    runs = await unclaimed(unit, order, wish.goods, wish.kind)
    if not runs:
        raise NothingToReturn(order.id)
    if wish.amount is not None:
        check_amount(await unit[INTENTS].get(order.intent_id), wish.amount)
    id = ClaimId(unit.new_id("clm"))
    made = Claim(
        id=id,
        version=1,
        order_id=order.id,
        runs=runs,
        kind=wish.kind,
        remedy=wish.remedy,
        goods_back=wish.goods_back,
        evidence=noted(unit, wish.evidence),
        reason=wish.reason,
        state=ClaimState.OPENED,
        opened_by=str(unit.ctx.actor),
        opened_at=unit.now,
        amount=wish.amount,
    )
    if wish.until is not None:
        held = await _hold(unit, order, made, wish.replacements, wish.until)
        made = attrs.evolve(made, exchange_id=held.id, return_id=held.return_id)
    return unit[CLAIMS].record(None, e.ClaimOpened(made))


async def _hold(unit: Unit, order: Order, claim: Claim, wanted: tuple[Replacement, ...], until: datetime) -> Exchange:
    lines = {line.id: line.line for line in order.lines}
    same = tuple(Replacement(lines[run.line_id].sku, run.units, lines[run.line_id].unit) for run in claim.runs)
    overrule = "" if isinstance(unit.ctx.actor, Customer | Guest) else f"claim {claim.id}"
    wish = exchanges.Wish(claim.runs, wanted or same, ReplacementPricing.EVEN, until, claim.kind, overrule)
    return await exchanges.request(unit, order.id, wish)


async def show(unit: Unit, id: ClaimId, evidence: tuple[Evidence, ...]) -> Claim:
    """The claim with more *evidence*.

    Raises:
        NotFound, IllegalClaimTransition: nothing was changed.
    """
    claim = await unit[CLAIMS].get(id)
    return unit[CLAIMS].record(claim, e.EvidenceAdded(noted(unit, evidence)))


async def approve(unit: Unit, id: ClaimId, *, refund_to: str | None, observe: Observe, gateways: Gateways) -> Claim:
    """The shop makes up for it, in this very unit; or waits for the goods, where they are to come back.

    Raises:
        NotFound, IllegalClaimTransition, OnlyByStaff: nothing was changed.
        SpokenFor: another on its units was approved meanwhile. TooManyUnits: the customer has fewer by now.
        what `returns.accept`, `exchanges.complete` or `orders.grant_allowance` refuse. Nothing was changed.
    """
    claim = await unit[CLAIMS].get(id)
    check(claim, e.ClaimApproved)
    by, return_id = by_staff(unit, "approve a claim"), claim.return_id
    order = await unit[ORDERS].get(claim.order_id)
    await check_unrivalled(unit, order, claim)
    match claim.remedy:
        case ClaimRemedy.ALLOWANCE if claim.amount is not None:
            still_there(order, claim)
            await grant(unit, order.id, claim.amount, f"claim {id}", observe=observe)
        case ClaimRemedy.REPLACEMENT if claim.exchange_id is not None:
            await _replace(unit, claim, claim.exchange_id, observe=observe, gateways=gateways)
        case _:
            return_id = await _credit(unit, order, claim, by, refund_to=refund_to, observe=observe)
    return unit[CLAIMS].record(claim, e.ClaimApproved(by, unit.now, return_id))


async def set_aside(unit: Unit, claim: Claim) -> dict[str, int]:
    """What is held for a claim and put in when it is approved, in steps by resource."""
    if claim.exchange_id is None or claim.goods_back:
        return {}
    return await exchanges.set_aside(unit, await unit[EXCHANGES].get(claim.exchange_id))


async def _replace(unit: Unit, claim: Claim, id: ExchangeId, *, observe: Observe, gateways: Gateways) -> None:
    if claim.goods_back:
        await exchanges.authorise(unit, id)
        return
    came = claim.return_id is not None and bool((await unit[RETURNS].get(claim.return_id)).receipts)
    unseen = _disposition(claim)
    inspected = exchanges.Inspected(missed=unseen) if came else exchanges.Inspected(disposition=unseen)
    await exchanges.complete(unit, id, inspected, observe=observe, gateways=gateways)


async def _credit(
    unit: Unit, order: Order, claim: Claim, by: str, *, refund_to: str | None, observe: Observe
) -> ReturnId:
    """The return by which the units are credited now, or come back; approved where another has opened the claim."""
    back = await returns.request(
        unit,
        order.id,
        still_there(order, claim),
        claim.kind,
        Disposition.RESTOCK if claim.goods_back else _disposition(claim),
        overrule=f"claim {claim.id}",
        requested_by=claim.opened_by,
    )
    if by != claim.opened_by:
        back = await approve_return(unit, back.id)
    if not claim.goods_back:
        await _accept(unit, back, refund_to=refund_to, observe=observe)
    return back.id


async def _accept(unit: Unit, back: Return, *, refund_to: str | None, observe: Observe) -> None:
    await returns.accept(unit, back, disposition=None, dispositions={}, refund_to=refund_to, observe=observe)


def _disposition(claim: Claim) -> Disposition:
    """What becomes of units that don't come back."""
    return Disposition.UNDELIVERED if claim.kind is ClaimKind.MISSING else Disposition.KEPT


async def reject(unit: Unit, id: ClaimId, note: str) -> Claim:
    """The shop doesn't make up for it; what was held for it is free.

    Raises:
        NotFound, IllegalClaimTransition, OnlyByStaff: nothing was changed.
    """
    claim = await unit[CLAIMS].get(id)
    check(claim, e.ClaimRejected)
    by = by_staff(unit, "reject a claim")
    await _let_go(unit, claim, note)
    return unit[CLAIMS].record(claim, e.ClaimRejected(by, unit.now, note))


async def withdraw(unit: Unit, id: ClaimId, reason: str) -> Claim:
    """The customer lets it be; what was held for it is free.

    Raises:
        NotFound, IllegalClaimTransition: nothing was changed.
    """
    claim = await unit[CLAIMS].get(id)
    check(claim, e.ClaimWithdrawn)
    await _let_go(unit, claim, reason)
    return unit[CLAIMS].record(claim, e.ClaimWithdrawn(str(unit.ctx.actor), unit.now, reason))


async def _let_go(unit: Unit, claim: Claim, why: str) -> None:
    if claim.exchange_id is not None and (await unit[EXCHANGES].get(claim.exchange_id)).is_open:
        await exchanges.reject(unit, claim.exchange_id, why)


async def recharge(unit: Unit, id: ClaimId, owed_by: str, amount: Money, reference: str) -> Claim:
    """The claim with a note of what somebody else owes the shop for it.

    Raises:
        NotFound, IllegalClaimTransition: nothing was changed. InvalidAmount, CurrencyMismatch: no such amount.
    """
    claim = await unit[CLAIMS].get(id)
    check(claim, e.ClaimRecharged)
    order = await unit[ORDERS].get(claim.order_id)
    check_amount(await unit[INTENTS].get(order.intent_id), amount)
    noted = Recharge(owed_by, amount, reference, str(unit.ctx.actor), unit.now)
    return unit[CLAIMS].record(claim, e.ClaimRecharged(noted))
