"""Orders that are paid by a plan: a deposit, instalments on their days, and what follows when somebody is late."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokolib import IDR, Basket, Disposition, OrderState, Policies
from tokolib.kernel.errors import InvalidInput
from tokolib.orders.block_errors import BlockKept
from tokolib.orders.errors import DepositNotKept, NotShippable
from tokolib.orders.model import PaymentStatus
from tokolib.payments import ActionKind, InstalmentState, PlanStep, monthly
from tokolib.payments.errors import NothingDue
from tokolib.payments.plans.errors import NothingDueYet, PlanRefused, UnknownPlan
from tokolib.stored_value import FromGiftCard, GiftCardRefused

S = InstalmentState
TOTAL = IDR(150_000)


async def agreed(toko, tender="bank_transfer", *, title="DP 30 %, sisanya 3 bulan", **terms):
    """An order over 150 000 of which 30 % are due at once, and the rest in three months."""
    kept = {"deposit": "0.30", "steps": monthly(3), **terms}
    await toko.plans.put("dp30", title=title, **kept)
    return await toko.orders.place(Basket({"KOPI-250": 2}), tender=tender, plan="dp30", key="web-1")


async def states(toko, order):
    return [each.state for each in (await toko.payments.schedule(order)).instalments]


def test_the_deposit_places_the_order_and_the_rest_comes_on_its_days(play):
    """What is asked for is what is due; the goods leave when all is paid."""

    async def body(toko):
        order = await agreed(toko)
        asked = await toko.payments.next_action(order)
        assert (order.state, asked.kind, asked.amount) == (OrderState.PENDING_PAYMENT, ActionKind.TRANSFER, IDR(45_000))
        assert asked.due_until == order.due_until
        await toko.payments.received(order, IDR(45_000), reference="dp")
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PARTIALLY_PAID)
        assert [S.PAID, S.PLANNED, S.PLANNED, S.PLANNED] == await states(toko, order)
        later = await toko.payments.next_action(order)
        assert (later.kind, later.amount) == (ActionKind.NONE, IDR(0))
        assert dict(later.reason.values) == {"amount": IDR(35_000), "due": date(2026, 4, 2)}
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(order)
        for month in (1, 2, 3):
            toko.clock.forward(days=31)
            assert (await toko.tick()).noticed_orders == 1
            assert (await toko.payments.next_action(order)).amount == IDR(35_000)
            await toko.payments.received(order, IDR(35_000), reference=f"{month}")
            assert (await toko.tick()).noticed_orders == 0
        assert (await toko.payments.intent(order)).captured == TOTAL
        assert (await toko.payments.next_action(order)).kind is ActionKind.NONE
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_a_gateway_is_asked_for_what_is_due_and_for_more_only_by_name(play):
    """The deposit when ordering, an instalment on its day, the rest early if the customer wants to."""

    async def body(toko):
        order = await agreed(toko, "fake")
        assert [IDR(45_000)] == [each.amount for each in toko.world.charges]
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        with pytest.raises(NothingDueYet) as refused:
            await toko.payments.charge(order)
        assert (refused.value.amount, refused.value.due_on) == (IDR(35_000), date(2026, 4, 2))
        toko.clock.forward(days=31)
        await toko.tick()
        asked = await toko.payments.next_action(order)
        assert (asked.kind, asked.amount) == (ActionKind.CHARGE, IDR(35_000))
        await toko.payments.charge(order)
        assert toko.world.charges[-1].amount == IDR(35_000)
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        await toko.payments.charge(order, amount=IDR(70_000))
        assert (await toko.payments.next_action(order)).amount == IDR(70_000)
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        assert [S.PAID] * 4 == await states(toko, order)
        with pytest.raises(NothingDue):
            await toko.payments.charge(order)

    play(body)


def test_cash_pays_the_deposit_over_the_counter_and_a_gift_card_pays_first(play):
    """Only what is due is taken; a card that covers the deposit places the order by itself."""

    async def body(toko):
        order = await agreed(toko, "cash")
        assert (order.state, order.paid) == (OrderState.PLACED, IDR(45_000))
        card = await toko.gift_cards.issue(IDR(50_000), reason="raffle", key="card")
        other = await toko.orders.place(
            Basket({"KOPI-250": 2}), tender="fake", plan="dp30", key="web-2", credit=[FromGiftCard(card.code)]
        )
        assert (other.state, other.paid, toko.world.charges) == (OrderState.PLACED, IDR(50_000), ())
        assert (await toko.payments.schedule(other)).instalments[1].left == IDR(30_000)

    play(body)


def test_a_deposit_that_never_comes_lets_the_order_expire(play):
    """As any order does; one that comes late brings it back, by the plan as it was agreed."""

    async def body(toko):
        order = await agreed(toko, goods="while_on_time")
        toko.clock.forward(hours=25)
        assert (await toko.tick()).expired_orders == 1
        await toko.payments.received(order, IDR(45_000), reference="dp")
        order = await toko.orders.get(order.id)
        assert (order.state, order.credit_terms) == (OrderState.PLACED, True)
        assert (await toko.payments.schedule(order)).instalments[1].due_on == date(2026, 4, 2)

    play(body)


def test_goods_leave_while_nothing_is_overdue(play):
    """The shop gives credit; who is late gets nothing more until he has paid, whether or not anybody has ticked."""

    async def body(toko):
        order = await agreed(toko, "cash", goods="while_on_time", grace_days=2)
        await toko.shipments.hand_over(order, {"KOPI-250": 1})
        toko.clock.forward(days=31)
        assert [S.PAID, S.DUE, S.PLANNED, S.PLANNED] == await states(toko, order)
        toko.clock.forward(days=3)
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(order)
        await toko.tick()
        assert ["instalment"] == [each.code for each in (await toko.orders.get(order.id)).blocks]
        with pytest.raises(BlockKept, match="35000 is overdue"):
            await toko.orders.unblock(order, "instalment", reason="a regular")
        await toko.payments.received(order, IDR(34_999), reference="1")
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(order)
        await toko.payments.received(order, IDR(1), reference="2")
        await toko.shipments.hand_over(order)
        assert () == (await toko.orders.get(order.id)).blocks

    play(body)


def test_whoever_is_late_is_told_once(play):
    """One event when due, one when overdue, for whoever sends reminders; the goods are held by the rule."""

    async def body(toko):
        order = await agreed(toko, "cash", late="hold_goods", grace_days=1)
        toko.clock.forward(days=31)
        for noticed in (1, 0):
            assert (await toko.tick()).noticed_orders == noticed
        toko.clock.forward(days=2)
        for noticed in (1, 0):
            assert (await toko.tick()).noticed_orders == noticed
        intent = await toko.payments.intent(order)
        assert [(2, S.DUE), (2, S.OVERDUE)] == [(each.number, each.state) for each in intent.plan.noticed]
        assert ["instalment"] == [each.code for each in (await toko.orders.get(order.id)).blocks]
        await toko.payments.received(order, IDR(35_000), method="cash", reference="late")
        assert () == (await toko.orders.get(order.id)).blocks

    play(body)


@pytest.mark.parametrize(("policy", "kept"), [("keep", 45_000), ("give_back", 0)])
def test_who_stays_late_loses_the_order(play, policy, kept):
    """After the days of grace it is cancelled; the deposit stays or goes back, all else goes back."""

    async def body(toko):
        order = await agreed(toko, "cash", late="cancel", grace_days=3, deposit_on_cancel=policy)
        await toko.payments.received(order, IDR(10_000), reference="some")
        toko.clock.forward(days=33)
        await toko.tick()
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED
        toko.clock.forward(days=2)
        await toko.tick()
        order = await toko.orders.get(order.id)
        assert (order.state, order.forfeited, order.paid, order.due) == (
            OrderState.CANCELLED, kept, IDR(kept), IDR(0),
        )  # fmt: skip
        assert (await toko.stock.available("KOPI-250")).steps == 20
        await toko.payments.received(order, IDR(5_000), reference="too late")
        assert (await toko.orders.get(order.id)).paid == IDR(kept)

    play(body)


@pytest.mark.parametrize("spent", [False, True])
def test_a_gift_card_goes_with_an_order_that_is_lost(play, spent):
    """What paid it was taken back: a card that it bought is worth nothing then; if it was used, a person decides."""

    async def body(toko):
        order = await agreed(toko, "fake", late="cancel", grace_days=3)
        for amount in (None, IDR(105_000)):
            if amount is not None:
                await toko.payments.charge(order, amount=amount)
            toko.world.pay(toko.world.charges[-1].key)
            await toko.deliver_webhooks()
        card = await toko.gift_cards.sell_in(order, IDR(75_000), key="card")
        if spent:
            some = Basket({"CANGKIR": 1})
            await toko.orders.place(some, tender="cash", key="web-2", credit=[FromGiftCard(card.code)])
        toko.world.take_back(toko.world.charges[-1].key)
        await toko.deliver_webhooks()

        toko.clock.forward(days=40)
        ticked = [await toko.tick() for _ in range(2)]

        assert [(), ()] == [each.failures for each in ticked]
        lost = await toko.orders.get(order.id)
        if spent:
            assert (OrderState.PLACED, ["instalment"]) == (lost.state, [each.code for each in lost.blocks])
            return
        assert OrderState.CANCELLED == lost.state
        with pytest.raises(GiftCardRefused):
            await toko.gift_cards.balance(card.code)

    play(body)


def test_an_order_is_not_cancelled_while_a_charge_may_still_pay_it(play):
    """Whatever ends the charge decides; until then nothing leaves. Paid, it goes on."""

    async def body(toko):
        order = await agreed(toko, "cash", late="cancel", goods="while_on_time")
        toko.clock.forward(days=31)
        await toko.payments.charge(order, gateway="fake")
        asked = await toko.payments.next_action(order)
        assert (asked.kind, asked.amount) == (ActionKind.PAY_IN_CASH, IDR(35_000))
        toko.clock.forward(days=2)
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(order)
        for _ in range(2):
            await toko.tick()
            late = await toko.orders.get(order.id)
            assert (late.state, [each.code for each in late.blocks]) == (OrderState.PLACED, ["instalment"])
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        await toko.tick()
        order = await toko.orders.get(order.id)
        assert (order.state, order.paid, order.blocks) == (OrderState.PLACED, IDR(80_000), ())

    play(body)


def test_a_failed_charge_leaves_a_late_order_to_its_rule(play):
    """The same order, whose charge expires at the gateway: nobody has to tick for it."""

    async def body(toko):
        order = await agreed(toko, "cash", late="cancel")
        toko.clock.forward(days=31)
        await toko.payments.charge(order, gateway="fake")
        toko.clock.forward(days=2)
        assert (await toko.tick()).failures == ()
        toko.world.expire(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        assert (await toko.orders.get(order.id)).state is OrderState.CANCELLED

    play(body)


def test_a_deposit_is_kept_of_an_order_that_was_never_placed(play):
    """It was cancelled while its deposit was on the way: the sale was never booked, and what is kept is."""

    async def body(toko):
        order = await agreed(toko, deposit_on_cancel="keep")
        await toko.payments.charge(order, gateway="fake")
        toko.world.pay(toko.world.charges[-1].key)
        await toko.orders.cancel(order, reason="changed mind", keep_deposit=True)
        await toko.deliver_webhooks()

        order = await toko.orders.get(order.id)

        assert (None, OrderState.CANCELLED, 45_000) == (order.placed_at, order.state, order.forfeited)
        assert {"forfeited": IDR(-45_000), "money:fake": IDR(45_000)} == {
            each.account: each.amount for each in await toko.ledger.balances(order)
        }

    play(body)


def test_staff_keep_a_deposit_that_the_customer_agreed_to_lose(play):
    """At once, and when a charge has to end first; by another plan, or none, it can't be kept."""

    async def body(toko):
        order = await agreed(toko, "cash", deposit_on_cancel="keep")
        await toko.payments.received(order, IDR(10_000), reference="early")
        order = await toko.orders.cancel(order, reason="changed mind", keep_deposit=True)
        assert (order.forfeited, order.paid, order.payment) == (
            45_000, IDR(45_000), PaymentStatus.PARTIALLY_REFUNDED,
        )  # fmt: skip
        other = await toko.orders.place(Basket({"KOPI-250": 2}), tender="cash", plan="dp30", key="web-2")
        toko.clock.forward(minutes=5)
        await toko.payments.charge(other, gateway="fake", amount=IDR(20_000))
        toko.world.pay(toko.world.charges[-1].key)
        await toko.orders.cancel(other, reason="changed mind", keep_deposit=True)
        await toko.deliver_webhooks()
        await toko.payments.advance(other)
        other = await toko.orders.get(other.id)
        assert (other.state, other.forfeited, other.paid) == (OrderState.CANCELLED, 45_000, IDR(45_000))
        assert toko.world.balance(TOTAL) == IDR(0), "what the card brought went back"
        plain = await toko.given.order({"KOPI-250": 1})
        with pytest.raises(DepositNotKept):
            await toko.orders.cancel(plain, reason="changed mind", keep_deposit=True)
        assert (await toko.orders.get(plain.id)).state is OrderState.PLACED

    play(body)


def test_goods_that_have_left_keep_a_late_order_from_being_cancelled(play):
    """The others are held instead."""

    async def body(toko):
        order = await agreed(toko, "cash", late="cancel", goods="while_on_time")
        await toko.shipments.hand_over(order, {"KOPI-250": 1})
        toko.clock.forward(days=32)
        await toko.tick()
        order = await toko.orders.get(order.id)
        assert (order.state, [each.code for each in order.blocks]) == (OrderState.PLACED, ["instalment"])

    play(body)


def test_the_whole_rest_falls_due(play):
    """By the rule `all_due`; what is asked for now is all that is left."""

    async def body(toko):
        order = await agreed(toko, "cash", late="all_due")
        toko.clock.forward(days=32)
        await toko.tick()
        assert [S.PAID, S.OVERDUE, S.DUE, S.DUE] == await states(toko, order)
        assert (await toko.payments.next_action(order)).amount == IDR(105_000)
        toko.clock.forward(days=2)
        await toko.tick()
        assert [S.PAID, S.OVERDUE, S.OVERDUE, S.OVERDUE] == await states(toko, order)

    play(body)


def test_what_the_order_comes_to_less_shrinks_the_last_instalments(play):
    """An allowance, and goods that come back; what was paid beyond that goes back."""

    async def body(toko):
        order = await agreed(toko, "cash", goods="while_on_time")
        await toko.ship(order)
        await toko.orders.grant_allowance(order, IDR(40_000), reason="a scratch", key="scratch")
        left = [each.left.minor_units for each in (await toko.payments.schedule(order)).instalments]
        assert [0, 35_000, 30_000, 0] == left
        assert [S.PAID, S.PLANNED, S.PLANNED, S.DROPPED] == await states(toko, order)
        back = {"disposition": Disposition.RESTOCK, "reason": "changed mind"}
        await toko.returns.accept(order, {"KOPI-250": 1}, key="one", **back)
        left = [each.left.minor_units for each in (await toko.payments.schedule(order)).instalments]
        assert [0, 10_000, 0, 0] == left  # half of the allowance went back with half of the goods
        assert IDR(10_000) == (await toko.orders.get(order.id)).due
        await toko.returns.accept(order, {"KOPI-250": 1}, key="two", **back)
        assert (await toko.orders.get(order.id)).paid == IDR(0)

    play(body)


def test_a_charge_that_is_taken_back_makes_its_instalment_due_again(play):
    """A dispute: the goods that have not left are held again."""

    async def body(toko):
        toko.world.instant = True
        order = await agreed(toko, "fake", late="hold_goods")
        toko.clock.forward(days=31)
        await toko.payments.charge(order)
        toko.clock.forward(days=2)
        toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        assert [S.PAID, S.OVERDUE, S.PLANNED, S.PLANNED] == await states(toko, order)
        assert ["instalment"] == [each.code for each in (await toko.orders.get(order.id)).blocks]

    play(body)


def test_a_person_lifts_the_block_that_a_person_has_set(play_in_memory):
    """A plan keeps only what is overdue by it; a word of the same name is as good as any other."""

    async def body(toko):
        order = await agreed(toko, "cash", late="hold_goods")
        await toko.orders.block(order, "instalment", reason="the bank asks us to wait")
        assert () == (await toko.orders.unblock(order, "instalment")).blocks

    play_in_memory(body)


def test_what_came_early_is_told_alike_everywhere(play_in_memory):
    """A part of the next instalment: the plan in words, the error and the next action say what is left of it."""

    async def body(toko):
        toko.world.instant = True
        order = await agreed(toko, "fake")
        await toko.payments.charge(order, amount=IDR(10_000))
        planned = await toko.payments.schedule(order)
        assert "Payment 2, due" in planned.explain() and "25,000 left of it" in planned.explain()
        with pytest.raises(NothingDueYet, match="25000"):
            await toko.payments.charge(order)
        toko.world.dispute(toko.world.charges[0].key)
        await toko.deliver_webhooks()
        action = await toko.payments.next_action(order)
        assert action.paid == (await toko.orders.get(order.id)).paid == IDR(10_000)

    play_in_memory(body)


def test_a_plan_is_offered_where_it_can_be_had(play):
    """With what is due when; or why not, in both languages. What was agreed on stays when the offer changes."""

    async def body(toko):
        order = await agreed(toko, "cash", at_most=IDR(200_000), tenders=["cash", "fake"])
        await toko.plans.put("besar", title="Besar", deposit=IDR(100_000), steps=[PlanStep(days=14)])
        cart = await toko.carts.start({"KOPI-250": 1})
        ways = {each.tender: each.plans for each in (await toko.carts.options(cart)).tenders}
        assert {"cash": ["dp30"], "fake": ["dp30"], "bank_transfer": [], "cod": []} == {
            tender: [each.plan for each in plans if each.allowed] for tender, plans in ways.items()
        }
        assert [22_500, 17_500, 17_500, 17_500] == [each.amount.minor_units for each in ways["cash"][0].instalments]
        assert "Pembayaran ke-4, paling lambat 2 Jun 2026" in ways["cash"][0].explain("id")
        assert ways["cash"][1].explain() == "the deposit of besar, Rp100,000, covers the total of Rp75,000"
        await toko.plans.withdraw("dp30")
        assert (await toko.payments.schedule(order)).plan.late == "remind"
        with pytest.raises(PlanRefused) as refused:
            await toko.orders.place(Basket({"KOPI-250": 1}), tender="cash", plan="dp30", key="web-2")
        assert (refused.value.why, str(refused.value)) == ("payments.plan_not_offered", "dp30 is not offered")

    play(body)


@pytest.mark.parametrize(
    ("terms", "tender", "why"),
    [
        ({}, "cod", "tender"),
        ({"tenders": ["fake"]}, "cash", "tender"),
        ({"at_least": IDR(150_001)}, "cash", "too_little"),
        ({"at_most": IDR(149_999)}, "cash", "too_much"),
        ({"deposit": IDR(150_000)}, "cash", "covered"),
        ({"deposit": IDR(149_999)}, "cash", "too_small"),
    ],
)
def test_an_order_that_a_plan_is_not_for_is_refused(play_in_memory, terms, tender, why):
    """By one error that says why; nothing is stored."""

    async def body(toko):
        with pytest.raises(PlanRefused) as refused:
            await agreed(toko, tender, **terms)
        assert refused.value.why == f"payments.plan_{why}"
        assert () == (await toko.orders.page()).items

    play_in_memory(body)


def test_a_plan_and_a_capture_at_hand_over_exclude_each_other(play_in_memory):
    """Money that is only reserved is no deposit; paid in cash, the same plan can be had, and a card is then charged."""

    async def body(toko):
        await toko.settings.change(policies=Policies(capture="at_hand_over"))
        with pytest.raises(PlanRefused) as refused:
            await agreed(toko, "fake")
        assert refused.value.why == "payments.plan_reserves"
        order = await agreed(toko, "cash")
        assert (order.state, order.blocks) == (OrderState.PLACED, ())
        toko.world.instant = True
        assert (await toko.payments.charge(order, gateway="fake", amount=IDR(105_000))).captured == TOTAL
        with pytest.raises(UnknownPlan):
            await toko.orders.place(Basket({"KOPI-250": 1}), tender="cash", plan="dp-30", key="web-2")
        with pytest.raises(UnknownPlan):
            await toko.plans.withdraw("dp-30")

    play_in_memory(body)


def test_a_plan_that_can_not_be_is_refused_with_every_fault(play_in_memory):
    """All of them, with paths."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.plans.put(
                "x",
                title="",
                deposit="1",
                steps=[PlanStep(months=2), PlanStep(months=1), PlanStep(days=0, weight=0)],
                grace_days=-1,
                at_least=IDR(0),
                tenders=["cod"],
            )
        paths = [each.path for each in refused.value.faults]
        assert paths == ["title", "deposit", "at_least", "steps[1]", "steps[2].weight", "grace_days", "tenders[0]"]
        with pytest.raises(InvalidInput):
            await toko.plans.put("x", title="X", deposit="0.5", steps=monthly(1), late="sue")
        with pytest.raises(InvalidInput):
            await toko.plans.put("x", title="X", deposit=IDR(5), steps=[])
        assert () == await toko.plans.offers()

    play_in_memory(body)


def test_the_same_request_for_a_plan_is_one_order(play):
    """By its key; another plan under the same key is another request."""
    from tokolib.kernel.errors import KeyReused

    async def body(toko):
        order = await agreed(toko, "cash")
        assert order == await agreed(toko, "cash")
        with pytest.raises(KeyReused):
            await toko.orders.place(Basket({"KOPI-250": 2}), tender="cash", key="web-1")

    play(body)


STEPS = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 60_000)),
    st.tuples(st.just("wait"), st.integers(0, 40)),
    st.tuples(st.just("allow"), st.integers(1, 50_000)),
    st.tuples(st.just("ship"), st.just(1)),
    st.tuples(st.just("return"), st.just(1)),
    st.tuples(st.just("refund"), st.integers(1, 20_000)),
    st.tuples(st.just("cancel"), st.integers(0, 1)),
)
LATE = st.sampled_from(["remind", "hold_goods", "cancel", "all_due"])
GOODS = st.sampled_from(["when_paid", "while_on_time"])
KEPT = st.sampled_from(["keep", "give_back"])


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=12), LATE, GOODS, KEPT)
def test_whatever_happens_the_plan_adds_up_and_the_books_are_sound(steps, late, goods, kept):
    """Payments, time, allowances, shipments, returns, refunds and cancellations in any order; a second tick does
    nothing, and no instalment is ever negative.
    """
    import tokolib
    from tokolib.kernel.errors import TokolibError
    from tokolib.testing import ManualClock
    from tokolib.testing.builders import Given

    clock = ManualClock()
    with tokolib.open("memory://", country="ID", clock=clock) as shop:
        Given(shop).goods({"KOPI-250": 75_000})
        terms = {"late": late, "goods": goods, "deposit_on_cancel": kept, "grace_days": 2}
        shop.plans.put("dp", title="DP", deposit="0.25", steps=monthly(3), **terms)
        order = shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", plan="dp", key="one")
        for number, (step, size) in enumerate(steps):
            try:
                match step:
                    case "pay":
                        shop.payments.received(order, IDR(size), reference=f"{number}")
                    case "wait":
                        clock.forward(days=size)
                        assert () == shop.tick().failures
                        assert shop.tick().noticed_orders == 0
                    case "allow":
                        shop.orders.grant_allowance(order, IDR(size), reason="x", key=f"{number}")
                    case "ship":
                        shop.shipments.delivered(shop.shipments.hand_over(order, {"KOPI-250": size}))
                    case "return":
                        shop.returns.accept(order, {"KOPI-250": size}, reason="x", key=f"{number}")
                    case "refund":
                        shop.payments.refund(order, IDR(size), reason="x", key=f"{number}")
                    case "cancel":
                        shop.orders.cancel(order, reason="x", keep_deposit=size == 1)
            except TokolibError:
                pass
            now, planned = shop.orders.get(order.id), shop.payments.schedule(order)
            if now.state in (OrderState.PLACED, OrderState.COMPLETED):
                assert planned.total.minor_units == now.total.minor_units - now.credited
            assert all(IDR(0) <= each.paid <= each.amount for each in planned.instalments)
            report = shop.verify()
            assert report, [str(each) for each in report.violations]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_payments_in_any_order_and_told_twice_leave_the_same_plan(amounts, random):
    """The oldest instalment comes first, whichever payment was heard of first."""
    import tokolib
    from tokolib.testing import ManualClock
    from tokolib.testing.builders import Given

    told = [(f"{number}", amount) for number, amount in enumerate(amounts)]
    again = [*told, *told[:2]]
    random.shuffle(again)
    stood = []
    for said in (told, again):
        with tokolib.open("memory://", country="ID", clock=ManualClock()) as shop:
            Given(shop).goods({"KOPI-250": 75_000})
            shop.plans.put("dp", title="DP", deposit="0.25", steps=monthly(3))
            order = shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", plan="dp", key="one")
            for reference, amount in said:
                shop.payments.received(order, IDR(amount), reference=reference, method="bank_transfer")
            stood.append([(each.amount, each.paid, each.state) for each in shop.payments.schedule(order).instalments])
    assert stood[0] == stood[1]
