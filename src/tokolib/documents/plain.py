"""The totals of a plain bill: amounts and their categories alone, as an import or another program has them.

Here tax is worked out: once per category and rate, rounded half up (BR-CO-17). An order's documents never come
this way; their taxes were settled with the quote.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from tokolib.documents.stated import CHARGED, TaxCategory
from tokolib.documents.totals import DocumentItem, DocumentTotals, ItemKind, expected_tax, total
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.numbers import NotExact, exact
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.unit_price import UnitPrice

LETTERS: Final = frozenset({*CHARGED, "Z", "E", "AE", "K", "G", "O"})
"""UNCL 5305, as far as EN 16931 admits it."""
MOST: Final = 1_000
"""The largest rate, in percent."""


def tax_category(letter: str, rate: Decimal | int | str = 0, *, code: str = "VAT", name: str = "") -> TaxCategory:
    """The tax category of that UNCL 5305 *letter* at *rate* percent.

    Raises:
        InvalidInput: an unknown letter, or a rate that it can't have: S has more than 0, those that charge nothing
            have 0 (BR-S-05, BR-Z-05, BR-E-05, ...). All faults are named.
    """
    faults = tuple(_faults(letter, rate))
    if faults:
        raise InvalidInput(faults)
    return TaxCategory(code, name or code, letter, exact(rate, "rate"), Fraction(1))


def _faults(letter: object, rate: object) -> Iterator[Fault]:
    known = isinstance(letter, str) and letter in LETTERS
    if not known:
        yield Fault("letter", "documents.unknown_category", f"must be one of {', '.join(sorted(LETTERS))}", str(letter))
    try:
        percent = exact(rate, "rate")
    except NotExact as refused:
        yield Fault("rate", refused.code, "must be an exact percentage", shown(rate))
        return
    if not 0 <= percent <= MOST:
        yield Fault("rate", "documents.bad_rate", f"must be 0 to {MOST} percent", str(percent))
    elif letter == "S" and not percent:
        yield Fault("rate", "documents.bad_rate", "is more than 0 in category S; at 0 % it is Z", str(percent))
    elif known and letter not in CHARGED and percent:
        yield Fault("rate", "documents.bad_rate", f"must be 0 in category {letter}", str(percent))


def line_amount(
    price: UnitPrice,
    quantity: Decimal | int | str,
    *,
    per: Decimal | int | str = 1,
    allowances: int = 0,
    charges: int = 0,
) -> int:
    """A line's net amount (BT-131): *price* for each *per* of *quantity*, rounded half up, with what is on and off it.

    A returned quantity is negative. *allowances* (BT-136) and *charges* (BT-141) are minor units.

    Raises:
        NotExact: a quantity that is no exact number. BadDivisor: *per* is not positive.
    """
    numerator, denominator = exact(quantity, "quantity").as_integer_ratio()
    of, each = exact(per, "per").as_integer_ratio()
    return price.times(numerator * each, denominator * of, RoundingMode.HALF_UP) + charges - allowances


def plain_totals(items: Iterable[DocumentItem], *, prepaid: int = 0, rounding: int = 0) -> DocumentTotals:
    """The totals of *items*, with the tax of each category worked out from its taxable amount, once.

    *prepaid* (BT-113) and *rounding* (BT-114) are minor units; `rounded` finds a rounding for cash.

    Raises:
        InvalidInput: an amount that isn't whole minor units, or an item without a category; all faults with paths.
    """
    found = tuple(items)
    if faults := tuple(_item_faults(found, prepaid, rounding)):
        raise InvalidInput(faults)
    net = total(found, {})
    taxes = {row.category: expected_tax(row.category, row.taxable) for row in net.breakdown}
    return total(found, taxes, prepaid=prepaid, rounding=rounding)


def _item_faults(items: Sequence[DocumentItem], prepaid: int, rounding: int) -> Iterator[Fault]:
    amounts = {f"items[{at}].amount": item.amount for at, item in enumerate(items)}
    for path, amount in (amounts | {"prepaid": prepaid, "rounding": rounding}).items():
        if type(amount) is not int:
            yield Fault(path, "documents.not_minor_units", "must be whole minor units (int)", shown(amount))
    for at, item in enumerate(items):
        if not item.categories:
            message = "name the category that it is taxed in"
            yield Fault(f"items[{at}].categories", "documents.no_category", message)


def plain_line(amount: int, *categories: TaxCategory) -> DocumentItem:
    """A line of that net amount, in minor units."""
    return DocumentItem(ItemKind.LINE, amount, categories)


def plain_allowance(amount: int, *categories: TaxCategory) -> DocumentItem:
    """That much off the document, in minor units; positive."""
    return DocumentItem(ItemKind.ALLOWANCE, amount, categories)


def plain_charge(amount: int, *categories: TaxCategory) -> DocumentItem:
    """A charge of that amount on the document, in minor units."""
    return DocumentItem(ItemKind.CHARGE, amount, categories)
