"""Group commit: who shares a commit, who is answered when, and what is told when something fails."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import tokolib
from tokolib.adapters.grouping import GroupCommit
from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import Collection, Kind
from tokolib.kernel.storage_errors import (
    AlreadyExists,
    Busy,
    CommitUnknown,
    Misuse,
    Refused,
    Serialization,
    StorageError,
)
from tokolib.records.collections import COLLECTIONS

NOTES = Collection("notes")


class Watched:
    """A SQLite storage whose shared commits are counted, held up, or made to fail."""

    def __init__(self, path: Path) -> None:
        self._inner = SqliteStorage(path, [NOTES], timeout=60.0)
        self.commits = 0
        self.failing: StorageError | None = None
        self.may_commit = threading.Event()
        self.may_commit.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def share(self) -> Any:
        shared = self._inner.share()
        commit = shared.commit

        def counted() -> None:
            assert self.may_commit.wait(60)
            if self.failing is not None:
                shared.rollback()
                raise self.failing
            self.commits += 1
            commit()

        shared.commit = counted  # type: ignore[method-assign]
        return shared


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "shop.db")


@pytest.fixture
def storage(watched: Watched) -> Iterator[GroupCommit]:
    """Units wait for their turn for longer than any machine is busy."""
    yield from grouped(watched, patience=60.0)


@pytest.fixture
def impatient(watched: Watched) -> Iterator[GroupCommit]:
    """Units give up waiting for their turn soon."""
    yield from grouped(watched, patience=0.3)


def grouped(watched: Watched, *, patience: float) -> Iterator[GroupCommit]:
    made = GroupCommit(watched, longest=60.0, patience=patience)  # type: ignore[arg-type]
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as made:
        yield made


def insert(storage: GroupCommit, id: str) -> None:
    unit = storage.begin("p")
    unit.insert(NOTES, id, b"1", {})
    unit.commit()


def notes(storage: GroupCommit) -> list[str]:
    unit = storage.begin("p", read_only=True)
    try:
        page: Any = drive(resolved(unit.scan(Kind.DOCUMENTS, name="notes")))
        return [row.doc.id for row in page.items]
    finally:
        drive(resolved(unit.rollback()))


def in_line(storage: GroupCommit, number: int) -> None:
    """Wait until so many threads stand in line."""
    line = storage._groups._line
    pause = threading.Event()
    for _ in range(500):
        if len(line._places) == number:
            return
        pause.wait(0.01)
    raise AssertionError(f"{len(line._places)} stand in line, not {number}")


def behind(
    storage: GroupCommit, pool: ThreadPoolExecutor, first: Callable[[Any], object], *others: Callable[[], object]
) -> list[Any]:
    """What became of *others*, which came in this order while a unit was open, with which *first* was done at last."""
    unit = storage.begin("p")
    answers = []
    for number, other in enumerate(others, start=1):
        answers.append(pool.submit(other))
        in_line(storage, number)
    first(unit)
    return [answer.exception() or answer.result() for answer in answers]


def test_units_that_come_together_share_one_commit(
    storage: GroupCommit, watched: Watched, pool: ThreadPoolExecutor
) -> None:
    """Nine units of nine threads, eight of which had to wait for the first, are one commit."""

    def first(unit: Any) -> None:
        unit.insert(NOTES, "a", b"1", {})
        unit.commit()

    before = watched.commits
    found = behind(storage, pool, first, *[lambda id=id: insert(storage, id) for id in "bcdefghi"])

    assert [None] * 8 == found
    assert 1 == watched.commits - before
    assert list("abcdefghi") == notes(storage)


def test_a_unit_alone_is_committed_at_once(storage: GroupCommit, watched: Watched) -> None:
    """Nobody waits for company."""
    before = watched.commits
    for id in "abc":
        insert(storage, id)

    assert 3 == watched.commits - before


def test_a_group_takes_no_more_than_it_may(tmp_path: Path, watched: Watched, pool: ThreadPoolExecutor) -> None:
    """With two to a group, five units are three commits."""
    storage = GroupCommit(watched, most=2)  # type: ignore[arg-type]
    storage.migrate()
    before = watched.commits

    behind(storage, pool, lambda unit: unit.commit(), *[lambda id=id: insert(storage, id) for id in "abcd"])

    assert 3 == watched.commits - before
    storage.close()


def test_nobody_is_answered_before_the_commit(storage: GroupCommit, watched: Watched, pool: ThreadPoolExecutor) -> None:
    """While the commit is under way, every unit of the group waits, and readers see nothing of it."""
    watched.may_commit.clear()
    unit = storage.begin("p")
    answers = [pool.submit(insert, storage, id) for id in "ab"]
    in_line(storage, 2)
    unit.rollback()

    assert not any(answer.done() for answer in answers)
    assert [] == notes(storage)

    watched.may_commit.set()
    assert [None, None] == [answer.result() for answer in answers]
    assert ["a", "b"] == notes(storage)


def test_a_refusal_takes_back_its_own_writes_only(storage: GroupCommit, pool: ThreadPoolExecutor) -> None:
    """The units before and after a refused one in its group last."""

    def first(unit: Any) -> None:
        unit.insert(NOTES, "a", b"1", {})
        unit.commit()

    def refused() -> None:
        unit = storage.begin("p")
        unit.insert(NOTES, "gone", b"1", {})
        drive(resolved(unit.flush()))
        unit.insert(NOTES, "a", b"2", {})
        unit.commit()

    found = behind(storage, pool, first, refused, lambda: insert(storage, "b"))

    assert [AlreadyExists, type(None)] == [type(one) for one in found]
    assert ["a", "b"] == notes(storage)


@pytest.mark.parametrize(
    "failure", [CommitUnknown("lost"), Serialization("again"), Busy("locked")], ids=lambda e: e.code
)
def test_a_commit_that_fails_fails_for_all_of_its_group(
    storage: GroupCommit, watched: Watched, pool: ThreadPoolExecutor, failure: StorageError
) -> None:
    """Everyone is told what it ended with, each by an error of its own; nothing is there; the next group works."""
    watched.failing = failure
    unit = storage.begin("p")
    answers = [pool.submit(insert, storage, id) for id in "ab"]
    in_line(storage, 2)
    unit.insert(NOTES, "c", b"1", {})
    with pytest.raises(type(failure)) as told:
        unit.commit()

    errors = [told.value, *(answer.exception() for answer in answers)]
    assert [str(failure)] * 3 == [str(error) for error in errors]
    assert 3 == len({id(error) for error in errors})
    watched.failing = None
    insert(storage, "d")
    assert ["d"] == notes(storage)


def test_a_refusal_that_rests_on_a_failed_commit_is_no_refusal(
    storage: GroupCommit, watched: Watched, pool: ThreadPoolExecutor
) -> None:
    """Who found the last unit sold to a member of the group, whose commit then failed, asks to be run again."""
    shelf = storage.begin("p")
    shelf.adjust("kopi", 1)
    shelf.commit()

    def take_one(unit: Any) -> None:
        unit.adjust("kopi", -1)
        unit.commit()

    def second() -> None:
        take_one(storage.begin("p"))

    def looks() -> None:
        unit = storage.begin("p")
        unit.value("c")
        unit.rollback()

    watched.failing = Busy("locked")
    unit = storage.begin("p")
    late = pool.submit(second)
    in_line(storage, 1)
    looking = pool.submit(looks)
    in_line(storage, 2)
    with pytest.raises(Busy):
        take_one(unit)
    assert isinstance(late.exception(), Serialization)
    assert isinstance(looking.exception(), Serialization)

    watched.failing = None
    second()
    with pytest.raises(Refused):
        second()


def test_a_unit_that_keeps_its_group_waiting_is_rolled_back(impatient: GroupCommit, pool: ThreadPoolExecutor) -> None:
    """It is told so by a retryable error; those who were done before it are committed."""
    came, may_go_on = threading.Event(), threading.Event()

    def dawdles() -> StorageError | None:
        unit = impatient.begin("p")
        unit.insert(NOTES, "slow", b"1", {})
        unit.flush()
        came.set()
        assert may_go_on.wait(10)
        try:
            unit.insert(NOTES, "slower", b"1", {})
        except StorageError as error:
            unit.rollback()
            return error
        return None

    unit = impatient.begin("p")
    slow = pool.submit(dawdles)
    in_line(impatient, 1)
    unit.insert(NOTES, "a", b"1", {})
    unit.commit()

    assert came.is_set()
    assert ["a"] == notes(impatient)
    may_go_on.set()
    error = slow.result()
    assert isinstance(error, Busy)
    assert error.retryable
    insert(impatient, "b")
    assert ["a", "b"] == notes(impatient)


def test_a_unit_whose_turn_does_not_come_is_busy(impatient: GroupCommit, pool: ThreadPoolExecutor) -> None:
    """Waiting for the turn is bounded, and who gave up is not in the line any more."""
    unit = impatient.begin("p")
    assert isinstance(pool.submit(insert, impatient, "late").exception(), Busy)
    in_line(impatient, 0)

    unit.commit()
    insert(impatient, "a")
    assert ["a"] == notes(impatient)


def test_a_transaction_that_the_database_ended_is_not_acknowledged(
    storage: GroupCommit, watched: Watched, pool: ThreadPoolExecutor
) -> None:
    """When SQLite rolls a whole transaction back, all whose writes were in it are asked to run again."""

    def ends_it() -> None:
        unit: Any = storage.begin("p")
        unit._unit._session._transaction.connection.execute("ROLLBACK")  # as SQLite does when the disk is full
        try:
            unit.insert(NOTES, "b", b"1", {})
            unit.commit()
        finally:
            unit.rollback()

    unit = storage.begin("p")
    ended = pool.submit(ends_it)
    in_line(storage, 1)
    after = pool.submit(insert, storage, "c")
    in_line(storage, 2)
    unit.insert(NOTES, "a", b"1", {})
    with pytest.raises(StorageError) as told:
        unit.commit()

    assert told.value.retryable
    assert isinstance(ended.exception(), StorageError)
    assert after.exception() is None
    assert ["c"] == notes(storage)


def test_a_reader_waits_for_no_writer(storage: GroupCommit, pool: ThreadPoolExecutor) -> None:
    """A reading unit has a connection of its own; the thread that writes may not open one meanwhile."""
    unit = storage.begin("p")
    unit.insert(NOTES, "a", b"1", {})
    unit.flush()

    assert [] == pool.submit(notes, storage).result()
    with pytest.raises(Misuse):
        notes(storage)
    unit.commit()
    assert ["a"] == notes(storage)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_groups_of_its_own(storage: GroupCommit, tmp_path: Path) -> None:
    """A child leaves the parent's open unit alone, and can't end it; afterwards it works by itself."""
    unit = storage.begin("p")
    unit.insert(NOTES, "a", b"1", {})
    unit.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            unit.rollback()
            try:
                unit.commit()
            except Misuse:
                code = 0 if notes(storage) == [] else 2
        finally:
            os._exit(code)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    unit.commit()
    assert ["a"] == notes(storage)


def test_a_closed_storage_begins_nothing_and_ends_what_is_open(storage: GroupCommit, tmp_path: Path) -> None:
    """close() lets a group that is under way come to its end."""
    unit = storage.begin("p")
    unit.insert(NOTES, "a", b"1", {})
    storage.close()
    with pytest.raises(Misuse):
        storage.begin("p")
    unit.commit()

    again = GroupCommit(SqliteStorage(tmp_path / "shop.db", [NOTES]))
    assert ["a"] == notes(again)
    again.close()


def test_what_cannot_share_a_transaction_is_refused() -> None:
    """Neither is a number that is none."""
    with pytest.raises(AdapterConfig):
        GroupCommit(MemoryStorage([NOTES]))
    for wrong in ({"most": 0}, {"most": True}, {"longest": -1.0}, {"patience": "soon"}):
        with pytest.raises(AdapterConfig):
            GroupCommit(SqliteStorage("shop.db", [NOTES]), **wrong)  # type: ignore[arg-type]


def test_a_url_asks_for_group_commit(tmp_path: Path) -> None:
    """`?group_commit=1`, for threads; an event loop's storage refuses it."""
    url = f"sqlite:///{tmp_path}/shop.db?group_commit=1"
    with tokolib.open(url, country="ID") as shop:
        assert "IDR" == shop.settings.get().currency
    assert isinstance(storage_from_url(url, COLLECTIONS), GroupCommit)
    assert isinstance(storage_from_url(url.replace("=1", "=0"), COLLECTIONS), SqliteStorage)
    with pytest.raises(AdapterConfig, match="aopen"):
        tokolib.aopen(url)
