"""The views for reports: a shop lives a little, and each view tells it, on SQLite and, of the same rows, PostgreSQL."""

import datetime
import sqlite3
from decimal import Decimal

import psycopg
import pytest

from tokolib import IDR
from tokolib.adapters.sql.dialect import POSTGRES
from tokolib.adapters.sql.migrations.files import shipped
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.views import VIEWS
from tokolib.kernel.hosting import drive
from tokolib.records.collections import COLLECTIONS

TABLES = (
    *("history", "outbox", "ledger", "counter", "stock", "hold", "key"),
    *(f"doc_{collection.name}" for collection in COLLECTIONS),
    *(f"fact_{table.name}" for collection in COLLECTIONS for table in collection.facts),
)


async def live(toko):
    """Sold, shipped in part, cancelled, expired, returned and refunded, with a coupon, kilograms and a gateway."""
    await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=5, per_customer=2)
    mug = await toko.given.order(
        {"CANGKIR": 3, "GULA": "0.35"}, delivery="jne:reg", coupons=["HEMAT10"], customer="cus_siti", key="web-1"
    )
    await toko.shipments.hand_over(mug, {"CANGKIR": 2})
    toko.clock.forward(days=1)
    await toko.returns.accept(mug, {"CANGKIR": 1}, reason="cracked")
    gone = await toko.given.order({"Teh-100": 2}, tender="cash", coupons=["HEMAT10"], customer="cus_siti", key="web-2")
    await toko.orders.cancel(gone, reason="ordered twice")
    paid = await toko.given.order({"KOPI-250": 1}, tender="fake", key="web-3")
    toko.world.pay(toko.world.charges[-1].key)
    await toko.deliver_webhooks()
    late = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer", key="web-4")
    toko.clock.forward(days=30)
    await toko.shop.tick()
    return {name: order.id for name, order in {"mug": mug, "gone": gone, "paid": paid, "late": late}.items()}


@pytest.fixture(scope="module")
def lived(tmp_path_factory, furnished, raise_stage):
    """The file of the shop, and its orders by name."""
    path = tmp_path_factory.mktemp("views") / "toko.db"
    path.write_bytes(furnished.read_bytes())

    async def story():
        stage, close = await raise_stage(path, "sqlite", {}, furnished=True)
        try:
            return await live(stage)
        finally:
            await close()

    return path, drive(story())


class Told:
    """What a database answers, as dicts."""

    def __init__(self, connection, orders, parse):
        self.connection = connection
        self.orders = orders
        self.instant = parse

    def view(self, name, order_by="1"):
        """The rows of a view."""
        cursor = self.connection.execute(f"SELECT * FROM tokolib_v_{name} ORDER BY {order_by}")  # noqa: S608
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request, lived, postgres):
    """The same rows in each database."""
    path, orders = lived
    file = sqlite3.connect(path)
    if request.param == "sqlite":
        yield Told(file, orders, datetime.datetime.fromisoformat)
    else:
        with psycopg.connect(postgres.database(), autocommit=True) as other:
            other.execute("SET TimeZone = 'Asia/Jakarta'")
            copy(file, other)
            yield Told(other, orders, lambda instant: instant)
    file.close()


def copy(file, other):
    """Every row of a shop from SQLite to PostgreSQL."""
    for statement in shipped(POSTGRES)[0].statements(Names()):
        other.execute(statement)
    for table in TABLES:
        cursor = file.execute(f"SELECT * FROM tokolib_{table}")  # noqa: S608
        columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
        marks = ", ".join(["%s"] * len(cursor.description))
        rows = cursor.fetchall()
        if rows:
            insert = f"INSERT INTO tokolib_{table} ({columns}) VALUES ({marks})"  # noqa: S608
            other.cursor().executemany(insert, rows)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_has_the_documented_columns_and_some_rows(told, view):
    """In the order of the reference, for every shop of the storage by its tenant."""
    rows = told.view(view.name)

    assert rows
    assert [column.name for column in view.columns] == list(rows[0])
    assert {"default"} == {row["tenant"] for row in rows}


def test_orders_tell_what_was_agreed_and_what_became_of_it(told):
    """Each order once; the parts add up to the total, and the money is what came in and went back."""
    rows = {row["order_id"]: row for row in told.view("orders")}
    mug, gone, paid, late = (rows[told.orders[name]] for name in ("mug", "gone", "paid", "late"))

    assert all(row["total"] == row["goods"] + row["shipping"] + row["other_charges"] for row in rows.values())
    assert ("placed", "partially_shipped", "partially_returned") == (mug["state"], mug["fulfilment"], mug["returns"])
    assert (99_999 + 5_075 - mug["discount"], 10_507, 18_000) == (mug["goods"], mug["discount"], mug["shipping"])
    assert ("cus_siti", "IDR", 0, "jne:reg", "main") == tuple(
        mug[name] for name in ("customer", "currency", "currency_digits", "delivery", "location")
    )
    assert mug["total"] == mug["captured"]
    assert mug["credited"] == mug["refunded"] > 0
    assert ("cancelled", "refunded", "ordered twice") == (gone["state"], gone["payment"], gone["ending"])
    assert gone["total"] == gone["captured"] == gone["refunded"] == gone["credited"]
    assert ("placed", "paid", "fake", None) == (paid["state"], paid["payment"], paid["tender"], paid["customer"])
    assert ("expired", "voided", None, None) == (late["state"], late["payment"], late["placed_at"], late["delivery"])


def test_instants_and_days_are_what_the_database_works_with(told):
    """An instant is one, the local day is the shop's, and the instant of a ledger fits the order's."""
    (row,) = [row for row in told.view("orders") if row["order_id"] == told.orders["mug"]]
    (booked,) = [
        row["posted_at"]
        for row in told.view("postings")
        if (row["order_id"], row["event"], row["account"]) == (row["order_id"], "orders.order_placed", "sales")
        and row["order_id"] == told.orders["mug"]
    ]

    requested = told.instant(row["requested_at"])
    assert datetime.timedelta(0) == requested.utcoffset() or requested.tzinfo is not None
    assert requested == told.instant(row["placed_at"]) == told.instant(booked)
    jakarta = requested.astimezone(datetime.timezone(datetime.timedelta(hours=7))).date()
    assert str(jakarta) == str(row["local_date"])


def test_lines_tell_goods_exactly(told):
    """Quantities in their own unit, units by their steps, and amounts that add up."""
    lines = [row for row in told.view("order_lines", order_by="line_number") if row["order_id"] == told.orders["mug"]]
    mugs, sugar = lines

    assert ("CANGKIR", "cangkir", 3, 2, 0, 1) == tuple(
        mugs[name] for name in ("sku", "sku_key", "steps", "shipped_steps", "cancelled_steps", "returned_steps")
    )
    assert (Decimal("0.35"), "kg") == (Decimal(sugar["quantity"]), sugar["unit"])
    assert Decimal(sugar["quantity"]) == sugar["steps"] * Decimal(sugar["step"])
    assert all(line["net"] + line["tax"] == line["total"] == line["base"] - line["discount"] for line in lines)
    (goods,) = [row["goods"] for row in told.view("orders") if row["order_id"] == told.orders["mug"]]
    assert goods == sum(line["total"] for line in lines)


def test_payments_and_refunds_add_up_to_the_orders(told):
    """What was received and given back by each order is what the order and the books say."""
    for name in ("mug", "gone", "paid", "late"):
        id = told.orders[name]
        order = next(row for row in told.view("orders") if row["order_id"] == id)
        payments = [row for row in told.view("payments") if row["order_id"] == id]
        refunds = [row for row in told.view("refunds") if row["order_id"] == id]
        owed = sum(
            row["amount"] for row in told.view("postings") if (row["order_id"], row["account"]) == (id, "receivable")
        )

        assert order["captured"] == sum(row["received"] for row in payments), name
        assert order["refunded"] == sum(row["refunded"] for row in refunds), name
        if order["placed_at"] is not None:
            assert order["total"] - order["credited"] - order["captured"] + order["refunded"] == owed, name


def test_a_payment_names_its_provider_and_a_refund_its_charge(told):
    """So that a gateway's statement can be held against the shop's books."""
    (paid,) = [row for row in told.view("payments") if row["order_id"] == told.orders["paid"]]
    (charge,) = [row for row in told.view("payments") if row["order_id"] == told.orders["gone"]]
    (refund,) = [row for row in told.view("refunds") if row["order_id"] == told.orders["gone"]]

    assert ("fake", "charge", "succeeded", 75_000, 1) == tuple(
        paid[name] for name in ("provider", "kind", "state", "amount", "attempt")
    )
    assert paid["reference"]
    assert (charge["operation_id"], "cash", charge["amount"]) == tuple(
        refund[name] for name in ("about", "provider", "amount")
    )


def test_every_posting_sums_to_zero(told):
    """The books, in SQL."""
    query = "SELECT posting_id FROM tokolib_v_postings GROUP BY tenant, posting_id HAVING sum(amount) <> 0"

    assert [] == told.connection.execute(query).fetchall()


def test_moves_add_up_to_what_is_on_hand(told):
    """By SKU and location; a shipment names its hold, a return does not."""
    moved = {}
    for location, key, steps in told.connection.execute(
        "SELECT location, sku_key, sum(steps) FROM tokolib_v_stock_moves GROUP BY location, sku_key"
    ).fetchall():
        moved[f"{location}|{key}"] = int(steps)
    on_hand = dict(told.connection.execute("SELECT resource, on_hand FROM tokolib_stock").fetchall())

    assert on_hand == moved
    kinds = {row["kind"]: row for row in told.view("stock_moves") if row["sku_key"] == "cangkir"}
    assert {"receive", "ship", "restock"} == kinds.keys()
    assert ("CANGKIR", "pcs", Decimal(1)) == (
        kinds["ship"]["sku"],
        kinds["ship"]["unit"],
        Decimal(kinds["ship"]["step"]),
    )
    assert kinds["ship"]["hold_id"]
    assert kinds["restock"]["hold_id"] is None


def test_a_coupon_counts_its_uses_and_not_those_of_its_customers_twice(told):
    """Two orders used it, one gave its use back; the counter of the customer is no use of its own."""
    uses = told.view("coupon_uses", order_by="used_at, uses DESC")

    assert [
        (told.orders["mug"], 1),
        (told.orders["gone"], 1),
        (told.orders["gone"], -1),
    ] == [(row["order_id"], row["uses"]) for row in uses]
    assert {("HEMAT10", "cpn_HEMAT10", "cus_siti")} == {
        (row["code"], row["coupon_id"], row["customer"]) for row in uses
    }


def test_no_view_reads_a_document(told):
    """Reports rest on columns, facts and ledgers, so the form of a document may change without them."""
    for statement in shipped(POSTGRES)[0].statements(Names()):
        if statement.startswith("CREATE VIEW"):
            assert "body" not in statement
            assert "json" not in statement.lower()


def test_amounts_in_rupiah_are_whole(told):
    """IDR has no digits after the point in the books, so 75,000 is 75,000."""
    (paid,) = [row for row in told.view("payments") if row["order_id"] == told.orders["paid"]]

    assert IDR(75_000).minor_units == paid["amount"] // 10 ** paid["currency_digits"]
