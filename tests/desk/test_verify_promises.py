"""Each promise has a violation made by hand, which the check must report under that promise's name."""

import attrs
import pytest

from tokolib.desk.verify.report import PROMISES, Report, Violation
from tokolib.desk.verify.walk import LISTED, Findings
from tokolib.documents.model import DocumentKind
from tokolib.documents.totals import stated_totals
from tokolib.orders.events import GoodsShipped, OrderPlaced, OrderRequested
from tokolib.orders.model import OrderState
from tokolib.payments.events import IntentOpened
from tokolib.returns.events import ReturnAccepted


def order_by(hand, key):
    """The order that was placed under a key."""
    return next(order for id in hand.ids("orders") if (order := hand.load("orders", id)[0]).key == key)


def in_request(hand, key, change):
    """Forge what an order was asked for."""

    def forged(event):
        return attrs.evolve(event, order=change(event.order)) if isinstance(event, OrderRequested) else event

    hand.rewrite("orders", order_by(hand, key).id, forged)


def with_line(order, **changed):
    """*order* with its first line changed."""
    line = attrs.evolve(order.lines[0], line=attrs.evolve(order.lines[0].line, **changed))
    return attrs.evolve(order, lines=(line, *order.lines[1:]))


def m1(hand):
    """A leg is changed."""
    hand.do("UPDATE tokolib_ledger SET amount = amount + 1 WHERE name = 'money' AND id LIKE '%.1' AND amount > 0")


def m2(hand):
    """A line costs a rupiah more than its parts."""
    in_request(hand, "web-cash", lambda order: with_line(order, base=order.lines[0].line.base + 1))


def m3(hand):
    """A charge's shares are not the charge."""

    def change(order):
        charge = order.charges[0]
        return attrs.evolve(order, charges=(attrs.evolve(charge, shares=(charge.shares[0] - 1,)),))

    in_request(hand, "web-cash", change)


def m3_parts(hand):
    """A tax class has a rupiah more of a charge than was charged."""

    def change(order):
        charge = order.charges[0]
        part = attrs.evolve(charge.parts[0], taxable=charge.parts[0].taxable + 1)
        return attrs.evolve(order, charges=(attrs.evolve(charge, parts=(part,)),))

    in_request(hand, "web-cash", change)


def m4(hand):
    """A whole posting is gone."""
    batch = hand.rows("SELECT batch FROM tokolib_ledger WHERE name = 'money' LIMIT 1")[0]["batch"]
    hand.do("DELETE FROM tokolib_ledger WHERE name = 'money' AND batch = ?", batch)


def m5(hand):
    """More came in than was due, and nobody gives it back."""

    def cheaper(event):
        if isinstance(event, IntentOpened):
            return attrs.evolve(event, amount=type(event.amount)(1, event.amount.currency))
        return event

    hand.rewrite("intents", order_by(hand, "web-cash").intent_id, cheaper)


def m6(hand):
    """A return gave back a rupiah too much."""

    def generous(event):
        if isinstance(event, ReturnAccepted):
            credit = event.refund.credit
            more = type(credit)(credit.minor_units + 1, credit.currency)
            return attrs.evolve(event, refund=attrs.evolve(event.refund, credit=more))
        return event

    hand.rewrite("returns", hand.ids("returns")[0], generous)


def s1(hand):
    """More lies on the shelf than ever came."""
    hand.do("UPDATE tokolib_stock SET on_hand = on_hand + 1 WHERE resource = 'main|gula'")


def s2(hand):
    """A level says that less is held."""
    hand.do("UPDATE tokolib_stock SET held = held - 1 WHERE held > 0")


def s3(hand):
    """More is held than is there."""
    hand.do("UPDATE tokolib_stock SET held = on_hand + 1 WHERE resource = 'main|gula'", unchecked=True)


def s4(hand):
    """A hold that an order counts on is gone."""
    hand.do("DELETE FROM tokolib_hold WHERE id = (SELECT id FROM tokolib_hold WHERE state = 'taken' LIMIT 1)")


def s5(hand):
    """A paid order's hold was given back, levels and all."""
    hold = hand.rows("SELECT * FROM tokolib_hold WHERE state = 'kept' LIMIT 1")[0]
    hand.do("UPDATE tokolib_hold SET state = 'released' WHERE id = ?", hold["id"])
    hand.do("UPDATE tokolib_stock SET held = held - ? WHERE resource = ?", hold["quantity"], hold["resource"])


def o1(hand):
    """An order says that it is complete, in a body that is sound by itself."""
    order = order_by(hand, "web-cod")
    hand.put("orders", order.id, attrs.evolve(order, state=OrderState.COMPLETED), order.version)


def o2(hand):
    """Goods left unpaid, and nobody gave credit."""

    def strict(event):
        return attrs.evolve(event, credit_terms=False) if isinstance(event, OrderPlaced) else event

    hand.rewrite("orders", order_by(hand, "web-cod").id, strict)


def o3(hand):
    """The order's line has another name than its quote's."""
    in_request(hand, "web-cash", lambda order: with_line(order, name="Cangkir emas"))


def o3_quote(hand):
    """The quote says another amount than its hash."""
    order = order_by(hand, "web-cash")
    quote, seq = hand.load("quotes", order.quote_id)
    line = attrs.evolve(quote.lines[0], total=quote.lines[0].total + 1)
    hand.put("quotes", quote.id, attrs.evolve(quote, lines=(line,)), seq)


def x2(hand):
    """A key leads to another order."""
    other = order_by(hand, "web-cash").id.encode()
    hand.do("UPDATE tokolib_key SET result = ? WHERE key = 'web-cod'", other)


def x4(hand):
    """A coupon counts a use that no order made."""
    hand.do("UPDATE tokolib_counter SET value = value + 1")


def i1(hand):
    """A number is missing."""
    hand.do("DELETE FROM tokolib_ledger WHERE name = 'numbers' AND id = 'ser_INV/2026.1'")


def forged(hand, kind, change):
    """Forge the first document of that kind that can be forged so: every checksum is right, and its number is too."""
    from tokolib.documents.events import DocumentIssued

    def through(event):
        return attrs.evolve(event, document=change(event.document)) if isinstance(event, DocumentIssued) else event

    documents = [hand.load("invoices", id)[0] for id in hand.ids("invoices")]
    ids = [each.id for each in documents if each.kind is kind and each.order_id == order_by(hand, "web-cash").id]
    hand.rewrite("invoices", ids[0], through)


def i2(hand):
    """The tax of a breakdown is a rupiah more than its lines bear."""

    def change(document):
        row = document.totals.breakdown[0]
        rows = (attrs.evolve(row, tax=row.tax + 1), *document.totals.breakdown[1:])
        return attrs.evolve(document, totals=attrs.evolve(document.totals, breakdown=rows))

    forged(hand, DocumentKind.INVOICE, change)


def i2_totals(hand):
    """A total that its lines don't give."""

    def change(document):
        return attrs.evolve(document, totals=attrs.evolve(document.totals, without_tax=document.totals.without_tax + 1))

    forged(hand, DocumentKind.CREDIT_NOTE, change)


def i2_line(hand):
    """Net and tax of a line are not its total."""

    def change(document):
        first = attrs.evolve(document.lines[0], total=document.lines[0].total - 1)
        return attrs.evolve(document, lines=(first, *document.lines[1:]))

    forged(hand, DocumentKind.INVOICE, change)


def dearer(document):
    """*document* with a rupiah more on its first line, its totals added up anew."""
    first = document.lines[0]
    lines = (attrs.evolve(first, net=first.net + 1, total=first.total + 1), *document.lines[1:])
    paid = document.totals.prepaid - document.totals.borne
    return attrs.evolve(document, lines=lines, totals=stated_totals(lines, paid=paid))


def i3(hand):
    """An invoice states a rupiah more than was agreed, and adds up."""
    forged(hand, DocumentKind.INVOICE, dearer)


def i3_note(hand):
    """A credit note gives a rupiah more than its return."""
    forged(hand, DocumentKind.CREDIT_NOTE, dearer)


def i3_invoice(hand):
    """A credit note corrects an invoice that isn't there."""
    forged(hand, DocumentKind.CREDIT_NOTE, lambda document: attrs.evolve(document, corrects="INV/2026/000099"))


def i3_paid(hand):
    """More was paid before than the order ever cost."""

    def change(document):
        paid = document.totals.with_tax + 1
        return attrs.evolve(document, totals=stated_totals(document.lines, paid=paid))

    forged(hand, DocumentKind.INVOICE, change)


def i4(hand):
    """A credit note gives back four times what it says, and adds up: more than the invoice has."""

    def change(document):
        lines = tuple(attrs.evolve(line, net=line.net * 4, total=line.total * 4) for line in document.lines)
        return attrs.evolve(document, lines=lines, totals=stated_totals(lines))

    forged(hand, DocumentKind.CREDIT_NOTE, change)


def e1(hand):
    """An event has no outbox row."""
    hand.do("DELETE FROM tokolib_outbox WHERE event_id = (SELECT event_id FROM tokolib_outbox LIMIT 1)")


def r1(hand):
    """A row is filed under what it isn't."""
    hand.do("UPDATE tokolib_doc_orders SET state = 'completed' WHERE state = 'placed'")


VIOLATIONS = (
    m1,
    m2,
    m3,
    m3_parts,
    m4,
    m5,
    m6,
    s1,
    s2,
    s3,
    s4,
    s5,
    o1,
    o2,
    o3,
    o3_quote,
    x2,
    x4,
    i1,
    i2,
    i2_totals,
    i2_line,
    i3,
    i3_note,
    i3_invoice,
    i3_paid,
    i4,
    e1,
    r1,
)


def test_every_promise_has_a_violation():
    """No promise is listed that nothing could break."""
    assert {each.__name__.partition("_")[0].upper() for each in VIOLATIONS} == set(PROMISES)


@pytest.mark.parametrize("violate", VIOLATIONS, ids=lambda each: each.__name__)
def test_a_broken_promise_is_named(hand, violate):
    """The report names the promise, the row, and the way to repair it."""
    violate(hand)
    promise = violate.__name__.partition("_")[0].upper()
    report = hand.verify()
    named = [each for each in report.violations if each.promise == promise]
    assert not report and named, str(report)
    assert all(each.row and each.found and each.repair for each in named)
    assert PROMISES[promise] in str(named[0])


def test_a_lived_shop_is_sound(hand):
    """The file that the other tests break is unbroken, and holds every kind of row."""
    report = hand.verify()
    assert report.ok, [str(each) for each in report.violations]
    assert str(report) == "verify: OK"
    kinds = dict(report.checked)
    assert set(kinds) == {
        "aggregates", "counters", "documents", "events", "fiscal documents", "holds", "keys", "levels", "movements",
        "numbers", "orders", "postings", "returns", "uses",
    }  # fmt: skip


def test_goods_that_left_twice_are_found(hand):
    """A shipment that its order does not know, forged whole."""
    order = order_by(hand, "web-cod")

    def twice(event):
        if isinstance(event, GoodsShipped):
            run = attrs.evolve(event.runs[0], beyond=event.runs[0].beyond + 1)
            return attrs.evolve(event, runs=(run,))
        return event

    hand.rewrite("orders", order.id, twice)
    assert "S5" in hand.broken()


def test_components_of_a_kit_that_bear_more_than_the_kit_are_found(hand):
    """One share a rupiah larger than it was agreed; every checksum right."""

    def dearer(event):
        if not isinstance(event, OrderRequested):
            return event
        at, kit = next((at, each) for at, each in enumerate(event.order.lines) if each.line.shares)
        first = kit.line.shares[0]
        shares = (attrs.evolve(first, total=first.total + 1), *kit.line.shares[1:])
        lines = [*event.order.lines]
        lines[at] = attrs.evolve(kit, line=attrs.evolve(kit.line, shares=shares))
        return attrs.evolve(event, order=attrs.evolve(event.order, lines=tuple(lines)))

    hand.rewrite("orders", order_by(hand, "web-cod").id, dearer)

    assert "M3" in hand.broken()


def test_a_bundle_of_rows_cant_be_spirited_away(hand):
    """An order deleted with its history, outbox and document still leaves traces."""
    order = order_by(hand, "web-bank").id
    for table, column in (("tokolib_history", "stream"), ("tokolib_outbox", "stream"), ("tokolib_doc_orders", "id")):
        hand.do(f"DELETE FROM {table} WHERE {column} = ?", order if column == "id" else f"orders/{order}")  # noqa: S608
    assert {"M4", "S4", "X2"} <= hand.broken()


def test_only_so_many_violations_are_listed():
    """The rest is counted, so that a ruined file is told in bounded memory."""
    found = Findings()
    for n in range(LISTED + 5):
        found.broken("M1", f"row {n}", "x", "y")
    report = found.report()
    assert (len(report.violations), report.more, report.ok, str(report)) == (LISTED, 5, False, "verify: FAILED (M1)")
    assert Report((), (Violation("S1", "a", "b", "c"), Violation("E1", "a", "b", "c"))).ok is False
