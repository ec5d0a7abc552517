"""What the conformance kit of the courier port checks of pickups: `CourierKit` has it all."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, cast

import attrs
import pytest

from tokolib.effects.outside import Conflict, Declined, Invalid, NotFoundOutside, NotSupported, Unknown
from tokolib.effects.resend import Dedupe
from tokolib.fulfilment.couriers.model import BookedPickup, PickupParcel, PickupRequest, PickupWindow
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.kernel.hosting import resolved
from tokolib.testing.storage_checks.driven import Drive

KEY: Final = "pkp_kit.1.1"
OTHER: Final = "pkp_kit.2.1"

PICKUP: Final = PickupRequest(
    window=PickupWindow(
        since=datetime(2030, 1, 7, 2, 0, tzinfo=UTC),
        until=datetime(2030, 1, 7, 9, 0, tzinfo=UTC),
    ),
    address=None,
    parcels=(PickupParcel(tracking="KIT0001", reference="kit-1", grams=750),),
)

Fetch = Callable[..., BookedPickup]
LookUpPickups = Callable[[str], tuple[BookedPickup, ...]]


class PickupChecks:
    """Every promise about pickups."""

    @pytest.fixture
    def pickup_request(self) -> PickupRequest:
        """Parcels that the account fetches, in a window that it has."""
        return PICKUP

    @pytest.fixture
    def fetch(self, courier: Courier, pickup_request: PickupRequest, drive: Drive) -> Fetch:
        """Books a pickup."""

        def book(key: str = KEY, **changes: Any) -> BookedPickup:
            request = attrs.evolve(pickup_request, **changes)
            return cast(BookedPickup, drive(resolved(courier.book_pickup(request, key=key))))

        return book

    @pytest.fixture
    def look_up_pickups(self, courier: Courier, drive: Drive) -> LookUpPickups:
        """What the account knows by a key."""
        return lambda key: cast("tuple[BookedPickup, ...]", drive(resolved(courier.look_up_pickups(key))))

    @pytest.fixture
    def cancel_pickup(self, courier: Courier, drive: Drive) -> Callable[[str], BookedPickup]:
        """Cancels a pickup."""
        return lambda reference: cast(BookedPickup, drive(resolved(courier.cancel_pickup(reference, key=OTHER))))

    def test_a_pickup_carries_its_key_and_its_name(self, courier: Courier, fetch: Fetch) -> None:
        """What is booked names key and booking, is not void, and comes within the window; else it is refused."""
        if courier.capabilities.no_pickup:
            with pytest.raises(NotSupported):
                fetch()
            return
        pickup = fetch()
        assert (pickup.key, pickup.void, bool(pickup.reference)) == (KEY, False, True)
        assert PICKUP.window.since <= pickup.window.since < pickup.window.until <= PICKUP.window.until
        assert pickup.price is None or pickup.price.minor_units >= 0

    def test_two_wishes_are_two_pickups(self, courier: Courier, fetch: Fetch) -> None:
        """Another key books another pickup, though the parcels are the same."""
        if not courier.capabilities.no_pickup:
            assert fetch().reference != fetch(OTHER).reference

    def test_a_repeated_pickup_is_one(self, courier: Courier, fetch: Fetch) -> None:
        """Where the account dedupes by key, the same again answers the same pickup; its terms say so if it doesn't."""
        if courier.capabilities.no_pickup:
            return
        pickup = fetch()
        match courier.capabilities.terms.dedupe:
            case Dedupe.KEY:
                assert pickup == fetch()
            case Dedupe.REFERENCE:
                with pytest.raises((Conflict, Declined, Invalid)):
                    fetch()
            case _:
                assert pickup.reference != fetch().reference

    def test_a_key_of_a_pickup_belongs_to_one_request(self, courier: Courier, fetch: Fetch) -> None:
        """Where it dedupes by key, other parcels under a known key are refused, and the first pickup stands."""
        if courier.capabilities.terms.dedupe is Dedupe.KEY and not courier.capabilities.no_pickup:
            pickup = fetch()
            with pytest.raises(Conflict):
                fetch(parcels=PICKUP.parcels * 2)
            assert pickup == fetch()

    def test_a_pickup_is_found_by_its_key(self, courier: Courier, fetch: Fetch, look_up_pickups: LookUpPickups) -> None:
        """What was booked is looked up by its key, and nothing by another; an account that can't says so."""
        if courier.capabilities.no_pickup or not courier.capabilities.terms.lookup:
            with pytest.raises(NotSupported):
                look_up_pickups(KEY)
        else:
            pickup = fetch()
            assert ((pickup,), ()) == (look_up_pickups(KEY), look_up_pickups(OTHER))

    def test_a_lost_answer_about_a_pickup_is_unknown(
        self, courier: Courier, fetch: Fetch, look_up_pickups: LookUpPickups, losing: Callable[[], object]
    ) -> None:
        """A booking whose answer is lost raises `Unknown`; where it can be looked up it is there, once."""
        if courier.capabilities.no_pickup:
            return
        losing()
        with pytest.raises(Unknown):
            fetch()
        if courier.capabilities.terms.lookup:
            assert [KEY] == [each.key for each in look_up_pickups(KEY)]
        elif courier.capabilities.terms.dedupe is Dedupe.KEY:
            assert fetch() == fetch()

    def test_a_pickup_is_cancelled_once(
        self, courier: Courier, fetch: Fetch, look_up_pickups: LookUpPickups, cancel_pickup: Callable[[str], Any]
    ) -> None:
        """It is answered as void, twice as once, and looked up as void; one that was never booked is not found."""
        if courier.capabilities.no_pickup:
            with pytest.raises(NotSupported):
                cancel_pickup("no-such-pickup")
            return
        pickup = fetch()
        gone = attrs.evolve(pickup, void=True)
        assert [gone] * 2 == [cancel_pickup(pickup.reference), cancel_pickup(pickup.reference)]
        if courier.capabilities.terms.lookup:
            assert (gone,) == look_up_pickups(KEY)
        with pytest.raises(NotFoundOutside):
            cancel_pickup("no-such-pickup")
