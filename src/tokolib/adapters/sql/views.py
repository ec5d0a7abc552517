"""The views for reports: what a shop's tables say, in names that stay, in SQL that anybody can read.

They rest on columns, fact rows and ledgers, never on a document's body. Each column has its meaning beside it, from
which the reference is made. Amounts are minor units with their currency; instants and decimal numbers are given in
the form that the database works with.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.names import Names
from tokolib.kernel.rows import Collection, FactTable


@attrs.frozen
class Reading:
    """How a database tells what it keeps in a form of ours; `{}` is the column."""

    written: str
    """An instant that is kept as text."""
    counted: str
    """An instant that is kept in microseconds."""
    day: str
    number: str
    """A decimal number that is kept as text."""
    before: str
    """Text up to its first bar."""
    behind: str
    """Text behind its first bar."""


READINGS: Final = {
    "sqlite": Reading(
        written="{0}",
        counted="strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000000, 'unixepoch') || printf('.%06d+00:00', {0} % 1000000)",
        day="{0}",
        number="{0}",
        before="substr({0}, 1, instr({0}, '|') - 1)",
        behind="substr({0}, instr({0}, '|') + 1)",
    ),
    "postgresql": Reading(
        written="CAST({0} AS timestamptz)",
        counted="timestamptz 'epoch' + {0} * interval '1 microsecond'",
        day="CAST({0} AS date)",
        number="CAST({0} AS numeric)",
        before="split_part({0}, '|', 1)",
        behind="split_part({0}, '|', 2)",
    ),
}


@attrs.frozen
class ViewColumn:
    """A column: its name, where it comes from, what it means, and how it is read (a field of `Reading`)."""

    name: str
    source: str
    meaning: str
    reading: str = ""


@attrs.frozen
class View:
    """A view: one row for what, from which tables (in braces: a table's name without prefix)."""

    name: str
    about: str
    tables: str
    columns: tuple[ViewColumn, ...]
    where: str = ""
    """Which rows of the tables; empty: all."""


C = ViewColumn
TENANT: Final = "The shop; a storage may keep several."
CURRENCY: Final = "ISO 4217."
DIGITS: Final = "How many digits of an amount stand behind its decimal point: an amount is divided by 10 to this power."
LOCAL_DATE: Final = "The day on which the order was asked for, in the shop's own zone."

VIEWS: Final = (
    View(
        "orders",
        "One row for each order, whatever became of it. `total` = `goods` + `shipping` + `other_charges`, all with "
        "tax and after discounts, as agreed; what was taken off later is `credited`.",
        "{doc_orders} o",
        (
            C("tenant", "o.partition", TENANT),
            C("order_id", "o.id", "The order."),
            C("reference", "o.reference", "Its number, for people."),
            C("state", "o.state", "`pending_payment`, `placed`, `completed`, `cancelled` or `expired`."),
            C("sub_state", "o.sub_state", "The shop's own name within `state`; null where it has none."),
            C("payment", "o.payment", "How far it is paid, such as `unpaid`, `paid` or `refunded`."),
            C("fulfilment", "o.fulfilment", "How far it is shipped, such as `unfulfilled` or `delivered`."),
            C("returns", "o.returns", "How much came back: `none`, `partially_returned` or `returned`."),
            C("customer", "o.customer", "The customer's id; null for a guest."),
            C("channel", "o.channel", "Where it was bought."),
            C("tender", "o.tender", "How it was to be paid."),
            C("delivery", "o.delivery", "Courier and service; null when nothing is delivered."),
            C("location", "o.location", "The place whose stock it takes."),
            C("currency", "o.currency", CURRENCY),
            C("currency_digits", "o.currency_digits", DIGITS),
            C("goods", "o.goods", "What the goods cost."),
            C("shipping", "o.shipping", "What the delivery costs."),
            C("other_charges", "o.other_charges", "Fees, insurance, packing."),
            C("discount", "o.discount", "What all discounts took off; the amounts beside it are without it."),
            C("tax", "o.tax", "The tax within `total`."),
            C("total", "o.total", "What was agreed, all included; never changes."),
            C("credited", "o.credited", "What cancellations, returns and allowances took off `total`."),
            C("written_off", "o.written_off", "What never came, and is let be within the tolerance."),
            C("retained", "o.retained", "What came beyond what is due, and is kept within the tolerance."),
            C("captured", "o.captured", "What came in."),
            C("refunded", "o.refunded", "What went back to the customer."),
            C("requested_at", "o.requested_at", "When the customer agreed.", "written"),
            C("placed_at", "o.placed_at", "When it was paid, or good for it; null before that.", "written"),
            C("due_until", "o.due_until", "Until when an unpaid order waits; null when it doesn't.", "written"),
            C("local_date", "o.local_date", LOCAL_DATE, "day"),
            C("ending", "o.ending", "Why it was cancelled or expired; empty otherwise."),
            C("cart_id", "o.cart_id", "The cart that it was; null when it was placed without one."),
            C("quote_id", "o.quote_id", "The quote that was agreed to; null when it was placed without one."),
        ),
    ),
    View(
        "order_lines",
        "One row for each line of each order. What became of its units is told in steps: a quantity is a number of "
        "steps times `step`; for pieces, a step is 1.",
        "{fact_order_lines} l\nJOIN {doc_orders} o ON o.partition = l.partition AND o.id = l.document_id",
        (
            C("tenant", "l.partition", TENANT),
            C("order_id", "l.document_id", "The order."),
            C("line_number", "l.row_number + 1", "Its place in the order, from 1."),
            C("line_id", "l.line_id", "The line; a line of another order may have the same id."),
            C("product_id", "l.product_id", "The product."),
            C("sku", "l.sku", "The SKU, as the catalogue spelled it."),
            C("sku_key", "l.sku_key", "The SKU as it is compared: case-folded."),
            C("name", "l.name", "What the customer read."),
            C("quantity", "l.quantity", "How much was ordered, in `unit`.", "number"),
            C("unit", "l.unit", "The unit of measure, such as `pcs` or `kg`."),
            C("step", "l.step", "The smallest quantity, in `unit`.", "number"),
            C("steps", "l.steps", "How many steps were ordered."),
            C("shipped_steps", "l.shipped", "How many have left."),
            C("delivered_steps", "l.delivered", "How many reached the customer."),
            C("cancelled_steps", "l.cancelled", "How many will never leave."),
            C("returned_steps", "l.returned", "How many came back."),
            C("currency", "l.currency", CURRENCY),
            C("currency_digits", "o.currency_digits", DIGITS),
            C("base", "l.base", "Price times quantity, before discounts."),
            C("discount", "l.discount", "What all discounts took off."),
            C("net", "l.net", "After discounts, without tax."),
            C("tax", "l.tax", "The tax."),
            C("total", "l.total", "`net` + `tax`: what the customer pays for it."),
            C("order_state", "o.state", "The order's state."),
            C("placed_at", "o.placed_at", "When the order was placed; null before that.", "written"),
            C("local_date", "l.local_date", LOCAL_DATE, "day"),
        ),
    ),
    View(
        "payments",
        "One row for each wish to be paid, whatever became of it, and for what a customer's bank took back. The sum of "
        "`received` is what the shop was paid and has not lost again.",
        "{fact_payment_operations} p",
        (
            C("tenant", "p.partition", TENANT),
            C("payment_id", "p.document_id", "The payment of one order, which may take several tries."),
            C("operation_id", "p.operation_id", "The try."),
            C("order_id", "p.order_id", "The order."),
            C("kind", "p.kind", "`charge`, `authorise`, `capture`, `void`, `reversal` or `chargeback`…"),
            C("state", "p.state", "How far it is: `succeeded`, `failed`, `pending`, `unknown`, `review`…"),
            C("provider", "p.provider", "The gateway, or the way that people handle."),
            C("currency", "p.currency", CURRENCY),
            C("currency_digits", "p.currency_digits", DIGITS),
            C("amount", "p.amount", "What was asked for."),
            C(
                "received",
                "CASE WHEN p.state <> 'succeeded' THEN 0"
                " WHEN p.kind IN ('charge', 'capture', 'chargeback_reversal') THEN p.amount"
                " WHEN p.kind IN ('reversal', 'chargeback') THEN -p.amount ELSE 0 END",
                "What came in by it; negative for what was taken back.",
            ),
            C("attempt", "p.attempt", "Rises after a definite failure."),
            C("reference", "p.reference", "The provider's own name for it; empty while there is none."),
            C("about", "p.about", "The operation that it captures or takes back; empty for a charge."),
            C("failure", "p.failure", "Why it failed."),
            C("requested_at", "p.requested_at", "When it was asked for; `postings` tell when money moved.", "written"),
        ),
        where="p.kind <> 'refund'",
    ),
    View(
        "refunds",
        "One row for each part of a refund, whatever became of it: a part is taken from one charge.",
        "{fact_payment_operations} p",
        (
            C("tenant", "p.partition", TENANT),
            C("payment_id", "p.document_id", "The payment of one order."),
            C("operation_id", "p.operation_id", "The refund's part."),
            C("order_id", "p.order_id", "The order."),
            C("state", "p.state", "How far it is: `succeeded`, `failed`, `pending`, `unknown`, `review`…"),
            C("provider", "p.provider", "The gateway, or the way that people handle."),
            C("currency", "p.currency", CURRENCY),
            C("currency_digits", "p.currency_digits", DIGITS),
            C("amount", "p.amount", "What was asked to go back."),
            C("refunded", "CASE WHEN p.state = 'succeeded' THEN p.amount ELSE 0 END", "What went back by it."),
            C("attempt", "p.attempt", "Rises after a definite failure."),
            C("reference", "p.reference", "The provider's own name for it; empty while there is none."),
            C("about", "p.about", "The charge that it gives back; empty when no single charge has so much left."),
            C("reason", "p.reason", "Why it was asked for."),
            C("failure", "p.failure", "Why it failed."),
            C("requested_at", "p.requested_at", "When it was asked for; `postings` tell when money moved.", "written"),
        ),
        where="p.kind = 'refund'",
    ),
    View(
        "postings",
        "One row for each leg of the books: the amounts of one posting add up to zero. A debit is positive, a credit "
        "negative; the account `receivable` of an order is what its customer still owes.",
        "{ledger} g\nLEFT JOIN {doc_orders} o ON o.partition = g.partition AND o.id = g.refers_to",
        (
            C("tenant", "g.partition", TENANT),
            C("leg_id", "g.id", "The leg."),
            C("posting_id", "g.batch", "The posting."),
            C("account", "g.account", "Such as `sales`, `tax:ppn`, `receivable`, `money:cash`."),
            C("amount", "g.amount", "What is debited, or credited (negative)."),
            C("currency", "g.unit", CURRENCY),
            C("currency_digits", "o.currency_digits", DIGITS),
            C("event", "g.kind", "What happened, such as `orders.order_placed`."),
            C("order_id", "g.refers_to", "The order."),
            C("posted_at", "g.at", "When it was booked.", "counted"),
        ),
        where="g.name = 'money'",
    ),
    View(
        "stock_moves",
        "One row for each time that goods came or went. The sum of `steps` of a SKU at a location is what is on hand.",
        "{ledger} g\nLEFT JOIN {doc_stock_items} s ON s.partition = g.partition AND s.id = 'stk_' || {behind}",
        (
            C("tenant", "g.partition", TENANT),
            C("move_id", "g.id", "The movement; a later one has a larger id."),
            C("moved_at", "g.at", "When.", "counted"),
            C("location", "g.account", "The place.", "before"),
            C("sku", "s.sku", "The SKU, as the catalogue spelled it when its stock was first counted."),
            C("sku_key", "g.account", "The SKU as it is compared: case-folded.", "behind"),
            C("kind", "g.kind", "`receive`, `ship`, `restock`, `write_off` or `adjust`."),
            C("steps", "g.amount", "How many steps came, or went (negative)."),
            C("unit", "g.unit", "The unit of measure."),
            C("step", "s.step", "The smallest quantity, in `unit`: steps times this is the quantity.", "number"),
            C("refers_to", "g.refers_to", "What it was done for: a shipment, a return, a delivery note."),
            C(
                "hold_id",
                "CASE WHEN g.kind = 'ship' THEN g.batch END",
                "The hold that a shipment took; null for the other kinds.",
            ),
        ),
        where="g.name = 'stock'",
    ),
    View(
        "coupon_uses",
        "One row for each use of a coupon, and one for each that was given back: the sum of `uses` is how often it is "
        "used.",
        "{ledger} g\nJOIN {doc_coupons} c ON c.partition = g.partition AND c.id = 'cpn_' || substr(g.account, 8)"
        "\nLEFT JOIN {doc_orders} o ON o.partition = g.partition AND o.id = g.refers_to",
        (
            C("tenant", "g.partition", TENANT),
            C("use_id", "g.id", "The use, or what gave it back."),
            C("used_at", "g.at", "When.", "counted"),
            C("code", "c.code", "The code, in capitals."),
            C("coupon_id", "c.id", "The coupon."),
            C("promotion_id", "c.promotion_id", "The promotion that the coupon stands for now."),
            C("uses", "g.amount", "1, or -1 where a use was given back."),
            C("order_id", "g.refers_to", "The order."),
            C("customer", "o.customer", "The customer's id; null for a guest."),
            C("local_date", "o.local_date", LOCAL_DATE, "day"),
        ),
        where="g.name = 'uses' AND substr(g.account, 1, 7) = 'coupon:'",
    ),
)


def views(dialect: Dialect, names: Names) -> Iterator[tuple[str, str]]:
    """Bare name and definition of every view of a shop."""
    for view in VIEWS:
        name = names.view(view.name)
        yield names.bare(name), _definition(view, name, READINGS[dialect.name], names)


def _definition(view: View, name: str, reading: Reading, names: Names) -> str:
    columns = ",\n    ".join(f'{_read(column, reading)} AS "{column.name}"' for column in view.columns)
    source = view.tables.format(behind=reading.behind.format("g.account"), **_tables(names))
    condition = f"\nWHERE {view.where}" if view.where else ""
    return f"CREATE VIEW {name} AS\nSELECT\n    {columns}\nFROM {source}{condition}"


def _read(column: ViewColumn, reading: Reading) -> str:
    form: str = getattr(reading, column.reading) if column.reading else "{0}"
    return form.format(column.source)


def _tables(names: Names) -> dict[str, str]:
    """The tables that views read, by their names without prefix."""
    documents, facts = ("orders", "stock_items", "coupons"), ("order_lines", "payment_operations")
    return {
        "ledger": names.fixed("ledger"),
        **{f"doc_{name}": names.document(Collection(name)) for name in documents},
        **{f"fact_{name}": names.fact(FactTable(name, ())) for name in facts},
    }
