"""Austria and Germany.

Austria, UStG 1994: 10 % is the reduced rate of food, books and rents, 13 % the intermediate one. Jungholz (postcode
6691) and Mittelberg (6991 to 6993) are reached through Germany only, and bear 19 % in place of 20 (regions
`JUNGHOLZ`, `MITTELBERG`; the reduced rates are Austria's own; no change for the second half of 2020 was found).
Some staple foods went from 10 to 4.9 % on 1 July 2026: their class is `basic_food`, also under the name that EU law
gives such a rate, `super_reduced`. Photovoltaic modules were zero-rated from 1 January 2024 to 31 March 2025, period
products and contraceptives are since 1 January 2026; in between nothing on a shelf was class `zero`.
Confidence: the 4.9 % is in TEDB, and its section of the act was not read; all else high.

Germany, UStG: zero is for photovoltaic modules since 2023. Restaurants' meals moved between 19 and 7 %, which is a
change of class. Helgoland and Büsingen (regions `HELGOLAND`, `BUESINGEN`) are outside the VAT territory.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import (
    BASIC_FOOD,
    BOOKS,
    INTERMEDIATE,
    PARKING,
    SUPER_REDUCED,
    Tax,
    delivered_with,
    outside,
)
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_AT = Tax("AT", "VAT", "Umsatzsteuer")
_AT_GOODS = (
    _AT.taxed(STANDARD, date(1984, 1, 1), "20", "UStG 1994 § 10(1)"),
    *(
        _AT.taxed(STANDARD, date(2007, 1, 1), "19", "UStG 1994 § 10(4)", region=region)
        for region in ("JUNGHOLZ", "MITTELBERG")
    ),
)
AUSTRIA: Final[tuple[Rule, ...]] = (
    *_AT_GOODS,
    *delivered_with(_AT_GOODS),
    _AT.taxed(REDUCED, date(1984, 1, 1), "10", "UStG 1994 § 10(2)"),
    _AT.taxed(INTERMEDIATE, date(2016, 1, 1), "13", "UStG 1994 § 10(3)"),
    _AT.taxed(PARKING, date(2016, 1, 1), "13", "UStG 1994 § 10(3) (wine from the grower)"),
    _AT.taxed(BOOKS, date(2017, 1, 1), "10", "UStG 1994 § 10(2)"),
    _AT.taxed(BOOKS, date(2020, 7, 1), "5", "UStG 1994 § 28(52) (BGBl. I 60/2020), to 31 December 2021"),
    _AT.taxed(BOOKS, date(2022, 1, 1), "10", "UStG 1994 § 10(2)"),
    *(
        rule
        for tax_class in (BASIC_FOOD, SUPER_REDUCED)
        for rule in (
            _AT.taxed(tax_class, date(2017, 1, 1), "10", "UStG 1994 § 10(2)"),
            _AT.taxed(tax_class, date(2026, 7, 1), "4.9", "UStG 1994 § 10 as amended from 1 July 2026"),
        )
    ),
    _AT.untaxed(ZERO, date(2024, 1, 1), Treatment.ZERO, "UStG 1994 § 28(62), to 31 March 2025"),
    _AT.untaxed(ZERO, date(2026, 1, 1), Treatment.ZERO, "UStG 1994 § 6 (Budgetbegleitgesetz 2025)"),
    _AT.untaxed(EXPORT, date(1995, 1, 1), Treatment.EXPORT, "UStG 1994 § 6(1) no. 1 and § 7"),
    _AT.untaxed(EXEMPT, date(1995, 1, 1), Treatment.EXEMPT, "UStG 1994 § 6(1)"),
)

_DE = Tax("DE", "VAT", "Umsatzsteuer")
_DE_GOODS = (
    _DE.taxed(STANDARD, date(2007, 1, 1), "19", "UStG § 12(1)"),
    _DE.taxed(STANDARD, date(2020, 7, 1), "16", "UStG § 28(1), 1 July to 31 December 2020"),
    _DE.taxed(STANDARD, date(2021, 1, 1), "19", "UStG § 12(1)"),
)
_DE_ALL = (
    *_DE_GOODS,
    *delivered_with(_DE_GOODS),
    _DE.taxed(REDUCED, date(2007, 1, 1), "7", "UStG § 12(2)"),
    _DE.taxed(REDUCED, date(2020, 7, 1), "5", "UStG § 28(2), 1 July to 31 December 2020"),
    _DE.taxed(REDUCED, date(2021, 1, 1), "7", "UStG § 12(2)"),
    _DE.untaxed(ZERO, date(2023, 1, 1), Treatment.ZERO, "UStG § 12(3)"),
    _DE.untaxed(EXPORT, date(2007, 1, 1), Treatment.EXPORT, "UStG § 4 no. 1 a and § 6"),
    _DE.untaxed(EXEMPT, date(2007, 1, 1), Treatment.EXEMPT, "UStG § 4"),
)
GERMANY: Final[tuple[Rule, ...]] = (
    *_DE_ALL,
    *(rule for region in ("HELGOLAND", "BUESINGEN") for rule in outside(_DE_ALL, region, "UStG § 1(2) and § 6(1)")),
)
