"""What explains a difference: each rupiah that one side has and the next one hasn't, with the reason for it."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.money import Currency, Money


class Why(StrEnum):
    """Why one side has what the next one hasn't."""

    FEE = "fee"
    FEE_TAX = "fee_tax"
    WITHHELD = "withheld"
    RESERVE = "reserve"
    """Held back by the provider, or let go again."""
    ADJUSTMENT = "adjustment"
    """The provider's own, about no payment."""
    ROUNDING = "rounding"
    """Within the tolerance."""
    EXCHANGED = "exchanged"
    """The provider pays out in another currency: it left the one, and came in the other."""
    NOT_YET_SETTLED = "not_yet_settled"
    """Paid, and too young to stand in a report."""
    REFUND_IN_TRANSIT = "refund_in_transit"
    NOT_YET_REMITTED = "not_yet_remitted"
    """Collected by the courier, who still has time."""
    NOT_YET_PAID_OUT = "not_yet_paid_out"
    """Settled, and too young to be in the bank."""
    SHORTFALL = "shortfall"
    """The courier collected less than is due."""
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    DOES_NOT_ADD_UP = "does_not_add_up"
    """A row whose own figures differ by more than the tolerance."""
    DOUBLE_ROW = "double_row"
    NOT_UNIQUE = "not_unique"
    """More than one way to explain it, or too many to try: nothing was guessed."""
    UNKNOWN_REFERENCE = "unknown_reference"
    """It names nothing that we know."""
    MISSING_IN_BOOKS = "missing_in_books"
    """The provider settled what we know of, and our books don't have as paid."""
    MISSING_AT_PROVIDER = "missing_at_provider"
    """Our books have it, and it should long stand in a report."""
    MISSING_IN_BANK = "missing_in_bank"
    """It was paid out, and should long be in the bank."""


COSTS: Final = frozenset({Why.FEE, Why.FEE_TAX, Why.WITHHELD, Why.ADJUSTMENT, Why.ROUNDING, Why.EXCHANGED})
"""What is spent: nobody waits for it, and nobody looks for it."""


class Place(StrEnum):
    """On which side the rupiah stand that an item explains."""

    BOOKS = "books"
    """In the books, and not in the report."""
    REPORT = "report"
    """In the report, and not in the books."""
    DEDUCTED = "deducted"
    """In the report's gross, and not in its net."""
    PAYOUT = "payout"
    """In the report's net, and not in the bank."""
    BANK = "bank"
    """In the bank, and not in the report's net."""


_TAKEN_OFF: Final = frozenset({Place.REPORT, Place.BANK})


@attrs.frozen(kw_only=True)
class Item:
    """One part of a difference."""

    why: Why
    place: Place
    amount: Money
    """As its own side has it."""
    what: str
    """The movement, row, payout or bank line that it is about."""
    on: date
    """Since when."""

    @property
    def weight(self) -> int:
        """By how many minor units it makes the books more than the bank."""
        return -self.amount.minor_units if self.place in _TAKEN_OFF else self.amount.minor_units

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for it, or has to look."""
        return self.why not in COSTS


@attrs.frozen
class Aged:
    """What is open since about as long."""

    up_to: int | None
    """Days; None for all that is older than every bound."""
    items: int
    amount: Money
    """The sum of their weights: positive where the shop is owed."""


@attrs.frozen(kw_only=True)
class Account:
    """The three sides of one currency, and every rupiah of each: matched, or explained by an item."""

    currency: Currency
    books: Money
    """All that our books count on."""
    gross: Money
    """All that the report settled, before deductions."""
    net: Money
    """All that the report paid out."""
    bank: Money
    """All that the bank has."""
    settled: Money
    """What books and report agree on: `books` and `gross` are this, and their items."""
    paid: Money
    """What report and bank agree on: `net` and `bank` are this, and their items."""
    items: tuple[Item, ...]
    aged: tuple[Aged, ...]
    """What is open, by how many days it has been: every bound of the terms, and the rest."""

    @property
    def difference(self) -> Money:
        """Books less bank: exactly the weights of all items."""
        return self.books - self.bank

    def because(self, why: Why) -> Money:
        """How much of the difference has that reason."""
        return Money(sum(each.weight for each in self.items if each.why is why), self.currency)

    @property
    def is_clean(self) -> bool:
        """Whether nothing waits and nothing is wrong: only costs stand between books and bank."""
        return not any(each.is_open for each in self.items)


def by_age(items: Iterable[Item], currency: Currency, as_of: date, ages: tuple[int, ...]) -> tuple[Aged, ...]:
    """The open *items* by their age in days on *as_of*, the youngest first, every bound of *ages* and the rest."""
    bounds: tuple[int | None, ...] = (*ages, None)
    found: dict[int | None, list[int]] = {bound: [] for bound in bounds}
    for each in items:
        if each.is_open:
            age = (as_of - each.on).days
            found[next((bound for bound in ages if age <= bound), None)].append(each.weight)
    return tuple(Aged(bound, len(weights), Money(sum(weights), currency)) for bound, weights in found.items())
