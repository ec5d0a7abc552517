"""Peers as contenders: each measures itself in a program of its own, and prints its figures as JSON.

A peer's database is filled once. On SQLite the filled file is kept beside the peer, because filling takes minutes.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.compare import Plan
from benchmarks.figures import Figures
from benchmarks.server import Server

HERE: Final = Path(__file__).parent
OSCAR_PYTHON: Final = HERE / ".venv-oscar" / "bin" / "python"
VENDURE: Final = HERE / "vendure"


@dataclass(frozen=True)
class Peer:
    """Another shop; *server* None keeps it on a SQLite file under the plan's folder."""

    called: str
    command: tuple[str, ...]
    server: Server | None = None

    @property
    def name(self) -> str:
        return f"{self.called}, {'PostgreSQL' if self.server else 'SQLite FULL'}"

    @property
    def _word(self) -> str:
        return self.called.removeprefix("django-").lower()

    def fill(self, plan: Plan) -> None:
        """Make the peer's database, with every product of the job."""
        plan.say(f"  filling {self.name}, which takes minutes")
        if self.server:
            from benchmarks.stores.postgres import fresh_database

            fresh_database(self.server, f"bench_{self._word}")
            self._run(self.server.url(f"bench_{self._word}"), "fill")
        elif not self._kept.exists():
            unfinished = self._kept.with_suffix(".filling.db")
            unfinished.unlink(missing_ok=True)
            self._run(str(unfinished), "fill")
            unfinished.rename(self._kept)

    @property
    def _kept(self) -> Path:
        return HERE / f"{self._word}.db"

    def figures(self, plan: Plan, workers: int, phase: str) -> Figures:
        """One round: on SQLite from a fresh copy, on PostgreSQL on top of the last one, which costs no more."""
        told = ["measure", phase, str(workers), str(plan.seconds), str(plan.jobs)]
        if self.server:
            pid = [str(self.server.pid)] if self.server.pid else []
            return self._measured(self.server.url(f"bench_{self._word}"), [*told, *pid])
        file = plan.folder / self._kept.name
        for suffix in ("-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._kept, file)
        return self._measured(str(file), told)

    def _measured(self, database: str, told: Sequence[str]) -> Figures:
        return Figures(**json.loads(self._run(database, *told).strip().splitlines()[-1]))

    def _run(self, database: str, *arguments: str) -> str:
        done = subprocess.run(
            [*self.command, *arguments],
            env={**os.environ, "PEER_DATABASE": database, "VENDURE_DISABLE_TELEMETRY": "true"},
            cwd=HERE.parent.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{self.name} failed: {done.stderr.strip()[-2000:]}")
        return done.stdout


def installed(server: Server | None = None) -> list[Peer]:
    """The peers that `make bench-peers` has installed here."""
    peers = []
    if OSCAR_PYTHON.exists():
        peers.append(Peer("django-oscar", (str(OSCAR_PYTHON), "-W", "ignore", "-m", "benchmarks.peers.oscar"), server))
    if (VENDURE / "node_modules" / "@vendure" / "core").exists() and (node := shutil.which("node")):
        peers.append(Peer("Vendure", (node, "--no-deprecation", str(VENDURE / "run.js")), server))
    return peers


if __name__ == "__main__":
    for each in installed():
        each.fill(Plan(Path(), say=lambda text: print(text, file=sys.stderr)))
