"""What holds in every host: its transaction and ours are one, and a refusal of ours takes back only its own part."""

from datetime import timedelta

import pytest

from tokolib import IDR, Basket, Staff, TokolibError
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.hosting import resolved
from tokolib.kernel.storage_errors import InsideTransaction, Misuse

ONE = Basket({"KOPI": 1})


class Broken(Exception):
    """Something in the host's own code."""


def test_a_commit_keeps_the_hosts_row_and_the_order(play):
    """Both last, and are seen by others once the host has committed, and not before."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            await transaction.note("visit")
            order = await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            assert "9 pcs" == str(await stage.within(transaction).stock.available("KOPI"))
        assert ["visit"] == stage.database.notes()
        assert order == await stage.shop.orders.get(order.id)
        assert "9 pcs" == await stage.left()

    play(story)


def test_a_shop_may_come_first(play):
    """The transaction need not have done anything of the host's before."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            await transaction.note("visit")
        assert (["visit"], "9 pcs") == (stage.database.notes(), await stage.left())

    play(story)


def test_a_rollback_takes_everything_back(play):
    """An error in the host's code after our success leaves no order, stock, key, history or event."""

    async def story(stage):
        before = stage.database.everything()
        with pytest.raises(Broken):
            async with stage.host.transaction() as transaction:
                await transaction.note("visit")
                order = await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
                assert "placed" == str(order.state)
                raise Broken
        assert ([], before) == (stage.database.notes(), stage.database.everything())
        placed = await stage.shop.orders.place(ONE, tender="cash", key="k")
        assert placed.id != order.id, "the key was free again"

    play(story)


def test_a_refusal_takes_back_only_its_own_part(play):
    """After OutOfStock the host goes on in the same transaction, and so does the shop."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            inside = stage.within(transaction)
            await transaction.note("before")
            await inside.orders.place(ONE, tender="cash", key="k")
            with pytest.raises(OutOfStock):
                await inside.orders.place(Basket({"KOPI": 10}), tender="cash", key="too-many")
            await inside.orders.place(Basket({"TEH": 1}), tender="cash", key="other")
            await transaction.note("after")
        assert ["after", "before"] == stage.database.notes()
        assert "9 pcs" == await stage.left()
        assert "9 pcs" == str(await stage.shop.stock.available("TEH"))
        assert 2 == len((await stage.shop.orders.page()).items)

    play(story)


def test_a_savepoint_of_the_host_takes_its_orders_along(play):
    """What was placed inside of a savepoint goes with it; what was placed around it stays."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            inside = stage.within(transaction)
            await inside.orders.place(ONE, tender="cash", key="around")
            with pytest.raises(Broken):
                async with transaction.savepoint():
                    await transaction.note("inside")
                    await inside.orders.place(ONE, tender="cash", key="inside")
                    raise Broken
            async with transaction.savepoint():
                await inside.orders.place(ONE, tender="cash", key="released")
            await transaction.note("around")
        assert (["around"], "8 pcs") == (stage.database.notes(), await stage.left())

    play(story)


def test_without_a_transaction_it_is_refused(play):
    """Nothing is sold where the host could not take it back, or would never commit it."""

    async def story(stage):
        before = stage.database.everything()
        async with stage.host.nothing_open() as idle:
            with pytest.raises(Misuse) as refused:
                await stage.within(idle).orders.place(ONE, tender="cash", key="k")
        assert "transaction" in str(refused.value)
        assert before == stage.database.everything()

    play(story)


def test_two_views_of_one_transaction_see_each_other(play):
    """`within` costs nothing and may be asked for wherever it is needed; `acting` works on what it gives."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            order = await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            again = await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            assert order == again
            rini = await stage.within(transaction).acting(Staff("rini"))
            await resolved(rini.orders.place(ONE, tender="cash", key="rini"))
        assert "8 pcs" == await stage.left()

    play(story)


def test_nobody_outside_is_asked_inside(play):
    """The gateway hears of an order when its transaction is committed and `advance` is called, and not before."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            inside = stage.within(transaction)
            order = await inside.orders.place(ONE, tender="fake", key="k")
            with pytest.raises(InsideTransaction):
                await inside.payments.advance(order)
            with pytest.raises(InsideTransaction):
                await inside.tick()
            assert "pending_payment" == str(order.state)
            await transaction.note("visit")
        assert [] == stage.world.calls
        await stage.shop.payments.advance(order)
        assert [f"create {order.intent_id}.1.1"] == stage.world.calls
        assert ["visit"] == stage.database.notes()

    play(story)


def test_the_outbox_is_left_alone_inside(play):
    """What a command of it would change could be rolled back; refused, it leaves no trace, and no mark of a purge."""

    async def story(stage):
        now = stage.clock.now()
        long_ago = now - timedelta(days=2)
        before = stage.database.everything()
        async with stage.host.transaction() as transaction:
            outbox = stage.within(transaction).outbox
            for name, call in {
                "relay": lambda: outbox.relay(),
                "dead_letters": lambda: outbox.dead_letters(),
                "revive": lambda: outbox.revive(["x"]),
                "dismiss": lambda: outbox.dismiss(["x"]),
                "replay": lambda: outbox.replay(since=long_ago, until=now),
                "purge": lambda: outbox.purge(before=long_ago),
            }.items():
                with pytest.raises(InsideTransaction) as refused:
                    await call()
                assert f"outbox.{name}" == refused.value.command
        assert before == stage.database.everything()

    play(story)


def test_the_hint_comes_once_and_after_the_real_commit(play):
    """However many orders there were; a host that can't say when it has committed gives none."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            for number in range(3):
                await stage.within(transaction).orders.place(ONE, tender="cash", key=f"k{number}")
            async with transaction.savepoint():
                await stage.within(transaction).orders.place(ONE, tender="cash", key="nested")
            assert [] == stage.hints
        assert (["hint"] if stage.host.tells else []) == stage.hints

    play(story)


def test_the_hint_comes_for_the_next_transaction_too(play):
    """One transaction after the other, each has its own."""

    async def story(stage):
        for number in range(2):
            async with stage.host.transaction() as transaction:
                await stage.within(transaction).orders.place(ONE, tender="cash", key=f"k{number}")
        assert (["hint", "hint"] if stage.host.tells else []) == stage.hints

    play(story)


def test_no_hint_after_a_rollback(play):
    """Neither after a whole one, nor for a savepoint that was rolled back; what stays is still told."""

    async def story(stage):
        with pytest.raises(Broken):
            async with stage.host.transaction() as transaction:
                await stage.within(transaction).orders.place(ONE, tender="cash", key="all")
                raise Broken
        async with stage.host.transaction() as transaction:
            with pytest.raises(Broken):
                async with transaction.savepoint():
                    await stage.within(transaction).orders.place(ONE, tender="cash", key="part")
                    raise Broken
            await transaction.note("visit")
        assert [] == stage.hints

        async with stage.host.transaction() as transaction:
            with pytest.raises(Broken):
                async with transaction.savepoint():
                    async with transaction.savepoint():
                        await stage.within(transaction).orders.place(ONE, tender="cash", key="released, then undone")
                    raise Broken
            await transaction.note("another visit")
        assert [] == stage.hints

        async with stage.host.transaction() as transaction:
            inside = stage.within(transaction)
            with pytest.raises(Broken):
                async with transaction.savepoint():
                    await inside.orders.place(ONE, tender="cash", key="part")
                    raise Broken
            await inside.orders.place(ONE, tender="cash", key="rest")
        assert (["hint"] if stage.host.tells else []) == stage.hints

    play(story)


def test_reads_alone_give_no_hint(play):
    """A hint means that there is something to send on."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            assert "10 pcs" == str(await stage.within(transaction).stock.available("KOPI"))
        assert [] == stage.hints

    play(story)


def test_a_price_that_was_rolled_back_is_not_remembered(play):
    """The shop remembers reference data between commands, but never what no commit has made true."""

    async def story(stage):
        async def total(shop):
            return (await shop.carts.quote(await shop.carts.start({"KOPI": 1}))).total

        with pytest.raises(Broken):
            async with stage.host.transaction() as transaction:
                inside = stage.within(transaction)
                await inside.prices.put("KOPI", IDR(1_000))
                assert IDR(1_000) == await total(inside)
                raise Broken
        assert IDR(75_000) == await total(stage.shop)

        await stage.shop.prices.put("KOPI", IDR(80_000))
        async with stage.host.transaction() as transaction:
            assert IDR(80_000) == await total(stage.within(transaction))
            await stage.within(transaction).prices.put("KOPI", IDR(90_000))
        assert IDR(90_000) == await total(stage.shop)

    play(story)


def test_errors_of_ours_are_the_same_inside(play):
    """A refusal before anything is written leaves the transaction as it is, too."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            await transaction.note("visit")
            for wish in ({"NOTHING": 1}, {"KOPI": "0.5"}):
                with pytest.raises(TokolibError):
                    await stage.within(transaction).orders.place(Basket(wish), tender="cash", key="k")
            await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
        assert (["visit"], "9 pcs") == (stage.database.notes(), await stage.left())

    play(story)
