"""Who is refused is told what to do: the way out fits what stands in the way."""

import pytest

from tokolib import IDR
from tokolib.kernel.money_errors import AmountOutOfRange
from tokolib.orders.block_errors import BlockUnknown
from tokolib.orders.errors import NotShippable
from tokolib.payments.errors import InvalidAmount, NothingDue
from tokolib.reconciliation.errors import NotWaiting


@pytest.mark.parametrize(
    ("hindered", "way", "others"),
    [
        ("unpaid", "payments.received", ("unblock", "submit_evidence")),
        ("disputed", "payments.submit_evidence", ("unblock",)),
        ("blocked", "orders.unblock(order, 'fraud'", ("payments", "submit_evidence")),
    ],
)
def test_what_hinders_goods_is_what_the_hint_is_about(play_in_memory, hindered, way, others):
    """Money is asked for where money is missing, a block is lifted where there is one, and a bank is answered."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        if hindered == "unpaid":
            await toko.payments.refund(order, IDR(75_000), reason="asked", key="r", method="cash")
        elif hindered == "disputed":
            toko.world.dispute(toko.world.charges[-1].key)
            await toko.deliver_webhooks()
        else:
            await toko.orders.block(order, "fraud", reason="a stolen card")
        with pytest.raises(NotShippable) as refused:
            await toko.shipments.hand_over(order)

        assert way in refused.value.hint
        assert not any(other in refused.value.hint for other in others)

    play_in_memory(body)


def test_an_overdue_instalment_is_paid_and_its_block_not_lifted():
    """The plan's block ends with the payment, so no hint asks to lift it."""
    refused = NotShippable("ord_1", "placed", "partially_paid", ("instalment",))

    assert "payments.charge" in refused.hint and "unblock" not in refused.hint


def test_an_amount_that_can_not_be_has_a_way_out(play_in_memory):
    """Nothing, too much of what is paid, and finer than the currency."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        with pytest.raises(InvalidAmount) as nothing:
            await toko.payments.received(order, IDR(0), method="cash")
        with pytest.raises(NothingDue) as paid:
            await toko.payments.charge(order)
        with pytest.raises(AmountOutOfRange) as fine:
            IDR("0.5")
        with pytest.raises(BlockUnknown) as block:
            await toko.orders.unblock(order, "fraud")

        assert "payments.next_action" in nothing.value.hint
        assert "payments.received" in paid.value.hint
        assert "IDR" in fine.value.hint
        assert block.value.hint == "there is nothing to lift"
        assert "shop.reviews.list()" in NotWaiting("bnk_1", "matched").hint

    play_in_memory(body)
