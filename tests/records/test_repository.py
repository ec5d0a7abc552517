"""The repository: an identity map that writes each aggregate once, and refuses what would lose a change."""

import attrs
import pytest

from tokolib import IDR, NotFound
from tokolib.checkout.events import QuoteMade
from tokolib.checkout.ports import QUOTES
from tokolib.kernel.storage_errors import Misuse
from tokolib.orders.events import BlockLifted
from tokolib.orders.ports import ORDERS


def test_states_that_the_unit_does_not_hold_are_refused(play_in_memory):
    """A state from elsewhere, an older one, a second quote of one id: each would overwrite somebody's change."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        quote = await toko.carts.quoted(order.quote_id)
        work = toko.shop.orders._subject.work

        async def strange(unit):
            unit[ORDERS].record(order, BlockLifted("x", ""))

        async def older(unit):
            held = await unit[ORDERS].get(order.id)
            unit[ORDERS].record(held, BlockLifted("x", ""))
            unit[ORDERS].record(held, BlockLifted("x", ""))

        async def twice(unit):
            kept = await unit[QUOTES].get(quote.id)
            unit[QUOTES].keep(kept, QuoteMade(quote.id, quote.cart_id, quote.hash, 1))

        for step in (strange, older, twice):
            with pytest.raises(Misuse):
                await work.write("test", step)
        assert await toko.orders.get(order.id) == order

    play_in_memory(body)


def test_a_unit_reads_what_it_has_recorded(play_in_memory):
    """One aggregate, one object; an index finds what was recorded a moment ago."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        work = toko.shop.orders._subject.work

        async def step(unit):
            held = await unit[ORDERS].get(order.id)
            changed = unit[ORDERS].record(held, BlockLifted("x", ""))
            assert await unit[ORDERS].find(order.id) is changed
            assert (await unit[ORDERS].get_many([order.id, "ord_none"])) == {order.id: changed}
            assert (True, False) == (await unit[ORDERS].has(order.id), await unit[ORDERS].has("ord_none"))
            page = await unit[ORDERS].where("by_reference", equals={"reference": order.reference})
            assert page.items == (changed,)
            unit[ORDERS].record(changed, BlockLifted("y", ""))
            with pytest.raises(NotFound):
                await unit[ORDERS].get("ord_none")
            raise Stop

        with pytest.raises(Stop):
            await work.write("test", step)
        assert await toko.orders.get(order.id) == order
        assert attrs.evolve(order, captured=order.captured) == order and order.total == IDR(75_000)

    play_in_memory(body)


def test_whether_there_is_one_is_told_without_making_it(play_in_memory):
    """An order of which there is nothing yet is not made of its row to say so; a mistyped id is none."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        work = toko.shop.orders._subject.work

        async def step(unit):
            there = (await unit[ORDERS].has(order.id), await unit[ORDERS].has("ord_none"))
            return there, dict(unit[ORDERS]._held)

        assert ((True, False), {}) == await work.read(step)
        assert () == await toko.returns.of(order.id)
        with pytest.raises(NotFound, match="ord_none"):
            await toko.returns.of("ord_none")

    play_in_memory(body)


class Stop(Exception):
    """The unit comes to nothing."""
