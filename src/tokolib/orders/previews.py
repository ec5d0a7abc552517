"""What a command would do to an order, shown before it is done: its money, its stock, and what becomes of its units."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import attrs

from tokolib.inventory.model import LEDGER as STOCK
from tokolib.inventory.model import place, state_of
from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.preview import Preview
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.model import Order, OrderState, PaymentStatus
from tokolib.orders.ports import ORDERS
from tokolib.orders.postings import LEDGER as MONEY
from tokolib.payments.ports import INTENTS
from tokolib.payments.previews import MoneyMove, moves


@attrs.frozen
class OrderStanding:
    """How far an order has come, and where its money stands."""

    state: OrderState
    payment: PaymentStatus
    total: Money
    credited: Money
    paid: Money
    due: Money


@attrs.frozen
class AccountChange:
    """What is posted to one account of the books: a debit, or below zero a credit."""

    account: str
    amount: Money

    @property
    def label(self) -> str:
        """What a difference names it by."""
        return self.account


@attrs.frozen
class StockChange:
    """How many steps of a SKU come to a place, or leave it, and how many more or fewer are held there."""

    sku_key: str
    location: str
    state: str
    """`sellable`, or what keeps it from being sold."""
    on_hand: int
    held: int

    @property
    def label(self) -> str:
        """What a difference names it by."""
        return f"{self.sku_key} at {self.location}, {self.state}"


@attrs.frozen
class LineUnits:
    """How many units of a line there are of each story, afterwards."""

    number: int
    """Which line it is, from 1."""
    sku: str
    total: Money
    """What the line comes to, tax included, cancelled units too."""
    open: int
    shipped: int
    delivered: int
    cancelled: int
    returned: int

    @property
    def label(self) -> str:
        """What a difference names it by."""
        return self.sku


@attrs.frozen(kw_only=True)
class OrderPreview(Preview):
    """What a command would do to an order."""

    before: OrderStanding
    after: OrderStanding
    moves: tuple[MoneyMove, ...]
    """What is asked of gateways and of people who pay out, in order."""
    accounts: tuple[AccountChange, ...]
    """What is posted in the books, by account."""
    stock: tuple[StockChange, ...]
    units: tuple[LineUnits, ...]
    """Of every line, those that are added last."""
    destination: str
    """Where what has not left goes, and how: the postal code and city, and the method."""


async def shown(
    unit: Unit,
    order_id: OrderId,
    command: str,
    request: str,
    step: Callable[[], Awaitable[object]],
    *,
    set_aside: Mapping[str, int] = MappingProxyType({}),
) -> OrderPreview:
    """What *step*, run in *unit*, does to an order for which goods were *set aside*, in steps by resource."""
    before = await unit[ORDERS].get(order_id)
    intent, known = await unit[INTENTS].get(before.intent_id), len(unit.posted)
    await step()
    after = await unit[ORDERS].get(order_id)
    posted = unit.posted[known:]
    return OrderPreview(
        subject=order_id,
        command=command,
        request=request,
        before=_standing(before),
        after=_standing(after),
        moves=moves(intent, await unit[INTENTS].get(after.intent_id)),
        accounts=tuple(_accounts(before, list(_entries(posted, MONEY)))),
        stock=tuple(_stock(before, after, list(_entries(posted, STOCK)), set_aside)),
        units=tuple(
            LineUnits(
                number,
                line.line.sku,
                Money(line.line.total, after.currency),
                len(line.open),
                len(line.shipped),
                len(line.delivered),
                len(line.cancelled),
                len(line.returned),
            )
            for number, line in enumerate(after.lines, start=1)
        ),
        destination=_destination(after),
    )


def _standing(order: Order) -> OrderStanding:
    credited = Money(order.credited, order.currency)
    return OrderStanding(order.state, order.payment, order.total, credited, order.paid, order.due)


def _destination(order: Order) -> str:
    place = () if order.goes_to is None else (order.goes_to.postal_code, order.goes_to.city)
    method = () if order.delivery is None else (f"by {order.delivery.method}",)
    if order.delivery is not None and order.delivery.point is not None:
        method = (*method, f"at {order.delivery.point.id}")
    return " ".join(word for word in (*place, *method) if word)


def _entries(posted: Sequence[tuple[str, Sequence[Entry]]], ledger: str) -> Iterator[Entry]:
    return (entry for name, entries in posted if name == ledger for entry in entries)


def _accounts(order: Order, entries: Sequence[Entry]) -> Iterator[AccountChange]:
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.account] = sums.get(entry.account, 0) + entry.amount
    return (AccountChange(account, Money(sums[account], order.currency)) for account in sorted(sums) if sums[account])


def _stock(
    before: Order, after: Order, entries: Sequence[Entry], set_aside: Mapping[str, int]
) -> Iterator[StockChange]:
    on_hand: dict[str, int] = {}
    for entry in entries:
        on_hand[entry.account] = on_hand.get(entry.account, 0) + entry.amount
    held = {where: -steps for where, steps in set_aside.items()}
    for sign, order in ((1, after), (-1, before)):
        for where, steps in _held(order).items():
            held[where] = held.get(where, 0) + sign * steps
    for where in sorted(on_hand.keys() | held.keys()):
        location, key = place(where)
        if on_hand.get(where, 0) or held.get(where, 0):
            yield StockChange(key, location, state_of(where), on_hand.get(where, 0), held.get(where, 0))


def _held(order: Order) -> dict[str, int]:
    """What is held for an order, by resource."""
    waits = order.state is OrderState.PENDING_PAYMENT
    if not waits and not (order.takes_at_shipment and order.state is OrderState.PLACED):
        return {}
    return goods.open_resources(order)
