"""Orders that a person looks at before they ship: the shop's rules, held against what is being placed."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

import attrs

from tokolib.checkout.model import Bargain
from tokolib.kernel.address import Address
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.unit import PAGE, Unit
from tokolib.kernel.verification import VerificationRule
from tokolib.orders.hindrances import Block
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS

MOST_PAGES: Final = 5
"""How many pages of a customer's orders are looked through, the latest first."""


@attrs.frozen
class _Known:
    """What earlier orders say of a customer."""

    ordered: bool
    """Whether one was placed."""
    address: bool
    """Whether one that was placed went where this one goes."""


async def stopped(unit: Unit, rules: Sequence[VerificationRule], bargain: Bargain, tender: str) -> tuple[Block, ...]:
    """The blocks that *rules* set on an order of *bargain*; a shop without rules reads nothing for it."""
    if not rules:
        return ()
    asked = any(rule.first_order or rule.new_address for rule in rules)
    known = await _known(unit, bargain) if asked else _Known(ordered=True, address=True)
    found = ((rule, tuple(_found(rule, bargain, tender, known))) for rule in rules)
    return tuple(_block(unit, rule, because) for rule, because in found if None not in because)


def _block(unit: Unit, rule: VerificationRule, because: Sequence[Reason | None]) -> Block:
    until = None if rule.holds_for is None else unit.now + rule.holds_for
    told = tuple(each for each in because if each is not None)
    return Block(rule.code, rule.reason, str(unit.ctx.actor), unit.now, rule.owner, until, rule.then, told)


def _found(rule: VerificationRule, bargain: Bargain, tender: str, known: _Known) -> Iterator[Reason | None]:
    """Why each condition that *rule* names holds; None for one that doesn't."""
    if rule.above is not None:
        over = rule.above.currency == bargain.currency and rule.above.minor_units < bargain.total.minor_units
        yield reason("orders.above", bargain.total, above=rule.above) if over else None
    if rule.tenders:
        yield reason("orders.by_tender", tender=tender) if tender in rule.tenders else None
    if rule.channels:
        yield reason("orders.by_channel", channel=bargain.channel) if bargain.channel in rule.channels else None
    if rule.first_order:
        yield None if known.ordered else reason("orders.first_order")
    if rule.new_address:
        yield None if known.address else reason("orders.new_address")


async def _known(unit: Unit, bargain: Bargain) -> _Known:
    ordered = False
    goes_to = bargain.wishes.goes_to
    async for order in _earlier(unit, bargain):
        ordered = True
        if goes_to is None or (order.goes_to is not None and _place(order.goes_to) == _place(goes_to)):
            return _Known(ordered=True, address=True)
    return _Known(ordered, address=goes_to is None)


async def _earlier(unit: Unit, bargain: Bargain) -> AsyncIterator[Order]:
    """The customer's orders that were placed, the latest first."""
    if bargain.customer is None:
        return
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = await unit[ORDERS].where(
            "by_customer", equals={"customer": bargain.customer}, after=after, limit=PAGE, descending=True
        )
        for order in page.items:
            if order.placed_at is not None:
                yield order
        if (after := page.after) is None:
            return


def _place(address: Address) -> tuple[str, ...]:
    """Where an address is, however its letters are written; who lives there is left out."""
    parts = (address.street, address.postal_code, address.city, address.country)
    return tuple(part.casefold() for part in parts)
