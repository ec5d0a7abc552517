"""An ordered map of bytes in a folder, whose changes last all together or not at all.

The dbm file is never written in place: a crash in the middle would leave half a change, and its index behind. What is
committed goes to the end of a journal: one write, one fsync. When the journal has outgrown the file, both are written
anew under the next number, and the file `current` then names that number: a renaming happens or doesn't.
"""

import contextlib
import dbm.dumb
import fcntl
import os
import struct
from bisect import bisect_left, insort
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from tokolib.adapters.building import pack, unpack
from tokolib.kernel.storage_errors import CommitUnknown, Misuse, Unavailable

HEAD = struct.Struct(">QI")
"""Before each record of the journal: its length, and its checksum."""
LONGEST = 16 * 1024 * 1024
"""Bytes of a journal that is worth a new file, if the file is no longer than that."""


class Book:
    """Keeps the rows of one storage. It is for one transaction at a time: `Turns` sees to that."""

    _usable: bool | None = None

    def __init__(self, folder: Path) -> None:
        self._folder, self._pid = folder, os.getpid()
        self._files, self._lock = contextlib.ExitStack(), contextlib.ExitStack()
        self._order: list[bytes] = []
        self._before: dict[bytes, bytes | None] = {}

    def _open(self) -> None:
        """Take the folder, and make it where there is none."""
        with _translating(self._folder):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                lock = self._lock.enter_context((self._folder / "lock").open("ab"))
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                current = self._folder / "current"
                self._load(int(current.read_text())) if current.exists() else self._renew(1)
            except BaseException:
                self.close()
                raise

    def check(self) -> None:
        """Open the folder when it is first asked for: whoever only makes a storage makes no file.

        Refuse a book that is closed or broken, and a process that was forked off: the lock is its parent's.
        """
        if self._usable is None and os.getpid() == self._pid:
            self._open()
        if not self._usable or os.getpid() != self._pid:
            raise Misuse("this storage is closed, or was opened by another process: open it anew")

    def get(self, key: bytes) -> bytes | None:
        """The value: what came after the file, or what stands in it."""
        if key in self._later:
            return self._later[key]
        with _translating(self._folder):
            return self._base.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Set a value."""
        self._before.setdefault(key, self.get(key))
        self._set(key, value)

    def drop(self, key: bytes) -> None:
        """Remove a key."""
        self._before.setdefault(key, self.get(key))
        self._set(key, None)

    def walk(self, low: bytes, high: bytes, *, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys in [low, high), in order."""
        places = range(bisect_left(self._order, low), bisect_left(self._order, high))
        for place in reversed(places) if backwards else places:
            yield (key := self._order[place]), self.get(key) or b""

    def _set(self, key: bytes, value: bytes | None) -> None:
        there = self.get(key) is not None
        if value is None and there:
            del self._order[bisect_left(self._order, key)]
        elif value is not None and not there:
            insort(self._order, key)
        self._later[key] = value

    def rollback(self) -> None:
        """Set everything to what it was."""
        for key, value in self._before.items():
            self._set(key, value)
        self._before = {}

    def commit(self) -> None:
        """Write what changed to the end of the journal; when that returns, it is on the disk."""
        self.check()
        if not self._before:
            return
        changes = pack(part for key in self._before for part in (key, self.get(key)))
        record = memoryview(HEAD.pack(len(changes), crc32(changes)) + changes)
        length = self._journal.tell()
        with _translating(self._folder):
            try:
                while record:  # a disk that is filling up takes a part of it first
                    record = record[self._journal.write(record) :]
                os.fsync(self._journal)
            except OSError as error:
                self._cut(length, error)
                raise
        self._before = {}
        with contextlib.suppress(OSError):  # the change is made; a new file can wait for the next one
            if self._journal.tell() > max(LONGEST, self._name(self._number).with_suffix(".dat").stat().st_size):
                self._renew(self._number + 1)

    def _cut(self, length: int, error: OSError) -> None:
        """Take back what a failed commit has left in the journal; where that fails too, nobody knows what is there."""
        try:
            self._journal.truncate(length)
            self._journal.seek(length)
            os.fsync(self._journal)
        except OSError:
            self._usable = False
            raise CommitUnknown(f"{self._folder}: {error}") from error

    def _renew(self, number: int) -> None:
        """Write the file and an empty journal under a number, and then say that they are the ones."""
        with contextlib.closing(dbm.dumb.open(self._name(number), "n")) as rows:
            for key in self._order:
                rows[key] = self.get(key) or b""
        self._name(number).with_suffix(".journal").write_bytes(b"")
        chosen = self._folder / "current.new"
        chosen.write_text(str(number))
        for path in (*self._folder.glob(f"{number}.*"), chosen, self._folder):
            _sync(path)
        chosen.replace(self._folder / "current")
        _sync(self._folder)
        self._load(number)
        for path in self._folder.glob("*.*"):  # of numbers that were, or never came to be
            if path.stem != str(number):
                path.unlink()

    def _load(self, number: int) -> None:
        """Open the file of a number, and read what came after it."""
        self._files.close()
        self._number, self._later, self._usable = number, dict[bytes, bytes | None](), False
        self._base = self._files.enter_context(dbm.dumb.open(self._name(number), "r"))
        self._journal = self._files.enter_context(self._name(number).with_suffix(".journal").open("r+b", buffering=0))
        written, place = self._journal.readall(), 0
        while len(written) - place >= HEAD.size:
            size, checksum = HEAD.unpack_from(written, place)
            end = place + HEAD.size + size
            if crc32(written[place + HEAD.size : end]) != checksum or end > len(written):
                if end < len(written):
                    raise Unavailable(f"{self._folder}: the journal is damaged at {place}", "restore a backup")
                break  # the process ended while it wrote this, and never said that it was done
            parts: Any = unpack(written[place + HEAD.size : end])
            self._later.update(zip(parts[::2], parts[1::2], strict=True))
            place = end
        self._journal.truncate(place)
        self._journal.seek(place)
        keys: set[Any] = {*self._base.keys(), *self._later}
        self._order = sorted(keys - {key for key, value in self._later.items() if value is None})
        self._usable = True

    def _name(self, number: int) -> Path:
        return self._folder / str(number)

    def close(self) -> None:
        """Give the files and the lock back; harmless the second time, and in a process that was forked off."""
        if os.getpid() == self._pid:
            self._usable = False
            self._files.close()
            self._lock.close()


@contextlib.contextmanager
def _translating(folder: Path) -> Iterator[None]:
    """What the system says, as an error of the port."""
    try:
        yield
    except BlockingIOError as error:
        raise Unavailable(f"{folder} is open in another storage", "close it there: one at a time") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unavailable(f"{folder}: {error}", "look at the disk, and let this process write there") from error


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, reach the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
