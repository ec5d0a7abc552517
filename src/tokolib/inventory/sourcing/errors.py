"""What sourcing refuses. Nothing was decided in any of these cases."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named


@attrs.frozen
class InvalidSourcing(TokolibError):
    """A figure or a name that sourcing was given can't be one."""

    code: ClassVar[str] = "inventory.invalid_sourcing"
    what: str = attrs.field(converter=named)
    value: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.what} is {self.value}; wanted is {self.wanted}"

    @property
    def hint(self) -> str:
        return "count goods in whole steps and money in whole minor units: 12000, not 12000.0"


@attrs.frozen
class NothingToSource(TokolibError):
    """There is no demand, so there is nothing to choose a location for."""

    code: ClassVar[str] = "inventory.nothing_to_source"

    def __str__(self) -> str:
        return "no demands were given"

    @property
    def hint(self) -> str:
        return "give one SourcingDemand for each line; an order of digital goods alone needs no sourcing"


@attrs.frozen
class DemandTwice(TokolibError):
    """Two demands have one name, so the plan couldn't say which of them it means."""

    code: ClassVar[str] = "inventory.demand_twice"
    demand: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"two demands are called {self.demand!r}"

    @property
    def hint(self) -> str:
        return "name each demand after its line, and the parts of a kit after line and part"


@attrs.frozen
class LocationWithoutCost(TokolibError):
    """A location is spoken of that has no cost, so that it can't be compared with the others."""

    code: ClassVar[str] = "inventory.location_without_cost"
    location: str = attrs.field(converter=named)
    where: str = attrs.field(converter=named)
    """Who speaks of it: `levels`, `order`, or a demand."""
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.where}: the location {self.location!r} has no cost; known: {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        return "give it a LocationCost in SourcingCost.locations, or leave it out; look at the spelling too"


@attrs.frozen
class WeightMissing(TokolibError):
    """A location charges by weight, and the weight of a wanted SKU is not known."""

    code: ClassVar[str] = "inventory.weight_missing"
    key: str = attrs.field(converter=named)
    location: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"{self.location} charges by weight, and that of {self.key} is unknown"

    @property
    def hint(self) -> str:
        return "weigh it: shop.catalog.put(sku, name, weight=...); source() itself takes SourcingCost.grams"
