"""The figures of a faktur pajak: DPP, DPP nilai lain, PPN and PPnBM in whole rupiah, its header the sum of its lines.

Sources: PER-11/PJ/2025 art. 129 (whole rupiah); Coretax's `TaxInvoiceBulk` (a line's `TaxBase`, `OtherTaxBase`,
`VAT`, `STLG`), which takes one rule of PPN for each faktur; e-Faktur's ETAX-20028 (a header that isn't the sum of its
lines is refused). The figures are the order's own, of a credit note the shares of what came back.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.documents.errors import NotAFaktur
from tokolib.documents.model import Invoice
from tokolib.documents.stated import CHARGED, StatedLine, StatedTax
from tokolib.tax.countries.id import PPN
from tokolib.tax.indonesia import TransactionCode

PPNBM: Final = "PPnBM"
EXPORT: Final = "G"
"""Exported goods are declared to the customs, and are in no faktur."""


@attrs.frozen
class FakturLine:
    """One line of a faktur, in whole rupiah without tax."""

    name: str
    sku: str
    """Empty for a charge, which is a line of its own."""
    quantity: str
    price: int
    """Price × quantity, before discounts."""
    discount: int
    """All that lowers the DPP; a faktur knows no discount of the whole document."""
    dpp: int
    """`TaxBase`: price less discount."""
    dpp_other: int
    """`OtherTaxBase`: DPP nilai lain, or the DPP where PPN is taken of all of it."""
    ppn: int
    """`VAT`: what was charged."""
    ppnbm_rate: Decimal
    """`STLGRate`, percent."""
    ppnbm: int
    """`STLG`."""
    waived: int
    """The PPN that would be due, where it isn't collected: the faktur prints it beside its stamp, nobody pays it."""


@attrs.frozen
class FakturTotals:
    """One faktur: the lines of one rule of PPN and one relief, and their sums."""

    rate: Decimal
    """`VATRate`, percent, nominal."""
    base_fraction: Fraction
    letter: str
    """The EN 16931 category of its PPN: S where it is charged."""
    facility: str
    """The relief's number in TD.005xx and TD.011xx, which transaction codes 07 and 08 ask for; empty for none."""
    lines: tuple[FakturLine, ...]
    dpp: int
    dpp_other: int
    ppn: int
    ppnbm: int
    waived: int

    @property
    def relief(self) -> TransactionCode | None:
        """Transaction code 07 (not collected) or 08 (exempt); None where PPN is charged: the sale tells the code."""
        if self.letter in CHARGED:
            return None
        return TransactionCode.NOT_COLLECTED if self.rate else TransactionCode.EXEMPT


def faktur_totals(document: Invoice) -> tuple[FakturTotals, ...]:
    """The figures of the faktur pajak for *document*, in the order of its lines: one for each rule of PPN and relief.

    Empty where no PPN is named (the seller isn't PKP), or all is exported.

    Raises:
        NotAFaktur: the document isn't in whole rupiah.
    """
    money = document.currency
    if (money.code, money.digits) != ("IDR", 0):
        raise NotAFaktur(document.number, money.code, money.digits)
    found: dict[tuple[Decimal, Fraction, str, str], list[FakturLine]] = {}
    for line in document.lines:
        ppn = next((tax for tax in line.taxes if tax.code == PPN.code), None)
        if ppn is not None and ppn.letter != EXPORT:
            rule = ppn.rate, ppn.base_fraction, ppn.letter, ppn.facility
            found.setdefault(rule, []).append(_line(line, ppn))
    return tuple(_summed(rule, lines) for rule, lines in found.items())


def _line(line: StatedLine, ppn: StatedTax) -> FakturLine:
    luxury = [tax for tax in line.taxes if tax.code == PPNBM]
    return FakturLine(
        line.name,
        line.sku,
        line.quantity,
        line.undiscounted,
        line.undiscounted - line.taxable,
        line.taxable,
        ppn.base,
        ppn.amount,
        sum((tax.rate for tax in luxury), Decimal(0)),
        sum(tax.amount for tax in luxury),
        ppn.waived,
    )


def _summed(rule: tuple[Decimal, Fraction, str, str], lines: list[FakturLine]) -> FakturTotals:
    return FakturTotals(
        *rule,
        tuple(lines),
        sum(line.dpp for line in lines),
        sum(line.dpp_other for line in lines),
        sum(line.ppn for line in lines),
        sum(line.ppnbm for line in lines),
        sum(line.waived for line in lines),
    )
