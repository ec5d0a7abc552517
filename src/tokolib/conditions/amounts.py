"""Whether a predicate compares amounts of money, which it names as bare minor units."""

from typing import Final

from tokolib.conditions.facts import FACTS, FactType
from tokolib.conditions.model import Predicate, facts_asked

AMOUNTS: Final = frozenset(name for name, fact in FACTS.items() if fact.type is FactType.MONEY)
"""The facts that are amounts."""


def names_amounts(predicate: Predicate) -> bool:
    """Whether *predicate* compares amounts and leaves open of which currency they are.

    One that asks for the fact `currency` says it itself. Of any other, whoever keeps it has to know the currency:
    100,000 is not the same in rupiah and in dollars.
    """
    asked = facts_asked(predicate)
    return "currency" not in asked and not AMOUNTS.isdisjoint(asked)
