"""Indonesia: PPN (Pajak Pertambahan Nilai) from 1985 on.

Sources: UU 8/1983 (in force 1 April 1985 by PP 1/1985) with UU 11/1994, UU 42/2009 and UU 7/2021; PMK 71/PMK.03/2022;
PMK 131/2024 (in force 1 January 2025); PMK 11/2025 (in force 4 February 2025); PER-11/PJ/2025.

Since 2025 the nominal rate is 12 %, taken of 11/12 of the price for all but luxury goods (PMK 131/2024, art. 3);
luxury goods bear it in full from 1 February 2025, and in January 2025 on 11/12 when sold to final consumers
(art. 5), which is what a shop does. The sales tax on luxury goods (PPnBM) is charged once, by the producer or
importer, and is not in this table.
"""

from datetime import date
from fractions import Fraction
from typing import Final

from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.countries.rules import Tax, delivered_with
from tokolib.tax.model import (
    COURIER,
    EXEMPT,
    EXPORT,
    LUXURY,
    NOT_COLLECTED,
    STANDARD,
    ZERO,
    RoundingRule,
    Rule,
    Treatment,
)

PPN: Final = Tax("ID", "PPN", "PPN")
ELEVEN_TWELFTHS: Final = Fraction(11, 12)
TENTH: Final = Fraction(1, 10)

_UU_8_1983 = "UU 8/1983 art. 7(1)"
_UU_7_2021 = "UU 7/2021 art. 4 (UU PPN art. 7(1)a)"

GOODS: Final = (
    PPN.taxed(STANDARD, date(1985, 4, 1), "10", _UU_8_1983),
    PPN.taxed(STANDARD, date(2022, 4, 1), "11", _UU_7_2021),
    PPN.taxed(STANDARD, date(2025, 1, 1), "12", "PMK 131/2024 art. 3", fraction=ELEVEN_TWELFTHS),
)

LUXURY_GOODS: Final = (
    PPN.taxed(LUXURY, date(1985, 4, 1), "10", _UU_8_1983),
    PPN.taxed(LUXURY, date(2022, 4, 1), "11", _UU_7_2021),
    PPN.taxed(LUXURY, date(2025, 1, 1), "12", "PMK 131/2024 art. 5", fraction=ELEVEN_TWELFTHS),
    PPN.taxed(LUXURY, date(2025, 2, 1), "12", "PMK 131/2024 art. 2"),
)

PARCEL_SERVICE: Final = (
    # A courier's own invoice (jasa pengiriman paket). A seller who charges delivery as part of the sale taxes it
    # like the goods instead: class `shipping`.
    PPN.taxed(COURIER, date(2022, 4, 1), "11", "PMK 71/PMK.03/2022", fraction=TENTH),
    PPN.taxed(COURIER, date(2025, 1, 1), "12", "PMK 71/PMK.03/2022; PMK 131/2024", fraction=TENTH),
    PPN.taxed(COURIER, date(2025, 2, 4), "12", "PMK 11/2025", fraction=TENTH * ELEVEN_TWELFTHS),
)

UNTAXED: Final = (
    PPN.untaxed(ZERO, date(1985, 4, 1), Treatment.EXPORT, "UU PPN art. 7(2)"),
    PPN.untaxed(EXPORT, date(1985, 4, 1), Treatment.EXPORT, "UU PPN art. 7(2)"),
    PPN.untaxed(EXEMPT, date(1995, 1, 1), Treatment.EXEMPT, "UU PPN art. 16B (UU 11/1994)"),
    PPN.untaxed(NOT_COLLECTED, date(1995, 1, 1), Treatment.NOT_COLLECTED, "UU PPN art. 16B (UU 11/1994)"),
)

RULES: Final[tuple[Rule, ...]] = (*GOODS, *LUXURY_GOODS, *delivered_with(GOODS), *PARCEL_SERVICE, *UNTAXED)

ROUNDINGS: Final = (
    RoundingRule(
        "ID",
        date(1985, 4, 1),
        RoundingProfile(RoundingMode.DOWN, RoundingLevel.LINE),
        "SE-22/PJ.24/1990; PER-29/PJ/2015",
    ),
    RoundingRule(
        "ID",
        date(2025, 5, 22),
        RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE),
        "PER-11/PJ/2025 art. 129",
    ),
)
"""Whole rupiah: always down before, half up since PER-11/PJ/2025, art. 129.

That the new rule holds from 22 May 2025 is of medium confidence: the rule was read, its first day was not. The text
doesn't fix the level; by line is what the tax office's own form adds up (a document whose lines don't is rejected).
"""
