"""A disk with switches, put under the SQLite that Python itself uses: it can be full, and it can lose power.

SQLite speaks to files through a table of functions (a "VFS"). This one hands every call on to the system's, and takes
notes of what was written and not yet synced. It is made with `ctypes` in the very library that `sqlite3` is linked to,
so the storage under test is the one that users have, with nothing exchanged.
Source: sqlite.org/vfs.html, and the structures in sqlite3.h.
"""

import ctypes
import os
import sys
import traceback
from collections.abc import Callable
from ctypes import POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any, Final, NoReturn, cast

from safety.undoing import Unsynced

OK, FULL, SHORT_READ = 0, 13, 522
MAKES_FILE: Final = 0x00000004  # SQLITE_OPEN_CREATE
POWER_LOST: Final = 86
"""The exit status of a process whose disk lost its power."""

_FOR_GOOD: Final[list[object]] = []  # what C points to must never be freed

File = c_void_p
Name = c_void_p  # handed on as it is: SQLite keeps the address, and reads what stands around the name
OPEN: Final = ctypes.CFUNCTYPE(c_int, c_void_p, Name, File, c_int, POINTER(c_int))
DELETE: Final = ctypes.CFUNCTYPE(c_int, c_void_p, Name, c_int)
CLOSE: Final = ctypes.CFUNCTYPE(c_int, File)
READ: Final = ctypes.CFUNCTYPE(c_int, File, c_void_p, c_int, c_int64)
WRITE: Final = ctypes.CFUNCTYPE(c_int, File, c_void_p, c_int, c_int64)
TRUNCATE: Final = ctypes.CFUNCTYPE(c_int, File, c_int64)
SYNC: Final = ctypes.CFUNCTYPE(c_int, File, c_int)
SIZE: Final = ctypes.CFUNCTYPE(c_int, File, POINTER(c_int64))


class Methods(Structure):
    """`sqlite3_io_methods`: what can be done with an open file."""

    _fields_ = (
        ("version", c_int),
        ("close", CLOSE),
        ("read", READ),
        ("write", WRITE),
        ("truncate", TRUNCATE),
        ("sync", SYNC),
        ("size", SIZE),
        *((f"other_{number}", c_void_p) for number in range(12)),
    )


class Vfs(Structure):
    """`sqlite3_vfs`: what can be done with names."""

    _fields_ = (
        ("version", c_int),
        ("file_bytes", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", OPEN),
        ("delete", DELETE),
        *((f"other_{number}", c_void_p) for number in range(14)),
    )


def library() -> ctypes.CDLL | None:
    """The SQLite that `sqlite3` uses; None where it can't be reached from here."""
    import _sqlite3

    path = getattr(_sqlite3, "__file__", None)
    try:
        found = ctypes.CDLL(path) if path else ctypes.pythonapi
        found.sqlite3_vfs_find.restype = POINTER(Vfs)
        found.sqlite3_vfs_register.argtypes = [POINTER(Vfs), c_int]
    except (OSError, AttributeError):
        return None
    return found


class Disk:
    """The disk of this process from now on: what SQLite writes goes through it. There is no way back."""

    def __init__(
        self,
        *,
        power_for: int | None = None,
        survives: Callable[[], bool] = lambda: False,
        keeps_deletions: bool = False,
    ) -> None:
        """Lose power at the write, sync or deletion number *power_for*; of what wasn't synced, keep what *survives*.

        A deletion is not lasting either before its folder is synced, unless *keeps_deletions*: a file system may bring
        the name back, and with it the file.
        """
        self.full = False
        self.syncs = 0
        self._power_for = power_for
        self._survives = survives
        self._keeps_deletions = keeps_deletions
        self._unsynced = Unsynced()
        self._paths: dict[int, str] = {}
        self._methods: dict[int, tuple[Methods, Methods]] = {}
        self._of_file: dict[int, Methods] = {}
        found = library()
        if found is None:
            raise RuntimeError("the SQLite of this Python can't be reached")
        self._system = found.sqlite3_vfs_find(None).contents
        self._vfs = Vfs.from_buffer_copy(self._system)
        self._vfs.name = b"safety"
        self._vfs.next = None
        self._vfs.open = OPEN(_or_die(self._open))
        self._vfs.delete = DELETE(_or_die(self._delete))
        if found.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) != OK:
            raise RuntimeError("SQLite takes no other disk")
        _FOR_GOOD.append(self)

    def lose_power(self) -> NoReturn:
        """End this process, and leave of its files what the disk has."""
        self._unsynced.lose(self._survives)
        os._exit(POWER_LOST)

    def _open(self, _vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        new = bool(path) and flags & MAKES_FILE != 0 and not os.path.exists(path)
        answer = self._system.open(ctypes.addressof(self._system), name, file, flags, out)
        table = c_void_p.from_address(file)  # a file begins with the address of its methods
        if answer == OK and path and table.value:
            system, ours = self._ours(table.value)
            self._of_file[file], self._paths[file] = system, path
            table.value = ctypes.addressof(ours)
            if new:
                self._unsynced.made(path)
        return cast(int, answer)

    def _ours(self, table: int) -> tuple[Methods, Methods]:
        if table not in self._methods:
            system = Methods.from_address(table)
            ours = Methods.from_buffer_copy(system)
            ours.close = CLOSE(_or_die(self._close))
            ours.write = WRITE(_or_die(self._write))
            ours.truncate = TRUNCATE(_or_die(self._truncate))
            ours.sync = SYNC(_or_die(self._sync))
            self._methods[table] = (system, ours)
        return self._methods[table]

    def _close(self, file: int) -> int:
        self._paths.pop(file)
        return cast(int, self._of_file.pop(file).close(file))

    def _write(self, file: int, data: int, length: int, offset: int) -> int:
        size = self._size(file)
        if self.full and offset + length > size:
            return FULL
        self._step()
        path, old = self._paths[file], self._content(file, offset, min(length, max(0, size - offset)))
        self._unsynced.wrote(path, offset, old, ctypes.string_at(data, length), size)
        return cast(int, self._of_file[file].write(file, data, length, offset))

    def _truncate(self, file: int, size: int) -> int:
        self._step()
        before = self._size(file)
        tail = self._content(file, size, before - size) if before > size else b""
        self._unsynced.cut(self._paths[file], size, tail, before)
        return cast(int, self._of_file[file].truncate(file, size))

    def _sync(self, file: int, flags: int) -> int:
        self._step()
        self.syncs += 1
        answer = self._of_file[file].sync(file, flags)
        if answer == OK:
            self._unsynced.synced(self._paths[file])
        return cast(int, answer)

    def _delete(self, _vfs: int, name: int, folder_too: int) -> int:
        self._step()
        path = os.fsdecode(ctypes.string_at(name))
        if folder_too or self._keeps_deletions:
            self._unsynced.buried(path)
        else:
            self._unsynced.deleted(path)
        return cast(int, self._system.delete(ctypes.addressof(self._system), name, folder_too))

    def _size(self, file: int) -> int:
        size = c_int64()
        self._of_file[file].size(file, ctypes.byref(size))
        return size.value

    def _content(self, file: int, offset: int, length: int) -> bytes:
        if length <= 0:
            return b""
        into = ctypes.create_string_buffer(length)
        answer = self._of_file[file].read(file, ctypes.addressof(into), length, offset)
        if answer not in (OK, SHORT_READ):
            raise OSError(f"SQLite's own read failed with {answer}")
        return into.raw

    def _step(self) -> None:
        if self._power_for is None:
            return
        self._power_for -= 1
        if self._power_for < 0:
            self.lose_power()


def _or_die(call: Callable[..., int]) -> Callable[..., int]:
    """*call*, whose errors C can't be told about: they end the process, so that they are no success."""

    def safe(*values: Any) -> int:
        try:
            return call(*values)
        except BaseException:  # noqa: BLE001 - see above
            os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, traceback.format_exc().encode())
            os._exit(70)

    return safe
