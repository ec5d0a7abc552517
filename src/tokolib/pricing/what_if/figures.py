"""Figures that add up, in minor units: what something came to, and what it would have."""

from collections.abc import Iterable

import attrs


@attrs.frozen(order=True)
class Figures:
    """What something comes to, in minor units."""

    total: int = 0
    """What the customer pays."""
    discount: int = 0
    """What promotions took off."""
    tax: int = 0
    """All taxes in or on top of it, whole in `total`."""

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.total + other.total, self.discount + other.discount, self.tax + other.tax)

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(self.total - other.total, self.discount - other.discount, self.tax - other.tax)


def total_of(parts: Iterable[Figures]) -> Figures:
    """All *parts* together."""
    total = discount = tax = 0
    for part in parts:
        total += part.total
        discount += part.discount
        tax += part.tax
    return Figures(total, discount, tax)


@attrs.frozen
class Compared:
    """What something came to, and what it would have."""

    was: Figures = Figures()
    would: Figures = Figures()

    @property
    def difference(self) -> Figures:
        """How much more it would have been."""
        return self.would - self.was

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(self.was + other.was, self.would + other.would)
