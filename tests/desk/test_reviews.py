"""The review queue: what no rule can decide waits in one place, with its ways out, and goes by each of them."""

from datetime import date

import attrs
import pytest

from tokolib import IDR, OrderState, Staff
from tokolib.desk.reviews.errors import DecidedOtherwise, NotAcceptable, NotDismissible
from tokolib.desk.reviews.model import WAYS, ReviewKind
from tokolib.effects.model import EffectState
from tokolib.kernel.errors import InvalidInput, NotFound
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import Contradiction
from tokolib.payments.states import IntentState
from tokolib.reconciliation.model import RowKind, SettlementRow

K = ReviewKind
PRICE = IDR(75_000)


async def kinds(toko):
    """What waits, by kind, in the order of the queue."""
    page = await toko.reviews.list()
    assert page.after is None
    assert len(page.items) == (await toko.reviews.count()).total
    return [each.kind for each in page.items]


async def only(toko, kind):
    """The one item that waits."""
    (item,) = (await toko.reviews.list()).items
    assert kind is item.kind
    assert item == await toko.reviews.get(item.id)
    return item


async def silent(toko, **asked):
    """An order whose charge nobody answers for, so long that it is a case for a person."""
    toko.world.switches.time_out_before = 10_000
    order = await toko.given.order({"KOPI-250": 1}, tender="fake", **asked)
    for _ in range(30):
        toko.clock.forward(hours=2)
        await toko.payments.advance(order)
    toko.clock.forward(minutes=3)  # the last look-up's lease has run out
    toko.world.switches.time_out_before = 0
    return order


async def paid(toko, goods=None):
    """An order that is paid at the gateway."""
    order = await toko.given.order(goods or {"KOPI-250": 1}, tender="fake")
    toko.world.pay(toko.world.charges[-1].key)
    await toko.deliver_webhooks()
    return await toko.orders.get(order.id)


def test_a_shop_in_order_has_an_empty_queue(play):
    """What machines go on with doesn't stand in it: a customer at the bank's page, a charge under way."""

    async def body(toko):
        await toko.given.order({"KOPI-250": 1}, tender="fake")
        await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await paid(toko)

        assert ((), None) == ((page := await toko.reviews.list()).items, page.after)
        waiting = await toko.reviews.count()
        assert (0, {}, None, False) == (waiting.total, waiting.kinds, waiting.oldest, waiting.more)

    play(body)


def test_a_charge_that_nobody_answers_for(play):
    """The item names it, its amount, since when it waits and what was seen; a person's word takes it out."""

    async def body(toko):
        order = await silent(toko)

        item = await only(toko, K.OPERATION)
        (charge,) = (await toko.payments.intent(order)).operations
        assert (charge.id, "effects.no_answer", order.id) == (item.id, item.why, item.order_id)
        assert (PRICE, "fake", charge) == (item.amount, item.provider, item.operation)
        assert charge.waits_since == item.since < toko.clock.now()
        assert EffectState.REVIEW in [each.state for each in item.seen]
        assert charge.key in item.what
        assert ["payments.resolve", "payments.advance"] == [each.command for each in item.ways]

        await toko.payments.resolve(item.id, happened=False, reason="not in their books")

        assert [] == await kinds(toko)
        assert OrderState.CANCELLED is (await toko.orders.get(order.id)).state

    play(body, sound=True)


def test_a_message_settles_what_waits_for_a_person(play):
    """The customer pays after all: the webhook is a definite answer, and nobody has to look any more."""

    async def body(toko):
        order = await silent(toko)
        (charge,) = (await toko.payments.intent(order)).operations
        message = toko.world.forge(await known(toko, charge), state="succeeded")
        await toko.webhooks.receive("fake", *message)

        assert [] == await kinds(toko)
        assert IntentState.CAPTURED is (await toko.payments.intent(order)).state

    play(body)


async def known(toko, charge):
    """The charge in the provider's books, as if its request had come through after all."""
    from tokolib.payments.ports import Charge

    return toko.world.create(Charge(key=charge.key, amount=charge.amount, order_id=charge.subject, expires_at=None))


@pytest.mark.parametrize("how", ["advance", "tick"])
def test_what_waits_is_looked_up_and_never_sent(play, how):
    """At once when somebody asks, now and then by `tick`: the answer settles it, and no second charge is made."""

    async def body(toko):
        order = await silent(toko)
        (charge,) = (await toko.payments.intent(order)).operations
        await known(toko, charge)
        toko.world.pay(charge.key)
        calls = len([each for each in toko.world.calls if each.startswith("create")])

        if how == "advance":
            await toko.payments.advance(order)
        else:
            assert 0 == (await toko.shop.tick()).asked_payments
            toko.clock.forward(hours=6)
            assert 1 == (await toko.shop.tick()).asked_payments

        assert [] == await kinds(toko)
        assert IntentState.CAPTURED is (await toko.payments.intent(order)).state
        assert calls == len([each for each in toko.world.calls if each.startswith("create")])

    play(body)


def test_what_waits_and_isnt_found_is_left_alone(play):
    """The provider knows nothing of it: nothing is sent, however often it is looked up."""

    async def body(toko):
        order = await silent(toko)
        for _ in range(8):
            toko.clock.forward(hours=7)
            assert () == (await toko.shop.tick()).failures
            await toko.payments.advance(order)

        await only(toko, K.OPERATION)
        assert [] == [each for each in toko.world.calls if each.startswith("create")] and not toko.world.charges

    play(body)


def test_money_of_nobody_is_found_a_home(play):
    """A transfer under a key that is gone is accepted for the order that it was meant for, which is placed."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        other = await toko.given.order({"KOPI-250": 1}, tender="fake")
        stray = toko.world.forge(toko.world.charges[-1], key="int_gone.1.1", reference="va-77", state="succeeded")
        await toko.webhooks.receive("fake", *stray)

        item = await only(toko, K.QUARANTINE)
        assert ("payments.unknown_reference", None, PRICE) == (item.why, item.order_id, item.amount)
        with pytest.raises(InvalidInput):
            await toko.reviews.accept(item)
        with pytest.raises(NotFound):
            await toko.reviews.accept(item, "ord_none")

        budi = toko.another(Staff("budi"))
        for _ in range(2):
            decision = await budi.reviews.accept(item, order, reason="asked the bank")

        assert (True, "staff:budi", "asked the bank") == (decision.accepted, decision.by, decision.reason)
        assert order.id == decision.order_id
        order = await toko.orders.get(order.id)
        assert (OrderState.PLACED, PaymentStatus.PAID) == (order.state, order.payment)
        assert [] == await kinds(toko)
        with pytest.raises(DecidedOtherwise, match="accepted by staff:budi"):
            await budi.reviews.dismiss(item, reason="no")
        with pytest.raises(DecidedOtherwise):
            await budi.reviews.accept(item, other)

        back = toko.world.forge(
            toko.world.charges[-1], key="int_gone.1.1", reference="va-77", state="failed", sequence=9
        )
        await toko.webhooks.receive("fake", *back)
        assert IDR(0) == (await toko.payments.intent(order)).captured

    play(body)


def test_money_of_nobody_is_put_away(play):
    """It is another shop's: a reason is kept, told again it doesn't come back, and no money moves."""

    async def body(toko):
        await toko.given.order({"KOPI-250": 1}, tender="fake")
        stray = toko.world.forge(toko.world.charges[-1], key="int_gone.1.1", reference="va-77", state="succeeded")
        await toko.webhooks.receive("fake", *stray)
        item = await only(toko, K.QUARANTINE)

        with pytest.raises(InvalidInput):
            await toko.reviews.dismiss(item, reason="")
        assert not (await toko.reviews.dismiss(item, reason="our other shop's")).accepted
        await toko.webhooks.receive(
            "fake",
            *toko.world.forge(toko.world.charges[-1], key="int_gone.1.1", reference="va-77", state="succeeded", n=2),
        )

        assert [] == await kinds(toko)
        assert () == (await toko.verify()).alarms
        with pytest.raises(NotFound):
            await toko.reviews.get(item.id)

    play(body)


def test_another_amount_is_taken_for_true(play):
    """The customer has paid 74,000 for 75,000: accepted, the rest is owed, and the charge waits for nothing more."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        await toko.webhooks.receive(
            "fake", *toko.world.forge(toko.world.charges[-1], state="succeeded", amount="74000")
        )
        assert [K.OPERATION, K.OBSERVATION] == sorted(await kinds(toko), reverse=True)
        (item,) = (await toko.reviews.list([K.OBSERVATION])).items
        assert ("effects.other_amount", IDR(74_000)) == (item.why, item.amount)
        assert [IDR(74_000)] == [each.amount for each in item.seen]
        (alarm,) = [each for each in (await toko.verify()).alarms if item.id in each.found]
        assert "of IDR 74000 waits" in alarm.found

        await toko.reviews.accept(item)

        assert [] == await kinds(toko)
        intent = await toko.payments.intent(order)
        assert (IDR(74_000), IDR(1_000), None) == (intent.captured, intent.outstanding, intent.live_charge)
        await toko.payments.received(order, IDR(1_000), method="cash")
        assert OrderState.PLACED is (await toko.orders.get(order.id)).state

    play(body)


def test_another_amount_is_put_away(play):
    """A forgery: the charge is as it was before, and goes on by itself."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        charge = toko.world.charges[-1]
        await toko.webhooks.receive("fake", *toko.world.forge(charge, state="succeeded", amount="74000"))
        (item,) = (await toko.reviews.list([K.OBSERVATION])).items

        await toko.reviews.dismiss(item, reason="forged")

        assert [] == await kinds(toko)
        assert EffectState.ACTION_REQUIRED is (await toko.payments.intent(order)).operations[0].state
        toko.world.pay(charge.key)
        await toko.deliver_webhooks()
        assert IntentState.CAPTURED is (await toko.payments.intent(order)).state

    play(body)


def test_a_payment_known_under_two_names(play):
    """It stands, and somebody looks whether it was made twice; once it is put away no alarm is left."""

    async def body(toko):
        await paid(toko)
        await toko.webhooks.receive("fake", *toko.world.forge(toko.world.charges[-1], reference="another"))
        item = await only(toko, K.OPERATION)
        assert ("effects.two_references", ["reviews.dismiss"]) == (item.why, [each.command for each in item.ways])
        assert 1 == len((await toko.verify()).alarms)

        await toko.reviews.dismiss(item, reason="they have renamed it")

        assert [] == await kinds(toko)
        assert () == (await toko.verify()).alarms
        await toko.webhooks.receive("fake", *toko.world.forge(toko.world.charges[-1], reference="a third"))
        assert [K.OPERATION] == await kinds(toko)

    play(body)


def test_money_to_hand_over(play):
    """A refund by transfer waits for somebody who makes it, and is an alarm only when it waits for a week."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.payments.received(order, PRICE, reference="t-1")
        await toko.payments.refund(order, IDR(5_000), reason="late", key="k-1")

        item = await only(toko, K.PAYOUT)
        assert (IDR(5_000), "bank_transfer") == (item.amount, item.provider)
        assert () == (await toko.verify()).alarms
        toko.clock.forward(days=7)
        assert ["L1"] == [each.promise for each in (await toko.verify()).alarms]
        with pytest.raises(NotDismissible, match=r"payments\.paid_out, payments\.payout_failed"):
            await toko.reviews.dismiss(item, reason="no")
        with pytest.raises(NotAcceptable):
            await toko.reviews.accept(item)

        await toko.payments.paid_out(item.id, reference="out-1")
        assert [] == await kinds(toko)

    play(body)


def test_a_refund_that_was_refused(play):
    """The customer still waits for it: it is made another way, or put away with the reason."""

    async def body(toko):
        first, second = await paid(toko), await paid(toko)
        for number, order in enumerate((first, second)):
            toko.world.switches.decline = 1
            await toko.payments.refund(order, IDR(5_000), reason="late", key=f"k-{number}")
        assert [K.REFUSED, K.REFUSED] == await kinds(toko)
        page = await toko.reviews.list()
        assert {"payments.refund_refused"} == {each.why for each in page.items}
        assert {"payments.refund", "reviews.dismiss"} == {way.command for each in page.items for way in each.ways}

        await toko.payments.refund(first, IDR(5_000), reason="late", key="k-9", method="cash")
        await toko.reviews.dismiss((await only(toko, K.REFUSED)), reason="the customer waives it")

        assert [] == await kinds(toko)
        assert () == (await toko.verify()).alarms

    play(body)


def test_a_payout_that_failed_is_refused_money_too(play):
    """Nobody could be paid: until as much goes back another way, the customer waits."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.payments.received(order, PRICE, reference="t-1")
        refund = await toko.payments.refund(order, IDR(5_000), reason="late", key="k-1")
        await toko.payments.payout_failed(refund, reason="account closed")
        await only(toko, K.REFUSED)

        await toko.payments.refund(order, IDR(5_000), reason="late", key="k-2", method="cash")
        assert [] == await kinds(toko)

    play(body)


def test_a_charge_that_could_not_be_given_up(play):
    """The order is to be cancelled, and the customer may still pay: somebody asks again, or it ends by itself."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.world.switches.unvoidable = 1
        await toko.orders.cancel(order.id, reason="changed mind")
        item = await only(toko, K.REFUSED)
        assert ("payments.void_refused", "orders.cancel") == (item.why, item.ways[0].command)

        await toko.orders.cancel(order.id, reason="changed mind")

        assert [] == await kinds(toko)
        assert OrderState.CANCELLED is (await toko.orders.get(order.id)).state

    play(body)


def test_a_gateway_that_the_shop_has_no_more(play_in_memory):
    """What it was to be asked waits, and stops nobody else; it is asked as soon as it is back."""

    async def body(toko):
        toko.world.switches.unreachable = 1
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        shop = toko.shop._subject
        without = type(shop)(shop._work, attrs.evolve(shop._outside, gateways={}), blocking=True)
        toko.clock.forward(minutes=5)
        for _ in range(2):
            without.tick()
        item = await only(toko, K.UNASKED)
        assert ("payments.nobody_to_ask", order.id) == (item.why, item.order_id)
        assert ["tick", "payments.resolve"] == [each.command for each in item.ways]
        assert () == without.tick().failures
        assert ["L1"] == [each.promise for each in (await toko.verify()).alarms]

        assert 1 == (await toko.shop.tick()).asked_payments
        assert [] == await kinds(toko)
        assert 1 == len([each for each in toko.world.calls if each.startswith("create")])

    play_in_memory(body)


def test_a_dispute_waits_for_an_answer(play):
    """Until the shop has answered, or the bank has decided."""

    async def body(toko):
        await paid(toko)
        toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        item = await only(toko, K.DISPUTE)
        assert PRICE == item.amount

        await toko.payments.submit_evidence(item.operation.id, text="The parcel was signed for.")
        assert [] == await kinds(toko)

    play(body)


def test_money_that_went_back_twice(play):
    """A refund and a chargeback over the same payment: somebody asks for it, or gives it up."""

    async def body(toko):
        order = await paid(toko)
        await toko.payments.refund(order, PRICE, reason="kind", key="k-1")
        toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        (item,) = (await toko.reviews.list([K.LOSS])).items
        assert PRICE == item.amount

        await toko.reviews.dismiss(item, reason="written off")

        assert () == (await toko.reviews.list([K.LOSS])).items
        assert [] == [each for each in (await toko.verify()).alarms if each.promise == "M5"]

    play(body)


def test_a_row_of_a_report_that_fits_nothing(play):
    """It stands with its figures until somebody books it apart; that ends what it told of too, for good."""

    async def body(toko):
        row = SettlementRow(
            provider="fake",
            batch="2026-03-02",
            row="1",
            kind=RowKind.CHARGE,
            on=date(2026, 3, 2),
            gross=IDR(9_000),
            fee=IDR(0),
            fee_tax=IDR(0),
            withheld=IDR(0),
            net=IDR(9_000),
            reference="nobody",
        )
        await toko.settlements.take_in([row])
        (item,) = (await toko.reviews.list([K.SETTLEMENT])).items
        assert ("unknown_reference", row, IDR(9_000)) == (item.why, item.row, item.amount)

        await toko.settlements.book_apart(item.id, reason="a correction of theirs")
        assert [] == await kinds(toko)
        assert () == (await toko.verify()).alarms
        await toko.settlements.take_in([row])
        assert [] == await kinds(toko)

    play(body)


def test_the_longest_waiting_comes_first_page_by_page(play):
    """Every item is on exactly one page, whatever the size of the pages, and of the kinds that are asked for."""

    async def body(toko):
        for number in range(5):
            order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
            await toko.payments.received(order, PRICE, reference=f"t-{number}")
            for part in range(2):
                await toko.payments.refund(order, IDR(1_000 + part), reason="late", key=f"k-{number}-{part}")
            toko.clock.forward(minutes=1)
            await toko.given.order({"KOPI-250": 1}, tender="fake")
            stray = toko.world.forge(toko.world.charges[-1], key=f"int_gone{number}.1.1", reference=f"va-{number}")
            await toko.webhooks.receive("fake", *stray)
            if number % 2:
                toko.clock.forward(minutes=1)
        whole = (await toko.reviews.list(limit=100)).items
        assert 15 == len(whole) == len({each.id for each in whole})
        assert [each.since for each in whole] == sorted(each.since for each in whole)

        for asked in (None, [K.PAYOUT], [K.QUARANTINE], [K.PAYOUT, K.QUARANTINE], [K.FILING]):
            expected = [each for each in whole if asked is None or each.kind in asked]
            for size in (1, 2, 3, 7, 100):
                found, after = [], None
                while True:
                    page = await toko.reviews.list(asked, limit=size, after=after)
                    found += page.items
                    if (after := page.after) is None:
                        break
                assert expected == found
        count = await toko.reviews.count()
        assert ({K.PAYOUT: 10, K.QUARANTINE: 5}, 15, whole[0].since) == (count.kinds, count.total, count.oldest)
        assert (False, True) == (count.more, (await toko.reviews.count(up_to=3)).more)

    play(body)


def test_what_no_queue_can_be_asked(play_in_memory):
    """A kind that is none, a cursor that is none, a count of nothing."""

    async def body(toko):
        with pytest.raises(InvalidInput, match="must be one of operation, observation"):
            await toko.reviews.list(["money"])
        for cursor in ("", "x", "x y", "2026 99", "\u200b 1"):
            with pytest.raises(InvalidInput, match="must be the `after` of a page"):
                await toko.reviews.list(after=cursor)
        with pytest.raises(InvalidInput):
            await toko.reviews.list(limit=0)
        for wrong in (0, 10**9):
            with pytest.raises(InvalidInput):
                await toko.reviews.count(up_to=wrong)
        for id in ("", "obs_none", "int_none.1", "int_none.o1"):
            with pytest.raises(NotFound):
                await toko.reviews.get(id)
            with pytest.raises(NotFound):
                await toko.reviews.dismiss(id, reason="x")

    play_in_memory(body)


def test_it_can_not_have_happened_to_that_order(play):
    """Money of another currency, or of another order's payment, is refused, and waits on."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        charge = toko.world.charges[-1]
        stray = toko.world.forge(
            charge, key="int_gone.1.1", reference="d-1", currency="USD", amount="100", state="succeeded"
        )
        await toko.webhooks.receive("fake", *stray)
        item = await only(toko, K.QUARANTINE)

        with pytest.raises(Contradiction, match=r"effects\.other_currency"):
            await toko.reviews.accept(item, order)
        assert item == await only(toko, K.QUARANTINE)

    play(body)


def test_every_kind_has_a_way_out(play_in_memory):
    """And each way is a command of the shop."""

    async def body(toko):
        assert set(ReviewKind) == set(WAYS)
        for way in (way for ways in WAYS.values() for way in ways):
            door, _, command = way.command.rpartition(".")
            assert callable(getattr(getattr(toko.shop, door) if door else toko.shop, command)), way.command

    play_in_memory(body)


@pytest.mark.parametrize("id", ["x", "ret_1", "int_x.1"])
def test_what_is_no_item_is_named_as_such_by_every_door(play_in_memory, id):
    """The refusal names the item that was asked for, whatever its id looks like."""

    async def body(toko):
        asked = (toko.reviews.get(id), toko.reviews.accept(id), toko.reviews.dismiss(id, reason="x"))
        for one in asked:
            with pytest.raises(NotFound) as missing:
                await one
            assert (missing.value.kind, missing.value.id) == ("review", id)

    play_in_memory(body)
