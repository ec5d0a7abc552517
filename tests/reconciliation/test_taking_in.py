"""Laws of taking in: order means nothing, twice is once, and clearing holds exactly what is not settled."""

from collections import Counter

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.rows import Kind
from tokolib.reconciliation import RowKind, SettlementState
from tokolib.testing import FakeGateway, FakeWorld, Given, ManualClock
from tokolib.testing.ids import SeededIds

PRICES = (150_000, 75_000, 225_000, 75_000)


@attrs.frozen
class Shop:
    """A shop whose customers have paid through a gateway; of one of them the message was lost."""

    shop: object
    keys: tuple[str, ...]

    def take_in(self, rows):
        return self.shop.settlements.take_in(rows)

    def moved(self):
        """The same without why rows wait: one that comes again is looked at again, and more is known by then."""
        standing, balances = self.state()
        return {row: name for row, (name, _) in standing.items()}, balances

    def state(self):
        """Every row's standing, the balance of every account, and what each order has."""

        async def step(unit):
            standing, balances = {}, Counter()
            page = await resolved(unit.work.scan(Kind.LEDGER, name="money"))
            for entry in page.items:
                balances[entry.account, entry.unit] += entry.amount
            for name in ("posted", "review", "apart"):
                found = await unit[SETTLEMENTS].where("by_standing", equals={"standing": name}, limit=200)
                standing |= {each.row: (name, each.why) for each in found.items}
            return standing, {place: amount for place, amount in balances.items() if amount}

        from tokolib.reconciliation.ports import SETTLEMENTS

        return drive(self.shop._work.read(step))


def opened():
    clock = ManualClock()
    world = FakeWorld(clock)
    ids = SeededIds(1)  # rows are looked at in an order that goes by their keys, too
    shop = tokolib.open("memory://", country="ID", clock=clock, ids=ids, gateways=[FakeGateway(world)])
    given = Given(shop)
    given.goods({"KOPI-250": 75_000}, stock=100)
    for price in PRICES:
        given.order({"KOPI-250": price // 75_000}, tender="fake")
    keys = tuple(charge.key for charge in world.charges)
    for key in keys[1:]:
        world.pay(key)
    for message in world.webhooks():
        shop.webhooks.receive("fake", *message)
    return Shop(shop, keys)


kinds = st.sampled_from(
    ["whole", "whole", "other amount", "other currency", "unknown", "odd", "adjustment", "refund", "chargeback"]
)
plans = st.lists(st.tuples(st.sampled_from("1234"), st.integers(0, 3), kinds), max_size=7)


def row_of(make, keys, plan):
    row, at, kind = plan
    key, gross = keys[at], PRICES[at]
    match kind:
        case "other amount":
            made = make.row(row, gross - 1_000, key=key, provider="fake")
        case "other currency":
            made = make.row(row, USD(10), key=key, provider="fake")
        case "unknown":
            made = make.row(row, gross, key=f"int_nobody{at}.1.1", provider="fake")
        case "odd":
            made = make.row(row, gross, key=key, provider="fake", net=gross - 7)
        case "adjustment":
            made = make.row(row, -5_000, RowKind.ADJUSTMENT, provider="fake")
        case "refund":
            made = make.row(row, -10_000, RowKind.REFUND, key=key, reference=f"R-{at}", provider="fake")
        case "chargeback":
            made = make.row(row, -gross, RowKind.CHARGEBACK, key=key, reference=f"C-{at}", provider="fake")
        case _:
            made = make.row(row, gross, fee=525, fee_tax=57, key=key, provider="fake")
    return made


@given(plans, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_order_and_repetition_of_rows_change_nothing(make, plan, random):
    """Any rows in any order, and again: the same standings, the same balances, and sound books."""
    one, other = opened(), opened()
    try:
        one.take_in(row_of(make, one.keys, each) for each in plan)
        shuffled = random.sample(plan, len(plan))
        other.take_in(row_of(make, other.keys, each) for each in shuffled)

        assert one.state() == other.state()

        before = one.moved()
        one.take_in([row_of(make, one.keys, each) for each in shuffled])
        assert before == one.moved()
        report = one.shop.verify()
        assert report, [str(each) for each in report.violations]
    finally:
        one.shop.close()
        other.shop.close()


@given(st.permutations(range(4)), st.integers(0, 4))
@settings(max_examples=10)
def test_clearing_is_what_is_not_settled_yet(make, order, many):
    """After any part of a report, clearing holds the payments of the rest; after all of it, nothing."""
    toko = opened()
    try:
        rows = [make.row(str(at), PRICES[at], fee=525, fee_tax=57, key=toko.keys[at], provider="fake") for at in order]

        taken = toko.take_in(rows[:many])

        left = sum(PRICES[at] for at in order[many:] if at != 0)
        balances = toko.state()[1]
        assert left == balances.get(("money:fake", "IDR"), 0)
        assert [SettlementState.POSTED] * many == [each.standing for each in taken.posted]
        assert IDR(sum(PRICES[at] for at in order[:many]) - 582 * many) == IDR(balances.get(("payout:fake", "IDR"), 0))
    finally:
        toko.shop.close()
