"""Whether a cart still wishes for what was quoted: a frozen quote holds its prices, and says nothing of other goods.

Who buys and where the goods go are no part of it: the order belongs to whom the cart belongs to by then, and the
quote names its own address and delivery.
"""

from collections.abc import Iterable

from tokolib.cart.model import Cart, CartLine
from tokolib.checkout.agreement import Difference
from tokolib.checkout.model import Quote
from tokolib.kernel.quantity import Quantity, UnitOfMeasure
from tokolib.pricing.model import StatedPrice

Wish = tuple[str, str, UnitOfMeasure, StatedPrice | None, int]
"""SKU key, SKU, unit of measure, stated price, steps."""


def rewished(quote: Quote, cart: Cart) -> tuple[Difference, ...]:
    """The goods and coupons that differ between *quote* and *cart*, however they are split into lines."""
    was, names = _totals(
        (each.key, each.sku, each.unit, each.stated, each.steps) for each in quote.lines if not each.gift_of
    )
    now, new_names = _totals((each.key, each.sku, each.unit, each.stated, each.quantity) for each in cart.lines)
    goods = [
        Difference(f"lines[{name}].quantity", str(was.get(key)), str(now.get(key)))
        for key, name in (new_names | names).items()
        if was.get(key) != now.get(key)
    ]
    given, wished = sorted({use.code for use in quote.uses if use.code}), sorted(cart.coupons)
    coupons = [Difference("coupons", ", ".join(given) or "None", ", ".join(wished) or "None")]
    return (*goods, *(coupons if given != wished else ()))


def as_quoted(quote: Quote) -> tuple[CartLine, ...]:
    """The lines of a cart that wishes for what was quoted, gifts apart."""
    wished = (each for each in quote.lines if not each.gift_of)
    return tuple([CartLine(each.id, each.key, each.sku, each.steps, each.unit, each.stated) for each in wished])


def _totals(wishes: Iterable[Wish]) -> tuple[dict[str, Quantity], dict[str, str]]:
    """Quantities, and the SKU's name, by SKU key; by key and price where that was stated."""
    found: dict[str, Quantity] = {}
    names: dict[str, str] = {}
    for key, sku, unit, stated, steps in wishes:
        at = "" if stated is None else f" at {stated.price}"
        before = found.get(key + at)
        found[key + at] = Quantity(steps + (before.steps if before else 0), unit)
        names[key + at] = sku + at
    return found, names
