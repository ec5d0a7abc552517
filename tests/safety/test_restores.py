"""A shop is copied while it sells, and the copy is opened, checked and sold from."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safety.drill import drill
from safety.site import Site, on_sqlite

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.mark.parametrize("wal", [False, True], ids=["rollback journal", "write-ahead log"])
def test_a_copy_under_load_is_a_moment_of_the_shop(
    tmp_path: Path, wal: bool, amount: Any, count: Callable[[object], None]
) -> None:
    """Every promise made before the copy was begun is in it, without a gap; its books are sound, and it sells."""
    site = on_sqlite(tmp_path / "toko.db", wal=wal)
    site.furnish(1_000_000)

    def make_copy(number: int) -> Site:
        copy = tmp_path / f"copy-{number}.db"
        storage = site.storage()
        storage.backup(copy)
        storage.close()
        return on_sqlite(copy, wal=wal)

    copies, between = amount((2, 4), (20, 10))
    drilled = drill(site, make_copy, copies=copies, orders_between=between)

    count(f"{site.name}: {drilled}")
    assert drilled.promised >= copies * between
    assert () == drilled.faults


def test_the_drill_sees_a_copy_that_is_not_whole(tmp_path: Path, amount: Any, count: Callable[[object], None]) -> None:
    """The control: the file alone, copied as files are, lacks what is still in the write-ahead log; the drill tells."""
    site = on_sqlite(tmp_path / "toko.db", wal=True)
    site.furnish(1_000_000)

    def make_copy(number: int) -> Site:
        return on_sqlite(shutil.copy(tmp_path / "toko.db", tmp_path / f"copy-{number}.db"), wal=True)

    drilled = drill(site, make_copy, copies=amount(2, 20), orders_between=4)

    count(f"{site.name}, copied as a file, control: {drilled}")
    assert drilled.faults
