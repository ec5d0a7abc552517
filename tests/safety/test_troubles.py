"""A file that can't be written, a disk that is full: a clear refusal, nothing half-done, and the shop goes on."""

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from safety.children import Say, told
from safety.disk import Disk, library
from safety.selling import sell, stored_orders, violations
from safety.site import Site, on_sqlite

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.storage_errors import Unavailable
from tokolib.shop import Shop

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
NOBODY = 65_534
FULL = ("storage.unavailable", "free some space on the disk, and send the command again")
MOST_SALES = 150
"""More than a disk of 2 MiB takes."""
BASKET = {"KOPI-250": 2, "TEH-100": 1}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that may be given to another user: those of pytest are shut for everybody else."""
    folder = Path(tempfile.mkdtemp(prefix="tokolib-"))
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def state(shop: Shop) -> tuple[object, ...]:
    """What a refused sale must leave as it was."""
    return (
        stored_orders(shop),
        shop.stock.level("KOPI-250"),
        [movement.id for movement in shop.stock.movements("KOPI-250").items],
    )


def refused(shop: Shop, times: int) -> set[tuple[str, str]]:
    """The codes and ways out of some sales that must all be refused."""
    found = set()
    for number in range(times):
        with pytest.raises(TokolibError) as caught:
            sell(shop, BASKET, f"refused-{number}")
        found.add((caught.value.code, caught.value.hint))
    return found


def test_a_file_that_became_read_only(wal: bool, open_folder: Path, count: Callable[[object], None]) -> None:
    """The sale, if not the opening, is refused with what to do; after `chmod` all is as it was, and the shop sells."""
    site = on_sqlite(open_folder / "toko.db", wal=wal)
    site.furnish(100)
    if os.geteuid() == 0:
        for path in (open_folder, *open_folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)

    said = told(partial(_sell_and_be_refused, site, open_folder)) + told(partial(_sell_afterwards, site, open_folder))

    count(f"{site.name}, read-only: {', '.join(said)}")


def _sell_and_be_refused(site: Site, folder: Path, say: Say) -> None:
    _be_nobody()
    with site.open() as shop:
        sell(shop, BASKET, "before")
        before = state(shop)
    _shut(folder, files=0o444, itself=0o555)
    with pytest.raises(Unavailable) as caught, site.open() as shop:  # a write-ahead log can't always be read, even
        assert before == state(shop)
        sell(shop, BASKET, "meanwhile")
    assert (caught.value.code, caught.value.hint) == (
        "storage.unavailable",
        "let this process write to the file, and in its folder",
    )
    say(f"1 sold, 1 refused with {caught.value.code}")


def _sell_afterwards(site: Site, folder: Path, say: Say) -> None:
    _be_nobody()
    _shut(folder, files=0o644, itself=0o755)
    with site.open() as shop:
        assert 1 == len(stored_orders(shop))
        assert 100 - BASKET["KOPI-250"] == shop.stock.available("KOPI-250").steps
        sell(shop, BASKET, "after")
        assert (2, ()) == (len(stored_orders(shop)), violations(shop))
    say("1 sold, 0 violations")


def _be_nobody() -> None:
    if os.geteuid() == 0:  # who may write everything
        os.setuid(NOBODY)


def _shut(folder: Path, *, files: int, itself: int) -> None:
    for path in folder.iterdir():
        path.chmod(files)
    folder.chmod(itself)


@pytest.mark.skipif(library() is None, reason="the SQLite inside this Python can't be reached")
def test_a_full_disk(tmp_path: Path, wal: bool, amount: Any, count: Callable[[object], None]) -> None:
    """When no file can grow, every sale is refused with what to do; with space again the same shop sells on."""
    site = on_sqlite(tmp_path / "toko.db", wal=wal)
    site.furnish(1_000)

    count(f"{site.name}, full disk: {' '.join(told(partial(_sell_on_full_disk, site, amount(5, 50))))}")


def _sell_on_full_disk(site: Site, times: int, say: Say) -> None:
    disk = Disk()
    with site.open() as shop:
        for number in range(times):
            sell(shop, BASKET, f"before-{number}")
        before = state(shop)
        disk.full = True
        found = refused(shop, times)
        assert before == state(shop)
        disk.full = False
        for number in range(times):
            sell(shop, BASKET, f"after-{number}")
        assert {FULL} == found
        assert (2 * times, ()) == (len(stored_orders(shop)), violations(shop))
        say(f"{times} sold, {times} refused with storage.unavailable, {times} sold, 0 violations")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB that is really one, where this process may mount it."""
    if shutil.which("mount") is None or not _mount(tmp_path, "size=2m"):
        pytest.skip("this user can't mount a disk")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)  # noqa: S607


def _mount(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_disk_that_fills_up(small_disk: Path, wal: bool, count: Callable[[object], None]) -> None:
    """A real disk of 2 MiB is sold full: what was promised stays, and on a larger disk the same shop sells on."""
    site = on_sqlite(small_disk / "toko.db", wal=wal)
    site.furnish(1_000_000)
    sold, refusals = 0, set[tuple[str, str]]()
    with site.open() as shop:
        for number in range(MOST_SALES):
            try:
                sell(shop, BASKET, f"before-{number}")
                sold += 1
            except Unavailable as error:
                refusals.add((error.code, error.hint))
        assert {FULL} == refusals
        assert sold == len(stored_orders(shop))

        assert _mount(small_disk, "remount,size=64m")
        sell(shop, BASKET, "after")

        assert (sold + 1, ()) == (len(stored_orders(shop)), violations(shop))
    assert "ok" == site.damage()
    count(f"{site.name}, a disk of 2 MiB: {sold} sold, {MOST_SALES - sold} refused, then sold on, 0 violations")


def test_a_closed_shop_has_let_go_of_its_file(tmp_path: Path) -> None:
    """The last one to close writes the log into the file and takes it away; nothing waits for Python's collector."""
    site = on_sqlite(tmp_path / "toko.db", wal=True)
    site.furnish(100)
    gc.disable()
    try:
        with site.open() as shop:
            sell(shop, BASKET, "one")
        left = sorted(path.name for path in tmp_path.iterdir())
    finally:
        gc.enable()

    assert ["toko.db"] == left
