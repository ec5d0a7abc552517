"""The United Kingdom: VAT.

Source: Value Added Tax Act 1994 (VATA 1994). Northern Ireland's rules for goods from the EU are not here.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_GB = Tax("GB", "VAT", "VAT")
_GB_GOODS = (
    _GB.taxed(STANDARD, date(1994, 9, 1), "17.5", "VATA 1994 s. 2"),
    _GB.taxed(STANDARD, date(2008, 12, 1), "15", "SI 2008/3020; Finance Act 2009 s. 9"),
    _GB.taxed(STANDARD, date(2010, 1, 1), "17.5", "VATA 1994 s. 2"),
    _GB.taxed(STANDARD, date(2011, 1, 4), "20", "Finance (No. 2) Act 2010 s. 3"),
)
UNITED_KINGDOM: Final[tuple[Rule, ...]] = (
    *_GB_GOODS,
    *delivered_with(_GB_GOODS),
    _GB.taxed(REDUCED, date(2001, 11, 1), "5", "VATA 1994 s. 29A and sch. 7A"),
    _GB.untaxed(ZERO, date(1994, 9, 1), Treatment.ZERO, "VATA 1994 s. 30 and sch. 8"),
    _GB.untaxed(EXPORT, date(1994, 9, 1), Treatment.EXPORT, "VATA 1994 s. 30(6)"),
    _GB.untaxed(EXEMPT, date(1994, 9, 1), Treatment.EXEMPT, "VATA 1994 s. 31 and sch. 9"),
)
