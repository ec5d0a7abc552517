"""The power goes while a shop sells on SQLite, and the disk forgets what was not synced."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safety.disk import library
from safety.powercut import cut_after_sales, cut_power
from safety.site import on_sqlite

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.skipif(library() is None, reason="the SQLite inside this Python can't be reached"),
]
JOURNALS = {"rollback journal": False, "write-ahead log": True}


@pytest.mark.parametrize("journal", JOURNALS)
def test_a_power_cut_loses_nothing(tmp_path: Path, journal: str, amount: Any, count: Callable[[object], None]) -> None:
    """Wherever in a sale the power goes: what was promised is there, and nothing is half there."""
    site = on_sqlite(tmp_path / "toko.db", wal=JOURNALS[journal])
    site.furnish(1_000_000)
    cuts, steps = amount((6, 1_600), (60, 8_000))

    cut = cut_power(site, cuts=cuts, steps=steps)

    count(f"{site.name}: {cut}")
    assert cut.acknowledged >= cuts
    assert ((), (), "ok") == (cut.lost, cut.violations, cut.damage)


def test_a_power_cut_loses_what_was_not_synced(tmp_path: Path, amount: Any, count: Callable[[object], None]) -> None:
    """The control: a storage that doesn't sync loses promises, and the harness names them."""
    site = on_sqlite(tmp_path / "toko.db", wal=False, durable=False)
    site.furnish(1_000_000)
    cuts, steps = amount((3, 800), (60, 8_000))

    cut = cut_power(site, cuts=cuts, steps=steps, forgets_all=True)

    count(f"{site.name}, control: {cut}")
    assert 0 < cut.acknowledged == len(cut.lost)


@pytest.mark.parametrize("journal", JOURNALS)
def test_a_power_cut_at_once_after_a_sale_loses_nothing(
    tmp_path: Path, journal: str, amount: Any, count: Callable[[object], None]
) -> None:
    """The promise holds from the moment it is made, even if a deleted file comes back with its name."""
    site = on_sqlite(tmp_path / "toko.db", wal=JOURNALS[journal])
    site.furnish(1_000_000)

    cut = cut_after_sales(site, cuts=amount(3, 30))

    count(f"{site.name}, at once after a sale: {cut}")
    assert ((), (), "ok") == (cut.lost, cut.violations, cut.damage)
