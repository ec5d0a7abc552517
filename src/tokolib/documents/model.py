"""Invoices and credit notes, and the series that numbers them.

An issued document copies everything it states, the parties included, so that neither a renamed product nor an
erased customer can change it: Indonesian tax books are kept for ten years (UU KUP art. 28(11)).
"""

from datetime import date, datetime
from enum import StrEnum

import attrs

from tokolib.kernel.address import Address
from tokolib.kernel.ids import InvoiceId, OrderId, ReturnId
from tokolib.kernel.money import Currency, Money


class DocumentKind(StrEnum):
    """What a fiscal document does."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@attrs.frozen
class StatedTax:
    """One tax in a document's line: its rule as it was, and its amount."""

    code: str
    name: str
    rate: str
    """Percent, as text."""
    base_fraction: str
    amount: int
    source: str


@attrs.frozen
class StatedLine:
    """One line of a document. Amounts are minor units; a credit note states what goes back, positive."""

    name: str
    sku: str
    """Empty for a charge."""
    quantity: str
    """With its unit, as text."""
    discount: int
    net: int
    total: int
    taxes: tuple[StatedTax, ...]


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
    currency: Currency
    lines: tuple[StatedLine, ...]
    return_id: ReturnId | None = None
    corrects: str = ""
    """The number of the invoice that a credit note corrects."""
    buyer: Address | None = attrs.field(default=None, metadata={"personal": True})

    @property
    def subject(self) -> str:
        """What it was issued for: there is one invoice of an order, one credit note of a return or cancelled order."""
        return subject(self.kind, self.return_id or self.order_id)

    @property
    def total(self) -> Money:
        """What the document states, tax included."""
        return Money(sum(line.total for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """All tax in the total."""
        return Money(sum(tax.amount for line in self.lines for tax in line.taxes), self.currency)


def subject(kind: DocumentKind, of: OrderId | ReturnId) -> str:
    """The name under which a document of that kind is issued once."""
    return f"{kind}:{of}"


@attrs.frozen
class Series:
    """A number series: `next` is the serial that the next document takes."""

    id: str
    version: int
    name: str
    next: int
