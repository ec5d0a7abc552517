"""Singapore, Japan, Australia and New Zealand; Malaysia has a module of its own.

Sources: Goods and Services Tax Act 1993 (Singapore), s. 16 and 21; Consumption Tax Act (Japan, Act 108 of 1988)
with the Local Tax Act; A New Tax System (Goods and Services Tax) Act 1999 (Australia); Goods and Services Tax Act
1985 (New Zealand), whose s. 11 and 14 were read at legislation.govt.nz as kept publicly.
"""

from datetime import date
from typing import Final

from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.countries.rules import Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, RoundingRule, Rule, Treatment

_SG = Tax("SG", "GST", "GST")
_SG_GOODS = (
    _SG.taxed(STANDARD, date(2007, 7, 1), "7", "GST Act 1993 s. 16"),
    _SG.taxed(STANDARD, date(2023, 1, 1), "8", "GST Act 1993 s. 16"),
    _SG.taxed(STANDARD, date(2024, 1, 1), "9", "GST Act 1993 s. 16"),
)
SINGAPORE: Final[tuple[Rule, ...]] = (
    *_SG_GOODS,
    *delivered_with(_SG_GOODS),
    _SG.untaxed(ZERO, date(2007, 7, 1), Treatment.ZERO, "GST Act 1993 s. 21"),
    _SG.untaxed(EXPORT, date(2007, 7, 1), Treatment.EXPORT, "GST Act 1993 s. 21"),
    _SG.untaxed(EXEMPT, date(2007, 7, 1), Treatment.EXEMPT, "GST Act 1993 s. 22 and Fourth Schedule"),
)

_JP = Tax("JP", "CT", "消費税")
_JP_GOODS = (  # national and local part in one: 7.8 + 2.2, 6.3 + 1.7 and so on
    _JP.taxed(STANDARD, date(1997, 4, 1), "5", "Consumption Tax Act art. 29; Local Tax Act"),
    _JP.taxed(STANDARD, date(2014, 4, 1), "8", "Consumption Tax Act art. 29; Local Tax Act"),
    _JP.taxed(STANDARD, date(2019, 10, 1), "10", "Consumption Tax Act art. 29; Local Tax Act"),
)
JAPAN: Final[tuple[Rule, ...]] = (
    *_JP_GOODS,
    *delivered_with(_JP_GOODS),
    _JP.taxed(REDUCED, date(2019, 10, 1), "8", "Act 15 of 2016, supplementary provisions (food, newspapers)"),
    _JP.untaxed(EXPORT, date(1989, 4, 1), Treatment.EXPORT, "Consumption Tax Act art. 7"),
    _JP.untaxed(EXEMPT, date(1989, 4, 1), Treatment.EXEMPT, "Consumption Tax Act art. 6"),
)

_AU = Tax("AU", "GST", "GST")
_AU_GOODS = (_AU.taxed(STANDARD, date(2000, 7, 1), "10", "GST Act 1999 s. 9-70"),)
AUSTRALIA: Final[tuple[Rule, ...]] = (
    *_AU_GOODS,
    *delivered_with(_AU_GOODS),
    _AU.untaxed(ZERO, date(2000, 7, 1), Treatment.ZERO, "GST Act 1999 div. 38 (GST-free)"),
    _AU.untaxed(EXPORT, date(2000, 7, 1), Treatment.EXPORT, "GST Act 1999 s. 38-185"),
    _AU.untaxed(EXEMPT, date(2000, 7, 1), Treatment.EXEMPT, "GST Act 1999 div. 40 (input taxed)"),
)

_NZ = Tax("NZ", "GST", "GST")
_NZ_GOODS = (_NZ.taxed(STANDARD, date(2010, 10, 1), "15", "GST Act 1985 s. 8"),)
NEW_ZEALAND: Final[tuple[Rule, ...]] = (
    *_NZ_GOODS,
    *delivered_with(_NZ_GOODS),
    _NZ.untaxed(ZERO, date(2010, 10, 1), Treatment.ZERO, "GST Act 1985 s. 11 to 11C"),
    _NZ.untaxed(EXPORT, date(2010, 10, 1), Treatment.EXPORT, "GST Act 1985 s. 11(1)"),
    _NZ.untaxed(EXEMPT, date(2010, 10, 1), Treatment.EXEMPT, "GST Act 1985 s. 14"),
)

ROUNDINGS: Final = (
    RoundingRule(
        "AU",
        date(2000, 7, 1),
        RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE),
        "GST Act 1999 s. 9-90 (by supply or by document, the supplier chooses)",
    ),
    RoundingRule(
        "JP",
        date(2023, 10, 1),
        RoundingProfile(RoundingMode.DOWN, RoundingLevel.RATE_GROUP),
        "qualified invoices since 1 October 2023: once per rate and invoice (the mode is the seller's choice)",
    ),
)
