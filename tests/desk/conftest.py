"""A small shop's file with at least one row of every kind, and hands that change rows behind the shop's back."""

import json
import shutil
import sqlite3
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import attrs
import pytest


@attrs.frozen
class Hand:
    """Somebody with a database tool."""

    path: Path

    def do(self, text, *values, unchecked=False):
        """Run one statement, which must change something."""
        connection = sqlite3.connect(self.path)
        try:
            if unchecked:
                connection.execute("PRAGMA ignore_check_constraints = ON")
            changed = connection.execute(text, values).rowcount
            connection.commit()
        finally:
            connection.close()
        assert changed != 0, text

    def rows(self, text, *values):
        """What a query answers, as dicts."""
        connection = sqlite3.connect(self.path)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(text, values)]
        finally:
            connection.close()

    def verify(self):
        """The report of a shop that is opened on the file."""
        from tokolib.adapters.sqlite import SqliteStorage
        from tokolib.desk.verify.check import check
        from tokolib.kernel.ctx import AllowAll, Ctx
        from tokolib.kernel.hosting import drive
        from tokolib.kernel.work import Work
        from tokolib.records.archive import RecordArchive
        from tokolib.records.collections import COLLECTIONS
        from tokolib.records.registry import repositories
        from tokolib.testing.clock import ManualClock
        from tokolib.testing.ids import SeededIds

        storage = SqliteStorage(self.path, COLLECTIONS, durable=False)
        work = Work(storage, repositories(), ManualClock(), SeededIds(), AllowAll(), Ctx())
        try:
            return drive(work.read(lambda unit: check(unit, RecordArchive())))
        finally:
            storage.close()

    def broken(self):
        """The ids of the broken promises."""
        return {each.promise for each in self.verify().violations}

    def rewrite(self, name, id, change, by=None):
        """Forge an aggregate: its events through *change*, its document replayed from them, every checksum right."""
        from tokolib.adapters.units.instants import from_micros
        from tokolib.kernel.rows import StoredEvent
        from tokolib.records.record import store_events
        from tokolib.records.registry import record as record_of

        record, state = record_of(name), None
        stream = f"{name}/{id}"
        history = self.rows("SELECT * FROM tokolib_history WHERE stream = ? ORDER BY seq", stream)
        for row in history:
            at = from_micros(row["at"])
            said = record.read_event(StoredEvent(row["id"], stream, row["seq"], row["topic"], row["payload"], at))
            event = change(said.event)
            state = record.replay(state, [event])
            after, who = row["seq"] - 1, {"by": said.by if by is None else by, "request_id": said.request_id}
            (made,) = store_events(stream, after, [event], at=at, **who)
            self.do("UPDATE tokolib_history SET payload = ? WHERE id = ?", made.payload, row["id"])
        self.put(name, id, state, len(history))

    def add(self, name, id, *events):
        """Forge what has happened to an aggregate: more events, each with its row in the outbox."""
        from tokolib.adapters.units.instants import from_micros, to_micros
        from tokolib.records.record import store_events
        from tokolib.records.registry import record as record_of

        record, stream = record_of(name), f"{name}/{id}"
        last = self.rows("SELECT * FROM tokolib_history WHERE stream = ? ORDER BY seq DESC", stream)[0]
        at = from_micros(last["at"])
        state, seq = self.load(name, id)
        for row in store_events(stream, seq, events, at=at, by="system:host", request_id=""):
            values = (last["partition"], stream, row.seq, row.id, row.topic, row.payload, to_micros(at, "at"))
            columns = "partition, stream, seq, id, topic, payload, at"
            self.do(f"INSERT INTO tokolib_history ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *values)  # noqa: S608
            parcel = (last["partition"], row.id, stream, row.seq, to_micros(at, "at"))
            columns = "partition, event_id, stream, seq, due, tries, error"
            self.do(f"INSERT INTO tokolib_outbox ({columns}) VALUES (?, ?, ?, ?, ?, 0, '')", *parcel)  # noqa: S608
        self.put(name, id, record.replay(state, events), seq + len(events))

    def put(self, name, id, state, seq):
        """Forge a document, its checksum and its columns right."""
        from tokolib.records.registry import record as record_of

        record = record_of(name)
        version = self.rows(f"SELECT version FROM tokolib_doc_{name} WHERE id = ?", id)[0]["version"]  # noqa: S608
        self.do(f"UPDATE tokolib_doc_{name} SET body = ? WHERE id = ?", record.body(state, seq, version=version), id)  # noqa: S608
        for column, value in record.row(state).items():
            self.do(f'UPDATE tokolib_doc_{name} SET "{column}" = ? WHERE id = ?', value, id)  # noqa: S608

    def events(self, name, id):
        """What has happened to an aggregate."""
        from tokolib.adapters.units.instants import from_micros
        from tokolib.kernel.rows import StoredEvent
        from tokolib.records.registry import record as record_of

        rows = self.rows("SELECT * FROM tokolib_history WHERE stream = ? ORDER BY seq", f"{name}/{id}")
        columns = ("id", "stream", "seq", "topic", "payload")
        stored = [StoredEvent(*(row[each] for each in columns), from_micros(row["at"])) for row in rows]
        return [record_of(name).read_event(each).event for each in stored]

    def load(self, name, id):
        """An aggregate as stored, and the number of its events."""
        from tokolib.records.registry import record as record_of

        body = self.rows(f"SELECT body FROM tokolib_doc_{name} WHERE id = ?", id)[0]["body"]  # noqa: S608
        return record_of(name).read(id, body)

    def ids(self, name):
        """The ids of a collection."""
        return [row["id"] for row in self.rows(f"SELECT id FROM tokolib_doc_{name} ORDER BY id")]  # noqa: S608


def other(plain):
    """*plain* with its first text or number changed into another one of the same type."""
    done = False

    def walk(value, key=""):
        nonlocal done
        if done or key in ("id", "version"):
            return value
        match value:
            case dict():
                return {name: walk(item, name) for name, item in value.items()}
            case list():
                return [walk(item) for item in value]
            case str():
                done = True
                return value + "x"
            case bool():
                return value
            case int():
                done = True
                return value + 1
        return value

    changed = walk(plain)
    return changed if done else {**plain, "added": 1}


def with_other_data(body):
    """A body or payload whose data says something else, and nothing else is touched."""
    envelope = json.loads(body)
    envelope["data"] = other(envelope["data"])
    return json.dumps(envelope).encode()


@pytest.fixture(scope="session")
def tampering():
    """How to change what a body says."""
    return with_other_data


def settled(key):
    """A report about the charge of a *key*, told once as it is and once in figures that don't add up."""
    from tokolib import IDR
    from tokolib.reconciliation import RowKind, SettlementRow

    figures = {"gross": IDR(75_000), "fee": IDR(525), "fee_tax": IDR(57), "withheld": IDR(0)}
    names = {"provider": "fake", "batch": "2026-03-02", "payout": "PAY-881", "key": key}
    return [
        SettlementRow(row=row, kind=RowKind.CHARGE, on=date(2026, 3, 2), net=IDR(net), **names, **figures)
        for row, net in (("1", 74_418), ("2", 1))
    ]


async def live(toko):
    """A bit of everything."""
    from tokolib import IDR, Disposition
    from tokolib.catalog.attributes import AttributeDef
    from tokolib.fulfilment.packing import ParcelDraft
    from tokolib.inventory import StockState, Tracked
    from tokolib.inventory.lots import LotReceipt
    from tokolib.orders.foreign import ForeignLine, ForeignOrder
    from tokolib.pricing import ChargeKind

    await toko.stock.receive("KOPI-250", 20, reference="SJ-1")
    await toko.catalog.put_type("kopi", AttributeDef("asal"))
    await toko.catalog.put_category("minuman", "Minuman")
    await toko.delivery.table("jnt:ez", b"city,price\nYogyakarta,12000\n")
    await toko.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_000))
    await toko.tenders.put("cod", at_most=IDR(5_000_000))
    await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=5)
    cod = await toko.given.order({"KOPI-250": 3, "PAKET": 1}, tender="cod", delivery="jne:reg", key="web-cod")
    await toko.shipments.hand_over(cod, {"KOPI-250": 2}, key="door")
    await toko.shipments.plan(cod, {"KOPI-250": 1}, key="shelf")
    astray = await toko.given.order({"KOPI-250": 3}, delivery="jne:reg", key="web-astray")
    shelf = await toko.given.order({"KOPI-250": 2}, delivery="jne:reg", key="web-shelf")
    await toko.shipments.pack(await toko.shipments.plan(shelf), [ParcelDraft(goods={"KOPI-250": 2}, grams=700)])
    sent = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg", key="web-label")
    sent = await toko.shipments.pack(await toko.shipments.plan(sent), [ParcelDraft(goods={"KOPI-250": 1}, grams=700)])
    await toko.shipments.buy_labels(sent, courier="fake-courier")
    window = (toko.clock.now() + timedelta(hours=2), toko.clock.now() + timedelta(hours=8))
    await toko.pickups.book(sent, courier="fake-courier", window=window)
    kept = await toko.shipments.plan(await toko.given.order({"KOPI-250": 1}, key="web-collect"))
    await toko.shipments.ready(kept, collect_by=toko.clock.now() + timedelta(days=900))
    given = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg", key="web-manifest")
    given = await toko.shipments.pack(await toko.shipments.plan(given), [ParcelDraft(goods={"KOPI-250": 1}, grams=700)])
    await toko.shipments.buy_labels(given, courier="fake-courier")
    await toko.manifests.close(given, courier="fake-courier")
    await toko.catalog.put("GAME", "Petualangan", digital=True)
    await toko.prices.put("GAME", IDR(150_000))
    await toko.licences.add("GAME", ["AAAA", "BBBB", "CCCC"], key="pool")
    await toko.licences.grant(await toko.given.order({"GAME": 2}, key="web-game"))
    for number in (1, 2):
        each = await toko.shipments.hand_over(astray, {"KOPI-250": 1}, key=f"astray-{number}")
        await toko.shipments.returned(each, reship=number == 2)
    order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg", coupons=["HEMAT10"], key="web-cash")
    await toko.invoices.issue(order)
    await toko.ship(order)
    back = await toko.returns.accept(order, {"CANGKIR": 1}, reason="x", disposition=Disposition.WRITE_OFF, key="back")
    await toko.invoices.credit(back)
    await toko.invoices.issue(cod)
    await toko.given.order({"KOPI-250": 1}, tender="bank_transfer", key="web-bank")
    await toko.given.order({"KOPI-250": 1}, tender="fake", key="web-fake")
    toko.world.pay(toko.world.charges[-1].key)
    await toko.deliver_webhooks()
    await toko.settlements.take_in(settled(toko.world.charges[-1].key))
    await toko.given.order({"KOPI-250": 1}, tender="fake", key="web-open")
    message = toko.world.forge(toko.world.charges[-1], key="int_unknown.1.1", reference="unknown")
    await toko.shop.webhooks.receive("fake", *message)
    await toko.stock.adjust("Teh-100", 3, reason="counted")
    await toko.stock.open_location("gudang", "Gudang")
    sent = await toko.transfers.draft({"CANGKIR": 2}, source="main", target="gudang", key="to-gudang")
    await toko.transfers.receive(await toko.transfers.dispatch(sent), {"CANGKIR": 1})
    await toko.catalog.put("SUSU", "Susu kedelai")
    await toko.prices.put("SUSU", IDR(12_000))
    await toko.lots.track("SUSU", Tracked.LOT)
    lots = [LotReceipt("L1", 3, expires_on=date(2099, 1, 31)), LotReceipt("L2", 4)]
    await toko.stock.receive("SUSU", 7, lots=lots, reference="SJ-9")
    await toko.backorders.allow("SUSU", 9, days=14)
    await toko.given.goods({"ROTI": 9_000}, stock=1)
    await toko.backorders.allow("ROTI", 5, days=3)
    await toko.given.order({"ROTI": 3}, tender="cash", key="web-waits")
    await toko.stock.move("SUSU", 1, from_=StockState.SELLABLE, to=StockState.DAMAGED, reason="leaks", lots={"L2": 1})
    order = await toko.given.order({"SUSU": 4}, tender="cash", key="lots")
    await toko.shipments.hand_over(order, key="lots-door")
    coming = await toko.expected.announce("CANGKIR", 5, on=date(2027, 1, 4), location="gudang", reference="PO-1")
    await toko.expected.receive(coming, 2)
    line = ForeignLine("Teh-100", 1, IDR(20_000), IDR(20_000))
    there = {"source": "shopee", "number": "S-1", "ordered_at": toko.clock.now(), "lines": (line,)}
    await toko.foreign.take_over(ForeignOrder(**there, total=IDR(19_990)))
    kept = await toko.carts.quote(await toko.carts.start({"CANGKIR": 1}))
    offer, until = await toko.offers.draft(kept, key="offered"), toko.clock.now() + timedelta(days=7)
    offer = await toko.offers.send(offer, to="Siti", until=until, hold=True)
    await toko.offers.accept(offer, version=1, tender="cash", key="web-offer")
    kept = await toko.carts.quote(await toko.carts.start({"CANGKIR": 2}))
    offer = await toko.offers.draft(kept, key="waiting")
    await toko.offers.send(offer, to="Budi", until=until, hold=True)
    sheet = await toko.counts.open(["CANGKIR"], location="gudang")
    await toko.counts.count(sheet, {"CANGKIR": 2})
    await toko.counts.post(sheet, reason="counted")
    await toko.counts.open(["Teh-100"])
    await toko.stock.buffer("Teh-100", 1, channel="market")
    await toko.stock.move("CANGKIR", 1, from_=StockState.SELLABLE, to=StockState.DAMAGED, reason="handle off")
    await toko.gift_cards.issue(IDR(50_000), reason="raffle", key="card")
    await toko.store_credit.grant("siti", IDR(20_000), reason="late parcel", key="credit")
    await toko.orders.cancel(await toko.given.order({"Teh-100": 1}, key="web-gone"), reason="x")
    await toko.payments.received(await toko.given.order({"Teh-100": 1}, tender="bank_transfer"), IDR(20_000), key="p")
    await exchange_goods(toko)
    await settle_claims(toko)
    await take_back(toko)
    await sell_in_instalments(toko)
    await sell_in_dollars(toko)
    await sell_abroad(toko)


async def exchange_goods(toko):
    """One exchange is done, and another waits for its goods."""
    order = await toko.given.order({"KOPI-250": 3}, key="web-exchange")
    await toko.ship(order)
    until = datetime(2099, 1, 1, tzinfo=UTC)
    asked = {"until": until, "reason": "grind", "pricing": "even"}
    done = await toko.exchanges.request(order, {"KOPI-250": 1}, {"KOPI-250": 1}, **asked, key="swap-done")
    await toko.exchanges.complete(done, key="swap-here")
    await toko.exchanges.extend(
        await toko.exchanges.request(order, {"KOPI-250": 1}, {"Teh-100": 1}, until=until, reason="rather tea"),
        until=datetime(2099, 2, 1, tzinfo=UTC),
    )


async def settle_claims(toko):
    """One claim is made up for by money, one by an amount, and one was rejected."""
    from tokolib import IDR
    from tokolib.returns.claims import ClaimKind, ClaimRemedy

    order = await toko.given.order({"KOPI-250": 3}, key="web-claims")
    await toko.ship(order)
    torn = {"kind": ClaimKind.DAMAGED, "reason": "torn"}
    money = await toko.claims.open(order, {"KOPI-250": 1}, remedy=ClaimRemedy.REFUND, **torn, key="torn")
    await toko.claims.approve(money, key="torn-yes")
    amount = await toko.claims.open(order, {"KOPI-250": 1}, remedy=ClaimRemedy.ALLOWANCE, amount=IDR(900), **torn)
    await toko.claims.approve(amount)
    until = datetime(2099, 1, 1, tzinfo=UTC)
    again = await toko.claims.open(order, {"KOPI-250": 1}, remedy=ClaimRemedy.REPLACEMENT, until=until, **torn)
    await toko.claims.reject(again, note="it is sound")


async def take_back(toko):
    """Of four cups three come back, step by step: one is sound, one damaged, one is refused."""
    from tokolib import IDR, Disposition
    from tokolib.kernel.ctx import Customer
    from tokolib.returns import Finding
    from tokolib.testing.builders import BUYER

    order = await toko.given.order({"CANGKIR": 4}, key="web-back")
    await toko.ship(order)
    back = await toko.returns.request(order, {"CANGKIR": 4}, reason="changed mind", key="cups")
    back = await toko.returns.authorise(back)
    asked = {"courier": "fake-courier", "recipient": BUYER, "sender": BUYER}
    await toko.return_labels.buy(back, what={"CANGKIR": 3}, **asked, key="cups-label")
    await toko.return_labels.buy(back, **asked)
    await toko.returns.receive(back, {"CANGKIR": 3}, key="cups-here")
    found = [Finding(Disposition.DAMAGED, 1, "handle off"), Finding(Disposition.REFUSED, 1, "used")]
    await toko.returns.inspect(back, {"CANGKIR": found})
    await toko.returns.accept(back, key="cups-taken")
    kept = await toko.returns.request(order, {"CANGKIR": 1}, reason="scratched", key="cup-kept")
    await toko.returns.propose(kept, amount=IDR(5_000), until=datetime(2099, 1, 1, tzinfo=UTC))
    await toko.another(Customer("siti")).returns.agree(kept, key="cup-agreed")


async def sell_in_dollars(toko):
    """A sale in dollars, of which the books know what it is worth in rupiah; and what the bank has of another sale."""
    from tokolib import IDR, USD
    from tokolib.kernel import BookRate
    from tokolib.reconciliation import BankLine

    rate = BookRate("USD", "IDR", Fraction("16250.5"), "Bank Indonesia", date(2026, 3, 1))
    await toko.settings.change(currencies=("USD",), book_rates=(rate,))
    await toko.prices.put("Teh-100", USD("1.11"))
    order = await toko.given.order({"Teh-100": 3}, currency="USD", key="web-usd")
    paid = (await toko.payments.intent(order)).operations[0]
    await toko.settlements.exchanged(paid, IDR(54_321))
    line = BankLine(id="1", on=date(2026, 3, 3), amount=IDR(74_418), description="CR PAY-881")
    await toko.settlements.take_in_bank([line], account="bca")


async def sell_in_instalments(toko):
    """A sale by a payment plan, whose deposit is paid, and goods of which have left."""
    from tokolib import IDR, Basket
    from tokolib.payments import monthly

    terms = {"deposit": "0.30", "steps": monthly(2), "goods": "while_on_time", "late": "all_due"}
    await toko.plans.put("dp30", title="DP 30 %, sisanya 2 bulan", **terms)
    order = await toko.orders.place(Basket({"CANGKIR": 3}), tender="cash", plan="dp30", key="web-plan")
    assert (await toko.payments.intent(order)).captured == IDR(30_000)
    await toko.shipments.hand_over(order, {"CANGKIR": 1}, key="plan-door")


async def sell_abroad(toko):
    """A sale that a tax provider is told of, and a return of it."""
    from tokolib import Address
    from tokolib.kernel import Registration

    await toko.settings.change(
        prices_include_tax=False, registrations=(Registration("US", date(2020, 1, 1), scheme="CA"),)
    )
    oakland = Address(
        "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
    )
    order = await toko.given.order({"CANGKIR": 2}, delivery="jne:reg", ship_to=oakland, key="web-abroad")
    await toko.invoices.issue(order)
    await toko.ship(order)
    await toko.invoices.credit(await toko.returns.accept(order, {"CANGKIR": 1}, reason="x", key="back-abroad"))


@pytest.fixture(scope="session")
def lived(tmp_path_factory, furnished, raise_stage):
    """The file of a shop that has lived a little."""
    from tokolib.kernel.hosting import drive

    path = tmp_path_factory.mktemp("lived") / "toko.db"
    shutil.copy(furnished, path)
    drive(_live(path, raise_stage))
    return path


async def _live(path, raise_stage):
    from tokolib.testing.clock import ManualClock
    from tokolib.testing.fake_courier import FakeCourier
    from tokolib.testing.fake_sealer import FakeSealer
    from tokolib.testing.fake_tax import FakeTaxProvider

    outside = {"tax": FakeTaxProvider(ManualClock()), "couriers": [FakeCourier()], "sealer": FakeSealer()}
    stage, close = await raise_stage(path, "sqlite", outside, furnished=True)
    try:
        await live(stage)
    finally:
        await close()


@pytest.fixture
def hand(lived, tmp_path):
    """Somebody with a database tool and a copy of the file."""
    path = tmp_path / "toko.db"
    shutil.copy(lived, path)
    return Hand(path)
