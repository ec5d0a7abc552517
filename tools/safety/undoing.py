"""What a disk has taken and not yet made lasting, and how a power cut leaves it."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import attrs


@attrs.frozen
class Change:
    """One unsynced change of a file: bytes at an offset, or (without any) a new length."""

    offset: int
    old: bytes
    new: bytes | None
    size: int
    """The file's length before."""


@attrs.define
class Pending:
    """A file's unsynced changes, oldest first."""

    changes: list[Change] = attrs.Factory(list)
    is_new: bool = False
    """Whether its folder may not know it yet."""


@attrs.define
class Unsynced:
    """Everything that a power cut may take back."""

    _files: dict[str, Pending] = attrs.Factory(dict)
    _dead: dict[str, bytes] = attrs.Factory(dict)
    """Deleted files that come back, by path, with what the disk has of them: their folder was not synced."""

    def made(self, path: str) -> None:
        """A file was created."""
        self._files[path] = Pending(is_new=True)

    def wrote(self, path: str, offset: int, old: bytes, new: bytes, size: int) -> None:
        """Bytes were written over *old* ones, of which there are fewer where the file grew from *size*."""
        self._of(path).changes.append(Change(offset, old, new, size))

    def cut(self, path: str, offset: int, tail: bytes, size: int) -> None:
        """A file of *size* was cut at *offset*, and lost its *tail*."""
        self._of(path).changes.append(Change(offset, tail, None, size))

    def synced(self, path: str) -> None:
        """A file is lasting; SQLite syncs the folder of a new one with it, which makes all deletions there last."""
        if self._of(path).is_new:
            self._dead.clear()
        self._files.pop(path, None)

    def deleted(self, path: str) -> None:
        """A file was deleted, and its folder was not synced."""
        pending = self._files.pop(path, None) or Pending()
        if not pending.is_new and os.path.exists(path):
            self._dead[path] = bytes(_restored(path, pending.changes))

    def buried(self, path: str) -> None:
        """A file was deleted for good."""
        self._files.pop(path, None)
        self._dead.clear()

    def lose(self, survives: Callable[[], bool]) -> None:
        """Leave the files as a power cut does: of each unsynced change, what *survives*."""
        for path, pending in self._files.items():
            with suppress(FileNotFoundError):
                if pending.is_new and not survives():
                    os.unlink(path)
                    continue
                content = _restored(path, pending.changes)
                for change in pending.changes:
                    if survives():
                        _repeat(content, change)
                Path(path).write_bytes(content)
        for path, remains in self._dead.items():
            if not os.path.exists(path) and not survives():
                Path(path).write_bytes(remains)

    def _of(self, path: str) -> Pending:
        return self._files.setdefault(path, Pending())


def _restored(path: str, changes: list[Change]) -> bytearray:
    """The file as it was before all of them."""
    content = bytearray(Path(path).read_bytes())
    for change in reversed(changes):
        content[change.offset : change.offset + len(change.old)] = change.old
        del content[change.size :]
    return content


def _repeat(content: bytearray, change: Change) -> None:
    if change.new is None:
        del content[change.offset :]
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.new)] = change.new
