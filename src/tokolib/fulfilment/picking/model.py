"""Pick lists, and what was not found."""

import attrs

from tokolib.kernel.ids import LineId, LocationId, ShipmentId
from tokolib.kernel.quantity import Quantity, UnitOfMeasure


@attrs.frozen
class Shortage:
    """Units of a line that the shelf did not have: they are free again in their order, and nobody's."""

    line_id: LineId
    sku: str
    unit: UnitOfMeasure
    steps: int

    @property
    def missing(self) -> Quantity:
        """How much was not found."""
        return Quantity(self.steps, self.unit)


@attrs.frozen
class PickPart:
    """How much of a pick is for one shipment."""

    shipment_id: ShipmentId
    quantity: Quantity


@attrs.frozen
class PickLine:
    """One SKU to fetch, for one shipment or several."""

    place: str
    """Its shelf, as the caller names it; empty where nobody has said."""
    key: str
    sku: str
    quantity: Quantity
    parts: tuple[PickPart, ...]
    """For which shipments, in the order in which they were named."""


@attrs.frozen
class PickList:
    """What to fetch at one location, in walking order."""

    location: LocationId
    lines: tuple[PickLine, ...]
