"""How statements go to PostgreSQL: those with values by their marks, the others as they stand."""

import asyncio
from typing import Any, Final

import psycopg

from tokolib.adapters.postgres.wire import NOTHING, AwaitedWire, BlockingWire, Statement
from tokolib.kernel.hosting import drive

PLAIN: Final[Statement] = ("SELECT '100 % of what?'", NOTHING)
MARKED: Final[Statement] = ("SELECT ?::text || ' %'", ("99",))
EXPECTED: Final[list[Any]] = [[("100 % of what?",)], [("99 %",)]]


def test_a_percent_sign_is_one(postgres_url: str) -> None:
    """Alone and in a pipeline, with values and without: what is no mark of ours is left alone."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        wire = BlockingWire(connection)

        assert EXPECTED == [drive(wire.trip([each]))[0] for each in (PLAIN, MARKED)]
        assert EXPECTED == drive(wire.trip([PLAIN, MARKED]))


def test_an_awaited_percent_sign_is_one(postgres_url: str) -> None:
    """The same for `AsyncShop`."""

    async def asked() -> list[Any]:
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
            wire = AwaitedWire(connection)
            return [await wire.trip([PLAIN, MARKED]), [(await wire.trip([each]))[0] for each in (PLAIN, MARKED)]]

    assert [EXPECTED, EXPECTED] == asyncio.run(asked())
