"""A backorder: how much of a SKU a location may promise that is not there, and by when that comes."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import attrs

from tokolib.inventory.model import resource
from tokolib.kernel.quantity import Quantity, UnitOfMeasure

BACKORDER: Final = "backorder"
"""What stands behind a shelf's name for what may be promised beyond it: `main|kopi-250|backorder`.

To the storage it is a stock of promises, so that the very predicate that never sells the last unit twice never
promises more than the limit.
"""
MOST_DAYS: Final = 3_650
"""The longest that a backorder may take."""


@attrs.frozen
class Backorder:
    """What of a SKU may be promised at a location beyond its stock."""

    id: str
    version: int
    key: str
    sku: str
    unit: UnitOfMeasure
    location: str
    steps: int
    """How much may be promised in all, what is promised already counted."""
    days: int | None
    """In how many days from the promise it comes; None where a day is fixed."""
    on: date | None
    """The day on which it comes; None where it takes a number of days."""
    closed: bool
    """Whether nothing more is promised."""

    @property
    def resource(self) -> str:
        """The storage's name for it."""
        return capacity(self.location, self.key)

    def by(self, today: date) -> date:
        """The day for which it can be promised *today*; where the fixed day has passed no later one is known."""
        if self.on is not None:
            return max(self.on, today)
        return today + timedelta(days=self.days or 0)


@attrs.frozen
class BackorderLevel:
    """How much of a SKU may be promised at a location beyond its stock, and how much of that is promised."""

    sku: str
    location: str
    limit: Quantity
    promised: Quantity
    left: Quantity
    """What may still be promised; none of a closed one."""
    by: date
    """The day for which it would be promised now."""
    closed: bool


class Allowed:
    """All backorders of a shop, by place and SKU key."""

    def __init__(self, backorders: Iterable[Backorder]) -> None:
        self._at = {(each.location, each.key): each for each in backorders}

    def at(self, location: str, key: str) -> Backorder | None:
        """The backorder of a SKU key at a location, the closed ones too; None where there is none."""
        return self._at.get((location, key))


def capacity(location: str, key: str) -> str:
    """The storage's name for what of a SKU may be promised at a location beyond its stock."""
    return f"{resource(location, key)}|{BACKORDER}"


def backorder_id(location: str, key: str) -> str:
    """The id of the backorder of a SKU key at a location."""
    return f"bko_{location}|{key}"
