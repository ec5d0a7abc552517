"""Exchanges of which a part came back, or was fit: as much is replaced as is taken back, and each comes to an end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR
from tokolib.kernel.preview import PreviewStale
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.lines import Run
from tokolib.returns import Finding
from tokolib.returns.errors import AllRefused
from tokolib.returns.exchanges import ExchangeState, NothingReplaced
from tokolib.returns.model import Disposition, ReturnState
from tokolib.returns.replacements import Replacement
from tokolib.returns.replacing import due

WEEK = timedelta(days=7)
MONEY = {"KAOS-M": 75_000, "KAOS-L": 75_000, "KAOS-XL": 90_000, "KAOS-S": 60_000}


async def asked(toko, goods, to, **options):
    """An order whose goods have all arrived, and an exchange of them that is agreed to."""
    await toko.given.goods(MONEY, stock=9)
    order = await toko.given.order(goods)
    await toko.ship(order)
    until = toko.clock.now() + WEEK
    made = await toko.exchanges.request(order, goods, to, until=until, reason="wrong size", **options)
    return order, await toko.exchanges.authorise(made)


async def available(toko, sku):
    return (await toko.stock.level(sku)).available.steps


@pytest.mark.parametrize(("pricing", "to", "difference"), [("even", "KAOS-L", 0), ("now", "KAOS-XL", 15_000)])
def test_of_three_that_were_to_come_the_one_that_came_is_replaced(play, pricing, to, difference):
    """Shown first and done as shown; the hold of the others is free, and they stay the customer's."""

    async def body(toko):
        order, exchange = await asked(toko, {"KAOS-M": 3}, {to: 3}, pricing=pricing)
        assert (await toko.returns.get(exchange.return_id)).state is ReturnState.AUTHORISED
        whole = await toko.exchanges.preview_complete(exchange)
        await toko.returns.receive(exchange.return_id, {"KAOS-M": 1})
        with pytest.raises(PreviewStale):
            await toko.exchanges.complete(exchange, preview=whole)
        shown = await toko.exchanges.preview_complete(exchange)
        assert [(each.sku, each.open, each.returned) for each in shown.units] == [("KAOS-M", 0, 1), (to, 1, 0)]
        done = await toko.exchanges.complete(exchange, preview=shown.hash)
        assert done.settlement.difference == IDR(difference) == (await toko.orders.get(order.id)).due
        assert [(each.sku, each.steps) for each in done.settlement.replacements] == [(to, 1)]
        assert (await available(toko, to), await available(toko, "KAOS-M")) == (8, 7)
        (line, put) = (await toko.orders.get(order.id)).lines
        assert (len(line.kept), len(put.open)) == (2, 1)

    play(body)


@pytest.mark.parametrize("told", ["inspected before", "told at once"])
def test_what_is_refused_is_not_replaced(play, told):
    """One is worn: it stays the customer's, and the sound one is exchanged."""

    async def body(toko):
        order, exchange = await asked(toko, {"KAOS-M": 1, "KAOS-S": 1}, {"KAOS-L": 1, "KAOS-XL": 1}, pricing="even")
        dispositions = {"KAOS-M": Disposition.REFUSED}
        if told == "inspected before":
            await toko.stock.open_location("toko", "Toko")
            await toko.returns.receive(exchange.return_id, location="toko")
            await toko.returns.inspect(exchange.return_id, {"KAOS-M": Finding(Disposition.REFUSED, condition="worn")})
            dispositions = {}
        done = await toko.exchanges.complete(exchange, dispositions=dispositions)
        assert [each.sku for each in done.settlement.replacements] == ["KAOS-XL"]
        assert (done.settlement.credited, done.settlement.difference) == (IDR(60_000), IDR(0))
        assert (await available(toko, "KAOS-L"), await available(toko, "KAOS-XL")) == (9, 8)
        assert [len(line.kept) for line in (await toko.orders.get(order.id)).lines] == [1, 0, 0]

    play(body)


def test_a_hold_that_ran_out_is_made_anew_for_all_that_may_still_come(play):
    """One of two came, and the other may: both are held again, and completing takes the one."""

    async def body(toko):
        _, exchange = await asked(toko, {"KAOS-M": 2}, {"KAOS-L": 2}, pricing="even")
        await toko.returns.receive(exchange.return_id, {"KAOS-M": 1})
        toko.clock.forward(days=8)
        exchange = await toko.exchanges.extend(exchange, until=toko.clock.now() + WEEK)
        assert await available(toko, "KAOS-L") == 7
        await toko.exchanges.complete(exchange)
        assert await available(toko, "KAOS-L") == 8

    play(body)


def test_what_replaces_nothing_whole_is_told_with_the_ways_out(play):
    """One of two came for one dearer shirt; or all was refused."""

    async def body(toko):
        _, exchange = await asked(toko, {"KAOS-M": 2}, {"KAOS-XL": 1})
        await toko.returns.receive(exchange.return_id, {"KAOS-M": 1})
        with pytest.raises(NothingReplaced, match="1 of 2 came back") as refused:
            await toko.exchanges.complete(exchange)
        assert "shop.exchanges.reject" in refused.value.hint
        await toko.returns.inspect(exchange.return_id, disposition=Disposition.REFUSED)
        with pytest.raises(AllRefused) as all_of_it:
            await toko.exchanges.complete(exchange)
        assert "shop.exchanges.reject" in all_of_it.value.hint
        assert (await toko.exchanges.get(exchange.id)).state is ExchangeState.AUTHORISED
        assert await available(toko, "KAOS-XL") == 8

    play(body)


@pytest.mark.parametrize("end", ["reject", "cancel", "tick"])
@pytest.mark.parametrize("inspected", [False, True])
@pytest.mark.parametrize("then", ["credited", "sent back"])
def test_an_end_with_goods_here_leaves_them_to_their_return(play_in_memory, end, inspected, then):
    """The hold is free; the shop credits what came, or sends it back, and the books are right either way."""

    async def body(toko):
        order, exchange = await asked(toko, {"KAOS-M": 2}, {"KAOS-L": 2}, pricing="even")
        await toko.returns.receive(exchange.return_id, {"KAOS-M": 1})
        if inspected:
            await toko.returns.inspect(exchange.return_id)
        match end:
            case "reject":
                await toko.exchanges.reject(exchange, note="worn")
            case "cancel":
                await toko.exchanges.cancel(exchange, reason="keeps it")
            case _:
                toko.clock.forward(days=13)
                assert (await toko.tick()).expired_exchanges == 0
                toko.clock.forward(days=1)
                assert (await toko.tick()).expired_exchanges == 1
        back = await toko.returns.get(exchange.return_id)
        assert (back.part_of, back.is_open, await available(toko, "KAOS-L")) == ("", True, 9)
        assert await toko.verify()
        if then == "credited":
            assert (await toko.returns.accept(back)).refund.amount == IDR(75_000)
        else:
            assert (await toko.returns.reject(back, note="worn")).state is ReturnState.REJECTED
        assert (await toko.orders.get(order.id)).paid == IDR(75_000 if then == "credited" else 150_000)

    play_in_memory(body)


def pieces(*steps):
    return [Replacement(f"SKU-{number}", each, PIECE) for number, each in enumerate(steps)]


def test_each_of_the_replacement_goes_with_the_next_of_the_goods():
    """Of A 2, B 1 for X 1, Y 2: one A and B are replaced by X and one Y; of A and B for one X by nothing yet."""
    a, b = Run("lin_a", 0, 2), Run("lin_b", 0, 1)
    first = Run("lin_a", 0, 1)
    assert due(pieces(1, 2), [a, b], [first, b]) == (*pieces(1), Replacement("SKU-1", 1, PIECE))
    assert due(pieces(1, 2), [a, b], [b]) == (Replacement("SKU-1", 1, PIECE),)
    assert due(pieces(1), [a, b], [a]) == ()


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.data())
def test_as_many_are_replaced_as_came_and_never_more_than_were_asked(units, data):
    """Where both are as many, unit by unit; where they are not, never beyond the proportion."""
    asked = [Run(f"lin_{number}", 0, each) for number, each in enumerate(units)]
    came = [Run(run.line_id, 0, data.draw(st.integers(0, run.beyond))) for run in asked]
    came = [run for run in came if run.units]
    wanted = pieces(*data.draw(st.permutations(units)))

    found = due(wanted, asked, came)

    assert sum(each.steps for each in found) == sum(run.units for run in came)
    whole = {each.sku: each.steps for each in wanted}
    assert all(each.steps <= whole[each.sku] for each in found)
    odd = due(pieces(*units, 1), asked, came)
    total, here = sum(units), sum(len(UnitSet(((run.first, run.beyond),))) for run in came)
    assert sum(each.steps for each in odd) * total <= (total + 1) * here
