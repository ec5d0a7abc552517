"""The items of parcels: labels and pickups that nobody can tell the fate of, and goods that nobody collected."""

from collections.abc import Iterator, Sequence
from typing import Final

from tokolib.desk.reviews.items import operation_in_words
from tokolib.desk.reviews.model import WAYS, ReviewItem, ReviewKind
from tokolib.fulfilment.bookings.events import BookingObserved
from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.kernel.events import Recorded
from tokolib.kernel.ids import OrderId
from tokolib.payments.waiting import NOBODY_TO_ASK
from tokolib.returns.labels.model import ReturnLabel

NOT_COLLECTED: Final = "fulfilment.not_collected"
"""Why goods wait that nobody came for."""


def of_label(label: Label, history: Sequence[Recorded]) -> Iterator[ReviewItem]:
    """The item of a label that nobody can tell the fate of, or that waits for a courier who isn't there."""
    what = f"parcel {label.parcel} of shipment {label.shipment_id}"
    return _of_booking(label, history, ReviewKind.LABEL, what, label.order_id)


def of_return_label(label: ReturnLabel, history: Sequence[Recorded]) -> Iterator[ReviewItem]:
    """The item of a return label that nobody can tell the fate of, or that waits for a courier who isn't there."""
    return _of_booking(label, history, ReviewKind.RETURN_LABEL, f"label of return {label.return_id}", label.order_id)


def of_pickup(pickup: Pickup, history: Sequence[Recorded]) -> Iterator[ReviewItem]:
    """The item of a pickup that nobody can tell the fate of, or that waits for a courier who isn't there."""
    what = f"{len(pickup.shipments)} shipments at {pickup.location}, {pickup.window.since:%Y-%m-%d %H:%M} UTC"
    return _of_booking(pickup, history, ReviewKind.PICKUP, what, None)


def _of_booking(
    booking: Booking, history: Sequence[Recorded], kind: ReviewKind, what: str, order_id: OrderId | None
) -> Iterator[ReviewItem]:
    since = booking.waits_since
    if since is None:
        return
    doubted = next((each for each in reversed(booking.operations) if each.reviews), booking.wishes.last)
    events = [each.event for each in history if isinstance(each.event, BookingObserved)]
    unasked = booking.absent is not None and not doubted.reviews
    yield ReviewItem(
        id=booking.id,
        kind=ReviewKind.UNASKED if unasked else kind,
        what=f"{what}: {operation_in_words(doubted)}",
        why=NOBODY_TO_ASK if unasked else ", ".join(doubted.reviews),
        since=since,
        amount=booking.price or doubted.amount,
        provider=booking.account,
        order_id=order_id,
        operation=doubted,
        seen=tuple(each.observation for each in events if each.operation_id == doubted.id),
        row=None,
        ways=(WAYS[ReviewKind.UNASKED][0], *WAYS[kind]) if unasked else WAYS[kind],
    )


def of_missed(shipment: Shipment) -> Iterator[ReviewItem]:
    """The item of goods that nobody collected; none when it was decided."""
    missed = shipment.missed
    if missed is None or missed.decided:
        return
    yield ReviewItem(
        id=shipment.id,
        kind=ReviewKind.UNCOLLECTED,
        what=f"shipment {shipment.id} of order {shipment.order_id} was not collected",
        why=NOT_COLLECTED,
        since=missed.at,
        amount=missed.worth,
        provider="",
        order_id=shipment.order_id,
        operation=None,
        seen=(),
        row=None,
        ways=WAYS[ReviewKind.UNCOLLECTED],
    )
