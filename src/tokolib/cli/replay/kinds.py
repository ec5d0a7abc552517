"""What a row is: goods that were sold, given, found, lost or brought back; a fee; or a correction of the books."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import attrs

from tokolib.cli.replay.documents import Document
from tokolib.cli.replay.reading import Row
from tokolib.pricing.model import ChargeKind


class Kind(StrEnum):
    """The kinds of rows. Each row has exactly one."""

    SALE = "sold"
    GIFT = "given as gifts"
    """Goods for nothing, to a customer: a line of an order all the same."""
    FOUND = "found in stock"
    """Goods for nothing and for nobody: the books had too few."""
    WRITE_OFF = "written off"
    """A negative quantity outside a cancellation: damaged, lost, thrown away."""
    CANCELLATION = "brought back"
    FEE = "fees"
    """No goods: postage, a manual entry, a commission. A charge of its order, or an adjustment."""
    ADJUSTMENT = "corrections"
    """A row of an adjustment document."""
    UNEXPLAINED = "unexplained"
    """Nothing that the file's description knows; it is listed."""


@attrs.frozen
class Fee:
    """A stock code that stands for no goods."""

    name: str
    kind: ChargeKind
    """What it is on an order."""


FEES: Final[Mapping[str, Fee]] = {
    "post": Fee("postage", ChargeKind.SHIPPING),
    "dot": Fee("web shop postage", ChargeKind.SHIPPING),
    "c2": Fee("carriage", ChargeKind.SHIPPING),
    "m": Fee("manual entry", ChargeKind.ADJUSTMENT),
    "d": Fee("discount", ChargeKind.ADJUSTMENT),
    "s": Fee("samples", ChargeKind.FEE),
    "bank charges": Fee("bank charges", ChargeKind.FEE),
    "amazonfee": Fee("Amazon fee", ChargeKind.FEE),
    "cruk": Fee("charity commission (CRUK)", ChargeKind.FEE),
    "b": Fee("bad debt", ChargeKind.ADJUSTMENT),
}
"""By SKU key. Gift vouchers are not here: the retailer counted a stock of them, so they are goods."""


def kind_of(row: Row, document: Document) -> Kind:
    """What *row* of *document* is."""
    if document.is_adjustment:
        return Kind.ADJUSTMENT
    if row.key in FEES:
        return Kind.FEE
    match (document.is_cancellation, row.quantity > 0, row.price > 0):
        case (True, False, _) if row.quantity and row.price >= 0:
            return Kind.CANCELLATION
        case (False, True, True):
            return Kind.SALE
        case (False, True, False) if row.price == 0:
            return Kind.GIFT if row.customer else Kind.FOUND
        case (False, False, False) if row.price == 0 and row.quantity:
            return Kind.WRITE_OFF
        case _:
            return Kind.UNEXPLAINED
