"""The tax tables that come with tokolib; a country that isn't here needs rules of the shop's own.

The United States and Malaysia are left out on purpose: what a shop there must charge depends on registrations and
places that no table of rates can answer.
"""

from typing import Final

from tokolib.tax.countries import asia_pacific, europe, id
from tokolib.tax.model import RuleSet

BUILT_IN: Final = RuleSet(
    rules=(
        *id.RULES,
        *asia_pacific.SINGAPORE,
        *asia_pacific.JAPAN,
        *asia_pacific.AUSTRALIA,
        *europe.UNITED_KINGDOM,
        *europe.GERMANY,
        *europe.FRANCE,
        *europe.NETHERLANDS,
    ),
    roundings=(*id.ROUNDINGS, *asia_pacific.ROUNDINGS, *europe.ROUNDINGS),
)
