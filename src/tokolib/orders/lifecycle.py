"""The life of an order as a table, and the one function that makes its state from an event.

No callbacks hang on the table: what an event entails (postings, stock, a refund) is decided beside it.
"""

from collections.abc import Sequence
from typing import Any, Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.ids import LineId
from tokolib.kernel.machine import Edge, Kind, Machine, staying
from tokolib.kernel.refinement import entering, moved, refined
from tokolib.kernel.transitions import led, unbegun
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders import events as e
from tokolib.orders.axes import derive
from tokolib.orders.book_currency import added
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.guards import (
    not_given_up,
    nothing_owed,
    nothing_planned,
    nothing_shipped,
    paid_in_full,
    shippable,
)
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Cancellation, Order, OrderState
from tokolib.orders.postings import legs

S = OrderState

_REFINED: Final = refined("order")
_MONEY: Final = (e.PaymentCaptured, e.PaymentReversed, e.RefundPaid, e.RefundUndone)
_LET_BE: Final = (e.ShortfallWrittenOff, e.WriteOffReversed, e.ExcessRetained, e.ExcessReleased)
_TAKEN: Final = (e.DisputesChanged, e.LossBooked, e.LossRecovered)
_BY_ASKING: Final = ("payments.charge", "payments.advance", "payments.resolve", "webhooks.receive", "tick")
_BY_PAYING: Final = ("payments.received", *_BY_ASKING)
_PAYS: Final = ("payments.received", "payments.charge", "payments.advance")
"""How a person goes on from an order that waits for its money."""
_BY_REFUNDING: Final = ("payments.refund", "payments.paid_out", "payments.payout_failed")
_BY_RESERVING: Final = ("orders.place", "orders.cancel", "orders.capture", "shipments.hand_over")
_BY_CREDITING: Final = ("orders.grant_allowance", "orders.edit", "returns.accept", "returns.undelivered")
_BY_GIVING_BACK: Final = ("shipments.cancel", "shipments.picked")
"""Goods that are made ready keep a payment plan from ending its order; with the last of them back it does."""
_BY_MONEY: Final = (
    "payments.decide_dispute",
    *_BY_PAYING,
    *_BY_REFUNDING,
    *_BY_RESERVING,
    *_BY_CREDITING,
    *_BY_GIVING_BACK,
)
_BY_SCANS: Final = ("shipments.scanned",)
_BY_TELLING: Final = ("payments.resolve", "payments.decide_dispute", "webhooks.receive")
"""What an outside does by itself is told, never asked for."""


def _within(state: OrderState) -> dict[Kind, Edge[OrderState]]:
    """What may happen in every state without leaving it: money is recorded whenever it moves."""
    refining = Edge(state, ("orders.refine",), (_REFINED,))
    return {
        **staying(state, *_MONEY, entailed_by=_BY_MONEY),
        **staying(state, *_LET_BE, entailed_by=_BY_MONEY),
        e.ReserveChanged: Edge(state, entailed_by=(*_BY_RESERVING, *_BY_ASKING)),
        **staying(state, *_TAKEN, entailed_by=_BY_TELLING),
        e.OrderRefined: refining,
    }


def _cancelling(state: OrderState) -> dict[Kind, Edge[OrderState]]:
    """The wish that waits for an open charge, and its fulfilment when the charge has ended."""
    here = (nothing_shipped, nothing_planned)
    wish = Edge(state, ("orders.cancel",), here, ("tick",))
    return {
        e.OrderCancelled: Edge(S.CANCELLED, ("orders.cancel",), here, (*_BY_PAYING, *_BY_GIVING_BACK)),
        e.CancelRequested: wish,
    }


def _blocks(state: OrderState) -> dict[Kind, Edge[OrderState]]:
    """By staff, by a verification rule, when its time is over; and with an overdue instalment by whatever tells so."""
    telling = (*_BY_MONEY, "orders.place")
    return {
        e.BlockSet: Edge(state, ("orders.block",), entailed_by=telling),
        e.BlockLifted: Edge(state, ("orders.unblock",), entailed_by=telling),
    }


ORDER: Final = Machine(
    name="order",
    about="The bargain between the shop and a customer: how far it has come.",
    states={
        S.PENDING_PAYMENT: "stored, with its goods held; what is paid at once, or trusted, passes through it",
        S.PLACED: "the shop owes the goods, or is owed the money",
        S.COMPLETED: "everything that was owed has arrived, and the money is even",
        S.CANCELLED: "the bargain is off; late money is still recorded, and goes back",
        S.EXPIRED: "it was not paid in time; late money reinstates it where its goods are still there",
    },
    begins={e.OrderRequested: (S.PENDING_PAYMENT,)},
    begun_by=("orders.place",),
    edges={
        S.PENDING_PAYMENT: {
            e.OrderPlaced: Edge(S.PLACED, _PAYS, entailed_by=("orders.place", *_BY_PAYING)),
            **_cancelling(S.PENDING_PAYMENT),
            e.OrderExpired: Edge(S.EXPIRED, entailed_by=_BY_PAYING),
            **_within(S.PENDING_PAYMENT),
            **_blocks(S.PENDING_PAYMENT),
        },
        S.PLACED: {
            e.OrderCompleted: Edge(
                S.COMPLETED,
                guards=(nothing_owed,),
                entailed_by=("shipments.delivered", *_BY_SCANS, "orders.cancel", "orders.edit", *_BY_MONEY),
            ),
            **_cancelling(S.PLACED),
            **_within(S.PLACED),
            e.AllowanceGranted: Edge(S.PLACED, ("orders.grant_allowance",)),
            e.AllowanceWithdrawn: Edge(
                S.PLACED, entailed_by=("returns.accept", "returns.undelivered", "orders.cancel", "orders.edit")
            ),
            e.UnitsCancelled: Edge(S.PLACED, ("orders.cancel", "orders.edit")),
            e.OrderAmended: Edge(S.PLACED, ("orders.edit",), (not_given_up,)),
            e.DestinationChanged: Edge(S.PLACED, ("orders.edit",)),
            **_blocks(S.PLACED),
            e.GoodsPlanned: Edge(S.PLACED, ("shipments.plan",), (shippable,)),
            e.GoodsUnplanned: Edge(S.PLACED, ("shipments.cancel", "shipments.picked")),
            e.GoodsShipped: Edge(S.PLACED, ("shipments.hand_over",), (shippable,)),
            e.GoodsDelivered: Edge(S.PLACED, ("shipments.delivered",), entailed_by=_BY_SCANS),
            e.DeliveryRevoked: Edge(S.PLACED, ("shipments.returning",), entailed_by=_BY_SCANS),
            e.GoodsUndelivered: Edge(S.PLACED, ("shipments.returned", "shipments.lost")),
            e.GoodsReopened: Edge(S.PLACED, ("shipments.reship",), entailed_by=("shipments.returned",)),
            e.GoodsReturned: Edge(S.PLACED, ("returns.accept", "returns.undelivered")),
        },
        S.COMPLETED: {
            e.GoodsReturned: Edge(S.PLACED, ("returns.accept",)),  # reopened until the money is settled
            e.AllowanceGranted: Edge(S.PLACED, ("orders.grant_allowance",)),
            e.OrderAmended: Edge(S.PLACED, ("orders.edit",)),  # more is wanted
            **_within(S.COMPLETED),
            e.PaymentReversed: Edge(S.PLACED, entailed_by=_BY_MONEY),  # money was taken back, and is due again
            e.GoodsDelivered: Edge(
                S.COMPLETED, ("shipments.delivered",), entailed_by=_BY_SCANS
            ),  # what came back undelivered arrived after all
            e.DeliveryRevoked: Edge(S.PLACED, ("shipments.returning",), entailed_by=_BY_SCANS),
        },
        S.EXPIRED: {
            e.OrderReinstated: Edge(S.PLACED, _PAYS[:1], (paid_in_full,), _BY_PAYING),  # the goods were still there
            **_within(S.EXPIRED),
        },
        S.CANCELLED: {
            **_within(S.CANCELLED),
            e.AllowanceWithdrawn: Edge(S.CANCELLED, entailed_by=("orders.cancel",)),
            e.DepositKept: Edge(S.CANCELLED, entailed_by=("orders.cancel", *_BY_PAYING, *_BY_GIVING_BACK)),
        },
    },
    ends=frozenset({S.COMPLETED, S.CANCELLED, S.EXPIRED}),
)
"""The life of an order."""


def check(order: Order, kind: type[Event], *, asked: str = "") -> None:
    """Pass when the order's state allows an event of this kind, and every guard of its edge holds.

    *asked* names the command where the table names another one for it.

    Raises:
        IllegalOrderTransition: the state doesn't. The refusal of a guard: it doesn't hold. Nothing was changed.
    """
    _target(order, kind, asked)
    ORDER.require(order.state, kind, order)


def _target(order: Order, kind: type[Event], asked: str = "") -> OrderState:
    return led(ORDER, IllegalOrderTransition, order, order.state, kind, asked=asked)


def evolve(state: Order | None, event: Event) -> Order:
    """The order after *event*. What has happened is not asked for its guards again: `verify` does that.

    Raises:
        IllegalOrderTransition: the table does not allow it. IllegalSubState: the shop's own table doesn't.
    """
    if state is None and isinstance(event, e.OrderRequested):
        return event.order
    if state is None:
        raise unbegun(ORDER, IllegalOrderTransition, type(event))
    target = _target(state, type(event))
    changes = entering(ORDER.name, state, target) | _changes(state, event)
    after = derive(state, version=state.version + 1, **changes)
    return after if after.book_rate is None else changed(after, accounts=added(state.accounts, legs(after, event)))


def _changes(order: Order, event: Event) -> dict[str, Any]:
    """The fields of *order* that *event* changes, beside its state and its axes."""
    match event:
        case e.OrderPlaced(at=at, credit_terms=credit_terms, holds=holds):
            return {"placed_at": at, "credit_terms": credit_terms, "holds": holds, "due_until": None}
        case e.OrderReinstated(at=at, holds=holds, credit_terms=credit_terms):
            again = {"placed_at": at, "credit_terms": credit_terms, "holds": holds, "due_until": None}
            return {**again, "ending": "", "credited": 0}
        case e.OrderCancelled(cancellation=gone, declined=declined):
            ended = {"ending": gone.reason, "declined": declined, "due_until": None, "cancel_requested": None}
            return {**ended, "holds": (), **_without(order, gone)}
        case e.UnitsCancelled(cancellation=gone, holds=holds):
            return {"holds": holds, **_without(order, gone)}
        case e.OrderAmended():
            return _amended(order, event)
        case e.DestinationChanged(ship_to=ship_to, delivery=delivery):
            return {"ship_to": ship_to, "delivery": delivery}
        case e.OrderExpired():
            credited = order.total.minor_units
            return {"ending": "not paid in time", "holds": (), "due_until": None, "credited": credited}
        case e.GoodsReturned(runs=runs, credited=credited):
            lines = _lines(order, runs, "returned", "undelivered")
            return {"lines": lines, "credited": order.credited + credited}
        case e.AllowanceGranted(amount=amount):
            return {"credited": order.credited + amount, "allowed": order.allowed + amount}
        case e.AllowanceWithdrawn(amount=amount):
            return {"credited": order.credited - amount, "allowed": order.allowed - amount}
        case e.DepositKept(amount=amount):
            return {"credited": order.credited - amount, "forfeited": order.forfeited + amount}
        case e.CancelRequested(wish=wish):
            return {"cancel_requested": wish}
        case e.BlockSet(block=block):
            same = (block.code, block.owner)
            return {"blocks": (*(b for b in order.blocks if (b.code, b.owner) != same), block)}
        case e.BlockLifted(code=code, owner=owner):
            return {"blocks": tuple(b for b in order.blocks if (b.code, b.owner) != (code, owner))}
        case e.OrderRefined(sub_state=sub_state):
            return {"sub_state": moved(ORDER.name, order, sub_state)}
        case _:
            return _goods(order, event) or _money(order, event)


def _goods(order: Order, event: Event) -> dict[str, Any]:
    match event:
        case e.GoodsPlanned(runs=runs):
            return {"lines": _lines(order, runs, "planned")}
        case e.GoodsUnplanned(runs=runs):
            return {"lines": _lines(order, runs, "", "planned")}
        case e.GoodsShipped(runs=runs, holds=holds):
            return {"lines": _lines(order, runs, "shipped", "planned"), "holds": holds}
        case e.GoodsDelivered(runs=runs):
            return {"lines": _lines(order, runs, "delivered", "undelivered")}
        case e.DeliveryRevoked(runs=runs):
            return {"lines": _lines(order, runs, "", "delivered")}
        case e.GoodsUndelivered(runs=runs):
            return {"lines": _lines(order, runs, "undelivered")}
        case e.GoodsReopened(runs=runs, holds=holds):
            return {"lines": _lines(order, runs, "", "undelivered", "shipped"), "holds": holds}
        case _:
            return {}


def _without(order: Order, gone: Cancellation) -> dict[str, Any]:
    """The fields of *order* that change as units are cancelled."""
    return {
        "lines": _lines(order, gone.runs, "cancelled"),
        "credited": order.credited + gone.credited,
        "cancellations": (*order.cancellations, gone),
    }


def _amended(order: Order, event: e.OrderAmended) -> dict[str, Any]:
    """The fields of *order* that change as something is added to it, perhaps in place of something else."""
    gone, nothing = event.cancellation, (0,) * len(event.lines)
    changes: dict[str, Any] = {} if gone is None else _without(order, gone)
    lines = changes.get("lines", order.lines)
    return changes | {
        "lines": (*lines, *map(OrderLine, event.lines)),
        "charges": (
            *(changed(charge, shares=(*charge.shares, *nothing)) for charge in order.charges),
            *event.charges,
        ),
        "holds": event.holds,
        "amendments": (*order.amendments, event.amendment),
    }


def _money(order: Order, event: Event) -> dict[str, Any]:
    match event:
        case e.ReserveChanged(reserved=reserved):
            return {"reserved": reserved}
        case e.DisputesChanged(contested=contested, taken_back=taken_back):
            return {"contested": contested, "taken_back": taken_back}
        case e.LossBooked(amount=amount):
            return {"lost": order.lost + amount}
        case e.LossRecovered(amount=amount):
            return {"lost": order.lost - amount}
        case e.ShortfallWrittenOff(amount=amount):
            return {"written_off": order.written_off + amount}
        case e.WriteOffReversed(amount=amount):
            return {"written_off": order.written_off - amount}
        case e.ExcessRetained(amount=amount):
            return {"retained": order.retained + amount}
        case e.ExcessReleased(amount=amount):
            return {"retained": order.retained - amount}
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


def _lines(order: Order, runs: Sequence[Run], into: str, *out_of: str) -> tuple[OrderLine, ...]:
    """The lines of *order* with *runs* of units put *into* one of their buckets, if any, and taken *out of* others."""
    by_line: dict[LineId, list[tuple[int, int]]] = {}
    for run in runs:
        by_line.setdefault(run.line_id, []).append((run.first, run.beyond))
    return tuple(
        _moved(line, UnitSet.of(by_line[line.id]), into, out_of) if line.id in by_line else line for line in order.lines
    )


def _moved(line: OrderLine, units: UnitSet, into: str, out_of: Sequence[str]) -> OrderLine:
    buckets = {name: getattr(line, name) - units for name in out_of if getattr(line, name)}
    if into:
        buckets[into] = getattr(line, into) | units
    return changed(line, **buckets)
