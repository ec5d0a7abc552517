"""What a fake courier's account does, apart from whether it is awaited.

It keeps a book of the labels that it has sold and the pickups that it has booked, as a real courier does; a test
compares that with what the shop knows.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.effects.outside import Conflict, Declined, NotFoundOutside, NotSupported, OutsideError, Transient, Unknown
from tokolib.effects.resend import Dedupe, Terms
from tokolib.fulfilment.couriers.model import BookedPickup, BoughtLabel, LabelRequest, PickupRequest
from tokolib.fulfilment.couriers.ports import CourierCapabilities
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.money import IDR, Money
from tokolib.shipping.places import Area, Destination
from tokolib.shipping.points import CollectionPoint
from tokolib.shipping.tracking import Scan
from tokolib.testing.fake_courier_book import Book, CourierSwitches, R, T

NAME: Final = "fake-courier"


class Account:
    """An account that knows nothing of whom it answers to: its doors are `FakeCourier` and `AsyncFakeCourier`."""

    def __init__(
        self,
        name: str = NAME,
        *,
        dedupes: bool = True,
        looks_up: bool = True,
        voids: bool = True,
        fetches: bool = True,
        carries_back: bool = True,
        tracks: bool = True,
        points: Sequence[CollectionPoint] = (),
        price_per_kilogram: int = 9_000,
        price_per_pickup: int = 0,
    ) -> None:
        self.switches = CourierSwitches()
        self.calls: list[str] = []
        """The names of the methods that were called, spoilt calls too."""
        self._name = name
        self._price = price_per_kilogram
        dedupe = Dedupe.KEY if dedupes else Dedupe.NONE
        no_void = "" if voids else "labels of this account are not taken back"
        no_pickup = "" if fetches else "parcels of this account are brought to a counter"
        no_returns = "" if carries_back else "nothing is carried back to senders of this account"
        terms = Terms(dedupe=dedupe, lookup=looks_up)
        no_track = "" if tracks else "this account is asked by telephone"
        self._points = {each.id: each for each in points}
        self._capabilities = CourierCapabilities(
            terms=terms,
            no_void=no_void,
            no_pickup=no_pickup,
            no_track=no_track,
            no_returns=no_returns,
            no_points="" if points else "this account goes to the door",
        )
        self._scans: dict[str, list[Scan]] = {}
        self._pickup_price = price_per_pickup
        self.labels = Book(("book", "look_up", "void"), self._label)
        self.pickup_book = Book(("book_pickup", "look_up_pickups", "cancel_pickup"), self._pickup)

    @property
    def sold(self) -> tuple[BoughtLabel, ...]:
        """Every label that it has sold, void ones too, in the order of their sale."""
        return tuple(each.booked for each in self.labels.entries)

    @property
    def told(self) -> tuple[LabelRequest, ...]:
        """What it was told of each, in the same order."""
        return tuple(each.request for each in self.labels.entries)

    @property
    def pickups(self) -> tuple[BookedPickup, ...]:
        """Every pickup that it has booked, cancelled ones too, in the order of their booking."""
        return tuple(each.booked for each in self.pickup_book.entries)

    @property
    def told_of_pickups(self) -> tuple[PickupRequest, ...]:
        """What it was told of each, in the same order."""
        return tuple(each.request for each in self.pickup_book.entries)

    @property
    def name(self) -> str:
        """Its name in the shop."""
        return self._name

    @property
    def capabilities(self) -> CourierCapabilities:
        """As it was made."""
        return self._capabilities

    def scans(self, tracking: str, *scans: Scan) -> None:
        """Its people scan the parcel of that number: whatever they say, be it contradictory."""
        self._scans.setdefault(tracking, []).extend(scans)

    def tell(self, tracking: str) -> tuple[Scan, ...]:
        """Tell of a parcel, with all that may go wrong."""
        self._arrive("track", tracking)
        if self._capabilities.no_track:
            raise NotSupported(self._name, "track")
        self._answer(tracking)
        known = {each.booked.tracking for each in self.labels.entries} | self._scans.keys()
        if self.switches.lost or tracking not in known:
            raise NotFoundOutside(self._name, tracking)
        scans = self._scans.get(tracking, [])
        told = scans[: len(scans) - self.switches.withheld] if self.switches.withheld else scans
        return tuple(reversed([*told, *told])) if self.switches.shuffled else tuple(told)

    def near(self, near: Destination, limit: int) -> tuple[CollectionPoint, ...]:
        """Tell of points, those in the same city first."""
        self._arrive("points", near.city)
        self._offer_points("points")
        self._answer(near.city)
        there = Area(near.country, city=near.city)
        open_ones = [each for each in self._points.values() if each.id not in self.switches.closed]
        by_nearness = sorted(open_ones, key=lambda each: there.match(Destination.of(each.address)) is None)
        return tuple(by_nearness[:limit])

    def at(self, id: str) -> CollectionPoint:
        """Tell of one point."""
        self._arrive("point", id)
        self._offer_points("point")
        self._answer(id)
        if id not in self._points or id in self.switches.closed:
            raise NotFoundOutside(self._name, id)
        return self._points[id]

    def _offer_points(self, call: str) -> None:
        if self._capabilities.no_points:
            raise NotSupported(self._name, call)

    def _serve(self, request: LabelRequest | PickupRequest) -> None:
        """Pass for what goes to a door, to a point that is open, or back where it carries anything back."""
        if isinstance(request, LabelRequest) and request.is_return and self._capabilities.no_returns:
            raise NotSupported(self._name, "book")
        point = request.point if isinstance(request, LabelRequest) else None
        if point is None:
            return
        self._offer_points("book")
        if point.id not in self._points or point.id in self.switches.closed:
            raise Declined(self._name, f"collection point {point.id} is closed")

    def _label(self, request: LabelRequest, key: str, number: int) -> BoughtLabel:
        kilograms = -(-request.grams // 1_000)
        price = Money(self._price * kilograms, request.value.currency) if self.switches.prices else None
        return BoughtLabel(
            key=key,
            reference=f"{self._name}-{number}",
            tracking=f"FAKE{number:08}",
            price=price,
            document=f"https://courier.example/labels/{number}.pdf",
        )

    def _pickup(self, request: PickupRequest, key: str, number: int) -> BookedPickup:
        price = IDR(self._pickup_price) if self.switches.prices and self._pickup_price else None
        return BookedPickup(key=key, reference=f"{self._name}-pickup-{number}", price=price, window=request.window)

    def _known_or_new(self, book: Book[R, T], request: R, key: str) -> T:
        """What was booked under *key*, or a new one.

        Raises:
            Conflict: it was booked for another request.
        """
        if self._capabilities.terms.dedupe is Dedupe.KEY and (known := book.under(key)):
            if fingerprint(known[0].request) != fingerprint(request):
                raise Conflict(self._name, key, "something else was booked under it")
            return known[0].booked
        return book.add(request, key)

    def take(self, book: Book[R, T], request: R, key: str) -> T:
        """Book, with all that may go wrong."""
        call = book.names[0]
        self._arrive(call, key)
        self._offer(book, call)
        if not book.under(key):
            self._refuse("not sold")
            self._serve(request)
        booked = self._known_or_new(book, request, key)
        if self.switches.twice:
            self.switches.twice -= 1
            book.add(request, key, by_fault=True)
        self._answer(key)
        return booked

    def find(self, book: Book[R, T], key: str) -> tuple[T, ...]:
        """Look up, with all that may go wrong."""
        call = book.names[1]
        self._arrive(call, key)
        self._offer(book, call)
        if not self._capabilities.terms.lookup:
            raise NotSupported(self._name, call)
        self._answer(key)
        return tuple(each.booked for each in book.under(key))

    def give_back(self, book: Book[R, T], reference: str, key: str) -> T:
        """Void or cancel, with all that may go wrong."""
        call = book.names[2]
        self._arrive(call, key)
        self._offer(book, call)
        known = next((each for each in book.entries if each.booked.reference == reference), None)
        if known is None:
            raise NotFoundOutside(self._name, reference)
        if not known.booked.void:
            self._refuse("not taken back")
            if self.switches.fetched:
                raise Declined(self._name, "the parcel was fetched")
            known.booked = attrs.evolve(known.booked, void=True)
        self._answer(key)
        return known.booked

    def _offer(self, book: Book[R, T], call: str) -> None:
        lacks = self._capabilities.no_void if call == "void" else ""
        if lacks or (book.names == self.pickup_book.names and self._capabilities.no_pickup):
            raise NotSupported(self._name, call)

    def _arrive(self, call: str, key: str) -> None:
        self.calls.append(call)
        self._spoil("unreachable", Transient(self._name, "connection refused"))
        self._spoil("time_out_before", Unknown(self._name, key, "timed out"))

    def _answer(self, key: str) -> None:
        self._spoil("time_out_after", Unknown(self._name, key, "timed out"))

    def _refuse(self, reason: str) -> None:
        self._spoil("refusals", Declined(self._name, reason))

    def _spoil(self, switch: str, error: OutsideError) -> None:
        if left := getattr(self.switches, switch):
            setattr(self.switches, switch, left - 1)
            raise error
