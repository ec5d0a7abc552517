"""Estonia, Latvia and Lithuania.

Estonia, käibemaksuseadus (KMS) § 15: the 24 % since 1 July 2025 came with the Security Tax Act for a time, and was made
permanent before it began. Books and medicines bear 9 %. Class `intermediate` is lodging, 9 %
to 2024 and 13 % since. Class `second_reduced` is newspapers: 5 % from 1 August 2022 to 31 December 2024 (RT I,
04.06.2022, 4), else 9 %.

Latvia, PVN likums art. 41: 5 % since 2018. Bread, milk, eggs and poultry bear 12 % from 1 July 2026 to 30 June 2027
(one report says 30 July): class `basic_food`, 21 % before and after.

Lithuania, PVMĮ art. 19, changed by Law XV-287: what bore 9 % bears 12 % since 1 January 2026, but books went from 9
to 5 % (class `books`), and heating to the standard rate.

Confidence: high; medium for the end of Latvia's food rate.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import BASIC_FOOD, BOOKS, INTERMEDIATE, SECOND_REDUCED, Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, Rule, Treatment

_EE = Tax("EE", "VAT", "käibemaks")
_EE_GOODS = (
    _EE.taxed(STANDARD, date(2009, 7, 1), "20", "KMS § 15(1)"),
    _EE.taxed(STANDARD, date(2024, 1, 1), "22", "KMS § 15(1)"),
    _EE.taxed(STANDARD, date(2025, 7, 1), "24", "KMS § 15(1) (Security Tax Act)"),
)
ESTONIA: Final[tuple[Rule, ...]] = (
    *_EE_GOODS,
    *delivered_with(_EE_GOODS),
    _EE.taxed(INTERMEDIATE, date(2009, 7, 1), "9", "KMS § 15(2)"),
    _EE.taxed(INTERMEDIATE, date(2025, 1, 1), "13", "KMS § 15 (lodging)"),
    _EE.taxed(REDUCED, date(2009, 1, 1), "9", "KMS § 15(2)"),
    _EE.taxed(SECOND_REDUCED, date(2009, 1, 1), "9", "KMS § 15(2)"),
    _EE.taxed(SECOND_REDUCED, date(2022, 8, 1), "5", "KMS § 15(2¹) (newspapers)"),
    _EE.taxed(SECOND_REDUCED, date(2025, 1, 1), "9", "KMS § 15"),
    _EE.untaxed(EXPORT, date(2009, 1, 1), Treatment.EXPORT, "KMS § 15(3)"),
    _EE.untaxed(EXEMPT, date(2009, 1, 1), Treatment.EXEMPT, "KMS § 16"),
)

_LV = Tax("LV", "VAT", "PVN")
_LV_GOODS = (
    _LV.taxed(STANDARD, date(2011, 1, 1), "22", "PVN likums art. 41(1)"),
    _LV.taxed(STANDARD, date(2012, 7, 1), "21", "PVN likums art. 41(1)"),
)
LATVIA: Final[tuple[Rule, ...]] = (
    *_LV_GOODS,
    *delivered_with(_LV_GOODS),
    _LV.taxed(REDUCED, date(2011, 1, 1), "12", "PVN likums art. 41(1) and 42"),
    _LV.taxed(SECOND_REDUCED, date(2018, 1, 1), "5", "PVN likums art. 41(1) and 42"),
    _LV.taxed(BASIC_FOOD, date(2012, 7, 1), "21", "PVN likums art. 41(1)"),
    _LV.taxed(BASIC_FOOD, date(2026, 7, 1), "12", "PVN likums art. 42 and annex 2, to 30 June 2027"),
    _LV.taxed(BASIC_FOOD, date(2027, 7, 1), "21", "PVN likums art. 41(1)"),
    _LV.untaxed(EXPORT, date(2011, 1, 1), Treatment.EXPORT, "PVN likums art. 43"),
    _LV.untaxed(EXEMPT, date(2011, 1, 1), Treatment.EXEMPT, "PVN likums art. 52"),
)

_LT = Tax("LT", "VAT", "PVM")
_LT_GOODS = (
    _LT.taxed(STANDARD, date(2009, 1, 1), "19", "PVMĮ art. 19(1)"),
    _LT.taxed(STANDARD, date(2009, 9, 1), "21", "PVMĮ art. 19(1)"),
)
LITHUANIA: Final[tuple[Rule, ...]] = (
    *_LT_GOODS,
    *delivered_with(_LT_GOODS),
    _LT.taxed(REDUCED, date(2017, 1, 1), "9", "PVMĮ art. 19(3)"),
    _LT.taxed(REDUCED, date(2026, 1, 1), "12", "PVMĮ art. 19(3) (Law XV-287)"),
    _LT.taxed(SECOND_REDUCED, date(2017, 1, 1), "5", "PVMĮ art. 19(4)"),
    _LT.taxed(BOOKS, date(2017, 1, 1), "9", "PVMĮ art. 19(3)"),
    _LT.taxed(BOOKS, date(2026, 1, 1), "5", "PVMĮ art. 19(4) (Law XV-287)"),
    _LT.untaxed(EXPORT, date(2009, 1, 1), Treatment.EXPORT, "PVMĮ art. 41"),
    _LT.untaxed(EXEMPT, date(2009, 1, 1), Treatment.EXEMPT, "PVMĮ art. 20 to 33"),
)
