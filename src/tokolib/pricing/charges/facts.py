"""All that is known of an order once its goods have prices: what charges, deliveries and tenders are asked about."""

from collections.abc import Iterable, Mapping

import attrs

from tokolib.conditions import Facts, FactValue


@attrs.frozen
class Standing:
    """What the goods of one line come to, in minor units."""

    before: int
    """Before discounts, as prices state it."""
    after: int
    """After discounts, as prices state it."""
    before_with_tax: int
    after_with_tax: int


def order_facts(known: Facts, goods: Mapping[str, FactValue], standings: Iterable[Standing]) -> dict[str, FactValue]:
    """*known* facts, those of the *goods*, and the subtotals that their lines add up to."""
    rows = tuple(standings)
    return {
        **known,
        **goods,
        "subtotal": sum(each.before for each in rows),
        "subtotal_after_discounts": sum(each.after for each in rows),
        "subtotal_with_tax": sum(each.before_with_tax for each in rows),
        "subtotal_after_discounts_with_tax": sum(each.after_with_tax for each in rows),
    }
