"""A shop joins transactions on its own database, and no other: its rows would end up in somebody else's shop."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiosqlite
import psycopg
import pytest

import tokolib
from tokolib import IDR, Basket
from tokolib.kernel.storage_errors import Misuse


def stocked(url: str) -> tokolib.Shop:
    """A shop with five KOPI."""
    if url.startswith("postgresql"):
        tokolib.upgrade_schema(url)
    shop = tokolib.open(url, country="ID")
    shop.catalog.put("KOPI", "Kopi")
    shop.prices.put("KOPI", IDR(75_000))
    shop.stock.receive("KOPI", 5, key="first")
    return shop


def sell(shop: tokolib.Shop) -> tokolib.Order:
    return shop.orders.place(Basket({"KOPI": 1}), tender="cash", key="one")


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[tokolib.Shop, tokolib.Shop]]:
    """Two shops in files of the same folder."""
    with stocked(f"sqlite:///{tmp_path}/one.db") as one, stocked(f"sqlite:///{tmp_path}/two.db") as two:
        yield one, two


@pytest.fixture
def urls(postgres: Any) -> tuple[str, str]:
    """Two databases of one server."""
    return f"{postgres.database()}?durable=0", f"{postgres.database()}?durable=0"


def test_another_file_is_refused(files: tuple[tokolib.Shop, tokolib.Shop], tmp_path: Path) -> None:
    """The error names both files, and neither shop has sold anything."""
    one, two = files
    connection = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(Misuse, match=r"one\.db.* the shop is on .*two\.db"):
        sell(two.within(connection))
    connection.execute("COMMIT")
    connection.close()

    assert [5, 5] == [shop.stock.available("KOPI").amount for shop in (one, two)]


def test_memory_is_another_place(files: tuple[tokolib.Shop, tokolib.Shop]) -> None:
    """So is a database that has no file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    with pytest.raises(Misuse, match="a database in memory"):
        sell(files[0].within(connection))
    connection.close()


def test_the_same_file_by_another_name_is_joined(files: tuple[tokolib.Shop, tokolib.Shop], tmp_path: Path) -> None:
    """A link leads to the same shop, and a relative name too."""
    (tmp_path / "link.db").symlink_to(tmp_path / "one.db")
    connection = sqlite3.connect(tmp_path / "link.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    sell(files[0].within(connection))
    connection.execute("COMMIT")
    connection.close()

    assert 4 == files[0].stock.available("KOPI").amount


def test_another_file_is_refused_to_those_who_await(files: tuple[tokolib.Shop, tokolib.Shop], tmp_path: Path) -> None:
    """The same for `AsyncShop` and aiosqlite."""

    async def sold() -> None:
        shop = await tokolib.aopen(f"sqlite:///{tmp_path}/two.db")
        async with shop, aiosqlite.connect(tmp_path / "one.db", isolation_level=None) as connection:
            await connection.execute("BEGIN IMMEDIATE")
            with pytest.raises(Misuse, match=r"one\.db.* the shop is on .*two\.db"):
                await shop.within(connection).orders.place(Basket({"KOPI": 1}), tender="cash", key="one")

    asyncio.run(sold())


def test_another_database_is_refused(urls: tuple[str, str]) -> None:
    """The error names both databases, the host's transaction goes on, and neither shop has sold anything."""
    with stocked(urls[0]) as one, stocked(urls[1]) as two:
        with psycopg.connect(urls[0].partition("?")[0]) as connection:
            connection.execute("CREATE TABLE visit (page text)")
            with pytest.raises(Misuse, match=r"connection is to the database '.+', and the shop is in '.+'"):
                sell(two.within(connection))
            sell(one.within(connection))
        assert [4, 5] == [shop.stock.available("KOPI").amount for shop in (one, two)]


def test_other_tables_by_the_same_names_are_refused(urls: tuple[str, str]) -> None:
    """A host's connection that looks into another schema first finds another shop there."""
    with psycopg.connect(urls[0].partition("?")[0], autocommit=True) as connection:
        connection.execute("CREATE SCHEMA warung")
    other = f"{urls[0]}&options=-csearch_path%3Dwarung"
    with stocked(urls[0]) as shop, stocked(other), psycopg.connect(urls[0].partition("?")[0]) as connection:
        connection.execute("SET search_path = warung")
        with pytest.raises(Misuse, match="finds other tables by the shop's names"):
            sell(shop.within(connection))


def test_a_server_that_was_started_anew_is_the_same_place(newest_postgres: Any) -> None:
    """What a shop knows of its place is asked again before anybody is refused."""
    url = newest_postgres.database()
    with stocked(f"{url}?durable=0") as shop:
        with psycopg.connect(url) as connection, connection.transaction():
            sell(shop.within(connection))
        newest_postgres.restart()
        with psycopg.connect(url) as connection, connection.transaction():
            shop.within(connection).orders.place(Basket({"KOPI": 1}), tender="cash", key="two")
        assert 3 == shop.stock.available("KOPI").amount


def test_another_database_is_refused_to_those_who_await(urls: tuple[str, str]) -> None:
    """The same for `AsyncShop` and psycopg."""
    stocked(urls[0]).close()
    stocked(urls[1]).close()

    async def sold() -> None:
        shop = await tokolib.aopen(urls[1])
        async with shop, await psycopg.AsyncConnection.connect(urls[0].partition("?")[0]) as connection:
            await connection.execute("SELECT 1")
            with pytest.raises(Misuse, match="and the shop is in"):
                await shop.within(connection).orders.place(Basket({"KOPI": 1}), tender="cash", key="one")

    asyncio.run(sold())
