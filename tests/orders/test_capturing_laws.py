"""Laws of capturing at hand-over: never more than was reserved, and in the end exactly what left and stayed."""

from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Policies
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import drive
from tokolib.payments.ports import Can

NOTHING = IDR(0)

happenings = st.lists(
    st.sampled_from(
        [
            "confirm",
            "lapse",
            "deliver",
            "tick",
            "wait",
            "ship one",
            "ship all",
            "return",
            "allow",
            "cancel",
            "cash",
            "charge",
            "capture",
            "unblock",
            "dispute",
            "win",
            "lose",
            "time_out_before",
            "time_out_after",
            "unreachable",
            "decline",
            "hidden",
        ]
    ),
    max_size=14,
)


async def happen(toko, order, what, number):
    """One of the things that the world, a clock or a person does."""
    charges, switches = toko.world.charges, toko.world.switches
    try:
        match what:
            case "confirm" if charges and charges[-1].sequence == 0:
                toko.world.pay(charges[-1].key)
            case "lapse" if charges:
                toko.world.take_back(charges[-1].key)
            case "deliver":
                await toko.deliver_webhooks()
            case "tick":
                await toko.tick()
            case "wait":
                toko.clock.forward(minutes=17)
            case "ship one":
                await toko.shipments.hand_over(order, {"CANGKIR": 1})
            case "ship all":
                await toko.shipments.hand_over(order)
            case "return":
                await toko.returns.accept(order, {"CANGKIR": 1}, key=f"r{number}")
            case "allow":
                await toko.orders.grant_allowance(order, IDR(7_001), reason="dent", key=f"a{number}")
            case "cancel":
                await toko.orders.cancel(order, reason="x")
            case "dispute" if toko.world.balance(NOTHING) > NOTHING:
                toko.world.dispute(charges[0].key, IDR(9_001))
            case "win" | "lose" if open_disputes(toko):
                toko.world.decide_dispute(open_disputes(toko)[0], won=what == "win")
            case "cash":
                await toko.payments.received(order, IDR(20_000), method="cash")
            case "charge":
                await toko.payments.charge(order, gateway="fake")
            case "capture":
                await toko.orders.capture(order)
            case "unblock":
                await toko.orders.unblock(order, "payment")
            case _ if hasattr(switches, what):
                setattr(switches, what, 1)
    except TokolibError:
        pass  # too late, too early, or nothing to do: it changed nothing


def open_disputes(toko):
    """What the customer's bank has not decided yet."""
    won = [each for each in toko.world.entries if each.kind == "chargeback_reversal"]
    asked = [each for each in toko.world.entries if each.kind == "chargeback"]
    return [each for each in asked if ("outcome", "lost") not in each.details][len(won) :]


async def check(toko, order):
    """What holds at every instant, in the shop's books and in the provider's."""
    intent = await toko.payments.intent(order)
    for held in intent.reserves:
        assert held.captured + held.pending <= held.authorisation.amount.minor_units
    sums = intent.totals
    assert 0 <= sums.refunded + sums.pending_refund + sums.disputed <= sums.captured
    for charge in toko.world.charges:
        assert toko.world.charges_of(charge.key) == 1
    order = await toko.orders.get(order.id)
    assert order.reserved == sums.reserved


async def quiet(toko, order):
    """Nothing goes wrong any more, everything that waits is told, and people hand over what they owe."""
    toko.world.switches = type(toko.world.switches)()
    for _ in range(7):
        if (await toko.orders.get(order.id)).state in ("cancelled", "expired", "completed"):
            await toko.orders.capture(order)  # a person asks again for a release that was refused
        await toko.deliver_webhooks()
        toko.clock.forward(hours=4)
        assert (await toko.tick()).failures == ()
        for each in (await toko.payments.intent(order)).payouts:
            await toko.payments.paid_out(each.id)


@given(happenings, st.booleans(), st.sampled_from([frozenset(Can), frozenset(Can) - {Can.MULTIPLE_CAPTURE}]))
def test_no_more_is_captured_than_was_reserved_and_owed(raise_stage, happenings, instant, can):
    """Whatever happens, in any order: the books are the provider's, and an order that is over holds nothing."""

    async def body():
        toko, close = await raise_stage(None, "memory", {"country": "ID"}, furnished=False)
        await toko.settings.change(policies=Policies(capture="at_hand_over"))
        toko.world.instant, toko.world.can = instant, can
        order = await toko.given.order({"CANGKIR": 3}, tender="fake", delivery="jne:reg")
        for number, what in enumerate(happenings):
            await happen(toko, order, what, number)
            await check(toko, order)
        await quiet(toko, order)
        await check(toko, order)
        order, intent = await toko.orders.get(order.id), await toko.payments.intent(order)
        here = [each for each in intent.operations if each.provider == "fake" and each.succeeded]
        signs = {"capture": 1, "refund": -1, "chargeback": -1, "chargeback_reversal": 1}
        ours = sum(each.amount.minor_units * signs.get(each.kind, 0) for each in here)
        assert (toko.world.balance(NOTHING), toko.world.reserved) == (IDR(ours), intent.totals.reserved)
        if order.state in ("cancelled", "expired"):
            assert (max(order.paid, NOTHING), order.reserved, toko.world.reserved) == (NOTHING, 0, 0)
        if order.state == "completed":
            assert (order.due, order.reserved) == (NOTHING, 0)
        assert order.due >= NOTHING
        report = await toko.verify()
        assert report, [str(each) for each in report.violations]
        await close()

    drive(body())
