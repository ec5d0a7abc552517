"""The life of an order as a table, and the one function that makes its state from an event.

No callbacks hang on the table: what an event entails (postings, stock, a refund) is decided beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.ids import LineId
from tokolib.orders import events as e
from tokolib.orders.axes import derive
from tokolib.orders.errors import IllegalTransition
from tokolib.orders.model import Order, OrderLine, OrderState, Run, joined

S = OrderState

TRANSITIONS: Final[Mapping[OrderState, Mapping[type[Event], OrderState]]] = {
    S.PENDING_PAYMENT: {
        e.OrderPlaced: S.PLACED,
        e.OrderCancelled: S.CANCELLED,
        e.OrderExpired: S.EXPIRED,
    },
    S.PLACED: {e.OrderCompleted: S.COMPLETED, e.OrderCancelled: S.CANCELLED},
    S.COMPLETED: {e.GoodsReturned: S.PLACED, e.AllowanceGranted: S.PLACED},  # reopened until the money is settled
    S.EXPIRED: {e.OrderReinstated: S.PLACED},  # the money came late, and the goods were still there
    S.CANCELLED: {},  # final for the bargain; late money is still recorded, and goes back
}
"""The moves between states."""

_MONEY: Final = (e.PaymentCaptured, e.PaymentReversed, e.RefundPaid, e.RefundUndone)

WITHIN: Final[Mapping[OrderState, tuple[type[Event], ...]]] = {
    S.PENDING_PAYMENT: (*_MONEY, e.BlockSet, e.BlockLifted),
    S.PLACED: (
        *_MONEY,
        e.AllowanceGranted,
        e.AllowanceWithdrawn,
        e.BlockSet,
        e.BlockLifted,
        e.GoodsShipped,
        e.GoodsDelivered,
        e.GoodsReturned,
    ),
    S.COMPLETED: (*_MONEY, e.GoodsDelivered),  # what came back undelivered may be told to have arrived
    S.EXPIRED: _MONEY,
    S.CANCELLED: (*_MONEY, e.AllowanceWithdrawn),
}
"""What may happen in a state without leaving it."""


def allowed(state: OrderState) -> tuple[str, ...]:
    """The names of all events that *state* allows, for errors and docs."""
    return tuple(kind.__name__ for kind in (*TRANSITIONS[state], *WITHIN[state]))


def check(order: Order, kind: type[Event]) -> None:
    """Pass when the order's state allows an event of this kind.

    Raises:
        IllegalTransition: it doesn't. Nothing was changed.
    """
    if kind not in TRANSITIONS[order.state] and kind not in WITHIN[order.state]:
        raise IllegalTransition(order.id, order.state, kind.__name__, allowed(order.state))


def evolve(state: Order | None, event: Event) -> Order:
    """The order after *event*.

    Raises:
        IllegalTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.OrderRequested):
        return event.order
    if state is None:
        raise IllegalTransition("", "", type(event).__name__, (e.OrderRequested.__name__,))
    check(state, type(event))
    target = TRANSITIONS[state.state].get(type(event), state.state)
    return derive(state, state=target, version=state.version + 1, **_changes(state, event))


def _changes(order: Order, event: Event) -> dict[str, Any]:
    """The fields of *order* that *event* changes, beside its state and its axes."""
    match event:
        case e.OrderPlaced(at=at, credit_terms=credit_terms, holds=holds):
            return {"placed_at": at, "credit_terms": credit_terms, "holds": holds, "due_until": None}
        case e.OrderReinstated(at=at, holds=holds):
            return {"placed_at": at, "holds": holds, "due_until": None, "ending": "", "credited": 0}
        case e.OrderCancelled(reason=reason, credited=credited, cancelled=runs, declined=declined):
            ended = {"ending": reason, "declined": declined, "holds": (), "due_until": None}
            return {**ended, "lines": _lines(order, runs, _cancel), "credited": order.credited + credited}
        case e.OrderExpired():
            credited = order.total.minor_units
            return {"ending": "not paid in time", "holds": (), "due_until": None, "credited": credited}
        case e.GoodsShipped(runs=runs, holds=holds):
            return {"lines": _lines(order, runs, _ship), "holds": holds}
        case e.GoodsDelivered(runs=runs):
            return {"lines": _lines(order, runs, _deliver)}
        case e.GoodsReturned(runs=runs, credited=credited):
            return {"lines": _lines(order, runs, _return), "credited": order.credited + credited}
        case e.AllowanceGranted(amount=amount):
            return {"credited": order.credited + amount}
        case e.AllowanceWithdrawn(amount=amount):
            return {"credited": order.credited - amount}
        case e.BlockSet(block=block):
            return {"blocks": (*(b for b in order.blocks if b.code != block.code), block)}
        case e.BlockLifted(code=code):
            return {"blocks": tuple(b for b in order.blocks if b.code != code)}
        case _:
            return _money(order, event)


def _money(order: Order, event: Event) -> dict[str, Any]:
    match event:
        case e.PaymentCaptured(amount=amount):
            return {"captured": order.captured + amount}
        case e.PaymentReversed(amount=amount):
            return {"captured": order.captured - amount}
        case e.RefundPaid(amount=amount):
            return {"refunded": order.refunded + amount}
        case e.RefundUndone(amount=amount):
            return {"refunded": order.refunded - amount}
        case _:
            return {}


_Change = Callable[[OrderLine, Sequence[Run]], OrderLine]


def _lines(order: Order, runs: Sequence[Run], change: _Change) -> tuple[OrderLine, ...]:
    by_line: dict[LineId, list[Run]] = {}
    for run in runs:
        by_line.setdefault(run.line_id, []).append(run)
    return tuple(change(line, by_line[line.id]) if line.id in by_line else line for line in order.lines)


def _ship(line: OrderLine, runs: Sequence[Run]) -> OrderLine:
    return changed(line, shipped=line.shipped + sum(run.units for run in runs))


def _cancel(line: OrderLine, runs: Sequence[Run]) -> OrderLine:
    return changed(line, cancelled=line.cancelled + sum(run.units for run in runs))


def _deliver(line: OrderLine, runs: Sequence[Run]) -> OrderLine:
    return changed(line, delivered=joined((*line.delivered, *((run.first, run.beyond) for run in runs))))


def _return(line: OrderLine, runs: Sequence[Run]) -> OrderLine:
    return changed(line, returned=joined((*line.returned, *((run.first, run.beyond) for run in runs))))
