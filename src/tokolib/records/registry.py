"""Which record keeps what, loaded when it is first asked for, so that a shop opens without loading every room."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from importlib import import_module
from typing import Any, Final

from tokolib.kernel.unit import Repositories, Unit
from tokolib.records.record import Record
from tokolib.records.repository import DocumentRepository, Reader
from tokolib.records.shelf import Shelves

HOMES: Final[Mapping[str, tuple[str, str]]] = {
    "settings": ("settings", "SETTINGS"),
    "products": ("catalog", "PRODUCTS"),
    "skus": ("catalog", "SKUS"),
    "product_types": ("catalog", "TYPES"),
    "categories": ("catalog", "CATEGORIES"),
    "price_lists": ("pricing", "PRICE_LISTS"),
    "prices": ("pricing", "PRICES"),
    "promotions": ("pricing", "PROMOTIONS"),
    "coupons": ("pricing", "COUPONS"),
    "charge_rules": ("pricing", "CHARGE_RULES"),
    "locations": ("inventory", "LOCATIONS"),
    "stock_buffers": ("inventory", "STOCK_BUFFERS"),
    "backorders": ("inventory", "BACKORDERS"),
    "stock_items": ("inventory", "STOCK_ITEMS"),
    "transfers": ("inventory", "TRANSFERS"),
    "counts": ("inventory", "COUNTS"),
    "lots": ("inventory", "LOTS"),
    "expected_receipts": ("inventory", "EXPECTED_RECEIPTS"),
    "delivery_methods": ("shipping", "DELIVERY_METHODS"),
    "rate_sheets": ("shipping", "RATE_SHEETS"),
    "carts": ("cart", "CARTS"),
    "quotes": ("checkout", "QUOTES"),
    "offers": ("offers", "OFFERS"),
    "foreign_orders": ("foreign", "FOREIGN_ORDERS"),
    "orders": ("orders", "ORDERS"),
    "tenders": ("payments", "TENDERS"),
    "payment_plans": ("payments", "PAYMENT_PLANS"),
    "intents": ("payments", "INTENTS"),
    "quarantines": ("payments", "QUARANTINES"),
    "gift_cards": ("stored_value", "GIFT_CARDS"),
    "credit_grants": ("stored_value", "CREDIT_GRANTS"),
    "shipments": ("fulfilment", "SHIPMENTS"),
    "labels": ("fulfilment", "LABELS"),
    "pickups": ("fulfilment", "PICKUPS"),
    "manifests": ("fulfilment", "MANIFESTS"),
    "licences": ("fulfilment", "LICENCES"),
    "returns": ("returns", "RETURNS"),
    "return_labels": ("returns", "RETURN_LABELS"),
    "exchanges": ("returns", "EXCHANGES"),
    "claims": ("returns", "CLAIMS"),
    "invoices": ("documents", "INVOICES"),
    "series": ("documents", "SERIES"),
    "tax_filings": ("documents", "TAX_FILINGS"),
    "settlements": ("reconciliation", "SETTLEMENTS"),
    "bank_lines": ("reconciliation", "BANK_LINES"),
}
"""The file of this package, and the name in it, that declares each record."""

REMEMBERED: Final = 8192
"""How many decoded bodies of one kind a shop remembers."""


@cache
def record(name: str) -> Record[Any]:
    """The record by the name of its port."""
    file, constant = HOMES[name]
    found: Record[Any] = getattr(import_module(f"tokolib.records.{file}"), constant)
    return found


def all_records() -> tuple[Record[Any], ...]:
    """Every record; loads every room."""
    return tuple(record(name) for name in HOMES)


def repositories() -> Repositories:
    """What `unit[PORT]` is answered with, by the port's name, for one shop.

    Reference data (products, prices, settings, ...) is read far more often than it changes: what was answered once is
    not asked again while the partition's mark says that nothing has changed (`records.shelf`), and a body that was
    decoded once is not decoded again after it has: what is remembered of it is what the very bytes say.
    """
    shelves = Shelves()
    made: dict[str, Callable[[Unit], DocumentRepository[Any]]] = {}

    def first(name: str, unit: Unit) -> DocumentRepository[Any]:
        """The first one of its kind, which finds out how all of them are made."""
        kept = record(name)
        read: Reader[Any] = lru_cache(maxsize=REMEMBERED)(kept.read) if kept.reference else kept.read
        made[name] = partial(DocumentRepository, kept, read, shelves)
        return made[name](unit)

    made.update({name: partial(first, name) for name in HOMES})
    return made
