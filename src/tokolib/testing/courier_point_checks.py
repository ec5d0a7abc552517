"""What the conformance kit of the courier port checks of collection points: `CourierKit` has it all."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from tokolib.effects.outside import NotFoundOutside, NotSupported
from tokolib.fulfilment.couriers.model import BoughtLabel
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.kernel.hosting import resolved
from tokolib.shipping.places import Destination
from tokolib.shipping.points import CollectionPoint
from tokolib.testing.storage_checks.driven import Drive

Near = Callable[..., tuple[CollectionPoint, ...]]


class PointChecks:
    """Every promise about collection points."""

    @pytest.fixture
    def place(self) -> Destination:
        """Where the account has two points or more, if it has any at all."""
        return Destination("ID", "DI Yogyakarta", "Kota Yogyakarta", postal_code="55271")

    @pytest.fixture
    def near(self, courier: Courier, place: Destination, drive: Drive) -> Near:
        """Asks for points."""
        return lambda limit=20: cast("tuple[CollectionPoint, ...]", drive(resolved(courier.points(place, limit=limit))))

    @pytest.fixture
    def point(self, courier: Courier, drive: Drive) -> Callable[[str], CollectionPoint]:
        """Asks for one by its id."""
        return lambda id: cast(CollectionPoint, drive(resolved(courier.point(id))))

    def test_points_carry_the_accounts_name_and_are_found_by_their_id(
        self, courier: Courier, near: Near, point: Callable[[str], CollectionPoint]
    ) -> None:
        """What is told of a place is told of each point by its id; an account without points refuses both."""
        if courier.capabilities.no_points:
            for ask in (near, lambda: point("any")):
                with pytest.raises(NotSupported):
                    ask()
            return
        told = near()
        assert told and {courier.name} == {each.courier for each in told}
        assert len(told) == len({each.id for each in told})
        assert told == tuple(point(each.id) for each in told)

    def test_no_more_points_are_told_than_were_asked_for(self, courier: Courier, near: Near) -> None:
        """The nearest ones: asked for one, it is the first of all."""
        if not courier.capabilities.no_points:
            assert near()[:1] == near(limit=1)

    def test_a_point_that_is_not_there_is_not_found(
        self, courier: Courier, point: Callable[[str], CollectionPoint]
    ) -> None:
        """An id that the account doesn't know is no point, and never another one."""
        if not courier.capabilities.no_points:
            with pytest.raises(NotFoundOutside):
                point("no-such-point")

    def test_a_label_is_bought_to_a_point(self, courier: Courier, near: Near, book: Callable[..., Any]) -> None:
        """A parcel may go to each point that is told."""
        if not courier.capabilities.no_points:
            label: BoughtLabel = book(point=near()[0])
            assert label.reference and label.tracking
