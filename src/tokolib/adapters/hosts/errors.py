"""What goes wrong between a host's transaction and ours."""

from typing import ClassVar, Final

import attrs

from tokolib.kernel.storage_errors import StorageError

SUPPORTED: Final = ("sqlite3", "aiosqlite", "psycopg")


@attrs.frozen
class UnsupportedDriver(StorageError):
    """The host talks to its database by a driver that nothing of ours runs on. Nothing was opened or changed."""

    code: ClassVar[str] = "storage.unsupported_driver"
    status: ClassVar[int] = 500
    driver: str
    supported: tuple[str, ...] = SUPPORTED

    def __str__(self) -> str:
        return f"a shop can't join a transaction of {self.driver}; it can on {', '.join(self.supported)}"

    @property
    def hint(self) -> str:
        return "let the host connect by psycopg 3 (SQLAlchemy: postgresql+psycopg://), or by Python's own sqlite3"
