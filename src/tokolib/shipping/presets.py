"""Weight rules, insurance and cash-on-delivery fees of Indonesian couriers: data, each with its source.

Couriers change these without notice; a shop that has a contract uses the contract's figures. `confidence` tells how
far each was checked: high where public pages agree, low where only one program or general knowledge says so. Where
the rounding of a service wasn't found, every started kilogram counts.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from tokolib.shipping.fees import FeeRule
from tokolib.shipping.weight import Confidence, WeightRule

JNE: Final = WeightRule(
    "jne",
    tolerance_grams=300,
    source="jnebrebes.blogspot.com (2013), berikhtiar.com: up to 0.30 kg down, above up; volume / 6000",
    confidence=Confidence.HIGH,
)
JNE_TRUCKING: Final = WeightRule(
    "jne:jtr", divisor=4000, minimum_grams=10_000, source="general knowledge", confidence=Confidence.LOW
)
JNT: Final = WeightRule(
    "jnt", source="everpro.id shipping guide (divisor); rounding not found", confidence=Confidence.MEDIUM
)
JNT_CARGO: Final = WeightRule(
    "jnt:cargo",
    divisor=5000,
    step_grams=1,
    minimum_grams=11_000,
    maximum_grams=500_000,
    source="kurirpedia.com: volume / 5000, no rounding, from the first 11 kg, to 500 kg",
    confidence=Confidence.MEDIUM,
)
SICEPAT: Final = WeightRule("sicepat", source="general knowledge; no page was found", confidence=Confidence.LOW)
TIKI: Final = WeightRule("tiki", source="an open shop's code: rounds up to the kilogram", confidence=Confidence.LOW)
POS: Final = WeightRule(
    "pos", tolerance_grams=200, source="an open shop's code: 0.2 kg tolerance", confidence=Confidence.LOW
)
POS_KILAT_KHUSUS: Final = WeightRule(
    "pos:kilat_khusus",
    minimum_grams=100,
    maximum_grams=50_000,
    tiers_grams=(100, 250, 500, 1000, 2000),
    source="public tariff tables: 100, 250, 500, 1000, 2000 g, then each kilogram, to 50 kg",
    confidence=Confidence.MEDIUM,
)
ANTERAJA: Final = WeightRule(
    "anteraja", source="everpro.id shipping guide (divisor); rounding not found", confidence=Confidence.MEDIUM
)
LION: Final = WeightRule(
    "lion",
    source="Lion Parcel agent page (April 2024): volume / 6000; rounding not found",
    confidence=Confidence.MEDIUM,
)
LION_INTERPACK: Final = WeightRule(
    "lion:interpack",
    divisor=5000,
    maximum_grams=30_000,
    source="Lion Parcel agent page (April 2024): volume / 5000, 1.01 kg is 2 kg, 30 kg a piece",
    confidence=Confidence.HIGH,
)

WEIGHT_RULES: Final[Mapping[str, WeightRule]] = {
    rule.name: rule
    for rule in (
        JNE,
        JNE_TRUCKING,
        JNT,
        JNT_CARGO,
        SICEPAT,
        TIKI,
        POS,
        POS_KILAT_KHUSUS,
        ANTERAJA,
        LION,
        LION_INTERPACK,
    )
}
"""By `courier` or `courier:service`."""

JNE_INSURANCE: Final = FeeRule(
    Decimal("0.2"), fixed=5_000, source="kompas.com: 0.2 % of the goods' value and Rp5,000 administration"
)

_BITESHIP: Final = "Biteship's table (seen May 2026)"


def _cod(percents: tuple[int, int, int], **bounds: int) -> Mapping[int, FeeRule]:
    """By the days until the courier pays out: 7, 5 and 3."""
    return {
        days: FeeRule(Decimal(percent), source=_BITESHIP, **bounds)
        for days, percent in zip((7, 5, 3), percents, strict=True)
    }


COD_FEES: Final[Mapping[str, Mapping[int, FeeRule]]] = {
    "jne": _cod((4, 5, 6), minimum=3_500, least=25_000, most=5_000_000),
    "sicepat": _cod((4, 5, 6), minimum=2_000, least=1_000, most=2_500_000),
    "anteraja": _cod((3, 4, 5), minimum=5_000, least=5_000, most=2_500_000),
    "sap": _cod((3, 4, 5), most=10_000_000),
    "tiki": _cod((3, 4, 5)),
    "jnt": _cod((3, 4, 5)),
    "id_express": _cod((3, 4, 5)),
}
"""Cash-on-delivery fees in rupiah, by courier and payout days; of medium confidence."""


def weight_rule(code: str) -> WeightRule | None:
    """The preset for a method's code: its service's, else its courier's (`jne:reg` is weighed like `jne`)."""
    code = code.strip().lower()
    return WEIGHT_RULES.get(code) or WEIGHT_RULES.get(code.partition(":")[0])
