"""What an order was priced by as JSON text, for files and other machines."""

import json

from tokolib.pricing.what_if.facts import PricingFacts
from tokolib.records.codec import dump, load


def facts_text(facts: PricingFacts) -> str:
    """*facts* as the one JSON text that they have.

    Raises:
        InvalidInput: half of a character pair stands alone in them, so that they are no Unicode text.
    """
    return dump(facts).decode()


def facts_of_text(text: str) -> PricingFacts:
    """The facts that *text* was made of; what is no such text raises (`ValueError`, `TypeError`, `KeyError`, …)."""
    return load(json.loads(text), PricingFacts)
