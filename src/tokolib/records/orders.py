"""How orders are stored."""

from typing import Final

from tokolib.kernel.clock import sortable
from tokolib.kernel.rows import Facts, Row
from tokolib.orders import events as orders
from tokolib.orders.lifecycle import evolve as evolve_order
from tokolib.orders.model import Order
from tokolib.records import collections
from tokolib.records.record import Record


def _order_row(order: Order) -> Row:
    return {
        "reference": order.reference,
        "state": order.state.value,
        "payment": order.payment.value,
        "fulfilment": order.fulfilment.value,
        "returns": order.returns.value,
        "customer": order.customer,
        "cart_id": order.cart_id,
        "requested_at": sortable(order.requested_at),
        "due_until": sortable(order.due_until) if order.due_until else None,
        "currency": order.currency.code,
        "total": order.total.minor_units,
    }


def _order_facts(order: Order) -> Facts:
    return {
        collections.ORDER_LINES.name: [
            {
                "line_id": line.id,
                "sku": line.line.sku,
                "quantity": str(line.line.quantity.amount),
                "currency": order.currency.code,
                "net": line.line.net,
                "tax": sum(tax.amount for tax in line.line.taxes),
                "total": line.line.total,
                "shipped": line.shipped,
                "returned": line.returned_units,
            }
            for line in order.lines
        ]
    }


ORDERS: Final = Record(
    collection=collections.ORDERS,
    noun="order",
    cls=Order,
    evolve=evolve_order,
    events=(
        orders.OrderRequested,
        orders.OrderPlaced,
        orders.OrderCancelled,
        orders.OrderExpired,
        orders.OrderReinstated,
        orders.OrderCompleted,
        orders.PaymentCaptured,
        orders.PaymentReversed,
        orders.RefundPaid,
        orders.RefundUndone,
        orders.GoodsShipped,
        orders.GoodsDelivered,
        orders.GoodsReturned,
        orders.AllowanceGranted,
        orders.AllowanceWithdrawn,
        orders.BlockSet,
        orders.BlockLifted,
    ),
    row=_order_row,
    fact_rows=_order_facts,
)
