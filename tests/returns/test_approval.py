"""Refunds above a limit wait for somebody else than who asked for the return."""

import pytest

from tokolib import EUR, IDR, Customer, InvalidInput, NotFound, Staff
from tokolib.returns import (
    Approval,
    ApproverRequested,
    IllegalReturnTransition,
    OnlyByStaff,
    ReturnApprovalNeeded,
    ReturnState,
)

LIMIT = IDR(100_000)


async def delivered(toko, lines, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def requested(toko, order, many, who="budi"):
    """A return that *who* has asked for."""
    return await toko.another(Staff(who)).returns.request(order, {"KOPI-250": many}, reason="changed mind")


def test_a_refund_above_the_limit_waits_for_another_actor(play):
    """Nothing is credited, restocked or refunded before; then it goes back as ever, and who and when is kept."""

    async def body(toko):
        await toko.settings.change(return_limit=(LIMIT,))
        order = await delivered(toko, {"KOPI-250": 3})
        asked = await requested(toko, order, 2)
        with pytest.raises(ReturnApprovalNeeded) as refused:
            await toko.returns.accept(asked)
        assert (IDR(150_000), LIMIT) == (refused.value.refund, refused.value.limit)
        assert "returns.approve" in refused.value.hint
        assert (0, ReturnState.REQUESTED) == (
            (await toko.orders.get(order.id)).credited,
            (await toko.returns.get(asked.id)).state,
        )
        with pytest.raises(ApproverRequested):
            await toko.another(Staff("budi")).returns.approve(asked)
        with pytest.raises(OnlyByStaff):
            await toko.another(Customer("cus_siti")).returns.approve(asked)

        approved = await toko.another(Staff("wati")).returns.approve(asked.id)
        again = await toko.another(Staff("agus")).returns.approve(asked)
        done = await toko.another(Staff("budi")).returns.accept(approved)

        assert Approval("staff:wati", toko.clock.now()) == approved.approval
        assert (approved, approved.approval) == (again, done.approval)
        assert IDR(150_000) == done.refund.amount
        with pytest.raises(NotFound):
            await toko.returns.approve("ret_nothing")

    play(body)


def test_what_goes_back_at_once_is_held_against_the_limit_too(play):
    """Up to the limit it needs nobody; above it the way out is a request."""

    async def body(toko):
        await toko.settings.change(return_limit=(LIMIT,))
        order = await delivered(toko, {"KOPI-250": 3})

        with pytest.raises(ReturnApprovalNeeded) as refused:
            await toko.returns.accept(order, {"KOPI-250": 2}, reason="changed mind")
        assert "returns.request" in refused.value.hint
        assert () == await toko.returns.of(order)
        assert IDR(75_000) == (await toko.returns.accept(order, {"KOPI-250": 1})).refund.amount

    play(body)


def test_the_refund_counts_and_not_the_worth(play):
    """What lowers a debt needs nobody; nor what never arrived, nor what is in another currency than the limits."""

    async def body(toko):
        await toko.settings.change(return_limit=(IDR(0),))
        unpaid = await delivered(toko, {"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        lost = await toko.given.order({"KOPI-250": 2})
        parcel = await toko.shipments.lost(await toko.shipments.hand_over(lost), reason="gone")

        assert IDR(0) == (await toko.returns.accept(unpaid, {"KOPI-250": 1})).refund.amount
        assert IDR(150_000) == (await toko.returns.undelivered(parcel, reason="gone")).refund.amount
        await toko.settings.change(currencies=("EUR",), return_limit=(EUR(0),))
        paid = await delivered(toko, {"KOPI-250": 1})
        assert IDR(75_000) == (await toko.returns.accept(paid, {"KOPI-250": 1})).refund.amount

    play(body)


def test_only_what_waits_can_be_approved(play_in_memory):
    """A rejected return can't, and the refusal says where it stands."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 1})
        asked = await requested(toko, order, 1)
        await toko.returns.reject(asked, note="worn")

        with pytest.raises(IllegalReturnTransition) as refused:
            await toko.returns.approve(asked)
        assert "rejected" in str(refused.value)

    play_in_memory(body)


@pytest.mark.parametrize("limits", [(IDR(-1),), (EUR(5),), (LIMIT, LIMIT)])
def test_limits_that_are_none_are_refused(play_in_memory, limits):
    """Below zero, in a currency that isn't sold in, or twice the same."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.settings.change(return_limit=limits)
        assert refused.value.faults[0].path.startswith("return_limit")

    play_in_memory(body)
