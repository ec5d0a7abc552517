"""The tax tables that come with tokolib; a seller who is registered in a country that isn't here needs a tax provider.

Here are Indonesia, the 27 member states of the EU, the United Kingdom, Singapore, Malaysia, Japan, Australia and New
Zealand. The United States are left out on purpose: what a shop there must charge depends on registrations and places
that no table of rates can answer.
"""

from typing import Final

from tokolib.tax.countries import asia_pacific, eu, id, malaysia, united_kingdom
from tokolib.tax.model import RuleSet

BUILT_IN: Final = RuleSet(
    rules=(
        *id.RULES,
        *asia_pacific.SINGAPORE,
        *asia_pacific.JAPAN,
        *asia_pacific.AUSTRALIA,
        *asia_pacific.NEW_ZEALAND,
        *malaysia.MALAYSIA,
        *united_kingdom.UNITED_KINGDOM,
        *eu.RULES,
    ),
    roundings=(*id.ROUNDINGS, *asia_pacific.ROUNDINGS, *eu.ROUNDINGS),
)
