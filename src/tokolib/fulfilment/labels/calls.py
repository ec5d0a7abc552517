"""How couriers are asked for labels."""

from typing import Final

from tokolib.fulfilment.bookings.advance import Calls
from tokolib.fulfilment.couriers.model import BoughtLabel
from tokolib.fulfilment.labels.steps import LABELS_BOOKED

LABEL_CALLS: Final = Calls(
    bookable=LABELS_BOOKED,
    answers=BoughtLabel,
    book=lambda courier, label, key: courier.book(label.request, key=key),
    look_up=lambda courier, key: courier.look_up(key),
    void=lambda courier, label, key: courier.void(label.reference, key=key),
    names=("book", "look_up", "void"),
)
