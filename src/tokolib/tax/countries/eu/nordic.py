"""Denmark, Finland and Sweden.

Denmark, momsloven: one rate, and zero for newspapers. That books bear none was proposed for 2026; no act with a day
was found, so books have no class of their own here. The Faroes (FO) and Greenland (GL) are countries of their own.

Finland, arvonlisäverolaki 1501/1993: the standard rate is 25.5 % since 1 September 2024. The reduced one is 13.5 %
since 1 January 2026 (HE 93/2025), 14 % before. Most of what bore the second reduced rate of 10 %, books among it,
bore 14 % from 1 January 2025 (HE 141/2024); newspapers stayed. On Åland (01, also AX) the law levies Finnish VAT,
with rules for its border that are not here.

Sweden, mervärdesskattelag (2023:200) since 1 July 2023, (1994:200) before. Food and bottled water bear 6 % from
1 April 2026 to 31 December 2027 (prop. 2025/26:55): class `basic_food`, 12 % before and after.

Confidence: high.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import BASIC_FOOD, BOOKS, SECOND_REDUCED, Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_DK = Tax("DK", "VAT", "moms")
_DK_GOODS = (_DK.taxed(STANDARD, date(1992, 1, 1), "25", "momsloven § 33"),)
DENMARK: Final[tuple[Rule, ...]] = (
    *_DK_GOODS,
    *delivered_with(_DK_GOODS),
    _DK.untaxed(ZERO, date(2017, 1, 1), Treatment.ZERO, "momsloven § 34(1) (newspapers)"),
    _DK.untaxed(EXPORT, date(1992, 1, 1), Treatment.EXPORT, "momsloven § 34(1)"),
    _DK.untaxed(EXEMPT, date(1992, 1, 1), Treatment.EXEMPT, "momsloven § 13"),
)

_FI = Tax("FI", "VAT", "ALV")
_FI_GOODS = (
    _FI.taxed(STANDARD, date(2010, 7, 1), "23", "AVL 1501/1993 § 84"),
    _FI.taxed(STANDARD, date(2013, 1, 1), "24", "AVL 1501/1993 § 84"),
    _FI.taxed(STANDARD, date(2024, 9, 1), "25.5", "AVL 1501/1993 § 84"),
)
FINLAND: Final[tuple[Rule, ...]] = (
    *_FI_GOODS,
    *delivered_with(_FI_GOODS),
    _FI.taxed(REDUCED, date(2010, 7, 1), "13", "AVL 1501/1993 § 85"),
    _FI.taxed(REDUCED, date(2013, 1, 1), "14", "AVL 1501/1993 § 85"),
    _FI.taxed(REDUCED, date(2026, 1, 1), "13.5", "AVL 1501/1993 § 85 (HE 93/2025)"),
    _FI.taxed(SECOND_REDUCED, date(2010, 7, 1), "9", "AVL 1501/1993 § 85 a"),
    _FI.taxed(SECOND_REDUCED, date(2013, 1, 1), "10", "AVL 1501/1993 § 85 a"),
    _FI.taxed(BOOKS, date(2013, 1, 1), "10", "AVL 1501/1993 § 85 a"),
    _FI.taxed(BOOKS, date(2025, 1, 1), "14", "AVL 1501/1993 § 85 (HE 141/2024)"),
    _FI.taxed(BOOKS, date(2026, 1, 1), "13.5", "AVL 1501/1993 § 85 (HE 93/2025)"),
    _FI.untaxed(EXPORT, date(2010, 7, 1), Treatment.EXPORT, "AVL 1501/1993 § 70"),
    _FI.untaxed(EXEMPT, date(2010, 7, 1), Treatment.EXEMPT, "AVL 1501/1993 §§ 34 to 61"),
)

_SE = Tax("SE", "VAT", "moms")
_SE_RATES = "ML (2023:200) ch. 9; ML (1994:200) ch. 7 § 1 before July 2023"
_SE_GOODS = (_SE.taxed(STANDARD, date(1990, 7, 1), "25", _SE_RATES),)
SWEDEN: Final[tuple[Rule, ...]] = (
    *_SE_GOODS,
    *delivered_with(_SE_GOODS),
    _SE.taxed(REDUCED, date(1996, 1, 1), "12", _SE_RATES),
    _SE.taxed(SECOND_REDUCED, date(1996, 1, 1), "6", _SE_RATES),
    _SE.taxed(BASIC_FOOD, date(1996, 1, 1), "12", _SE_RATES),
    _SE.taxed(BASIC_FOOD, date(2026, 4, 1), "6", "ML (2023:200) ch. 9, prop. 2025/26:55, to 31 December 2027"),
    _SE.taxed(BASIC_FOOD, date(2028, 1, 1), "12", "ML (2023:200) ch. 9, prop. 2025/26:55"),
    _SE.untaxed(ZERO, date(2017, 1, 1), Treatment.ZERO, "ML (2023:200) ch. 10; ML (1994:200) ch. 3 (medicines)"),
    _SE.untaxed(EXPORT, date(1996, 1, 1), Treatment.EXPORT, "ML (2023:200) ch. 10; ML (1994:200) ch. 5 § 3 a"),
    _SE.untaxed(EXEMPT, date(1996, 1, 1), Treatment.EXEMPT, "ML (2023:200) ch. 10; ML (1994:200) ch. 3"),
)
