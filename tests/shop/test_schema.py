"""Who brings a storage's schema up to date: `open` where it may, and elsewhere whoever administers the database."""

import attrs
import pytest

import tokolib
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.storage_errors import SchemaOutdated
from tokolib.records.collections import COLLECTIONS


class Administered(SqliteStorage):
    """A storage whose schema is not `open`'s to change."""

    def __init__(self, path):
        super().__init__(path, COLLECTIONS)
        self.capabilities = attrs.evolve(self.capabilities, self_upgrading=False)


def test_an_administered_storage_is_not_upgraded_by_opening_it(tmp_path):
    """`open` names what is pending and the command that applies it, and makes nothing."""
    with pytest.raises(SchemaOutdated) as refused:
        tokolib.open(Administered(tmp_path / "kedai.db"), country="ID")

    assert ("0001_first",) == refused.value.pending
    assert "python -m tokolib schema upgrade URL" in refused.value.hint
    assert [("0001_first",)] == [tuple(Administered(tmp_path / "kedai.db").migrate(dry_run=True))]


def test_an_administered_storage_opens_once_it_is_up_to_date(tmp_path):
    """After the upgrade `open` finds nothing to do, and goes on."""
    storage = Administered(tmp_path / "kedai.db")
    storage.migrate()

    with tokolib.open(storage, country="ID") as shop:
        assert shop.verify()
