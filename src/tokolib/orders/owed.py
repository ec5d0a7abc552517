"""What an order comes to after all that was taken off it since: cancelled, brought back, let off, and what was kept."""

from collections.abc import Iterable, Iterator, Sequence

from tokolib.checkout.lines import QuoteLine
from tokolib.kernel.events import Event
from tokolib.kernel.explain import Reason, ReasonValue, reason
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import Quantity
from tokolib.orders import events as e
from tokolib.orders.lifecycle import evolve
from tokolib.orders.model import Order
from tokolib.orders.shares import Worth, unsold, worths

Told = tuple[str, dict[str, ReasonValue], tuple[Reason, ...]]


def owed(agreed: Reason, told: Iterable[Event]) -> Reason:
    """*agreed* and what the customer owes less since, by all the events of an order; *agreed* where that is nothing."""
    less = tuple(_taken_off(told))
    if not less or agreed.amount is None:
        return agreed
    left = Money.total((each.amount for each in (agreed, *less) if each.amount is not None), agreed.amount.currency)
    return reason("orders.owed", left, agreed, *less)


def _taken_off(told: Iterable[Event]) -> Iterator[Reason]:
    """Each change of what is credited, which is all that an order's customer owes less than its total."""
    after: Order | None = None
    for event in told:
        before, after = after, evolve(after, event)
        if before is None or before.credited == after.credited:
            continue
        code, values, parts = _why(before, event)
        yield reason(code, Money(before.credited - after.credited, before.currency), *parts, **values)


def _why(order: Order, event: Event) -> Told:
    match event:
        case e.OrderCancelled(cancellation=gone) | e.UnitsCancelled(cancellation=gone):
            return "orders.cancelled_off", {"why": gone.reason}, _parts(order, unsold(order, gone.runs))
        case e.OrderAmended(amendment=amendment, cancellation=gone) if gone is not None:
            return "orders.taken_out", {"why": amendment.reason}, _parts(order, unsold(order, gone.runs))
        case e.GoodsReturned(return_id=id, runs=runs, charges=charges):
            return "orders.came_back", {"id": id}, _parts(order, worths(order, runs, charges=charges))
        case e.AllowanceGranted(reason=why):
            return "orders.let_off", {"why": why}, ()
        case e.AllowanceWithdrawn():
            return "orders.let_off_before", {}, ()
        case e.RefundWithheld(return_id=id, parts=kept):
            parts = tuple(reason("orders.part", Money(each.amount, order.currency), name=each.label) for each in kept)
            return "orders.kept_of_return", {"id": id}, parts
        case e.DepositKept():
            return "orders.kept_deposit", {}, ()
        case e.OrderExpired():
            return "orders.expired_off", {}, ()
        case e.OrderReinstated():
            return "orders.owed_again", {}, ()
        case _:
            raise TypeError(f"{type(event).__name__} takes nothing off an order")


def _parts(order: Order, shares: Sequence[Worth]) -> tuple[Reason, ...]:
    """What units took along, line by line, and of each charge."""
    lines: dict[str, QuoteLine] = {line.id: line.line for line in order.lines}
    labels = {charge.id: charge.label for charge in order.charges}
    found: list[Reason] = []
    for worth in shares:
        line, goods = lines[worth.line_id], Money(-worth.goods, order.currency)
        quantity = Quantity(worth.units, line.unit).amount
        found.append(reason("pricing.line", goods, name=line.name, sku=line.sku, quantity=quantity))
        found += [
            reason("orders.part", Money(-part.total, order.currency), name=labels[part.charge_id])
            for part in worth.charges
            if part.total
        ]
    return tuple(found)
