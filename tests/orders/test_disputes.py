"""A customer's bank wants money back: a dispute with a term, evidence and an end, and no rupiah counted twice."""

from datetime import timedelta

import attrs
import pytest

from tokolib import IDR, OrderState, Staff
from tokolib.effects.model import EffectKind, EffectState
from tokolib.kernel.errors import InvalidInput, NotFound
from tokolib.orders.model import PaymentStatus
from tokolib.payments.disputes import DisputeState
from tokolib.payments.errors import DisputeOver, EvidenceTooLate
from tokolib.payments.ports import Can

PRICE = IDR(75_000)
NOTHING = IDR(0)


async def sold(toko):
    """An order that was paid by card."""
    toko.world.instant = True
    return await toko.given.order({"KOPI-250": 1}, tender="fake")


async def disputed(toko, order, **terms):
    """The bank's dispute over an order, as the provider has it and as the shop has heard of it."""
    opened = toko.world.dispute(toko.world.charges[-1].key, **terms)
    await toko.deliver_webhooks()
    (dispute,) = await toko.payments.disputes(order)
    return opened, dispute


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_opens_waits_and_ends(play, taken, won):
    """The order shows it while nothing is decided; then the money is back, or it is due again."""

    async def body(toko):
        order = await sold(toko)
        opened, dispute = await disputed(toko, order, taken=taken)
        assert (dispute.state, dispute.taken, dispute.amount) == (DisputeState.OPENED, taken, PRICE)
        assert (dispute.evidence_due_until, dispute.reason) == (toko.clock.now() + timedelta(days=7), "fraudulent")
        order = await toko.orders.get(order.id)
        assert (order.payment, order.due) == (PaymentStatus.DISPUTED, PRICE if taken else NOTHING)
        assert order.shippable is not taken
        toko.world.decide_dispute(opened, won=won)
        await toko.deliver_webhooks()
        (dispute,) = await toko.payments.disputes(order)
        order = await toko.orders.get(order.id)
        assert dispute.state is (DisputeState.WON if won else DisputeState.LOST)
        assert order.payment is (PaymentStatus.PAID if won else PaymentStatus.UNPAID)
        assert (order.paid, order.lost) == (toko.world.balance(NOTHING), 0) == ((PRICE if won else NOTHING), 0)

    play(body)


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("won", [True, False])
@pytest.mark.parametrize("told", ["never", "later"])
def test_a_person_says_how_the_bank_has_decided(play, taken, won, told):
    """The order follows as if the provider had told it; and when the provider does, it counts once."""

    async def body(toko):
        order = await sold(toko)
        opened, dispute = await disputed(toko, order, taken=taken)
        staff = toko.another(Staff("budi"))
        for _ in range(2):
            decided = await staff.payments.decide_dispute(dispute, won=won, reason="their letter of today")
        if told == "later":
            toko.world.decide_dispute(opened, won=won)
            await toko.deliver_webhooks()

        (known,) = await toko.payments.disputes(order)
        assert decided == attrs.evolve(known, reference=decided.reference)
        assert known.state is (DisputeState.WON if won else DisputeState.LOST)
        order = await toko.orders.get(order.id)
        assert order.payment is (PaymentStatus.PAID if won else PaymentStatus.UNPAID)
        assert (order.paid, order.lost) == ((PRICE if won else NOTHING), 0)
        intent = await toko.payments.intent(order)
        assert () == intent.reviews and not any(each.reviews for each in intent.operations)

    play(body)


def test_two_disputes_over_as_much_are_decided_each_by_itself(play):
    """Both were won by a person's word; the provider tells of both later, and of no third."""

    async def body(toko):
        order = await sold(toko)
        opened = [toko.world.dispute(toko.world.charges[-1].key, IDR(5_000)) for _ in range(2)]
        await toko.deliver_webhooks()
        for each in await toko.payments.disputes(order):
            await toko.payments.decide_dispute(each, won=True)
        assert NOTHING == (await toko.payments.intent(order)).disputed
        for each in opened:
            toko.world.decide_dispute(each, won=True)
            await toko.deliver_webhooks()

        assert {DisputeState.WON} == {each.state for each in await toko.payments.disputes(order)}
        intent = await toko.payments.intent(order)
        back = [each for each in intent.operations if each.kind is EffectKind.CHARGEBACK_REVERSAL]
        assert (2, PRICE) == (len(back), (await toko.orders.get(order.id)).paid)

    play(body)


def test_a_word_that_names_the_money_is_no_other_money(play):
    """A person names the movement that ended the first dispute; the second one's, over as much, counts beside it."""

    async def body(toko):
        order = await sold(toko)
        charge = toko.world.charges[-1].key
        for named in (True, False):
            opened = toko.world.dispute(charge)
            await toko.deliver_webhooks()
            toko.world.decide_dispute(opened, won=True)
            if named:
                (dispute,) = await toko.payments.disputes(order)
                reference = toko.world.entries[-1].reference
                await toko.payments.decide_dispute(dispute, won=True, reference=reference)
        await toko.deliver_webhooks()

        assert {DisputeState.WON} == {each.state for each in await toko.payments.disputes(order)}
        intent = await toko.payments.intent(order)
        assert (PRICE, NOTHING) == (intent.captured, intent.disputed)
        assert not any(each.reviews for each in intent.operations)

    play(body)


def test_what_was_won_is_not_lost_by_a_word(play):
    """Lost money may come back in a second round; won money is taken by a new dispute only."""

    async def body(toko):
        order = await sold(toko)
        _, dispute = await disputed(toko, order)
        assert DisputeState.LOST is (await toko.payments.decide_dispute(dispute, won=False)).state
        assert DisputeState.WON is (await toko.payments.decide_dispute(dispute.id, won=True, reference="arb-1")).state
        with pytest.raises(DisputeOver, match="is won"):
            await toko.payments.decide_dispute(dispute, won=False)
        with pytest.raises(NotFound):
            await toko.payments.decide_dispute(f"{(await toko.payments.intent(order)).id}.1", won=True)

    play(body)


def test_evidence_after_the_term_is_refused(play):
    """The bank reads nothing any more, unless its provider says that it does."""

    async def body(toko):
        order = await sold(toko)
        _, dispute = await disputed(toko, order)
        toko.clock.forward(days=7)
        await toko.payments.submit_evidence(dispute, text="In time, to the second.")
        toko.clock.forward(seconds=1)
        with pytest.raises(EvidenceTooLate, match="was due until"):
            await toko.payments.submit_evidence(dispute, text="Too late.")
        assert 1 == len(toko.world.heard)

        toko.world.can |= {Can.LATE_EVIDENCE}
        await toko.payments.submit_evidence(dispute, text="They take it.")
        assert 2 == len(toko.world.heard)

    play(body)


def test_evidence_is_kept_and_handed_on(play):
    """Who answered, when and what; the gateway hears it once, however often it is asked to."""

    async def body(toko):
        order = await sold(toko)
        opened, dispute = await disputed(toko, order)
        toko.world.switches.time_out_after = 1
        for _ in range(2):
            dispute = await toko.payments.submit_evidence(
                dispute, text="Signed for by the customer.\nSee the slip.", documents=["slip.pdf"], key="e"
            )
        for _ in range(2):
            toko.clock.forward(minutes=10)
            await toko.tick()
        (dispute,) = await toko.payments.disputes(order)
        assert dispute.state is DisputeState.EVIDENCE_SUBMITTED
        (evidence,) = dispute.evidence
        assert (evidence.text, evidence.by, evidence.sent) == (
            "Signed for by the customer.\nSee the slip.",
            "system:host",
            True,
        )
        (heard,) = toko.world.heard
        assert (heard.dispute_reference, heard.documents) == (opened.reference, ("slip.pdf",))
        toko.world.decide_dispute(opened, won=True)
        await toko.deliver_webhooks()
        with pytest.raises(DisputeOver):
            await toko.payments.submit_evidence(dispute, text="more")
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.PAID

    play(body)


def test_evidence_that_is_refused_leaves_the_dispute_open(play):
    """It can be given again."""

    async def body(toko):
        order = await sold(toko)
        _, dispute = await disputed(toko, order)
        toko.world.switches.decline = 1
        dispute = await toko.payments.submit_evidence(dispute, text="first")
        assert (dispute.state, len(dispute.evidence)) == (DisputeState.OPENED, 1)
        dispute = await toko.payments.submit_evidence(dispute.id, text="second")
        assert (dispute.state, [each.text for each in dispute.evidence]) == (
            DisputeState.EVIDENCE_SUBMITTED,
            ["first", "second"],
        )
        sent = [each.state for each in (await toko.payments.intent(order)).operations if each.kind == "evidence"]
        assert sent == [EffectState.FAILED, EffectState.SUCCEEDED]

    play(body)


def test_a_person_hands_evidence_over_where_the_gateway_does_not(play):
    """The answer is noted, and nobody is asked."""

    async def body(toko):
        order = await sold(toko)
        toko.world.can -= {Can.DISPUTE_EVIDENCE}
        _, dispute = await disputed(toko, order)
        dispute = await toko.payments.submit_evidence(dispute, text="by post")
        assert (dispute.state, dispute.evidence[0].sent) == (DisputeState.EVIDENCE_SUBMITTED, False)
        assert toko.world.heard == []

    play(body)


def test_what_is_no_evidence_is_refused(play_in_memory):
    """No text, a hidden character, a dispute that isn't there: nothing is stored."""

    async def body(toko):
        order = await sold(toko)
        _, dispute = await disputed(toko, order)
        for text in (" ", "a\0b", "x" * 20_001):
            with pytest.raises(InvalidInput):
                await toko.payments.submit_evidence(dispute, text=text)
        with pytest.raises(NotFound):
            await toko.payments.submit_evidence(dispute.id + "x", text="x")
        assert await toko.payments.disputes(order) == (dispute,)

    play_in_memory(body)


@pytest.mark.parametrize("won", [True, False])
def test_a_chargeback_after_a_refund_is_a_loss_and_not_a_debt(play, won):
    """The money went back once, and the bank takes it again: the customer owes nothing, the shop has lost it."""

    async def body(toko):
        order = await toko.orders.cancel(await sold(toko), reason="changed mind")
        assert (order.state, order.refunded) == (OrderState.CANCELLED, 75_000)
        opened = toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.payment, order.due, order.paid, order.lost) == (
            PaymentStatus.DISPUTED,
            NOTHING,
            NOTHING,
            75_000,
        )
        intent = await toko.payments.intent(order)
        assert (intent.lost, intent.disputed, toko.world.balance(NOTHING)) == (PRICE, NOTHING, -PRICE)
        toko.world.decide_dispute(opened, won=won)
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.payment, order.lost) == (PaymentStatus.REFUNDED, 0 if won else 75_000)
        assert toko.world.balance(NOTHING) == order.paid - IDR(order.lost)

    play(body)


def test_a_payment_taken_back_after_its_refund_is_a_loss_too(play):
    """Denied after settlement, when a part had gone back: that part is lost, and the order unpaid."""

    async def body(toko):
        order = await sold(toko)
        toko.world.refund_by_hand(toko.world.charges[-1].key, IDR(5_000))
        toko.world.take_back(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.paid, order.due, order.lost) == (NOTHING, PRICE, 5_000)
        assert (await toko.payments.intent(order)).outstanding == PRICE

    play(body)


def test_disputes_over_parts_are_told_apart(play):
    """Two disputes over one charge: one is won by its amount, the other goes on."""

    async def body(toko):
        order = await sold(toko)
        first = toko.world.dispute(toko.world.charges[-1].key, IDR(30_000))
        toko.world.dispute(toko.world.charges[-1].key, IDR(20_000))
        toko.world.decide_dispute(first, won=True)
        await toko.deliver_webhooks()
        states = {each.amount: each.state for each in await toko.payments.disputes(order)}
        assert states == {IDR(30_000): DisputeState.WON, IDR(20_000): DisputeState.OPENED}
        order = await toko.orders.get(order.id)
        assert (order.contested, order.due, order.payment) == (20_000, IDR(20_000), PaymentStatus.DISPUTED)

    play(body)


@pytest.mark.parametrize("given_back", [0, 20_000])
def test_a_completed_order_is_owed_again_when_its_dispute_is_lost(play, given_back):
    """It is open again and tells how much is due, whatever was refunded before; paid again, it is complete."""

    async def body(toko):
        order = await sold(toko)
        await toko.shipments.delivered(await toko.ship(order))
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED
        if given_back:
            await toko.payments.refund(order, IDR(given_back), reason="dented", key="k")
        opened = toko.world.dispute(toko.world.charges[-1].key, IDR(75_000 - given_back))
        await toko.deliver_webhooks()
        toko.world.decide_dispute(opened, won=False)
        await toko.deliver_webhooks()

        order = await toko.orders.get(order.id)
        intent = await toko.payments.intent(order)
        assert (order.state, order.payment, order.due) == (OrderState.PLACED, PaymentStatus.UNPAID, PRICE)
        assert (intent.captured, intent.disputed, intent.refunded) == (PRICE, PRICE - IDR(given_back), IDR(given_back))
        assert (intent.net, intent.refundable, intent.outstanding) == (NOTHING, NOTHING, PRICE)
        assert [each.reason for each in intent.disputes] == ["fraudulent"]

        await toko.payments.received(order, PRICE, method="cash")
        order = await toko.orders.get(order.id)
        assert (order.state, order.due) == (OrderState.COMPLETED, NOTHING)

    play(body)


@pytest.mark.parametrize(
    ("does", "figures"),
    [
        ("charged", (75, 0, 0, 75, 75, 0)),
        ("refunded", (75, 20, 0, 55, 55, 0)),
        ("opened", (75, 20, 30, 25, 25, 0)),
        ("lost", (75, 20, 30, 25, 25, 0)),
        ("won", (75, 20, 0, 55, 55, 0)),
        ("reversed", (20, 20, 0, 0, 0, 20)),
    ],
)
def test_the_figures_of_a_payment_through_a_dispute(play_in_memory, does, figures):
    """As the page on payments tells them, in thousands: captured, refunded, disputed, net, refundable, lost."""

    async def body(toko):
        order = await sold(toko)
        charge = toko.world.charges[-1].key
        if does != "charged":
            toko.world.refund_by_hand(charge, IDR(20_000))
        if does == "reversed":
            toko.world.take_back(charge)
        if does in ("opened", "lost", "won"):
            opened = toko.world.dispute(charge, IDR(30_000))
            await toko.deliver_webhooks()
        if does in ("lost", "won"):
            toko.world.decide_dispute(opened, won=does == "won")
        await toko.deliver_webhooks()
        intent = await toko.payments.intent(order)
        told = (intent.captured, intent.refunded, intent.disputed, intent.net, intent.refundable, intent.lost)
        assert told == tuple(IDR(each * 1000) for each in figures)

    play_in_memory(body)


def test_what_a_bank_has_taken_can_be_given_up(play_in_memory):
    """An allowance over what is due makes a delivered order even and complete."""

    async def body(toko):
        order = await sold(toko)
        await toko.shipments.delivered(await toko.ship(order))
        _, dispute = await disputed(toko, order)
        await toko.payments.decide_dispute(dispute, won=False)
        await toko.orders.grant_allowance(order, PRICE, reason="lost to the bank", key="give-up")
        order = await toko.orders.get(order.id)
        assert (order.state, order.due, (await toko.verify()).violations) == (OrderState.COMPLETED, NOTHING, ())

    play_in_memory(body)


@pytest.mark.parametrize("won", [True, False])
def test_the_reason_of_a_dispute_stays(play, won):
    """Why the bank asked is known when it has decided, whoever says how, and with the evidence before it."""

    async def body(toko):
        order = await sold(toko)
        opened, dispute = await disputed(toko, order)
        await toko.payments.submit_evidence(dispute, text="signed for")
        toko.world.decide_dispute(opened, won=won)
        await toko.deliver_webhooks()
        (dispute,) = await toko.payments.disputes(order)
        assert (dispute.is_over, dispute.reason) == (True, "fraudulent")

    play(body)
