"""How much of an order each gift card and grant pays: one pure function.

Wishes are met in the order in which they are named, each up to what the ones before have left of the total; of store
credit the grant that expires first is used first. What isn't needed isn't touched.
"""

from collections.abc import Iterable, Sequence

import attrs

from tokolib.kernel.money import Currency, Money
from tokolib.stored_value.errors import InsufficientBalance
from tokolib.stored_value.model import Value


@attrs.frozen
class Pot:
    """A gift card or grant that pays, and what is left of it, in minor units."""

    value: Value
    left: int


@attrs.frozen
class CreditWish:
    """What is to be paid from *pots*, in their order; *amount* None is all they have."""

    source: str
    """The tender: `gift_card` or `store_credit`."""
    amount: int | None
    pots: tuple[Pot, ...]


@attrs.frozen
class Part:
    """What one gift card or grant pays."""

    value: Value
    amount: Money


def spend(total: int, wishes: Sequence[CreditWish], currency: Currency) -> tuple[Part, ...]:
    """The parts of *total*, in minor units, that *wishes* pay; what they leave is the tender's.

    Raises:
        InsufficientBalance: a named amount is more than its pots have, or they have nothing at all.
    """
    parts: list[Part] = []
    for wish in wishes:
        has = sum(pot.left for pot in wish.pots)
        if has < (1 if wish.amount is None else wish.amount):
            wanted = total if wish.amount is None else wish.amount
            raise InsufficientBalance(wish.source, Money(wanted, currency), Money(has, currency))
        made = take(min(total, has if wish.amount is None else wish.amount), wish.pots, currency)
        total -= sum(part.amount.minor_units for part in made)
        parts += made
    return tuple(parts)


def take(amount: int, pots: Iterable[Pot], currency: Currency) -> list[Part]:
    """*amount* from *pots*, in their order; no more than they have."""
    made = []
    for pot in pots:
        if (part := min(amount, pot.left)) > 0:
            made.append(Part(pot.value, Money(part, currency)))
            amount -= part
    return made
