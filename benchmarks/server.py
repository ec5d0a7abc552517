"""A throwaway PostgreSQL whose commits are durable: what is installed here, in a folder of its own, gone afterwards.

`TOKOLIB_BENCH_POSTGRES` names one that runs already, as `postgresql://user@host:port`; the databases `bench_bare` and
`bench_tokolib` are made and dropped in it. Its CPU can't be told from that of other programs then.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

if TYPE_CHECKING:
    import psycopg

URL: Final = "TOKOLIB_BENCH_POSTGRES"
SETTINGS: Final = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "fsync": "on",
    "synchronous_commit": "on",
}


class Server(NamedTuple):
    """Where it listens, and the process whose CPU is the server's (None: not ours)."""

    address: str
    pid: int | None

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))


class NoServer(Exception):
    """There is no PostgreSQL to measure; the chapters that need one are left out."""


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    """A durable server under *folder*, or the one that the environment names.

    Raises:
        NoServer: neither is there, or what is there isn't durable, or the driver is missing.
    """
    try:
        import psycopg
    except ImportError as error:
        raise NoServer("psycopg is not installed; pip install 'psycopg[binary]'") from error
    if url := os.environ.get(URL):
        given = Server(url, None)
        _must_be_durable(psycopg.connect(given.url("postgres")))
        yield given
        return
    binaries, user = _binaries(), _user()
    data, log = folder / "postgres", folder / "postgres.log"
    data.mkdir(mode=0o700)
    if user:
        folder.chmod(0o755)
        shutil.chown(data, user)
    log.touch()
    if user:
        shutil.chown(log, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run([binaries / program, *arguments], check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")

    run("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "--no-locale", "-E", "UTF8")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        settings.write(f"unix_socket_directories = '{data}'\n")
    run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "start")
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        server = Server(f"postgresql://postgres@/?host={quote(str(data), safe='')}", pid)
        _must_be_durable(psycopg.connect(server.url("postgres")))
        yield server
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")


def _binaries() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not folders:
        raise NoServer(f"no PostgreSQL is installed; name one that runs by {URL}")
    return folders[-1]


def _user() -> str | None:
    """Whom the server runs as: never root, which it refuses."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _must_be_durable(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    with connection:
        for name in ("fsync", "synchronous_commit"):
            row = connection.execute(f"SHOW {name}").fetchone()
            if row is None or row[0] != "on":
                raise NoServer(f"the server has {name} off; its commits are not durable, so nothing would be compared")
    connection.close()
