"""What a cart can tell pricing: its lines as goods, and the facts that conditions ask about."""

from collections.abc import Mapping
from datetime import datetime

from tokolib.cart.model import Contents
from tokolib.catalog.model import Sellable
from tokolib.conditions.facts import FactValue, regions
from tokolib.kernel.address import Address
from tokolib.pricing.model import KitPart, PriceLine


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
            attributes=one.attributes,
            weight_grams=one.weight_grams,
            stated=line.stated,
            sku=one.sku,
            parts=tuple(
                KitPart(part.sku, part.quantity, part.per_step, part.tax_class, part.weight) for part in one.parts
            ),
        )
        for line in cart.lines
        if (one := sellables.get(line.key)) is not None
    ]


def cart_facts(cart: Contents, now: datetime) -> dict[str, FactValue]:
    """The facts that a cart knows: when, where from, in which currency, who, and where to if that was chosen."""
    groups = frozenset({cart.group}) if cart.group else frozenset[str]()
    facts: dict[str, FactValue] = {"now": now, "channel": cart.channel, "currency": cart.currency}
    facts |= {"customer_groups": groups, "coupon": frozenset(cart.coupons)}
    if cart.customer is not None:
        facts["customer"] = cart.customer
    if cart.goes_to is not None:
        facts |= place_facts(cart.goes_to)
    return facts


def place_facts(place: Address) -> dict[str, FactValue]:
    """What conditions may ask of a place; what isn't told of it is not known."""
    told = {
        "country": place.country,
        "province": place.province,
        "city": place.city,
        "district": place.district,
        "village": place.village,
        "postal_code": place.postal_code,
        "region_code": place.region_code,
    }
    known: dict[str, FactValue] = {name: text for name, text in told.items() if text}
    if place.region_code:
        known["regions"] = regions(place.region_code)
    return known
