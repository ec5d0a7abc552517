"""Fiscal documents: invoices and credit notes, numbered without a gap when they are issued, never changed."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.documents.errors import NotCreditable, NotInvoiceable, SeriesBroken
    from tokolib.documents.model import DocumentKind, Invoice, StatedLine, StatedTax

__all__ = ["DocumentKind", "Invoice", "NotCreditable", "NotInvoiceable", "SeriesBroken", "StatedLine", "StatedTax"]

__getattr__ = exports(
    __name__,
    {
        "DocumentKind": "model",
        "Invoice": "model",
        "NotCreditable": "errors",
        "NotInvoiceable": "errors",
        "SeriesBroken": "errors",
        "StatedLine": "model",
        "StatedTax": "model",
    },
)
