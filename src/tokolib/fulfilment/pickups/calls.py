"""How couriers are asked for pickups."""

from typing import Final

from tokolib.fulfilment.bookings.advance import Calls
from tokolib.fulfilment.couriers.model import BookedPickup
from tokolib.fulfilment.pickups.steps import PICKUPS_BOOKED

PICKUP_CALLS: Final = Calls(
    bookable=PICKUPS_BOOKED,
    answers=BookedPickup,
    book=lambda courier, pickup, key: courier.book_pickup(pickup.request, key=key),
    look_up=lambda courier, key: courier.look_up_pickups(key),
    void=lambda courier, pickup, key: courier.cancel_pickup(pickup.reference, key=key),
    names=("book_pickup", "look_up_pickups", "cancel_pickup"),
)
