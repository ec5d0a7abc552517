"""What the shipping room refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import Fault, TokolibError


@attrs.frozen
class NoRate(TokolibError):
    """No delivery method serves this destination with these parcels; nothing was assumed to be free."""

    code: ClassVar[str] = "shipping.no_rate"
    destination: str
    tried: tuple[str, ...]
    """Each method with its reason."""
    currency: str
    """ISO 4217: that of the order."""

    def __str__(self) -> str:
        return (
            f"no delivery rate to {self.destination}; tried: {'; '.join(self.tried) or 'nothing, there are no methods'}"
        )

    @property
    def hint(self) -> str:
        amount = "IDR(18_000)" if self.currency == "IDR" else f"an amount in {self.currency}"
        return f"add one: shop.delivery.flat('jne:reg', {amount}), or a table with shop.delivery.table(code, rows)"


@attrs.frozen
class UnknownMethod(TokolibError):
    """The shop has no active delivery method by that code."""

    code: ClassVar[str] = "shipping.unknown_method"
    status: ClassVar[int] = 404
    method: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no delivery method {self.method!r}; active: {', '.join(self.known) or 'none'}"


@attrs.frozen
class InvalidMethod(TokolibError):
    """A delivery method, weight rule, fee or area that can't be; nothing was stored."""

    code: ClassVar[str] = "shipping.invalid_method"
    name: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} {self.value!r}: {self.reason}"


@attrs.frozen
class MissingWeight(TokolibError):
    """Goods without a weight can't be sent by a method that charges by weight."""

    code: ClassVar[str] = "shipping.missing_weight"
    skus: tuple[str, ...]

    def __str__(self) -> str:
        return f"no weight known for {', '.join(self.skus)}"

    @property
    def hint(self) -> str:
        return "give each a weight: shop.catalog.put(sku, name, weight='300 g')"


@attrs.frozen
class InvalidParcel(TokolibError):
    """A weight or size that no parcel has."""

    code: ClassVar[str] = "shipping.invalid_parcel"
    name: str
    value: str
    most: str

    def __str__(self) -> str:
        return f"{self.name} {self.value}: must be a whole number from 0 to {self.most}"


@attrs.frozen
class OverMaxWeight(TokolibError):
    """A parcel is heavier than the method takes."""

    code: ClassVar[str] = "shipping.over_max_weight"
    method: str
    grams: int
    maximum_grams: int

    def __str__(self) -> str:
        return f"{self.method} takes at most {self.maximum_grams} g a parcel, this one counts as {self.grams} g"

    @property
    def hint(self) -> str:
        return "split it into several parcels, or choose a cargo service"


@attrs.frozen
class FeeNotOffered(TokolibError):
    """The method doesn't offer cash on delivery, or insurance, or not for this amount."""

    code: ClassVar[str] = "shipping.fee_not_offered"
    method: str
    kind: str
    amount: int
    least: int | None
    most: int | None

    def __str__(self) -> str:
        if self.least is None and self.most is None:
            return f"{self.method} offers no {self.kind}"
        bounds = " ".join(
            f"{word} {bound}" for word, bound in (("from", self.least), ("to", self.most)) if bound is not None
        )
        return f"{self.method} offers {self.kind} {bounds} minor units, not for {self.amount}"


@attrs.frozen
class PointNeeded(TokolibError):
    """The method goes to collection points only, and none was chosen."""

    code: ClassVar[str] = "shipping.point_needed"
    method: str
    courier: str
    """The courier account whose points it goes to."""

    def __str__(self) -> str:
        return f"{self.method} goes to a collection point of {self.courier}, and none was chosen"

    @property
    def hint(self) -> str:
        return f"choose one of shop.shipments.points({self.method!r}, address) and give point="


@attrs.frozen
class PointRefused(TokolibError):
    """The goods can't go to that collection point by that method."""

    code: ClassVar[str] = "shipping.point_refused"
    method: str
    point: str
    because: str
    """The code of the reason: `shipping.to_the_door`, `shipping.other_courier` or `shipping.point_too_small`."""
    why: str

    def __str__(self) -> str:
        return self.why

    @property
    def hint(self) -> str:
        if self.because == "shipping.to_the_door":
            return "leave point= out, or choose a method that goes to collection points (points_of=)"
        return f"choose another of shop.shipments.points({self.method!r}, address)"


@attrs.frozen
class TableRejected(TokolibError):
    """A rate table has faults; all of them are named by line and column (the first 1,000), and nothing was stored."""

    code: ClassVar[str] = "shipping.table_rejected"
    faults: tuple[Fault, ...]
    total: int

    def __str__(self) -> str:
        shown = "; ".join(str(fault) for fault in self.faults[:5])
        return f"{self.total} faults in the rate table: {shown}{'; …' if self.total > 5 else ''}"


@attrs.frozen
class ScanInvalid(TokolibError):
    """A courier's scan that can't be kept."""

    code: ClassVar[str] = "shipping.scan_invalid"
    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"
