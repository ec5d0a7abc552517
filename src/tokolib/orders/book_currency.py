"""The books in their own currency: what an order in another one is worth there, at the rate that it froze.

Beside each posting in the order's currency stands one of the same name in the ledger `book_money`, in that of the
books. What is posted is by how much the worth of each account has changed, and the worth is that of the whole account:
so an account that is even in the order's currency is even in this one, after any parts in any order. What the rounding
of several accounts leaves between them, a few minor units at most, stands on `exchange_rounding`, and goes with them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from tokolib.kernel.book_rates import BookRate
from tokolib.kernel.events import Event
from tokolib.kernel.rows import Entry
from tokolib.kernel.settings import Settings
from tokolib.orders.errors import BookRateLapsed
from tokolib.orders.model import Order
from tokolib.orders.postings import Leg, entries_of, legs

BOOK_LEDGER: Final = "book_money"
ROUNDING: Final = "exchange_rounding"

Balances = tuple[tuple[str, int], ...]
"""What stands on each account, by its name; without those on which nothing does."""


def frozen_rate(settings: Settings, code: str, today: date) -> BookRate | None:
    """The rate at which the books state an order in the currency *code* that is placed *today*; None: they don't.

    Raises:
        BookRateLapsed: there is one, and it is too old.
    """
    rate = settings.book_rate(code)
    if rate is not None and rate.is_stale(today):
        raise BookRateLapsed(rate.currency, rate.books, rate.as_of.isoformat(), rate.days or 0)
    return rate


def added(balances: Balances, moved: Iterable[Leg]) -> Balances:
    """*balances* after *moved*."""
    made = dict(balances)
    for leg in moved:
        made[leg.account] = made.get(leg.account, 0) + leg.amount
    return tuple(sorted((account, units) for account, units in made.items() if units))


def book_legs(order: Order, event: Event) -> tuple[Leg, ...]:
    """What *event*, which has just made *order*, does to the books in their currency; nothing without a frozen rate."""
    if (rate := order.book_rate) is None:
        return ()
    moved, stands = added((), legs(order, event)), dict(order.accounts)
    return balanced({name: rate.step(stands.get(name, 0) - amount, amount) for name, amount in moved})


def balanced(steps: Mapping[str, int]) -> tuple[Leg, ...]:
    """*steps* of accounts as legs, with what is left between them on `exchange_rounding`."""
    rest = {ROUNDING: -sum(steps.values())}
    return tuple(Leg(account, amount) for account, amount in sorted((rest | dict(steps)).items()) if amount)


def book_entries(order: Order, event: Event, at: datetime) -> tuple[Entry, ...]:
    """The posting of *event* in the currency of the books, named as the one in the order's own."""
    if (rate := order.book_rate) is None:
        return ()
    return entries_of(order, event, book_legs(order, event), rate.books, at)


def worths_of(rate: BookRate, balances: Balances) -> dict[str, int]:
    """What each account is worth in the currency of the books, `exchange_rounding` among them."""
    return {leg.account: leg.amount for leg in balanced({name: rate.units(units) for name, units in balances})}
