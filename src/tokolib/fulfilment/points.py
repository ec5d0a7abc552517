"""The door `shipments`, as far as couriers tell of their collection points."""

from functools import partial

import attrs

from tokolib.effects.answers import UnusableAnswer, answer
from tokolib.fulfilment.bookings.advance import account
from tokolib.fulfilment.couriers.errors import NotOffered
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.fulfilment.labelling import ShipmentLabelling
from tokolib.kernel.address import Address
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import Colour, command, resolved
from tokolib.kernel.lines import line
from tokolib.kernel.unit import Unit
from tokolib.shipping.places import Destination
from tokolib.shipping.points import CollectionPoint
from tokolib.shipping.steps import active


@attrs.frozen
class ShipmentPoints(ShipmentLabelling[Colour]):
    """Where a customer may fetch a parcel from its courier."""

    @command
    async def points(self, method: str, near: Address | Destination, *, limit: int = 20) -> tuple[CollectionPoint, ...]:
        """The collection points that the delivery *method* goes to, the nearest first, as its courier tells now.

        One of them is given to `carts.quote` as `point=`. Nothing is stored, and nothing is kept for the customer
        there.

        Raises:
            UnknownMethod: the shop has none of that code. NotOffered: it goes to the door, or there are no points.
            NoSuchCourier: the shop has no account of the name that the method goes by.
            InvalidInput: a *limit* below 1.
            RateLimited, Transient, AuthFailed, Unknown, UnusableAnswer: the courier gave no answer.
            InsideTransaction: the shop works within a transaction of the host. Nobody was asked.
        """
        courier = await self._courier(method, "points")
        if limit < 1:
            raise InvalidInput((Fault("limit", "kernel.malformed", "must be 1 or more", shown(limit)),))
        place = Destination.of(near)
        ask = partial(courier.points, place, limit=limit)
        told: object = await answer(courier.name, "points", str(place), lambda: resolved(ask()))
        return _several(courier, str(place), told, limit)

    @command
    async def point(self, method: str, id: str) -> CollectionPoint:
        """The collection point of that *id*, as the courier of the delivery *method* tells of it now.

        Raises:
            NotFoundOutside: the courier has none of that id, or it takes no parcels now.
            As `points` in all else.
        """
        named = line("id", id)
        courier = await self._courier(method, "point")
        ask = partial(courier.point, named)
        told: object = await answer(courier.name, "point", named, lambda: resolved(ask()))
        point = _checked(courier, "point", named, told)
        if point.id != named:
            fault = Fault("id", "fulfilment.other_point", f"must be {named}", shown(point.id))
            raise UnusableAnswer(courier.name, "point", named, (fault,))
        return point

    async def _courier(self, method: str, asked: str) -> Courier:
        """The account whose points *method* goes to."""
        self.work.must_be_outside(f"shipments.{asked}")

        async def whose(unit: Unit) -> str:
            return (await active(unit, method)).terms.points_of

        name = await self.work.read(whose)
        if not name:
            raise NotOffered(method, asked, "the method goes to the door")
        courier = account(self.couriers, name)
        if why := courier.capabilities.no_points:
            raise NotOffered(courier.name, asked, why)
        return courier


def _several(courier: Courier, what: str, told: object, limit: int) -> tuple[CollectionPoint, ...]:
    """*told*, which must be at most *limit* points of that *courier*, each once.

    Raises:
        UnusableAnswer: it isn't.
    """
    given = told if isinstance(told, tuple) else (told,)
    points = tuple(_checked(courier, "points", what, each) for each in given)
    ids = {each.id for each in points}
    if len(points) > limit or len(ids) < len(points):
        found = f"{len(points)} points with {len(ids)} ids"
        fault = Fault("", "fulfilment.other_points", f"must be at most {limit} points, each once", found)
        raise UnusableAnswer(courier.name, "points", what, (fault,))
    return points


def _checked(courier: Courier, call: str, what: str, told: object) -> CollectionPoint:
    """*told*, which must be a point of that *courier*.

    Raises:
        UnusableAnswer: it is none.
    """
    if not isinstance(told, CollectionPoint):
        fault = Fault("", "kernel.wrong_type", "must be a CollectionPoint", shown(told))
    elif told.courier != courier.name:
        fault = Fault("courier", "fulfilment.other_courier", f"must be {courier.name}", shown(told.courier))
    else:
        return told
    raise UnusableAnswer(courier.name, call, what, (fault,))
