"""The door `settlements`: what gateways and couriers say they have paid out, held against our books and the bank."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime

import attrs

from tokolib.effects.model import Operation
from tokolib.effects.ports import Observe
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import OrderId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.work import Work
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.reconciliation import steps
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.banking import BankTaken, set_line_aside, take_in_bank
from tokolib.reconciliation.couriers import Owed
from tokolib.reconciliation.difference import OnDifference
from tokolib.reconciliation.exchange import Exchange, exchange_of
from tokolib.reconciliation.gathering import movements_since, owed_by, rows_since
from tokolib.reconciliation.model import BankLine, Settlement, SettlementRow, SettlementState
from tokolib.reconciliation.ports import SETTLEMENTS
from tokolib.reconciliation.taking_in import TakenIn, check_kind, take_in
from tokolib.reconciliation.terms import ReconcileTerms
from tokolib.reconciliation.three_ways import Reconciliation, reconcile


@attrs.frozen
class SettlementService(Service[Colour]):
    """What was settled, and whether it is what our books and the bank say."""

    work: Work
    blocking: bool
    observe: Observe

    @command
    async def take_in(self, rows: Iterable[SettlementRow], *, terms: ReconcileTerms | None = None) -> TakenIn:
        """Store each of *rows* once, and post it: its fee, the taxes and the net are taken out of what lay there.

        Money that our books don't know yet is observed, as a gateway's answer is: the order reacts as if it had come
        by a webhook. A row that contradicts the books or belongs to nothing in them waits in review; delivered again it
        is looked at again. The order of the rows makes no difference, and the same report twice changes nothing.

        Rows are committed a few at a time: when this raises in the middle, those before it are stored, and the report
        may be handed over again.

        Raises:
            InvalidInput: something that is no row. Nothing was stored.
        """
        given = tuple(rows)
        check_kind("rows", given, SettlementRow)

        async def write(step: Callable[[Unit], Awaitable[list[steps.Taken]]]) -> list[steps.Taken]:
            return await self.work.write("settlements.take_in", step)

        return await take_in(write, given, terms, self.observe)

    @command
    async def reconcile(
        self,
        provider: str,
        bank: Iterable[BankLine] = (),
        *,
        since: date,
        as_of: date | None = None,
        terms: ReconcileTerms | None = None,
    ) -> Reconciliation:
        """The books, the rows that were taken in and the *bank*'s lines, held against each other.

        It looks at the orders since the day *since*, and at the rows of *provider* (a gateway's name, a courier's code)
        that were settled since. *bank* are the lines of that provider. It changes nothing.

        Raises:
            InvalidInput: something that is no bank line, no day, or an *as_of* before *since*.
        """
        lines = tuple(bank)
        _check_days(since, as_of)
        check_kind("bank", lines, BankLine)

        async def step(unit: Unit) -> Reconciliation:
            stored = await rows_since(unit, provider, since)
            known = await movements_since(unit, provider, since, stored)
            day = as_of or await unit.today()
            return reconcile(known, [each.row for each in stored], lines, as_of=day, terms=terms)

        return await self.work.read(step)

    @command
    async def take_in_bank(
        self, lines: Iterable[BankLine] = (), *, account: str, terms: ReconcileTerms | None = None
    ) -> BankTaken:
        """Store each of *lines* of a bank *account* once, and match them with what was settled and not received yet.

        A line that is a payout, or several together, moves its money from `payout:<provider>` to `bank:<account>`, at
        the bank's day. A line is never matched twice, however often it is delivered, and nothing is guessed: it must
        name its payout, or add up in one way only. What is left waits, and is looked at again with the next lines, or
        with none: a report may come after its money.

        Raises:
            InvalidInput: something that is no bank line, or an account's name that can't be. Nothing was stored.
        """
        given = tuple(lines)
        check_kind("lines", given, BankLine)
        name = line("account", account, required=True)

        async def step(unit: Unit) -> BankTaken:
            return await take_in_bank(unit, name, given, terms or ReconcileTerms())

        return await self.work.write("settlements.take_in_bank", step)

    @command
    async def set_line_aside(self, entry: BankEntry | str, *, reason: str) -> BankEntry:
        """A bank line that is no payout, so that nothing is looked for any more. Safe to repeat.

        Raises:
            NotFound: no such line. NotWaiting: it is in the books. InvalidInput: no reason was given. In all cases
                nothing was changed.
        """
        id = entry if isinstance(entry, str) else entry.id
        why = given_reason(reason)

        async def step(unit: Unit) -> BankEntry:
            return await set_line_aside(unit, id, why)

        return await self.work.write("settlements.set_line_aside", step)

    @command
    async def of_order(self, order: Order | OrderId) -> tuple[Settlement, ...]:
        """The rows that are about an order: what of its payments is settled, and what waits in review."""
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Settlement, ...]:
            return await every(unit[SETTLEMENTS], "by_order", {"order_id": id})

        return await self.work.read(step)

    @command
    async def in_review(self, *, after: str | None = None, limit: int = 100) -> Page[Settlement]:
        """Rows that wait for a person, the longest waiting first, a page at a time.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Settlement]:
            waiting = {"standing": SettlementState.REVIEW.value}
            size = await unit.page_size(limit)
            return await unit[SETTLEMENTS].where("by_standing", equals=waiting, after=after, limit=size)

        return await self.work.read(step)

    @command
    async def book_apart(self, settlement: Settlement | str, *, reason: str) -> Settlement:
        """A row in review, booked against `suspense:<provider>` without any payment: the money is there, all the same.

        What the row told of waits no more in `reviews` either, where nobody knew whose it was.

        Safe to repeat.

        Raises:
            NotFound: no such row. NotInReview: it fits the books, and is in them.
            InvalidInput: no reason was given. In all cases nothing was changed.
        """
        id = settlement if isinstance(settlement, str) else settlement.id
        why = given_reason(reason)

        async def step(unit: Unit) -> Settlement:
            return await steps.book_apart(unit, id, why)

        return await self.work.write("settlements.book_apart", step)

    @command
    async def exchanged(self, operation: Operation | str, into: Money, *, on: date | None = None) -> Settlement:
        """That the money of an *operation* became *into* in the currency of the books, where no report tells it.

        Both as they are: a refund of USD 10.00 that cost 161,000 rupiah is stated as `IDR(161_000)`. What it is worth
        at the rate that its order froze leaves the books for it; the difference is an exchange gain, or a loss. *on*
        is today unless told. Safe to repeat.

        Raises:
            NotFound: no such operation.
            NotExchangeable: it moved no money, its order froze no rate, *into* is in another currency than the books,
                or what became of it is told already.
            InvalidInput: *into* is below zero, or *on* is no day. In all cases nothing was changed.
        """
        id = operation if isinstance(operation, str) else operation.id

        async def step(unit: Unit) -> Settlement:
            return await steps.state_exchanged(unit, id, into, on or await unit.today())

        return await self.work.write("settlements.exchanged", step)

    @command
    async def exchange(self, order: Order | OrderId) -> Exchange | None:
        """What exchanging an order's money brought beside the rate that it froze; None where it froze none.

        Raises:
            NotFound: no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> Exchange | None:
            rows = await every(unit[SETTLEMENTS], "by_order", {"order_id": id})
            return exchange_of(await unit[ORDERS].get(id), rows)

        return await self.work.read(step)

    @command
    async def close_claim(self, settlement: Settlement | str, *, as_: OnDifference, reason: str) -> Settlement:
        """Give up what is left of a claim against a courier: as its fee, or as a loss. Safe to repeat.

        Raises:
            NotFound: no such row. NoClaim: nothing is claimed by it, it was given up otherwise, or *as_* is a claim.
            InvalidInput: no reason was given. In all cases nothing was changed.
        """
        id = settlement if isinstance(settlement, str) else settlement.id
        why = given_reason(reason)

        async def step(unit: Unit) -> Settlement:
            return await steps.close_claim(unit, id, as_, why)

        return await self.work.write("settlements.close_claim", step)

    @command
    async def owed(self, courier: str | None = None) -> tuple[Owed, ...]:
        """What a *courier*, or every one, has to remit, parcel by parcel, the oldest debt first.

        That is the cash of each parcel that has left and not come back, and what is claimed of those for which too
        little was remitted. What the shop owes a courier that remitted too much is below zero.
        """

        async def step(unit: Unit) -> tuple[Owed, ...]:
            return await owed_by(unit, courier)

        return await self.work.read(step)


def _check_days(since: date, as_of: date | None) -> None:
    for name, given in (("since", since), ("as_of", as_of)):
        if isinstance(given, datetime):
            raise InvalidInput((Fault(name, "kernel.wrong_type", "must be a day, without a time", shown(given)),))
    if as_of is not None and as_of < since:
        message = f"must not be before {since.isoformat()}"
        raise InvalidInput((Fault("as_of", "reconciliation.before_since", message, as_of.isoformat()),))
