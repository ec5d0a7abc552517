"""The manifest: what was given to a courier's driver, when, where and by whom."""

from datetime import datetime

import attrs

from tokolib.kernel.ids import LocationId, ManifestId, OrderId, PickupId, ShipmentId
from tokolib.kernel.money import Money


@attrs.frozen(kw_only=True)
class ManifestParcel:
    """One parcel that was given to the driver."""

    shipment_id: ShipmentId
    order_id: OrderId
    order_reference: str
    """The order as its customer knows it."""
    number: int
    """The parcel's number in its shipment."""
    tracking: str
    grams: int
    cod: Money | None
    """The cash that the courier collects for it; None where nothing is to be collected."""


@attrs.frozen(kw_only=True)
class Manifest:
    """One document for one driver. It is never changed."""

    id: ManifestId
    version: int
    number: int
    """The first, second, … manifest of the shop."""
    account: str
    """The courier account that the labels are of."""
    location: LocationId
    parcels: tuple[ManifestParcel, ...]
    closed_at: datetime
    closed_by: str
    """The actor, such as `staff:budi`."""
    pickup_id: PickupId | None = None
    """The pickup that the driver came for; None where none is named."""

    @property
    def shipments(self) -> tuple[ShipmentId, ...]:
        """What was handed over, each once."""
        return tuple(dict.fromkeys(each.shipment_id for each in self.parcels))

    @property
    def grams(self) -> int:
        """What the parcels weigh together."""
        return sum(each.grams for each in self.parcels)

    @property
    def cod(self) -> tuple[Money, ...]:
        """The cash that the courier is to bring for all of them: one sum for each currency, none for none."""
        sums: dict[str, Money] = {}
        for money in (each.cod for each in self.parcels if each.cod is not None):
            code = money.currency.code
            sums[code] = sums[code] + money if code in sums else money
        return tuple(sums[code] for code in sorted(sums))
