"""What a storage may raise: a closed set. Adapters translate their driver's errors into it."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


class StorageError(TokolibError):
    """The root of what a storage refuses or fails at."""

    retryable: ClassVar[bool] = False
    status: ClassVar[int] = 503


@attrs.frozen
class Refused(StorageError):
    """A condition of a write did not hold; the unit is closed and left nothing."""

    code: ClassVar[str] = "storage.refused"
    status: ClassVar[int] = 409
    write: str
    name: str
    demanded: int
    available: int

    def __str__(self) -> str:
        return f"{self.write} {self.name}: {self.demanded} demanded, {self.available} available"


@attrs.frozen
class HoldGone(StorageError):
    """A hold ran out, was given back or was taken before; the unit is closed and left nothing."""

    code: ClassVar[str] = "storage.hold_gone"
    status: ClassVar[int] = 409
    hold_id: str
    state: str

    def __str__(self) -> str:
        return f"hold {self.hold_id} is {self.state}"


@attrs.frozen
class VersionConflict(StorageError):
    """Another unit changed this first; the whole unit may be tried again from its reads."""

    code: ClassVar[str] = "storage.version_conflict"
    status: ClassVar[int] = 409
    retryable: ClassVar[bool] = True
    name: str
    id: str
    expected: int

    def __str__(self) -> str:
        return f"{self.name} {self.id} is no longer at version {self.expected}"


@attrs.frozen
class Overtaken(StorageError):
    """What a unit chose by itself out of what it saw is gone; run again, it chooses anew."""

    code: ClassVar[str] = "storage.overtaken"
    status: ClassVar[int] = 409
    retryable: ClassVar[bool] = True
    name: str

    def __str__(self) -> str:
        return f"{self.name} was chosen, and taken by another unit meanwhile"


@attrs.frozen
class AlreadyExists(StorageError):
    """An id, or the columns of a unique index, are taken."""

    code: ClassVar[str] = "storage.already_exists"
    status: ClassVar[int] = 409
    name: str
    id: str
    index: str

    def __str__(self) -> str:
        return f"{self.name} {self.id}: {self.index} is taken"


@attrs.frozen
class KeyMismatch(StorageError):
    """A key was remembered with another fingerprint."""

    code: ClassVar[str] = "storage.key_mismatch"
    status: ClassVar[int] = 409
    scope: str
    key: str

    def __str__(self) -> str:
        return f"key {self.key!r} in {self.scope} belongs to another request"


@attrs.frozen
class KeyTaken(StorageError):
    """Another unit remembered the same key at the same time; a rerun finds its answer."""

    code: ClassVar[str] = "storage.key_taken"
    status: ClassVar[int] = 409
    retryable: ClassVar[bool] = True
    scope: str
    key: str

    def __str__(self) -> str:
        return f"key {self.key!r} in {self.scope} was taken meanwhile"


@attrs.frozen
class Busy(StorageError):
    """The storage is locked by others and stayed so for as long as we may wait."""

    code: ClassVar[str] = "storage.busy"
    retryable: ClassVar[bool] = True
    detail: str

    def __str__(self) -> str:
        return f"the storage is busy: {self.detail}"

    @property
    def hint(self) -> str:
        return "others use it just now; let them finish, and try again"


@attrs.frozen
class Serialization(StorageError):
    """The database asks to run the unit again."""

    code: ClassVar[str] = "storage.serialization"
    retryable: ClassVar[bool] = True
    detail: str

    def __str__(self) -> str:
        return f"the database could not order this unit: {self.detail}"


@attrs.frozen
class ConnectionLost(StorageError):
    """The connection broke before the commit was sent: nothing was changed, and the unit may be run again."""

    code: ClassVar[str] = "storage.connection_lost"
    retryable: ClassVar[bool] = True
    detail: str

    def __str__(self) -> str:
        return f"the connection to the storage was lost: {self.detail}"


@attrs.frozen
class CommitUnknown(StorageError):
    """The connection was lost during commit: it may have happened. Look the key up before anything else."""

    code: ClassVar[str] = "storage.commit_unknown"
    detail: str

    def __str__(self) -> str:
        return f"the answer to commit was lost: {self.detail}"

    @property
    def hint(self) -> str:
        return "send the command again with the same key: it happens once; without a key, look at what is stored first"


@attrs.frozen
class Unavailable(StorageError):
    """The storage can't be reached, read or written (missing, full, read-only, damaged)."""

    code: ClassVar[str] = "storage.unavailable"
    detail: str
    way_out: str = ""
    """What to do about it, where the adapter knows the cause."""

    def __str__(self) -> str:
        return f"the storage can't be used: {self.detail}"

    @property
    def hint(self) -> str:
        return self.way_out


@attrs.frozen
class Unreadable(StorageError):
    """A stored row holds what no tokolib writes: somebody has changed it by hand, or the medium has."""

    code: ClassVar[str] = "storage.unreadable"
    status: ClassVar[int] = 500
    what: str
    """What the row is: a hold, an event, an entry."""
    id: str
    column: str
    value: str
    """What stands there, as Python shows it."""
    readable: int = 0
    """So many rows before it, of the same page of a scan, can be read."""
    behind: str | None = None
    """The cursor behind it, when it was met in a scan: the rest is read from there."""

    def __str__(self) -> str:
        return f"{self.what} {self.id} can't be read: its {self.column} is {self.value}"

    @property
    def hint(self) -> str:
        return "run: python -m tokolib verify URL, and restore the row from a backup"


@attrs.frozen
class RetryTransaction(TokolibError):
    """Inside the host's transaction the storage asks to run it again. Our part of it is undone; the rest is yours."""

    code: ClassVar[str] = "storage.retry_transaction"
    status: ClassVar[int] = 503
    cause: str
    """The code of what the storage said."""
    detail: str

    def __str__(self) -> str:
        return f"the transaction must be run again: {self.detail}"

    @property
    def hint(self) -> str:
        return "roll your transaction back, and run all of it again, with the same keys"


@attrs.frozen
class InsideTransaction(TokolibError):
    """This can't be undone by a rollback, or needs a transaction of its own. Nothing was done."""

    code: ClassVar[str] = "storage.inside_transaction"
    status: ClassVar[int] = 409
    command: str

    def __str__(self) -> str:
        return f"{self.command} can't be called within a transaction of the host"

    @property
    def hint(self) -> str:
        return "call it on the shop itself, after the transaction was committed"


@attrs.frozen
class Misuse(StorageError):
    """The port was used against its rules: a closed unit, a write in a read-only one, an undeclared index."""

    code: ClassVar[str] = "storage.misuse"
    status: ClassVar[int] = 500
    rule: str

    def __str__(self) -> str:
        return self.rule


@attrs.frozen
class Unsupported(StorageError):
    """The adapter can't do this, and says why. Nothing was changed."""

    code: ClassVar[str] = "storage.unsupported"
    status: ClassVar[int] = 501
    capability: str
    reason: str

    def __str__(self) -> str:
        return f"this storage can't do {self.capability}: {self.reason}"


@attrs.frozen
class BadCursor(Misuse):
    """A page's cursor was made by another question, or by nobody. Nothing was read."""

    code: ClassVar[str] = "storage.bad_cursor"
    status: ClassVar[int] = 422

    @property
    def hint(self) -> str:
        return "hand back the `after` of the page before, unchanged and to the same command, or start without one"
