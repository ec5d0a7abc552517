"""What manifests refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class NotLabelled(TokolibError):
    """Parcels of the shipment have no label, so that no driver takes them; nothing was changed."""

    code: ClassVar[str] = "fulfilment.not_labelled"
    status: ClassVar[int] = 409
    shipment_id: str
    state: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is {self.state}, and not every parcel of it has its label"

    @property
    def hint(self) -> str:
        return "buy them first: shop.shipments.buy_labels(shipment, courier=...)"


@attrs.frozen
class OnManifest(TokolibError):
    """The driver was given the shipment with another manifest; nothing was changed."""

    code: ClassVar[str] = "fulfilment.on_manifest"
    status: ClassVar[int] = 409
    shipment_id: str
    manifest_id: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is on manifest {self.manifest_id}: a driver is given it once"
