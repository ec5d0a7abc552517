"""The adapter keeps every promise of the port, but for what it says that it can't do."""

from pathlib import Path

import pytest
from tokolib_dbm import DbmStorage

from tokolib.testing import StorageKit
from tokolib.testing.storage_kit import COLLECTIONS, MakeStorage, Reopen


class TestDbm(StorageKit):
    @pytest.fixture
    def make_storage(self, tmp_path: Path) -> MakeStorage:
        folders = (tmp_path / f"shop-{number}" for number in range(9))
        return lambda collections: DbmStorage(next(folders), collections)

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: DbmStorage(storage.folder, COLLECTIONS)
