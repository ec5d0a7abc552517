"""One unit in a host's transaction, as the storage port has it: what was sent is taken back, and only that."""

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.storage_errors import Misuse, Refused

DRIVERS = pytest.mark.parametrize("kind", ["sqlite3", "aiosqlite", "psycopg", "psycopg-async"])


async def joined(stage, transaction):
    """A unit in the transaction."""
    return await resolved(stage.bare._work.storage.join(transaction.given, stage.database.tenant))


async def values(unit, *names):
    """What counters say."""
    return [await resolved(unit.value(name)) for name in names]


@DRIVERS
def test_a_rollback_takes_back_what_was_sent(play_in, kind):
    """The host's row and the unit before stay."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            await transaction.note("visit")
            unit = await joined(stage, transaction)
            unit.count("before", 1)
            await resolved(unit.commit())

            unit = await joined(stage, transaction)
            unit.count("during", 1)
            await resolved(unit.flush())
            assert [1, 1] == await values(unit, "before", "during")
            await resolved(unit.rollback())
            await resolved(unit.rollback())

            unit = await joined(stage, transaction)
            assert [1, 0] == await values(unit, "before", "during")
            await resolved(unit.rollback())
        assert ["visit"] == stage.database.notes()

    play_in(kind)(story)


@DRIVERS
def test_a_refusal_takes_back_what_was_sent_with_it(play_in, kind):
    """A flush that is refused closes its unit and leaves nothing of it."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            unit = await joined(stage, transaction)
            unit.count("a", 3)
            await resolved(unit.flush())
            unit.count("a", 1)
            unit.count("b", -1)
            with pytest.raises(Refused):
                await resolved(unit.flush())
            with pytest.raises(Misuse, match="closed"):
                await resolved(unit.flush())

            unit = await joined(stage, transaction)
            assert [0, 0] == await values(unit, "a", "b")
            unit.count("b", 2)
            await resolved(unit.commit())
            await transaction.note("visit")
        assert ["visit"] == stage.database.notes()

    play_in(kind)(story)


@DRIVERS
def test_a_second_unit_waits_for_nobody(play_in, kind):
    """It is refused while the first is open, and the first goes on undisturbed."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            first = await joined(stage, transaction)
            first.count("a", 1)
            with pytest.raises(Misuse, match="under way"):
                await joined(stage, transaction)
            await resolved(first.commit())
            second = await joined(stage, transaction)
            assert [1] == await values(second, "a")
            await resolved(second.rollback())

    play_in(kind)(story)


@DRIVERS
def test_a_transaction_that_ended_before_its_unit(play_in, kind):
    """The unit says so instead of committing what the host may have rolled back, and leaves nothing."""

    async def story(stage):
        before = stage.database.everything()
        async with stage.host.nothing_open() as connection:
            await resolved(connection.execute("BEGIN"))
            unit = await resolved(stage.bare._work.storage.join(connection, stage.database.tenant))
            unit.count("a", 1)
            await resolved(unit.flush())
            await resolved(connection.execute("ROLLBACK"))
            with pytest.raises(Misuse, match="ended its transaction"):
                await resolved(unit.commit())
        assert before == stage.database.everything()

    play_in(kind)(story)
