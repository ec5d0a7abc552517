"""What a cart can tell pricing: its lines as goods, and the facts that conditions ask about."""

from collections.abc import Mapping
from datetime import datetime

from tokolib.cart.model import Contents
from tokolib.catalog.model import Sellable
from tokolib.conditions.facts import FactValue
from tokolib.pricing.model import PriceLine


def price_lines(cart: Contents, sellables: Mapping[str, Sellable]) -> list[PriceLine]:
    """The lines of *cart* that can be sold, as goods to be priced, in order."""
    return [
        PriceLine(
            id=line.id,
            key=line.key,
            name=one.name,
            quantity=line.quantity,
            per_step=one.unit.per_step,
            tax_class=one.tax_class,
            product_id=one.product_id,
            categories=one.categories,
            tags=one.tags,
            weight_grams=one.weight_grams,
            stated=line.stated,
            sku=one.sku,
        )
        for line in cart.lines
        if (one := sellables.get(line.key)) is not None
    ]


def cart_facts(cart: Contents, now: datetime, currency: str) -> dict[str, FactValue]:
    """The facts that a cart knows: when, where from, who, and where to if that was chosen."""
    groups = frozenset({cart.group}) if cart.group else frozenset[str]()
    facts: dict[str, FactValue] = {"now": now, "channel": cart.channel, "currency": currency}
    facts |= {"customer_groups": groups, "coupon": frozenset(cart.coupons)}
    if cart.customer is not None:
        facts["customer"] = cart.customer
    if cart.ship_to is not None:
        facts |= {"country": cart.ship_to.country, "province": cart.ship_to.province, "city": cart.ship_to.city}
    return facts
