"""What the books say, read off their entries: postings, the lines of an account, and balances.

A positive amount is a debit, a negative one a credit; `orders.postings` tells what each account is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from tokolib.kernel.money import Money, currency
from tokolib.kernel.rows import Entry


@attrs.frozen
class PostingLeg:
    """One side of a posting: a positive *amount* is a debit of the account, a negative one a credit."""

    account: str
    """Such as `sales`, `tax:ppn`, `receivable`, `money:cash`."""
    amount: Money


@attrs.frozen
class Posting:
    """One event's move of money: its legs, in one currency, add up to zero."""

    id: str
    event: str
    """What happened, such as `orders.order_placed`."""
    refers_to: str
    """The order, gift card, grant or settlement that it was of."""
    at: datetime
    legs: tuple[PostingLeg, ...]


@attrs.frozen
class AccountLine:
    """One leg as its account has it."""

    posting_id: str
    event: str
    refers_to: str
    at: datetime
    amount: Money


@attrs.frozen
class Balance:
    """What stands on an account in one currency."""

    account: str
    amount: Money


def postings_of(entries: Iterable[Entry]) -> tuple[Posting, ...]:
    """*entries* as postings, the oldest first."""
    batches: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=_in_time):
        batches.setdefault(entry.batch, []).append(entry)
    return tuple(_posting(legs) for legs in batches.values())


def lines_of(entries: Iterable[Entry], since: datetime | None, until: datetime | None) -> tuple[AccountLine, ...]:
    """Those of *entries* that were made from *since* on and before *until*."""
    return tuple(
        AccountLine(entry.batch, entry.kind, entry.refers_to, entry.at, _amount(entry))
        for entry in entries
        if (since is None or since <= entry.at) and (until is None or entry.at < until)
    )


def sums_of(postings: Iterable[Posting]) -> tuple[Balance, ...]:
    """What *postings* leave on each account, by its name; without those on which nothing stands."""
    sums: dict[tuple[str, str], int] = {}
    for leg in (leg for posting in postings for leg in posting.legs):
        place = (leg.account, leg.amount.currency.code)
        sums[place] = sums.get(place, 0) + leg.amount.minor_units
    return balances_of({place: units for place, units in sums.items() if units})


def balances_of(sums: Mapping[tuple[str, str], int]) -> tuple[Balance, ...]:
    """Sums in minor units, by account and currency, as balances in the order of their names."""
    return tuple(
        Balance(account, Money.minor(units, currency(code))) for (account, code), units in sorted(sums.items())
    )


def _posting(legs: list[Entry]) -> Posting:
    first = legs[0]
    sides = tuple(PostingLeg(leg.account, _amount(leg)) for leg in legs)
    return Posting(first.batch, first.kind, first.refers_to, first.at, sides)


def _amount(entry: Entry) -> Money:
    return Money.minor(entry.amount, currency(entry.unit))


def _in_time(entry: Entry) -> tuple[datetime, list[tuple[int, str]]]:
    """Numbers within an id count as numbers: the tenth posting of a moment comes behind its second."""
    return entry.at, [(int(part), "") if part.isdecimal() else (0, part) for part in entry.id.split(".")]
