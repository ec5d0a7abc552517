"""The facts that conditions are asked about: what pricing itself knows of the goods, beside what the caller knows.

Of the whole order: `subtotal` (goods before discounts, minor units), `quantity` (units of measure), `lines`,
`weight_grams`, `skus`, `products`, `categories`, `tags`, `attributes`, `currency`, `coupon`; and, when a promotion's
turn comes, `subtotal_with_tax`, `subtotal_after_discounts` and `subtotal_after_discounts_with_tax`.
Of one line: `sku`, `product`, `categories`, `tags`, `attributes`, `quantity`, `unit_price`.
The caller gives the others: `now`, `channel`, `customer`, `customer_groups`, and what it likes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Final

from tokolib.conditions import Facts, FactValue
from tokolib.kernel.clock import aware
from tokolib.kernel.numbers import EXACT
from tokolib.pricing.model import PriceLine

GOODS_FACTS: Final = frozenset(
    {"quantity", "weight_grams", "lines", "skus", "products", "categories", "tags", "attributes"}
)
"""What is known of all lines together before they have prices."""
LATE_FACTS: Final = frozenset({"subtotal_with_tax", "subtotal_after_discounts", "subtotal_after_discounts_with_tax"})
"""What is known only when a promotion's turn comes."""


def units(line: PriceLine) -> Decimal:
    """The quantity of a line in units of measure, exact."""
    return decimal(line.quantity * line.per_step)


def decimal(value: int | Fraction) -> Decimal:
    """An exact decimal; steps are decimals, so their multiples are too."""
    fraction = Fraction(value)
    return EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))


def goods_facts(lines: Sequence[PriceLine], asked: frozenset[str] = GOODS_FACTS) -> dict[str, FactValue]:
    """What is known of all lines together before they have prices, when any of it is *asked*; gifts don't count."""
    if asked.isdisjoint(GOODS_FACTS):
        return {}
    quantity: int | Fraction = 0
    weight: int | Fraction = 0
    lines = [line for line in lines if not line.gift]
    for line in lines:
        whole, parts = line.per_step.as_integer_ratio()
        amount = line.quantity * whole if parts == 1 else line.quantity * line.per_step
        quantity += amount
        weight += amount * (line.weight_grams or 0)
    return {
        "quantity": quantity if isinstance(quantity, int) else decimal(quantity),
        "weight_grams": weight if isinstance(weight, int) else decimal(weight),
        "lines": len(lines),
        "skus": frozenset(line.key for line in lines),
        "products": frozenset(line.product_id for line in lines if line.product_id),
        "categories": _all(line.categories for line in lines),
        "tags": _all(line.tags for line in lines),
        "attributes": _all(line.attributes for line in lines),
    }


def _all(groups: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(chain.from_iterable(groups))


def line_facts(line: PriceLine, base: int) -> dict[str, FactValue]:
    """What a promotion's target may ask about one line, which costs *base* before discounts."""
    whole, parts = line.per_step.as_integer_ratio()
    return {
        "sku": line.key,
        "product": line.product_id,
        "categories": frozenset(line.categories),
        "tags": frozenset(line.tags),
        "attributes": frozenset(line.attributes),
        "unit_price": base * parts // (line.quantity * whole),
        "quantity": decimal(line.quantity * line.per_step) if parts != 1 else line.quantity * whole,
    }


def instant(facts: Facts) -> datetime | None:
    """The moment that dates are compared with, where the caller gave one.

    Raises:
        NaiveDatetime: it has no zone.
    """
    now = facts.get("now")
    return aware(now, "now") if isinstance(now, datetime) else None


def text(facts: Facts, name: str) -> str:
    """A fact that is text, or nothing."""
    value = facts.get(name)
    return value if isinstance(value, str) else ""


def groups(facts: Facts) -> frozenset[str]:
    """Every group that the customer is in."""
    found = facts.get("customer_groups")
    return found if isinstance(found, frozenset) else frozenset()
