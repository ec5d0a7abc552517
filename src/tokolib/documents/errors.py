"""What documents refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class StatedByHand(TokolibError):
    """The tax provider keeps nothing that goes back, so it can't be asked. Nothing was changed."""

    code: ClassVar[str] = "documents.stated_by_hand"
    status: ClassVar[int] = 409
    number: str
    provider: str
    reason: str

    def __str__(self) -> str:
        return f"{self.provider} can't be told what goes back of {self.number}: {self.reason}"

    @property
    def hint(self) -> str:
        return "state it there by hand, then call invoices.stated_by_hand(provider), or invoices.resolve for one note"


@attrs.frozen
class NotInvoiceable(TokolibError):
    """There is no sale to invoice: it was never placed, or it was cancelled; no number was used."""

    code: ClassVar[str] = "documents.not_invoiceable"
    status: ClassVar[int] = 409
    order_id: str
    state: str

    def __str__(self) -> str:
        return f"order {self.order_id} is {self.state}, so there is no sale to invoice"


@attrs.frozen
class IncompleteInvoice(TokolibError):
    """The buyer owes the tax, and EN 16931 asks for ids that nobody told; no number was used."""

    code: ClassVar[str] = "documents.incomplete_invoice"
    status: ClassVar[int] = 409
    order_id: str
    category: str
    """The category's letter: AE reverse charge, K intra-Community supply."""
    missing: tuple[str, ...]
    """Each with its business term and the rule that asks for it."""

    def __str__(self) -> str:
        return (
            f"order {self.order_id} is taxed in category {self.category}; its invoice lacks {', '.join(self.missing)}"
        )

    @property
    def hint(self) -> str:
        return (
            "shop.settings.change(tax_id=...) tells the seller's id at home, a Registration's number= that of another "
            "country; the buyer's is told with the quote: Buyer(tax_id=...)"
        )


@attrs.frozen
class NotCreditable(TokolibError):
    """A credit note corrects an invoice, for an accepted return or a cancelled order; no number was used."""

    code: ClassVar[str] = "documents.not_creditable"
    status: ClassVar[int] = 409
    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject} gets no credit note: {self.reason}"


@attrs.frozen
class AlreadyFiled(TokolibError):
    """The tax provider keeps the document: that it doesn't can't be said any more; nothing was changed."""

    code: ClassVar[str] = "documents.already_filed"
    status: ClassVar[int] = 409
    document: str
    provider: str
    reference: str

    def __str__(self) -> str:
        return f"{self.provider} keeps document {self.document} as {self.reference or 'a person said'}"

    @property
    def hint(self) -> str:
        return "what is wrong with it there is put right there; a credit note of ours is refunded by itself"


@attrs.frozen
class SeriesBroken(TokolibError):
    """A number series, or an issued document, was to be changed against its rules; nothing was changed."""

    code: ClassVar[str] = "documents.series_broken"
    status: ClassVar[int] = 500
    series: str
    reason: str

    def __str__(self) -> str:
        return f"series {self.series!r}: {self.reason}"


@attrs.frozen
class NotAFaktur(TokolibError):
    """A faktur pajak is in whole rupiah; nothing was changed."""

    code: ClassVar[str] = "documents.not_a_faktur"
    document: str
    currency: str
    digits: int

    def __str__(self) -> str:
        return f"document {self.document} is in {self.currency} with {self.digits} digits, not in whole rupiah"
