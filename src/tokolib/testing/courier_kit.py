"""The conformance kit of the courier port: subclass `CourierKit`, give two fixtures, run pytest.

    class TestAcmeCourier(CourierKit):
        @pytest.fixture
        def courier(self):
            return AcmeCourier(sandbox=...)

        @pytest.fixture
        def losing(self, courier):
            return courier.drop_next_answer

Each check's docstring is one promise of `tokolib.fulfilment.couriers.Courier`. What the account's `capabilities` lack
is not asked for; the kit checks that it is refused then, with nothing changed. An async adapter overrides `drive` as
well, with something that runs a coroutine to its end on one event loop, such as `asyncio.Runner().run`.
"""

from collections.abc import Callable
from typing import Any, Final, cast

import attrs
import pytest

from tokolib.effects.outside import Conflict, Declined, Invalid, NotFoundOutside, NotSupported, Unknown
from tokolib.effects.resend import Dedupe
from tokolib.fulfilment.couriers.model import BoughtLabel, LabelContent, LabelRequest
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.kernel import hosting
from tokolib.kernel.address import Address
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.kernel.quantity import Quantity
from tokolib.shipping.tracking import Scan
from tokolib.testing.courier_pickup_checks import PickupChecks
from tokolib.testing.courier_point_checks import PointChecks
from tokolib.testing.storage_checks.driven import Drive

KEY: Final = "lab_kit.1.1"
OTHER: Final = "lab_kit.2.1"

REQUEST: Final = LabelRequest(
    order_reference="KIT-1",
    parcel=1,
    parcels=1,
    service="reg",
    sender=None,
    recipient=Address(
        "Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID", phone="081234567890"
    ),
    grams=750,
    dimensions=None,
    contents=(LabelContent(sku="KOPI-250", name="Kopi Gayo 250 g", quantity=Quantity(2)),),
    value=IDR(150_000),
    cod=None,
)

Book = Callable[..., BoughtLabel]
LookUp = Callable[[str], tuple[BoughtLabel, ...]]


class CourierKit(PickupChecks, PointChecks):
    """Every promise of the courier port."""

    @pytest.fixture
    def courier(self) -> Courier:
        """An account that has sold nothing under the kit's keys."""
        raise NotImplementedError("override the fixture courier")

    @pytest.fixture
    def losing(self, courier: Courier) -> Callable[[], object]:
        """Makes the answer to the next call be lost, after it was taken."""
        raise NotImplementedError("override the fixture losing")

    @pytest.fixture
    def request_(self) -> LabelRequest:
        """A parcel that the account carries."""
        return REQUEST

    @pytest.fixture
    def drive(self) -> Drive:
        """Runs a coroutine to its end."""
        return hosting.drive

    @pytest.fixture
    def book(self, courier: Courier, request_: LabelRequest, drive: Drive) -> Book:
        """Buys a label."""

        def buy(key: str = KEY, **changes: Any) -> BoughtLabel:
            request = attrs.evolve(request_, **changes)
            return cast(BoughtLabel, drive(resolved(courier.book(request, key=key))))

        return buy

    @pytest.fixture
    def look_up(self, courier: Courier, drive: Drive) -> LookUp:
        """What the account knows by a key."""
        return lambda key: cast("tuple[BoughtLabel, ...]", drive(resolved(courier.look_up(key))))

    @pytest.fixture
    def void(self, courier: Courier, drive: Drive) -> Callable[[str], BoughtLabel]:
        """Gives a label back."""
        return lambda reference: cast(BoughtLabel, drive(resolved(courier.void(reference, key=OTHER))))

    def test_a_label_carries_its_key_and_its_names(self, courier: Courier, book: Book) -> None:
        """What is bought names key, booking and number, and is not void; a price is in the currency asked."""
        label = book()

        assert (label.key, label.void) == (KEY, False)
        assert label.reference and label.tracking and courier.name
        assert label.price is None or (label.price.currency, label.price.minor_units >= 0) == (IDR, True)

    def test_two_wishes_are_two_labels(self, book: Book) -> None:
        """Another key buys another label, though the parcel is the same."""
        assert book().reference != book(OTHER).reference

    def test_a_repeated_wish_buys_once(self, courier: Courier, book: Book) -> None:
        """Where the account dedupes by key, the same again answers the same label; its terms say so if it doesn't."""
        label = book()
        match courier.capabilities.terms.dedupe:
            case Dedupe.KEY:
                assert label == book()
            case Dedupe.REFERENCE:
                with pytest.raises((Conflict, Declined, Invalid)):
                    book()
            case _:
                assert label.reference != book().reference

    def test_a_key_belongs_to_one_request(self, courier: Courier, book: Book) -> None:
        """Where it dedupes by key, another parcel under a known key is refused, and the first label stands."""
        label = book()
        if courier.capabilities.terms.dedupe is Dedupe.KEY:
            with pytest.raises(Conflict):
                book(grams=REQUEST.grams + 1_000)
            assert label == book()

    def test_a_label_is_found_by_its_key(self, courier: Courier, book: Book, look_up: LookUp) -> None:
        """What was bought is looked up by its key, and nothing by another; an account that can't says so."""
        label = book()
        if courier.capabilities.terms.lookup:
            assert ((label,), ()) == (look_up(KEY), look_up(OTHER))
        else:
            with pytest.raises(NotSupported):
                look_up(KEY)

    def test_a_lost_answer_is_unknown_and_never_a_no(
        self, courier: Courier, book: Book, look_up: LookUp, losing: Callable[[], object]
    ) -> None:
        """A booking whose answer is lost raises `Unknown`; where it can be looked up it is there, once."""
        losing()
        with pytest.raises(Unknown):
            book()
        if courier.capabilities.terms.lookup:
            assert [KEY] == [each.key for each in look_up(KEY)]
        elif courier.capabilities.terms.dedupe is Dedupe.KEY:
            assert book() == book()

    def test_a_label_is_given_back_once(
        self, courier: Courier, book: Book, look_up: LookUp, void: Callable[[str], BoughtLabel]
    ) -> None:
        """It is answered as void, twice as once, and looked up as void; an account that takes none back refuses."""
        label = book()
        if courier.capabilities.no_void:
            with pytest.raises(NotSupported):
                void(label.reference)
        else:
            gone = attrs.evolve(label, void=True)
            assert [gone] * 2 == [void(label.reference), void(label.reference)]
            label = gone
        if courier.capabilities.terms.lookup:
            assert (label,) == look_up(KEY)

    def test_what_was_never_bought_cannot_be_given_back(
        self, courier: Courier, void: Callable[[str], BoughtLabel]
    ) -> None:
        """A reference that the account doesn't know is not found, or it takes none back at all."""
        with pytest.raises(NotSupported if courier.capabilities.no_void else NotFoundOutside):
            void("no-such-booking")

    def test_goods_are_carried_back(
        self, courier: Courier, book: Book, look_up: LookUp, request_: LabelRequest
    ) -> None:
        """A label for what a customer sends back is bought as any other; an account that sells none refuses to."""
        back = {"is_return": True, "sender": request_.recipient}
        if courier.capabilities.no_returns:
            with pytest.raises(NotSupported):
                book(**back)
            if courier.capabilities.terms.lookup:
                assert () == look_up(KEY)
            return
        label = book(**back)
        assert (label.key, label.void, bool(label.reference and label.tracking)) == (KEY, False, True)

    def test_a_parcel_is_tracked_by_its_number(self, courier: Courier, book: Book, drive: Drive) -> None:
        """What was bought has scans, or none yet, and no less when asked again; an unknown number is not found.

        An account that can't be asked says so.
        """

        def track(number: str) -> tuple[Scan, ...]:
            return cast("tuple[Scan, ...]", drive(resolved(courier.track(number))))

        number = book().tracking
        if courier.capabilities.no_track:
            with pytest.raises(NotSupported):
                track(number)
            return
        known = track(number)
        assert all(isinstance(each, Scan) for each in known)
        assert {each.identity for each in known} <= {each.identity for each in track(number)}
        with pytest.raises(NotFoundOutside):
            track("NO-SUCH-NUMBER")
