"""Laws of a reconciliation: nothing is lost, order means nothing, and injected faults are named, and nothing else."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import attrs
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.kernel.money import IDR, USD, Money
from tokolib.reconciliation.items import Place, Why
from tokolib.reconciliation.model import ALONE, OUT, BankLine, Movement, RowKind, SettlementRow
from tokolib.reconciliation.sums import sums_to
from tokolib.reconciliation.terms import ReconcileTerms
from tokolib.reconciliation.three_ways import reconcile

DAY = date(2026, 3, 2)
TODAY = DAY + timedelta(days=40)

names = st.sampled_from(["", "a", "b", "c", "PAY-1", "PAY-2"])
currencies = st.sampled_from([IDR, USD])
days = st.integers(0, 40).map(lambda number: DAY + timedelta(days=number))
small = st.integers(-60, 60)


@st.composite
def movements(draw):
    kind = draw(st.sampled_from(RowKind))
    return Movement(
        id=draw(st.text("xyz", min_size=1, max_size=2)),
        provider=draw(st.sampled_from(["p", "q"])),
        kind=kind,
        on=draw(days),
        amount=Money(draw(small), draw(currencies)),
        booked=draw(st.booleans()),
        names=tuple(filter(None, draw(st.lists(names, max_size=2)))),
        about=tuple(filter(None, draw(st.lists(names, max_size=1)))),
    )


@st.composite
def rows(draw):
    kind, currency = draw(st.sampled_from(RowKind)), draw(currencies)
    gross = draw(small if kind in ALONE else st.integers(1, 60))
    gross = -gross if kind in OUT else gross
    return SettlementRow(
        provider=draw(st.sampled_from(["p", "q"])),
        batch=draw(st.sampled_from(["B1", "B2"])),
        row=draw(st.sampled_from("123456")),
        kind=kind,
        on=draw(days),
        gross=Money(gross, currency),
        fee=Money(draw(st.integers(-3, 3)), currency),
        fee_tax=Money(draw(st.integers(0, 1)), currency),
        withheld=Money(draw(st.integers(0, 1)), currency),
        net=Money(gross - draw(st.integers(0, 4)), currency),
        key=draw(names),
        reference=draw(names),
        payout=draw(names),
    )


@st.composite
def lines(draw):
    return BankLine(
        id=draw(st.sampled_from("123456")),
        on=draw(days),
        amount=Money(draw(small), draw(currencies)),
        description=draw(st.sampled_from(["", "TRSF PAY-1", "PAY-1 PAY-2", "B2"])),
        reference=draw(names),
    )


def distinct(made, name):
    return st.lists(made, max_size=8, unique_by=name)


worlds = st.tuples(
    distinct(movements(), lambda each: each.id), st.lists(rows(), max_size=8), st.lists(lines(), max_size=6)
)
every_terms = st.builds(ReconcileTerms, tolerance=st.integers(0, 3), paid_out_within=st.integers(0, 40))


def taken(items, place):
    return sum(each.amount.minor_units for each in items if each.place is place)


@given(worlds, every_terms)
def test_every_rupiah_of_every_side_is_matched_or_explained(world, terms):
    """Matched and explained add up to each side, and the weights of all items to books less bank."""
    known, report, bank = world
    for each in reconcile(known, report, bank, as_of=TODAY, terms=terms).accounts:
        own = [row for row in report if row.currency == each.currency]
        assert each.books.minor_units == each.settled.minor_units + taken(each.items, Place.BOOKS)
        assert each.gross.minor_units == each.settled.minor_units + taken(each.items, Place.REPORT)
        assert each.gross.minor_units - each.net.minor_units == taken(each.items, Place.DEDUCTED)
        assert each.net.minor_units == each.paid.minor_units + taken(each.items, Place.PAYOUT)
        assert each.bank.minor_units == each.paid.minor_units + taken(each.items, Place.BANK)
        assert each.difference.minor_units == sum(item.weight for item in each.items)
        assert each.gross == Money.total((row.gross for row in own), each.currency)
        assert each.difference == Money.total((each.because(why) for why in Why), each.currency)


@given(worlds, every_terms, st.randoms(use_true_random=False))
def test_the_order_of_what_is_handed_over_makes_no_difference(world, terms, random):
    """Any permutation of movements, rows and lines gives the same reconciliation."""
    first = reconcile(*world, as_of=TODAY, terms=terms)

    shuffled = [random.sample(side, len(side)) for side in world]

    assert first == reconcile(*shuffled, as_of=TODAY, terms=terms)


@given(worlds)
def test_ages_add_up_to_what_is_open(world):
    """Every open item has one age, and the reasons below a difference add up to it."""
    made = reconcile(*world, as_of=TODAY)
    for each in made.accounts:
        ages = each.aged
        assert len([item for item in each.items if item.is_open]) == sum(age.items for age in ages)
        assert sum(age.amount.minor_units for age in ages) == sum(i.weight for i in each.items if i.is_open)

        told = made.reason(each.currency)
        _books, _bank, *whys = told.children
        assert each.difference == Money.total((why.amount for why in whys), each.currency)


@attrs.define
class Truth:
    """Payments, their settlement in payouts, and the bank's lines; then faults, each with what it must be told as."""

    random: Random
    known: dict[str, Movement] = attrs.field(factory=dict)
    report: dict[str, SettlementRow] = attrs.field(factory=dict)
    more_rows: list[SettlementRow] = attrs.field(factory=list)
    bank: dict[str, BankLine] = attrs.field(factory=dict)
    expected: Counter = attrs.field(factory=Counter)

    def live(self, payouts):
        for at in range(payouts):
            on, name = DAY + timedelta(days=at), f"PAY-{at:03}"
            for number in range(self.random.randint(1, 4)):
                self.sell(f"{at}-{number}", on, name)
            self.bank[name] = BankLine(id=name, on=on, amount=self.net(name), description=f"MIDTRANS {name} IDR")

    def sell(self, id, on, payout):
        gross = self.random.randint(10_000, 10**8)
        fee = gross * 7 // 1000
        figures = {"gross": gross, "fee": fee, "fee_tax": fee * 11 // 100, "withheld": 0}
        net = gross - fee - fee * 11 // 100
        self.known[id] = Movement(
            id=id, provider="p", kind=RowKind.CHARGE, on=on, amount=IDR(gross), booked=True, names=(f"key-{id}",)
        )
        self.report[id] = SettlementRow(
            provider="p",
            batch=str(on),
            row=id,
            kind=RowKind.CHARGE,
            on=on,
            net=IDR(net),
            key=f"key-{id}",
            reference=f"ref-{id}",
            payout=payout,
            **{name: IDR(figure) for name, figure in figures.items()},
        )

    def net(self, payout):
        return Money.total((row.net for row in self.report.values() if row.payout == payout), IDR)

    def paid_again(self, payout):
        """The bank's line of a payout whose rows have changed."""
        if payout in self.bank:
            if self.net(payout).is_zero:
                del self.bank[payout]
            else:
                self.bank[payout] = attrs.evolve(self.bank[payout], amount=self.net(payout))

    def expect(self, why, what, weight):
        self.expected[why, what, weight] += 1

    # Faults, each of a payment that has none yet.

    def missing_row(self, id):
        row = self.report.pop(id)
        self.paid_again(row.payout)
        self.expect(Why.MISSING_AT_PROVIDER, id, row.gross.minor_units)

    def same_row_again(self, id):
        row = self.report[id]
        self.more_rows.append(row)
        for weight in (-row.gross.minor_units, (row.gross - row.net).minor_units, row.net.minor_units):
            self.expect(Why.DOUBLE_ROW, row.name, weight)

    def settled_twice(self, id):
        row = attrs.evolve(self.report[id], row=f"{id}-again")
        self.report[f"{id}-again"] = row
        self.paid_again(row.payout)
        self.expect(Why.DOUBLE_ROW, row.name, -row.gross.minor_units)

    def other_amount(self, id):
        row = self.report[id]
        less = IDR(self.random.randint(1, 9_999))
        self.report[id] = attrs.evolve(row, gross=row.gross - less, net=row.net - less)
        self.paid_again(row.payout)
        self.expect(Why.OTHER_AMOUNT, id, less.minor_units)

    def unknown(self, id):
        """The books have lost the payment altogether, as after a restored backup."""
        del self.known[id]
        self.expect(Why.UNKNOWN_REFERENCE, self.report[id].name, -self.report[id].gross.minor_units)

    def missing_in_books(self, id):
        self.known[id] = attrs.evolve(self.known[id], booked=False)
        self.expect(Why.MISSING_IN_BOOKS, self.report[id].name, -self.report[id].gross.minor_units)

    def does_not_add_up(self, id):
        row = self.report[id]
        self.report[id] = attrs.evolve(row, net=row.net - IDR(500))
        self.paid_again(row.payout)
        self.expect(Why.DOES_NOT_ADD_UP, row.name, 500)

    def reserve(self, id):
        row = self.report[id]
        held = attrs.evolve(
            row, row=f"{id}-held", kind=RowKind.RESERVE, gross=-row.net, fee=IDR(0), fee_tax=IDR(0), net=-row.net
        )
        self.report[held.row] = held
        self.paid_again(row.payout)
        self.expect(Why.RESERVE, held.name, row.net.minor_units)

    def nothing(self, id):
        pass

    # Faults of the bank.

    def lost_in_the_bank(self, payout, _other):
        if payout in self.bank:
            self.expect(Why.MISSING_IN_BANK, f"p/{payout}", self.bank.pop(payout).amount.minor_units)

    def merged(self, payout, other):
        """Two payouts arrive as one, and the line names neither."""
        if payout != other and {payout, other} <= self.bank.keys():
            first, second = self.bank.pop(payout), self.bank.pop(other)
            on, amount = max(first.on, second.on), first.amount + second.amount
            self.bank[f"{payout}+{other}"] = BankLine(id=f"{payout}+{other}", on=on, amount=amount)

    def unnamed(self, payout, _other):
        if payout in self.bank:
            self.bank[payout] = attrs.evolve(self.bank[payout], description="TRSF E-BANKING")

    def stray(self, payout, _other):
        amount = IDR(self.random.randint(10**9, 10**10))
        id = f"stray-{amount.minor_units}"
        self.bank[id] = BankLine(id=id, on=DAY, amount=amount, description=f"SETORAN {id}")
        self.expect(Why.UNKNOWN_REFERENCE, id, -amount.minor_units)


OF_ROWS = (
    Truth.missing_row,
    Truth.same_row_again,
    Truth.settled_twice,
    Truth.other_amount,
    Truth.unknown,
    Truth.missing_in_books,
    Truth.does_not_add_up,
    Truth.reserve,
    Truth.nothing,
)
OF_PAYOUTS = (Truth.lost_in_the_bank, Truth.merged, Truth.unnamed, Truth.stray)


@given(
    st.integers(0, 2**32),
    st.integers(1, 6),
    st.lists(st.sampled_from(OF_ROWS), max_size=8),
    st.lists(st.sampled_from(OF_PAYOUTS), max_size=4),
)
@example(1, 6, list(OF_ROWS), list(OF_PAYOUTS))
def test_injected_faults_are_told_and_nothing_else(seed, payouts, of_rows, of_payouts):
    """A report made of the truth and some faults is explained by exactly these faults, with their figures."""
    truth = Truth(Random(seed))
    truth.live(payouts)
    ids = sorted(truth.known)
    for fault, id in zip(of_rows, truth.random.sample(ids, len(ids)), strict=False):
        fault(truth, id)
    for fault in of_payouts:
        fault(truth, *(f"PAY-{truth.random.randrange(payouts):03}" for _ in range(2)))

    rows = [*truth.report.values(), *truth.more_rows]
    bank = list(truth.bank.values())
    made = reconcile(truth.known.values(), rows, bank, as_of=TODAY, terms=ReconcileTerms(paid_out_within=6))

    costs = (Why.FEE, Why.FEE_TAX)
    told = Counter((i.why, i.what, i.weight) for each in made.accounts for i in each.items if i.why not in costs)
    assert truth.expected == told
    for why, amounts in (
        (Why.FEE, (r.fee for r in truth.report.values())),
        (Why.FEE_TAX, (r.fee_tax for r in truth.report.values())),
    ):
        assert Money.total(amounts, IDR) == made.account(IDR).because(why)


@given(st.lists(st.integers(-20, 20), max_size=7), st.integers(-40, 40), st.integers(1, 7))
@example([5, -5, 3], 3, 3)
def test_a_sum_is_found_exactly_when_there_is_one(amounts, total, most):
    """The search finds no way, the only way, or two, as trying every subset does."""
    every = {
        tuple(at for at in range(len(amounts)) if mask >> at & 1)
        for mask in range(1, 2 ** len(amounts))
        if mask.bit_count() <= most and sum(amounts[at] for at in range(len(amounts)) if mask >> at & 1) == total
    }
    every = {way for way in every if all(amounts[at] for at in way)}

    found = sums_to(total, amounts, most_parts=most, most_tries=10**6)

    assert found.complete
    assert min(2, len(every)) == len(found.ways)
    assert every.issuperset(found.ways)


def test_a_search_that_ends_too_early_says_so():
    """A bound on the tries makes an answer unsure, never wrong."""
    amounts = [2**n for n in range(16)]

    found = sums_to(2**16 - 1, amounts, most_parts=16, most_tries=5)

    assert not found.complete
    assert found.only is None
