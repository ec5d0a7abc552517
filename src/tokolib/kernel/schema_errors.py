"""Where a storage's schema is not the library's."""

from typing import ClassVar

import attrs

from tokolib.kernel.storage_errors import StorageError


@attrs.frozen
class SchemaTooNew(StorageError):
    """A newer tokolib has written this storage."""

    code: ClassVar[str] = "storage.schema_too_new"
    found: int
    known: int

    def __str__(self) -> str:
        return f"the storage has schema {self.found}; this tokolib knows up to {self.known}"

    @property
    def hint(self) -> str:
        return "upgrade tokolib: pip install --upgrade tokolib"


@attrs.frozen
class SchemaOutdated(StorageError):
    """The storage must be brought up to date first, by whoever administers it. Nothing was changed."""

    code: ClassVar[str] = "storage.schema_outdated"
    pending: tuple[str, ...]
    """What is to be applied, in order."""

    def __str__(self) -> str:
        return f"the storage's schema is not up to date; to be applied: {', '.join(self.pending)}"

    @property
    def hint(self) -> str:
        return "run: python -m tokolib schema upgrade URL (`schema sql` prints what it would do)"


@attrs.frozen
class SchemaChanged(StorageError):
    """A migration was applied that is another one here, or was left out. Nothing was changed."""

    code: ClassVar[str] = "storage.schema_changed"
    migration: str
    """The file's name without its ending."""
    applied: str
    """The SHA-256 that was applied; empty when a later one was, and this one never."""
    known: str
    """The SHA-256 of the file that this tokolib has."""

    def __str__(self) -> str:
        if not self.applied:
            return f"migration {self.migration} was never applied, but a later one was; here it is {self.known}"
        return f"migration {self.migration} was applied as {self.applied}, but here it is {self.known}"

    @property
    def hint(self) -> str:
        return "use the tokolib that made this storage, or restore a backup; never edit a migration that was applied"
