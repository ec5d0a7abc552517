"""Storages by URL, built in and brought by other packages."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.adapter_errors import AdapterBroken, AdapterConfig, UnknownAdapter
from tokolib.kernel.rows import Can, Collection
from tokolib.kernel.storage import Storage

NOTES = Collection("notes")
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a package on the path that brings the adapter `acme`, whose module says *code*."""

    def put(code: str, target: str) -> None:
        (tmp_path / "acme_storage.py").write_text(code)
        info = tmp_path / "acme_storage-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-storage\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[tokolib.adapters]\nstorage:acme = {target}\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "acme_storage", raising=False)

    return put


@pytest.mark.parametrize(
    ("url", "asynchronous", "kind"),
    [
        ("memory://", False, MemoryStorage),
        ("memory://", True, AsyncMemoryStorage),
        ("sqlite:///shop.db", False, SqliteStorage),
        ("sqlite:///shop.db", True, AsyncSqliteStorage),
        ("SQLITE:///shop.db", False, SqliteStorage),
    ],
)
def test_the_scheme_chooses_the_adapter(url: str, asynchronous: bool, kind: type[Storage]) -> None:
    """The scheme names the adapter, and `asynchronous` its colour."""
    storage = storage_from_url(url, [NOTES], asynchronous=asynchronous)

    assert isinstance(storage, kind)
    assert asynchronous is storage.capabilities.asynchronous


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///shop.db", "shop.db"),
        ("sqlite:///data/shop.db", "data/shop.db"),
        ("sqlite:////var/lib/toko/shop.db", "/var/lib/toko/shop.db"),
        ("sqlite:////srv/my%20shop%3F.db?wal=0", "/srv/my shop?.db"),
    ],
)
def test_three_slashes_are_relative_and_four_absolute(url: str, path: str) -> None:
    """The path follows the third slash, percent-decoded."""
    storage = storage_from_url(url, [NOTES])

    assert isinstance(storage, SqliteStorage)
    assert Path(path).absolute() == storage.path


@pytest.mark.parametrize(("query", "durable"), [("", True), ("?durable=1", True), ("?wal=1&durable=0", False)])
def test_parameters_reach_the_adapter(query: str, durable: bool) -> None:
    """`durable=0` gives up durability, and the storage says so."""
    assert durable is storage_from_url(f"sqlite:///shop.db{query}", [NOTES]).capabilities.can(Can.DURABLE)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://shop.db",
        "sqlite:shop.db",
        "sqlite:///shop.db#part",
        "sqlite:///shop.db?mode=ro",
        "sqlite:///shop.db?wal=yes",
        "sqlite:///shop.db?timeout=-1",
        "sqlite:///shop.db?timeout=.",
        "sqlite:///shop.db?timeout=99999999999999",
        "sqlite:///shop.db?wal=1&wal=0",
        "sqlite:///shop.db?wal",
        "sqlite:///shop.db?prefix=",
        "postgresql://server/kedai?schema=",
        "postgresql://server/kedai?isolation=",
        "sqlite://[",
        "sqlite:///two\nlines.db",
        "sqlite:///nul%00.db",
        "sqlite:///nul\0.db",
        "sqlite:///latin%ff.db",
        "sqlite:///half\ud800.db",
        "memory:///shop",
        "memory://shop",
        "memory://?wal=1",
    ],
)
def test_a_url_that_says_something_else_is_refused(url: str) -> None:
    """A path or parameter that the adapter can't take as it stands is an error, never ignored or mended."""
    with pytest.raises(AdapterConfig):
        storage_from_url(url, [NOTES])


@pytest.mark.parametrize("make", [MemoryStorage, AsyncMemoryStorage, SqliteStorage, AsyncSqliteStorage])
@pytest.mark.parametrize("timeout", [-1, float("nan"), float("inf"), 1e30, "1", None, True])
def test_a_timeout_is_a_number_of_seconds(tmp_path: Path, make: type[Any], timeout: Any) -> None:
    """What no lock can wait is refused when the storage is made, not when it is first locked."""
    place = (tmp_path / "shop.db",) if "Sqlite" in make.__name__ else ()

    with pytest.raises(AdapterConfig, match="seconds"):
        make(*place, [NOTES], timeout=timeout)


@pytest.mark.parametrize("url", ["", "shop.db", "postgres://localhost/shop", "acme", "acme://shop"])
def test_an_unknown_scheme_is_named_with_the_known_ones(url: str) -> None:
    """The error lists what could have been meant."""
    with pytest.raises(UnknownAdapter) as refused:
        storage_from_url(url, [NOTES])

    assert {"memory", "sqlite"} <= set(refused.value.known)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("sqllite:///shop.db", "sqlite"),
        ("sqlite3:///shop.db", "sqlite"),
        ("sqlite+aiosqlite:///shop.db", "sqlite"),
        ("postgres://localhost/shop", "postgresql"),
        ("Postgresql+psycopg://localhost/shop", "postgresql"),
        ("pg://localhost/shop", "postgresql"),
        ("memroy://", "memory"),
    ],
)
def test_a_scheme_that_is_nearly_one_is_told_which(url: str, meant: str) -> None:
    """Misspelt, as another library writes it, or cut short."""
    with pytest.raises(UnknownAdapter) as refused:
        storage_from_url(url, [NOTES])

    assert f"did you mean {meant}://?" == refused.value.hint


def test_a_package_brings_an_adapter(install: Install) -> None:
    """An entry point `storage:acme` in the group `tokolib.adapters` answers to acme://."""
    install(
        "from tokolib.adapters.memory import MemoryStorage\n"
        "def make(url, collections, *, asynchronous):\n"
        "    storage = MemoryStorage(collections)\n"
        "    storage.asked = (url, asynchronous)\n"
        "    return storage\n",
        "acme_storage:make",
    )

    storage = storage_from_url("acme://host/shop?x=1", [NOTES], asynchronous=True)

    assert ("acme://host/shop?x=1", True) == storage.asked  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("raise RuntimeError('no licence')", "acme_storage:make"),
        ("", "acme_storage:make"),
        ("", "acme_missing:make"),
        ("make = 5", "acme_storage:make"),
        ("def make(url): ...", "acme_storage:make"),
        ("def make(url, collections, *, asynchronous): import acme_driver", "acme_storage:make"),
        ("def make(url, collections, *, asynchronous): return None", "acme_storage:make"),
    ],
)
def test_a_broken_package_is_named(install: Install, code: str, target: str) -> None:
    """An adapter that can't be loaded, or makes no storage, is named with its package and hides no other adapter."""
    install(code, target)

    with pytest.raises(AdapterBroken) as refused:
        storage_from_url("acme://host", [NOTES])
    assert ("storage:acme", "acme-storage") == (refused.value.name, refused.value.package)
    assert isinstance(storage_from_url("memory://", [NOTES]), MemoryStorage)


def test_an_adapter_refuses_its_own_url(install: Install) -> None:
    """What an installed adapter says of a URL is said as it is."""
    install(
        "from tokolib.kernel.adapter_errors import AdapterConfig\n"
        "def make(url, collections, *, asynchronous):\n"
        "    raise AdapterConfig('acme', 'no such host')\n",
        "acme_storage:make",
    )

    with pytest.raises(AdapterConfig, match="no such host"):
        storage_from_url("acme://host", [NOTES])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://siti:rahasia@db/kedai", "mysql://siti:…@db/kedai"),
        ("postgres://db/kedai?sslmode=require&password=rahasia", "postgres://db/kedai?sslmode=require&password=…"),
        ("postgres://db/kedai?sslpassword=rahasia&sslkey=a.pem", "postgres://db/kedai?sslpassword=…&sslkey=a.pem"),
        ("postgres://db/kedai?scram_client_key=rahasia", "postgres://db/kedai?scram_client_key=…"),
        ("postgres://db/kedai?oauth_client_secret=rahasia", "postgres://db/kedai?oauth_client_secret=…"),
    ],
)
def test_an_unknown_scheme_keeps_the_password_to_itself(url: str, shown: str) -> None:
    """What couldn't be opened is named without what nobody may read in a log."""
    with pytest.raises(UnknownAdapter) as refused:
        storage_from_url(url, [NOTES])

    assert "rahasia" not in str(refused.value)
    assert shown == refused.value.url
