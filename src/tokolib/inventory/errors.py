"""What inventory refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.kernel.quantity import PIECE, Quantity, UnitOfMeasure


@attrs.frozen
class Shortage:
    """One SKU of which there is too little: how many steps were wanted, and how many can be had now."""

    sku: str
    wanted: int
    available: int
    unit: UnitOfMeasure = PIECE

    def __str__(self) -> str:
        return f"{self.sku}: {Quantity(self.wanted, self.unit)} wanted, {Quantity(self.available, self.unit)} available"


@attrs.frozen
class OutOfStock(TokolibError):
    """There is too little of one or more SKUs. Nothing was held, for none of them."""

    code: ClassVar[str] = "inventory.out_of_stock"
    status: ClassVar[int] = 409
    shortages: tuple[Shortage, ...]
    """Every SKU that is short; at least one."""
    location: str

    def __str__(self) -> str:
        return "; ".join(str(shortage) for shortage in self.shortages)

    @property
    def sku(self) -> str:
        """The first SKU that is short."""
        return self.shortages[0].sku

    @property
    def wanted(self) -> int:
        """How many steps of it were wanted."""
        return self.shortages[0].wanted

    @property
    def available(self) -> int:
        """How many steps of it can be had now."""
        return self.shortages[0].available

    @property
    def hint(self) -> str:
        return "reduce the quantities to what is available, or receive more stock first"


@attrs.frozen
class BelowHeld(TokolibError):
    """Taking this away would leave less than what is held for others, or less than nothing. Nothing was changed."""

    code: ClassVar[str] = "inventory.below_held"
    status: ClassVar[int] = 409
    sku: str
    location: str
    wanted: int
    """Steps to take away."""
    free: int
    """Steps that are there and held for nobody."""
    state: str = "sellable"

    def __str__(self) -> str:
        what = f"{self.sku} at {self.location}" + ("" if self.state == "sellable" else f", {self.state}")
        return f"{what}: {self.wanted} steps to take away, {self.free} are there and not held"

    @property
    def hint(self) -> str:
        if self.state != "sellable":
            return "look at the level of that state: shop.stock.level(sku, location=...)"
        return "cancel or ship the orders that hold it first, then correct the stock"


@attrs.frozen
class HoldEnded(TokolibError):
    """A hold has run out, was given back, was taken before, or never was. Nothing was changed."""

    code: ClassVar[str] = "inventory.hold_ended"
    status: ClassVar[int] = 409
    hold_id: str
    state: str
    """`expired`, `released`, `taken` or `missing`."""

    def __str__(self) -> str:
        return f"the hold {self.hold_id} is {self.state}"


@attrs.frozen
class NotHeld(TokolibError):
    """More was to be taken or given back than these holds hold. Nothing was changed."""

    code: ClassVar[str] = "inventory.not_held"
    status: ClassVar[int] = 409
    sku: str
    wanted: int
    held: int

    def __str__(self) -> str:
        return f"{self.sku}: {self.wanted} steps wanted out of holds of {self.held}"


@attrs.frozen
class UnknownLocation(TokolibError):
    """The shop has no such location. Nothing was changed."""

    code: ClassVar[str] = "inventory.unknown_location"
    status: ClassVar[int] = 404
    location: str = attrs.field(converter=named)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no location {self.location!r}; known: {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        return f"open it first: shop.stock.open_location({self.location!r}, 'its name')"


@attrs.frozen
class InvalidLocation(TokolibError):
    """A location's code is 1 to 32 of a-z, 0-9, `_` and `-`, beginning with a letter or digit."""

    code: ClassVar[str] = "inventory.invalid_location"
    location: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"{self.location[:40]!r} is not a location code: 1 to 32 of a-z, 0-9, _ and -, no _ or - first"


@attrs.frozen
class UnitChanged(TokolibError):
    """The catalogue now counts this SKU in another unit or step than its stock. Nothing was changed."""

    code: ClassVar[str] = "inventory.unit_changed"
    status: ClassVar[int] = 409
    sku: str
    stock_unit: str
    catalog_unit: str

    def __str__(self) -> str:
        return f"stock of {self.sku} is counted in {self.stock_unit}, the catalogue says {self.catalog_unit}"

    @property
    def hint(self) -> str:
        return "give the product its old unit of measure back, and make a new SKU for the new one"


@attrs.frozen
class BundleHasNoStock(TokolibError):
    """A bundle is made of its components, and only they are counted. Nothing was changed."""

    code: ClassVar[str] = "inventory.bundle_has_no_stock"
    sku: str
    components: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.sku} is a bundle of {', '.join(self.components)}; only these have stock"

    @property
    def hint(self) -> str:
        return "receive, count or write off the components instead"
