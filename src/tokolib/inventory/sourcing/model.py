"""What sourcing is asked, and the plan that it answers with."""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from tokolib.inventory.sourcing.costs import name, whole
from tokolib.inventory.sourcing.errors import InvalidSourcing
from tokolib.inventory.sourcing.wording import WORDING
from tokolib.kernel.errors import shown
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said


def _places(given: object) -> frozenset[str] | None:
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidSourcing("SourcingDemand.locations", shown(given), "several locations, or None for any")
    places = frozenset(name("a name in SourcingDemand.locations", each) for each in given)
    if not places:
        raise InvalidSourcing("SourcingDemand.locations", shown(given), "at least one location, or None for any")
    return places


@attrs.frozen
class SourcingDemand:
    """So many steps of a SKU that an order needs.

    Raises (when made):
        InvalidSourcing: a name is empty, the steps aren't a positive integer, or `locations` has none.
    """

    demand: str
    """What the plan calls it: a line's id, or its SKU key. Each demand has its own."""
    key: str
    """The SKU key of its stock."""
    steps: int
    together: str = attrs.field(default="", kw_only=True)
    """Demands of one such name leave whole and from one location, or not at all: the parts of a kit.

    Several kits that may leave from several places have a name each.
    """
    locations: frozenset[str] | None = attrs.field(default=None, converter=_places, kw_only=True)
    """Where it may leave from; anywhere when None."""

    def __attrs_post_init__(self) -> None:
        name("SourcingDemand.demand", self.demand)
        name("SourcingDemand.key", self.key)
        whole(f"the steps of {self.demand!r}", self.steps, 1)
        if type(self.together) is not str:
            raise InvalidSourcing(f"SourcingDemand.together of {self.demand!r}", shown(self.together), "a text")


@attrs.frozen
class Allocation:
    """Steps of a demand that leave from a location."""

    demand: str
    key: str
    location: str
    steps: int


@attrs.frozen
class Unsourced:
    """Steps of a demand that no location sends: they aren't there, or would cost more than to go without."""

    demand: str
    key: str
    steps: int


@attrs.frozen
class SourcingParts:
    """What a plan's cost is made of, in minor units."""

    use: int
    """Of the locations that anything leaves from."""
    handling: int
    """By the step."""
    carriage: int
    """By weight."""
    splits: int
    """For parcels beyond the first."""
    short: int
    """For what can't be had."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.use + self.handling + self.carriage + self.splits + self.short


@attrs.frozen
class SourcePlan:
    """Where the goods of an order leave from. A value: it holds nothing, and what it rests on may be gone tomorrow."""

    allocations: tuple[Allocation, ...]
    """By demand, then in the order of preference of the locations."""
    short: tuple[Unsourced, ...]
    """By demand."""
    locations: tuple[str, ...]
    """That anything leaves from, in the order of preference; each sends one parcel."""
    parts: SourcingParts
    exact: bool
    """Whether it is proved that no plan costs less."""
    lower: int
    """No plan costs less than so many minor units; the total itself when `exact`."""
    work: int
    """Steps of work that the search took, of those that it was allowed."""
    why: Reason
    """Every amount of the plan; the amounts below a reason add up to its own."""

    @property
    def total(self) -> int:
        """What the plan costs, in minor units."""
        return self.parts.total

    @property
    def gap(self) -> Fraction:
        """By what part of its cost the plan may be dearer than the cheapest one: at most so much, and 0 when exact."""
        return Fraction(self.total - self.lower, self.total) if self.total else Fraction(0)

    def explain(self, locale: str) -> str:
        """The plan in words of *locale*, `id` or `en`.

        Raises:
            UnknownLocale: it is neither.
        """
        return said(self.why, locale, WORDING)
