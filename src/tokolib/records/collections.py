"""What is declared of every kind of document: its columns, its indexes, its facts.

Declarations only: a storage can be opened and brought up to date without any room being loaded.
"""

from typing import Final

from tokolib.kernel.rows import Collection, Column, FactTable, Index

ORDER_LINES: Final = FactTable(
    "order_lines",
    (
        Column("line_id"),
        Column("product_id"),
        Column("sku"),
        Column("sku_key"),
        Column("name"),
        Column("quantity"),
        Column("unit"),
        Column("step"),
        Column("steps", "integer"),
        Column("currency"),
        Column("base", "integer"),
        Column("discount", "integer"),
        Column("net", "integer"),
        Column("tax", "integer"),
        Column("total", "integer"),
        Column("shipped", "integer"),
        Column("delivered", "integer"),
        Column("cancelled", "integer"),
        Column("returned", "integer"),
        Column("local_date"),
    ),
)

PAYMENT_OPERATIONS: Final = FactTable(
    "payment_operations",
    (
        Column("operation_id"),
        Column("order_id"),
        Column("kind"),
        Column("state"),
        Column("provider"),
        Column("currency"),
        Column("currency_digits", "integer"),
        Column("amount", "integer"),
        Column("attempt", "integer"),
        Column("reference"),
        Column("about"),
        Column("reason"),
        Column("failure"),
        Column("requested_at"),
    ),
)

SETTINGS: Final = Collection("settings")

PRODUCTS: Final = Collection(
    "products",
    columns=(Column("sku"), Column("status"), Column("external_id", null=True)),
    indexes=(
        Index("sku", ("sku",)),
        Index("status", ("status", "sku")),
        Index("external_id", ("external_id",), unique=True, sparse=True),
    ),
)

SKUS: Final = Collection(
    "skus",
)

TYPES: Final = Collection(
    "product_types",
    columns=(Column("code"),),
    indexes=(Index("code", ("code",), unique=True),),
)

CATEGORIES: Final = Collection(
    "categories",
)

PRICE_LISTS: Final = Collection(
    "price_lists",
    columns=(Column("currency"), Column("active", "integer")),
    indexes=(Index("by_currency", ("currency", "active")),),
)

PRICES: Final = Collection(
    "prices",
    columns=(Column("list_id"), Column("key")),
    indexes=(Index("by_list", ("list_id", "key"), unique=True),),
)

PROMOTIONS: Final = Collection(
    "promotions",
    columns=(Column("active", "integer"), Column("by_coupon", "integer")),
    indexes=(Index("running", ("active", "by_coupon")),),
)

COUPONS: Final = Collection(
    "coupons",
    columns=(Column("promotion_id"), Column("code")),
    indexes=(Index("by_promotion", ("promotion_id", "code")),),
)

CHARGE_RULES: Final = Collection(
    "charge_rules",
    columns=(Column("active", "integer"),),
    indexes=(Index("running", ("active",)),),
)

LOCATIONS: Final = Collection(
    "locations",
    indexes=(Index("by_id", ()),),
)

STOCK_BUFFERS: Final = Collection(
    "stock_buffers",
    indexes=(Index("by_id", ()),),
)

BACKORDERS: Final = Collection(
    "backorders",
    indexes=(Index("by_id", ()),),
)

STOCK_ITEMS: Final = Collection(
    "stock_items",
    columns=(Column("sku"), Column("unit"), Column("step")),
)

TRANSFERS: Final = Collection(
    "transfers",
    columns=(Column("state"), Column("source"), Column("target")),
    indexes=(Index("by_state", ("state",)),),
)

COUNTS: Final = Collection(
    "counts",
    columns=(Column("state"), Column("location")),
    indexes=(Index("by_state", ("state",)),),
)

LOTS: Final = Collection(
    "lots",
    columns=(Column("key"), Column("code"), Column("expires_on"), Column("stocked", "integer")),
    indexes=(Index("by_expiry", ("key", "stocked", "expires_on")),),
)

EXPECTED_RECEIPTS: Final = Collection(
    "expected_receipts",
    columns=(Column("place"), Column("expected_on"), Column("open", "integer")),
    indexes=(Index("by_day", ("place", "open", "expected_on")),),
)

DELIVERY_METHODS: Final = Collection(
    "delivery_methods",
    columns=(Column("status"),),
    indexes=(Index("status", ("status",)),),
)

RATE_SHEETS: Final = Collection(
    "rate_sheets",
    columns=(Column("method"),),
    indexes=(Index("method", ("method",)),),
)

CARTS: Final = Collection(
    "carts",
    columns=(Column("token"), Column("customer", null=True), Column("status"), Column("touched_at")),
    indexes=(
        Index("by_token", ("token",), unique=True),
        Index("by_customer", ("customer", "status"), sparse=True),
        Index("by_activity", ("status", "touched_at")),
    ),
)

QUOTES: Final = Collection(
    "quotes",
    columns=(Column("cart_id"),),
    indexes=(Index("by_cart", ("cart_id",)),),
)

OFFERS: Final = Collection(
    "offers",
    columns=(Column("cart_id"), Column("state"), Column("until")),
    indexes=(Index("by_state", ("state", "until")), Index("by_cart", ("cart_id",))),
)

FOREIGN_ORDERS: Final = Collection(
    "foreign_orders",
    columns=(Column("source"), Column("number"), Column("order_id"), Column("differs", "integer")),
    indexes=(
        Index("by_number", ("source", "number"), unique=True),
        Index("by_order", ("order_id",)),
        Index("differing", ("differs",)),
    ),
)

ORDERS: Final = Collection(
    "orders",
    columns=(
        Column("reference"),
        Column("state"),
        Column("payment"),
        Column("fulfilment"),
        Column("returns"),
        Column("customer", null=True),
        Column("cart_id", null=True),
        Column("requested_at"),
        Column("due_until", null=True),
        Column("currency"),
        Column("currency_digits", "integer"),
        Column("goods", "integer"),
        Column("discount", "integer"),
        Column("shipping", "integer"),
        Column("other_charges", "integer"),
        Column("tax", "integer"),
        Column("total", "integer"),
        Column("credited", "integer"),
        Column("written_off", "integer"),
        Column("retained", "integer"),
        Column("captured", "integer"),
        Column("refunded", "integer"),
        Column("channel"),
        Column("tender"),
        Column("delivery", null=True),
        Column("location"),
        Column("quote_id", null=True),
        Column("placed_at", null=True),
        Column("local_date"),
        Column("ending"),
        Column("sub_state", null=True),
        Column("lapses_at", null=True),
        Column("waits", null=True),
        Column("awaits_since", null=True),
        Column("grants_since", null=True),
    ),
    indexes=(
        Index("by_reference", ("reference",), unique=True),
        Index("by_time", ("requested_at",)),
        Index("by_state", ("state", "requested_at")),
        Index("by_due", ("state", "due_until"), sparse=True),
        Index("by_customer", ("customer", "requested_at"), sparse=True),
        Index("by_customer_state", ("customer", "state", "requested_at"), sparse=True),
        Index("by_sub_state", ("sub_state", "requested_at"), sparse=True),
        Index("lapses", ("lapses_at",), sparse=True),
        Index("waits", ("waits",), sparse=True),
        Index("awaiting", ("awaits_since",), sparse=True),
        Index("grants", ("grants_since",), sparse=True),
    ),
    facts=(ORDER_LINES,),
)

TENDERS: Final = Collection(
    "tenders",
    indexes=(Index("by_id", ()),),
)

PAYMENT_PLANS: Final = Collection(
    "payment_plans",
    indexes=(Index("by_id", ()),),
)

INTENTS: Final = Collection(
    "intents",
    columns=(
        Column("order_id"),
        Column("ask_at", null=True),
        Column("notice_at", null=True),
        Column("absent", null=True),
        Column("waits", null=True),
        Column("payout", null=True),
    ),
    indexes=(
        Index("order", ("order_id",), unique=True),
        Index("ask", ("ask_at",), sparse=True),
        Index("notice", ("notice_at",), sparse=True),
        Index("absent", ("absent",), sparse=True),
        Index("waits", ("waits",), sparse=True),
        Index("payout", ("payout",), sparse=True),
    ),
    facts=(PAYMENT_OPERATIONS,),
)

QUARANTINES: Final = Collection(
    "quarantines",
    columns=(Column("waits", null=True),),
    indexes=(Index("waits", ("waits",), sparse=True),),
)

GIFT_CARDS: Final = Collection(
    "gift_cards",
    columns=(Column("digest"), Column("state"), Column("valid_until")),
    indexes=(Index("by_digest", ("digest",), unique=True), Index("by_date", ("state", "valid_until"))),
)

CREDIT_GRANTS: Final = Collection(
    "credit_grants",
    columns=(Column("customer"), Column("currency"), Column("state"), Column("valid_until")),
    indexes=(
        Index("by_customer", ("customer", "currency", "state", "valid_until")),
        Index("by_date", ("state", "valid_until")),
    ),
)

SHIPMENTS: Final = Collection(
    "shipments",
    columns=(
        Column("order_id"),
        Column("number", "integer"),
        Column("state"),
        Column("wait", null=True),
        Column("tracking", null=True),
        Column("ask_at", null=True),
        Column("collect_by", null=True),
        Column("missed", null=True),
        Column("sub_state", null=True),
    ),
    indexes=(
        Index("by_order", ("order_id", "number"), unique=True),
        Index("by_state", ("state",)),
        Index("by_wait", ("wait",), sparse=True),
        Index("by_tracking", ("tracking",), sparse=True),
        Index("by_ask", ("ask_at",), sparse=True),
        Index("by_collect", ("collect_by",), sparse=True),
        Index("by_missed", ("missed",), sparse=True),
        Index("by_sub_state", ("sub_state",), sparse=True),
    ),
)

LABELS: Final = Collection(
    "labels",
    columns=(
        Column("shipment_id"),
        Column("account"),
        Column("state"),
        Column("ask_at", null=True),
        Column("absent", null=True),
        Column("waits", null=True),
    ),
    indexes=(
        Index("by_shipment", ("shipment_id",)),
        Index("ask", ("ask_at",), sparse=True),
        Index("absent", ("absent",), sparse=True),
        Index("waits", ("waits",), sparse=True),
    ),
)

PICKUPS: Final = Collection(
    "pickups",
    columns=(
        Column("account"),
        Column("state"),
        Column("comes"),
        Column("ask_at", null=True),
        Column("absent", null=True),
        Column("waits", null=True),
    ),
    indexes=(
        Index("by_state", ("state", "comes")),
        Index("ask", ("ask_at",), sparse=True),
        Index("absent", ("absent",), sparse=True),
        Index("waits", ("waits",), sparse=True),
    ),
)

MANIFESTS: Final = Collection(
    "manifests",
    columns=(Column("number", "integer"), Column("account")),
    indexes=(
        Index("by_number", ("number",), unique=True),
        Index("by_account", ("account", "number")),
    ),
)

LICENCES: Final = Collection(
    "licences",
    columns=(Column("sku_key"), Column("state"), Column("order_id", null=True)),
    indexes=(
        Index("by_sku", ("sku_key", "state")),
        Index("by_order", ("order_id",), sparse=True),
    ),
)

RETURNS: Final = Collection(
    "returns",
    columns=(
        Column("order_id"),
        Column("state"),
        Column("lapses_at", null=True),
        Column("sub_state", null=True),
        Column("unused", null=True),
    ),
    indexes=(
        Index("by_order", ("order_id",)),
        Index("by_state", ("state",)),
        Index("lapses", ("lapses_at",), sparse=True),
        Index("by_sub_state", ("sub_state",), sparse=True),
        Index("by_unused", ("unused",), sparse=True),
    ),
)

RETURN_LABELS: Final = Collection(
    "return_labels",
    columns=(
        Column("return_id"),
        Column("account"),
        Column("state"),
        Column("ask_at", null=True),
        Column("absent", null=True),
        Column("waits", null=True),
    ),
    indexes=(
        Index("by_return", ("return_id",)),
        Index("by_state", ("state",)),
        Index("ask", ("ask_at",), sparse=True),
        Index("absent", ("absent",), sparse=True),
        Index("waits", ("waits",), sparse=True),
    ),
)

EXCHANGES: Final = Collection(
    "exchanges",
    columns=(Column("order_id"), Column("return_id"), Column("state"), Column("lapses_at", null=True)),
    indexes=(
        Index("by_order", ("order_id",)),
        Index("by_state", ("state",)),
        Index("lapses", ("lapses_at",), sparse=True),
    ),
)

CLAIMS: Final = Collection(
    "claims",
    columns=(Column("order_id"), Column("state"), Column("kind"), Column("remedy")),
    indexes=(Index("by_order", ("order_id",)), Index("by_state", ("state",))),
)

INVOICES: Final = Collection(
    "invoices",
    columns=(Column("order_id"), Column("number")),
    indexes=(Index("by_order", ("order_id",)), Index("by_number", ("number",), unique=True)),
)

SERIES: Final = Collection(
    "series",
    columns=(Column("name"),),
    indexes=(Index("by_id", ("name",), unique=True),),
)

TAX_FILINGS: Final = Collection(
    "tax_filings",
    columns=(
        Column("order_id"),
        Column("provider"),
        Column("state"),
        Column("ask_at", null=True),
        Column("absent", null=True),
        Column("waits", null=True),
        Column("by_hand", null=True),
    ),
    indexes=(
        Index("ask", ("ask_at",), sparse=True),
        Index("absent", ("absent",), sparse=True),
        Index("waits", ("waits",), sparse=True),
        Index("by_hand", ("by_hand",), sparse=True),
    ),
)

SETTLEMENTS: Final = Collection(
    "settlements",
    columns=(
        Column("provider"),
        Column("batch"),
        Column("payout"),
        Column("kind"),
        Column("settled_on"),
        Column("standing"),
        Column("why"),
        Column("taken_at"),
        Column("order_id", null=True),
        Column("operation_id", null=True),
        Column("currency"),
        Column("currency_digits", "integer"),
        Column("gross", "integer"),
        Column("fee", "integer"),
        Column("fee_tax", "integer"),
        Column("withheld", "integer"),
        Column("net", "integer"),
        Column("waits", null=True),
        Column("shipment_id", null=True),
        Column("claim_due", null=True),
        Column("paid", "integer", null=True),
    ),
    indexes=(
        Index("waits", ("waits",), sparse=True),
        Index("by_order", ("order_id",), sparse=True),
        Index("by_claim", ("claim_due",), sparse=True),
        Index("by_paid", ("paid",), sparse=True),
        Index("by_operation", ("operation_id",), unique=True, sparse=True),
        Index("by_day", ("provider", "settled_on")),
        Index("by_standing", ("standing", "taken_at")),
    ),
)

BANK_LINES: Final = Collection(
    "bank_lines",
    columns=(
        Column("account"),
        Column("standing"),
        Column("booked_on"),
        Column("currency"),
        Column("currency_digits", "integer"),
        Column("amount", "integer"),
        Column("matched_with", null=True),
    ),
    indexes=(Index("by_account", ("account", "standing", "booked_on")),),
)

COLLECTIONS: Final = (
    SETTINGS,
    PRODUCTS,
    SKUS,
    TYPES,
    CATEGORIES,
    PRICE_LISTS,
    PRICES,
    PROMOTIONS,
    COUPONS,
    CHARGE_RULES,
    LOCATIONS,
    STOCK_BUFFERS,
    BACKORDERS,
    STOCK_ITEMS,
    TRANSFERS,
    COUNTS,
    LOTS,
    EXPECTED_RECEIPTS,
    DELIVERY_METHODS,
    RATE_SHEETS,
    CARTS,
    QUOTES,
    OFFERS,
    FOREIGN_ORDERS,
    ORDERS,
    TENDERS,
    PAYMENT_PLANS,
    INTENTS,
    QUARANTINES,
    GIFT_CARDS,
    CREDIT_GRANTS,
    SHIPMENTS,
    LABELS,
    PICKUPS,
    MANIFESTS,
    LICENCES,
    RETURNS,
    RETURN_LABELS,
    EXCHANGES,
    CLAIMS,
    INVOICES,
    SERIES,
    TAX_FILINGS,
    SETTLEMENTS,
    BANK_LINES,
)
"""Every collection of a shop."""
