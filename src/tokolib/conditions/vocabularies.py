"""Which facts are known where a condition is put: a rule that asks for another would never hold, without a word.

A host's own facts, which begin with `x.`, are taken everywhere.
"""

from collections.abc import Collection, Mapping
from typing import Final

import attrs

from tokolib.conditions.facts import FACTS, Fact

_OF_PRICES: Final = (
    "subtotal",
    "subtotal_after_discounts",
    "subtotal_with_tax",
    "subtotal_after_discounts_with_tax",
)
"""What is known once goods have prices."""
_OF_BOTH: Final = ("quantity", "categories", "tags", "attributes")
"""What one line and a whole order have."""


@attrs.frozen
class Vocabulary:
    """The facts that are known in one place, and what to do about those that never are."""

    facts: Mapping[str, Fact]
    instead: Mapping[str, str]
    """The way out, by the name of a fact of `FACTS` that is none of `facts`."""


_INSTEAD: Final = {
    "unit_price": "it is known of one line",
    "sku": "it is known of one line; of the whole order ask for skus",
    "product": "it is known of one line; of the whole order ask for products",
    "risk": "only charges can ask for it",
}
"""Of conditions of a whole order."""
_TARGET: Final = "or say it in the target of a promotion"
_UNPRICED: Final = "the goods have no prices yet when a list is chosen; give its prices tiers, or put a promotion"


def _without(names: Collection[str], instead: Mapping[str, str]) -> Vocabulary:
    return Vocabulary({name: fact for name, fact in FACTS.items() if name not in names}, instead)


OF_LINES: Final = Vocabulary(
    {name: FACTS[name] for name in ("sku", "product", "categories", "tags", "attributes", "quantity", "unit_price")},
    dict.fromkeys(FACTS, "it is known of the whole order only; say it in conditions"),
)
"""Of the target of a promotion."""
OF_ORDERS: Final = _without(_INSTEAD, _INSTEAD)
"""Of the conditions of deliveries and tenders."""
OF_PROMOTIONS: Final = _without(
    _INSTEAD,
    _INSTEAD | {name: f"{_INSTEAD[name]}, {_TARGET}" for name in ("unit_price", "sku", "product")},
)
"""Of the conditions of promotions."""
OF_CHARGES: Final = _without([name for name in _INSTEAD if name != "risk"], _INSTEAD)
"""Of the conditions of charges, which come after the tender was looked at."""
OF_LISTS: Final = _without([*_INSTEAD, *_OF_PRICES], _INSTEAD | dict.fromkeys(("unit_price", *_OF_PRICES), _UNPRICED))
"""Of the conditions of price lists."""
