"""A courier account with switches for what goes wrong between a shop and it: `FakeCourier`, `AsyncFakeCourier`."""

from tokolib.fulfilment.couriers.model import BookedPickup, BoughtLabel, LabelRequest, PickupRequest
from tokolib.shipping.places import Destination
from tokolib.shipping.points import CollectionPoint
from tokolib.shipping.tracking import Scan
from tokolib.testing.fake_courier_account import Account


class FakeCourier(Account):
    """The blocking account. *dedupes*, *looks_up*, *voids*, *fetches*, *carries_back* and *tracks* are what its
    capabilities say, and what it does; *points* are where it leaves parcels.
    """

    def book(self, request: LabelRequest, *, key: str) -> BoughtLabel:
        """Sell a label."""
        return self.take(self.labels, request, key)

    def look_up(self, key: str) -> tuple[BoughtLabel, ...]:
        """What was sold under *key*."""
        return self.find(self.labels, key)

    def void(self, reference: str, *, key: str) -> BoughtLabel:
        """Take a label back."""
        return self.give_back(self.labels, reference, key)

    def book_pickup(self, request: PickupRequest, *, key: str) -> BookedPickup:
        """Have parcels fetched."""
        return self.take(self.pickup_book, request, key)

    def look_up_pickups(self, key: str) -> tuple[BookedPickup, ...]:
        """What is fetched under *key*."""
        return self.find(self.pickup_book, key)

    def cancel_pickup(self, reference: str, *, key: str) -> BookedPickup:
        """Let nobody come."""
        return self.give_back(self.pickup_book, reference, key)

    def points(self, near: Destination, *, limit: int) -> tuple[CollectionPoint, ...]:
        """Where parcels may wait."""
        return self.near(near, limit)

    def point(self, id: str) -> CollectionPoint:
        """One of them."""
        return self.at(id)

    def track(self, tracking: str) -> tuple[Scan, ...]:
        """Where a parcel is."""
        return self.tell(tracking)


class AsyncFakeCourier(Account):
    """The same, to be awaited."""

    async def book(self, request: LabelRequest, *, key: str) -> BoughtLabel:
        """Sell a label."""
        return self.take(self.labels, request, key)

    async def look_up(self, key: str) -> tuple[BoughtLabel, ...]:
        """What was sold under *key*."""
        return self.find(self.labels, key)

    async def void(self, reference: str, *, key: str) -> BoughtLabel:
        """Take a label back."""
        return self.give_back(self.labels, reference, key)

    async def book_pickup(self, request: PickupRequest, *, key: str) -> BookedPickup:
        """Have parcels fetched."""
        return self.take(self.pickup_book, request, key)

    async def look_up_pickups(self, key: str) -> tuple[BookedPickup, ...]:
        """What is fetched under *key*."""
        return self.find(self.pickup_book, key)

    async def cancel_pickup(self, reference: str, *, key: str) -> BookedPickup:
        """Let nobody come."""
        return self.give_back(self.pickup_book, reference, key)

    async def points(self, near: Destination, *, limit: int) -> tuple[CollectionPoint, ...]:
        """Where parcels may wait."""
        return self.near(near, limit)

    async def point(self, id: str) -> CollectionPoint:
        """One of them."""
        return self.at(id)

    async def track(self, tracking: str) -> tuple[Scan, ...]:
        """Where a parcel is."""
        return self.tell(tracking)
