"""Which fields of an order an event changes, beside its state and its axes."""

from collections.abc import Sequence
from typing import Any

from tokolib.checkout.lines import without
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.ids import LocationId
from tokolib.kernel.refinement import moved
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders import events as e
from tokolib.orders.lines import OrderLine, Run, by_line
from tokolib.orders.model import Cancellation, Order
from tokolib.orders.places import moved_to, sources_of
from tokolib.orders.returnable import order_lines
from tokolib.orders.withheld import clawed


def changes_of(order: Order, event: Event) -> dict[str, Any]:
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
        case e.CancelRequested(wish=wish):
            return {"cancel_requested": wish}
        case e.BlockSet(block=block):
            same = (block.code, block.owner)
            return {"blocks": (*(b for b in order.blocks if (b.code, b.owner) != same), block)}
        case e.BlockLifted(code=code, owner=owner):
            return {"blocks": tuple(b for b in order.blocks if (b.code, b.owner) != (code, owner))}
        case e.OrderRefined(sub_state=sub_state):
            return {"sub_state": moved("order", order, sub_state)}
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
        case e.GoodsAllocated(runs=runs, holds=holds):
            return {"lines": _allocated(order, runs), "holds": holds}
        case e.GoodsRelocated(location=location, runs=runs, holds=holds):
            return {"lines": _relocated(order, runs, location), "holds": holds}
        case e.PromiseMoved(line_id=id, awaited=awaited):
            moved_on = [changed(line, awaited=awaited) if line.id == id else line for line in order.lines]
            return {"lines": tuple(moved_on)}
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
        "lines": (*lines, *order_lines(event.lines, event.grounds.lines, order.return_policy)),
        "charges": (
            *(changed(charge, shares=(*charge.shares, *nothing)) for charge in order.charges),
            *event.charges,
        ),
        "holds": event.holds,
        "amendments": (*order.amendments, event.amendment),
    }


def _money(order: Order, event: Event) -> dict[str, Any]:
    match event:
        case e.AllowanceGranted(amount=amount):
            return {"credited": order.credited + amount, "allowed": order.allowed + amount}
        case e.AllowanceWithdrawn(amount=amount):
            return {"credited": order.credited - amount, "allowed": order.allowed - amount}
        case e.DepositKept(amount=amount):
            return {"credited": order.credited - amount, "forfeited": order.forfeited + amount}
        case e.RefundWithheld(amount=amount, parts=parts):
            kept = {"withheld": order.withheld + amount, "clawed": clawed(order.clawed, parts)}
            return {"credited": order.credited - amount, **kept}
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
    moved = by_line(runs)
    return tuple(_moved(line, moved[line.id], into, out_of) if line.id in moved else line for line in order.lines)


def _allocated(order: Order, runs: Sequence[Run]) -> tuple[OrderLine, ...]:
    """The lines of *order*, of which *runs* of units wait no longer."""
    given = by_line(runs)
    return tuple(
        changed(line, awaited=without(line.awaited, given[line.id])) if line.id in given else line
        for line in order.lines
    )


def _relocated(order: Order, runs: Sequence[Run], location: LocationId) -> tuple[OrderLine, ...]:
    """The lines of *order*, of which *runs* of units leave from *location*, where they are."""
    here = by_line(runs)

    def moved(line: OrderLine) -> OrderLine:
        units = here[line.id]
        sources = moved_to(sources_of(order, line), units, location)
        return changed(line, sources=sources, awaited=without(line.awaited, units))

    return tuple(moved(line) if line.id in here else line for line in order.lines)


def _moved(line: OrderLine, units: UnitSet, into: str, out_of: Sequence[str]) -> OrderLine:
    buckets = {name: getattr(line, name) - units for name in out_of if getattr(line, name)}
    if into:
        buckets[into] = getattr(line, into) | units
    return changed(line, **buckets)
