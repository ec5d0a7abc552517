"""What is on units already keeps a claim off them: nobody is made up for one unit twice."""

from datetime import timedelta

import attrs
import pytest

from tokolib import IDR
from tokolib.kernel.hosting import resolved
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.returns.claims import ClaimKind, ClaimRemedy, ClaimState, SpokenFor
from tokolib.returns.claims.events import ClaimOpened
from tokolib.returns.claims.ports import CLAIMS

WEEK = timedelta(days=7)
OFFER = {"remedy": ClaimRemedy.ALLOWANCE, "amount": IDR(50_000)}
REFUND = {"remedy": ClaimRemedy.REFUND}


async def delivered(toko, units):
    """An order whose goods have all arrived."""
    order = await toko.given.order({"KOPI-250": units})
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def claimed(toko, order, units=1, **remedy):
    return await toko.claims.open(order, {"KOPI-250": units}, kind=ClaimKind.DAMAGED, reason="torn", **remedy)


@pytest.mark.parametrize("first", [OFFER, REFUND], ids=["allowance", "refund"])
@pytest.mark.parametrize("second", [OFFER, REFUND], ids=["then allowance", "then refund"])
def test_a_second_claim_on_the_same_units_is_refused_at_once(play, first, second):
    """It says which units, by which claim, and what to do; once that one is decided the way is free."""

    async def body(toko):
        order = await delivered(toko, 2)
        before = await claimed(toko, order, 2, **first)
        with pytest.raises(SpokenFor) as refused:
            await claimed(toko, order, **second)
        assert (refused.value.by, refused.value.units) == ((before.id,), (f"{order.lines[0].id}[1-2]",))
        assert f"are spoken for by {before.id}" in str(refused.value)
        assert "shop.claims.withdraw" in refused.value.hint
        assert await toko.claims.of(order) == (before,)
        await toko.claims.withdraw(before, reason="looked again")
        await toko.claims.approve(await claimed(toko, order, **second))

    play(body)


def test_a_second_claim_is_on_other_units_where_there_are_some(play):
    """Of three bags two are claimed one by one, and each unit is made up for once."""

    async def body(toko):
        order = await delivered(toko, 3)
        claims = [await claimed(toko, order, **REFUND) for _ in range(2)]
        assert [[(run.first, run.beyond) for run in each.runs] for each in claims] == [[(0, 1)], [(1, 2)]]
        for claim in claims:
            back = await toko.returns.get((await toko.claims.approve(claim)).return_id)
            assert tuple(line.run for line in back.lines) == claim.runs
        assert (await toko.orders.get(order.id)).paid == IDR(75_000)

    play(body)


@pytest.mark.parametrize("open_thing", ["return", "exchange", "claim of a replacement", "claim that awaits the goods"])
def test_what_is_to_be_returned_or_exchanged_is_not_claimed_too(play, open_thing):
    """The refusal names the exchange or the return, and how to settle it; when that has ended the claim is opened."""

    async def body(toko):
        order, until = await delivered(toko, 1), toko.clock.now() + WEEK
        same = {"KOPI-250": 1}
        match open_thing:
            case "return":
                by = (await toko.returns.request(order, same, reason="too strong")).id
                end = toko.returns.reject, by, "shop.returns.accept"
            case "exchange":
                by = (await toko.exchanges.request(order, same, same, until=until, reason="stale")).id
                end = toko.exchanges.reject, by, "shop.exchanges.complete"
            case "claim of a replacement":
                by = (await claimed(toko, order, remedy=ClaimRemedy.REPLACEMENT, until=until)).id
                end = toko.claims.reject, by, "shop.claims.approve"
            case _:
                by = (await toko.claims.approve(await claimed(toko, order, goods_back=True, **REFUND))).return_id
                end = toko.returns.reject, by, "shop.returns.accept"
        with pytest.raises(SpokenFor) as refused:
            await claimed(toko, order, **OFFER)
        assert refused.value.by == (by,)
        assert end[2] in refused.value.hint
        await end[0](end[1], note="worn")
        assert (await claimed(toko, order, **OFFER)).state is ClaimState.OPENED

    play(body)


def test_what_the_customer_never_had_so_much_of_is_told_as_before(play):
    """More than was delivered is too many, whatever is claimed already."""

    async def body(toko):
        order = await delivered(toko, 2)
        await claimed(toko, order, **OFFER)
        with pytest.raises(TooManyUnits):
            await claimed(toko, order, 3, **OFFER)

    play(body)


def test_no_allowance_is_granted_for_what_came_back_meanwhile(play):
    """The unit was credited whole when it was returned; the claim can only be rejected or withdrawn."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1, "Teh-100": 2})
        await toko.ship(order)
        claim = await claimed(toko, order, **OFFER)
        await toko.returns.accept(order, {"KOPI-250": 1})
        with pytest.raises(TooManyUnits):
            await toko.claims.approve(claim)
        assert (await toko.orders.get(order.id)).allowed == 0
        assert (await toko.claims.reject(claim, note="is back")).state is ClaimState.REJECTED

    play(body)


def test_of_two_that_were_opened_in_one_moment_one_is_approved(play):
    """Neither knew of the other, as two processes don't: the second is told which one was approved."""

    async def body(toko):
        order = await delivered(toko, 2)
        first = await claimed(toko, order, **OFFER)
        twin = attrs.evolve(first, id=f"{first.id}x")

        async def step(unit):
            unit[CLAIMS].record(None, ClaimOpened(twin))

        await resolved(toko.shop._work.write("test", step))
        toko.clock.forward(days=1)
        await toko.claims.approve(first)
        with pytest.raises(SpokenFor) as refused:
            await toko.claims.approve(twin.id)
        assert refused.value.by == (first.id,)
        assert (await toko.orders.get(order.id)).allowed == 50_000
        await toko.claims.reject(twin.id, note="approved before")

    play(body)
