"""Indonesia: PPN (Pajak Pertambahan Nilai) from 1985 on.

Sources: UU 8/1983 (in force 1 April 1985 by PP 1/1985) with UU 11/1994, UU 42/2009 and UU 7/2021; PMK 71/PMK.03/2022;
PMK 131/2024 (in force 1 January 2025); PMK 11/2025 (in force 4 February 2025); PER-11/PJ/2025.

Since 2025 the nominal rate is 12 %, taken of 11/12 of the price for all but luxury goods (PMK 131/2024, art. 3);
luxury goods bear it in full from 1 February 2025, and in January 2025 on 11/12 when sold to final consumers
(art. 5), which is what a shop does.

The sales tax on luxury goods (PPnBM) is charged once, by the producer or importer, beside PPN and on the same price;
neither is part of the other's base (UU PPN art. 5 and 10). The classes `luxury_20` to `luxury_75` are those of PMK
96/PMK.03/2021 (all but vehicles); a seller charges it who holds a registration with the scheme `ppnbm`, and for
everybody else the class is luxury goods with PPN alone.

What is not collected, or borne by the state (UU PPN art. 16B(2)), is owed all the same: the buyer's invoice states
12 % of 11/12 beside the stamp, the seller's return reports it, and nothing is charged. What is exempt (art. 16B(3))
is not owed: its rate is 0.
"""

from datetime import date
from fractions import Fraction
from typing import Final

from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.countries.rules import WHOLE, Tax, delivered_with
from tokolib.tax.model import (
    COURIER,
    EXEMPT,
    EXPORT,
    LUXURY,
    NOT_COLLECTED,
    STANDARD,
    ZERO,
    Basis,
    RoundingRule,
    Rule,
    Treatment,
)

PPN: Final = Tax("ID", "PPN", "PPN")
PPNBM: Final = Tax("ID", "PPnBM", "PPnBM")
PRODUCER: Final = "ppnbm"
"""The scheme of a registration that says: this seller produces or imports luxury goods."""
ELEVEN_TWELFTHS: Final = Fraction(11, 12)
TENTH: Final = Fraction(1, 10)

_UU_8_1983 = "UU 8/1983 art. 7(1)"
_UU_7_2021 = "UU 7/2021 art. 4 (UU PPN art. 7(1)a)"
_16B_2 = "UU PPN art. 16B(2) (UU 11/1994)"

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

_PMK_96_2021 = "PMK 96/PMK.03/2021 art. 2(1); UU PPN art. 5(1), 10(1)"


def _luxury_goods_with(percent: str) -> tuple[Rule, ...]:
    """PPN and PPnBM of one rate, from the day on which the four rates held; PPN by the rules of luxury goods."""
    ppnbm = PPNBM.component(percent, _PMK_96_2021, scheme=PRODUCER)
    name = f"{LUXURY}_{percent}"
    return (
        PPN.taxed(name, date(2021, 7, 26), "10", _UU_8_1983, also=(ppnbm,)),
        PPN.taxed(name, date(2022, 4, 1), "11", _UU_7_2021, also=(ppnbm,)),
        PPN.taxed(name, date(2025, 1, 1), "12", "PMK 131/2024 art. 5", fraction=ELEVEN_TWELFTHS, also=(ppnbm,)),
        PPN.taxed(name, date(2025, 2, 1), "12", "PMK 131/2024 art. 2", also=(ppnbm,)),
    )


WITH_PPNBM: Final = tuple(rule for percent in ("20", "40", "50", "75") for rule in _luxury_goods_with(percent))
"""That PMK 96/PMK.03/2021 holds from 26 July 2021 is of medium confidence: it was set on 22 July and published after.

In January 2025 PPN is taken of 11/12 for final consumers, and PPnBM of the price: art. 5 speaks of PPN alone.
"""

PARCEL_SERVICE: Final = (
    # A courier's own invoice (jasa pengiriman paket). A seller who charges delivery as part of the sale taxes it
    # like the goods instead: class `shipping`.
    PPN.taxed(COURIER, date(2022, 4, 1), "11", "PMK 71/PMK.03/2022", fraction=TENTH, basis=Basis.SET_SHARE),
    PPN.taxed(
        COURIER, date(2025, 1, 1), "12", "PMK 71/PMK.03/2022; PMK 131/2024", fraction=TENTH, basis=Basis.SET_SHARE
    ),
    PPN.taxed(COURIER, date(2025, 2, 4), "12", "PMK 11/2025", fraction=TENTH * ELEVEN_TWELFTHS, basis=Basis.SET_SHARE),
)

UNTAXED: Final = (
    PPN.untaxed(ZERO, date(1985, 4, 1), Treatment.EXPORT, "UU PPN art. 7(2)"),
    PPN.untaxed(EXPORT, date(1985, 4, 1), Treatment.EXPORT, "UU PPN art. 7(2)"),
    PPN.untaxed(EXEMPT, date(1995, 1, 1), Treatment.EXEMPT, "UU PPN art. 16B(3) (UU 11/1994)"),
    *(
        PPN.untaxed(
            NOT_COLLECTED, since, Treatment.NOT_COLLECTED, f"{_16B_2}; {law}", percent=percent, fraction=fraction
        )
        for since, percent, fraction, law in (
            (date(1995, 1, 1), "10", WHOLE, _UU_8_1983),
            (date(2022, 4, 1), "11", WHOLE, _UU_7_2021),
            (date(2025, 1, 1), "12", ELEVEN_TWELFTHS, "PMK 131/2024 art. 3"),
        )
    ),
)

RULES: Final[tuple[Rule, ...]] = (
    *GOODS,
    *LUXURY_GOODS,
    *WITH_PPNBM,
    *delivered_with(GOODS),
    *PARCEL_SERVICE,
    *UNTAXED,
)

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
