"""Wishes made into lines: the SKU must be for sale, the quantity whole steps, a stated price somebody's word."""

from collections.abc import Iterator, Sequence

from tokolib.cart.model import CartLine, LineWish
from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.steps import sellables
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.ids import LineId
from tokolib.kernel.lines import reason_faults
from tokolib.kernel.money import Money
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.quantity import InvalidQuantity
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import StatedPrice


async def lines_of(
    unit: Unit, wishes: Sequence[LineWish], currency: str
) -> tuple[tuple[CartLine, ...], dict[str, Sellable]]:
    """New lines of a cart in *currency*, and what is sold in them.

    Raises:
        UnknownSku, NotForSale: listing all of them.
        InvalidInput: quantities or prices that can't be; all of them, with paths.
    """
    sold = await sellables(unit, (wish.sku for wish in wishes))
    actor = str(unit.ctx.actor)
    lines: list[CartLine] = []
    faults: list[Fault] = []
    for at, wish in enumerate(wishes):
        one, path, steps = sold[sku_key(wish.sku)], f"lines[{at}]", 0
        try:
            steps = one.unit.steps(wish.quantity)
        except (NotExact, InvalidQuantity) as error:
            faults.append(Fault(f"{path}.quantity", error.code, str(error), shown(wish.quantity)))
        stated = None
        if wish.price is not None:
            faults += _price_faults(wish.price, wish.reason, currency, path)
            stated = None if faults else StatedPrice(UnitPrice.of(wish.price), actor, wish.reason.strip())
        if not faults:
            lines.append(CartLine(LineId(unit.new_id("lin")), one.key, one.sku, steps, one.unit, stated))
    if faults:
        raise InvalidInput(tuple(faults))
    return tuple(lines), sold


def _price_faults(price: Money | UnitPrice, reason: str, money: str, path: str) -> Iterator[Fault]:
    if isinstance(price, Money) and price.minor_units < 0:
        yield Fault(f"{path}.price", "kernel.negative", "a price is never negative", str(price))
    if price.currency.code != money:
        yield Fault(f"{path}.price", "kernel.currency_mismatch", f"a price in {money}", str(price))
    yield from reason_faults(f"{path}.reason", reason)
