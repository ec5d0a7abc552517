"""The life of an order as a table, and the one function that makes its state from an event.

No callbacks hang on the table: what an event entails (postings, stock, a refund) is decided beside it.
"""

from typing import Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Kind, Machine, staying
from tokolib.kernel.refinement import entering, refined
from tokolib.kernel.transitions import led, unbegun
from tokolib.orders import events as e
from tokolib.orders.axes import derive
from tokolib.orders.book_currency import added
from tokolib.orders.changes import changes_of
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.guards import (
    not_given_up,
    nothing_owed,
    nothing_planned,
    nothing_shipped,
    paid_in_full,
    shippable,
)
from tokolib.orders.model import Order, OrderState
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
_BY_GRANTING: Final = ("licences.grant", "tick")
"""What is digital arrives as it leaves."""
_BY_LEAVING: Final = ("shipments.collected", "manifests.close", *_BY_GRANTING)
_BY_RESERVING: Final = ("orders.place", "orders.cancel", "orders.capture", "shipments.hand_over", *_BY_LEAVING)
_BY_CREDITING: Final = (
    "orders.grant_allowance",
    "orders.edit",
    "returns.accept",
    "returns.undelivered",
    "exchanges.complete",
    "claims.approve",
)
_BY_REPLACING: Final = ("exchanges.complete", "claims.approve")
"""What puts other goods in the place of some."""
_BY_CLAIMS: Final = ("claims.approve",)
_BY_GIVING_BACK: Final = ("shipments.cancel", "shipments.picked", "shipments.end_missed")
"""Goods that are made ready keep a payment plan from ending its order; with the last of them back it does."""
_BY_MONEY: Final = (
    "payments.decide_dispute",
    *_BY_PAYING,
    *_BY_REFUNDING,
    *_BY_RESERVING,
    *_BY_CREDITING,
    *_BY_GIVING_BACK,
)
_BY_SCANS: Final = ("shipments.scanned", "shipments.ask_courier", "shipments.ask_couriers")
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
                entailed_by=(
                    "shipments.delivered",
                    "shipments.collected",
                    "licences.grant",
                    *_BY_SCANS,
                    "orders.cancel",
                    "orders.edit",
                    *_BY_MONEY,
                ),
            ),
            **_cancelling(S.PLACED),
            **_within(S.PLACED),
            e.AllowanceGranted: Edge(S.PLACED, ("orders.grant_allowance",), entailed_by=_BY_CLAIMS),
            e.AllowanceWithdrawn: Edge(
                S.PLACED,
                entailed_by=("returns.accept", "returns.undelivered", "orders.cancel", "orders.edit", *_BY_REPLACING),
            ),
            e.RefundWithheld: Edge(S.PLACED, entailed_by=("returns.accept",)),
            e.UnitsCancelled: Edge(S.PLACED, ("orders.cancel", "orders.edit")),
            e.OrderAmended: Edge(S.PLACED, ("orders.edit",), (not_given_up,), _BY_REPLACING),
            e.DestinationChanged: Edge(S.PLACED, ("orders.edit",)),
            **_blocks(S.PLACED),
            e.GoodsPlanned: Edge(S.PLACED, ("shipments.plan",), (shippable,)),
            e.GoodsUnplanned: Edge(
                S.PLACED, ("shipments.cancel", "shipments.picked"), entailed_by=("shipments.end_missed",)
            ),
            e.GoodsShipped: Edge(S.PLACED, ("shipments.hand_over",), (shippable,), entailed_by=_BY_LEAVING),
            e.GoodsDelivered: Edge(
                S.PLACED, ("shipments.delivered",), entailed_by=("shipments.collected", *_BY_GRANTING, *_BY_SCANS)
            ),
            e.DeliveryRevoked: Edge(S.PLACED, ("shipments.returning",), entailed_by=_BY_SCANS),
            e.GoodsUndelivered: Edge(S.PLACED, ("shipments.returned", "shipments.lost")),
            e.GoodsReopened: Edge(S.PLACED, ("shipments.reship",), entailed_by=("shipments.returned",)),
            e.GoodsAllocated: Edge(S.PLACED, ("orders.allocate",), entailed_by=("tick",)),
            e.PromiseMoved: Edge(S.PLACED, ("orders.allocate",), entailed_by=("tick",)),
            e.GoodsRelocated: Edge(S.PLACED, ("orders.relocate",)),
            e.GoodsReturned: Edge(S.PLACED, ("returns.accept", "returns.undelivered"), entailed_by=_BY_REPLACING),
        },
        S.COMPLETED: {
            e.GoodsReturned: Edge(
                S.PLACED, ("returns.accept",), entailed_by=_BY_REPLACING
            ),  # reopened until the money is settled
            e.RefundWithheld: Edge(
                S.PLACED, entailed_by=("returns.accept", *_BY_REPLACING)
            ),  # a gift alone brings money back
            e.AllowanceGranted: Edge(S.PLACED, ("orders.grant_allowance",), entailed_by=_BY_CLAIMS),
            e.OrderAmended: Edge(S.PLACED, ("orders.edit",), entailed_by=_BY_REPLACING),  # more is wanted
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
    changes = entering(ORDER.name, state, target) | changes_of(state, event)
    after = derive(state, version=state.version + 1, **changes)
    return after if after.book_rate is None else changed(after, accounts=added(state.accounts, legs(after, event)))
