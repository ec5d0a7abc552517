"""What is reconciled: movements of our books, rows of a provider's report, lines of a bank statement.

Amounts are signed as the shop sees them: what comes is positive, what goes negative; a fee is positive where it costs.
So `net = gross - fee - fee tax - withheld` for a charge and for a refund alike.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Final, cast

import attrs

from tokolib.kernel.book_rates import BookRate
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.fields import is_money
from tokolib.kernel.ids import OrderId
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.reconciliation.difference import Difference


class RowKind(StrEnum):
    """What a row of a settlement report tells of."""

    CHARGE = "charge"
    COLLECTION = "collection"
    """Cash that a courier collected for an order."""
    REFUND = "refund"
    REVERSAL = "reversal"
    """A payment that was taken back by the provider, without a dispute."""
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSAL = "chargeback_reversal"
    ADJUSTMENT = "adjustment"
    """Anything that is about no payment: a monthly fee, a correction, a transfer between balances."""
    RESERVE = "reserve"
    """Held back (negative), or let go again (positive)."""


OUT: Final = frozenset({RowKind.REFUND, RowKind.REVERSAL, RowKind.CHARGEBACK})
"""What takes money away."""
ALONE: Final = frozenset({RowKind.ADJUSTMENT, RowKind.RESERVE})
"""What is about no payment of ours, and so has nothing to match in the books."""
MOST: Final = 10**12
"""Minor units that one amount of a row or a line may have: a thousand such still add up."""


def _size_faults(path: str, amount: Money) -> Iterator[Fault]:
    if abs(amount.minor_units) > MOST:
        message = f"must be at most {Money.minor(MOST, amount.currency)}, so that sums of it can be kept"
        yield Fault(path, "reconciliation.too_large", message, str(amount))


@attrs.frozen(kw_only=True)
class SettlementRow:
    """One row of a gateway's settlement report, or of a courier's remittance advice.

    Raises:
        InvalidInput: a name that can't be kept, an amount on the wrong side of zero or beyond 10^12 minor units, a
            day that is none.
        CurrencyMismatch: amounts of several currencies. NotMoney: an amount that is none.
    """

    provider: str
    """The gateway's name in this shop, or the courier's code."""
    batch: str
    """The report or advice that it stands in, by the provider's own name."""
    row: str
    """What it is called in its batch: the provider's id of it, or its number."""
    kind: RowKind
    on: date
    """The day that the provider settled it."""
    gross: Money = attrs.field(validator=is_money)
    fee: Money = attrs.field(validator=is_money)
    """What the provider keeps for itself, without tax: MDR, a fixed fee, a COD fee."""
    fee_tax: Money = attrs.field(validator=is_money)
    """Tax on the fee: PPN, VAT."""
    withheld: Money = attrs.field(validator=is_money)
    """Tax on the shop's income, held back for the state."""
    net: Money = attrs.field(validator=is_money)
    """What is paid out for it."""
    key: str = ""
    """Our own name for it, as the provider echoes it: the key of a charge, or the order's id or reference."""
    reference: str = ""
    """The provider's name for the charge or refund."""
    payout: str = ""
    """The payout that it went out with; empty where the report names none."""
    exchanged: Money | None = None
    """What the provider made of the net, where it pays out in another currency than the payment's."""

    def __attrs_post_init__(self) -> None:
        for each in (self.fee, self.fee_tax, self.withheld, self.net):
            if each.currency != self.gross.currency:
                raise CurrencyMismatch(self.gross.currency.code, each.currency.code)
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        code = "reconciliation.bad_row"
        if not isinstance(cast(object, self.kind), RowKind):
            yield Fault("kind", code, f"must be one of {', '.join(RowKind)}", shown(self.kind))
        if not is_day(self.on):
            yield Fault("on", code, "must be a date", shown(self.on))
        for name in ("provider", "batch", "row"):
            yield from line_faults(name, getattr(self, name), required=True)
        for name in ("key", "reference", "payout"):
            yield from line_faults(name, getattr(self, name))
        for name in ("gross", "fee", "fee_tax", "withheld", "net"):
            yield from _size_faults(name, getattr(self, name))
        units = self.gross.minor_units
        if self.kind in OUT and units >= 0:
            yield Fault("gross", code, f"must be below zero for a {self.kind}", str(self.gross))
        if self.kind not in OUT | ALONE and units <= 0:
            yield Fault("gross", code, f"must be above zero for a {self.kind}", str(self.gross))
        yield from self._exchange_faults(self.exchanged)

    def _exchange_faults(self, made: object) -> Iterator[Fault]:
        code = "reconciliation.bad_exchange"
        if made is not None and not isinstance(made, Money):
            yield Fault("exchanged", code, "must be Money, or None", shown(made))
        elif made is not None and made.currency == self.currency:
            yield Fault("exchanged", code, f"must be in another currency than {self.currency.code}", str(made))
        elif made is not None and made.minor_units * self.net.minor_units < 0:
            yield Fault("exchanged", code, "must be on the side of zero on which the net is", str(made))
        elif made is not None:
            yield from _size_faults("exchanged", made)

    @property
    def name(self) -> str:
        """What it is called among all rows: `midtrans/2026-03-02/17`."""
        return f"{self.provider}/{self.batch}/{self.row}"

    @property
    def currency(self) -> Currency:
        """The currency of all its amounts."""
        return self.gross.currency

    @property
    def paid_out(self) -> Money:
        """What reaches the bank for it: the net, or what the provider made of it."""
        return self.net if self.exchanged is None else self.exchanged

    @property
    def left_over(self) -> int:
        """What its own figures leave unexplained, in minor units: gross less fee, taxes and net."""
        parts = (self.fee, self.fee_tax, self.withheld, self.net)
        return self.gross.minor_units - sum(part.minor_units for part in parts)

    @property
    def paid_with(self) -> str:
        """The payout, or else the batch, that it was paid out with."""
        return self.payout or self.batch


@attrs.frozen(kw_only=True)
class BankLine:
    """One line of a bank statement.

    Raises:
        InvalidInput: a name that can't be kept, an amount beyond 10^12 minor units, a day that is none.
        NotMoney: an amount that is none.
    """

    id: str
    """What it is called in the statement: the bank's id of it, or its number."""
    on: date
    amount: Money = attrs.field(validator=is_money)
    """What came is positive, what went negative."""
    description: str = ""
    reference: str = ""

    def __attrs_post_init__(self) -> None:
        faults = [*line_faults("id", self.id, required=True), *line_faults("reference", self.reference)]
        faults += line_faults("description", self.description)
        faults += _size_faults("amount", self.amount)
        if not is_day(self.on):
            faults.append(Fault("on", "reconciliation.bad_row", "must be a date", shown(self.on)))
        if faults:
            raise InvalidInput(tuple(faults))


@attrs.frozen(kw_only=True)
class Movement:
    """Money at a provider as our books know it: one operation of a payment, or cash that a courier owes us."""

    id: str
    """The operation's id, or the order's."""
    provider: str
    kind: RowKind
    on: date
    amount: Money
    booked: bool
    """Whether our books count on it; else it was asked for, and nobody knows yet whether it happened."""
    names: tuple[str, ...]
    """Everything that a row may call it: our key, the order's reference, the provider's references."""
    about: tuple[str, ...] = ()
    """What a row may call the charge that it takes back from."""
    order_id: str = ""


def is_day(value: object) -> bool:
    """Whether *value* is a calendar day, and no instant."""
    return isinstance(value, date) and not isinstance(value, datetime)


class SettlementState(StrEnum):
    """How far a stored row is."""

    POSTED = "posted"
    """It fits the books, and is in them."""
    REVIEW = "review"
    """It contradicts the books, or belongs to nothing in them. It moved nothing, and a person looks."""
    APART = "apart"
    """A person let it be booked without a payment of ours."""


@attrs.frozen
class Frozen:
    """At what the books state a row in their own currency: as its order, from where the rows before it have come."""

    rate: BookRate
    before: int
    """What had been settled of the order out of the same account, in minor units of its own currency."""

    def worth(self, gross: Money) -> int:
        """What the row's *gross* is worth, in minor units of the books."""
        return self.rate.step(self.before, gross.minor_units)


@attrs.frozen(kw_only=True)
class Settlement:
    """A row as this shop has stored it, once, and what became of it."""

    id: str
    version: int
    row: SettlementRow
    standing: SettlementState
    why: str
    """Why it is in review; why a person booked it apart; else empty."""
    taken_at: datetime
    order_id: OrderId | None
    operation_id: str | None
    """The operation of the payment that it settles."""
    clearing: str
    """The account that it empties; empty while it is in review."""
    frozen: Frozen | None = None
    """How its order's frozen rate counts for it; None where the order is in the currency of the books, or there is
    none.
    """
    shipment_id: str = ""
    """The parcel that a courier's row is about; empty where that isn't known, or it is no courier's."""
    difference: Difference | None = None
    """What became of what a courier remitted too little, or too much; None where it remitted what was due."""
    paid_by: str = ""
    """The stored bank line that brought what was paid out for it; empty while the bank hasn't."""
    pays_claim: str = ""
    """The row whose claim this one makes up for; empty for all others."""

    @property
    def cleared(self) -> Money:
        """What it takes off the account that it empties: its gross, and what its courier was to bring beside."""
        cash = 0 if self.difference is None else self.difference.cash
        return self.row.gross + Money(cash, self.row.currency)


def settlement_id(row: SettlementRow) -> str:
    """The id that a row is stored under: the same for every delivery of the same row."""
    return f"set_{fingerprint(row.provider, row.batch, row.row)[:26]}"


def contradiction_id(row: SettlementRow) -> str:
    """The id of a row that says something else than the one that was taken in under its name."""
    return f"set_{fingerprint(row)[:26]}"
