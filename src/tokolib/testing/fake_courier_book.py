"""The book of a fake courier, and the switches for what goes wrong between it and a shop."""

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from tokolib.fulfilment.couriers.model import Booked, LabelRequest, PickupRequest

T = TypeVar("T", bound=Booked)
R = TypeVar("R", LabelRequest, PickupRequest)


@attrs.define
class CourierSwitches:
    """What goes wrong next. Counters count down with each call that they spoil."""

    unreachable: int = 0
    """The next calls certainly don't arrive."""
    time_out_before: int = 0
    """The next calls time out and were not taken."""
    time_out_after: int = 0
    """The next calls are taken, and their answers lost."""
    refusals: int = 0
    """The next calls are answered with a definite no; what was taken before and is known isn't."""
    twice: int = 0
    """The next bookings are carried out twice, under one key: a look-up finds both."""
    fetched: bool = False
    """It has fetched every parcel: no label is taken back and no pickup cancelled any more."""
    withheld: int = 0
    """So many of the last scans of each parcel it does not tell yet."""
    shuffled: bool = False
    """It tells scans in the wrong order, and each twice."""
    lost: bool = False
    """It knows no parcel any more."""
    closed: set[str] = attrs.field(factory=set)
    """The collection points, by id, that are closed: nothing new goes there."""
    prices: bool = True
    """Whether it says what a label or a pickup costs."""


@attrs.define
class Entry(Generic[R, T]):
    """One booking in its book."""

    request: R
    booked: T
    by_fault: bool = False
    """Whether nobody asked for it: `twice` was on."""


@attrs.define
class Book(Generic[R, T]):
    """Labels, or pickups."""

    names: tuple[str, str, str]
    """The methods that book, look up and give back."""
    make: Callable[[R, str, int], T]
    """A booking of a request under a key, the so-many-eth."""
    entries: list[Entry[R, T]] = attrs.field(factory=list)

    def add(self, request: R, key: str, *, by_fault: bool = False) -> T:
        """Book it now."""
        booked = self.make(request, key, len(self.entries) + 1)
        self.entries.append(Entry(request, booked, by_fault))
        return booked

    def under(self, key: str) -> list[Entry[R, T]]:
        """What was booked under *key*."""
        return [each for each in self.entries if each.booked.key == key]
