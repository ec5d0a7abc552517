"""What a courier is told of a parcel, and what it answers."""

from datetime import datetime

import attrs

from tokolib.catalog.model import Dimensions
from tokolib.kernel.address import Address
from tokolib.kernel.annotations import check_fields
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import Quantity
from tokolib.shipping.points import CollectionPoint


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
    point: CollectionPoint | None = None
    """Where it waits for its recipient; None where it goes to the door."""
    is_return: bool = False
    """Whether the recipient of an order sends it back: its sender has no account, and shows or prints the label."""


@attrs.frozen(kw_only=True)
class Booked:
    """What a courier has booked, as it knows it: a label or a pickup.

    Raises:
        InvalidInput: with every field that can't be kept, and a price below zero.
    """

    key: str
    """The key that it was booked under."""
    reference: str
    """The courier's name for the booking: by it the booking is given back."""
    price: Money | None = None
    """What the courier bills, as far as it says so; None where it doesn't."""
    void: bool = False
    """Whether it was given back."""

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        faults = [fault for name in self._names() for fault in line_faults(name, getattr(self, name))]
        if self.price is not None and self.price.minor_units < 0:
            faults.append(Fault("price", "fulfilment.negative_price", "must not be negative", str(self.price)))
        if faults:
            raise InvalidInput(tuple(faults))

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """What it says, as sorted pairs of texts: so it stands on the operation that it answers."""
        price = () if self.price is None else (self.price,)
        figures = [pair for one in price for pair in (("price", str(one.minor_units)), ("currency", one.currency.code))]
        said = [("reference", self.reference), *self._said(), *figures]
        return tuple(sorted((name, text) for name, text in said if text))

    def _said(self) -> tuple[tuple[str, str], ...]:
        return ()

    def _names(self) -> tuple[str, ...]:
        """The fields that something is found again by."""
        return "key", "reference"


@attrs.frozen(kw_only=True)
class BoughtLabel(Booked):
    """A label as its courier knows it."""

    tracking: str
    """The number on the label."""
    document: str = ""
    """Where the label to be printed is found."""

    def _said(self) -> tuple[tuple[str, str], ...]:
        return ("tracking", self.tracking), ("document", self.document)

    def _names(self) -> tuple[str, ...]:
        return *super()._names(), "tracking"


def _since(at: datetime) -> datetime:
    return aware(at, "window[0]")


def _until(at: datetime) -> datetime:
    return aware(at, "window[1]")


@attrs.frozen(kw_only=True)
class PickupWindow:
    """From when until when the courier may come."""

    since: datetime = attrs.field(converter=_since)
    until: datetime = attrs.field(converter=_until)


@attrs.frozen(kw_only=True)
class PickupParcel:
    """A parcel that the courier's driver is to be given."""

    tracking: str
    """The number on its label."""
    reference: str
    """The courier's name for the label."""
    grams: int


@attrs.frozen(kw_only=True)
class PickupRequest:
    """Parcels to be fetched, by value: what is told under a key never changes."""

    window: PickupWindow
    address: Address | None
    """Where they are; None for the address that the courier has of the account."""
    parcels: tuple[PickupParcel, ...]

    @property
    def grams(self) -> int:
        """What they weigh together."""
        return sum(each.grams for each in self.parcels)


@attrs.frozen(kw_only=True)
class BookedPickup(Booked):
    """A pickup as its courier knows it."""

    window: PickupWindow
    """When it comes: the window that was asked for, or a part of it."""

    def _said(self) -> tuple[tuple[str, str], ...]:
        return ("since", self.window.since.isoformat()), ("until", self.window.until.isoformat())
