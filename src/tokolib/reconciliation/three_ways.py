"""Three-way reconciliation, pure: our books, a provider's report, the bank's statement, and what lies between them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.explain import Reason
from tokolib.kernel.money import Currency, Money
from tokolib.reconciliation.explain import reason_of
from tokolib.reconciliation.items import Account, Item, Place, Why, by_age
from tokolib.reconciliation.model import OUT, BankLine, Movement, RowKind, SettlementRow, is_day
from tokolib.reconciliation.pairing import Pair, Paired, pair
from tokolib.reconciliation.paying import Met, Payout, line_place, meet, payouts
from tokolib.reconciliation.terms import ReconcileTerms


@attrs.frozen(kw_only=True)
class Reconciliation:
    """The three sides held against each other, currency by currency, with every difference explained."""

    as_of: date
    terms: ReconcileTerms
    accounts: tuple[Account, ...]
    """One for each currency that any side has, by its code."""
    pairs: tuple[tuple[str, str], ...]
    """Which movement each row tells of: `("int_….1", "midtrans/2026-03-02/17")`."""
    payments: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    """Which bank lines are which payouts."""

    def account(self, currency: Currency) -> Account:
        """The sides of one currency.

        Raises:
            InvalidInput: no side has any of it.
        """
        for each in self.accounts:
            if each.currency == currency:
                return each
        message = "no side has any of it"
        raise InvalidInput((Fault("currency", "reconciliation.no_account", message, shown(currency)),))

    @property
    def is_clean(self) -> bool:
        """Whether only costs stand between books and bank, in every currency."""
        return all(each.is_clean for each in self.accounts)

    def reason(self, currency: Currency) -> Reason:
        """Where the difference between books and bank comes from, down to every open item."""
        return reason_of(self.account(currency), self.as_of)

    def explain(self, locale: str = "en") -> str:
        """The differences of all currencies in words, `id` or `en`.

        Raises:
            UnknownLocale: neither `id` nor `en`.
        """
        from tokolib.reconciliation.wording import in_words

        return "\n\n".join(in_words(self.reason(each.currency), locale) for each in self.accounts)


def reconcile(
    movements: Iterable[Movement],
    rows: Iterable[SettlementRow],
    bank: Iterable[BankLine],
    *,
    as_of: date,
    terms: ReconcileTerms | None = None,
) -> Reconciliation:
    """Hold *movements* of our books, *rows* of reports and lines of the *bank* against each other, on the day *as_of*.

    Nothing is matched by an amount alone, but for bank lines that name no payout; and those only where the sum leaves
    no choice. The order of what is handed over makes no difference.

    Raises:
        InvalidInput: *as_of* is no day.
    """
    if not is_day(as_of):
        raise InvalidInput((Fault("as_of", "kernel.wrong_type", "must be a date", shown(as_of)),))
    return _Work(as_of, terms or ReconcileTerms()).done(list(movements), list(rows), list(bank))


_YOUNG: Final = {RowKind.COLLECTION: Why.NOT_YET_REMITTED} | dict.fromkeys(OUT, Why.REFUND_IN_TRANSIT)
_ALONE: Final = {RowKind.ADJUSTMENT: Why.ADJUSTMENT, RowKind.RESERVE: Why.RESERVE}


class _Work:
    def __init__(self, as_of: date, terms: ReconcileTerms) -> None:
        self._as_of = as_of
        self._terms = terms
        self._items: dict[Currency, list[Item]] = defaultdict(list)
        self._settled: dict[Currency, int] = defaultdict(int)
        self._paid: dict[Currency, int] = defaultdict(int)
        self._payments: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def done(self, movements: list[Movement], rows: list[SettlementRow], bank: list[BankLine]) -> Reconciliation:
        paired = pair(movements, rows)
        booked = [each for each in movements if each.booked]
        self._books_and_report(paired)
        self._gross_and_net(paired)
        currencies = {each.amount.currency for each in booked} | {row.currency for row in rows}
        currencies |= {row.paid_out.currency for row in rows}
        currencies |= {line.amount.currency for line in bank}
        for currency in sorted(currencies, key=lambda each: each.code):
            self._report_and_bank(currency, paired.own, bank)
        return Reconciliation(
            as_of=self._as_of,
            terms=self._terms,
            accounts=tuple(
                self._account(currency, booked, rows, bank)
                for currency in sorted(currencies, key=lambda each: each.code)
            ),
            pairs=tuple(sorted((each.movement.id, each.row.name) for each in paired.pairs)),
            payments=tuple(sorted(self._payments)),
        )

    def _account(
        self, currency: Currency, booked: list[Movement], rows: list[SettlementRow], bank: list[BankLine]
    ) -> Account:
        def total(amounts: Iterable[Money]) -> Money:
            return Money.total((each for each in amounts if each.currency == currency), currency)

        items = tuple(sorted(self._items[currency], key=_item_place))
        return Account(
            currency=currency,
            books=total(each.amount for each in booked),
            gross=total(row.gross for row in rows),
            net=total(row.paid_out for row in rows),
            bank=total(line.amount for line in bank),
            settled=Money(self._settled[currency], currency),
            paid=Money(self._paid[currency], currency),
            items=items,
            aged=by_age(items, currency, self._as_of, self._terms.ages),
        )

    def _add(self, why: Why, place: Place, units: int, currency: Currency, what: str, on: date) -> None:
        if units:
            self._items[currency].append(Item(why=why, place=place, amount=Money(units, currency), what=what, on=on))

    # Books and report.

    def _books_and_report(self, paired: Paired) -> None:
        for each in paired.pairs:
            self._settled[each.row.currency] += each.row.gross.minor_units
            self._of_movement(each.movement, self._why_other(each), each.differs_by)
        for each in paired.foreign:
            self._of_movement(each.movement, Why.OTHER_CURRENCY)
            self._of_row(each.row, Why.OTHER_CURRENCY)
        for movement in paired.left:
            self._of_movement(movement, self._why_left(movement))
        for rows, why in (
            (paired.copies, Why.DOUBLE_ROW),
            (paired.doubles, Why.DOUBLE_ROW),
            (paired.strangers, Why.UNKNOWN_REFERENCE),
            (paired.news, Why.MISSING_IN_BOOKS),
        ):
            for row in rows:
                self._of_row(row, why)
        for row in paired.alone:
            self._of_row(row, _ALONE[row.kind])

    def _why_other(self, each: Pair) -> Why:
        if abs(each.differs_by) <= self._terms.tolerance:
            return Why.ROUNDING
        short = each.movement.kind is RowKind.COLLECTION and each.differs_by > 0
        return Why.SHORTFALL if short else Why.OTHER_AMOUNT

    def _why_left(self, movement: Movement) -> Why:
        within = self._terms.settled_within
        if movement.kind is RowKind.COLLECTION:
            within = self._terms.remitted_within
        elif movement.kind in OUT:
            within = self._terms.refunded_within
        return (
            _YOUNG.get(movement.kind, Why.NOT_YET_SETTLED)
            if self._young(movement.on, within)
            else Why.MISSING_AT_PROVIDER
        )

    def _young(self, on: date, within: int) -> bool:
        return (self._as_of - on).days <= within

    def _of_movement(self, movement: Movement, why: Why, units: int | None = None) -> None:
        amount = movement.amount
        self._add(
            why,
            Place.BOOKS,
            amount.minor_units if units is None else units,
            amount.currency,
            movement.id,
            movement.on,
        )

    def _of_row(self, row: SettlementRow, why: Why) -> None:
        self._add(why, Place.REPORT, row.gross.minor_units, row.currency, row.name, row.on)

    # Gross and net.

    def _gross_and_net(self, paired: Paired) -> None:
        for row in paired.own:
            odd = Why.ROUNDING if abs(row.left_over) <= self._terms.tolerance else Why.DOES_NOT_ADD_UP
            for why, units in (
                (Why.FEE, row.fee.minor_units),
                (Why.FEE_TAX, row.fee_tax.minor_units),
                (Why.WITHHELD, row.withheld.minor_units),
                (odd, row.left_over),
            ):
                self._add(why, Place.DEDUCTED, units, row.currency, row.name, row.on)
            self._exchange(row, Why.EXCHANGED)
        for row in paired.copies:  # it was paid out once, and so it cost once
            taken, paid = row.gross.minor_units - row.net.minor_units, row.paid_out
            self._add(Why.DOUBLE_ROW, Place.DEDUCTED, taken, row.currency, row.name, row.on)
            self._exchange(row, Why.DOUBLE_ROW)
            self._add(Why.DOUBLE_ROW, Place.PAYOUT, paid.minor_units, paid.currency, row.name, row.on)

    def _exchange(self, row: SettlementRow, why: Why) -> None:
        """What left one currency, and came in the other."""
        if (made := row.exchanged) is not None:
            self._add(why, Place.DEDUCTED, row.net.minor_units, row.currency, row.name, row.on)
            self._add(why, Place.DEDUCTED, -made.minor_units, made.currency, row.name, row.on)

    # Net and bank.

    def _report_and_bank(self, currency: Currency, own: Iterable[SettlementRow], bank: Iterable[BankLine]) -> None:
        rows = [row for row in own if row.paid_out.currency == currency]
        lines, copies = _without_copies(line for line in bank if line.amount.currency == currency)
        for line in copies:
            self._of_line(line, Why.DOUBLE_ROW)
        met = meet(payouts(sorted(rows, key=lambda row: row.name)), lines, self._terms)
        self._tell_met(met, currency)

    def _tell_met(self, met: Met, currency: Currency) -> None:
        for each in met.meetings:
            self._paid[currency] += sum(line.amount.minor_units for line in each.lines)
            exact = abs(each.differs_by) <= self._terms.tolerance
            first = each.payouts[0]
            why = Why.ROUNDING if exact else Why.OTHER_AMOUNT
            self._add(why, Place.PAYOUT, each.differs_by, currency, first.id, first.on)
            ids = tuple(sorted(payout.id for payout in each.payouts))
            self._payments.append((tuple(sorted(line.id for line in each.lines)), ids))
        for payout in met.unsure_payouts:
            self._of_payout(payout, Why.NOT_UNIQUE, currency)
        for payout in met.left_payouts:
            young = self._young(payout.on, self._terms.paid_out_within)
            self._of_payout(payout, Why.NOT_YET_PAID_OUT if young else Why.MISSING_IN_BANK, currency)
        for line in met.unsure_lines:
            self._of_line(line, Why.NOT_UNIQUE)
        for line in met.left_lines:
            self._of_line(line, Why.UNKNOWN_REFERENCE)

    def _of_payout(self, payout: Payout, why: Why, currency: Currency) -> None:
        self._add(why, Place.PAYOUT, payout.net, currency, payout.id, payout.on)

    def _of_line(self, line: BankLine, why: Why) -> None:
        self._add(why, Place.BANK, line.amount.minor_units, line.amount.currency, line.id, line.on)


def _item_place(item: Item) -> tuple[object, ...]:
    return (tuple(Why).index(item.why), item.on, item.what, tuple(Place).index(item.place), item.amount.minor_units)


def _without_copies(lines: Iterable[BankLine]) -> tuple[list[BankLine], list[BankLine]]:
    once: dict[str, BankLine] = {}
    copies = []
    for line in sorted(lines, key=line_place):
        if line.id in once:
            copies.append(line)
        else:
            once[line.id] = line
    return list(once.values()), copies
