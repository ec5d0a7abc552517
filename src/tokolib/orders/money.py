"""An order follows its payments: what the payment intent adds up to, the order books, to the last rupiah.

The difference between the two is what happened since; so it does not matter which observation came first.
"""

from collections.abc import Iterator

from tokolib.kernel.events import Event
from tokolib.kernel.unit import Unit
from tokolib.orders import events as e
from tokolib.orders.booking import book
from tokolib.orders.model import Order
from tokolib.payments.totals import Totals


def follow(unit: Unit, order: Order, sums: Totals, provider: str) -> Order:
    """*order* with everything booked that its payments say and it doesn't yet; *provider* names where money lies."""
    for event in _missing(order, sums, f"money:{provider}"):
        order = book(unit, order, event)
    return order


def _missing(order: Order, sums: Totals, account: str) -> Iterator[Event]:
    if sums.reserved != order.reserved:
        yield e.ReserveChanged(sums.reserved)
    if (sums.contested, sums.taken_back) != (order.contested, order.taken_back):
        yield e.DisputesChanged(sums.contested, sums.taken_back)
    came = sums.captured - sums.disputed - order.captured
    if came:
        yield e.PaymentCaptured(came, account) if came > 0 else e.PaymentReversed(-came, account)
    went = sums.refunded - order.refunded
    if went:
        yield e.RefundPaid(went, account) if went > 0 else e.RefundUndone(-went, account)
    gone = sums.lost - order.lost
    if gone:
        yield e.LossBooked(gone, account) if gone > 0 else e.LossRecovered(-gone, account)
