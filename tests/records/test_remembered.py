"""Reference data is remembered between units, and never after it has changed, whoever changed it."""

import sqlite3
import threading
from contextlib import closing

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.catalog.attributes import type_id
from tokolib.catalog.events import TypePut
from tokolib.catalog.ports import TYPES
from tokolib.kernel.asks import GetMany, Recall, Value
from tokolib.kernel.ctx import System
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.hosting import drive
from tokolib.kernel.unit import MARK, every
from tokolib.kernel.work import Life, once
from tokolib.orders.ports import ORDERS
from tokolib.records.collections import COLLECTIONS
from tokolib.records.shelf import PARTITIONS, SHELVED, UNKNOWN, Shelf, Shelves

CODES = ("kaos", "kopi", "topi")


class Stop(Exception):
    """The unit comes to nothing."""


async def put(unit, code, name):
    """Name a product type."""
    types = unit[TYPES]
    return types.record(await types.find(type_id(code)), TypePut(code, name, ()))


async def named(unit, way):
    """Every product type by its code, read in one of four ways."""
    types, ids = unit[TYPES], [type_id(code) for code in CODES]
    match way:
        case "find":
            found = [each for id in ids if (each := await types.find(id)) is not None]
        case "get_many":
            found = [*(await types.get_many(ids)).values()]
        case "read":
            await unit.read(wanted={TYPES: ids})
            found = [each for id in ids if (each := await types.find(id)) is not None]
        case "where":
            found = [*await every(types, "code", {})]
    return {each.code: each.name for each in found}


def write(shop, *wishes, then=None):
    """One unit that names product types, and comes to nothing when told so."""

    async def step(unit):
        for code, name in wishes:
            await put(unit, code, name)
        return None if then is None else await then(unit)

    return drive(shop._work.write("test", step))


def read(shop, way="find"):
    """What a unit reads."""
    return drive(shop._work.read(lambda unit: named(unit, way)))


WAYS = st.sampled_from(["find", "get_many", "read", "where"])
NAMES = st.text("abc", min_size=1, max_size=2)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1]),
        st.sampled_from(["put", "fail", "flush and fail", "read", "read in a write", "elsewhere"]),
        st.lists(st.tuples(st.sampled_from(CODES), NAMES), min_size=1, max_size=2),
        WAYS,
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two shops on one file, as two processes have them."""
    path = tmp_path_factory.mktemp("two") / "toko.db"
    shops = [tokolib.open(SqliteStorage(path, COLLECTIONS, durable=False), country="ID") for _ in "ab"]
    yield shops
    for shop in shops:
        shop.close()


@settings(max_examples=60)
@given(steps=STEPS)
def test_two_shops_on_one_file_read_what_was_committed_last(two, steps):
    """Whatever was changed, by whom, in which tenant, and whatever came to nothing: each unit reads what is there."""
    tenant = f"t{next(COUNTED)}"
    for each in (tenant, f"{tenant}-beside"):
        tokolib.open(two[0]._work.storage, country="ID", tenant=each)
    shops = [shop.acting(System(), tenant=tenant) for shop in two]
    beside = [shop.acting(System(), tenant=f"{tenant}-beside") for shop in two]
    model = {}
    for who, what, wishes, way in steps:
        shop = shops[who]

        async def look_and_stop(unit, what=what, expected=model | dict(wishes), way=way):
            if what == "flush and fail":
                await unit.flush()
            assert expected == await named(unit, way)
            raise Stop

        match what:
            case "put":
                write(shop, *wishes)
                model = model | dict(wishes)
            case "fail" | "flush and fail":
                with pytest.raises(Stop):
                    write(shop, *wishes, then=look_and_stop)
            case "read":
                assert model == read(shop, way)
            case "read in a write":
                assert model == write(shop, then=lambda unit, way=way: named(unit, way))
            case "elsewhere":
                write(beside[who], *wishes)
        for each in shops:
            assert model == read(each, way)


COUNTED = iter(range(10**9))


class Counting:
    """A storage that writes down what its units are asked."""

    def __init__(self, storage):
        self._storage = storage
        self.asked = []

    def __getattr__(self, name):
        return getattr(self._storage, name)

    def begin(self, partition, *, read_only=False):
        return CountingUnit(self._storage.begin(partition, read_only=read_only), self.asked)


class CountingUnit:
    """One of its units: each trip is one list."""

    def __init__(self, unit, asked):
        self._unit, self._asked = unit, asked

    def __getattr__(self, name):
        return getattr(self._unit, name)

    def read(self, *asks):
        self._asked.append([type(ask).__name__ for ask in asks])
        return self._unit.read(*asks)

    def get(self, collection, id):
        self._asked.append([f"get {collection.name}"])
        return self._unit.get(collection, id)


@pytest.fixture
def counted():
    """A shop in memory, and what its storage is asked."""
    storage = Counting(MemoryStorage(COLLECTIONS))
    with tokolib.open(storage, country="ID") as shop:
        write(shop, ("kaos", "Kaos"))
        storage.asked.clear()
        yield shop, storage.asked


@pytest.mark.parametrize("way", ["find", "get_many", "where"])
def test_an_unchanged_shop_is_asked_for_its_mark_alone(counted, way):
    """What was answered once, nothing included, is not asked again: one small question a unit."""
    shop, asked = counted

    assert {"kaos": "Kaos"} == read(shop, way)
    asked.clear()
    assert {"kaos": "Kaos"} == read(shop, way)
    assert [["Value"]] == asked


def test_the_mark_comes_with_the_first_question(counted):
    """Several questions of several repositories, the mark among them, are one trip; then all of it is at hand."""
    shop, asked = counted
    read(shop)
    asked.clear()

    async def step(unit):
        seen, value = await unit.read(Recall("s", "k", "f"), Value("c"), wanted={ORDERS: ["ord_1", "ord_2"]})
        assert (None, 0, None) == (seen, value, await unit[ORDERS].find("ord_1"))
        assert {} == await unit[ORDERS].get_many(["ord_2", "ord_1"])
        await unit.read(wanted={TYPES: [type_id("kaos")], ORDERS: ["ord_1"]})
        return (await unit[TYPES].get(type_id("kaos"))).name

    assert "Kaos" == drive(shop._work.read(step))
    assert [["Value", "Recall", "Value", "GetMany"]] == asked


def test_a_key_is_looked_up_together_with_what_will_be_wanted(counted):
    """One trip for the key, the mark and an order; the second time the key answers, and another request is refused."""
    shop, asked = counted

    def wish(request):
        async def step(unit):
            async def make():
                return "none" if await unit[ORDERS].find("ord_1") is None else "some"

            return await once(unit, "test", "k", request, make, wanted={ORDERS: ["ord_1"]})

        return drive(shop._work.write("test", step))

    assert ("none", True) == wish("a")
    assert [["Value", "Recall", "GetMany"]] == asked
    assert ("none", False) == wish("a")
    with pytest.raises(KeyReused):
        wish("b")


def test_a_question_that_something_changed_under_is_not_remembered(counted):
    """Where units see each other's commits, an answer may be newer than its mark: it is used, and not kept."""
    shop, asked = counted
    storage = shop._work.storage

    class Overtaken(CountingUnit):
        def read(self, *asks):
            *answers, mark = super().read(*asks)
            late = len(asks) > 2 and isinstance(asks[-1], Value) and any(isinstance(each, GetMany) for each in asks)
            return (*answers, mark + 1 if late else mark)

    def step(way):
        return lambda unit: named(unit, way)

    begin = storage.begin
    storage.begin = lambda partition, *, read_only=False: Overtaken(
        begin(partition, read_only=read_only)._unit, storage.asked
    )
    assert {"kaos": "Kaos"} == drive(shop._work.read(step("read")))
    del storage.begin
    asked.clear()
    assert {"kaos": "Kaos"} == read(shop)
    assert [["Value"], *[["Get", "Value"]] * 3] == asked


def test_an_aggregate_read_from_memory_can_be_changed(counted):
    """What is remembered has its version: a change builds on it, and a change by another shop is noticed."""
    shop, _ = counted
    read(shop)

    write(shop, ("kaos", "Kaos polos"))
    write(shop, ("kaos", "Kaos lengan panjang"))
    assert {"kaos": "Kaos lengan panjang"} == read(shop)

    async def step(unit):
        return (await unit[TYPES].get(type_id("kaos"))).version

    assert 3 == drive(shop._work.read(step))


def test_a_restored_backup_is_read_as_it_is(tmp_path):
    """The file under an open shop goes back in time, and lives on otherwise: nothing of the lost life answers."""
    lost, kept = tmp_path / "lost.db", tmp_path / "kept.db"
    with tokolib.open(SqliteStorage(lost, COLLECTIONS), country="ID") as shop:
        write(shop, ("kaos", "satu"))
        with closing(sqlite3.connect(lost)) as source, closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)
        before = drive(shop._work.read(lambda unit: unit.counter(MARK)))
        write(shop, ("kaos", "dua"))
        assert {"kaos": "dua"} == read(shop) == read(shop, "where")

        restored = SqliteStorage(kept, COLLECTIONS)
        shop._work = attrs.evolve(shop._work, storage=restored)
        assert before == drive(shop._work.read(lambda unit: unit.counter(MARK)))
        assert {"kaos": "satu"} == read(shop) == read(shop, "where")
        write(shop, ("kaos", "tiga"))
        assert {"kaos": "tiga"} == read(shop) == read(shop, "where")
        after = drive(shop._work.read(lambda unit: unit.counter(MARK)))
    again = SqliteStorage(lost, COLLECTIONS)
    elsewhere = drive(attrs.evolve(shop._work, storage=again, life=Life()).read(lambda unit: unit.counter(MARK)))
    again.close()
    assert before < after != elsewhere > before


def test_threads_never_read_what_was_overwritten():
    """A change is seen by every unit that begins after it, in each thread."""
    with tokolib.open("memory://", country="ID") as shop:
        write(shop, ("kopi", "0"))
        done, wrong = [0], []

        def look():
            while done[0] < 60 and not wrong:
                least = done[0]
                for way in ("find", "where"):
                    if int(read(shop, way)["kopi"]) < least:
                        wrong.append(least)

        threads = [threading.Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(1, 61):
            write(shop, ("kopi", str(number)))
            done[0] = number
        for thread in threads:
            thread.join()
        assert [] == wrong


def test_settings_changed_by_one_shop_hold_in_the_other(tmp_path):
    """Two programs on one file: what one sets, the other goes by in its next unit."""
    path = tmp_path / "toko.db"
    with tokolib.open(f"sqlite:///{path}", country="ID") as mine, tokolib.open(f"sqlite:///{path}") as yours:
        assert mine.settings.get() == yours.settings.get()
        mine.settings.change(hold_minutes=7)
        assert 7 == yours.settings.get().hold_minutes
        yours.settings.change(hold_minutes=8)
        assert 8 == mine.settings.get().hold_minutes


def test_a_shelf_forgets_what_is_not_asked_for():
    """Bounded: what was used lately stays, the rest goes; a shelf of another mark is empty."""
    shelf = Shelf(7)
    for number in range(SHELVED):
        shelf.put(number, -number)
    shelf.put("new", None)
    assert (-1, None, UNKNOWN) == (shelf.get(1), shelf.get("new"), shelf.get("never"))
    for number in range(SHELVED, 2 * SHELVED):
        shelf.put(number, -number)
    assert (-1, UNKNOWN) == (shelf.get(1), shelf.get(2))

    shelves = Shelves()
    assert shelves.of("a", 1) is shelves.of("a", 1) is not shelves.of("b", 1)
    first = shelves.of("a", 1)
    assert shelves.of("a", 2).mark == 2 and shelves.of("a", 1) is not first
    for number in range(PARTITIONS):
        shelves.of(f"t{number}", 1)
    assert len(shelves._shelves) <= PARTITIONS
