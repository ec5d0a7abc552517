"""Orders that were copied in order to fill a shop are orders: every promise holds of each."""

import shutil

from benchmarks.chapters.verify import LIVED, live, open_shop
from benchmarks.sound_copies import multiply

import tokolib


def test_every_copy_proves_true(tmp_path):
    """Ten orders of five lines, copied thrice, are forty, with their payments, shipments, postings and holds."""
    before, file = tmp_path / "before.db", tmp_path / "full.db"
    open_shop(before)
    shutil.copyfile(before, file)
    live(file, 10)
    multiply(file, before, 3)

    with tokolib.open(f"sqlite:///{file}") as shop:
        report = shop.verify()
        assert report.ok, report.violations[:3]
        assert 40 == dict(report.checked)["orders"]
        assert 200 == dict(report.checked)["holds"]


def test_a_life_is_a_part_of_every_shop_that_is_measured():
    """The smallest shop of the chapter is made of whole copies."""
    assert 0 == 10_000 % LIVED
