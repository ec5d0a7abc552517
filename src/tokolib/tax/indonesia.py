"""What an Indonesian tax invoice and return say of a sale: transaction code, facility, and the retail aggregate.

Sources: PER-11/PJ/2025 art. 33, 37, 51 and 52, and annex D for the codes; the element names of Coretax's files
`TaxInvoiceBulk` and `RetailInvoiceBulk`. Which code goes before which is of medium confidence: annex D says it of 01,
04 and 05 ("collected by the seller"), the tax office in its answers of the others.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.tax.countries.id import PPN, PPNBM
from tokolib.tax.errors import InvalidTaxRule
from tokolib.tax.model import Assessment, Basis, Component, TaxAmount, Treatment
from tokolib.tax.situation import CONSUMER, Buyer, BuyerKind


class TransactionCode(StrEnum):
    """The first two digits of a faktur pajak's number (PER-11/PJ/2025, annex D)."""

    ORDINARY = "01"
    GOVERNMENT = "02"
    """To a public body that pays the PPN to the state itself."""
    COLLECTOR = "03"
    """To anybody else who does."""
    OTHER_VALUE = "04"
    """On another value than the price (DPP nilai lain): what most sales have been since 2025."""
    SET_SHARE = "05"
    """At a set share (besaran tertentu): a courier's service."""
    VISITOR = "06"
    """To the holder of a foreign passport who gets the PPN back."""
    NOT_COLLECTED = "07"
    """Not collected, or borne by the state."""
    EXEMPT = "08"
    ASSET = "09"
    """Something that was never meant for sale (UU PPN art. 16D)."""
    OTHER = "10"


class Supply(StrEnum):
    """What the seller does with what is sold, where it isn't simply its trade."""

    TRADE = "trade"
    ASSET = "asset"
    OTHER = "other"
    """Anything that annex D puts under 10."""


_BY_BUYER: Final = {
    BuyerKind.GOVERNMENT: TransactionCode.GOVERNMENT,
    BuyerKind.COLLECTOR: TransactionCode.COLLECTOR,
    BuyerKind.VISITOR: TransactionCode.VISITOR,
}
_BY_SUPPLY: Final = {Supply.ASSET: TransactionCode.ASSET, Supply.OTHER: TransactionCode.OTHER}
_BY_BASIS: Final = {
    Basis.PRICE: TransactionCode.ORDINARY,
    Basis.OTHER_VALUE: TransactionCode.OTHER_VALUE,
    Basis.SET_SHARE: TransactionCode.SET_SHARE,
}


def transaction_code(
    assessment: Assessment, buyer: Buyer = CONSUMER, supply: Supply = Supply.TRADE
) -> TransactionCode | None:
    """The transaction code of the faktur pajak for a sale that is taxed so; None where there is no faktur pajak.

    There is none of a seller who isn't PKP, of what is outside PPN, and of exported goods, whose document is the
    customs declaration. Relief goes before who collects, that before what is sold, and that before the base.
    """
    ppn = next((each for each in assessment.components if each.code == PPN.code), None)
    if ppn is None or assessment.treatment is Treatment.EXPORT:
        return None
    if ppn.waived:
        return TransactionCode.NOT_COLLECTED
    if not ppn.charged:
        return TransactionCode.EXEMPT
    return _BY_BUYER.get(buyer.kind) or _BY_SUPPLY.get(supply) or _BY_BASIS[ppn.basis]


@attrs.frozen
class Facility:
    """The relief of a sale with code 07 or 08, as Coretax lists it.

    Raises:
        InvalidTaxRule: a number that isn't two digits from 01 on.
    """

    number: str

    def __attrs_post_init__(self) -> None:
        ascii_digits = self.number.isascii() and self.number.isdigit()
        if not (ascii_digits and len(self.number) == 2 and self.number != "00"):
            raise InvalidTaxRule("facility", self.number, "must be the two last digits of TD.005xx and TD.011xx")

    @property
    def information(self) -> str:
        """`AddInfo`: TD.005xx."""
        return f"TD.005{self.number}"

    @property
    def stamp(self) -> str:
        """`FacilityStamp`: TD.011xx, with the same last digits."""
        return f"TD.011{self.number}"


def facility(tax: Component | TaxAmount) -> Facility | None:
    """The relief that *tax* names; None where it names none.

    Raises:
        InvalidTaxRule: its number can't be one.
    """
    return Facility(tax.facility) if tax.facility else None


class RetailCode(StrEnum):
    """What kind of retail sale a row of the return adds up (`TrxCode`)."""

    NORMAL = "Normal"
    """Row I.A.5 of the return."""
    NOT_COLLECTED = "07"
    """Row I.A.9, with those of 08."""
    EXEMPT = "08"
    NO_VAT = "NoVAT"
    """Row I.B."""


class RetailBy(StrEnum):
    """What one row adds up."""

    DAY = "day"
    RECEIPT = "receipt"


@attrs.frozen(kw_only=True)
class RetailSale:
    """One line of a receipt, or of its return with negative amounts; whole rupiah."""

    on: date
    serial: str
    """The receipt's number."""
    net: int
    """Without taxes."""
    taxes: tuple[TaxAmount, ...]
    is_service: bool = False


@attrs.frozen(kw_only=True)
class RetailRow:
    """One row of the retail aggregate ("digunggung"): what `RetailInvoice` says, in whole rupiah."""

    code: RetailCode
    kind: str
    """`A` goods, `B` service (`GoodServiceOpt`)."""
    serial: str
    """The receipt's number; the first and the last, where several are added up."""
    on: date
    tax_base: int
    """`TaxBaseSellingPrice`."""
    other_tax_base: int
    """`OtherTaxBaseSellingPrice`: DPP nilai lain, or the tax base where PPN is taken of all of it."""
    vat: int
    """`VAT`: what was charged."""
    stlg: int
    """`STLG`: PPnBM."""
    waived: int
    """PPN that is owed and not collected; it is in no other figure."""


def retail_rows(sales: Iterable[RetailSale], by: RetailBy = RetailBy.DAY) -> tuple[RetailRow, ...]:
    """The retail aggregate of *sales*: sums of figures that stand on receipts, nothing is worked out again.

    PER-11/PJ/2025 art. 51 and 52: sales to final consumers without their names. Rows come by day, code and kind.
    What was bought and brought back within a row's sales cancels out; a row of nothing but zeros is left out.

    Raises:
        InvalidInput: an export among them, which is declared by itself; all of them are named by path.
    """
    groups: dict[tuple[date, str, str, str], list[RetailSale]] = {}
    faults: list[Fault] = []
    for at, sale in enumerate(sales):
        if any(tax.category == "G" for tax in sale.taxes):
            faults.append(Fault(f"sales[{at}]", "tax.export_in_retail", "an export is declared by itself", sale.serial))
            continue
        key = sale.serial if by is RetailBy.RECEIPT else ""
        groups.setdefault((sale.on, _code(sale), "B" if sale.is_service else "A", key), []).append(sale)
    if faults:
        raise InvalidInput(tuple(faults))
    rows = (_row(key, groups[key]) for key in sorted(groups))
    return tuple(row for row in rows if row.tax_base or row.vat or row.stlg or row.waived)


def _row(key: tuple[date, str, str, str], sales: Sequence[RetailSale]) -> RetailRow:
    on, code, kind, _ = key
    serials = sorted({sale.serial for sale in sales})
    ppn = [tax for sale in sales for tax in sale.taxes if tax.code == PPN.code]
    tax_base = sum(sale.net for sale in sales)
    return RetailRow(
        code=RetailCode(code),
        kind=kind,
        serial=serials[0] if len(serials) == 1 else f"{serials[0]} - {serials[-1]}",
        on=on,
        tax_base=tax_base,
        other_tax_base=sum(tax.base for tax in ppn) if ppn else tax_base,
        vat=sum(tax.amount for tax in ppn),
        stlg=sum(tax.amount for sale in sales for tax in sale.taxes if tax.code == PPNBM.code),
        waived=sum(tax.waived for tax in ppn),
    )


def _code(sale: RetailSale) -> str:
    ppn = next((tax for tax in sale.taxes if tax.code == PPN.code), None)
    if ppn is None:
        return RetailCode.NO_VAT
    if ppn.category != "E":
        return RetailCode.NORMAL
    return RetailCode.NOT_COLLECTED if ppn.rate else RetailCode.EXEMPT
