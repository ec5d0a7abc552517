"""What exchanging brought beside the rate that an order froze: told row by row, explained, and stated by a person."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import attrs

from tokolib.effects.model import Operation
from tokolib.kernel.book_rates import BookRate
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import Money
from tokolib.orders.model import Order
from tokolib.reconciliation.books import KINDS, signed
from tokolib.reconciliation.model import Settlement, SettlementRow
from tokolib.reconciliation.postings import frozen_net, gain

STATED: Final = "exchanged"
"""The batch of what a person states."""


@attrs.frozen(kw_only=True)
class Exchanged:
    """One row of a settlement report whose net became money of the books."""

    settlement_id: str
    name: str
    """As the report calls it: `stripe/2026-03-02/17`."""
    on: date
    net: Money
    """What was exchanged."""
    frozen: Money
    """What it is worth at the rate that the order froze."""
    real: Money
    """What it became."""

    @property
    def gain(self) -> Money:
        """What it brought beside the frozen rate; below zero: what it cost."""
        return self.real - self.frozen


@attrs.frozen(kw_only=True)
class Exchange:
    """What became of an order's money in the currency of the books."""

    order_id: OrderId
    rate: BookRate
    """The rate that the order froze."""
    total: Money
    """What was agreed, in the order's own currency."""
    worth: Money
    """The same at the frozen rate."""
    rows: tuple[Exchanged, ...]
    """What was exchanged so far, as it came; what lies with a provider, or was never exchanged, is not among it."""

    @property
    def gain(self) -> Money:
        """What all of it brought beside the frozen rate; below zero: what it cost."""
        return Money.total((each.gain for each in self.rows), self.rate.into)

    @property
    def reason(self) -> Reason:
        """The gain, and where it comes from."""
        rate = self.rate
        values = {"currency": rate.currency, "books": rate.books, "rate": rate.figure, "source": rate.source}
        stated = reason("reconciliation.book_rate", self.worth, total=self.total, as_of=rate.as_of, **values)
        return reason("reconciliation.exchange", self.gain, stated, *map(_of_row, self.rows), count=len(self.rows))

    def explain(self, locale: str = "en") -> str:
        """The gain, and where it comes from, in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        from tokolib.reconciliation.wording import in_words

        return in_words(self.reason, locale)


def _of_row(row: Exchanged) -> Reason:
    figures = {"net": row.net, "real": row.real, "frozen": row.frozen}
    return reason("reconciliation.exchanged_row", row.gain, name=row.name, on=row.on, **figures)


def exchange_of(order: Order, rows: Iterable[Settlement]) -> Exchange | None:
    """What became of the money of *order*, which *rows* settle; None where it froze no rate."""
    if (rate := order.book_rate) is None:
        return None
    made = [
        Exchanged(
            settlement_id=each.id,
            name=each.row.name,
            on=each.row.on,
            net=each.row.net,
            frozen=Money(frozen_net(each), rate.into),
            real=Money(frozen_net(each) + gain(each), rate.into),
        )
        for each in rows
        if each.frozen is not None and each.row.exchanged is not None
    ]
    return Exchange(
        order_id=order.id,
        rate=rate,
        total=order.total,
        worth=rate.worth(order.total),
        rows=tuple(sorted(made, key=lambda each: (each.on, each.name))),
    )


def stated_row(operation: Operation, into: Money, on: date) -> SettlementRow:
    """A person's word that the money of *operation* became *into*, as the row that a report would have.

    Raises:
        InvalidInput: *into* is in the operation's own currency, or *on* is no day.
    """
    kind = KINDS[operation.kind]
    gross, nothing = signed(operation.amount, kind), Money(0, operation.amount.currency)
    return SettlementRow(
        provider=operation.provider,
        batch=STATED,
        row=operation.id,
        kind=kind,
        on=on,
        gross=gross,
        fee=nothing,
        fee_tax=nothing,
        withheld=nothing,
        net=gross,
        key=operation.key,
        exchanged=signed(into, kind),
    )
