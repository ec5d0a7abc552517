"""Lots and serials: what is known of each, where it is, and how it moved."""

import re
from datetime import date, datetime
from typing import Final

import attrs

from tokolib.inventory.lots.errors import InvalidLot
from tokolib.inventory.model import MovementKind, StockState, Tracked
from tokolib.kernel.quantity import Counted, Quantity

LEDGER: Final = "lots"
"""The name of the ledger of what moved of each lot."""

_CODE: Final = re.compile(r"[A-Za-z0-9._/-]{1,60}", re.ASCII)


@attrs.frozen
class LotReceipt:
    """How much of a lot arrived; of a serial, one. The last day on which it may be used is its expiry date."""

    code: str
    quantity: Counted
    expires_on: date | None = None


@attrs.frozen
class Lot:
    """A lot of a SKU, or one serial number. It stays known when nothing of it is here any longer."""

    id: str
    version: int
    key: str
    sku: str
    code: str
    tracked: Tracked
    expires_on: date | None
    """The last day on which it may be used; None: it doesn't expire."""
    received_at: datetime
    places: tuple[str, ...] = ()
    """The resources where some of it may be: none is left out where there is."""
    blocked: str = ""
    """Why none of it may leave, such as a recall; empty where it may."""


@attrs.frozen
class LotLevel:
    """How much of a lot is at a place."""

    sku: str
    lot: str
    expires_on: date | None
    location: str
    state: StockState
    on_hand: Quantity
    blocked: str


@attrs.frozen
class LotMovement:
    """What moved of a lot with one movement of its SKU."""

    sku: str
    lot: str
    location: str
    state: StockState
    kind: MovementKind
    quantity: Quantity
    refers_to: str
    """A shipment, a return, a transfer; of an order whose stock was taken with the order, the order."""
    order_id: str
    """The order that it left for; empty for the other kinds."""
    at: datetime


def lot_id(key: str, code: str) -> str:
    """The id of a lot of a SKU key.

    Raises:
        InvalidLot: that can't be a code.
    """
    if not _CODE.fullmatch(code):
        raise InvalidLot(code)
    return f"lot_{key}|{code}"


def lot_resource(where: str, code: str) -> str:
    """The storage's name for what is of a lot at the resource *where*: `main|kopi-250|#L1`, `main|kopi|damaged#L1`.

    The bar before the mark is always there: a SKU may have a `#` in it, and no bar.
    """
    return f"{where}#{code}" if where.count("|") > 1 else f"{where}|#{code}"


def is_lot(resource: str) -> bool:
    """Whether a resource is a lot's."""
    return "#" in resource.partition("|")[2].partition("|")[2]


def split(resource: str) -> tuple[str, str]:
    """The resource that a lot's is a part of, and the lot's code."""
    where, _, code = resource.rpartition("#")
    return where.removesuffix("|"), code
