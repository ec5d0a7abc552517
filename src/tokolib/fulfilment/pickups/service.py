"""The door `pickups`: having labelled parcels fetched."""

from collections.abc import Iterable
from datetime import datetime

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.advance import Couriers, account, advance
from tokolib.fulfilment.bookings.words import word_on
from tokolib.fulfilment.couriers.errors import NotOffered
from tokolib.fulfilment.couriers.model import BookedPickup, PickupWindow
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.pickups import steps
from tokolib.fulfilment.pickups.calls import PICKUP_CALLS
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.fulfilment.pickups.ports import PICKUPS
from tokolib.fulfilment.pickups.states import PickupState
from tokolib.fulfilment.together import ids_of
from tokolib.kernel.address import Address
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import PickupId, ShipmentId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

NamedPickup = Pickup | PickupId


@attrs.frozen
class PickupService(Service[Colour]):
    """Having labelled shipments fetched by a courier."""

    work: Work
    blocking: bool
    observe: Observe
    couriers: Couriers

    @command
    async def book(
        self,
        shipments: Shipment | ShipmentId | Iterable[Shipment | ShipmentId],
        *,
        courier: str,
        window: tuple[datetime, datetime],
        address: Address | None = None,
    ) -> Pickup:
        """The account *courier* fetches labelled shipments of one location in a *window* (from, until).

        The wish is stored with its key before the courier is asked, so that it comes once: the same request again
        answers the same pickup. One that gives no answer leaves it waiting; `shop.tick()` looks it up before it asks
        again, and a person does where neither is possible (`shop.reviews`). A shipment has one pickup at most; it may
        be booked anew when that was refused or cancelled, or its window is over. *address* is where the parcels are, if
        not at the account's address.

        Raises:
            NoSuchCourier: the shop has no such account. NotOffered: the account fetches nothing.
            NotFound: there is no such shipment. IllegalShipmentTransition: one isn't labelled, or has left.
            NotTogether: they are in several locations. LabelledElsewhere: another account sold a label of theirs.
            PickupStands: another pickup has one of them.
            NaiveDatetime, InvalidInput: a window without a zone, or that is over; no shipment.
            In all cases nothing was stored.
        """
        ids, of, when = ids_of(shipments), account(self.couriers, courier), _window(window)
        if no := of.capabilities.no_pickup:
            raise NotOffered(of.name, "book_pickup", no)

        async def step(unit: Unit) -> Pickup:
            return await steps.wish(unit, ids, of.name, when, address)

        return await self._advanced(await self.work.write("pickups.book", step))

    @command
    async def cancel(self, pickup: NamedPickup) -> Pickup:
        """Nobody is to come: the account that it was booked at is told. Safe to repeat.

        Where the courier refuses, it stands, and may be cancelled again; where it gives no answer, it waits.

        Raises:
            NotFound: there is no such pickup. PickupNotOpen: it was not booked, or nobody knows yet.
            PickupMade: a driver has all that it was to fetch. In all cases nothing was changed.
        """
        id = _id(pickup)

        async def step(unit: Unit) -> Pickup:
            return await steps.wish_cancel(unit, id)

        return await self._advanced(await self.work.write("pickups.cancel", step))

    @command
    async def advance(self, pickup: NamedPickup) -> Pickup:
        """The pickup after its courier was asked for what is due of it: sent, or looked up.

        Raises:
            NotFound: there is no such pickup.
            InsideTransaction: the shop works within a transaction of the host. Nobody was asked.
        """
        permit(self.work.access, self.work.ctx, "pickups.advance")
        self.work.must_be_outside("pickups.advance")
        await advance(self.work, self.couriers, PICKUP_CALLS, _id(pickup), self.observe)
        return await self._get(_id(pickup))

    @command
    async def resolve(
        self, pickup: NamedPickup, found: BookedPickup | None = None, *, failure: str = "", reason: str
    ) -> Pickup:
        """A person's word on a pickup that waits or is doubtful: what was *found*, or why there is none (*failure*).

        Of one that is to be cancelled it says that it was, or was not. Who said it, when and why stays in the history.

        Raises:
            InvalidInput: neither or both of *found* and *failure*, or text that can't be kept.
            NotFound: there is no such pickup. PickupNotOpen: nothing about it is doubtful, or it is denied what is
            certain. In all cases nothing was changed.
        """
        id, why, said = _id(pickup), given_reason(reason), word_on(found, failure)

        async def step(unit: Unit) -> Pickup:
            return await bookings.resolve(unit, steps.PICKUPS_BOOKED, id, said, reason=why)

        return await self.work.write("pickups.resolve", step)

    @command
    async def get(self, pickup: PickupId) -> Pickup:
        """A pickup by its id.

        Raises:
            NotFound: there is none.
        """
        return await self._get(pickup)

    @command
    async def in_state(self, state: PickupState, *, limit: int = 100, after: str | None = None) -> Page[Pickup]:
        """A page of the pickups in a state, those that come first first; *after* is the cursor of the page before."""

        async def step(unit: Unit) -> Page[Pickup]:
            found = unit[PICKUPS].where
            return await found(
                "by_state", equals={"state": state.value}, after=after, limit=await unit.page_size(limit)
            )

        return await self.work.read(step)

    @command
    async def not_fetched(self, pickup: NamedPickup) -> tuple[Shipment, ...]:
        """The shipments of a pickup that are still here: nobody has handed them over.

        Raises:
            NotFound: there is no such pickup.
        """
        id = _id(pickup)

        async def step(unit: Unit) -> tuple[Shipment, ...]:
            return await steps.left_behind(unit, id)

        return await self.work.read(step)

    async def _get(self, id: PickupId) -> Pickup:
        async def step(unit: Unit) -> Pickup:
            return await unit[PICKUPS].get(id)

        return await self.work.read(step)

    async def _advanced(self, pickup: Pickup) -> Pickup:
        await advance(self.work, self.couriers, PICKUP_CALLS, pickup.id, self.observe)
        return await self._get(pickup.id)


def _id(pickup: NamedPickup) -> PickupId:
    return pickup.id if isinstance(pickup, Pickup) else pickup


def _window(window: tuple[datetime, datetime]) -> PickupWindow:
    try:
        since, until = window
    except (TypeError, ValueError):
        fault = Fault("window", "fulfilment.no_window", "must be two instants: from and until", shown(window))
        raise InvalidInput((fault,)) from None
    return PickupWindow(since=since, until=until)
