"""Cash, bank transfer, cash on delivery: money that people handle."""

from functools import partial

import pytest

from tokolib.effects.model import EffectState
from tokolib.kernel.errors import InvalidInput, KeyReused, NotFound
from tokolib.kernel.explain import sentence
from tokolib.kernel.formats import show
from tokolib.kernel.money import IDR, LARGEST, USD
from tokolib.kernel.money_errors import CurrencyMismatch, NotMoney
from tokolib.payments import errors, provider_errors, steps
from tokolib.payments.next_action import ActionKind, next_action
from tokolib.payments.states import Closing, IntentState
from tokolib.payments.tenders import tender
from tokolib.payments.wording import WORDING


def test_cash_settles_while_the_order_is_placed(till):
    """A cash order is captured in the unit that opens its intent."""
    intent = till.open(by="cash")

    assert intent.state is IntentState.CAPTURED
    assert intent.captured == IDR(100_000)
    assert till.desk.posted["captured"] == 100_000
    assert till.replayed(intent) == till.intent() == intent


def test_a_transfer_waits_for_the_cashiers_word(till):
    """Nothing is captured until somebody says that the transfer arrived."""
    intent = till.open(by="bank_transfer", due_until=till.clock.now(), account="BCA 123 a.n. Kedai")
    action = next_action(intent, "Asia/Jakarta", intent.opened_at)

    assert intent.state is IntentState.AWAITING_CUSTOMER
    assert (action.kind, action.amount, action.account) == (ActionKind.TRANSFER, IDR(100_000), "BCA 123 a.n. Kedai")
    assert action.reason.code == "payments.transfer_until"
    assert sentence(action.reason, WORDING["id"], partial(show, locale="id")) == (
        "Transfer tepat Rp100.000 ke BCA 123 a.n. Kedai paling lambat 31 Jan 2026 09.00 (Asia/Jakarta)"
    )

    paid = till.payments.received("ord_1", IDR(100_000), reference="mutasi-77")
    assert paid.state is IntentState.CAPTURED
    assert next_action(paid, "Asia/Jakarta", paid.opened_at).kind is ActionKind.NONE


def test_cod_is_open_until_the_courier_brings_the_cash(till):
    """Cash on delivery is placed unpaid, and captured when the courier's cash arrived."""
    intent = till.open(by="cod")

    assert intent.state is IntentState.OPEN
    assert till.payments.next_action(intent.order_id).kind is ActionKind.PAY_IN_CASH
    assert till.payments.received("ord_1", IDR(100_000)).state is IntentState.CAPTURED


def test_a_total_of_zero_is_settled_by_nothing(till):
    """A free order is captured from the start, whatever its tender, and asks no gateway."""
    intent = till.open(IDR(0), by="fake")

    assert (intent.tender, intent.state, intent.operations) == ("free", IntentState.CAPTURED, ())
    with pytest.raises(errors.NotLocal):
        till.payments.received("ord_1", IDR(1))


def test_the_same_reference_counts_once(till):
    """A bank's reference names one payment: said twice, by key or by reference, it counts once."""
    till.open(by="bank_transfer")

    till.payments.received("ord_1", IDR(40_000), reference="m-1", key="a")
    till.payments.received("ord_1", IDR(40_000), reference="m-1", key="a")
    again = till.payments.received("ord_1", IDR(40_000), reference="m-1")

    assert again.captured == IDR(40_000)
    assert again.outstanding == IDR(60_000)
    assert again.state is IntentState.PARTIALLY_PAID


def test_without_a_reference_each_receipt_is_a_payment_of_its_own(till):
    """Two receipts of the same amount are two payments when nothing names them."""
    till.open(by="bank_transfer")

    till.payments.received("ord_1", IDR(50_000))

    assert till.payments.received("ord_1", IDR(50_000)).state is IntentState.CAPTURED


def test_a_reference_with_another_amount_is_refused(till):
    """One reference can't have paid two amounts; nothing of the second word is stored."""
    till.open(by="bank_transfer")
    before = till.payments.received("ord_1", IDR(40_000), reference="m-1")

    with pytest.raises(errors.Contradiction) as caught:
        till.payments.received("ord_1", IDR(50_000), reference="m-1")

    assert caught.value.reason == "effects.other_amount"
    assert till.intent() == before


def test_one_reference_pays_one_order(till):
    """A transfer that has paid an order can't pay a second one; a part with its own name, or another method, can."""
    till.open(by="bank_transfer")
    before = till.open(by="bank_transfer", order="ord_2")
    till.payments.received("ord_1", IDR(100_000), reference="row 17")

    with pytest.raises(errors.ReferenceTaken, match="bank_transfer 'row 17' has paid order ord_1 already") as caught:
        till.payments.received("ord_2", IDR(100_000), reference="row 17", key="k")

    assert ("ord_2", "ord_1", 409) == (caught.value.order_id, caught.value.taken_by, caught.value.status)
    assert "name each part" in caught.value.hint
    assert before == till.intent("ord_2")
    till.payments.received("ord_2", IDR(60_000), reference="row 17, part 2", key="k")
    paid = till.payments.received("ord_2", IDR(40_000), method="cash", reference="row 17")
    assert paid.state is IntentState.CAPTURED


def test_a_refused_payment_leaves_its_reference_free(till):
    """What contradicts the first order's books stores nothing: its reference can still pay the right order."""
    till.open(by="bank_transfer")
    till.open(by="bank_transfer", order="ord_2")

    with pytest.raises(errors.InvalidAmount):
        till.payments.received("ord_1", IDR(0), reference="row 18")

    assert till.payments.received("ord_2", IDR(100_000), reference="row 18").state is IntentState.CAPTURED


@pytest.mark.parametrize(
    ("amount", "method", "error"),
    [
        (IDR(0), None, errors.InvalidAmount),
        (IDR(-1), None, errors.InvalidAmount),
        (USD("1.00"), None, CurrencyMismatch),
        (IDR(1), "fake", errors.NotLocal),
    ],
)
def test_money_that_cannot_have_arrived_is_refused(till, amount, method, error):
    """A receipt is more than zero, of the order's currency, by a method that people handle."""
    before = till.open(by="bank_transfer")

    with pytest.raises(error):
        till.payments.received("ord_1", amount, method=method)

    assert till.intent() == before


def test_an_unknown_order_or_tender_is_named(till):
    """An order without a payment is not found; a tender that the shop lacks lists those it has."""
    with pytest.raises(NotFound):
        till.payments.received("ord_9", IDR(1))
    with pytest.raises(errors.UnknownTender, match="cash, bank_transfer, cod, fake"):
        tender("cheque", {"fake"})
    with pytest.raises(errors.InvalidAmount):
        till.open(IDR(-1))


def test_what_is_no_order_has_no_payment(till):
    """Nothing, a number, an open file: named as what they are, before anything is opened."""
    for nothing in (None, 5, b"ord_1", ["ord_1"], {"id": "ord_1"}):
        with pytest.raises(InvalidInput) as refused:
            till.payments.intent(nothing)
        assert [("order", "kernel.wrong_type")] == [(each.path, each.code) for each in refused.value.faults]


def test_a_name_that_nobody_knows_is_told_short(till):
    """An error is read in a log; a form can send anything."""
    name = "x" * 5_000
    till.open(by="bank_transfer")
    for refused, ask in (
        (errors.UnknownTender, lambda: tender(name)),
        (errors.NotLocal, lambda: till.payments.received("ord_1", IDR(1), method=name)),
        (provider_errors.UnknownProvider, lambda: till.payments.charge("ord_1", gateway=name)),
        (provider_errors.UnknownProvider, lambda: till.webhooks.receive(name, {}, b"")),
    ):
        with pytest.raises(refused) as caught:
            ask()
        assert len(str(caught.value)) < 250


def test_a_key_belongs_to_one_request(till):
    """The same key with another amount is refused."""
    till.open(by="bank_transfer")
    till.payments.received("ord_1", IDR(40_000), key="a")

    with pytest.raises(KeyReused):
        till.payments.received("ord_1", IDR(50_000), key="a")


def test_an_overpayment_gets_a_refund_to_hand_over(till):
    """What was transferred too much is kept with a refund in the same unit, and closes when it is paid out."""
    till.open(by="bank_transfer")
    over = till.payments.received("ord_1", IDR(100_123), reference="m-1")

    assert over.state is IntentState.OVERPAID
    assert [each.amount for each in over.payouts] == [IDR(123)]
    assert over.surplus == IDR(0)
    done = till.payments.paid_out(over.payouts[0].id, reference="slip-1")
    assert (done.state, done.refunded) == (IntentState.CAPTURED, IDR(123))
    assert till.payments.paid_out(over.payouts[0].id, reference="slip-1") == done


def test_a_failed_payout_of_a_surplus_is_asked_for_again(till):
    """An overpayment never rests without a refund, even when one could not be handed over."""
    till.open(by="bank_transfer")
    over = till.payments.received("ord_1", IDR(100_123), reference="m-1")

    failed = till.payments.payout_failed(over.payouts[0].id, reason="wrong account")

    assert [each.amount for each in failed.payouts] == [IDR(123)]
    assert [each.attempt for each in failed.operations if each.kind == "refund"] == [1, 2]


def test_cash_goes_back_at_once(till):
    """A cash refund is succeeded in the unit that asks for it; as nothing was credited, it may be asked for again."""
    till.open(by="cash")

    refund = till.payments.refund("ord_1", IDR(30_000), reason="returned", key="r-1")

    assert (refund.state, refund.amount) == (EffectState.SUCCEEDED, IDR(30_000))
    assert till.desk.posted["refunded"] == 30_000
    assert (till.intent().state, till.intent().outstanding) == (IntentState.PARTIALLY_PAID, IDR(30_000))


def test_a_transfer_back_waits_for_a_person(till):
    """A refund by transfer counts against the cap at once, and as refunded when a person paid it out."""
    till.open(by="cod")
    till.payments.received("ord_1", IDR(100_000))
    refund = till.payments.refund("ord_1", IDR(30_000), reason="returned", key="r-1")

    assert refund.operations[0].provider == "bank_transfer"
    assert refund.state is EffectState.REQUESTED
    assert till.intent().pending_refund == IDR(30_000)
    assert till.intent().refundable == IDR(70_000)

    after = till.payments.paid_out(refund)
    assert (after.refunded, after.pending_refund) == (IDR(30_000), IDR(0))


def test_a_failed_payout_frees_what_it_had_taken(till):
    """A refund that could not be handed over may be asked for again in full."""
    till.open(by="bank_transfer")
    till.payments.received("ord_1", IDR(100_000))
    refund = till.payments.refund("ord_1", IDR(100_000), reason="returned", key="r-1")

    after = till.payments.payout_failed(refund, reason="account closed")

    assert after.refundable == IDR(100_000)
    assert till.payments.refund("ord_1", IDR(100_000), reason="again", key="r-2", method="cash").state == "succeeded"


def test_no_more_goes_back_than_came_in(till):
    """Refunds made and pending are capped by what was captured; the same key is the same refund."""
    till.open(by="bank_transfer")
    till.payments.received("ord_1", IDR(100_000))
    first = till.payments.refund("ord_1", IDR(60_000), reason="returned", key="r-1")

    assert till.payments.refund("ord_1", IDR(60_000), reason="returned", key="r-1") == first
    with pytest.raises(errors.RefundTooLarge) as caught:
        till.payments.refund("ord_1", IDR(40_001), reason="returned", key="r-2")
    assert caught.value.refundable == IDR(40_000)
    with pytest.raises(KeyReused):
        till.payments.refund("ord_1", IDR(1), reason="returned", key="r-1")
    with pytest.raises(errors.InvalidAmount):
        till.payments.refund("ord_1", IDR(0), reason="returned", key="r-3")
    with pytest.raises(errors.NotLocal):
        till.payments.refund("ord_1", IDR(1), reason="returned", key="r-4", method="fake")


def test_a_refund_takes_the_latest_payment_first(till):
    """A refund over more than one payment is one operation for each, and adds up."""
    till.open(by="bank_transfer")
    till.payments.received("ord_1", IDR(70_000), method="cash", reference="a")
    till.payments.received("ord_1", IDR(30_000), reference="b")

    refund = till.payments.refund("ord_1", IDR(100_000), reason="returned", key="r-1")

    assert sorted((each.provider, each.amount.minor_units) for each in refund.operations) == [
        ("bank_transfer", 30_000),
        ("cash", 70_000),
    ]
    assert refund.amount == IDR(100_000)


def test_only_refunds_of_people_are_paid_out(till):
    """A charge is no refund, and an unknown id is not found."""
    intent = till.open(by="cash")

    with pytest.raises(NotFound):
        till.payments.paid_out(intent.operations[0].id)


@pytest.mark.parametrize("id", ["rfd_123", "int_9.2", ""])
def test_an_id_of_nothing_is_told_as_what_was_asked_for(till, id):
    """A refund, a dispute or an operation that isn't there is named so, by the id that was given."""
    payments = till.payments
    for kind, ask in (
        ("refund", lambda: payments.paid_out(id)),
        ("refund", lambda: payments.payout_failed(id, reason="closed account")),
        ("dispute", lambda: payments.submit_evidence(id, text="signed")),
        ("dispute", lambda: payments.decide_dispute(id, won=True)),
        ("operation", lambda: payments.resolve(id, happened=True)),
    ):
        with pytest.raises(NotFound) as refused:
            ask()
        assert (kind, id) == (refused.value.kind, refused.value.id)


def test_late_money_is_said_to_be_late(till):
    """Money for an expired intent is captured and called late; it can be reopened, and a surplus goes back."""
    till.open(by="bank_transfer")
    assert till.change(steps.close_intent, Closing.EXPIRED).state is IntentState.EXPIRED
    assert next_action(till.intent(), "Asia/Jakarta", till.intent().opened_at).kind is ActionKind.NONE

    late = till.payments.received("ord_1", IDR(100_500))
    assert till.desk.folded[-1].late
    assert late.operations[-1].kind == "charge" and late.payouts == ()

    reopened = till.change(steps.reopen_intent)
    assert reopened.state is IntentState.OVERPAID
    assert [each.amount for each in reopened.payouts] == [IDR(500)]
    assert till.change(steps.reopen_intent) == reopened
    assert till.replayed(reopened) == reopened


def test_an_edit_changes_what_is_due(till):
    """A smaller total makes a surplus that goes back; a larger one leaves a part outstanding."""
    till.open(by="cash")

    assert till.change(steps.change_amount, IDR(100_000)).version == till.intent().version
    assert till.change(steps.change_amount, IDR(120_000)).outstanding == IDR(20_000)
    less = till.change(steps.change_amount, IDR(90_000))
    assert [each.amount for each in less.payouts] == [IDR(10_000)]
    with pytest.raises(CurrencyMismatch):
        till.change(steps.change_amount, USD("1.00"))


def test_local_tenders_have_no_gateway_to_charge(till):
    """Charging needs a gateway; the error says by what the order is paid."""
    till.open(by="bank_transfer")

    with pytest.raises(errors.NoGateway):
        till.payments.charge("ord_1")
    with pytest.raises(provider_errors.UnknownProvider):
        till.payments.charge("ord_1", gateway="midtrans")
    assert till.payments.charge("ord_1", gateway="fake").state is IntentState.AWAITING_CUSTOMER


def test_a_refund_that_is_over_is_not_turned_round(till):
    """Paid out after it had failed, and was asked for again, it would go back twice."""
    till.open(by="bank_transfer")
    till.payments.received("ord_1", IDR(100_000))
    first = till.payments.refund("ord_1", IDR(100_000), reason="returned", key="r-1")
    till.payments.payout_failed(first, reason="account closed")
    second = till.payments.refund("ord_1", IDR(100_000), reason="again", key="r-2")

    with pytest.raises(errors.Contradiction):
        till.payments.paid_out(first)
    done = till.payments.paid_out(second, reference="slip-1")
    with pytest.raises(errors.Contradiction):
        till.payments.payout_failed(second, reason="account closed")
    with pytest.raises(errors.Contradiction):
        till.payments.paid_out(second, reference="slip-2")
    assert till.intent() == done
    assert (done.refunded, done.pending_refund) == (IDR(100_000), IDR(0))


def test_no_order_takes_more_than_its_books_hold(till):
    """A slip of the keyboard, said twice, must not leave sums that nobody can read any more."""
    till.open(by="bank_transfer")

    with pytest.raises(errors.InvalidAmount):
        for _ in range(2):
            till.payments.received("ord_1", IDR(LARGEST))
    assert till.intent().captured == IDR(LARGEST)


@pytest.mark.parametrize("text", ["x" * 301, "a\0b", "\ud800"])
def test_what_people_write_about_money_is_one_printable_line(till, text):
    """References and reasons; nothing is stored otherwise."""
    till.open(by="bank_transfer")
    before = till.payments.received("ord_1", IDR(150_000))

    for said in (
        lambda: till.payments.received("ord_1", IDR(1), reference=text),
        lambda: till.payments.refund("ord_1", IDR(1), reason=text, key="r"),
        lambda: till.payments.paid_out(before.payouts[0].id, reference=text),
        lambda: till.payments.payout_failed(before.payouts[0].id, reason=text),
        lambda: till.payments.payout_failed(before.payouts[0].id, reason=" "),
    ):
        with pytest.raises(InvalidInput):
            said()
    assert till.intent() == before


def test_a_bare_number_is_no_amount(till):
    """Neither arrives nor goes back."""
    till.open(by="cash")

    with pytest.raises(NotMoney):
        till.payments.received("ord_1", 1_000)
    with pytest.raises(NotMoney):
        till.payments.refund("ord_1", 1_000, reason="x", key="r")
