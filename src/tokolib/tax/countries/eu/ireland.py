"""Ireland: VAT.

Value-Added Tax Consolidation Act 2010 (VATCA 2010), s. 46. The standard rate was 21 % from 1 September 2020 to
28 February 2021. The reduced rate is 13.5 %, also what EU law calls parking, and the second reduced one 9 %.
Restaurants and hairdressers bear the latter from 1 November 2020 to 31 August 2023 and again from 1 July 2026
(lodging no longer), gas and electricity from 1 May 2022 to 31 December 2030; newspapers, 9 % before, are zero-rated
since 2023. Those are changes of class. Livestock bears 4.8 %. Food, books and children's clothes are zero-rated
(schedule 2).

Confidence: high; the days of the 21 % are in Chartered Accountants Ireland's notes on s. 46.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import PARKING, SECOND_REDUCED, SUPER_REDUCED, Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_IE = Tax("IE", "VAT", "VAT")
_IE_GOODS = (
    _IE.taxed(STANDARD, date(2012, 1, 1), "23", "VATCA 2010 s. 46(1)(a)"),
    _IE.taxed(STANDARD, date(2020, 9, 1), "21", "VATCA 2010 s. 46(1)(a), 1 September 2020 to 28 February 2021"),
    _IE.taxed(STANDARD, date(2021, 3, 1), "23", "VATCA 2010 s. 46(1)(a)"),
)
IRELAND: Final[tuple[Rule, ...]] = (
    *_IE_GOODS,
    *delivered_with(_IE_GOODS),
    _IE.taxed(REDUCED, date(2012, 1, 1), "13.5", "VATCA 2010 s. 46(1)(c) and schedule 3"),
    _IE.taxed(SECOND_REDUCED, date(2012, 1, 1), "9", "VATCA 2010 s. 46(1)(ca) and schedule 3"),
    _IE.taxed(PARKING, date(2012, 1, 1), "13.5", "VATCA 2010 s. 46(1)(c) and schedule 3"),
    _IE.taxed(SUPER_REDUCED, date(2012, 1, 1), "4.8", "VATCA 2010 s. 46(1)(d) (livestock)"),
    _IE.untaxed(ZERO, date(2012, 1, 1), Treatment.ZERO, "VATCA 2010 s. 46(1)(b) and schedule 2"),
    _IE.untaxed(EXPORT, date(2012, 1, 1), Treatment.EXPORT, "VATCA 2010 s. 46(1)(b) and schedule 2 part 1"),
    _IE.untaxed(EXEMPT, date(2012, 1, 1), Treatment.EXEMPT, "VATCA 2010 schedule 1"),
)
