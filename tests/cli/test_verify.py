"""`verify`: a shop is proved wherever it is kept, nothing of it is changed, and no password is printed."""

import sqlite3
from contextlib import closing

import pytest

import tokolib
from tokolib import IDR
from tokolib.cli.main import main

SECRET = "rahasia99"


@pytest.fixture
def run(capsys):
    """Runs the command; its exit status, its last line, and what it refused."""

    def run(*arguments):
        status = main(["verify", *arguments])
        out, err = capsys.readouterr()
        return status, out.splitlines()[-1:], err

    return run


def sell(url):
    """A shop at *url*, with a sale."""
    with tokolib.open(url, country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 20, key="opening")
        shop.orders.place(shop.carts.quote(shop.carts.start({"KOPI-250": 2})), tender="cash", key="till-1")


@pytest.mark.parametrize("wal", [0, 1])
def test_verify_leaves_the_file_as_it_is(tmp_path, capsys, wal):
    """Not even the journal mode of the file is changed, whichever this SQLite would choose for a new one."""
    file = tmp_path / "shop.db"
    tokolib.open(f"sqlite:///{file}?wal={wal}", country="ID").close()
    before = file.read_bytes()

    status = main(["verify", str(file)])

    assert "verify: OK" == capsys.readouterr().out.splitlines()[-1]
    assert 0 == status
    assert before == file.read_bytes()
    assert [file] == [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "query", ["", "?timeout=1", "?prefix=shop_", "?group_commit=1", "?prefix=shop_&group_commit=1"]
)
def test_a_file_is_verified_by_its_url(run, tmp_path, query):
    """With the names that its tables have, and however others write to it."""
    file = tmp_path / "shop.db"
    url = f"sqlite:///{file}{query}"
    sell(url)
    before = file.read_bytes()

    assert (0, ["verify: OK"], "") == run(url)
    assert before == file.read_bytes()
    table = "shop_stock" if "prefix" in query else "tokolib_stock"
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(f"UPDATE {table} SET on_hand = on_hand + 10")  # noqa: S608 - a name of ours
    assert (1, ["verify: FAILED (S1)"], "") == run(url)


def test_a_file_with_other_names_is_told_how_to_be_reached(run, tmp_path):
    """By its path alone nobody can know the prefix."""
    file = tmp_path / "shop.db"
    sell(f"sqlite:///{file}?prefix=shop_")

    status, lines, refused = run(str(file))

    assert (2, []) == (status, lines)
    assert refused.startswith("storage.unavailable: ")
    assert "?prefix=shop_" in refused


@pytest.mark.parametrize("query", ["", "&prefix=shop_&schema=kedai", "&buckets=4", "&group_commit=1"])
def test_a_server_is_verified(run, postgres, query):
    """In a transaction that only reads, also where `fsync` is off: a proof acknowledges nothing."""
    url = postgres.database()
    told = f"{url}?durable=0{query}"
    tokolib.upgrade_schema(told)
    sell(told)

    assert (0, ["verify: OK"], "") == run(told)
    assert (0, ["verify: OK"], "") == run(told.replace("durable=0&", "").replace("?durable=0", ""))


def test_an_empty_database_is_no_shop(run, postgres):
    """And stays empty."""
    url = postgres.database()

    status, lines, refused = run(url)
    again = run(url)

    assert (2, []) == (status, lines)
    assert "is no shop of this tokolib: it lacks 0001_first" in refused
    assert (status, lines, refused) == again


def test_a_shop_in_memory_is_none(run):
    """It is made anew each time, so there is nothing to prove."""
    status, lines, refused = run("memory://")

    assert (2, []) == (status, lines)
    assert refused.startswith("kernel.not_found: no shop 'default'")


@pytest.mark.parametrize("place", ["{file}", "sqlite:///{file}", "sqlite:///{file}?prefix=shop_"])
def test_a_missing_file_is_one_clear_line(run, tmp_path, place):
    """No traceback: the code, the file, the way out, and exit status 2. No file is made."""
    file = tmp_path / "nowhere.db"

    status, lines, refused = run(place.format(file=file))

    assert (2, []) == (status, lines)
    assert refused.startswith(f"storage.unavailable: the storage can't be used: {file}: there is no such file\n")
    assert "sqlite:////absolute.db" in refused
    assert [] == [*tmp_path.iterdir()]


def test_a_place_that_was_not_set_is_refused(run):
    """An empty variable is no shop."""
    status, lines, refused = run("")

    assert (2, []) == (status, lines)
    assert refused.startswith("kernel.unknown_adapter: ")


@pytest.mark.parametrize(
    "place",
    [
        f"postgresql://siti:{SECRET}@127.0.0.1:1/kedai",
        f"postgresql://siti:{SECRET}@127.0.0.1:1/kedai?durable=2",
        f"postgresql://127.0.0.1:1/kedai?user=siti&password={SECRET}",
        f"postgresql://siti:{SECRET}?@127.0.0.1:1/kedai",
        f"postgresql:/siti:{SECRET}@db/kedai",
        f"postgres://siti:{SECRET}@db/kedai",
        f"sqlite://siti:{SECRET}@db/kedai",
    ],
)
@pytest.mark.parametrize("command", [("verify",), ("schema", "check"), ("schema", "upgrade")])
def test_no_password_is_printed(capsys, command, place):
    """Not in the name of a file that isn't there, not by an adapter, and not by a driver."""
    status = main([*command, place])

    out, err = capsys.readouterr()
    assert (2, "") == (status, out)
    assert SECRET not in err
