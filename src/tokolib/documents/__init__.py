"""Fiscal documents: invoices and credit notes, numbered without a gap when they are issued, never changed.

Their totals are those of EN 16931; `plain_totals` gives the totals of a bill from elsewhere, and `rule_misses` names
each of the standard's rules that totals don't keep. A `TaxFiling` is what a tax provider was told of an invoice.
"""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.documents.arithmetic import RuleMiss, rule_misses
    from tokolib.documents.crediting import uncredited
    from tokolib.documents.errors import (
        AlreadyFiled,
        IncompleteInvoice,
        NotAFaktur,
        NotCreditable,
        NotInvoiceable,
        SeriesBroken,
        StatedByHand,
    )
    from tokolib.documents.faktur import FakturLine, FakturTotals, faktur_totals
    from tokolib.documents.filing.model import FiledNote, TaxFiling
    from tokolib.documents.filing.states import FilingState
    from tokolib.documents.model import DocumentKind, Invoice, LostNumbers
    from tokolib.documents.plain import (
        line_amount,
        plain_allowance,
        plain_charge,
        plain_line,
        plain_totals,
        tax_category,
    )
    from tokolib.documents.stated import AllowanceLevel, StatedAllowance, StatedLine, StatedTax, TaxCategory
    from tokolib.documents.totals import DocumentAllowance, DocumentItem, DocumentTotals, ItemKind, TaxSubtotal

__all__ = [
    "AllowanceLevel",
    "AlreadyFiled",
    "DocumentAllowance",
    "DocumentItem",
    "DocumentKind",
    "DocumentTotals",
    "FakturLine",
    "FakturTotals",
    "FiledNote",
    "FilingState",
    "IncompleteInvoice",
    "Invoice",
    "ItemKind",
    "LostNumbers",
    "NotAFaktur",
    "NotCreditable",
    "NotInvoiceable",
    "RuleMiss",
    "SeriesBroken",
    "StatedAllowance",
    "StatedByHand",
    "StatedLine",
    "StatedTax",
    "TaxCategory",
    "TaxFiling",
    "TaxSubtotal",
    "faktur_totals",
    "line_amount",
    "plain_allowance",
    "plain_charge",
    "plain_line",
    "plain_totals",
    "rule_misses",
    "tax_category",
    "uncredited",
]

__getattr__ = exports(
    __name__,
    {
        "AllowanceLevel": "stated",
        "AlreadyFiled": "errors",
        "DocumentAllowance": "totals",
        "DocumentItem": "totals",
        "DocumentKind": "model",
        "DocumentTotals": "totals",
        "FakturLine": "faktur",
        "FakturTotals": "faktur",
        "FiledNote": "filing.model",
        "FilingState": "filing.states",
        "IncompleteInvoice": "errors",
        "Invoice": "model",
        "ItemKind": "totals",
        "LostNumbers": "model",
        "NotAFaktur": "errors",
        "NotCreditable": "errors",
        "NotInvoiceable": "errors",
        "RuleMiss": "arithmetic",
        "SeriesBroken": "errors",
        "StatedAllowance": "stated",
        "StatedByHand": "errors",
        "StatedLine": "stated",
        "StatedTax": "stated",
        "TaxCategory": "stated",
        "TaxFiling": "filing.model",
        "TaxSubtotal": "totals",
        "faktur_totals": "faktur",
        "line_amount": "plain",
        "plain_allowance": "plain",
        "plain_charge": "plain",
        "plain_line": "plain",
        "plain_totals": "plain",
        "rule_misses": "arithmetic",
        "tax_category": "plain",
        "uncredited": "crediting",
    },
)
