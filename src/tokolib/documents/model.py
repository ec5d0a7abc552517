"""Invoices and credit notes, and the series that numbers them.

An issued document copies everything it states, the parties included, so that neither a renamed product nor an
erased customer can change it: Indonesian tax books are kept for ten years (UU KUP art. 28(11)).
"""

from datetime import date, datetime
from enum import StrEnum

import attrs

from tokolib.documents.stated import StatedLine
from tokolib.documents.totals import DocumentAllowance, DocumentItem, DocumentTotals, document_allowances, stated_items
from tokolib.kernel.address import Address
from tokolib.kernel.ids import InvoiceId, OrderId
from tokolib.kernel.money import Currency, Money


class DocumentKind(StrEnum):
    """What a fiscal document does."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@attrs.frozen
class Invoice:
    """An issued fiscal document."""

    id: InvoiceId
    version: int
    kind: DocumentKind
    number: str
    """Printed: `INV/2026/000001`."""
    series: str
    serial: int
    """Counts from 1 within the series, without a gap."""
    order_id: OrderId
    order_reference: str
    issued_at: datetime
    issued_on: date
    """In the shop's zone."""
    tax_date: date
    """The day whose tax rules hold (BT-7), which is that of the supply (BT-72); of a credit note, that of the sale."""
    currency: Currency
    lines: tuple[StatedLine, ...]
    """Goods, then charges."""
    totals: DocumentTotals
    """As EN 16931 defines them; of a credit note they are what goes back."""
    written_off: int = 0
    """What of the amount already paid (BT-113) never came, and was let be within the shop's tolerance; minor units."""
    cause: str = ""
    """What a credit note is of: the id of a return, or of a cancellation of the order. Of an invoice that states what
    edits have added: the id of the last of them; empty for the first invoice of an order."""
    corrects: str = ""
    """The number of the invoice that a credit note corrects."""
    buyer: Address | None = attrs.field(default=None, metadata={"personal": True})
    buyer_tax_id: str = attrs.field(default="", metadata={"personal": True})
    """BT-48: the id under which the buyer is known for tax; empty where none was told."""
    buyer_tax_id_country: str = ""
    """Who gave that id: ISO 3166-1."""
    seller_tax_id: str = ""
    """BT-31: the number of the registration that its tax is charged by, or the shop's own; empty where none is told.

    Where nothing is taxed (category O alone) it is the seller's tax registration, BT-32: BR-O-02 allows no other.
    """

    @property
    def subject(self) -> str:
        """What it was issued for: one invoice of an order and of what edits added, one note of a return or cancellation
        for each invoice that it corrects.
        """
        return subject(self.kind, self.cause or self.order_id, self.corrects)

    def covers(self, id: str) -> bool:
        """Whether it states the line or charge of the order with that id; a kit, or a charge of several classes, is
        several lines, numbered behind it.
        """
        return any(line.id == id or line.id.startswith(f"{id}.") for line in self.lines)

    @property
    def is_of_cancellation(self) -> bool:
        """Whether it is a credit note of goods that never left."""
        return self.cause.startswith("can_")

    @property
    def total(self) -> Money:
        """What the buyer pays or gets back in all, tax included, whatever of it was paid before."""
        return Money(self.totals.with_tax - self.totals.borne, self.currency)

    @property
    def tax(self) -> Money:
        """All tax of the document."""
        return Money(self.totals.tax, self.currency)

    @property
    def allowances(self) -> tuple[DocumentAllowance, ...]:
        """What is taken off on document level (BG-20), by category; it is in the lines' `net` already."""
        return document_allowances(self.lines)

    @property
    def items(self) -> tuple[DocumentItem, ...]:
        """The amounts that its totals are made of, for `rule_misses`."""
        return stated_items(self.lines)


def subject(kind: DocumentKind, of: str, corrects: str = "") -> str:
    """The name under which a document of that kind is issued once."""
    return f"{kind}:{of}:{corrects}" if corrects else f"{kind}:{of}"


@attrs.frozen
class LostNumbers:
    """Numbers that documents outside have, and none here: the storage was restored from a backup before them."""

    series: str
    first: int
    last: int
    reason: str
    at: datetime

    @property
    def serials(self) -> range:
        """All of them."""
        return range(self.first, self.last + 1)

    @property
    def numbers(self) -> tuple[str, ...]:
        """As they are printed."""
        return tuple(printed(self.series, serial) for serial in self.serials)


@attrs.frozen
class Series:
    """A number series: `next` is the serial that the next document takes."""

    id: str
    version: int
    name: str
    next: int
    lost: tuple[LostNumbers, ...] = ()
    """Those below `next` that no document here has."""


def printed(series: str, serial: int) -> str:
    """A number as a document shows it: `INV/2026/000001`."""
    return f"{series}/{serial:06d}"
