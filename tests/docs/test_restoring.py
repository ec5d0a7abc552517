"""Why every process is stopped before a file is put back: what becomes of one that goes on."""

import pytest

import tokolib
from tokolib.kernel.storage_errors import Unavailable


def test_a_shop_whose_file_was_replaced_reads_the_old_one_and_writes_nothing(tmp_path):
    """With the rollback journal: SQLite sees that the name leads to another file by now."""
    file, copy = tmp_path / "kedai.db", tmp_path / "copy.db"
    with tokolib.open(f"sqlite:///{file}?wal=0", country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        shop.stock.receive("KOPI-250", 5, key="opening")
        shop.backup(copy)
        shop.stock.receive("KOPI-250", 1, key="later")

        copy.replace(file)

        assert "6 pcs" == str(shop.stock.available("KOPI-250"))
        with pytest.raises(Unavailable):
            shop.stock.receive("KOPI-250", 1, key="lost")
    with tokolib.open(f"sqlite:///{file}?wal=0") as restored:
        assert "5 pcs" == str(restored.stock.available("KOPI-250"))
        assert restored.verify()
