"""A customer gets money back once: from the shop, or from a bank, whoever is asked first and whatever the bank says."""

import pytest

from tokolib import IDR, OrderState
from tokolib.effects.model import EffectState
from tokolib.orders.model import PaymentStatus
from tokolib.payments import whereabouts
from tokolib.payments.disputes import DisputeState
from tokolib.payments.errors import Contradiction, DisputeOver, RefundTooLarge
from tokolib.payments.waiting import CaseKind

PRICE = IDR(75_000)
NOTHING = IDR(0)


async def sold(toko):
    """An order that was paid by card."""
    toko.world.instant = True
    return await toko.given.order({"KOPI-250": 1}, tender="fake")


async def asked_by_bank(toko, **terms):
    """The bank's dispute over the last charge, heard of."""
    opened = toko.world.dispute(toko.world.charges[-1].key, **terms)
    await toko.deliver_webhooks()
    return opened


async def decided(toko, opened, *, won):
    """The bank's decision, heard of, and what follows of it at the gateway done."""
    toko.world.decide_dispute(opened, won=won)
    await toko.deliver_webhooks()
    await toko.tick()


async def waiting(toko):
    """The kinds of what waits for a person."""
    return [each.kind for each in (await toko.reviews.list()).items]


async def transfer_asked(toko, order, amount=PRICE):
    """A refund that waits for a person to transfer it."""
    return await toko.payments.refund(order, amount, reason="changed mind", key="r", method="bank_transfer")


@pytest.mark.parametrize("taken", [True, False])
def test_a_refund_that_waits_is_stopped_when_the_bank_is_faster(play, taken):
    """Nobody is asked to hand over what the bank gives the customer; nothing is lost, and the books are even."""

    async def body(toko):
        order = await sold(toko)
        refund = await transfer_asked(toko, order)
        opened = await asked_by_bank(toko, taken=taken)
        assert CaseKind.PAYOUT not in await waiting(toko)
        await decided(toko, opened, won=False)

        order, intent = await toko.orders.get(order.id), await toko.payments.intent(order)
        assert (order.payment, order.paid, order.due, order.lost) == (PaymentStatus.UNPAID, NOTHING, PRICE, 0)
        stopped = intent.operation(refund.operations[0].id)
        why = "payments.taken_by_bank" if taken else "payments.contested"
        assert (stopped.state, stopped.failure) == (EffectState.FAILED, why)
        told = whereabouts(intent)
        assert (told.disputed, told.refunding, told.lost) == (75_000, 0, 0)
        assert "taken by the customer's bank" in await toko.payments.explain(order)
        assert [] == await waiting(toko)
        assert (await toko.verify()).violations == ()

    play(body)


@pytest.mark.parametrize("taken", [True, False])
def test_a_refund_that_was_stopped_is_shown_when_the_shop_keeps_the_money(play, taken):
    """The bank decides for the shop, and the customer still waits: a person is told, and may ask for it anew."""

    async def body(toko):
        order = await sold(toko)
        await transfer_asked(toko, order)
        await decided(toko, await asked_by_bank(toko, taken=taken), won=True)
        assert [CaseKind.REFUSED] == await waiting(toko)

        await toko.payments.refund(order, PRICE, reason="changed mind", key="again", method="bank_transfer")
        assert [CaseKind.PAYOUT] == await waiting(toko)

    play(body)


def test_of_a_refund_that_waits_only_what_the_bank_has_taken_is_stopped(play):
    """The rest is asked for anew, by the same way and for the same reason."""

    async def body(toko):
        order = await sold(toko)
        await transfer_asked(toko, order)
        await asked_by_bank(toko, amount=IDR(30_000))

        intent = await toko.payments.intent(order)
        (left,) = intent.payouts
        assert (left.amount, left.provider, left.reason) == (IDR(45_000), "bank_transfer", "changed mind")
        assert (intent.disputed, intent.pending_refund, intent.lost) == (IDR(30_000), IDR(45_000), NOTHING)
        assert (await toko.verify()).violations == ()

    play(body)


def test_a_payment_that_is_taken_back_stops_its_refund_too(play_in_memory):
    """The provider denies it after settlement, while a refund of it waits: nothing went back, so nothing is lost."""

    async def body(toko):
        order = await sold(toko)
        await transfer_asked(toko, order)
        toko.world.take_back(toko.world.charges[-1].key)
        await toko.deliver_webhooks()

        order, intent = await toko.orders.get(order.id), await toko.payments.intent(order)
        assert (order.lost, order.due, intent.payouts) == (0, PRICE, ())

    play_in_memory(body)


def test_a_refund_without_an_answer_is_no_loss_that_anybody_knows_of(play_in_memory):
    """The gateway is silent about it while the bank takes the money: it refuses in the end, and nothing went twice."""

    async def body(toko):
        order = await sold(toko)
        toko.world.switches.time_out_before = 1
        await toko.payments.refund(order, PRICE, reason="changed mind", key="r")
        await asked_by_bank(toko)
        assert CaseKind.LOSS not in await waiting(toko)
        toko.world.switches.decline = 1
        for _ in range(3):
            toko.clock.forward(minutes=10)
            await toko.tick()

        intent = await toko.payments.intent(order)
        assert (intent.refunded, intent.pending_refund, intent.lost, intent.disputed) == (
            NOTHING,
            NOTHING,
            NOTHING,
            PRICE,
        )

    play_in_memory(body)


def test_a_late_payment_that_was_to_go_back_brings_no_order_back(play_in_memory):
    """It came when the goods were gone, and a bank asks for it first: it goes back when the bank leaves it here."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.clock.forward(days=8)
        await toko.tick()
        assert OrderState.EXPIRED is (await toko.orders.get(order.id)).state
        await toko.given.order({"KOPI-250": (await toko.stock.level("KOPI-250")).available}, tender="cash")
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        opened = await asked_by_bank(toko, taken=False)
        assert NOTHING == (await toko.payments.intent(order)).pending_refund
        await toko.stock.receive("KOPI-250", 5, key="more")
        await decided(toko, opened, won=True)

        order = await toko.orders.get(order.id)
        assert (order.state, order.refunded, toko.world.balance(NOTHING)) == (OrderState.EXPIRED, 75_000, NOTHING)
        assert (await toko.verify()).violations == ()

    play_in_memory(body)


def test_what_was_handed_over_before_it_was_stopped_is_a_loss_when_it_is_told(play):
    """A hand had given it already: the word counts, and what the bank has taken besides is lost."""

    async def body(toko):
        order = await sold(toko)
        refund = await transfer_asked(toko, order)
        await decided(toko, await asked_by_bank(toko), won=False)
        for _ in range(2):
            intent = await toko.payments.paid_out(refund, reference="BCA 1")

        order = await toko.orders.get(order.id)
        assert (intent.refunded, intent.lost, order.lost) == (PRICE, PRICE, 75_000)
        assert [CaseKind.LOSS] == await waiting(toko)
        assert whereabouts(intent).lost == 75_000
        assert "although it had gone back already" in await toko.payments.explain(order)
        assert (await toko.verify()).violations == ()

    play(body)


@pytest.mark.parametrize("taken", [True, False])
def test_what_was_handed_over_after_it_was_stopped_does_not_go_back_once_more(play, taken):
    """A bank stopped it, and gave the money back: told that all of it left, nobody sends what was asked for instead."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 2}, tender="fake")
        await toko.shipments.delivered(await toko.ship(order))
        toko.world.switches.decline = 1
        await toko.returns.accept(order.id, {"KOPI-250": 1}, reason="dislikes")
        (payout,) = (await toko.payments.intent(order)).payouts
        await decided(toko, await asked_by_bank(toko, taken=taken, amount=IDR(100_000)), won=True)
        (rest,) = (await toko.payments.intent(order)).payouts
        assert (PRICE, IDR(50_000)) == (payout.amount, rest.amount)  # the others have gone back by card meanwhile

        intent = await toko.payments.paid_out(payout.id, reference="BCA 1")

        stopped = intent.operation(rest.id)
        assert (EffectState.FAILED, "payments.handed_over") == (stopped.standing, stopped.failure)
        assert ((), IDR(100_000), NOTHING) == (intent.payouts, intent.refunded, intent.lost)
        assert IDR(125_000) == toko.world.balance(NOTHING)
        assert IDR(25_000) == (await toko.orders.get(order.id)).due

    play(body)


def test_more_that_was_handed_over_than_stays_is_asked_for_no_second_time(play):
    """Two refunds took the place of one that left all the same: neither is sent, nor a part of them asked for anew."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 4}, tender="bank_transfer")
        await toko.payments.received(order, IDR(200_000), reference="BCA 1")
        await toko.payments.charge(order, gateway="fake")
        await toko.shipments.delivered(await toko.ship(order))
        toko.world.switches.time_out_before = 1
        await toko.returns.accept(order.id, {"KOPI-250": 3}, reason="dislikes")
        (payout,) = (await toko.payments.intent(order)).payouts
        opened = await asked_by_bank(toko, taken=False)
        toko.world.decide_dispute(opened, won=True)
        await toko.deliver_webhooks()
        instead = (await toko.payments.intent(order)).payouts
        assert 2 == len(instead) and IDR(200_000) == instead[0].amount + instead[1].amount == payout.amount

        intent = await toko.payments.paid_out(payout.id, reference="BCA 2")

        assert ((), IDR(200_000), IDR(25_000)) == (intent.payouts, intent.refunded, intent.pending_refund)
        assert (await toko.verify()).violations == ()

    play(body)


@pytest.mark.parametrize("method", ["cash", "bank_transfer", None])
def test_what_a_bank_asks_for_is_refunded_by_nobody(play, method):
    """Until the bank has decided; the error names the way out, and what stays can go back then."""

    async def body(toko):
        order = await sold(toko)
        opened = await asked_by_bank(toko, taken=False, amount=IDR(50_000))
        with pytest.raises(RefundTooLarge, match="decide_dispute") as caught:
            await toko.payments.refund(order, PRICE, reason="asked", key="r", method=method)
        assert (caught.value.refundable, caught.value.claimed) == (IDR(25_000), IDR(50_000))
        assert (
            EffectState.FAILED
            is not (await toko.payments.refund(order, IDR(25_000), reason="asked", key="part", method=method)).state
        )
        await decided(toko, opened, won=True)
        await toko.payments.refund(order, IDR(50_000), reason="asked", key="rest", method=method)
        assert NOTHING == (await toko.payments.intent(order)).refundable
        assert (await toko.verify()).violations == ()

    play(body)


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("won", [True, False])
def test_a_cancelled_order_gives_back_what_was_contested_when_it_is_won(play, taken, won):
    """While the bank decides the refund waits; then the customer has the money once, from shop or bank."""

    async def body(toko):
        order = await sold(toko)
        opened = await asked_by_bank(toko, taken=taken)
        order = await toko.orders.cancel(order, reason="changed mind")
        assert (order.state, order.refunded) == (OrderState.CANCELLED, 0)
        await decided(toko, opened, won=won)

        order = await toko.orders.get(order.id)
        assert (order.refunded, order.paid, order.lost) == (75_000 if won else 0, NOTHING, 0)
        assert toko.world.balance(NOTHING) == NOTHING
        assert (await toko.verify()).violations == ()

    play(body)


def test_goods_that_came_back_are_refunded_when_the_dispute_is_over(play):
    """What the return is worth waits with the bank's decision, and goes back then by itself."""

    async def body(toko):
        order = await sold(toko)
        await toko.shipments.delivered(await toko.ship(order))
        opened = await asked_by_bank(toko, taken=False)
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="stale", key="back")
        assert (await toko.orders.get(order.id)).refunded == 0
        await decided(toko, opened, won=True)

        order = await toko.orders.get(order.id)
        assert (order.refunded, order.due) == (75_000, NOTHING)
        assert (await toko.verify()).violations == ()

    play(body)


@pytest.mark.parametrize("reference", ["", "a call"])
def test_the_banks_word_counts_more_than_a_persons(play, reference):
    """Said to be won, and told to be lost: it is lost; and won at last when somebody says so after that."""

    async def body(toko):
        order = await sold(toko)
        opened = await asked_by_bank(toko)
        (dispute,) = await toko.payments.disputes(order)
        await toko.payments.decide_dispute(dispute, won=True, reference=reference)
        await decided(toko, opened, won=False)

        (dispute,) = await toko.payments.disputes(order)
        order = await toko.orders.get(order.id)
        assert (dispute.state, dispute.taken) == (DisputeState.LOST, True)
        assert (order.payment, order.due, toko.world.balance(NOTHING)) == (PaymentStatus.UNPAID, PRICE, NOTHING)

        dispute = await toko.payments.decide_dispute(dispute, won=True, reference=reference)
        assert (dispute.state, (await toko.orders.get(order.id)).due) == (DisputeState.WON, NOTHING)
        assert (await toko.verify()).violations == ()

    play(body)


def test_what_comes_back_after_all_is_no_word_that_was_wrong(play_in_memory):
    """A person said won, the bank said lost, and the money came: one movement, beside the word that it was not."""

    async def body(toko):
        order = await sold(toko)
        opened = await asked_by_bank(toko)
        await toko.payments.decide_dispute((await toko.payments.disputes(order))[0], won=True)
        await decided(toko, opened, won=False)
        await decided(toko, opened, won=True)

        (dispute,) = await toko.payments.disputes(order)
        order = await toko.orders.get(order.id)
        assert (dispute.state, order.paid) == (DisputeState.WON, PRICE)
        assert PRICE == toko.world.balance(NOTHING)

    play_in_memory(body)


def test_words_that_come_too_late_name_their_way_out(play_in_memory):
    """A refund handed over did not fail, and what was won is not lost by a word: each error says what to do."""

    async def body(toko):
        order = await sold(toko)
        refund = await toko.payments.refund(order, IDR(5), reason="dented", key="r", method="cash")
        with pytest.raises(Contradiction, match="has happened") as late:
            await toko.payments.payout_failed(refund, reason="lost")
        opened = await asked_by_bank(toko)
        await decided(toko, opened, won=True)
        (dispute,) = await toko.payments.disputes(order)
        with pytest.raises(DisputeOver) as over:
            await toko.payments.decide_dispute(dispute, won=False)

        assert "payments." not in str(late.value).splitlines()[0]
        assert "payments.received" in late.value.hint
        assert "folded in" in over.value.hint

    play_in_memory(body)
