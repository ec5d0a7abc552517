"""Shipments that leave together: of one location, and at least one."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import attrs

from tokolib.fulfilment.lookups import as_id
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError
from tokolib.kernel.ids import LocationId, ShipmentId


@attrs.frozen
class NotTogether(TokolibError):
    """The shipments are in several locations; nothing was changed."""

    code: ClassVar[str] = "fulfilment.not_together"
    status: ClassVar[int] = 409
    locations: tuple[str, ...]

    def __str__(self) -> str:
        return f"these shipments leave from {', '.join(self.locations)}: a driver is at one location at a time"


def ids_of(shipments: Shipment | ShipmentId | Iterable[Shipment | ShipmentId]) -> tuple[ShipmentId, ...]:
    """The ids of one shipment, or of several."""
    named = (shipments,) if isinstance(shipments, str | Shipment) else tuple(shipments)
    return tuple(as_id(each) for each in named)


def one_location(shipments: Sequence[Shipment]) -> LocationId:
    """Where all of *shipments* leave from.

    Raises:
        InvalidInput: there is none. NotTogether: they are in several locations.
    """
    if not shipments:
        raise InvalidInput((Fault("shipments", "fulfilment.no_shipments", "must name at least one shipment"),))
    if len(places := sorted({each.location for each in shipments})) > 1:
        raise NotTogether(tuple(places))
    return shipments[0].location
