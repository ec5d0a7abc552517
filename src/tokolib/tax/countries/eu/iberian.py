"""Portugal and Spain.

Portugal, Código do IVA (CIVA): 23, 13 and 6 %. The regions' rates are set by their own assemblies: the Azores (20)
30 % below since 1 July 2021, Madeira (30) with a reduced rate of 4 % since 1 October 2024. `basic_food` is the basket
that Lei 17/2023 exempted with the right to deduct, 18 April 2023 to 4 January 2024.

Spain, Ley 37/1992 (LIVA): 21, 10 and 4 %. The rates of food were cut for a time (RDL 20/2022 art. 72, RDL 8/2023,
RDL 4/2024): `basic_food` (bread, milk, eggs, fruit, vegetables), `olive_oil` and `pasta` (with seed oils) carry them.
The Canary Islands (CN), Ceuta (CE) and Melilla (ML) are outside the VAT territory (LIVA art. 3): what goes there from
the rest of Spain is exported. They levy taxes of their own, IGIC (EN 16931 category L) and IPSI (category M), which
depend on the goods and the city, and are not here: a shop there adds its own rules.

Confidence: high; the first days of the Azores' rates of 2017 are older, and Madeira's section was not read.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import (
    BASIC_FOOD,
    INTERMEDIATE,
    PARKING,
    SUPER_REDUCED,
    Tax,
    delivered_with,
    outside,
)
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, Rule, Treatment

OLIVE_OIL: Final = "olive_oil"
PASTA: Final = "pasta"

_PT = Tax("PT", "VAT", "IVA")
_AZORES, _MADEIRA = "20", "30"
_PT_AZORES = "CIVA art. 18(3); DLR 15-A/2021/A"
_PT_MADEIRA = "CIVA art. 18(3); Lei 14-A/2012"
_PT_MADEIRA_2024 = "CIVA art. 18(3); DLR 6/2024/M (Madeira's budget for 2024)"
_PT_FOOD = "Lei 17/2023, 18 April 2023 to 4 January 2024"
_PT_GOODS = (
    _PT.taxed(STANDARD, date(2011, 1, 1), "23", "CIVA art. 18(1)c"),
    _PT.taxed(STANDARD, date(2017, 1, 1), "18", "CIVA art. 18(3)", region=_AZORES),
    _PT.taxed(STANDARD, date(2021, 7, 1), "16", _PT_AZORES, region=_AZORES),
    _PT.taxed(STANDARD, date(2012, 4, 1), "22", _PT_MADEIRA, region=_MADEIRA),
)
PORTUGAL: Final[tuple[Rule, ...]] = (
    *_PT_GOODS,
    *delivered_with(_PT_GOODS),
    *(
        rule
        for tax_class in (INTERMEDIATE, PARKING)
        for rule in (
            _PT.taxed(tax_class, date(2011, 1, 1), "13", "CIVA art. 18(1)b and list II"),
            _PT.taxed(tax_class, date(2017, 1, 1), "9", "CIVA art. 18(3)", region=_AZORES),
            _PT.taxed(tax_class, date(2012, 4, 1), "12", _PT_MADEIRA, region=_MADEIRA),
        )
    ),
    _PT.taxed(REDUCED, date(2011, 1, 1), "6", "CIVA art. 18(1)a and list I"),
    _PT.taxed(REDUCED, date(2017, 1, 1), "4", "CIVA art. 18(3)", region=_AZORES),
    _PT.taxed(REDUCED, date(2012, 4, 1), "5", _PT_MADEIRA, region=_MADEIRA),
    _PT.taxed(REDUCED, date(2024, 10, 1), "4", _PT_MADEIRA_2024, region=_MADEIRA),
    _PT.taxed(BASIC_FOOD, date(2017, 1, 1), "6", "CIVA art. 18(1)a and list I"),
    _PT.untaxed(BASIC_FOOD, date(2023, 4, 18), Treatment.ZERO, _PT_FOOD),
    _PT.taxed(BASIC_FOOD, date(2024, 1, 5), "6", "CIVA art. 18(1)a and list I"),
    _PT.taxed(BASIC_FOOD, date(2017, 1, 1), "4", "CIVA art. 18(3)", region=_AZORES),
    _PT.untaxed(BASIC_FOOD, date(2023, 4, 18), Treatment.ZERO, _PT_FOOD, region=_AZORES),
    _PT.taxed(BASIC_FOOD, date(2024, 1, 5), "4", _PT_AZORES, region=_AZORES),
    _PT.taxed(BASIC_FOOD, date(2017, 1, 1), "5", _PT_MADEIRA, region=_MADEIRA),
    _PT.untaxed(BASIC_FOOD, date(2023, 4, 18), Treatment.ZERO, _PT_FOOD, region=_MADEIRA),
    _PT.taxed(BASIC_FOOD, date(2024, 1, 5), "5", _PT_MADEIRA, region=_MADEIRA),
    _PT.taxed(BASIC_FOOD, date(2024, 10, 1), "4", _PT_MADEIRA_2024, region=_MADEIRA),
    _PT.untaxed(EXPORT, date(2011, 1, 1), Treatment.EXPORT, "CIVA art. 14"),
    _PT.untaxed(EXEMPT, date(2011, 1, 1), Treatment.EXEMPT, "CIVA art. 9"),
)

_ES = Tax("ES", "VAT", "IVA")
_ES_2022, _ES_2024 = "RDL 20/2022 art. 72, prolonged by RDL 8/2023", "RDL 4/2024"
_ES_GOODS = (
    _ES.taxed(STANDARD, date(1995, 1, 1), "16", "LIVA art. 90"),
    _ES.taxed(STANDARD, date(2010, 7, 1), "18", "LIVA art. 90"),
    _ES.taxed(STANDARD, date(2012, 9, 1), "21", "LIVA art. 90"),
)
_ES_ALL = (
    *_ES_GOODS,
    *delivered_with(_ES_GOODS),
    _ES.taxed(REDUCED, date(1995, 1, 1), "7", "LIVA art. 91(1)"),
    _ES.taxed(REDUCED, date(2010, 7, 1), "8", "LIVA art. 91(1)"),
    _ES.taxed(REDUCED, date(2012, 9, 1), "10", "LIVA art. 91(1)"),
    _ES.taxed(SUPER_REDUCED, date(1995, 1, 1), "4", "LIVA art. 91(2)"),
    _ES.taxed(BASIC_FOOD, date(2017, 1, 1), "4", "LIVA art. 91(2)"),
    _ES.untaxed(BASIC_FOOD, date(2023, 1, 1), Treatment.ZERO, _ES_2022),
    _ES.taxed(BASIC_FOOD, date(2024, 10, 1), "2", _ES_2024),
    _ES.taxed(BASIC_FOOD, date(2025, 1, 1), "4", "LIVA art. 91(2)"),
    _ES.taxed(OLIVE_OIL, date(2017, 1, 1), "10", "LIVA art. 91(1)"),
    _ES.taxed(OLIVE_OIL, date(2023, 1, 1), "5", _ES_2022),
    _ES.untaxed(OLIVE_OIL, date(2024, 7, 1), Treatment.ZERO, _ES_2024),
    _ES.taxed(OLIVE_OIL, date(2024, 10, 1), "2", _ES_2024),
    _ES.taxed(OLIVE_OIL, date(2025, 1, 1), "4", "LIVA art. 91(2)"),
    _ES.taxed(PASTA, date(2017, 1, 1), "10", "LIVA art. 91(1)"),
    _ES.taxed(PASTA, date(2023, 1, 1), "5", _ES_2022),
    _ES.taxed(PASTA, date(2024, 10, 1), "7.5", _ES_2024),
    _ES.taxed(PASTA, date(2025, 1, 1), "10", "LIVA art. 91(1)"),
    _ES.untaxed(EXPORT, date(1995, 1, 1), Treatment.EXPORT, "LIVA art. 21"),
    _ES.untaxed(EXEMPT, date(1995, 1, 1), Treatment.EXEMPT, "LIVA art. 20"),
)
SPAIN: Final[tuple[Rule, ...]] = (
    *_ES_ALL,
    *(rule for region in ("CN", "CE", "ML") for rule in outside(_ES_ALL, region, "LIVA art. 3 and 21")),
)
