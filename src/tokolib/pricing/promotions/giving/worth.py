"""What the rule of a promotion said, in its own figures: for the explanation of what it gave."""

import attrs

from tokolib.conditions.model import ALWAYS
from tokolib.pricing.promotions.benefits import Benefit, Combination, Off, Percent, Tiered
from tokolib.pricing.promotions.giving.candidates import Worth
from tokolib.pricing.promotions.giving.workings import Parts


def worth(benefit: Benefit, parts: Parts) -> Worth | None:
    """What *benefit*, which came to *parts*, said; None for a percentage of everything and for a gift."""
    match benefit:
        case Off(value=value):
            return None if isinstance(value, Percent) else Worth(value)
        case Tiered(by=by):
            return Worth(steps=parts.steps, by=by)
        case Combination():
            valued = [attrs.evolve(each, which=ALWAYS) for each in benefit.parts if each.value is not None]
            times = parts.units // sum([each.quantity for each in benefit.parts])
            return Worth(benefit.value, parts=tuple(valued), times=times)
        case _:
            return None
