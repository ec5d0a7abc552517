"""What is declared of every kind of document: its columns, its indexes, its facts.

Declarations only: a storage can be opened and brought up to date without any room being loaded.
"""

from typing import Final

from tokolib.kernel.rows import Collection, Column, FactTable, Index

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

SETTINGS: Final = Collection("settings")

PRODUCTS: Final = Collection(
    "products",
    columns=(Column("sku"), Column("status"), Column("external_id", null=True)),
    indexes=(
        Index("sku", ("sku",)),
        Index("status", ("status", "sku")),
        Index("external_id", ("external_id",), unique=True),
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

LOCATIONS: Final = Collection(
    "locations",
    indexes=(Index("by_id", ()),),
)

STOCK_ITEMS: Final = Collection(
    "stock_items",
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
        Index("by_customer", ("customer", "status")),
        Index("by_activity", ("status", "touched_at")),
    ),
)

QUOTES: Final = Collection(
    "quotes",
    columns=(Column("cart_id"),),
    indexes=(Index("by_cart", ("cart_id",)),),
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
        Column("total", "integer"),
    ),
    indexes=(
        Index("by_reference", ("reference",), unique=True),
        Index("by_time", ("requested_at",)),
        Index("by_state", ("state", "requested_at")),
        Index("by_due", ("state", "due_until")),
        Index("by_customer", ("customer", "requested_at")),
        Index("by_customer_state", ("customer", "state", "requested_at")),
        Index("by_cart", ("cart_id",)),
    ),
    facts=(ORDER_LINES,),
)

INTENTS: Final = Collection(
    "intents",
    columns=(Column("order_id"), Column("ask_at", null=True)),
    indexes=(Index("order", ("order_id",), unique=True), Index("ask", ("ask_at",))),
)

QUARANTINES: Final = Collection(
    "quarantines",
)

SHIPMENTS: Final = Collection(
    "shipments",
    columns=(Column("order_id"), Column("number", "integer")),
    indexes=(Index("by_order", ("order_id", "number"), unique=True),),
)

RETURNS: Final = Collection(
    "returns",
    columns=(Column("order_id"), Column("state")),
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
    LOCATIONS,
    STOCK_ITEMS,
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
"""Every collection of a shop."""
