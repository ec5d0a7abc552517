"""Charges and refunds through a gateway: every way in which the call, the answer and the webhook can fail."""

import asyncio
import json
from datetime import timedelta

import attrs
import pytest

from tokolib.effects.model import EffectKind, EffectState, Verdict
from tokolib.effects.outside import AuthFailed, Conflict, Invalid, Transient, Unknown
from tokolib.effects.resend import MOST_TRIES, REVIEW_WAIT, Dedupe, Terms
from tokolib.kernel.hosting import drive
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.policies import RefundOrder
from tokolib.kernel.rows import Kind
from tokolib.payments import errors, provider_errors, steps
from tokolib.payments.advance import advance, advance_due
from tokolib.payments.claims import claim
from tokolib.payments.events import OperationRequested
from tokolib.payments.next_action import ActionKind, next_action
from tokolib.payments.ports import INTENTS, QUARANTINES, Can, Charge, GiveBack, LookUp
from tokolib.payments.refunds import plan
from tokolib.payments.requests import request
from tokolib.payments.states import Closing, IntentState
from tokolib.payments.waiting import CaseKind, cases
from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway


def test_a_charge_is_paid_by_webhook(till):
    """Opened, sent, shown to the customer, paid: captured by the webhook, exactly once."""
    opened = till.open()
    assert (opened.state, opened.operations[0].key) == (IntentState.PROCESSING, f"{opened.id}.1.1")

    waiting = till.advance()
    assert waiting.state is IntentState.AWAITING_CUSTOMER
    action = next_action(waiting, "Asia/Jakarta", waiting.opened_at)
    assert (action.kind, action.code) == (ActionKind.VA, "880800000000")

    till.gateway.pay(opened.operations[0].key)
    till.deliver()
    paid = till.intent()
    assert (paid.state, paid.captured) == (IntentState.CAPTURED, IDR(100_000))
    assert till.desk.posted["captured"] == 100_000
    assert till.replayed(paid) == paid


def test_webhooks_twice_late_and_out_of_order_end_in_the_same_state(new_till):
    """However webhooks arrive, the intent ends the same and money is counted once."""
    ends = []
    for switch in ({}, {"webhooks_twice": True}, {"out_of_order": True}, {"late": 2}):
        till = new_till()
        key = till.open().operations[0].key
        for name, value in switch.items():
            setattr(till.gateway.switches, name, value)
        till.advance()
        till.gateway.pay(key)
        for _ in range(3):
            till.deliver()
        ends.append(till.intent())
        assert till.desk.posted["captured"] == 100_000
    assert all(each == ends[0] for each in ends)


def test_a_decline_fails_and_another_try_has_another_key(till):
    """Only a definite no lets the attempt rise."""
    till.gateway.switches.decline = 1
    till.open()
    failed = till.advance()
    assert (failed.state, failed.operations[0].failure) == (IntentState.FAILED, "insufficient_funds")
    assert next_action(failed, "Asia/Jakarta", failed.opened_at).kind is ActionKind.NONE

    again = till.payments.charge("ord_1")
    assert again.state is IntentState.AWAITING_CUSTOMER
    assert [each.attempt for each in again.operations] == [1, 2]
    assert len({each.key for each in again.operations}) == 2
    with pytest.raises(errors.ChargeInProgress):
        till.payments.charge("ord_1")


@pytest.mark.parametrize("switch", ["time_out_before", "time_out_after", "unreachable"])
@pytest.mark.parametrize("dedupe", list(Dedupe))
def test_silence_is_unknown_until_it_is_looked_up(new_till, switch, dedupe):
    """A time-out is never a failure: the operation stays unknown, is looked up, and charges once."""
    till = new_till(dedupe=dedupe, instant=True)
    setattr(till.gateway.switches, switch, 1)
    key = till.open().operations[0].key

    silent = till.advance()
    assert silent.operations[0].state is EffectState.UNKNOWN
    assert silent.state is IntentState.PROCESSING
    assert till.advance() == silent, "leased, and not due yet"
    with pytest.raises(errors.ChargeInProgress):
        till.payments.charge("ord_1")

    till.clock.pass_(minutes=5)
    assert till.advance().state is IntentState.CAPTURED
    assert till.world.charges_of(key) == 1
    assert till.desk.posted["captured"] == 100_000


def test_without_dedupe_a_hidden_charge_is_not_sent_again_too_early(new_till):
    """Where the provider doesn't dedupe, "I know nothing" counts only after its look-up lag."""
    till = new_till(dedupe=Dedupe.NONE, instant=True, lookup_lag=timedelta(minutes=10))
    till.gateway.switches.time_out_after = 1
    till.gateway.switches.hidden = 1
    key = till.open().operations[0].key
    till.advance()

    till.clock.pass_(minutes=5)
    assert till.advance().operations[0].state is EffectState.UNKNOWN
    till.clock.pass_(minutes=5)
    assert till.advance().state is IntentState.CAPTURED
    assert till.world.charges_of(key) == 1


def test_the_lag_counts_from_the_end_of_the_lease(new_till):
    """The request may have left at the last moment of its lease, so just after the lag it may still be invisible."""
    till = new_till(dedupe=Dedupe.NONE, instant=True, lookup_lag=timedelta(minutes=10))
    till.gateway.switches.time_out_after = 1
    till.gateway.switches.hidden = 1
    key = till.open().operations[0].key
    till.advance()

    till.clock.pass_(minutes=11)
    assert till.advance().operations[0].state is EffectState.UNKNOWN
    till.clock.pass_(minutes=5)
    assert till.advance().state is IntentState.CAPTURED
    assert till.world.charges_of(key) == 1


def test_a_look_up_that_was_begun_inside_the_lag_proves_nothing(new_till, monkeypatch):
    """However long its answer took."""
    till = new_till(dedupe=Dedupe.NONE, instant=True, lookup_lag=timedelta(minutes=10))
    till.gateway.switches.time_out_after = 1
    till.gateway.switches.hidden = 1
    key = till.open().operations[0].key
    till.advance()
    asked = type(till.gateway).query

    def slowly(gateway, look_up):
        try:
            return asked(gateway, look_up)
        finally:
            till.clock.pass_(seconds=30)

    monkeypatch.setattr(type(till.gateway), "query", slowly)
    till.clock.pass_(minutes=11, seconds=45)
    assert till.advance().operations[0].state is EffectState.UNKNOWN
    till.clock.pass_(minutes=5)
    assert till.advance().state is IntentState.CAPTURED
    assert till.world.charges_of(key) == 1


def test_endless_silence_goes_to_a_person(till):
    """After a day of silence the operation is in review; a definite answer still settles it."""
    till.gateway.switches.time_out_before = 1_000
    till.open()
    for _ in range(MOST_TRIES + 2):
        till.advance()
        till.clock.pass_(hours=2)

    stuck = till.intent()
    assert stuck.operations[0].state is EffectState.REVIEW
    assert stuck.operations[0].sent_at < till.clock.now() - REVIEW_WAIT < stuck.ask_at  # looked up, and never sent
    till.gateway.switches.time_out_before = 0
    till.world.create(Charge(key=stuck.operations[0].key, amount=IDR(100_000), order_id="ord_1", expires_at=None))
    till.gateway.pay(stuck.operations[0].key)
    till.deliver()
    assert till.intent().state is IntentState.CAPTURED


@pytest.mark.parametrize("where", ["observe", "after_send", "before_send"])
def test_a_crash_at_any_point_charges_once(new_till, crash, monkeypatch, where):
    """A process that dies between lease, call and observation leaves a charge that is found, not repeated."""
    till = new_till(instant=True)
    key = till.open().operations[0].key
    real = till.gateway.create

    def dying(self, charge):
        if where == "after_send":
            real(charge)
        raise crash

    if where == "observe":
        till.desk.crash = True
    else:
        monkeypatch.setattr(type(till.gateway), "create", dying)
    with pytest.raises(crash):
        till.advance()
    monkeypatch.undo()
    assert till.intent().operations[0].state is EffectState.UNKNOWN

    till.clock.pass_(minutes=5)
    assert till.advance().state is IntentState.CAPTURED
    assert till.world.charges_of(key) == 1


def test_a_lost_connection_that_an_adapter_lets_through_is_unknown(till, monkeypatch):
    """An adapter that forgot to translate its time-out does no harm."""

    def lost(self, *_):
        raise TimeoutError

    monkeypatch.setattr(type(till.gateway), "create", lost)
    monkeypatch.setattr(type(till.gateway), "query", lost)
    till.open()
    assert till.advance().operations[0].state is EffectState.UNKNOWN
    till.clock.pass_(minutes=5)
    assert till.advance().operations[0].state is EffectState.UNKNOWN


def test_two_runners_never_call_for_the_same_operation(till):
    """While one has the lease another finds nothing to do."""
    till.gateway.switches.time_out_before = 1
    till.open()
    till.advance()
    before = list(till.world.calls)
    till.clock.pass_(seconds=100)
    till.advance()
    assert till.world.calls == before


def test_tick_finds_what_is_due(till):
    """What was stored and never sent is found by the index and sent."""
    till.open()
    till.open(order="ord_2", by="cash")
    till.open(order="ord_3")

    advanced = drive(advance_due(till.work, {"fake": till.gateway}, till.desk))

    assert {each.order_id for each in advanced} == {"ord_1", "ord_3"}
    assert all(each.state is IntentState.AWAITING_CUSTOMER for each in advanced)
    assert drive(advance_due(till.work, {"fake": till.gateway}, till.desk)) == ()


def test_a_gateway_that_is_gone_is_named(till):
    """An operation of a gateway that isn't registered any more is an error with its name."""
    intent = till.open()

    with pytest.raises(provider_errors.UnknownProvider, match="'fake'; registered: none"):
        drive(advance(till.work, {}, intent.id, till.desk))


def test_a_refund_goes_back_through_the_gateway(new_till):
    """A refund is asked for after the commit, with its own key, and settles by the answer."""
    till = new_till(instant=True)
    till.open()
    till.advance()

    refund = till.payments.refund("ord_1", IDR(40_000), reason="returned", key="r-1")

    assert (refund.state, refund.operations[0].provider) == (EffectState.SUCCEEDED, "fake")
    assert till.world.balance(IDR(0)) == IDR(60_000)
    assert till.payments.refund("ord_1", IDR(40_000), reason="returned", key="r-1") == refund
    till.deliver()
    assert till.intent().refunded == IDR(40_000)
    with pytest.raises(errors.NotLocal):
        till.payments.paid_out(refund)


def test_a_refused_refund_frees_its_amount(new_till):
    """A refund that the provider definitely refuses can be made in another way."""
    till = new_till(instant=True)
    till.open()
    till.advance()
    till.gateway.switches.decline = 1

    refund = till.payments.refund("ord_1", IDR(100_000), reason="returned", key="r-1")

    assert refund.state is EffectState.FAILED
    assert till.intent().refundable == IDR(100_000)
    assert till.payments.refund("ord_1", IDR(100_000), reason="again", key="r-2", method="cash").state == "succeeded"


@pytest.mark.parametrize(
    ("able", "amount", "asked"),
    [
        (set(), 100_000, 0),
        ({Can.REFUND}, 40_000, 0),
        ({Can.REFUND}, 100_000, 1),
        ({Can.REFUND, Can.PARTIAL_REFUND}, 40_000, 1),
    ],
)
def test_a_gateway_that_cannot_give_back_so_much_is_not_asked(new_till, able, amount, asked):
    """It is a refusal that somebody sees, and the money can be handed over by a person."""
    till = new_till(instant=True, can=frozenset(able))
    till.open()
    till.advance()

    refund = till.payments.refund("ord_1", IDR(amount), reason="returned", key="r-1")

    assert asked == sum(each.startswith("refund") for each in till.world.calls)
    assert (asked == 0) is (refund.operations[0].failure == "effects.not_supported")
    assert (asked == 0) is till.intent().refused_back
    assert till.intent().refundable == IDR(100_000 - (amount if asked else 0))
    if not asked:
        by_hand = till.payments.refund("ord_1", IDR(amount), reason="again", key="r-2", method="bank_transfer")
        till.payments.paid_out(by_hand)
        assert till.intent().refunded == IDR(amount)


def test_a_silent_refund_counts_as_pending(new_till):
    """While nobody knows whether a refund happened, its amount can't be refunded twice."""
    till = new_till(instant=True)
    till.open()
    till.advance()
    till.gateway.switches.time_out_after = 1
    refund = till.payments.refund("ord_1", IDR(100_000), reason="returned", key="r-1")

    assert (refund.state, till.intent().pending_refund) == (EffectState.UNKNOWN, IDR(100_000))
    with pytest.raises(errors.RefundTooLarge):
        till.payments.refund("ord_1", IDR(1), reason="again", key="r-2")
    till.clock.pass_(minutes=5)
    assert till.advance().refunded == IDR(100_000)


@pytest.mark.parametrize(("by_hand", "left"), [(100_000, []), (50_000, [50_000]), (40_000, [60_000])])
def test_what_went_back_in_the_gateways_own_pages_is_not_handed_over_too(new_till, by_hand, left):
    """A refund that waits for a person is stopped as far as its money has left meanwhile, and misses nobody."""
    till = new_till(instant=True)
    till.open()
    till.advance()
    till.payments.refund("ord_1", IDR(60_000), reason="returned", key="r-1", method="bank_transfer")

    till.world.refund_by_hand(till.world.charges[0].key, IDR(by_hand))
    till.deliver()

    after = till.intent()
    assert left == [each.amount.minor_units for each in after.payouts]
    assert (by_hand, 0) == (after.refunded.minor_units, after.totals.lost)
    assert {CaseKind.PAYOUT} >= {each.kind for each in cases(after)}


def test_a_second_payment_goes_back_in_the_same_unit(till):
    """An expired charge that is paid after all, beside a second one, is an overpayment with a refund."""
    first = till.open().operations[0].key
    till.advance()
    till.world.expire(first)
    till.deliver()
    second = till.payments.charge("ord_1").operations[1].key
    till.gateway.pay(second)
    till.gateway.pay(first)
    till.deliver()

    over = till.intent()
    assert over.state is IntentState.OVERPAID
    assert [(each.provider, each.amount) for each in over.operations if each.kind == "refund"] == [
        ("fake", IDR(100_000))
    ]
    assert till.advance().state is IntentState.CAPTURED
    assert till.world.balance(IDR(0)) == IDR(100_000)


def test_a_surplus_that_the_gateway_refuses_is_handed_over_by_a_person(new_till):
    """A failed surplus refund doesn't go in circles: the next one waits for a person."""
    till = new_till(instant=True)
    till.open()
    till.advance()
    till.gateway.switches.decline = 1
    till.payments.received("ord_1", IDR(5_000), method="cash", reference="x")

    till.change(steps.change_amount, IDR(90_000))
    after = till.advance()

    assert after.surplus == IDR(0)
    assert sum(each.amount.minor_units for each in after.payouts) == 15_000


def test_success_is_not_final(till):
    """A settled payment that the bank takes back is failed again, and the money is taken off the books."""
    key = till.open().operations[0].key
    till.advance()
    till.gateway.pay(key)
    till.deliver()
    till.world.take_back(key)
    till.deliver()

    back = till.intent()
    assert (back.state, back.captured) == (IntentState.FAILED, IDR(0))
    assert till.desk.posted["captured"] == 0


def test_disputes_and_refunds_made_by_others_are_seen(till):
    """A chargeback and a refund in the provider's dashboard become operations of the intent."""
    key = till.open().operations[0].key
    till.advance()
    till.gateway.pay(key)
    till.world.refund_by_hand(key, IDR(10_000))
    till.world.dispute(key)
    till.deliver()

    intent = till.intent()
    assert (intent.refunded, intent.disputed) == (IDR(10_000), IDR(90_000)), "what went back is not taken back again"
    assert intent.refundable == IDR(0)
    assert intent.totals.lost == 10_000
    assert {each.kind for each in intent.operations} == {"charge", "refund", "chargeback"}
    assert till.replayed(intent) == intent


def test_a_look_up_sees_what_others_did(till):
    """A query tells of movements about the charge, too."""
    key = till.open().operations[0].key
    till.advance()
    till.gateway.pay(key)
    till.world.refund_by_hand(key, IDR(10_000))
    till.clock.pass_(hours=1)

    assert till.advance().refunded == IDR(10_000)


def test_a_cancelled_charge_that_was_never_sent_is_dropped(till):
    """Closing drops what nobody was asked for."""
    till.open()
    closed = till.change(steps.close_intent, Closing.CANCELLED)

    assert (closed.state, closed.operations[0].failure) == (IntentState.CANCELLED, "payments.cancelled")
    assert till.advance() == closed
    assert till.world.calls == []
    assert till.change(steps.close_intent, Closing.CANCELLED) == closed
    with pytest.raises(errors.IllegalPaymentTransition) as refused:
        till.payments.charge("ord_1")
    assert ("payments.charge", ()) == (refused.value.asked, refused.value.allowed)


def test_a_cancelled_charge_that_was_sent_may_still_be_paid(till):
    """A sent charge stays; its money is late, and stays without a surplus refund until somebody decides."""
    key = till.open().operations[0].key
    till.advance()
    till.change(steps.close_intent, Closing.EXPIRED)
    till.gateway.pay(key)
    till.deliver()

    assert till.desk.folded[-1].late
    assert till.intent().captured == IDR(100_000)


def test_a_paid_order_is_not_charged_again(new_till):
    """Nothing is due once it is paid."""
    till = new_till(instant=True)
    till.open()
    till.advance()

    with pytest.raises(errors.NothingDue):
        till.payments.charge("ord_1")


# Webhooks.


def test_a_wrong_signature_is_refused(till):
    """What isn't signed over the raw bytes is refused, and leaves nothing."""
    till.open()
    till.advance()
    headers, body = till.world.webhooks()[0]

    with pytest.raises(provider_errors.SignatureInvalid):
        till.webhooks.receive("fake", headers, json.dumps(json.loads(body), indent=1).encode())
    with pytest.raises(provider_errors.SignatureInvalid):
        till.webhooks.receive("fake", {}, body)
    for nonsense in (None, 5, "\ud800"):
        with pytest.raises(provider_errors.SignatureInvalid):
            FakeGateway(till.world).parse_webhook(dict.fromkeys(headers, nonsense), body)
    with pytest.raises(provider_errors.UnknownProvider):
        till.webhooks.receive("midtrans", headers, body)
    assert till.webhooks.receive("fake", {k.upper(): v for k, v in headers.items()}, body).event_id == "evt_1"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"id": "x"}', b"[" * 100_000])
def test_a_signed_message_that_cannot_be_read_is_refused(till, body):
    """Signed nonsense is a typed error."""
    with pytest.raises(provider_errors.WebhookUnreadable):
        till.webhooks.receive("fake", till.world.sign_webhook(body), body)


def test_an_unknown_state_or_currency_never_crashes(till):
    """A state that the adapter doesn't know changes nothing; an unknown currency is unreadable."""
    till.open()
    till.advance()
    charge = till.world.charges[0]
    before = till.intent()

    assert till.webhooks.receive("fake", *till.world.forge(charge, state="brand_new")).verdict is Verdict.APPLIED
    assert till.intent().operations[0].standing is before.operations[0].standing
    with pytest.raises(provider_errors.WebhookUnreadable):
        till.webhooks.receive("fake", *till.world.forge(charge, currency="XXQ"))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount": 1, "state": "succeeded"}, "effects.other_amount"),
        ({"currency": "USD", "state": "succeeded"}, "effects.other_currency"),
        ({"key": "", "reference": "fake-77", "state": "succeeded"}, "payments.unknown_reference"),
        ({"key": "nothing.1.1", "reference": "", "state": "succeeded"}, "payments.unknown_reference"),
    ],
)
def test_what_contradicts_the_books_is_kept_and_moves_no_money(till, changed, reason):
    """Another amount, another currency, an unknown reference: quarantined, and the true message still settles."""
    key = till.open().operations[0].key
    till.advance()
    till.world.webhooks()
    message = till.world.forge(till.world.charges[0], **changed)

    receipt = till.webhooks.receive("fake", *message)
    assert (receipt.verdict, receipt.reasons) == (Verdict.QUARANTINED, (reason,))
    assert till.webhooks.receive("fake", *message).verdict is Verdict.DUPLICATE
    assert till.intent().captured == IDR(0)
    assert till.desk.posted["captured"] == 0

    till.gateway.pay(key)
    till.deliver()
    assert till.intent().state is IntentState.CAPTURED


def test_a_mismatch_is_a_case_for_a_person(till):
    """A charge that something contradicts is in review until a definite answer stands; the history has it whole."""
    till.open()
    till.advance()
    till.webhooks.receive("fake", *till.world.forge(till.world.charges[0], amount=1, state="succeeded"))

    intent = till.intent()
    assert intent.operations[0].state is EffectState.REVIEW
    assert intent.operations[0].reviews == ("effects.other_amount",)
    assert [each.reason for each in intent.reviews] == ["effects.other_amount"]
    assert till.replayed(intent) == intent
    repeated = till.world.forge(till.world.charges[0], amount=1, state="succeeded")
    assert till.webhooks.receive("fake", *repeated).verdict is Verdict.DUPLICATE


def test_a_quarantined_observation_is_kept_once(till):
    """An observation of nothing is stored whole, however often it comes."""
    till.open()
    till.advance()
    charge = attrs.evolve(till.world.charges[0], key="", reference="fake-77")
    first = till.webhooks.receive("fake", *till.world.forge(charge))
    second = till.webhooks.receive("fake", *till.world.forge(charge))

    async def kept(unit):
        return unit.work.scan(Kind.DOCUMENTS, name=QUARANTINES.name).items

    assert (first.verdict, second.verdict) == (Verdict.QUARANTINED, Verdict.DUPLICATE)
    assert len(till.read(kept)) == 1


def test_the_same_event_with_another_body_is_kept_out(till):
    """An event id names one message; another body under it changes nothing."""
    till.open()
    till.advance()
    charge = till.world.charges[0]
    till.webhooks.receive("fake", *till.world.forge(charge, id="evt_x"))

    receipt = till.webhooks.receive("fake", *till.world.forge(charge, id="evt_x", state="succeeded"))

    assert (receipt.verdict, receipt.reasons) == (Verdict.QUARANTINED, ("payments.event_changed",))
    assert till.intent().captured == IDR(0)


def test_a_reference_finds_its_intent_without_our_key(till):
    """A provider that doesn't echo our key is understood by the reference that it gave."""
    till.open()
    till.advance()
    charge = till.world.charges[0]

    receipt = till.webhooks.receive("fake", *till.world.forge(charge, key="", state="succeeded"))

    assert receipt.subjects == ("ord_1",)
    assert till.intent().captured == IDR(100_000)


def test_a_reference_belongs_to_one_order(till):
    """A reference of another order's charge is set aside."""
    till.open()
    till.open(order="ord_2")
    till.advance()
    till.advance("ord_2")
    second = till.world.charges[1]

    receipt = till.webhooks.receive("fake", *till.world.forge(second, reference="fake-1", state="succeeded"))

    assert receipt.reasons == ("payments.reference_taken",)
    assert till.intent("ord_2").captured == IDR(0)


def test_one_key_with_two_references_asks_for_a_look(till):
    """Two charges under one key at the provider count once here, and a person looks."""
    till.open()
    till.advance()
    charge = till.world.charges[0]
    till.webhooks.receive("fake", *till.world.forge(charge, reference="fake-2", state="succeeded"))

    intent = till.intent()
    assert intent.captured == IDR(100_000)
    assert intent.operations[0].reviews == ("effects.two_references",)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "capture", "state": "succeeded"},
        {"kind": "refund", "key": "", "about": "KEY", "reference": ""},
        {"kind": "refund", "key": "", "about": "KEY", "reference": "r", "currency": "USD"},
    ],
)
def test_movements_that_nobody_can_place_are_set_aside(till, changed):
    """A capture that nobody asked for, a refund without a name, a refund of another currency."""
    key = till.open().operations[0].key
    till.advance()
    filled = {name: key if value == "KEY" else value for name, value in changed.items()}

    receipt = till.webhooks.receive("fake", *till.world.forge(till.world.charges[0], **filled))

    assert receipt.verdict is Verdict.QUARANTINED
    assert till.intent().totals.refunded == 0


def test_a_webhook_whose_signature_covers_little_is_looked_up(till):
    """What such a webhook says isn't believed: the provider is asked."""
    gateway = attrs.evolve(till.gateway, webhook_signs_all_fields=False)
    webhooks = attrs.evolve(till.webhooks, gateways={"fake": gateway})
    key = till.open().operations[0].key
    till.advance()
    charge = till.world.charges[0]

    webhooks.receive("fake", *till.world.forge(charge, state="succeeded"))
    assert till.intent().captured == IDR(0)
    webhooks.receive("fake", *till.world.forge(charge, key="x", reference="y", state="succeeded"))
    till.gateway.pay(key)
    webhooks.receive("fake", *till.world.webhooks()[-1])
    assert till.intent().captured == IDR(100_000)


@pytest.mark.parametrize("known_already", [True, False], ids=["the charge is known", "nothing is"])
def test_a_webhook_that_a_look_up_does_not_show_yet_is_left_to_a_later_delivery(new_till, known_already):
    """A dispute within the provider's look-up lag isn't believed, and isn't answered for either: it comes again."""
    till = new_till(instant=True, lookup_lag=timedelta(minutes=10))
    gateway = attrs.evolve(till.gateway, webhook_signs_all_fields=False)
    webhooks = attrs.evolve(till.webhooks, gateways={"fake": gateway})
    key = till.open().operations[0].key
    till.advance()
    till.clock.pass_(minutes=11 if known_already else 0)
    till.world.dispute(key)
    disputed = till.world.webhooks()[-1]

    with pytest.raises(Unknown):
        webhooks.receive("fake", *disputed)
    assert IDR(0) == till.intent().disputed

    till.clock.pass_(minutes=11)
    assert Verdict.APPLIED is webhooks.receive("fake", *disputed).verdict
    assert IDR(100_000) == till.intent().disputed


def test_a_late_copy_of_an_old_word_needs_no_second_delivery(new_till):
    """What a look-up shows stands against what the message says: it is answered for, lag or not."""
    till = new_till(lookup_lag=timedelta(minutes=10))
    gateway = attrs.evolve(till.gateway, webhook_signs_all_fields=False)
    webhooks = attrs.evolve(till.webhooks, gateways={"fake": gateway})
    key = till.open().operations[0].key
    till.advance()
    till.gateway.pay(key)
    waiting, paid = till.world.webhooks()
    till.clock.pass_(minutes=11)

    assert Verdict.APPLIED is webhooks.receive("fake", *waiting).verdict
    assert IDR(100_000) == till.intent().captured
    assert Verdict.DUPLICATE is webhooks.receive("fake", *paid).verdict


# The fake itself.


def test_the_async_gateway_keeps_the_same_world(till):
    """Both colours make the same charges and say the same."""
    other = AsyncFakeGateway(till.world)
    asked = Charge(key="int_1.1.1", amount=IDR(5), order_id="ord_1", expires_at=None)

    seen = asyncio.run(other.create(asked))
    other.pay(seen.reference)
    back = GiveBack(key="int_1.2.1", amount=IDR(5), charge_key=asked.key, charge_reference="", reason="")

    assert till.gateway.create(asked).reference == seen.reference
    assert asyncio.run(other.refund(back)).state is EffectState.SUCCEEDED
    assert len(asyncio.run(other.query(LookUp(EffectKind.CHARGE, asked.key, "")))) == 2
    assert other.capabilities == till.gateway.capabilities and other.switches is till.gateway.switches
    assert [other.parse_webhook(*each).event_id for each in other.webhooks()] == ["evt_1", "evt_2", "evt_3"]
    with pytest.raises(LookupError):
        till.world.charge("nothing")


def test_the_fake_keeps_its_own_promises(till):
    """One key is one request; a refund never exceeds its charge, and keeps its currency."""
    asked = Charge(key="k", amount=IDR(5), order_id="ord_1", expires_at=None)
    till.gateway.create(asked)
    back = GiveBack(key="r", amount=IDR(5), charge_key="k", charge_reference="", reason="")

    with pytest.raises(Conflict):
        till.gateway.create(attrs.evolve(asked, amount=IDR(6)))
    with pytest.raises(Invalid):
        till.gateway.refund(back)
    till.gateway.pay("k")
    with pytest.raises(Invalid):
        till.gateway.refund(attrs.evolve(back, amount=USD("5.00")))
    with pytest.raises(Invalid):
        till.gateway.refund(attrs.evolve(back, amount=IDR(6)))
    assert till.gateway.refund(back) == till.gateway.refund(back)


@pytest.mark.parametrize("amount", [30_000, 20_000])
def test_a_refund_heard_of_before_its_answer_counts_once(new_till, amount):
    """A message about our refund that lacks our key is taken over by it when the answer names the reference."""
    till = new_till(instant=True)
    till.open()
    charge = till.advance().operations[0]
    till.gateway.switches.time_out_after = 1
    till.payments.refund("ord_1", IDR(30_000), reason="returned", key="r-1")
    theirs = till.world.entries[-1]
    early = attrs.evolve(theirs, key="", about=charge.reference, amount=IDR(amount))
    till.webhooks.receive("fake", *till.world.forge(early))
    assert till.intent().refunded == IDR(amount)

    till.deliver()

    intent = till.intent()
    assert (intent.refunded, intent.pending_refund) == (IDR(30_000), IDR(0))
    assert [each.kind for each in intent.operations] == ["charge", "refund"]
    assert [each.reason for each in intent.reviews] == ([] if amount == 30_000 else ["effects.other_amount"])
    assert till.replayed(intent) == intent


def test_a_key_that_is_too_old_goes_to_a_person(till, monkeypatch):
    """What may not be sent again and isn't found is in review, not failed."""
    terms = Terms(dedupe=Dedupe.KEY, key_ttl=timedelta(minutes=1), lookup=False)
    capabilities = attrs.evolve(till.gateway.capabilities, terms=terms)
    monkeypatch.setattr(type(till.gateway), "capabilities", property(lambda _: capabilities))
    till.gateway.switches.time_out_before = 1
    till.open()
    till.advance()
    till.clock.pass_(minutes=5)

    assert till.advance().operations[0].reviews == ("effects.cannot_resend",)


@pytest.mark.parametrize(
    "error", [Transient("fake", "down"), Unknown("fake", "k", "time-out"), AuthFailed("fake", "x")]
)
def test_a_look_up_without_an_answer_settles_nothing(till, monkeypatch, error):
    """When the provider can't even be asked, the operation stays unknown and nothing is sent."""

    def broken(self, *_):
        raise error

    till.gateway.switches.time_out_after = 1
    till.open()
    till.advance()
    monkeypatch.setattr(type(till.gateway), "query", broken)
    till.clock.pass_(minutes=5)

    assert till.advance().operations[0].state is EffectState.UNKNOWN
    assert len(till.world.calls) == 1


def test_a_lease_lost_meanwhile_sends_nothing(till, monkeypatch):
    """A runner whose lease another one took over while it looked up doesn't send."""
    till.gateway.switches.time_out_before = 1
    operation = till.open().operations[0]
    till.advance()
    till.clock.pass_(minutes=5)

    def slow(self, look_up):
        till.clock.pass_(minutes=5)

        async def take(unit):
            terms = till.gateway.capabilities.terms
            asked = (operation.intent, operation.id)
            return await claim(unit, *asked, again_after=None, terms=terms, observe=till.desk)

        till.write(take)
        return ()

    monkeypatch.setattr(type(till.gateway), "query", slow)

    assert till.advance().operations[0].tries == 3
    assert till.world.calls == []


def test_what_a_gateway_cannot_do_is_a_definite_no(till):
    """An operation of a kind that the port has no call for fails, and says so."""
    intent = till.open()

    async def label(unit):
        wish = request(await unit[INTENTS].get(intent.id), EffectKind.LABEL, "fake", IDR(1), at=unit.now, epoch=0)
        unit[INTENTS].record(await unit[INTENTS].get(intent.id), OperationRequested(wish))

    till.write(label)
    assert till.advance().operations[1].failure == "effects.not_supported"


def test_a_refund_of_what_no_charge_has_left_is_handed_over(till):
    """When disputes muddle which charge has what left, a person hands the rest over."""
    intent = till.open(by="cash")
    other = attrs.evolve(intent.operations[0], kind=EffectKind.CHARGEBACK, about=intent.operations[0].references[0])
    muddled = attrs.evolve(intent, operations=(*intent.operations, attrs.evolve(other, amount=IDR(90_000))))

    assert [
        (each.provider, each.about, each.amount) for each in plan(muddled, 30_000, None, RefundOrder.LATEST_FIRST)
    ] == [
        ("cash", intent.operations[0].id, 10_000),
        ("bank_transfer", "", 20_000),
    ]
