"""The door `ledger`: the postings of the shop, for looking at. Nothing is changed through it."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

import attrs

from tokolib.kernel.clock import aware
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.ids import OrderId
from tokolib.kernel.lines import line
from tokolib.kernel.rows import Entry, Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.accounts import AccountLine, Balance, Posting, balances_of, lines_of, postings_of, sums_of
from tokolib.orders.book_currency import BOOK_LEDGER
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.postings import LEDGER

_PAGE: Final = 1000


@attrs.frozen
class LedgerService(Service[Colour]):
    """The books: what was posted for an order, or to an account, and what stands there.

    Each command reads the postings in the orders' own currencies; with *in_books* those of orders in other currencies
    as the books state them (`Settings.book_rates`).
    """

    work: Work
    blocking: bool

    @command
    async def of(self, order: Order | OrderId, *, in_books: bool = False) -> tuple[Posting, ...]:
        """The postings of an order, the oldest first; none while no money was owed or paid.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Posting, ...]:
            return await _postings(unit, id, in_books)

        return await self.work.read(step)

    @command
    async def balances(self, order: Order | OrderId, *, in_books: bool = False) -> tuple[Balance, ...]:
        """What stands on each account for an order, by name; without those that are even. They add up to zero.

        `receivable` is what the customer still owes (negative: what the shop owes the customer), `money:…` where the
        money lies.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Balance, ...]:
            return sums_of(await _postings(unit, id, in_books))

        return await self.work.read(step)

    @command
    async def page(
        self,
        account: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        in_books: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[AccountLine]:
        """What was posted to *account* from *since* on and before *until*, in pages, in the order of what it was of.

        At most `Limits.page` lines at a time. A page of a span may have fewer than *limit* though more follow: go on
        as long as `after` says where.

        Raises:
            InvalidInput: a *limit* below 1, or an account that is no name. NaiveDatetime: an instant without a zone.
            BadCursor: *after* is no page's.
        """
        name, begin, end = line("account", account, required=True), _instant(since, "since"), _instant(until, "until")

        async def step(unit: Unit) -> Page[AccountLine]:
            size, at = await unit.page_size(limit), after
            while True:
                found: Page[Entry] = await resolved(
                    unit.work.ledger(_ledger(in_books), account=name, after=at, limit=size)
                )
                lines, at = lines_of(found.items, begin, end), found.after
                if lines or at is None:
                    return Page(lines, at)

        return await self.work.read(step)

    @command
    async def balance(
        self,
        account: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        in_books: bool = False,
    ) -> tuple[Balance, ...]:
        """What was posted to *account* from *since* on and before *until*, added up: one balance per currency.

        Without a span it is what stands there now. It reads every line of the account.

        Raises:
            InvalidInput: an account that is no name. NaiveDatetime: an instant without a zone.
        """
        name, begin, end = line("account", account, required=True), _instant(since, "since"), _instant(until, "until")

        async def step(unit: Unit) -> tuple[Balance, ...]:
            sums: dict[tuple[str, str], int] = {}
            async for page in _pages(unit, in_books, account=name):
                for each in lines_of(page, begin, end):
                    place = (name, each.amount.currency.code)
                    sums[place] = sums.get(place, 0) + each.amount.minor_units
            return balances_of(sums)

        return await self.work.read(step)


async def _postings(unit: Unit, order_id: str, in_books: bool) -> tuple[Posting, ...]:
    await unit[ORDERS].get(order_id)
    return postings_of([entry async for page in _pages(unit, in_books, refers_to=order_id) for entry in page])


async def _pages(
    unit: Unit, in_books: bool, *, account: str | None = None, refers_to: str | None = None
) -> AsyncIterator[tuple[Entry, ...]]:
    """The entries of an account, or of what they refer to, page by page."""
    after: str | None = None
    while True:
        page: Page[Entry] = await resolved(
            unit.work.ledger(_ledger(in_books), account=account, refers_to=refers_to, after=after, limit=_PAGE)
        )
        yield page.items
        if page.after is None:
            return
        after = page.after


def _ledger(in_books: bool) -> str:
    return BOOK_LEDGER if in_books else LEDGER


def _instant(value: datetime | None, name: str) -> datetime | None:
    return None if value is None else aware(value, name)
