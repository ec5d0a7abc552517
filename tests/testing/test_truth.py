"""The comparison of books and world finds each kind of lie, and says nothing where there is none."""

import attrs
import pytest

from tokolib import IDR
from tokolib.adapters.memory import MemoryStorage
from tokolib.effects.model import EffectState
from tokolib.kernel.hosting import drive
from tokolib.orders.model import OrderState
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.simulator.client import Client, GaveUp
from tokolib.testing.simulator.crash_points import Stage
from tokolib.testing.simulator.faults import FaultPlan, Mode
from tokolib.testing.simulator.furnishing import furnish
from tokolib.testing.simulator.stories import STORIES
from tokolib.testing.simulator.truth import kept, lies


@pytest.fixture
def client():
    """Somebody after a card's sale in which nothing failed."""
    storage = MemoryStorage(COLLECTIONS)
    drive(furnish(storage))
    client = Client(storage, FaultPlan(), sends_on=True)

    async def sell():
        await client.begin()
        await STORIES["card sale"].play(client)
        await client.drain()

    drive(sell())
    return client


def told(client):
    """What is found now."""

    async def look():
        return await lies(client, await client.orders())

    return drive(look())


def test_nothing_is_said_of_a_sound_shop(client):
    """Not one lie."""
    assert () == told(client)


def test_a_charge_made_twice(client):
    """Under one key, which the books know once."""
    client.world.entries.append(attrs.evolve(client.world.entries[0]))

    twice, more = told(client)

    assert "M7 charge" in twice and twice.endswith("was made 2 times")
    assert more.endswith("the books have 168000 of charge, the provider 336000")


def test_a_charge_under_a_key_of_nobody(client):
    """The provider has one that no payment asked for."""
    client.world.entries.append(attrs.evolve(client.world.entries[0], key="int_x.1.1"))

    assert ("M7 charge int_x.1.1 belongs to no payment",) == told(client)


def test_a_refund_that_the_books_do_not_know(client):
    """Made by hand at the provider, whose message was lost."""
    client.world.refund_by_hand(client.world.entries[0].reference, IDR(1_000))

    (lie,) = told(client)

    assert lie.endswith("the books have 0 of refund, the provider 1000")


def test_a_charge_that_failed_after_all(client):
    """The books never claim more than the provider."""
    client.world.entries[0].state = EffectState.FAILED

    (lie,) = told(client)

    assert lie.endswith("the books have 168000 of charge, the provider 0")


def test_money_on_an_order_that_ended(client):
    """It is kept, and owed where the order goes on."""
    (order,) = drive(client.orders())
    dead = attrs.evolve(order, state=OrderState.CANCELLED)
    owing = attrs.evolve(order, credited=1_000)

    found = [lie.removeprefix(f"M8 {order.id} ") for lie in kept([order, dead, owing])]

    assert ["is cancelled and keeps IDR 168000", "is completed and owes IDR 1000"] == found


def test_a_wish_without_an_answer(client):
    """It rests, and nobody asks any more."""
    client.world.switches.time_out_before = 1

    async def ask():
        (order,) = await client.orders()
        await client.does(lambda shop: shop.returns.accept(order.id, {"KOPI-250": 1}, reason="too many", key="r"))

    drive(ask())

    found = told(client)

    assert [EffectState.UNKNOWN] == [lie.rsplit(maxsplit=1)[1] for lie in found if lie.startswith("L1")]


def test_an_event_that_nobody_got(client):
    """Marked as sent, or waiting."""
    gone = client.broker.delivered.pop()
    drive(client.does(lambda shop: shop.carts.start({"KOPI-250": 1})))

    found = told(client)

    assert f"E2 {gone.id} is marked as sent, and no receiver has it" in found
    assert 1 == sum(
        lie.startswith("E2 carts/") and lie.endswith("is not sent, and no receiver has it") for lie in found
    )
    assert 2 == len(found)


def test_an_unsound_row_is_told_as_verify_tells_it(client):
    """By its promise."""
    client.storage._partitions["default"].ledgers.clear()

    assert any(lie.startswith("M4") for lie in told(client))


def test_a_client_gives_up_where_trying_again_does_not_help():
    """A shop that never opens again, and one that always fails, end in `GaveUp`, not in an endless loop."""
    storage = MemoryStorage(COLLECTIONS)
    drive(furnish(storage))
    for mode in (Mode.BEFORE, Mode.FAILURE):
        client = Client(storage, FaultPlan(lambda _, mode=mode: mode))
        drive(client.begin())
        with pytest.raises(GaveUp):
            drive(client.does(lambda shop: shop.carts.start({"KOPI-250": 1})))


def test_a_run_that_broke_a_promise_tells_how_to_play_it_again():
    """By its story and its faults; what struck and what was found stand below."""

    class Forgetful(Client):
        async def deliver(self) -> int:
            raise LookupError("no post")

    storage = MemoryStorage(COLLECTIONS)
    drive(furnish(storage))

    run = Stage(lambda: storage, client=Forgetful).play(STORIES["virtual account"], {3: Mode.AFTER})

    assert "virtual account {3: after}\n  struck after 3 storage.read\n  LookupError: no post" == str(run)
    assert (1, True) == (run.crashes, run.is_whole)
