"""What sourcing costs, as data: whole minor units of one currency, in terms that an exact search can add up."""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.inventory.sourcing.errors import InvalidSourcing, LocationWithoutCost, WeightMissing
from tokolib.kernel.errors import shown
from tokolib.kernel.money import Currency

KILOGRAM: Final = 1_000
"""Grams."""


def whole(what: str, value: object, least: int = 0) -> int:
    """*value*, an integer of at least *least*.

    Raises:
        InvalidSourcing: it is something else; a bool and a float are.
    """
    if type(value) is not int or value < least:
        raise InvalidSourcing(what, shown(value), f"an integer of at least {least}")
    return value


def name(what: str, value: object) -> str:
    """*value*, a text that isn't empty.

    Raises:
        InvalidSourcing: it is something else.
    """
    if type(value) is not str or not value:
        raise InvalidSourcing(what, shown(value), "a text that isn't empty")
    return value


def by_name(what: str, given: object, least: int = 0) -> dict[str, int]:
    """A copy of *given*, integers by name, in the order of the names.

    Raises:
        InvalidSourcing: it is no mapping, or has a name or an integer that can't be one.
    """
    if not isinstance(given, Mapping):
        raise InvalidSourcing(what, shown(given), "a mapping from names to integers")
    figures = {name(f"a name in {what}", key): whole(f"{what}[{key!r}]", value, least) for key, value in given.items()}
    return dict(sorted(figures.items()))


@attrs.frozen
class LocationCost:
    """What it costs to send goods of one order from one location, to where this order goes.

    It is a straight line by weight: no parcel is rounded up to whole kilograms. Of a courier's tariff with a first and
    further kilograms, `per_kilogram` is a further one, and `use` has what the first one costs beyond it.
    """

    use: int = 0
    """Once, when anything leaves from here: picking, a box, what a first kilogram costs beyond a further one."""
    per_step: int = 0
    """For each step that leaves from here."""
    per_step_of: Mapping[str, int] = attrs.field(factory=dict)
    """The same by SKU key, where it differs; it stands in the place of `per_step`."""
    per_kilogram: int = 0
    """For each kilogram, by the weight of a step, each step rounded up to a whole minor unit."""

    def __attrs_post_init__(self) -> None:
        for figure in ("use", "per_step", "per_kilogram"):
            whole(f"LocationCost.{figure}", getattr(self, figure))
        object.__setattr__(self, "per_step_of", by_name("LocationCost.per_step_of", self.per_step_of))

    def handling(self, key: str) -> int:
        """What one step of *key* costs here, its weight left out."""
        return self.per_step_of.get(key, self.per_step)

    def carriage(self, grams: int) -> int:
        """What a step of so many grams costs by its weight, rounded up."""
        return -(-grams * self.per_kilogram // KILOGRAM)


@attrs.frozen(kw_only=True)
class SourcingCost:
    """What the plans for one order are compared by. All amounts are whole minor units of `currency`, none negative.

    Raises (when made):
        InvalidSourcing: a figure or a name can't be one.
        LocationWithoutCost: `order` names a location that `locations` lacks.
    """

    currency: Currency
    locations: Mapping[str, LocationCost]
    """Every location that goods of this order may leave from."""
    short: int
    """For each step that can't be had. Where it is below what a step costs to send, going short is the cheaper plan."""
    short_of: Mapping[str, int] = attrs.field(factory=dict)
    """The same by SKU key, where it differs."""
    split: int = 0
    """For each further parcel: a location sends one, so it is due once for each location but the first."""
    order: tuple[str, ...] = ()
    """Who is preferred where two plans cost the same, the best first. The others follow by name."""
    most_parcels: int | None = None
    """At most so many locations; no limit when None."""
    grams: Mapping[str, int] = attrs.field(factory=dict)
    """The weight of a step, by SKU key, 0 for what has no body. Needed where a location has a price per kilogram."""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.currency, Currency):
            raise InvalidSourcing("SourcingCost.currency", shown(self.currency), "a Currency")
        whole("SourcingCost.short", self.short)
        whole("SourcingCost.split", self.split)
        if self.most_parcels is not None:
            whole("SourcingCost.most_parcels", self.most_parcels, 1)
        for field in ("short_of", "grams"):
            object.__setattr__(self, field, by_name(f"SourcingCost.{field}", getattr(self, field), 0))
        object.__setattr__(self, "locations", _locations(self.locations))
        object.__setattr__(self, "order", _ranked(self.order, tuple(self.locations)))

    def shortage(self, key: str) -> int:
        """What one step of *key* costs that can't be had."""
        return self.short_of.get(key, self.short)

    def per_step(self, location: str, key: str) -> int:
        """What one step of *key* costs from *location*, weight and all.

        Raises:
            WeightMissing: the location charges by weight, and that of *key* is unknown.
        """
        terms = self.locations[location]
        return terms.handling(key) + self.carriage(location, key)

    def carriage(self, location: str, key: str) -> int:
        """What one step of *key* costs from *location* by its weight alone.

        Raises:
            WeightMissing: the location charges by weight, and that of *key* is unknown.
        """
        terms = self.locations[location]
        if not terms.per_kilogram:
            return 0
        if key not in self.grams:
            raise WeightMissing(key, location)
        return terms.carriage(self.grams[key])


def _locations(given: object) -> dict[str, LocationCost]:
    if not isinstance(given, Mapping) or not given:
        raise InvalidSourcing("SourcingCost.locations", shown(given), "a LocationCost for at least one location")
    for location, terms in given.items():
        name("a name in SourcingCost.locations", location)
        if not isinstance(terms, LocationCost):
            raise InvalidSourcing(f"SourcingCost.locations[{location!r}]", shown(terms), "a LocationCost")
    return dict(sorted(given.items()))


def _ranked(order: object, known: tuple[str, ...]) -> tuple[str, ...]:
    """All of *known*, those of *order* first."""
    if isinstance(order, str) or not isinstance(order, tuple | list):
        raise InvalidSourcing("SourcingCost.order", shown(order), "a tuple of locations")
    for location in order:
        if name("a name in SourcingCost.order", location) not in known:
            raise LocationWithoutCost(location, "SourcingCost.order", known)
    if len(set(order)) < len(order):
        raise InvalidSourcing("SourcingCost.order", shown(order), "each location once")
    return (*order, *(location for location in known if location not in order))
