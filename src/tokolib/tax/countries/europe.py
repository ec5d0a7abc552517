"""The United Kingdom, Germany, France and the Netherlands.

Sources: Value Added Tax Act 1994 (UK); Umsatzsteuergesetz (Germany); Code général des impôts (France); Wet op de
omzetbelasting 1968 (Netherlands). Sales from one EU state to another are not here: whose tax they bear depends on
the buyer and on thresholds, so they need rules of the shop's own.
"""

from datetime import date
from typing import Final

from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.countries.rules import Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, RoundingRule, Rule, Treatment

INTERMEDIATE: Final = "intermediate"
"""The French rate between the reduced and the standard one."""

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

_DE = Tax("DE", "VAT", "Umsatzsteuer")
_DE_GOODS = (
    _DE.taxed(STANDARD, date(2007, 1, 1), "19", "UStG § 12(1)"),
    _DE.taxed(STANDARD, date(2020, 7, 1), "16", "UStG § 28(1), 1 July to 31 December 2020"),
    _DE.taxed(STANDARD, date(2021, 1, 1), "19", "UStG § 12(1)"),
)
GERMANY: Final[tuple[Rule, ...]] = (
    *_DE_GOODS,
    *delivered_with(_DE_GOODS),
    _DE.taxed(REDUCED, date(2007, 1, 1), "7", "UStG § 12(2)"),
    _DE.taxed(REDUCED, date(2020, 7, 1), "5", "UStG § 28(2), 1 July to 31 December 2020"),
    _DE.taxed(REDUCED, date(2021, 1, 1), "7", "UStG § 12(2)"),
    _DE.untaxed(ZERO, date(2023, 1, 1), Treatment.ZERO, "UStG § 12(3)"),
    _DE.untaxed(EXEMPT, date(2007, 1, 1), Treatment.EXEMPT, "UStG § 4"),
)

_FR = Tax("FR", "VAT", "TVA")
_FR_GOODS = (_FR.taxed(STANDARD, date(2014, 1, 1), "20", "CGI art. 278"),)
FRANCE: Final[tuple[Rule, ...]] = (
    *_FR_GOODS,
    *delivered_with(_FR_GOODS),
    _FR.taxed(INTERMEDIATE, date(2014, 1, 1), "10", "CGI art. 278 bis, 279"),
    _FR.taxed(REDUCED, date(2014, 1, 1), "5.5", "CGI art. 278-0 bis"),
    _FR.untaxed(EXEMPT, date(2014, 1, 1), Treatment.EXEMPT, "CGI art. 261"),
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
    _NL.untaxed(EXEMPT, date(2001, 1, 1), Treatment.EXEMPT, "Wet OB 1968 art. 11"),
)

ROUNDINGS: Final = tuple(
    RoundingRule(
        country,
        date(2017, 6, 28),
        RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.RATE_GROUP),
        "EN 16931-1:2017, BT-117: once per category and rate",
    )
    for country in ("DE", "FR", "NL")
)
