"""A shop sells on after its backup, loses its disk, and is restored: the gateway and the customers remember more."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket
from tokolib.effects.keys import intent_of, read_key
from tokolib.effects.model import EffectKind, EffectState
from tokolib.effects.resend import Dedupe
from tokolib.kernel.ctx import Decision, Staff
from tokolib.kernel.errors import Forbidden, InvalidInput, KeyReused, TokolibError
from tokolib.kernel.storage_errors import InsideTransaction
from tokolib.payments import RefundTooLarge
from tokolib.payments.waiting import cases
from tokolib.reconciliation import RowKind, SettlementRow
from tokolib.testing import AsyncFakeGateway, FakeGateway, FakeWorld, ManualClock

PRICE = IDR(75_000)
PART = IDR(25_000)
CASHIER = Staff("cashier")
ROWS = {EffectKind.CHARGE: (RowKind.CHARGE, 1), EffectKind.REFUND: (RowKind.REFUND, -1)}


@attrs.define
class Stall:
    """A shop in a file, the gateway that it sells by, and the papers that customers have."""

    folder: Path
    world: FakeWorld
    shop: tokolib.Shop
    numbers: dict[str, str] = attrs.field(factory=dict)
    """Every number that was ever printed, by the id of its document."""
    sold: int = 0
    epochs: int = 0

    @property
    def url(self) -> str:
        """Where the shop is."""
        return f"sqlite:///{self.folder / 'stall.db'}"

    @classmethod
    def opened(cls, folder: Path, **world: object) -> "Stall":
        """A new one, with goods."""
        clock = ManualClock()
        made = FakeWorld(clock, **world)
        stall = cls(folder, made, None)
        stall.open(country="ID")
        stall.shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        stall.shop.prices.put("KOPI-250", PRICE)
        stall.shop.stock.receive("KOPI-250", 1_000, key="opening")
        return stall

    def open(self, **given: object) -> None:
        """Open the shop that lies in the file."""
        self.shop = tokolib.open(self.url, gateways=[FakeGateway(self.world)], clock=self.world.clock, **given)

    def place(self) -> tokolib.Order:
        """A customer orders one bag."""
        self.sold += 1
        return self.shop.orders.place(Basket({"KOPI-250": 1}), tender="fake", key=f"web-{self.sold}")

    def pay(self, order: tokolib.Order) -> None:
        """The customer pays what the gateway asks for."""
        for charge in self.world.charges:
            if intent_of(charge.key) == order.intent_id:
                self.world.pay(charge.reference)

    def deliver(self) -> None:
        """The gateway's messages arrive."""
        for headers, body in self.world.webhooks():
            self.shop.webhooks.receive("fake", headers, body)

    def sale(self) -> tokolib.Order:
        """An order that is placed and paid."""
        order = self.place()
        self.pay(order)
        self.deliver()
        return self.shop.orders.get(order.id)

    def invoice(self, order: tokolib.Order) -> str:
        """The number of its invoice, which the customer gets; no other document may have it."""
        issued = self.shop.invoices.issue(order.id)
        assert issued.number not in {number for id, number in self.numbers.items() if id != issued.id}
        self.numbers[issued.id] = issued.number
        return issued.number

    def back_up(self) -> Path:
        """A copy of the shop."""
        self.epochs += 1
        return Path(self.shop.backup(self.folder / f"copy-{self.epochs}.db").path)

    def restore(self, copy: Path) -> None:
        """The disk is gone; the copy takes its place."""
        self.shop.close()
        for each in self.folder.glob("stall.db*"):
            each.unlink()
        shutil.copy(copy, self.folder / "stall.db")
        self.open()

    def rows(self) -> list[SettlementRow]:
        """The gateway's list of all that it has settled."""
        done = [each for each in self.world.entries if each.state is EffectState.SUCCEEDED and each.kind in ROWS]
        return [row(each) for each in done]

    def told(self, key: str = "restored", rows: bool = True) -> tokolib.desk.Restored:
        """What an operator does first."""
        last = sorted(self.numbers.values())[-1:]
        given = self.rows() if rows else ()
        return self.shop.after_restore(key=key, reason="the disk died", last_numbers=last, settlements=given)

    def catch_up(self) -> None:
        """Time passes, the shop ticks, and what the gateway has to say arrives."""
        for _ in range(6):
            self.world.clock.forward(minutes=40)
            assert () == self.shop.tick().failures
            self.deliver()

    def kept(self) -> list[tokolib.Order]:
        """Every order that the books have."""
        return list(self.shop.orders.page(limit=200).items)

    def in_the_world(self, order: tokolib.Order, kind: EffectKind) -> list[object]:
        """What the gateway has done for an order."""
        mine = [each for each in self.world.entries if intent_of(each.key) == order.intent_id]
        return [each for each in mine if each.kind is kind and each.state is EffectState.SUCCEEDED]

    def check(self) -> None:
        """The promises that a restore must keep."""
        keys = [each.key for each in self.world.charges]
        assert sorted(set(keys)) == sorted(keys)
        kept = self.kept()
        for order in kept:
            charges = self.in_the_world(order, EffectKind.CHARGE)
            refunds = self.in_the_world(order, EffectKind.REFUND)
            intent = self.shop.payments.intent(order.id)
            assert len(charges) <= 1
            assert sum(each.amount.minor_units for each in charges) == intent.captured.minor_units
            assert sum(each.amount.minor_units for each in refunds) == intent.refunded.minor_units
        known = {order.intent_id for order in kept}
        lost = {each.reference for each in self.world.charges if intent_of(each.key) not in known}
        paid = {each.reference for each in self.world.entries if each.state is EffectState.SUCCEEDED}
        assert lost & paid <= {each.row.reference for each in self.shop.settlements.in_review(limit=200).items}
        assert () == self.shop.verify().violations


def row(entry: object) -> SettlementRow:
    """A movement as the gateway's list tells it."""
    kind, sign = ROWS[entry.kind]
    nothing, gross = IDR(0), IDR(sign * entry.amount.minor_units)
    return SettlementRow(
        provider="fake",
        batch="since-the-backup",
        row=entry.reference,
        kind=kind,
        on=entry.made_at.date(),
        gross=gross,
        fee=nothing,
        fee_tax=nothing,
        withheld=nothing,
        net=gross,
        key=entry.key,
        reference=entry.reference,
    )


@pytest.fixture
def stall(tmp_path: Path) -> Iterator[Stall]:
    """A shop with an honest gateway."""
    made = Stall.opened(tmp_path)
    yield made
    made.shop.close()


# Money.


def test_what_was_paid_and_given_back_meanwhile_is_learned(stall):
    """The provider's list tells of the charge, the refund and the order that the copy has never seen."""
    first, second = stall.sale(), stall.place()
    copy = stall.back_up()
    stall.pay(second)
    stall.shop.payments.refund(first.id, PART, reason="a torn bag", key="torn")
    third = stall.sale()
    stall.deliver()

    stall.restore(copy)
    report = stall.told()
    stall.catch_up()

    assert (PART, PRICE) == (
        stall.shop.payments.intent(first.id).refunded,
        stall.shop.payments.intent(second.id).captured,
    )
    (lost,) = report.unmatched
    assert (third.intent_id, "unknown_reference") == (intent_of(lost.row.key), lost.why)
    assert {first.id, second.id} == set(report.settlements.learned)
    stall.check()


def test_a_recalled_refund_is_the_one_that_it_was(stall):
    """It has its old id and key, and counts against its charge: no more than the rest can be given back."""
    order = stall.sale()
    copy = stall.back_up()
    was = stall.shop.payments.refund(order.id, PART, reason="a torn bag", key="torn").operations[0]
    stall.restore(copy)

    stall.told()

    recalled = stall.shop.payments.intent(order.id).operations[1]
    assert (was.id, was.key, was.about, was.amount) == (recalled.id, recalled.key, recalled.about, recalled.amount)
    again = stall.shop.payments.refund(order.id, PRICE - PART, reason="all of it", key="all").operations[0]
    assert EffectState.SUCCEEDED is again.state
    with pytest.raises(RefundTooLarge):
        stall.shop.payments.refund(order.id, PART, reason="once more", key="more")
    stall.check()


def test_a_recalled_charge_can_be_given_back(stall):
    """A second try to charge, made in the lost time: the order is paid by it, and a refund names it to the gateway."""
    order = stall.place()
    stall.world.expire(stall.world.charges[0].reference)
    copy = stall.back_up()
    stall.deliver()
    stall.restore(copy)
    lost = read_key(stall.world.charges[0].key)
    paid = attrs.evolve(stall.world.charges[0], key=f"{lost.intent}.2.1", reference="fake-9")
    paid.state = EffectState.SUCCEEDED
    stall.world.entries.append(paid)

    stall.told()
    stall.catch_up()

    assert PRICE == stall.shop.payments.intent(order.id).captured
    refund = stall.shop.payments.refund(order.id, PRICE, reason="changed her mind", key="mind")
    assert EffectState.SUCCEEDED is refund.state
    stall.check()


def test_no_key_that_the_lost_time_has_used_is_used_again(stall):
    """The same order is refunded again, before anybody knew of the first one: by a key of its own."""
    order = stall.sale()
    copy = stall.back_up()
    before = stall.shop.payments.refund(order.id, PART, reason="a torn bag", key="torn").operations[0]
    stall.restore(copy)

    report = stall.told(rows=False)
    after = stall.shop.payments.refund(order.id, IDR(10_000), reason="a dent", key="dent").operations[0]

    assert (before.id, before.key) == (f"{order.intent_id}.2", f"{order.intent_id}.2.1")
    assert (after.id, after.key) == (f"{before.id}r{report.epoch}", f"{before.id}r{report.epoch}.1")
    assert EffectState.SUCCEEDED is after.state
    stall.shop.settlements.take_in(stall.rows())
    stall.check()


def test_a_copy_that_is_restored_twice_uses_no_epoch_twice(stall):
    """The copy knows nothing of the first restoring, and its epoch is another all the same."""
    order = stall.sale()
    copy = stall.back_up()
    keys = []
    for time in ("first", "second"):
        stall.world.clock.forward(minutes=3)
        stall.restore(copy)
        stall.told(time, rows=False)
        keys.append(stall.shop.payments.refund(order.id, PART, reason=time, key="torn").operations[0].key)

    assert 2 == len(set(keys))
    stall.shop.settlements.take_in(stall.rows())
    stall.check()


def charged_by_the_lost(folder: Path) -> tuple[Stall, tokolib.Order]:
    """A charge that the copy holds as never sent, and that has been made since; the gateway dedupes nothing."""
    stall = Stall.opened(folder, dedupe=Dedupe.NONE, instant=True)
    with closing(sqlite3.connect(folder / "stall.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        order = stall.shop.within(connection).orders.place(Basket({"KOPI-250": 1}), tender="fake", key="web-1")
        connection.execute("COMMIT")
    copy = stall.back_up()
    stall.shop.payments.advance(order.id)
    stall.restore(copy)
    return stall, order


def test_what_was_stored_as_never_sent_is_looked_up_first(tmp_path):
    """The charge is found, and not made a second time."""
    stall, order = charged_by_the_lost(tmp_path)

    report = stall.told(rows=False)
    stall.catch_up()

    assert (f"{order.intent_id}.1",) == report.presumed
    assert 1 == len(stall.world.charges)
    stall.check()


def test_what_was_never_sent_is_sent_once_it_was_looked_up(tmp_path):
    """Nothing was lost but time: after the look-up has found nothing for long enough, the charge is made."""
    stall = Stall.opened(tmp_path, dedupe=Dedupe.NONE, instant=True)
    stall.world.switches.unreachable = 1
    order = stall.place()
    stall.restore(stall.back_up())

    stall.told()
    stall.catch_up()

    assert PRICE == stall.shop.payments.intent(order.id).captured
    assert 1 == len(stall.world.charges)
    stall.check()


def test_a_shop_that_is_not_told_charges_twice(tmp_path):
    """The control: without `after_restore`, the copy sends what it holds as never sent."""
    stall, _ = charged_by_the_lost(tmp_path)

    stall.catch_up()

    assert 2 == len(stall.world.charges)


def test_a_message_about_the_lost_time_is_folded_in_as_the_list_would_be(stall):
    """A webhook that comes late tells of a refund that was forgotten; it is the same as by the settlement list."""
    order = stall.sale()
    copy = stall.back_up()
    stall.shop.payments.refund(order.id, PART, reason="a torn bag", key="torn")
    stall.restore(copy)
    stall.told(rows=False)

    stall.deliver()
    stall.deliver()

    assert PART == stall.shop.payments.intent(order.id).refunded
    assert 1 == len(stall.told().settlements.posted) - 1
    stall.check()


def test_before_anybody_says_so_no_wish_is_taken_for_a_forgotten_one(stall):
    """A key that this shop never gave out contradicts its books, as long as it was never restored."""
    stall.sale()
    stranger = attrs.evolve(stall.world.charges[0], reference="fake-9")
    stranger.key = stranger.key.replace(".1.1", ".2.1")

    headers, body = stall.world.forge(stranger)

    assert "quarantined" == stall.shop.webhooks.receive("fake", headers, body).verdict


@pytest.mark.parametrize("rows", [True, False])
def test_what_followed_from_a_forgotten_payment_is_not_done_again(stall, rows):
    """A cancelled order was paid late and the money went back; learned again, it doesn't go back a second time."""
    order = stall.place()
    stall.pay(order)
    stall.shop.orders.cancel(order.id, reason="changed her mind")
    copy = stall.back_up()
    stall.deliver()
    stall.shop.tick()
    stall.restore(copy)

    stall.told(rows=rows)
    stall.catch_up()
    stall.told("again")

    intent = stall.shop.payments.intent(order.id)
    assert (PRICE, PRICE) == (intent.captured, intent.refunded)
    assert () == cases(intent)
    stall.check()


# Numbers.


def test_numbers_that_customers_have_are_not_given_out_again(stall):
    """The series goes on behind the last one; each number between is named with the reason, and I1 holds."""
    first = stall.sale()
    stall.invoice(first)
    copy = stall.back_up()
    lost = [stall.invoice(stall.sale()) for _ in range(3)]
    stall.restore(copy)

    report = stall.told()

    assert ["INV/2026/000002", "INV/2026/000003", "INV/2026/000004"] == lost
    assert [tuple(lost)] == [each.numbers for each in report.lost_numbers]
    assert "numbers lost: INV/2026/000002 to INV/2026/000004, 3 in all" in str(report)
    assert "INV/2026/000005" == stall.invoice(stall.sale())
    stall.check()


def test_a_lost_number_that_is_not_explained_is_a_violation(stall):
    """The series tells which numbers were lost, the ledger has a row of each; one without the other breaks I1."""
    copy = stall.back_up()
    stall.invoice(stall.sale())
    stall.invoice(stall.sale())
    stall.restore(copy)
    stall.told()

    with closing(sqlite3.connect(stall.folder / "stall.db")) as connection, connection:
        connection.execute("DELETE FROM tokolib_ledger WHERE name = 'numbers' AND id LIKE '%.1'")

    assert {"I1"} == {each.promise for each in stall.shop.verify().violations}


def test_a_series_never_goes_backwards(stall):
    """A last number that the books have, or an earlier one, moves nothing."""
    stall.invoice(stall.sale())
    last = stall.invoice(stall.sale())
    stall.restore(stall.back_up())

    for known in (last, "INV/2026/000001"):
        assert () == stall.shop.after_restore(key=known, reason="a drill", last_numbers=[known]).lost_numbers

    assert "INV/2026/000003" == stall.invoice(stall.sale())


def test_a_series_that_began_after_the_backup_begins_behind_its_lost_numbers(stall):
    """The copy has never issued a document."""
    copy = stall.back_up()
    stall.invoice(stall.sale())
    stall.restore(copy)

    stall.told()

    assert "INV/2026/000002" == stall.invoice(stall.sale())
    stall.check()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("1042", "documents.unknown_number"),
        ("INV/2026/0", "documents.unknown_number"),
        ("INV/2026/000000", "documents.unknown_number"),
        ("IVN/2026/000042", "documents.unknown_number"),
        ("INV/2027/000042", "documents.unknown_number"),
        ("INV/2026/100001", "documents.number_too_far"),
    ],
)
def test_a_slip_in_a_number_is_refused(stall, number, code):
    """A number that no document of this shop can have begins no epoch."""
    with pytest.raises(InvalidInput) as refused:
        stall.shop.after_restore(key="restored", reason="the disk died", last_numbers=[number])

    assert [("last_numbers[0]", code)] == [(fault.path, fault.code) for fault in refused.value.faults]
    assert 0 < stall.told().epoch


# The command.


def test_the_same_key_begins_one_epoch(stall):
    """Called again, it takes in the rows that are new, and all else stays."""
    order = stall.place()
    copy = stall.back_up()
    stall.pay(order)
    stall.restore(copy)
    stall.world.clock.forward(minutes=5)

    first = stall.told(rows=False)
    stall.world.clock.forward(minutes=5)
    second = stall.told()

    assert (first.epoch, first.at) == (second.epoch, second.at)
    assert ((order.id,), ()) == (second.settlements.learned, second.presumed)
    with pytest.raises(KeyReused):
        stall.shop.after_restore(key="restored", reason="another one")


def test_who_may_not_begins_no_epoch(tmp_path):
    """The policy is asked for `shop.after_restore`, and nothing else is needed."""

    class Office:
        """The manager may do this, and the cashier not."""

        def check(self, ctx, permission):
            return Decision(allowed=permission in ("shop.open", "shop.after_restore") and ctx.actor != CASHIER)

    stall = Stall.opened(tmp_path)
    stall.sale()
    stall.shop.close()
    stall.open(access=Office())

    with pytest.raises(Forbidden):
        stall.shop.acting(CASHIER).after_restore(key="restored", reason="the disk died")
    report = stall.shop.acting(Staff("manager")).after_restore(key="r", reason="it died", settlements=stall.rows())

    assert 1 == len(report.settlements.posted)


@pytest.mark.parametrize("given", [{"reason": " "}, {"settlements": ["a row"]}, {"last_numbers": [7]}])
def test_what_makes_no_sense_begins_no_epoch(stall, given):
    """No reason, something that is no row, a number that is no text."""
    with pytest.raises(InvalidInput):
        stall.shop.after_restore(**{"key": "restored", "reason": "the disk died"} | given)

    order = stall.sale()
    assert f"{order.intent_id}.1.1" == stall.shop.payments.intent(order.id).operations[0].key


def test_it_is_no_part_of_a_transaction_of_the_host(stall):
    """It commits by itself, a few rows at a time."""
    with closing(sqlite3.connect(stall.folder / "stall.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")

        with pytest.raises(InsideTransaction):
            stall.shop.within(connection).after_restore(key="restored", reason="the disk died")


def test_an_awaited_shop_is_told_the_same_way(tmp_path):
    """The other colour."""
    stall = Stall.opened(tmp_path)
    order = stall.place()
    copy = stall.back_up()
    stall.pay(order)
    stall.restore(copy)
    stall.shop.close()

    async def tell() -> tokolib.desk.Restored:
        async with tokolib.aopen(stall.url, gateways=[AsyncFakeGateway(stall.world)], clock=stall.world.clock) as shop:
            return await shop.after_restore(key="restored", reason="the disk died", settlements=stall.rows())

    assert (order.id,) == asyncio.run(tell()).settlements.learned
    stall.open()
    stall.catch_up()
    stall.check()
    stall.shop.close()


# The law.

EXAMPLES = 25 if settings.default.max_examples <= 100 else 400
"""Each of them makes a file, so there are fewer than of other laws."""
ACTS = st.sampled_from(["place", "pay", "deliver", "sale", "refund", "invoice", "tick", "wait", "lose", "cancel"])


def act(stall: Stall, what: str, which: int) -> None:
    """One thing that happens in a shop, to one of its orders."""
    orders = stall.kept()
    order = orders[which % len(orders)] if orders else stall.place()
    match what:
        case "place":
            stall.place()
        case "pay":
            stall.pay(order)
        case "sale":
            stall.sale()
        case "deliver":
            stall.deliver()
        case "tick":
            stall.shop.tick()
        case "wait":
            stall.world.clock.forward(minutes=15)
        case "lose":
            stall.world.switches.time_out_after += 1
        case "refund":
            stall.shop.payments.refund(order.id, PART, reason="a torn bag", key=None)
        case "invoice":
            stall.invoice(order)
        case "cancel":
            stall.shop.orders.cancel(order.id, reason="changed her mind")


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(ACTS, st.integers(0, 5)), max_size=14), st.integers(0, 14), st.booleans())
def test_wherever_the_backup_was_taken_nothing_is_charged_twice_or_numbered_twice(acts, at, late):
    """And afterwards the books of every order that is left say what the gateway's say."""
    with tempfile.TemporaryDirectory() as folder:
        stall, copy = Stall.opened(Path(folder)), None
        for number, (what, which) in enumerate([*acts, ("wait", 0)]):
            if number == min(at, len(acts)):
                copy = stall.back_up()
            try:
                act(stall, what, which)
            except TokolibError as refused:
                assert refused.status < 500
        if late:
            stall.deliver()

        stall.restore(copy)
        stall.told()
        stall.catch_up()
        for order in stall.kept():
            if order.placed_at is not None and order.state != "cancelled":
                stall.invoice(order)

        stall.check()
        stall.shop.close()
