"""The host's transaction: ours is a part of it, and whether anything lasts is the host's to say."""

from collections.abc import Iterator
from typing import Any

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Can
from tokolib.kernel.storage_errors import AlreadyExists, Misuse, Refused, StorageError
from tokolib.testing.storage_checks.driven import Driven, Plain
from tokolib.testing.storage_checks.setting import (
    NOTES,
    Setting,
    everything,
    write_some_of_everything,
)
from tokolib.testing.storage_checks.transactions import Use


class JoinChecks(Setting):
    """A unit that joins commits a part, and never the whole."""

    @pytest.fixture
    def host(self, store: Driven, request: pytest.FixtureRequest) -> Iterator[Any]:
        """A host's connection beside the storage, if it can join one."""
        if not store.storage.capabilities.can(Can.JOIN):
            pytest.skip(store.storage.capabilities.lacks[Can.JOIN])
        open_host = request.getfixturevalue("open_host")
        opened = Plain(store.drive(resolved(open_host(store.storage))), store.drive)
        yield opened
        opened.close()

    def test_what_joined_lasts_with_the_hosts_commit(self, store: Driven, host: Any) -> None:
        """A joined unit's commit shows nothing to others; the host's commit shows all of it."""
        host.begin()
        unit = store.join(host.connection)
        write_some_of_everything(unit, "a")
        unit.commit()
        before = everything(store)
        host.commit()

        assert not any(before.values())
        assert all(everything(store).values())

    def test_the_hosts_rollback_takes_ours_back(self, store: Driven, host: Any) -> None:
        """What a joined unit has committed is gone, in every group, when the host rolls back."""
        with store.unit() as unit:
            write_some_of_everything(unit, "before")
        before = everything(store)
        host.begin()
        unit = store.join(host.connection)
        write_some_of_everything(unit, "after")
        unit.commit()
        host.rollback()

        assert before == everything(store)

    def test_units_of_one_host_see_each_other(self, store: Driven, host: Any) -> None:
        """A second unit in the same transaction reads what the first one left, and its rollback takes back its own."""
        host.begin()
        first = store.join(host.connection)
        first.count("c", 1)
        first.commit()
        second = store.join(host.connection)
        assert 1 == second.value("c")
        second.count("c", 10)
        second.flush()
        second.rollback()
        third = store.join(host.connection)
        assert 1 == third.value("c")
        third.commit()
        host.commit()

        with store.reading() as unit:
            assert 1 == unit.value("c")

    def test_a_refusal_leaves_the_hosts_transaction_usable(self, store: Driven, host: Any) -> None:
        """A refused unit takes back its own part; the host goes on, and commits what else it did."""
        with store.unit() as unit:
            unit.insert(NOTES, "taken", b"1", {})
        host.begin()
        kept = store.join(host.connection)
        kept.insert(NOTES, "kept", b"1", {})
        kept.commit()
        refusals: list[tuple[type[StorageError], Use]] = [
            (Refused, lambda unit: unit.adjust("kopi", -1)),
            (AlreadyExists, lambda unit: unit.insert(NOTES, "taken", b"2", {})),
        ]
        for refusal, record in refusals:
            refused = store.join(host.connection)
            refused.insert(NOTES, "lost", b"1", {})
            record(refused)
            with pytest.raises(refusal):
                refused.commit()
            with pytest.raises(Misuse):
                refused.get(NOTES, "lost")
        after = store.join(host.connection)
        after.insert(NOTES, "after", b"1", {})
        after.commit()
        host.commit()

        with store.reading() as unit:
            assert {"taken", "kept", "after"} == set(unit.get_many(NOTES, ["taken", "kept", "lost", "after"]))

    def test_nothing_is_joined_without_a_transaction(self, store: Driven, host: Any) -> None:
        """join() is refused on a connection without an open transaction, before the first and after the last one."""
        with pytest.raises(Misuse):
            store.join(host.connection)
        host.begin()
        store.join(host.connection).rollback()
        host.commit()
        with pytest.raises(Misuse):
            store.join(host.connection)
        assert not any(everything(store).values())

    def test_only_a_connection_is_joined(self, store: Driven, host: Any) -> None:
        """join() refuses what is no connection of its kind."""
        for stranger in (None, "connection", object()):
            with pytest.raises(Misuse):
                store.join(stranger)
