"""One PostgreSQL server in a folder of its own: made, started, stopped, killed, and never left behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tokolib.testing.errors import PostgresFailed
from tokolib.testing.postgres_programs import Programs, account

SETTINGS: Final = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 32MB
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Two that wait for each other are told so at once, and not after a second: a test has nothing to do meanwhile.
deadlock_timeout = 10ms
# Kept as files of the data folder, which go with it, and not in /dev/shm, where a killed server leaves them.
dynamic_shared_memory_type = mmap
"""

FAST: Final = """
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
"""

WATCH: Final = """
read -r done && exit
pid=$(head -n 1 "$1/data/postmaster.pid") && kill -INT "$pid"
turns=100
while [ -e "$1/data/postmaster.pid" ] && [ $((turns -= 1)) -gt 0 ]; do sleep 0.1; done
[ -e "$1/data/postmaster.pid" ] && kill -KILL "$pid"
rm -rf "$1"
"""
"""The shell that outlives us: our end of its pipe closes however we end, by SIGKILL too, and then it tidies up."""

PATIENCE: Final = 60.0
"""Seconds that a server may take to start or to stop: only a machine in trouble needs as many."""
TRIES: Final = 10


class Postmaster:
    """A server that this process started; use `running`."""

    def __init__(self, programs: Programs, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.port = _free_port()
        self._programs = programs.usable(folder / "programs")
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        data = str(folder / "data")
        made = subprocess.run(
            [self._program("initdb"), "-N", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-D", data],
            **self._surroundings(),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise PostgresFailed(self._program("initdb"), made.stderr.strip() or f"exit status {made.returncode}")
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS if durable else SETTINGS + FAST)

    def _program(self, name: str) -> str:
        return str(self._programs.folder / name)

    def _surroundings(self) -> dict[str, Any]:
        # PGPORT, PGDATA and their like are the user's, for the user's servers.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {"cwd": self.folder, "env": environment, "stdin": subprocess.DEVNULL, **account()}

    @property
    def pid(self) -> int:
        """The server's process; 0 when it doesn't run."""
        return self._process.pid if self._process else 0

    def start(self, *, anywhere: bool = False) -> None:
        """Start it and wait until it takes connections, where it was before or *anywhere*.

        Raises:
            PostgresFailed: it ended instead, several times, or took too long. It doesn't run.
        """
        for _ in range(TRIES):
            if self._tried():
                self._killed = False
                return
            # Somebody else took the port, or the processes of a killed server are still about to end.
            time.sleep(0.2)  # noqa: TID251 - a server is waited for, outside of every unit
            self.port = _free_port() if anywhere else self.port
        raise PostgresFailed(self._program("postgres"), "\n".join(self._log().splitlines()[-5:]))

    def _tried(self) -> bool:
        command = [self._program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(command, **self._surroundings(), stdout=log, stderr=log, start_new_session=True)
        self._process = process
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
                self._process = None
                return False
            if time.monotonic() > deadline:
                self.kill()
                raise PostgresFailed(self._program("postgres"), f"nothing in {PATIENCE:.0f} seconds")
        return True

    def _is_ready(self) -> bool:
        # Line 1 is the process, line 8 its state. A killed server leaves the file as it was.
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _log(self) -> str:
        return (self.folder / "server.log").read_text("utf-8", "replace")

    def close(self) -> None:
        """End it for good."""
        if self._killed:
            with contextlib.suppress(PostgresFailed):
                self.start()  # what a killed server shared in memory is freed by the next start alone
        self.stop()

    def stop(self) -> None:
        """End it as an administrator would: clients are sent away, everything is on disk."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """End it as a crash would: the server and every process of it get SIGKILL at once."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)  # so that it starts nothing in the meantime
            for child in _children(self._process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
            self._process = None
            self._killed = True


@contextlib.contextmanager
def running(programs: Programs, *, durable: bool) -> Iterator[Postmaster]:
    """A new server, which is gone with its folder afterwards, however this process ends."""
    user = account()
    # Others can't enter a temporary folder that is root's alone.
    folder = Path(tempfile.mkdtemp(prefix="tokolib-postgres-", dir="/tmp" if user else None))  # noqa: S108
    watch = subprocess.Popen(
        ["/bin/sh", "-c", WATCH, "sh", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if user:
            os.chown(folder, user["user"], user["group"])
        server = Postmaster(programs, folder, durable=durable)
        try:
            server.start(anywhere=True)
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder)
        watch.communicate(b"done\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(parent: int) -> list[int]:
    if Path("/proc/self/stat").exists():
        pairs = [_family(stat) for stat in Path("/proc").glob("[0-9]*/stat")]
    else:
        listed = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return [pair[0] for pair in pairs if pair[1:] == (parent,)]


def _family(stat: Path) -> tuple[int, ...]:
    """The process and its parent, from `pid (name) state parent ...`; empty when it is gone."""
    try:
        return int(stat.parent.name), int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return ()
