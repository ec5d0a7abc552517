"""The books: each event of an order that moves money is one posting of at least two legs whose sum is zero.

A positive amount is a debit, a negative one a credit. The accounts of one order always tell: `receivable` what
the customer still owes (negative: what the shop owes the customer), `money:…` where the money lies.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.kernel.events import Event
from tokolib.kernel.rows import Entry
from tokolib.orders import events as e
from tokolib.orders.model import Order
from tokolib.orders.shares import Worth, unsold, worths
from tokolib.orders.withheld import Withheld

LEDGER: Final = "money"
RECEIVABLE: Final = "receivable"
SALES: Final = "sales"
LOSSES: Final = "losses"
"""What the outside took twice: by a chargeback or reversal of money that had gone back already."""
FORFEITED: Final = "forfeited"
"""Deposits that the shop keeps of orders that were cancelled. Whether tax is due on them is the accountant's."""
ALLOWANCES: Final = "allowances"
"""Money off after the sale. It is the shop's expense: sales and their tax stay as they were invoiced."""
WITHHELD: Final = "withheld:"
"""What is kept of refunds, an account for each kind of fee; what of it is tax is on the tax's own account."""
WRITE_OFFS: Final = "write_offs"
"""The expense of what never came and was let be within the tolerance."""
OVERPAYMENTS: Final = "overpayments"
"""The income of what was paid too much and kept within the tolerance."""


class Leg(NamedTuple):
    """One side of a posting, in minor units."""

    account: str
    amount: int


def legs(order: Order, event: Event) -> tuple[Leg, ...]:
    """What *event*, which has just made *order*, does to the books; nothing for events that move no money."""
    match event:
        case e.OrderPlaced() | e.OrderReinstated():
            return _sale([line.line for line in order.lines], order.charges)
        case e.OrderAmended(lines=lines, charges=charges, cancellation=gone):
            gone_with_it = () if gone is None else _credit(unsold(order, gone.runs), order)
            return _together(_sale(lines, charges), gone_with_it)
        case e.OrderCancelled(cancellation=gone) | e.UnitsCancelled(cancellation=gone) if order.placed_at is not None:
            return _credit(unsold(order, gone.runs), order)
        case e.GoodsReturned(runs=runs, charges=charges):
            return _credit(worths(order, runs, charges=charges), order)
        case e.AllowanceGranted(amount=amount):
            return _between(ALLOWANCES, RECEIVABLE, amount)
        case e.AllowanceWithdrawn(amount=amount):
            return _between(RECEIVABLE, ALLOWANCES, amount)
        case e.DepositKept(amount=amount):
            return _between(RECEIVABLE, FORFEITED, amount)
        case e.RefundWithheld(parts=parts):
            return _together(*map(_withheld, parts))
        case e.PaymentCaptured(amount=amount, account=account) | e.RefundUndone(amount=amount, account=account):
            return _between(account, RECEIVABLE, amount)
        case e.PaymentReversed(amount=amount, account=account) | e.RefundPaid(amount=amount, account=account):
            return _between(RECEIVABLE, account, amount)
        case e.ShortfallWrittenOff(amount=amount):
            return _between(WRITE_OFFS, RECEIVABLE, amount)
        case e.WriteOffReversed(amount=amount):
            return _between(RECEIVABLE, WRITE_OFFS, amount)
        case e.ExcessRetained(amount=amount):
            return _between(RECEIVABLE, OVERPAYMENTS, amount)
        case e.ExcessReleased(amount=amount):
            return _between(OVERPAYMENTS, RECEIVABLE, amount)
        case e.LossBooked(amount=amount, account=account):
            return _between(LOSSES, account, amount)
        case e.LossRecovered(amount=amount, account=account):
            return _between(account, LOSSES, amount)
        case _:
            return ()


def entries(order: Order, event: Event, at: datetime) -> tuple[Entry, ...]:
    """The posting of *event* as ledger entries; its id is the event's, so that it can exist only once."""
    return entries_of(order, event, legs(order, event), order.currency.code, at)


def entries_of(order: Order, event: Event, moved: Iterable[Leg], unit: str, at: datetime) -> tuple[Entry, ...]:
    """Legs in the currency *unit* as the entries of one posting, which is named as the event."""
    batch = f"{order.id}.{order.version}"
    return tuple(
        [
            Entry(f"{batch}.{n}", batch, leg.account, leg.amount, unit, event.topic, order.id, at)
            for n, leg in enumerate(moved, start=1)
        ]
    )


def _between(debit: str, credit: str, amount: int) -> tuple[Leg, ...]:
    return (Leg(debit, amount), Leg(credit, -amount)) if amount else ()


def _withheld(part: Withheld) -> tuple[Leg, ...]:
    taxes = (Leg(f"tax:{tax.code}", -tax.amount) for tax in part.taxes)
    return Leg(RECEIVABLE, part.amount), Leg(WITHHELD + part.kind, -part.net), *taxes


def _together(*postings: Iterable[Leg]) -> tuple[Leg, ...]:
    made: dict[str, int] = {}
    for leg in (leg for posting in postings for leg in posting):
        made[leg.account] = made.get(leg.account, 0) + leg.amount
    return _nonzero(made)


def _sale(lines: Iterable[QuoteLine], charges: Iterable[QuoteCharge]) -> tuple[Leg, ...]:
    made: dict[str, int] = {}

    def add(account: str, amount: int) -> None:
        made[account] = made.get(account, 0) + amount

    for line in lines:
        add(SALES, -line.net)
        add(RECEIVABLE, line.total)
        for tax in line.taxes:
            add(f"tax:{tax.code}", -tax.amount)
    for charge in charges:
        add(f"charge:{charge.kind}", -charge.net)
        add(RECEIVABLE, charge.total)
        for tax in charge.taxes:
            add(f"tax:{tax.code}", -tax.amount)
    return _nonzero(made)


def _credit(parts: Iterable[Worth], order: Order) -> tuple[Leg, ...]:
    made: dict[str, int] = {}

    def add(account: str, amount: int) -> None:
        made[account] = made.get(account, 0) + amount

    for worth in parts:
        tax_of_goods = sum(tax.amount for tax in worth.taxes)
        add(SALES, worth.goods - tax_of_goods)
        for tax in worth.taxes:
            add(f"tax:{tax.code}", tax.amount)
        for charge in worth.charges:
            add(f"charge:{charge.kind}", charge.total - sum(tax.amount for tax in charge.taxes))
            for tax in charge.taxes:
                add(f"tax:{tax.code}", tax.amount)
        add(RECEIVABLE, -worth.total)
    return _nonzero(made)


def _nonzero(made: dict[str, int]) -> tuple[Leg, ...]:
    return tuple(Leg(account, amount) for account, amount in sorted(made.items()) if amount)
