"""How couriers are asked for return labels."""

from typing import Final

from tokolib.fulfilment.bookings.advance import Calls
from tokolib.fulfilment.couriers.model import BoughtLabel
from tokolib.returns.labels.steps import RETURN_LABELS_BOOKED

RETURN_LABEL_CALLS: Final = Calls(
    bookable=RETURN_LABELS_BOOKED,
    answers=BoughtLabel,
    book=lambda courier, label, key: courier.book(label.request, key=key),
    look_up=lambda courier, key: courier.look_up(key),
    void=lambda courier, label, key: courier.void(label.reference, key=key),
    names=("book", "look_up", "void"),
)
