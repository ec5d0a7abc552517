"""What packing refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class InvalidPacking(TokolibError):
    """A box or a rule that can't be."""

    code: ClassVar[str] = "fulfilment.invalid_packing"
    name: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.name} is {self.value}; it {self.expected}"


@attrs.frozen
class CannotPack(TokolibError):
    """Some goods fit into no box, or may not be sent; nothing was changed."""

    code: ClassVar[str] = "fulfilment.cannot_pack"
    status: ClassVar[int] = 409
    goods: tuple[tuple[str, str], ...]
    """SKU and reason, each once."""

    def __str__(self) -> str:
        return "; ".join(f"{sku}: {why}" for sku, why in self.goods)

    @property
    def hint(self) -> str:
        return "add a box to the rules, or say how it was packed: shipments.pack(shipment, [ParcelDraft(...)])"


@attrs.frozen
class NotAllPacked(TokolibError):
    """The parcels that were given do not hold all goods of the shipment; nothing was changed."""

    code: ClassVar[str] = "fulfilment.not_all_packed"
    status: ClassVar[int] = 409
    shipment_id: str
    left: tuple[str, ...]

    def __str__(self) -> str:
        return f"of shipment {self.shipment_id} these are in no parcel: {', '.join(self.left)}"

    @property
    def hint(self) -> str:
        return "name them in a parcel; what was not found is told first: shipments.picked(shipment, short={...})"
