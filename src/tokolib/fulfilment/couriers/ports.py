"""**Port.** One account at one courier."""

from collections.abc import Iterator
from typing import Protocol, cast

import attrs

from tokolib.effects.resend import Terms
from tokolib.fulfilment.couriers.model import BookedPickup, BoughtLabel, LabelRequest, PickupRequest
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.shipping.places import Destination
from tokolib.shipping.points import CollectionPoint
from tokolib.shipping.tracking import Scan


@attrs.frozen(kw_only=True)
class CourierCapabilities:
    """What an account can do; honest in both directions.

    Raises:
        InvalidInput: terms that are none.
    """

    terms: Terms
    """Whether it dedupes by key, for how long, and whether it can be asked what it knows by a key."""
    no_void: str = ""
    """Why labels can't be given back; empty where they can."""
    no_pickup: str = ""
    """Why parcels can't be had fetched; empty where they can."""
    no_track: str = ""
    """Why it can't be asked where a parcel is; empty where it can."""
    no_returns: str = ""
    """Why no label is sold for what customers send back; empty where it is."""
    no_points: str = ""
    """Why nothing can be sent to a collection point; empty where it has such points."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        if not isinstance(cast(object, self.terms), Terms):
            yield Fault("terms", "kernel.wrong_type", "must be Terms", shown(self.terms))


class Courier(Protocol):
    """**Port.** One account at one courier; a shop with two accounts has two, each by its name.

    Each method may be `def` or `async def`. It is called outside any unit, with a key that stays the same for the same
    wish. What `capabilities` lack raises `NotSupported`, and has changed nothing.
    """

    @property
    def name(self) -> str:
        """The name under which the shop knows the account; it stands on each label."""
        ...

    @property
    def capabilities(self) -> CourierCapabilities:
        """What it can do."""
        ...

    def book(self, request: LabelRequest, *, key: str) -> MaybeAwaitable[BoughtLabel]:
        """Buy the label of one parcel; the answer carries *key*, and never a void label.

        A parcel to a collection point that is not there any more is `Declined`, and so is one that it doesn't take.

        What customers send back (`request.is_return`) is asked of those that sell labels for it only.

        Where its terms say that it dedupes, the same *key* with the same request twice buys once, and answers the same.

        Raises:
            Declined, Invalid, NotSupported: it was not bought, and the same again will not be.
            Conflict: the key came with another request; that one stands.
            RateLimited, Transient, AuthFailed: it was certainly not bought.
            Unknown: it may have been bought.
        """
        ...

    def look_up(self, key: str) -> MaybeAwaitable[tuple[BoughtLabel, ...]]:
        """Every label that was bought under *key*, void ones too; empty where it knows none.

        Raises:
            NotSupported: its terms say that it can't be asked.
            RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...

    def void(self, reference: str, *, key: str) -> MaybeAwaitable[BoughtLabel]:
        """Give the label of that *reference* back, and answer it as void; twice is once.

        Raises:
            Declined: it can't be any more, such as after the courier has fetched the parcel; it stands.
            NotFoundOutside: it knows no such label. NotSupported: it takes none back.
            RateLimited, Transient, AuthFailed, Unknown: as of `book`.
        """
        ...

    def book_pickup(self, request: PickupRequest, *, key: str) -> MaybeAwaitable[BookedPickup]:
        """Have parcels fetched; the answer carries *key*, a window within the one asked for, and is never void.

        It keeps its terms as `book` does, and the keys of pickups apart from those of labels.

        Raises:
            Declined, Invalid, NotSupported: nobody comes, and the same again will not change it.
            Conflict: the key came with another request; that one stands.
            RateLimited, Transient, AuthFailed: it was certainly not booked.
            Unknown: it may have been booked.
        """
        ...

    def look_up_pickups(self, key: str) -> MaybeAwaitable[tuple[BookedPickup, ...]]:
        """Every pickup that was booked under *key*, cancelled ones too (`void`); empty where it knows none.

        Raises:
            NotSupported: its terms say that it can't be asked, or it has no pickups.
            RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...

    def cancel_pickup(self, reference: str, *, key: str) -> MaybeAwaitable[BookedPickup]:
        """Cancel the pickup of that *reference*, and answer it as void; twice is once.

        Raises:
            Declined: it can't be any more, such as when the driver is on the way; it stands.
            NotFoundOutside: it knows no such pickup. NotSupported: it has no pickups.
            RateLimited, Transient, AuthFailed, Unknown: as of `book_pickup`.
        """
        ...

    def points(self, near: Destination, *, limit: int) -> MaybeAwaitable[tuple[CollectionPoint, ...]]:
        """Its collection points that take parcels now, the nearest to *near* first, at most *limit*.

        Raises:
            NotSupported: it has none. RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...

    def point(self, id: str) -> MaybeAwaitable[CollectionPoint]:
        """Its collection point of that *id*, which carries the account's name and takes parcels now.

        Raises:
            NotFoundOutside: it has none, or that one takes none now. NotSupported: it has no points at all.
            RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...

    def track(self, tracking: str) -> MaybeAwaitable[tuple[Scan, ...]]:
        """Every scan of the parcel with that number, in any order; empty while it has none. It changes nothing.

        Raises:
            NotFoundOutside: it knows no such number. NotSupported: it can't be asked.
            RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...
