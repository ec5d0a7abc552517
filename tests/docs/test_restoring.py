"""Why every process is stopped before a file is put back: what becomes of one that goes on."""

import pytest

import tokolib
from tokolib.kernel.storage_errors import Unavailable


@pytest.mark.parametrize("wal", [0, 1])
def test_a_shop_whose_file_was_replaced_is_refused_until_it_is_opened_anew(tmp_path, wal):
    """It neither reads nor writes the file that it still holds; the restored one is as the backup was."""
    url, file, copy = f"sqlite:///{tmp_path}/kedai.db?wal={wal}", tmp_path / "kedai.db", tmp_path / "copy.db"
    with tokolib.open(url, country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        shop.stock.receive("KOPI-250", 5, key="opening")
        shop.backup(copy)
        shop.stock.receive("KOPI-250", 1, key="later")
        for each in tmp_path.glob("kedai.db*"):
            each.rename(tmp_path / f"old-{each.name}")

        copy.rename(file)

        with pytest.raises(Unavailable, match="replaced"):
            shop.stock.available("KOPI-250")
        with pytest.raises(Unavailable, match="replaced"):
            shop.stock.receive("KOPI-250", 1, key="lost")
    with tokolib.open(url) as restored:
        assert "5 pcs" == str(restored.stock.available("KOPI-250"))
        assert restored.verify()
