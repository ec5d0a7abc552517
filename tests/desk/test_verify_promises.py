"""Each promise has a violation made by hand, which the check must report under that promise's name."""

import attrs
import pytest

from tokolib.checkout import lines as line_sources
from tokolib.desk.verify.report import PROMISES, Report, Violation
from tokolib.desk.verify.walk import LISTED, Findings
from tokolib.documents.filing.events import FilingOpened, FilingRequested, NoteFiled
from tokolib.documents.model import DocumentKind
from tokolib.documents.totals import stated_totals
from tokolib.effects.keys import idempotency_key, operation_id
from tokolib.effects.model import EffectKind, EffectState, Source
from tokolib.fulfilment.events import ShipmentPacked, ShipmentPlanned, ShipmentReady, ShipmentRemedied
from tokolib.fulfilment.labels.events import LabelVoidWished, LabelWished
from tokolib.fulfilment.licences.events import LicenceGranted
from tokolib.fulfilment.licences.model import LicenceState
from tokolib.fulfilment.model import Remedy, ShipmentState
from tokolib.fulfilment.pickups.events import PickupObserved, PickupWished
from tokolib.inventory.lots.events import LotBlocked, LotLeft
from tokolib.inventory.lots.model import lot_id
from tokolib.kernel.ids import LocationId
from tokolib.kernel.money import IDR
from tokolib.kernel.return_fees import FeeTax
from tokolib.kernel.return_policy import ReturnPolicy, ReturnRule
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.events import (
    AllowanceGranted,
    DepositKept,
    ExcessRetained,
    GoodsPlanned,
    GoodsReturned,
    GoodsShipped,
    LossBooked,
    OrderPlaced,
    OrderRequested,
    ReserveChanged,
    ShortfallWrittenOff,
)
from tokolib.orders.lines import Run
from tokolib.orders.model import OrderState
from tokolib.orders.offers.events import OfferAccepted, OfferDrafted
from tokolib.orders.offers.model import OfferState
from tokolib.orders.withheld import Withheld
from tokolib.payments.events import (
    AmountChanged,
    DifferenceSettled,
    InstalmentOverdue,
    IntentClosed,
    IntentOpened,
    Observed,
    OperationRequested,
    RestCalled,
)
from tokolib.payments.plans.model import GoodsLeave
from tokolib.payments.requests import request
from tokolib.payments.states import Closing
from tokolib.payments.totals import SURPLUS
from tokolib.reconciliation.events import BankLineMatched, PayoutReceived, SettlementPosted
from tokolib.returns.claims.events import ClaimApproved, ClaimOpened
from tokolib.returns.claims.model import ClaimRemedy
from tokolib.returns.events import (
    ReturnAccepted,
    ReturnInspected,
    ReturnLabelAsked,
    ReturnProposed,
    ReturnReceived,
    ReturnRequested,
)
from tokolib.returns.exchanges.events import ExchangeCancelled, ExchangeCompleted
from tokolib.returns.exchanges.model import ExchangeState
from tokolib.returns.labels.events import ReturnLabelObserved, ReturnLabelWished
from tokolib.returns.model import Approval, Disposition, ReturnState


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
    batch = hand.rows("SELECT batch FROM tokolib_ledger WHERE name = 'money' AND refers_to LIKE 'ord%' LIMIT 1")[0][
        "batch"
    ]
    hand.do("DELETE FROM tokolib_ledger WHERE name = 'money' AND batch = ?", batch)


def m4_reserved(hand):
    """An order counts on money that no gateway holds for it."""
    hand.add("orders", order_by(hand, "web-cash").id, ReserveChanged(1))


def m4_lost(hand):
    """An order has written off money that its payments have."""
    hand.add("orders", order_by(hand, "web-cash").id, LossBooked(1, "money:cash"))


def m5(hand):
    """More came in than was due, and nobody gives it back."""

    def cheaper(event):
        if isinstance(event, IntentOpened | AmountChanged):
            return attrs.evolve(event, amount=type(event.amount)(1, event.amount.currency))
        return event

    hand.rewrite("intents", order_by(hand, "web-cash").intent_id, cheaper)


def m5_asked(hand):
    """A refund was asked for of money that isn't there any more."""
    intent, _ = hand.load("intents", order_by(hand, "web-cash").intent_id)
    wish = request(
        intent, EffectKind.REFUND, "cash", intent.captured, at=intent.opened_at, epoch=0, about=charge_of(intent).id
    )
    hand.add("intents", intent.id, OperationRequested(wish))


def m5_written_off(hand):
    """An order has a rupiah written off, and the shop tolerates none."""
    hand.add("orders", order_by(hand, "web-cod").id, ShortfallWrittenOff(1))


def m5_kept(hand):
    """An order keeps a rupiah too much, and the shop tolerates none."""
    hand.add("orders", order_by(hand, "web-cash").id, ExcessRetained(1))


def m5_tolerance(hand):
    """A payment lets a rupiah be that its order knows nothing of."""
    hand.add("intents", order_by(hand, "web-cash").intent_id, DifferenceSettled(0, 1))


def m5_still_asked(hand):
    """A payment asks for a rupiah less than its order comes to."""
    intent, _ = hand.load("intents", order_by(hand, "web-cod").intent_id)
    hand.add("intents", intent.id, AmountChanged(intent.amount - IDR(1)))


def m5_allowance(hand):
    """Goods came back after an allowance of ten rupiah on them, and took none of it along."""
    order = order_by(hand, "web-cod")
    back = GoodsReturned("ret_1", (Run(order.lines[0].id, 0, 1),), charges=False, credited=0)
    hand.add("orders", order.id, AllowanceGranted(10_000, "dented"), back)


def m5_credited(hand):
    """What was paid too much became store credit, where it was to go back."""
    intent, _ = hand.load("intents", order_by(hand, "web-fake").intent_id)
    wish = request(
        intent,
        EffectKind.REFUND,
        "store_credit",
        IDR(1),
        at=intent.opened_at,
        epoch=0,
        reason=SURPLUS,
        about=charge_of(intent).id,
    )
    hand.add("intents", intent.id, OperationRequested(wish))


def o2_written_off(hand):
    """An order was placed unpaid: all of it was written off."""
    order = order_by(hand, "web-bank")
    hand.add("orders", order.id, ShortfallWrittenOff(order.total.minor_units), OrderPlaced(order.requested_at))


def m5_reserved(hand):
    """A rupiah more is being captured than stands reserved."""
    intent, _ = hand.load("intents", order_by(hand, "web-bank").intent_id)
    most, at = intent.amount, intent.opened_at
    held = request(intent, EffectKind.AUTHORISE, "fake", most, at=at, epoch=0)
    known = attrs.evolve(intent, operations=(*intent.operations, held))
    more = request(known, EffectKind.CAPTURE, "fake", most + IDR(1), at=at, epoch=0, about=held.id)
    hand.add("intents", intent.id, OperationRequested(held), OperationRequested(more))


def charge_of(intent):
    """The charge of a payment."""
    return next(each for each in intent.operations if each.kind is EffectKind.CHARGE)


def in_payment(hand, key, change, kind=Observed):
    """Forge what a payment has seen, or asked for."""

    def forged(event):
        return change(event) if isinstance(event, kind) else event

    hand.rewrite("intents", order_by(hand, key).intent_id, forged)


def seen(event, **changed):
    """An event of an observation that says something else."""
    return attrs.evolve(event, observation=attrs.evolve(event.observation, **changed))


def m6(hand):
    """A return gave back a rupiah too much."""

    def generous(event):
        if isinstance(event, ReturnAccepted):
            credit = event.refund.credit
            more = type(credit)(credit.minor_units + 1, credit.currency)
            return attrs.evolve(event, refund=attrs.evolve(event.refund, credit=more))
        return event

    hand.rewrite("returns", hand.ids("returns")[0], generous)


def m7(hand):
    """Money that nobody brought: the shop itself says that it came."""
    in_payment(hand, "web-fake", lambda event: seen(event, source=Source.SHOP))


def m8(hand):
    """A cancelled order's refund failed, and nobody tries another way."""

    def failed(event):
        refund = event.observation.kind is EffectKind.REFUND
        return seen(event, state=EffectState.FAILED, failure="closed account") if refund else event

    in_payment(hand, "web-gone", failed)


def m8_payment(hand):
    """The payment of a cancelled order was closed as one that has expired."""
    in_payment(hand, "web-gone", lambda event: attrs.evolve(event, closed=Closing.EXPIRED), IntentClosed)


def planned(event, **changes):
    """The plan of an order agreed on otherwise, where *event* opens its payment."""
    if not isinstance(event, IntentOpened):
        return event
    return attrs.evolve(event, plan=attrs.evolve(event.plan, **changes))


def m12(hand):
    """An instalment is a rupiah less, so that they don't add up to the total."""
    opened = hand.load("intents", order_by(hand, "web-plan").intent_id)[0].plan.agreed
    *first, last = opened.instalments
    less = (*first, attrs.evolve(last, amount=last.amount - IDR(1)))
    in_payment(hand, "web-plan", lambda event: planned(event, instalments=less), IntentOpened)


def m12_goods(hand):
    """Goods left although they may only when all is paid."""
    in_payment(hand, "web-plan", lambda event: planned(event, goods=GoodsLeave.WHEN_PAID), IntentOpened)


def m12_told(hand):
    """An instalment was told overdue before its day."""
    intent = hand.load("intents", order_by(hand, "web-plan").intent_id)[0]
    second = intent.plan.agreed.instalments[1]
    hand.add("intents", intent.id, InstalmentOverdue(2, second.due_on, second.amount, intent.opened_at))


def m12_called(hand):
    """The whole rest was called though nothing is overdue."""
    intent = hand.load("intents", order_by(hand, "web-plan").intent_id)[0]
    hand.add("intents", intent.id, RestCalled(intent.plan.agreed.instalments[0].due_on, intent.opened_at))


def m12_kept(hand):
    """A cancelled order keeps what no plan lets it keep."""
    hand.add("orders", order_by(hand, "web-gone").id, DepositKept(1))


def settled_row(hand):
    """A row of a settlement report that is posted, of an order in the currency of the books."""
    rows = [hand.load("settlements", id)[0] for id in hand.ids("settlements")]
    return next(row.id for row in rows if row.operation_id and row.frozen is None)


def m9(hand):
    """The posting of a settled row is gone, so that clearing still holds its money."""
    hand.do("DELETE FROM tokolib_ledger WHERE name = 'money' AND batch = ?", settled_row(hand))


def m9_row(hand):
    """A settled row says another amount than its payment, and than its posting."""

    def more(event):
        if not isinstance(event, SettlementPosted):
            return event
        row = event.row
        return attrs.evolve(event, row=attrs.evolve(row, gross=row.gross + row.fee, net=row.net + row.fee))

    hand.rewrite("settlements", settled_row(hand), more)


def m9_payment(hand):
    """The payment that a row settled never came: more was cleared than there was."""
    intent = hand.load("settlements", settled_row(hand))[0].operation_id.partition(".")[0]

    def failed(event):
        if isinstance(event, Observed):
            return attrs.evolve(event, observation=attrs.evolve(event.observation, state=EffectState.FAILED))
        return event

    hand.rewrite("intents", intent, failed)


def m10(hand):
    """What an order in dollars is worth in the books is gone."""
    id = order_by(hand, "web-usd").id
    hand.do("DELETE FROM tokolib_ledger WHERE name = 'book_money' AND refers_to = ?", id)


def m10_rate(hand):
    """An order is stated at another rate than it was posted by."""

    def dearer(order):
        return attrs.evolve(order, book_rate=attrs.evolve(order.book_rate, value=order.book_rate.value + 1))

    in_request(hand, "web-usd", dearer)


def m10_currency(hand):
    """A sale in rupiah keeps accounts as if it had a rate."""
    in_request(hand, "web-cash", lambda order: attrs.evolve(order, accounts=(("sales", -1),)))


def m10_settled(hand):
    """A row says that more of its order had been settled before it than was."""
    (id,) = (each for each in hand.ids("settlements") if hand.load("settlements", each)[0].frozen is not None)
    hand.rewrite("settlements", id, lambda event: attrs.evolve(event, frozen=attrs.evolve(event.frozen, before=70)))


def m10_exchange(hand):
    """A gain that no row tells of."""
    hand.do("UPDATE tokolib_ledger SET account = 'exchange' WHERE name = 'book_money' AND account = 'sales'")


def m11(hand):
    """A row says that it came with a line that nobody matched it with."""
    other = next(id for id in hand.ids("settlements") if hand.load("settlements", id)[0].frozen is not None)
    hand.add("settlements", other, PayoutReceived(by=hand.ids("bank_lines")[0]))


def m11_line(hand):
    """A line was matched twice, with the same rows."""
    entry = hand.load("bank_lines", hand.ids("bank_lines")[0])[0]
    twice = attrs.evolve(entry.match, settlements=entry.match.settlements * 2)

    def forged(event):
        return attrs.evolve(event, match=twice) if isinstance(event, BankLineMatched) else event

    hand.rewrite("bank_lines", entry.id, forged)


def m9_bank(hand):
    """The bank brought less than the provider had paid out by these rows."""
    entry = hand.load("bank_lines", hand.ids("bank_lines")[0])[0]
    ((provider, units),) = entry.match.payouts
    less = attrs.evolve(entry.match, payouts=((provider, units - 1),))

    def forged(event):
        return attrs.evolve(event, match=less) if isinstance(event, BankLineMatched) else event

    hand.rewrite("bank_lines", entry.id, forged)


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


def s6(hand):
    """Goods that a transfer has on its way are in transit no longer."""
    hand.do("UPDATE tokolib_stock SET on_hand = on_hand - 1 WHERE resource LIKE '%|transit' AND on_hand > 0")


def s6_nowhere(hand):
    """The level of what is in transit is gone, and a transfer waits for it."""
    hand.do("DELETE FROM tokolib_stock WHERE resource LIKE '%|transit' AND on_hand > 0")


def s7(hand):
    """The movement that a count has posted was made for another count, and no count has posted it."""
    row = hand.rows("SELECT id FROM tokolib_doc_counts WHERE state = 'posted'")[0]
    hand.do("UPDATE tokolib_ledger SET refers_to = 'cnt_x' WHERE name = 'stock' AND refers_to = ?", row["id"])


def s7_open(hand):
    """A SKU is on an open count, and another one could be opened for it."""
    hand.do("UPDATE tokolib_counter SET value = 0 WHERE name LIKE 'counting.%' AND value = 1")


def s8(hand):
    """One more is here of a lot than its movements say, and than there is of its SKU."""
    hand.do("UPDATE tokolib_stock SET on_hand = on_hand + 1 WHERE resource = 'main|susu|#L2'")


def s8_swapped(hand):
    """A shipment carries another lot than it did: every sum is right, and the order has other goods."""
    hand.do(
        "UPDATE tokolib_ledger SET refers_to = 'shp_x' WHERE name = 'lots' AND kind = 'ship' AND account LIKE '%L1'"
    )


def s8_lost(hand):
    """The level of a lot is gone."""
    hand.do("DELETE FROM tokolib_stock WHERE resource = 'main|susu|damaged#L2'")


def s9(hand):
    """What came for an expected receipt is said to have come by itself."""
    hand.do("UPDATE tokolib_ledger SET refers_to = 'PO-1' WHERE name = 'stock' AND refers_to LIKE 'exp_%'")


def s10(hand):
    """More may be promised beyond the stock than anybody has allowed."""
    hand.do("UPDATE tokolib_stock SET on_hand = on_hand + 1 WHERE resource = 'main|susu|backorder'")


def s10_lost(hand):
    """What may be promised is gone, and its backorder tells of it."""
    hand.do("DELETE FROM tokolib_stock WHERE resource = 'main|susu|backorder'")


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


def o4(hand):
    """Goods are under no rule of a policy that has one for all goods."""
    policy = ReturnPolicy(rules=(ReturnRule(code="sale", final_sale=True),))
    in_request(hand, "web-cash", lambda order: attrs.evolve(order, return_policy=policy))


def o3_quote(hand):
    """The quote says another amount than its hash."""
    order = order_by(hand, "web-cash")
    quote, seq = hand.load("quotes", order.quote_id)
    line = attrs.evolve(quote.lines[0], total=quote.lines[0].total + 1)
    hand.put("quotes", quote.id, attrs.evolve(quote, lines=(line,)), seq)


def d1(hand):
    """A return keeps a fee of which its order knows nothing."""
    part = Withheld(kind="restocking", label="Fee", line_id="", asked=1, amount=1, tax=FeeTax.AS_GOODS)
    id = next(id for id in hand.ids("returns") if hand.load("returns", id)[0].refund is not None)

    def kept(event):
        if not isinstance(event, ReturnAccepted):
            return event
        own = attrs.evolve(part, line_id=event.lines[0].run.line_id)
        return attrs.evolve(event, refund=attrs.evolve(event.refund, deductions=(own,)))

    hand.rewrite("returns", id, kept)


def d2(hand):
    """Whoever asked for a return has approved it."""

    def approved(event):
        if not isinstance(event, ReturnRequested):
            return event
        asked = event.goods
        return attrs.evolve(event, goods=attrs.evolve(asked, approval=Approval(asked.requested_by, asked.requested_at)))

    hand.rewrite("returns", hand.ids("returns")[0], approved)


def q1(hand):
    """An accepted offer is said to be another order."""
    other = order_by(hand, "web-cash").id

    def through(event):
        return attrs.evolve(event, order_id=other) if isinstance(event, OfferAccepted) else event

    hand.rewrite("offers", offer_in(hand, OfferState.ACCEPTED).id, through)


def q1_figures(hand):
    """A version of an offer says a rupiah less than its quote."""

    def through(event):
        if not isinstance(event, OfferDrafted):
            return event
        (first,) = event.offer.versions
        cheaper = (attrs.evolve(first, total=first.total - IDR(1)),)
        return attrs.evolve(event, offer=attrs.evolve(event.offer, versions=cheaper))

    hand.rewrite("offers", offer_in(hand, OfferState.SENT).id, through)


def q1_held(hand):
    """What is put aside for an offer outlasts it."""
    (id,) = offer_in(hand, OfferState.SENT).holds
    hand.do("UPDATE tokolib_hold SET until = until + 1000000 WHERE id = ?", id)


def q2(hand):
    """An order from elsewhere is said to have cost a rupiah more there, and so is its total."""
    (id,) = hand.ids("foreign_orders")
    taken, seq = hand.load("foreign_orders", id)
    dearer = tuple(attrs.evolve(each, theirs=each.theirs + 1) for each in taken.figures)
    hand.put("foreign_orders", id, attrs.evolve(taken, total=taken.total + 1, figures=dearer), seq)


def q2_difference(hand):
    """What an order from elsewhere differs by is told as a rupiah less."""
    (id,) = hand.ids("foreign_orders")
    taken, seq = hand.load("foreign_orders", id)
    hand.put("foreign_orders", id, attrs.evolve(taken, difference=taken.difference - 1), seq)


def offer_in(hand, state):
    """The offer in that state."""
    return next(offer for id in hand.ids("offers") if (offer := hand.load("offers", id)[0]).state is state)


def x1(hand):
    """A charge was sent with a key that isn't its own."""

    def other(event):
        key = event.operation.key.replace(".1.1", ".1.2")
        return attrs.evolve(event, operation=attrs.evolve(event.operation, key=key))

    def answered(event):
        return other(event) if isinstance(event, OperationRequested) else seen(event, key="")

    in_payment(hand, "web-fake", answered, (OperationRequested, Observed))


def x1_attempt(hand):
    """A second attempt, while nobody knows what became of the first."""

    def second(event):
        if isinstance(event, Observed):
            return seen(event, key="")
        key = event.operation.key.replace(".1.1", ".1.2")
        return attrs.evolve(event, operation=attrs.evolve(event.operation, key=key, attempt=2))

    in_payment(hand, "web-fake", second, (OperationRequested, Observed))


def x1_two_charges(hand, kind=EffectKind.CHARGE):
    """A charge was asked for while another could still succeed."""
    intent, _ = hand.load("intents", order_by(hand, "web-open").intent_id)
    wish = request(intent, kind, "fake", intent.amount, at=intent.opened_at, epoch=0)
    hand.add("intents", intent.id, OperationRequested(wish))


def x1_two_reservations(hand):
    """Money was to be reserved while a charge could still succeed."""
    x1_two_charges(hand, EffectKind.AUTHORISE)


def x1_epoch(hand):
    """A refund has a key of an epoch that never began."""
    intent, _ = hand.load("intents", order_by(hand, "web-cash").intent_id)
    paid = charge_of(intent)
    wish = request(intent, EffectKind.REFUND, "cash", IDR(1), at=intent.opened_at, epoch=7, about=paid.id)
    hand.add("intents", intent.id, OperationRequested(wish))


def x1_forgotten(hand):
    """What was known of a charge is forgotten: it is asked for as if for the first time."""
    intent, _ = hand.load("intents", order_by(hand, "web-fake").intent_id)
    events = [event for event in hand.events("intents", intent.id) if isinstance(event, OperationRequested)]
    hand.add("intents", intent.id, *events)


def x2(hand):
    """A key leads to another order."""
    other = order_by(hand, "web-cash").id.encode()
    hand.do("UPDATE tokolib_key SET result = ? WHERE key = 'web-cod'", other)


def x3(hand):
    """A message about another amount was taken for this charge's."""
    in_payment(hand, "web-fake", lambda event: seen(event, amount=event.observation.amount + event.observation.amount))


def x3_twice(hand):
    """The same word of a provider was counted twice."""
    intent, _ = hand.load("intents", order_by(hand, "web-fake").intent_id)
    (*_, last) = [event for event in hand.events("intents", intent.id) if isinstance(event, Observed)]
    hand.add("intents", intent.id, last)


def x3_reference(hand):
    """A provider's reference leads to another payment."""
    other = order_by(hand, "web-cash").intent_id.encode()
    hand.do("UPDATE tokolib_key SET result = ? WHERE scope = 'payments.reference:fake'", other)


def x3_inbox(hand):
    """Nobody knows what became of a message."""
    hand.do("UPDATE tokolib_key SET result = x'' WHERE scope = 'webhook:fake'")


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


def in_filing(hand, change):
    """Forge what a tax provider was told."""
    hand.rewrite("tax_filings", hand.ids("tax_filings")[0], change)


def i5(hand):
    """A tax provider was told of a rupiah more than the invoice states."""

    def more(event):
        if not isinstance(event, FilingOpened):
            return event
        line = attrs.evolve(event.document.lines[0], net=event.document.lines[0].net + 1)
        return attrs.evolve(event, document=attrs.evolve(event.document, lines=(line, *event.document.lines[1:])))

    in_filing(hand, more)


def i5_note(hand):
    """A tax provider was told that more went back than the credit note states."""

    def more(event):
        if not isinstance(event, NoteFiled):
            return event
        (each,) = event.note.slices
        taxes = (each.taxes[0] + 1, *each.taxes[1:])
        return attrs.evolve(event, note=attrs.evolve(event.note, slices=(attrs.evolve(each, taxes=taxes),)))

    in_filing(hand, more)


def i5_forgotten(hand):
    """A tax provider was told of another credit note than there is."""

    def another(event):
        return (
            attrs.evolve(event, note=attrs.evolve(event.note, number="CN/1")) if isinstance(event, NoteFiled) else event
        )

    in_filing(hand, another)


def x1_filed(hand):
    """A document was filed under a key that nobody makes."""

    def renamed(event):
        if not isinstance(event, FilingRequested):
            return event
        return attrs.evolve(event, operation=attrs.evolve(event.operation, key="free"))

    in_filing(hand, renamed)


def a1(hand):
    """Nobody says who paid."""
    hand.rewrite("intents", order_by(hand, "web-cash").intent_id, lambda event: event, by="")


def l3(hand):
    """Goods of a placed order that no hold stands for."""

    def forgotten(event):
        return attrs.evolve(event, holds=event.holds[1:]) if isinstance(event, GoodsShipped) else event

    hand.rewrite("orders", order_by(hand, "web-cod").id, forgotten)


def l3_waits(hand):
    """Units of a line wait for stock, and the order has no promise of them."""

    def unpromised(event):
        if not isinstance(event, OrderPlaced):
            return event
        return attrs.evolve(event, holds=tuple(id for id in event.holds if not id.endswith("|backorder")))

    hand.rewrite("orders", order_by(hand, "web-waits").id, unpromised)


def s5_waits(hand):
    """An order has a promise of units, and none of its lines waits for any."""

    def there(order):
        line = order.lines[0]
        return attrs.evolve(
            order, lines=(attrs.evolve(line, line=attrs.evolve(line.line, awaited=()), awaited=()), *order.lines[1:])
        )

    in_request(hand, "web-waits", there)


def f1(hand):
    """A shipment has claimed a unit that its order knows nothing of."""

    def more(event):
        if not isinstance(event, ShipmentPlanned):
            return event
        run = event.shipment.runs[0]
        return attrs.evolve(
            event, shipment=attrs.evolve(event.shipment, runs=(attrs.evolve(run, beyond=run.beyond + 1),))
        )

    hand.rewrite("shipments", a_shipment(hand, ShipmentState.PLANNED), more)


def f1_another(hand):
    """A shipment has claimed another unit than its order says, and as many."""

    def other(event):
        if not isinstance(event, GoodsPlanned):
            return event
        (run,) = event.runs
        return attrs.evolve(event, runs=(attrs.evolve(run, first=run.first - 1, beyond=run.beyond - 1),))

    hand.rewrite("orders", order_by(hand, "web-cod").id, other)


def f1_astray(hand):
    """What came back of a shipment was made good, and its order still waits for somebody to decide."""
    hand.add("shipments", a_shipment(hand, ShipmentState.RETURNED), ShipmentRemedied(Remedy.REFUND))


def f2(hand):
    """A parcel holds a unit less than was put into it."""

    def lighter(event):
        if not isinstance(event, ShipmentPacked):
            return event
        first, run = event.parcels[0], event.parcels[0].runs[0]
        return attrs.evolve(event, parcels=(attrs.evolve(first, runs=(attrs.evolve(run, first=run.first + 1),)),))

    hand.rewrite("shipments", a_shipment(hand, ShipmentState.PACKED), lighter)


def exchange_in(hand, state):
    """The exchange that is in a state."""
    return next(each for id in hand.ids("exchanges") if (each := hand.load("exchanges", id)[0]).state is state)


def stepwise(hand):
    """The return of which one unit is back on the shelf, one is damaged, and one was refused."""
    return next(each for id in hand.ids("returns") if len((each := hand.load("returns", id)[0]).lines) == 2)


def b1(hand):
    """A return has brought another unit than its order says."""

    def another(event):
        if not isinstance(event, ReturnAccepted):
            return event
        line = event.lines[0]
        run = attrs.evolve(line.run, first=3, beyond=4)
        return attrs.evolve(event, lines=(attrs.evolve(line, run=run), *event.lines[1:]))

    hand.rewrite("returns", stepwise(hand).id, another)


def b1_twice(hand):
    """A unit of an order is credited with two returns."""
    order = hand.load("orders", stepwise(hand).order_id)[0]
    again = Run(order.lines[0].id, 0, 1)
    hand.add("orders", order.id, GoodsReturned("ret_forged", (again,), False, 0))


def b2(hand):
    """A unit that was refused is credited."""

    def refused(event):
        if not isinstance(event, ReturnInspected):
            return event
        first = attrs.evolve(event.inspection.lines[0], disposition=Disposition.REFUSED)
        lines = (first, *event.inspection.lines[1:])
        return attrs.evolve(event, inspection=attrs.evolve(event.inspection, lines=lines))

    hand.rewrite("returns", stepwise(hand).id, refused)


def b2_never_came(hand):
    """More was inspected than came in."""

    def fewer(event):
        if not isinstance(event, ReturnReceived):
            return event
        run = event.receipt.runs[0]
        runs = (attrs.evolve(run, beyond=run.beyond - 1),)
        return attrs.evolve(event, receipt=attrs.evolve(event.receipt, runs=runs))

    hand.rewrite("returns", stepwise(hand).id, fewer)


def b3(hand):
    """A customer agreed to keep a cup for a rupiah more than the order has allowed."""

    def larger(event):
        if not isinstance(event, ReturnProposed):
            return event
        return attrs.evolve(event, proposal=attrs.evolve(event.proposal, amount=event.proposal.amount + IDR(1)))

    kept = next(id for id in hand.ids("returns") if hand.load("returns", id)[0].state is ReturnState.SETTLED)
    hand.rewrite("returns", kept, larger)


def s5_shelf(hand):
    """What is said to have come back damaged was put on the shelf."""

    def sound(event):
        if not isinstance(event, ReturnAccepted):
            return event
        lines = (attrs.evolve(line, disposition=Disposition.RESTOCK) for line in event.lines)
        return attrs.evolve(event, lines=tuple(lines))

    hand.rewrite("returns", stepwise(hand).id, sound)


def c1(hand):
    """What is held for an exchange that waits for its goods was given to nobody, and is free."""
    [row] = hand.rows("SELECT * FROM tokolib_hold WHERE owner LIKE 'exc_%' AND state = 'leased'")
    hand.do("UPDATE tokolib_hold SET state = 'released' WHERE id = ?", row["id"])
    hand.do("UPDATE tokolib_stock SET held = held - ? WHERE resource = ?", row["quantity"], row["resource"])


def c1_strange(hand):
    """A hold is for an exchange that never was."""
    [row] = hand.rows("SELECT id, owner FROM tokolib_hold WHERE owner LIKE 'exc_%' AND state = 'leased'")
    renamed = row["id"].replace(row["owner"], "exc_x")
    hand.do("UPDATE tokolib_hold SET owner = 'exc_x', id = ? WHERE id = ?", renamed, row["id"])


def c1_ended(hand):
    """An exchange was cancelled, and its replacement is held all the same."""
    waiting = exchange_in(hand, ExchangeState.REQUESTED)
    hand.add("exchanges", waiting.id, ExchangeCancelled(waiting.requested_at, "forged"))


def c2(hand):
    """An even exchange is said to have cost a rupiah more."""

    def dearer(event):
        if not isinstance(event, ExchangeCompleted):
            return event
        said = event.settlement
        return attrs.evolve(event, settlement=attrs.evolve(said, added=said.added + IDR(1)))

    hand.rewrite("exchanges", exchange_in(hand, ExchangeState.COMPLETED).id, dearer)


def c2_return(hand):
    """The return of an exchange that is done is said to be one by itself."""

    def apart(event):
        return attrs.evolve(event, goods=attrs.evolve(event.goods, part_of="")) if is_part(event) else event

    def is_part(event):
        return isinstance(event, ReturnRequested) and event.goods.part_of

    hand.rewrite("returns", exchange_in(hand, ExchangeState.COMPLETED).return_id, apart)


def c2_open_return(hand):
    """The return of an exchange that is still open is said to be one by itself."""

    def apart(event):
        return attrs.evolve(event, goods=attrs.evolve(event.goods, part_of=""))

    hand.rewrite("returns", exchange_in(hand, ExchangeState.REQUESTED).return_id, apart)


def c2_replaced(hand):
    """One unit more is said to have replaced the goods than is in the order."""

    def more(event):
        if not isinstance(event, ExchangeCompleted):
            return event
        first, *rest = event.settlement.replacements
        said = (attrs.evolve(first, steps=first.steps + 1), *rest)
        return attrs.evolve(event, settlement=attrs.evolve(event.settlement, replacements=said))

    hand.rewrite("exchanges", exchange_in(hand, ExchangeState.COMPLETED).id, more)


def claim_for(hand, remedy):
    """The claim that is to be made up for so."""
    return next(each for id in hand.ids("claims") if (each := hand.load("claims", id)[0]).remedy is remedy)


def c3(hand):
    """A claim was approved, and the return that credits it is said to be none."""

    def forgotten(event):
        return attrs.evolve(event, return_id=None) if isinstance(event, ClaimApproved) else event

    hand.rewrite("claims", claim_for(hand, ClaimRemedy.REFUND).id, forgotten)


def c3_amount(hand):
    """A claim is of a rupiah more than its order has allowed for it."""

    def larger(event):
        if not isinstance(event, ClaimOpened):
            return event
        return attrs.evolve(event, claim=attrs.evolve(event.claim, amount=event.claim.amount + IDR(1)))

    hand.rewrite("claims", claim_for(hand, ClaimRemedy.ALLOWANCE).id, larger)


def c3_exchange(hand):
    """A claim is to be made up for by a replacement, and none is known to be held for it."""

    def unheld(event):
        if not isinstance(event, ClaimOpened):
            return event
        return attrs.evolve(event, claim=attrs.evolve(event.claim, exchange_id=None))

    hand.rewrite("claims", claim_for(hand, ClaimRemedy.REPLACEMENT).id, unheld)


def f3(hand):
    """A label was bought under a key that nobody makes."""

    def renamed(event):
        if not isinstance(event, LabelWished):
            return event
        wish = attrs.evolve(event.label.buying, key="free")
        return attrs.evolve(event, label=attrs.evolve(event.label, buying=wish))

    hand.rewrite("labels", hand.ids("labels")[0], renamed)


def f3_cost(hand):
    """The cost ledger has a rupiah more than a label costs."""
    hand.do("UPDATE tokolib_ledger SET amount = amount + 1 WHERE name = 'carriage' AND amount > 0")


def f3_cash(hand):
    """A courier was told to collect a rupiah that the shipment knows nothing of."""

    def dearer(event):
        if not isinstance(event, LabelWished):
            return event
        request = attrs.evolve(event.label.request, cod=IDR(1))
        return attrs.evolve(event, label=attrs.evolve(event.label, request=request))

    hand.rewrite("labels", standing_label(hand), dearer)


def f3_strange(hand):
    """A shipment names the label of another parcel."""

    def moved(event):
        return attrs.evolve(event, label=attrs.evolve(event.label, parcel=9)) if hasattr(event, "label") else event

    hand.rewrite("labels", standing_label(hand), moved)


def standing_label(hand):
    """The first label that its shipment names."""
    known = [hand.load("shipments", id)[0] for id in hand.ids("shipments")]
    return next(kept.label_id for each in known for kept in each.labels)


def f3_twice(hand):
    """A label was to be given back twice, though nobody had refused it before."""
    label, _ = hand.load("labels", hand.ids("labels")[0])
    wishes = []
    for number in (2, 3):
        id = operation_id(label.id, number)
        wish = attrs.evolve(label.buying, id=id, kind=EffectKind.LABEL_VOID, key=idempotency_key(id, 1))
        wishes.append(LabelVoidWished(attrs.evolve(wish, standing=EffectState.REQUESTED)))
    hand.add("labels", label.id, *wishes)


def f3_pickup(hand):
    """A pickup is billed, and the cost ledger has nothing of it."""

    def priced(event):
        if not isinstance(event, PickupObserved):
            return event
        details = (("currency", "IDR"), ("price", "5000"), *event.observation.details)
        return attrs.evolve(event, observation=attrs.evolve(event.observation, details=details))

    hand.rewrite("pickups", hand.ids("pickups")[0], priced)


def f4(hand):
    """A shipment names a pickup that doesn't fetch it."""

    def another(event):
        if not isinstance(event, PickupWished):
            return event
        return attrs.evolve(event, pickup=attrs.evolve(event.pickup, shipments=("shp_other",)))

    hand.rewrite("pickups", hand.ids("pickups")[0], another)


def f5(hand):
    """A manifest lists a shipment that did not leave with it."""

    def more(event):
        listed = event.manifest.parcels
        return attrs.evolve(
            event,
            manifest=attrs.evolve(event.manifest, parcels=(*listed, attrs.evolve(listed[0], shipment_id="shp_other"))),
        )

    hand.rewrite("manifests", hand.ids("manifests")[0], more)


def return_labels_of(hand):
    """The two labels of one return, the first one first."""
    both = [hand.load("return_labels", id)[0] for id in hand.ids("return_labels")]
    return sorted(both, key=lambda each: each.runs[0].first)


def f3_return_label(hand):
    """A return label is billed a rupiah more than the cost ledger has of it."""

    def dearer(event):
        if not isinstance(event, ReturnLabelObserved):
            return event
        said = {**dict(event.observation.details), "price": "9001"}
        return attrs.evolve(event, observation=attrs.evolve(event.observation, details=tuple(sorted(said.items()))))

    hand.rewrite("return_labels", return_labels_of(hand)[0].id, dearer)


def f7(hand):
    """A return names another label than the one that was bought for it."""
    first = return_labels_of(hand)[0]

    def another(event):
        mine = isinstance(event, ReturnLabelAsked) and event.label_id == first.id
        return attrs.evolve(event, label_id="rlb_other") if mine else event

    hand.rewrite("returns", first.return_id, another)


def f7_astray(hand):
    """A label is of a return that is not there."""

    def astray(event):
        if not isinstance(event, ReturnLabelWished):
            return event
        return attrs.evolve(event, label=attrs.evolve(event.label, return_id="ret_other"))

    hand.rewrite("return_labels", return_labels_of(hand)[0].id, astray)


def f7_twice(hand):
    """Units are sent with two labels that both stand."""
    first, second = return_labels_of(hand)

    def doubled(event):
        if not isinstance(event, ReturnLabelWished):
            return event
        return attrs.evolve(event, label=attrs.evolve(event.label, runs=first.runs))

    hand.rewrite("return_labels", second.id, doubled)


def f7_unnamed(hand):
    """A label was bought, and its courier has told no name for it."""

    def unnamed(event):
        if not isinstance(event, ReturnLabelObserved):
            return event
        said = tuple(pair for pair in event.observation.details if pair[0] != "reference")
        return attrs.evolve(event, observation=attrs.evolve(event.observation, reference="", details=said))

    hand.rewrite("return_labels", return_labels_of(hand)[0].id, unnamed)


def k1(hand):
    """A licence that a customer has was never granted to anybody."""
    granted = next(id for id in hand.ids("licences") if len(hand.events("licences", id)) > 1)

    def elsewhere(event):
        if not isinstance(event, LicenceGranted):
            return event
        return attrs.evolve(event, grant=attrs.evolve(event.grant, line_id="lin_other"))

    hand.rewrite("licences", granted, elsewhere)


def lot_of(hand, *, granted):
    """The licence that a customer has, or one of the pool, and the lot that is its serial."""
    known = [hand.load("licences", id)[0] for id in hand.ids("licences")]
    licence = next(each for each in known if (each.state is LicenceState.GRANTED) is granted)
    return licence, lot_id(licence.key, licence.code)


def k2(hand):
    """A customer has a licence that never left the shelf."""
    _, lot = lot_of(hand, granted=True)
    hand.rewrite("lots", lot, lambda event: LotBlocked("kept") if isinstance(event, LotLeft) else event)


def k2_serial(hand):
    """A licence is a serial like any other to the stock."""
    _, lot = lot_of(hand, granted=False)
    hand.rewrite(
        "lots", lot, lambda event: attrs.evolve(event, tracked="serial") if hasattr(event, "tracked") else event
    )


def k2_ended(hand):
    """A licence that was revoked is sold on from the shelf."""
    licence, _ = lot_of(hand, granted=False)
    ended = attrs.evolve(licence, version=1, state=LicenceState.REVOKED)
    hand.rewrite("licences", licence.id, lambda event: attrs.evolve(event, licence=ended))


def f6(hand):
    """A shipment is ready for whoever shows no code at all."""

    def open_to_all(event):
        return attrs.evolve(event, code="") if isinstance(event, ShipmentReady) else event

    hand.rewrite("shipments", a_shipment(hand, ShipmentState.READY), open_to_all)


def a_shipment(hand, state):
    """The first one in a state, of those that nobody has made good."""
    known = [hand.load("shipments", id)[0] for id in hand.ids("shipments")]
    return next(each.id for each in known if each.state is state and each.remedy is None)


def e1(hand):
    """An event has no outbox row."""
    hand.do("DELETE FROM tokolib_outbox WHERE event_id = (SELECT event_id FROM tokolib_outbox LIMIT 1)")


def r1(hand):
    """A row is filed under what it isn't."""
    hand.do("UPDATE tokolib_doc_orders SET state = 'completed' WHERE state = 'placed'")


VIOLATIONS = (
    *(m1, m2, m3, m3_parts, m4, m4_reserved, m4_lost, m6, m7, m8, m8_payment),
    *(m5, m5_asked, m5_reserved, m5_written_off, m5_kept, m5_tolerance, m5_still_asked, m5_allowance, m5_credited),
    *(m9, m9_row, m9_payment, m10, m10_rate, m10_currency, m10_settled, m10_exchange),
    *(m11, m11_line, m9_bank),
    *(m12, m12_goods, m12_told, m12_called, m12_kept),
    *(b1, b1_twice, b2, b2_never_came, b3, s5_shelf),
    *(c1, c1_strange, c1_ended, c2, c2_return, c2_open_return, c2_replaced, c3, c3_amount, c3_exchange),
    *(
        f1,
        f1_another,
        f1_astray,
        f2,
        f3,
        f3_cost,
        f3_cash,
        f3_strange,
        f3_twice,
        f3_pickup,
        f3_return_label,
        f4,
        f5,
        f6,
    ),
    *(f7, f7_astray, f7_twice, f7_unnamed, k1, k2, k2_serial, k2_ended),
    *(
        s1,
        s2,
        s3,
        s4,
        s5,
        s6,
        s6_nowhere,
        s7,
        s7_open,
        s8,
        s8_swapped,
        s8_lost,
        s9,
        s10,
        s10_lost,
        o1,
        o2,
        o2_written_off,
        o3,
        o4,
        d1,
        d2,
        o3_quote,
        q1,
        q1_figures,
        q1_held,
        q2,
        q2_difference,
    ),
    *(x1, x1_attempt, x1_filed, x1_two_charges, x1_two_reservations, x1_epoch, x1_forgotten),
    *(x2, x3, x3_twice, x3_reference, x3_inbox, x4),
    *(i1, i2, i2_totals, i2_line, i3, i3_note, i3_invoice, i3_paid, i4, i5, i5_note, i5_forgotten),
    *(a1, l3, l3_waits, s5_waits, e1, r1),
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


@pytest.mark.parametrize(
    ("violate", "found"),
    [
        (m4_lost, "lost 1, its payments say 0"),
        (m5_reserved, "75001 captured of 75000 reserved"),
        (m5_allowance, "what is gone takes 0 of its allowances along, and its part of them is 2307"),
        (l3_waits, "holds 0 of main|roti|backorder, has 2 to ship"),
        (s5_waits, "holds 2 of main|roti|backorder, has 0 to ship"),
    ],
    ids=["m4_lost", "m5_reserved", "m5_allowance", "l3_waits", "s5_waits"],
)
def test_a_figure_that_differs_is_told_with_the_one_it_should_be(hand, violate, found):
    """Another line of the same promise may be broken as well: this is the one that names both figures."""
    violate(hand)

    assert found in [each.found for each in hand.verify().violations]


def test_a_lived_shop_is_sound(hand):
    """The file that the other tests break is unbroken, and holds every kind of row."""
    report = hand.verify()
    assert report.ok, [str(each) for each in report.violations]
    assert str(report) == "verify: OK"
    assert [each.promise for each in report.alarms] == ["L2"]
    kinds = dict(report.checked)
    assert set(kinds) == {
        "aggregates", "bank lines", "claims", "counters", "documents", "events", "fiscal documents", "gift cards",
        "grants of store credit",
        "costs of carriage", "exchanges", "holds", "keys", "labels", "levels", "licences", "lot movements", "manifests",
        "movements",
        "numbers", "orders", "payment plans", "pickups", "postings", "postings in the currency of the books",
        "return labels", "returns", "settlements", "tax filings", "uses",
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


def test_a_unit_that_leaves_from_two_places_is_found(hand):
    """A source that claims a unit of another, with every checksum right."""
    order = order_by(hand, "web-cod")
    both = tuple(
        line_sources.Source(LocationId(where), UnitSet.whole(order.lines[0].units)) for where in ("main", "toko")
    )

    def torn(event):
        if isinstance(event, OrderRequested):
            first, *others = event.order.lines
            return attrs.evolve(
                event, order=attrs.evolve(event.order, lines=(attrs.evolve(first, sources=both), *others))
            )
        return event

    hand.rewrite("orders", order.id, torn)
    assert any("or from two" in each.found for each in hand.verify().violations)


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
