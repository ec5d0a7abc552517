"""Czechia, Hungary, Poland and Slovakia.

Czechia, Act 235/2004: the two reduced rates of 15 and 10 % became one of 12 % on 1 January 2024 (Act 349/2023); both
classes bear it since. Books, 10 % before, are exempt with the right to deduct, which is a zero rate (class `books`).

Hungary, Act CXXVII of 2007: 27, 18 and 5 %.

Poland, VAT Act of 11 March 2004: 23, 8 and 5 %. Basic food (annex 10, items 1 to 18) bore nothing from 1 February
2022 to 31 March 2024: class `basic_food`, 5 % before and after.

Slovakia, Act 222/2004 § 27: on 1 January 2025 the rates became 23, 19 and 5 %. What had been reduced (10 %) mostly
went to 5 %: class `second_reduced` is food, books and medicines, 10 % to 2024 and 5 % since. Class `reduced` is what
bears 19 % since, which had been 20 % (other food, electricity) or 10 % (drinks in restaurants): to 2024 it bears 10 %
here. The 5 % of subsidised flats since 2023 is not written. The act is no. 278/2024, as in the official collection;
one article names 284/2024.

Confidence: high; medium for the days of Poland's zero rate's decrees in between, which prolonged it without a gap.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import BASIC_FOOD, BOOKS, SECOND_REDUCED, Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, Rule, Treatment

_CZ = Tax("CZ", "VAT", "DPH")
_CZ_2024 = "Act 235/2004 § 47 (Act 349/2023)"
_CZ_GOODS = (_CZ.taxed(STANDARD, date(2013, 1, 1), "21", "Act 235/2004 § 47"),)
CZECHIA: Final[tuple[Rule, ...]] = (
    *_CZ_GOODS,
    *delivered_with(_CZ_GOODS),
    _CZ.taxed(REDUCED, date(2013, 1, 1), "15", "Act 235/2004 § 47"),
    _CZ.taxed(REDUCED, date(2024, 1, 1), "12", _CZ_2024),
    _CZ.taxed(SECOND_REDUCED, date(2015, 1, 1), "10", "Act 235/2004 § 47"),
    _CZ.taxed(SECOND_REDUCED, date(2024, 1, 1), "12", _CZ_2024),
    _CZ.taxed(BOOKS, date(2015, 1, 1), "10", "Act 235/2004 § 47"),
    _CZ.untaxed(BOOKS, date(2024, 1, 1), Treatment.ZERO, "Act 235/2004 § 71i (Act 349/2023)"),
    _CZ.untaxed(EXPORT, date(2013, 1, 1), Treatment.EXPORT, "Act 235/2004 § 66"),
    _CZ.untaxed(EXEMPT, date(2013, 1, 1), Treatment.EXEMPT, "Act 235/2004 § 51"),
)

_HU = Tax("HU", "VAT", "áfa")
_HU_GOODS = (_HU.taxed(STANDARD, date(2012, 1, 1), "27", "Act CXXVII of 2007 § 82(1)"),)
HUNGARY: Final[tuple[Rule, ...]] = (
    *_HU_GOODS,
    *delivered_with(_HU_GOODS),
    _HU.taxed(REDUCED, date(2009, 7, 1), "18", "Act CXXVII of 2007 § 82(3) and annex 3/A"),
    _HU.taxed(SECOND_REDUCED, date(2006, 1, 1), "5", "Act CXXVII of 2007 § 82(2) and annex 3"),
    _HU.untaxed(EXPORT, date(2012, 1, 1), Treatment.EXPORT, "Act CXXVII of 2007 § 98"),
    _HU.untaxed(EXEMPT, date(2012, 1, 1), Treatment.EXEMPT, "Act CXXVII of 2007 § 85"),
)

_PL = Tax("PL", "VAT", "VAT")
_PL_GOODS = (_PL.taxed(STANDARD, date(2011, 1, 1), "23", "VAT Act of 11 March 2004 art. 41(1) with art. 146a ff."),)
POLAND: Final[tuple[Rule, ...]] = (
    *_PL_GOODS,
    *delivered_with(_PL_GOODS),
    _PL.taxed(REDUCED, date(2011, 1, 1), "8", "VAT Act of 11 March 2004 art. 41(2) with art. 146a ff."),
    _PL.taxed(SECOND_REDUCED, date(2011, 1, 1), "5", "VAT Act of 11 March 2004 art. 41(2a)"),
    _PL.taxed(BASIC_FOOD, date(2011, 1, 1), "5", "VAT Act of 11 March 2004 art. 41(2a) and annex 10"),
    _PL.untaxed(BASIC_FOOD, date(2022, 2, 1), Treatment.ZERO, "VAT Act art. 146da and decrees, to 31 March 2024"),
    _PL.taxed(BASIC_FOOD, date(2024, 4, 1), "5", "VAT Act of 11 March 2004 art. 41(2a) and annex 10"),
    _PL.untaxed(EXPORT, date(2011, 1, 1), Treatment.EXPORT, "VAT Act of 11 March 2004 art. 41(4)"),
    _PL.untaxed(EXEMPT, date(2011, 1, 1), Treatment.EXEMPT, "VAT Act of 11 March 2004 art. 43"),
)

_SK = Tax("SK", "VAT", "DPH")
_SK_2025 = "Act 222/2004 § 27 (Act 278/2024)"
_SK_GOODS = (
    _SK.taxed(STANDARD, date(2011, 1, 1), "20", "Act 222/2004 § 27"),
    _SK.taxed(STANDARD, date(2025, 1, 1), "23", _SK_2025),
)
SLOVAKIA: Final[tuple[Rule, ...]] = (
    *_SK_GOODS,
    *delivered_with(_SK_GOODS),
    _SK.taxed(REDUCED, date(2011, 1, 1), "10", "Act 222/2004 § 27"),
    _SK.taxed(REDUCED, date(2025, 1, 1), "19", _SK_2025),
    _SK.taxed(SECOND_REDUCED, date(2011, 1, 1), "10", "Act 222/2004 § 27"),
    _SK.taxed(SECOND_REDUCED, date(2025, 1, 1), "5", _SK_2025),
    _SK.untaxed(EXPORT, date(2011, 1, 1), Treatment.EXPORT, "Act 222/2004 § 47"),
    _SK.untaxed(EXEMPT, date(2011, 1, 1), Treatment.EXEMPT, "Act 222/2004 §§ 28 to 42"),
)
