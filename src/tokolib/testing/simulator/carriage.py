"""The courier's own books: by them a person ends what the shop can't know; at the end the shop's books are theirs."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from tokolib.effects.model import EffectKind
from tokolib.fulfilment.couriers.model import BookedPickup, BoughtLabel
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.states import LabelState
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.fulfilment.pickups.states import PickupState
from tokolib.kernel.hosting import resolved
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.states import ReturnLabelState
from tokolib.testing.fake_courier_book import Book, Entry
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.world import World

Booking = Label | ReturnLabel | Pickup
Truth = tuple[BoughtLabel | BookedPickup | None, str]
"""What was found of a booking's last wish, or why there is nothing."""
Do = Callable[[Any], Any]


def end_doubt(world: World, booking: Booking) -> Act:
    """A person rings the courier, and says what became of a booking."""
    resolving = _resolving(booking, _settle(world, booking))
    return Act(f"{booking.id} is looked up by hand", resolving, then=lambda _: _note(world))


def is_doubtful(booking: Booking) -> bool:
    """Whether the shop can't know what became of it."""
    return booking.state in (LabelState.REVIEW, ReturnLabelState.REVIEW, PickupState.REVIEW)


async def end_doubts(world: World) -> None:
    """Whatever is doubtful of labels and pickups is looked up by a person."""
    for booking in world.book.bookings:
        if is_doubtful(booking):
            await resolved(_resolving(booking, _settle(world, booking))(world.shop))
            _note(world)


def _note(world: World) -> None:
    world.rare["booking left to a person"] += 1


def check_carriage(world: World) -> Iterator[Broken]:
    """At the end the courier's books have what the shop's have: each label and pickup once, at its price."""
    known: dict[str, Booking] = {}
    for booking in world.book.bookings:
        if booking.is_open:
            yield Broken("L1", booking.id, f"is still {booking.state}")
        if booking.state in (LabelState.BOUGHT, ReturnLabelState.BOUGHT, PickupState.BOOKED):
            known[booking.reference] = booking
    for book in _books(world):
        for entry in book.entries:
            yield from _same(book, entry, known.pop(entry.booked.reference, None))
    for reference, booking in known.items():
        yield Broken("F3", booking.id, f"claims {reference}, which the courier hasn't got")


def _same(book: Book[Any, Any], entry: Entry[Any, Any], booking: Booking | None) -> Iterator[Broken]:
    told = entry.booked
    if booking is None:
        twins = any(each.by_fault for each in book.under(told.key))
        if not told.void and not twins:
            yield Broken("F3", f"key {told.key}", f"{told.reference} is booked, and nobody knows of it")
    elif told.void:
        yield Broken("F3", booking.id, f"claims {told.reference}, which was given back")
    elif not isinstance(booking, Pickup) and not booking.reweighed and booking.price != told.price:
        yield Broken("F3", booking.id, f"costs {booking.price}, and the courier bills {told.price}")


def _books(world: World) -> tuple[Book[Any, Any], Book[Any, Any]]:
    return world.courier.labels, world.courier.pickup_book


def _settle(world: World, booking: Booking) -> Truth:
    """All but one of what the courier has booked twice is taken back there; what its books have of it then."""
    labels, pickups = _books(world)
    under = (pickups if isinstance(booking, Pickup) else labels).under(booking.wishes.buying.key)
    standing = [each for each in under if not each.booked.void]
    standing.sort(key=lambda each: each.booked.reference != booking.reference)  # what the shop knows of stays
    for each in standing[1:]:
        each.booked = attrs.evolve(each.booked, void=True)
    found = standing[0].booked if standing else None
    if booking.wishes.last.kind in (EffectKind.LABEL, EffectKind.RETURN_LABEL, EffectKind.PICKUP):
        return found, "" if found else "nothing was booked"
    return (None, "it stands") if found else (under[0].booked, "")


def _resolving(booking: Booking, truth: Truth) -> Do:
    found, failure = truth
    said = {"failure": failure, "reason": "rang them"}
    if isinstance(booking, Label):
        return lambda shop: shop.shipments.resolve_label(booking.id, found, **said)
    if isinstance(booking, ReturnLabel):
        return lambda shop: shop.return_labels.resolve(booking.id, found, **said)
    return lambda shop: shop.pickups.resolve(booking.id, found, **said)
