"""What couriers are told of goods that come back, made from the return and its order."""

import attrs

from tokolib.fulfilment.couriers.model import LabelRequest
from tokolib.fulfilment.labels.asking import contents
from tokolib.fulfilment.packing.contents import weighed
from tokolib.kernel.address import Address
from tokolib.kernel.ids import LocationId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.shares import worths
from tokolib.orders.units import Wanted
from tokolib.returns.labels.errors import NoSender
from tokolib.returns.model import Return


@attrs.frozen(kw_only=True)
class Wish:
    """What is to be sent back by which account, and where to."""

    account: str
    recipient: Address
    """Where the goods are taken in."""
    goods: Wanted | None
    """None for all that is still to come, and has no label."""
    location: LocationId | None
    """None for where the order left from."""
    sender: Address | None
    """None for the order's address."""
    service: str
    """Empty for the one that the goods came by."""
    grams: int | None
    """None for what the goods weigh."""


async def told(unit: Unit, order: Order, goods: Return, runs: tuple[Run, ...], wish: Wish) -> LabelRequest:
    """The parcel with *runs* of units as its courier is told of it. No cash is collected for it.

    Raises:
        NoSender: neither the wish nor the order names an address. MissingWeight: nobody knows what they weigh.
    """
    sender = wish.sender or order.ship_to
    if sender is None:
        raise NoSender(goods.id, order.id)
    return LabelRequest(
        order_reference=order.reference,
        parcel=1,
        parcels=1,
        service=wish.service or _service(order),
        sender=sender,
        recipient=wish.recipient,
        grams=await weighed(unit, order, runs) if wish.grams is None else wish.grams,
        dimensions=None,
        contents=contents(order, runs),
        value=Money(sum(each.total for each in worths(order, runs, charges=False)), order.currency),
        cod=None,
        is_return=True,
    )


def _service(order: Order) -> str:
    method = "" if order.delivery is None else order.delivery.method
    return method.partition(":")[2] or method
