"""A law: whatever happens around it, an order that was to be cancelled ends cancelled, and keeps no money."""

from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Money, OrderState
from tokolib.effects.model import EffectKind
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import drive
from tokolib.payments.ports import Can
from tokolib.payments.tenders import LOCAL

NOTHING = IDR(0)

happenings = st.lists(
    st.sampled_from(
        [
            "pay",
            "expire",
            "deliver",
            "tick",
            "wait",
            "cancel",
            "advance",
            "cash",
            "charge",
            "time_out_before",
            "time_out_after",
            "unreachable",
            "unvoidable",
            "decline",
            "hidden",
            "twice",
        ]
    ),
    min_size=1,
    max_size=12,
)


async def happen(toko, order, what):
    """One of the things that the world, a clock or a person does."""
    charges, switches = toko.world.charges, toko.world.switches
    try:
        match what:
            case "pay" | "expire" if charges:
                getattr(toko.world, what)(charges[-1].key)
            case "deliver":
                await toko.deliver_webhooks()
            case "tick":
                await toko.tick()
            case "wait":
                toko.clock.forward(minutes=17)
            case "cancel":
                await toko.orders.cancel(order, reason="changed mind")
            case "advance":
                await toko.payments.advance(order)
            case "cash":
                await toko.payments.received(order, IDR(20_000), method="cash")
            case "charge":
                await toko.payments.charge(order, gateway="fake")
            case "twice":
                switches.webhooks_twice = switches.out_of_order = True
            case _ if hasattr(switches, what):
                setattr(switches, what, 1)
    except TokolibError:
        pass  # too late, or nothing to do: it changed nothing


async def check(toko, order):
    """What holds at every instant."""
    sums = (await toko.payments.intent(order)).totals
    assert 0 <= sums.refunded + sums.pending_refund + sums.disputed <= sums.captured
    order = await toko.orders.get(order.id)
    assert not (order.shippable and order.cancel_requested)
    for charge in toko.world.charges:
        assert toko.world.charges_of(charge.key) == 1


async def quiet(toko):
    """Nothing goes wrong any more, nobody pays any more, and everything that waits is told."""
    toko.world.switches = type(toko.world.switches)()
    for _ in range(7):
        for charge in toko.world.charges:
            toko.world.expire(charge.key)
        await toko.deliver_webhooks()
        toko.clock.forward(hours=4)
        await toko.tick()


@given(st.sampled_from(["fake", "bank_transfer", "cod"]), happenings, happenings, st.booleans(), st.booleans())
def test_a_cancelled_order_keeps_no_money(raise_stage, tender, before, after, voids, instant):
    """Paid before, after or never, lost, late or twice: cancelled, all goods free, and the provider's books at zero."""

    async def body():
        toko, close = await raise_stage(None, "memory", {"country": "ID"}, furnished=False)
        toko.world.instant = instant
        if not voids:
            toko.world.can &= {Can.REFUND, Can.PARTIAL_REFUND}
        order = await toko.given.order({"KOPI-250": 1}, tender=tender)
        for what in [*before, "cancel", *after]:
            await happen(toko, order, what)
            await check(toko, order)
        await quiet(toko)
        for each in (await toko.payments.intent(order)).payouts:
            await toko.payments.paid_out(each.id)
        order = await toko.orders.get(order.id)
        assert order.state is OrderState.CANCELLED
        assert (order.paid, order.due) == (NOTHING, NOTHING)
        by_hand = [each for each in (await toko.payments.intent(order)).operations if each.provider in LOCAL]
        came = Money.total((each.amount for each in by_hand if each.kind is EffectKind.CHARGE), NOTHING.currency)
        went = Money.total((each.amount for each in by_hand if each.kind is EffectKind.REFUND), NOTHING.currency)
        assert toko.world.balance(NOTHING) == went - came  # what the gateway refused to give back, people did
        assert (await toko.stock.available("KOPI-250")).steps == 20
        assert await toko.verify()
        await close()

    drive(body())
