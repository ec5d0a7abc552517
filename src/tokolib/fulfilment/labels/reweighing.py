"""Couriers weigh parcels themselves, and bill another price than the label was bought for."""

from collections.abc import Callable
from typing import TypeVar

from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.fulfilment.labels.model import Carriage, Reweighed
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.events import Event
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.unit import Unit

C = TypeVar("C", bound=Carriage)


def check_billed(price: Money) -> None:
    """Pass for what can be billed.

    Raises:
        InvalidInput: a negative price.
    """
    if price.minor_units < 0:
        raise InvalidInput((Fault("price", "fulfilment.negative_price", "must not be negative", str(price)),))


async def reweigh(
    unit: Unit,
    bookable: Bookable[C],
    id: str,
    found: tuple[Money, int | None],
    *,
    asked: str,
    happened: Callable[[Reweighed], Event],
) -> C:
    """The label *id* after its courier *found* another price, and grams. The same again changes nothing.

    Raises:
        NotFound: there is no such label. BookingNotOpen: it does not stand, so that *asked* is refused.
        CurrencyMismatch: it was billed in another. Nothing was changed.
    """
    (price, grams), label = found, await unit[bookable.port].get(id)
    if not label.stands:
        raise bookable.refusal(label, asked)
    if price.currency != label.currency:
        raise CurrencyMismatch(label.currency.code, price.currency.code)
    if label.price == price and (not label.reweighed or label.reweighed[-1].grams == grams):
        return label
    return await bookings.recorded(unit, bookable, label, happened(Reweighed(price=price, grams=grams, at=unit.now)))
