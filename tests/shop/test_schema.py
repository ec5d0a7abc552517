"""Who brings a storage's schema up to date: `open` where it may, and elsewhere whoever administers the database."""

import attrs
import pytest

import tokolib
from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.schema_errors import SchemaOutdated
from tokolib.kernel.storage_errors import ConnectionLost
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


class Stumbling(MemoryStorage):
    """A storage whose connection is lost *times* times before its schema is looked at."""

    def __init__(self, times):
        super().__init__(COLLECTIONS)
        self.times = times
        self.asked = 0

    def migrate(self, *, dry_run=False):
        self.asked += 1
        if self.asked <= self.times:
            raise ConnectionLost("the server was started anew")
        return super().migrate(dry_run=dry_run)

    def pause(self, attempt):
        """At once."""


def test_a_connection_that_is_lost_while_opening_is_made_again():
    """Opening is patient as every command is, and no more: what stays lost is told."""
    storage = Stumbling(7)
    with tokolib.open(storage, country="ID") as shop:
        assert "ID" == shop.settings.get().country
    assert 8 == storage.asked

    with pytest.raises(ConnectionLost):
        tokolib.open(Stumbling(8), country="ID")
    again = Stumbling(1)
    assert () == tokolib.upgrade_schema(again)
    assert 2 == again.asked
