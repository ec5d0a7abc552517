"""Hypothesis profiles, real PostgreSQL servers, and the stage on which service tests are played."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, settings

# A deadline per example fails on a busy machine and says nothing about the code; none has one.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "soak",
    max_examples=5_000,
    stateful_step_count=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev"))

# What tokolib is made of is imported in the fixtures: a coverage run must see each line from its first time on.

AGES = {"newest": ["newest"], "oldest": ["oldest"], "both": ["newest", "oldest"]}
AGE = os.environ.get("TOKOLIB_TEST_POSTGRES", "newest")
if AGE not in AGES:
    raise pytest.UsageError(f"TOKOLIB_TEST_POSTGRES is {AGE!r}; it may be newest, oldest or both")


@pytest.fixture(scope="session", params=["newest"] if os.environ.get("TOKOLIB_TEST_POSTGRES_URL") else AGES[AGE])
def postgres(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A PostgreSQL server: the newest there is, or as `TOKOLIB_TEST_POSTGRES` says the oldest, or each in turn.

    Each process that runs tests has servers of its own. One that another process may stop or kill would have to be
    counted and locked; a second one costs a second.
    """
    from tokolib.testing.postgres import postgres_server

    with postgres_server(request.param) as server:
        yield server


def pytest_report_header() -> str:
    """Which servers there are: a run says what it was run on."""
    from tokolib.testing.postgres_programs import installed

    there = sorted({programs.version for programs in installed()}, reverse=True)
    versions = [".".join(map(str, version)) for version in there]
    given = "; TOKOLIB_TEST_POSTGRES_URL is used instead" if os.environ.get("TOKOLIB_TEST_POSTGRES_URL") else ""
    return f"PostgreSQL: {AGE} of {', '.join(versions) or 'none'}{given}"


@pytest.fixture(scope="session")
def newest_postgres() -> Iterator[Any]:
    """The newest server alone, whatever `TOKOLIB_TEST_POSTGRES` says."""
    from tokolib.testing.postgres import postgres_server

    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Any) -> str:
    """Where a new and empty PostgreSQL database is."""
    return postgres.database()


SERVED = ("postgres", "postgres-async")
STAGES = {
    "two": ("sqlite", "memory-async"),
    "all": ("memory", "sqlite", "memory-async", "sqlite-async", *SERVED),
}
"""Where stories are played: in both colours and on both storages, once each; by `make soak` in every pair of these,
and on a server too. The kits, the simulator and the pages of the docs meet the other pairs the rest of the time."""
CHOSEN = os.environ.get("TOKOLIB_STAGES", "two")
if CHOSEN not in STAGES:
    raise pytest.UsageError(f"TOKOLIB_STAGES is {CHOSEN!r}; it may be {', '.join(STAGES)}")


class Awaited:
    """A shop, or a door of it, whose every command is awaited, whatever its colour."""

    def __init__(self, subject: Any) -> None:
        self._subject = subject

    def __getattr__(self, name: str) -> Any:
        from tokolib.kernel.hosting import Service, resolved

        found = getattr(self._subject, name)
        if isinstance(found, Service):
            return Awaited(found)
        if not callable(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await resolved(found(*args, **kwargs))

        return call


@attrs.frozen
class Stage:
    """A shop with its goods, the hand on its clock, and the world of its payment gateway."""

    shop: Awaited
    given: Awaited
    clock: Any
    world: Any
    path: Path | None
    another: Callable[..., Any]
    """The same shop for another actor or tenant, awaited too."""

    def __getattr__(self, door: str) -> Any:
        return getattr(self.shop, door)

    async def deliver_webhooks(self) -> list[Any]:
        """Hand over what the provider delivers now."""
        return [await self.shop.webhooks.receive("fake", *message) for message in self.world.webhooks()]

    async def ship(self, order: Any, *goods: Any) -> Any:
        """Hand goods over and see them arrive."""
        return await self.shop.shipments.delivered(await self.shop.shipments.hand_over(order, *goods))


Body = Callable[[Stage], Awaitable[None]]


async def furnish(given: Any) -> None:
    """What every stage sells."""
    from tokolib.kernel.quantity import KILOGRAM

    await given.goods({"KOPI-250": 75_000, "Teh-100": 20_000, "CANGKIR": 33_333})
    await given.goods({"GULA": 14_500}, unit=KILOGRAM, weight="1 kg", stock="50")
    await given.goods({"PAKET": 100_000}, components={"KOPI-250": 1, "Teh-100": 2})
    await given.delivery({"jne:reg": 18_000})
    await given.delivery({"jne:yes": 30_000}, cod=False)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a furnished shop, to be copied: making its tables takes longer than most tests."""
    from tokolib.kernel.hosting import drive

    path = tmp_path_factory.mktemp("furnished") / "toko.db"
    _stage, close = drive(_raise(path, "sqlite", {"country": "ID"}, furnished=False))
    drive(close())
    return path


async def _raise(path: Path, kind: str, options: dict[str, Any], *, furnished: bool) -> Any:
    import tokolib
    from tokolib.adapters.memory import MemoryStorage
    from tokolib.adapters.memory.awaited import AsyncMemoryStorage
    from tokolib.adapters.sqlite import SqliteStorage
    from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage
    from tokolib.adapters.urls import storage_from_url
    from tokolib.kernel.hosting import resolved
    from tokolib.records.collections import COLLECTIONS
    from tokolib.testing.builders import Given
    from tokolib.testing.clock import ManualClock
    from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway, FakeWorld

    clock = ManualClock()
    world = FakeWorld(clock)
    in_memory, waits = kind.startswith("memory"), kind.endswith("async")
    if in_memory:
        storage = AsyncMemoryStorage(COLLECTIONS) if waits else MemoryStorage(COLLECTIONS)
    elif kind in SERVED:
        storage = storage_from_url(f"{path}?durable=0", COLLECTIONS, asynchronous=waits)
    else:
        made = AsyncSqliteStorage if waits else SqliteStorage
        storage = made(path, COLLECTIONS, durable=False)
    gateway = (AsyncFakeGateway if waits else FakeGateway)(world)
    options = {"clock": clock, "gateways": [gateway]} | options
    shop = await tokolib.aopen(storage, **options) if waits else tokolib.open(storage, **options)
    given = Awaited(Given(shop))
    if not furnished:
        await furnish(given)
    stage = Stage(
        Awaited(shop),
        given,
        clock,
        world,
        path if "sqlite" in kind else None,
        lambda *args, **kwargs: Awaited(shop.acting(*args, **kwargs)),
    )

    async def close() -> None:
        await resolved(shop.close())

    return stage, close


@pytest.fixture(scope="session")
def raise_stage() -> Callable[..., Any]:
    """Raises a stage by hand: `stage, close = await raise_stage(path, kind, options, furnished=...)`."""
    return _raise


async def _perform(body: Body, path: Path, kind: str, options: dict[str, Any], furnished: bool, sound: bool) -> None:
    stage, close = await _raise(path, kind, options, furnished=furnished)
    try:
        await body(stage)
        if sound:
            report = await stage.shop.verify()
            assert report, [str(each) for each in report.violations]
    finally:
        await close()


@pytest.fixture(params=STAGES[CHOSEN])
def play(request: pytest.FixtureRequest, tmp_path: Path, furnished: Path) -> Callable[..., None]:
    """Plays a body on a furnished shop, on each of the chosen stages; its books must be sound after."""
    if request.param in SERVED:
        return served(request.param, request.getfixturevalue("newest_postgres"))
    return player(request.param, tmp_path / "toko.db", furnished)


@pytest.fixture
def play_on_file(tmp_path: Path, furnished: Path) -> Callable[..., None]:
    """Plays a body on SQLite only, blocking."""
    return player("sqlite", tmp_path / "toko.db", furnished)


@pytest.fixture
def play_in_memory(tmp_path: Path, furnished: Path) -> Callable[..., None]:
    """Plays a body in memory only, blocking: for what no storage can make a difference to."""
    return player("memory", tmp_path / "toko.db", furnished)


def served(kind: str, server: Any) -> Callable[..., None]:
    """`play` on a PostgreSQL server: each body in a database of its own."""
    import tokolib
    from tokolib.kernel.hosting import drive

    def run(body: Body, *, sound: bool = True, **options: Any) -> None:
        url = server.database()
        tokolib.upgrade_schema(f"{url}?durable=0")
        performance = _perform(body, url, kind, {"country": "ID"} | options, False, sound)
        asyncio.run(performance) if kind.endswith("async") else drive(performance)

    return run


def player(kind: str, path: Path, furnished: Path) -> Callable[..., None]:
    """`play` for one kind of shop."""
    from tokolib.kernel.hosting import drive

    def run(body: Body, *, sound: bool = True, **options: Any) -> None:
        bare = bool(options.keys() - {"access", "actor"})
        if kind.startswith("sqlite") and not bare:
            shutil.copy(furnished, path)
        whole = {"country": "ID"} | options if bare or kind.startswith("memory") else options
        performance = _perform(body, path, kind, whole, kind.startswith("sqlite") and not bare, sound)
        asyncio.run(performance) if kind.endswith("async") else drive(performance)

    return run


LONGEST = ("tests/testing/", "tests/safety/")
"""Where single tests take minutes."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest, so that none is left over for one process alone; and leave out kits of a `long_form`.

    Those run when `TOKOLIB_KITS=all`, as `make kits` and `make soak` say, asks for all. They hold an adapter that
    passes the kit to the same checks once more: at other isolation levels, in parts, with faults. What stays tells a
    mistake of the adapter itself, in the time that a run before each push may take.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if os.environ.get("TOKOLIB_KITS") == "all":
        return
    long = {item for item in items if getattr(getattr(item, "cls", None), "long_form", False)}
    config.hook.pytest_deselected(items=[item for item in items if item in long])
    items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted and recorded as `counted`: how much was done is not to be seen from a green dot."""
    reports = (report for done in ("passed", "failed", "xfailed") for report in terminalreporter.getreports(done))
    counts = [
        (report.nodeid, text)
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == "counted" and report.when == "call"
    ]
    if counts:
        terminalreporter.section("what was counted")
    for nodeid, text in sorted(counts):
        terminalreporter.write_line(f"{nodeid.rpartition('::')[2]}: {text}")
