"""How orders are stored."""

from datetime import datetime
from typing import Final

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.effects.queue import place
from tokolib.kernel.clock import sortable
from tokolib.kernel.rows import Facts, Row
from tokolib.orders import events as orders
from tokolib.orders.lifecycle import evolve as evolve_order
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.places import awaits_since, grants_since
from tokolib.pricing.model import ChargeKind
from tokolib.records import collections
from tokolib.records.record import Record


def _order_row(order: Order) -> Row:
    parts: tuple[QuoteLine | QuoteCharge, ...] = (*(line.line for line in order.lines), *order.charges)
    shipping = sum(charge.total for charge in order.charges if charge.kind is ChargeKind.SHIPPING)
    goods = sum(line.line.total for line in order.lines)
    total = order.total.minor_units
    return {
        **_order_terms(order),
        "reference": order.reference,
        "state": order.state.value,
        "payment": order.payment.value,
        "fulfilment": order.fulfilment.value,
        "returns": order.returns.value,
        "customer": order.customer,
        "cart_id": order.cart_id,
        "requested_at": sortable(order.requested_at),
        "currency": order.currency.code,
        "currency_digits": order.currency.digits,
        "goods": goods,
        "discount": sum(_discount(part) for part in parts),
        "shipping": shipping,
        "other_charges": total - goods - shipping,
        "tax": sum(_tax(part) for part in parts),
        "total": total,
        "credited": order.credited,
        "written_off": order.written_off,
        "retained": order.retained,
        "captured": order.captured,
        "refunded": order.refunded,
        "channel": order.channel,
        "tender": order.tender,
        "delivery": order.delivery.method if order.delivery else None,
        "location": order.location,
        "quote_id": order.quote_id,
        "placed_at": _at(order.placed_at),
        "local_date": order.tax_date.isoformat(),
        "ending": order.ending,
        "sub_state": order.sub_state or None,
    }


def _order_terms(order: Order) -> Row:
    """Until when or since when it waits, and for what."""
    return {
        "due_until": _at(order.due_until),
        "lapses_at": _at(order.lapses_at),
        "waits": place(order.escalates_at, order.id),
        "awaits_since": _at(awaits_since(order)),
        "grants_since": _at(grants_since(order)),
    }


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else sortable(instant)


def _order_facts(order: Order) -> Facts:
    local_date = order.tax_date.isoformat()
    return {collections.ORDER_LINES.name: [_line_facts(line, order, local_date) for line in order.lines]}


def _line_facts(line: OrderLine, order: Order, local_date: str) -> Row:
    agreed = line.line
    return {
        "line_id": line.id,
        "product_id": agreed.product_id,
        "sku": agreed.sku,
        "sku_key": agreed.key,
        "name": agreed.name,
        "quantity": str(agreed.quantity.amount),
        "unit": agreed.unit.code,
        "step": str(agreed.unit.step),
        "steps": agreed.steps,
        "currency": order.currency.code,
        "base": agreed.base,
        "discount": _discount(agreed),
        "net": agreed.net,
        "tax": _tax(agreed),
        "total": agreed.total,
        "shipped": len(line.shipped),
        "delivered": len(line.delivered),
        "cancelled": len(line.cancelled),
        "returned": len(line.returned),
        "local_date": local_date,
    }


def _discount(part: QuoteLine | QuoteCharge) -> int:
    return sum(discount.amount for discount in part.discounts)


def _tax(part: QuoteLine | QuoteCharge) -> int:
    return sum(tax.amount for tax in part.taxes)


ORDERS: Final = Record(
    collection=collections.ORDERS,
    noun="order",
    cls=Order,
    evolve=evolve_order,
    events=(
        orders.OrderRequested,
        orders.OrderPlaced,
        orders.CancelRequested,
        orders.OrderCancelled,
        orders.UnitsCancelled,
        orders.OrderAmended,
        orders.DestinationChanged,
        orders.OrderExpired,
        orders.OrderReinstated,
        orders.OrderCompleted,
        orders.ReserveChanged,
        orders.DisputesChanged,
        orders.LossBooked,
        orders.LossRecovered,
        orders.PaymentCaptured,
        orders.PaymentReversed,
        orders.ShortfallWrittenOff,
        orders.WriteOffReversed,
        orders.ExcessRetained,
        orders.ExcessReleased,
        orders.RefundPaid,
        orders.RefundUndone,
        orders.GoodsShipped,
        orders.GoodsDelivered,
        orders.GoodsPlanned,
        orders.GoodsUnplanned,
        orders.DeliveryRevoked,
        orders.GoodsUndelivered,
        orders.GoodsReopened,
        orders.GoodsAllocated,
        orders.PromiseMoved,
        orders.GoodsRelocated,
        orders.GoodsReturned,
        orders.AllowanceGranted,
        orders.AllowanceWithdrawn,
        orders.DepositKept,
        orders.RefundWithheld,
        orders.BlockSet,
        orders.BlockLifted,
        orders.OrderRefined,
    ),
    row=_order_row,
    fact_rows=_order_facts,
)
