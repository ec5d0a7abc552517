"""Belgium, Luxembourg and the Netherlands.

Belgium, Royal Decree no. 20: 6 % is the reduced rate of everyday goods (table A), 12 % the intermediate one (table
B). Hotels and camping moved from 6 to 12 %, and pesticides from 12 to 21 %, on 1 March 2026. Zero is for newspapers.

Luxembourg, VAT Act of 12 February 1979, art. 39 and 40: all but the super-reduced rate were one point lower in 2023.
Its intermediate rate is what EU law calls parking: both names stand.

Netherlands, Wet op de omzetbelasting 1968: lodging moved from 9 to 21 % on 1 January 2026.

Confidence: high; Belgium's first days of the reduced rates are older than the tables.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import INTERMEDIATE, PARKING, SUPER_REDUCED, Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_BE = Tax("BE", "VAT", "btw / TVA")
_BE_GOODS = (_BE.taxed(STANDARD, date(1996, 1, 1), "21", "VAT Code art. 37; Royal Decree no. 20 art. 1"),)
BELGIUM: Final[tuple[Rule, ...]] = (
    *_BE_GOODS,
    *delivered_with(_BE_GOODS),
    _BE.taxed(INTERMEDIATE, date(2017, 1, 1), "12", "Royal Decree no. 20, table B"),
    _BE.taxed(REDUCED, date(2017, 1, 1), "6", "Royal Decree no. 20, table A"),
    _BE.taxed(PARKING, date(2017, 1, 1), "12", "Royal Decree no. 20, table B (solid fuels and the like)"),
    _BE.untaxed(ZERO, date(2017, 1, 1), Treatment.ZERO, "Directive 2006/112/EC art. 110 (newspapers, recovered goods)"),
    _BE.untaxed(EXPORT, date(2017, 1, 1), Treatment.EXPORT, "VAT Code art. 39"),
    _BE.untaxed(EXEMPT, date(2017, 1, 1), Treatment.EXEMPT, "VAT Code art. 44"),
)

_LU = Tax("LU", "VAT", "TVA")
_LU_ACT = "VAT Act of 12 February 1979 art. 39 and 40"
_LU_2023 = "Act of 26 October 2022: 1 January to 31 December 2023"
_LU_GOODS = (
    _LU.taxed(STANDARD, date(2015, 1, 1), "17", _LU_ACT),
    _LU.taxed(STANDARD, date(2023, 1, 1), "16", _LU_2023),
    _LU.taxed(STANDARD, date(2024, 1, 1), "17", _LU_ACT),
)
LUXEMBOURG: Final[tuple[Rule, ...]] = (
    *_LU_GOODS,
    *delivered_with(_LU_GOODS),
    *(
        rule
        for tax_class in (INTERMEDIATE, PARKING)
        for rule in (
            _LU.taxed(tax_class, date(2015, 1, 1), "14", _LU_ACT),
            _LU.taxed(tax_class, date(2023, 1, 1), "13", _LU_2023),
            _LU.taxed(tax_class, date(2024, 1, 1), "14", _LU_ACT),
        )
    ),
    _LU.taxed(REDUCED, date(2015, 1, 1), "8", _LU_ACT),
    _LU.taxed(REDUCED, date(2023, 1, 1), "7", _LU_2023),
    _LU.taxed(REDUCED, date(2024, 1, 1), "8", _LU_ACT),
    _LU.taxed(SUPER_REDUCED, date(2015, 1, 1), "3", _LU_ACT),
    _LU.untaxed(EXPORT, date(2015, 1, 1), Treatment.EXPORT, "VAT Act of 12 February 1979 art. 43"),
    _LU.untaxed(EXEMPT, date(2015, 1, 1), Treatment.EXEMPT, "VAT Act of 12 February 1979 art. 44"),
)

_NL = Tax("NL", "VAT", "btw")
_NL_GOODS = (
    _NL.taxed(STANDARD, date(2001, 1, 1), "19", "Wet OB 1968 art. 9(1)"),
    _NL.taxed(STANDARD, date(2012, 10, 1), "21", "Wet OB 1968 art. 9(1)"),
)
NETHERLANDS: Final[tuple[Rule, ...]] = (
    *_NL_GOODS,
    *delivered_with(_NL_GOODS),
    _NL.taxed(REDUCED, date(2001, 1, 1), "6", "Wet OB 1968 art. 9(2)a"),
    _NL.taxed(REDUCED, date(2019, 1, 1), "9", "Wet OB 1968 art. 9(2)a"),
    _NL.untaxed(ZERO, date(2001, 1, 1), Treatment.ZERO, "Wet OB 1968 art. 9(2)b"),
    _NL.untaxed(EXPORT, date(2001, 1, 1), Treatment.EXPORT, "Wet OB 1968 art. 9(2)b and table II"),
    _NL.untaxed(EXEMPT, date(2001, 1, 1), Treatment.EXEMPT, "Wet OB 1968 art. 11"),
)
