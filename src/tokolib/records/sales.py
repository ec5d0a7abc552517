"""How settings, delivery, carts, quotes, orders, payments, shipments, returns and documents are stored."""

from typing import Final

from tokolib.cart import events as cart
from tokolib.cart.lifecycle import evolve as evolve_cart
from tokolib.cart.model import Cart
from tokolib.checkout.events import QuoteMade
from tokolib.checkout.model import Quote
from tokolib.documents import events as documents
from tokolib.documents.lifecycle import evolve_document, evolve_series
from tokolib.documents.model import Invoice, Series
from tokolib.fulfilment import events as fulfilment
from tokolib.fulfilment.lifecycle import evolve as evolve_shipment
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.clock import sortable
from tokolib.kernel.settings import SettingsChanged, ShopSettings
from tokolib.kernel.settings import evolve as evolve_settings
from tokolib.kernel.storage import Column, Facts, FactTable, Index, Row
from tokolib.orders import events as orders
from tokolib.orders.lifecycle import evolve as evolve_order
from tokolib.orders.model import Order
from tokolib.payments import events as payments
from tokolib.payments.lifecycle import evolve as evolve_intent
from tokolib.payments.lifecycle import evolve_quarantine
from tokolib.payments.model import Intent, Quarantine
from tokolib.records.record import Record
from tokolib.returns import events as returns
from tokolib.returns.lifecycle import evolve as evolve_return
from tokolib.returns.model import Return
from tokolib.shipping import events as shipping
from tokolib.shipping.lifecycle import evolve as evolve_method
from tokolib.shipping.lifecycle import evolve_sheet
from tokolib.shipping.model import DeliveryMethod, RateSheet

SETTINGS: Final = Record(
    name="settings",
    noun="configuration",
    cls=ShopSettings,
    evolve=evolve_settings,
    reference=True,
    events=(SettingsChanged,),
)

DELIVERY_METHODS: Final = Record(
    name="delivery_methods",
    noun="delivery method",
    cls=DeliveryMethod,
    evolve=evolve_method,
    reference=True,
    events=(shipping.MethodPut, shipping.MethodWithdrawn),
    columns=(Column("status"),),
    indexes=(Index("status", ("status",)),),
    row=lambda method: {"status": "active" if method.active else "withdrawn"},
)

RATE_SHEETS: Final = Record(
    name="rate_sheets",
    noun="rate sheet",
    cls=RateSheet,
    evolve=evolve_sheet,
    reference=True,
    events=(shipping.RatesPut,),
    columns=(Column("method"),),
    indexes=(Index("method", ("method",)),),
    row=lambda sheet: {"method": sheet.method},
)

CARTS: Final = Record(
    name="carts",
    noun="cart",
    cls=Cart,
    evolve=evolve_cart,
    events=(
        cart.CartStarted,
        cart.LinesAdded,
        cart.QuantitySet,
        cart.LineRemoved,
        cart.CouponAdded,
        cart.CouponRemoved,
        cart.DeliveryChosen,
        cart.CustomerKnown,
        cart.CartMerged,
        cart.CartMergedAway,
        cart.CartCompleted,
        cart.CartReopened,
        cart.CartAbandoned,
        cart.CartExpired,
    ),
    columns=(Column("token"), Column("customer", null=True), Column("status"), Column("touched_at")),
    indexes=(
        Index("by_token", ("token",), unique=True),
        Index("by_customer", ("customer", "status")),
        Index("by_activity", ("status", "touched_at")),
    ),
    row=lambda one: {
        "token": one.token_hash,
        "customer": one.customer,
        "status": one.status.value,
        "touched_at": sortable(one.touched_at),
    },
)

QUOTES: Final = Record(
    name="quotes",
    noun="quote",
    cls=Quote,
    evolve=None,
    events=(QuoteMade,),
    columns=(Column("cart_id"),),
    indexes=(Index("by_cart", ("cart_id",)),),
    row=lambda quote: {"cart_id": quote.cart_id},
)

ORDER_LINES: Final = FactTable(
    "order_lines",
    (
        Column("line_id"),
        Column("sku"),
        Column("quantity"),
        Column("currency"),
        Column("net", "integer"),
        Column("tax", "integer"),
        Column("total", "integer"),
        Column("shipped", "integer"),
        Column("returned", "integer"),
    ),
)


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
        ORDER_LINES.name: [
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
    name="orders",
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
        orders.BlockSet,
        orders.BlockLifted,
    ),
    columns=(
        Column("reference"),
        Column("state"),
        Column("payment"),
        Column("fulfilment"),
        Column("returns"),
        Column("customer", null=True),
        Column("cart_id"),
        Column("requested_at"),
        Column("due_until", null=True),
        Column("currency"),
        Column("total", "integer"),
    ),
    indexes=(
        Index("by_reference", ("reference",), unique=True),
        Index("by_time", ("requested_at",)),
        Index("by_state", ("state", "requested_at")),
        Index("by_due", ("state", "due_until")),
        Index("by_customer", ("customer", "requested_at")),
        Index("by_cart", ("cart_id",)),
    ),
    row=_order_row,
    facts=(ORDER_LINES,),
    fact_rows=_order_facts,
)

INTENTS: Final = Record(
    name="intents",
    noun="payment",
    cls=Intent,
    evolve=evolve_intent,
    events=(
        payments.IntentOpened,
        payments.OperationRequested,
        payments.OperationLeased,
        payments.Observed,
        payments.ObservationSetAside,
        payments.AmountChanged,
        payments.IntentClosed,
        payments.IntentReopened,
    ),
    columns=(Column("order_id"), Column("ask_at", null=True)),
    indexes=(Index("order", ("order_id",), unique=True), Index("ask", ("ask_at",))),
    row=lambda intent: {
        "order_id": intent.order_id,
        "ask_at": sortable(intent.ask_at) if intent.ask_at else None,
    },
)

QUARANTINES: Final = Record(
    name="quarantines",
    noun="quarantined observation",
    cls=Quarantine,
    evolve=evolve_quarantine,
    events=(payments.ObservationQuarantined,),
)

SHIPMENTS: Final = Record(
    name="shipments",
    noun="shipment",
    cls=Shipment,
    evolve=evolve_shipment,
    events=(fulfilment.ShipmentHandedOver, fulfilment.ShipmentDelivered, fulfilment.TrackingSet),
    columns=(Column("order_id"), Column("number", "integer")),
    indexes=(Index("by_order", ("order_id", "number"), unique=True),),
    row=lambda shipment: {"order_id": shipment.order_id, "number": shipment.number},
)

RETURNS: Final = Record(
    name="returns",
    noun="return",
    cls=Return,
    evolve=evolve_return,
    events=(returns.ReturnRequested, returns.ReturnAccepted, returns.ReturnRejected),
    columns=(Column("order_id"), Column("state")),
    indexes=(Index("by_order", ("order_id",)), Index("by_state", ("state",))),
    row=lambda goods: {"order_id": goods.order_id, "state": goods.state.value},
)

INVOICES: Final = Record(
    name="invoices",
    noun="invoice",
    cls=Invoice,
    evolve=evolve_document,
    events=(documents.DocumentIssued,),
    columns=(Column("order_id"), Column("number")),
    indexes=(Index("by_order", ("order_id",)), Index("by_number", ("number",), unique=True)),
    row=lambda document: {"order_id": document.order_id, "number": document.number},
)

SERIES: Final = Record(
    name="series",
    noun="number series",
    cls=Series,
    evolve=evolve_series,
    events=(documents.SeriesOpened, documents.NumberTaken),
    columns=(Column("name"),),
    indexes=(Index("by_id", ("name",), unique=True),),
    row=lambda series: {"name": series.name},
)

RECORDS: Final = (
    SETTINGS,
    DELIVERY_METHODS,
    RATE_SHEETS,
    CARTS,
    QUOTES,
    ORDERS,
    INTENTS,
    QUARANTINES,
    SHIPMENTS,
    RETURNS,
    INVOICES,
    SERIES,
)
