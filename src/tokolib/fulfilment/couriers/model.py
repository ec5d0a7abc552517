"""What a courier is told of a parcel, and what it answers."""

import attrs

from tokolib.catalog.model import Dimensions
from tokolib.kernel.address import Address
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import Quantity


@attrs.frozen(kw_only=True)
class LabelContent:
    """Goods in a parcel, as its label describes them."""

    sku: str
    name: str
    quantity: Quantity


@attrs.frozen(kw_only=True)
class LabelRequest:
    """One parcel to be carried, by value: what is told under a key never changes, whatever becomes of the order."""

    order_reference: str
    """The order as its customer knows it."""
    parcel: int
    """The parcel's number in its shipment."""
    parcels: int
    """How many parcels the shipment has."""
    service: str
    """What stands behind the colon of the delivery method, such as `reg`; all of it where there is none."""
    sender: Address | None
    """Where it is fetched; None for the address that the courier has of the account."""
    recipient: Address
    grams: int
    """What it weighs, the box counted in."""
    dimensions: Dimensions | None
    contents: tuple[LabelContent, ...]
    value: Money
    """What its goods were sold for, tax included: for insurance and customs."""
    cod: Money | None
    """The cash that the courier collects for it; None where nothing is to be collected."""
    fragile: bool = False
    hazards: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class BoughtLabel:
    """A label as its courier knows it."""

    key: str
    """The key that it was bought under."""
    reference: str
    """The courier's name for the booking: by it the label is voided."""
    tracking: str
    """The number on the label."""
    price: Money | None = None
    """What the courier bills, as far as it says so; None where it doesn't."""
    document: str = ""
    """Where the label to be printed is found."""
    void: bool = False
    """Whether it was given back."""
