"""The door `ledger`: postings to look at, by order and by account."""

from datetime import timedelta

import pytest

from tokolib import IDR, InvalidInput, NotFound
from tokolib.kernel.errors import NaiveDatetime
from tokolib.orders import Balance


async def every_line(toko, account, **span):
    """All lines of an account, gathered page by page, two at a time."""
    lines, after = [], None
    while True:
        page = await toko.ledger.page(account, after=after, limit=2, **span)
        assert len(page.items) <= 2
        lines += page.items
        if page.after is None:
            return lines
        after = page.after


def test_the_postings_of_an_order_are_told_in_time(play):
    """Each is one event's, its legs add up to zero, and together they leave what stands on the accounts."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="bank_transfer")
        assert ((), ()) == (await toko.ledger.of(order), await toko.ledger.balances(order))
        toko.clock.forward(minutes=1)
        await toko.payments.received(order, order.total, reference="t-1")
        toko.clock.forward(minutes=1)
        await toko.orders.grant_allowance(order, IDR(10_000), reason="dented", key="a-1")

        postings = await toko.ledger.of(order.id)

        assert all(0 == sum(leg.amount.minor_units for leg in each.legs) for each in postings)
        assert {order.id} == {each.refers_to for each in postings}
        assert sorted(each.at for each in postings) == [each.at for each in postings]
        assert {"orders.order_placed", "orders.payment_captured", "orders.allowance_granted"} <= {
            each.event for each in postings
        }
        balances = await toko.ledger.balances(order)
        assert Balance("allowances", IDR(10_000)) in balances
        assert Balance("sales", IDR(-150_000)) in balances
        assert 0 == sum(each.amount.minor_units for each in balances)

    play(body)


def test_more_than_nine_postings_of_one_moment_keep_their_order(play_in_memory):
    """The tenth comes behind the second: their numbers are numbers."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="bank_transfer")
        for part in range(12):
            await toko.payments.received(order, IDR(1_000), reference=f"part {part}")

        postings = await toko.ledger.of(order)

        numbers = [int(each.id.rpartition(".")[2]) for each in postings]
        assert (12, sorted(numbers)) == (len(numbers), numbers)

    play_in_memory(body)


def test_an_account_is_read_in_pages_over_a_time_span(play):
    """From `since` on and before `until`; the balance of the same span is the sum of its lines."""

    async def body(toko):
        for _ in range(5):
            await toko.given.order({"KOPI-250": 1}, tender="cash")
            toko.clock.forward(days=1)
        now = toko.clock.now()
        span = {"since": now - timedelta(days=4), "until": now - timedelta(days=1)}

        of_all, of_span = await every_line(toko, "money:cash"), await every_line(toko, "money:cash", **span)

        assert [IDR(75_000)] * 5 == [each.amount for each in of_all]
        assert [each for each in of_all if span["since"] <= each.at < span["until"]] == of_span
        assert 3 == len(of_span)
        assert (Balance("money:cash", IDR(375_000)),) == await toko.ledger.balance("money:cash")
        assert (Balance("money:cash", IDR(225_000)),) == await toko.ledger.balance("money:cash", **span)
        assert () == await toko.ledger.balance("money:nowhere")

    play(body)


def test_what_cant_be_looked_at_is_refused(play_in_memory):
    """No such order, no name, no page, and an instant that says no zone."""

    async def body(toko):
        with pytest.raises(NotFound):
            await toko.ledger.of("ord_none")
        with pytest.raises(NotFound):
            await toko.ledger.balances("ord_none")
        with pytest.raises(InvalidInput):
            await toko.ledger.page(" ")
        with pytest.raises(InvalidInput):
            await toko.ledger.page("sales", limit=0)
        for refused in (toko.ledger.page, toko.ledger.balance):
            with pytest.raises(NaiveDatetime):
                await refused("sales", since=toko.clock.now().replace(tzinfo=None))

    play_in_memory(body)
