"""Runs Spin and its verifier on the model, and reads what they print."""

import re
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

MODEL: Final = Path(__file__).with_name("payment.pml")
MISSING: Final = {
    "spin": "make model needs Spin, which checks the model: apt install spin",
    "gcc": "make model needs a C compiler, which builds what Spin writes: apt install gcc",
}
DEEPEST: Final = 2_000_000
"""The longest path that is followed; a search that meets it is no proof."""
MOST_MIB: Final = 7_500

_STATES: Final = re.compile(r"^\s*([0-9.e+]+) states, stored", re.MULTILINE)
_DEPTH: Final = re.compile(r"depth reached (\d+), errors: (\d+)")
_MIB: Final = re.compile(r"^\s*([0-9.]+)\ttotal actual memory usage", re.MULTILINE)
_BROKEN: Final = re.compile(r"^pan:\d+: (.*) \(at depth (\d+)\)", re.MULTILINE)
_CUT_SHORT: Final = (
    "max search depth too small",
    "Search not completed",
    "pan: out of memory",
    "pan: reached -DMEMLIM",
)


class Unreadable(Exception):
    """The verifier did not end as it does: what it printed is the message."""


class Searched(NamedTuple):
    """What a search found."""

    states: int
    depth: int
    """The longest path; of a search that found an error, how far down that was."""
    errors: int
    mebibytes: float
    complete: bool
    """Whether every reachable state was visited."""
    seconds: float = 0.0
    """Of processor time: it does not move with what else the machine does."""

    @property
    def is_proof(self) -> bool:
        """Whether nothing is wrong in any reachable state."""
        return self.complete and self.errors == 0


def missing() -> str:
    """What must be installed first, in one sentence; empty when nothing."""
    return next((sentence for program, sentence in MISSING.items() if shutil.which(program) is None), "")


def read(printed: str) -> Searched:
    """The figures in what a verifier *printed*.

    Raises:
        Unreadable: they are not in it.
    """
    states, depth, mebibytes = _STATES.search(printed), _DEPTH.search(printed), _MIB.search(printed)
    if states is None or depth is None or mebibytes is None:
        raise Unreadable(printed.strip() or "the verifier printed nothing")
    broken = _BROKEN.search(printed)
    return Searched(
        states=int(float(states[1])),
        depth=int(broken[2] if broken else depth[1]),
        errors=int(depth[2]),
        mebibytes=float(mebibytes[1]),
        complete=not any(words in printed for words in _CUT_SHORT),
    )


def search(*defined: str) -> Searched:
    """The search of the model with names *defined*, such as `STYLE=1`; it stops at the first error.

    With a bug it goes breadth first, so that the first error is one of those nearest to the beginning.

    Raises:
        Unreadable: Spin, the compiler or the verifier failed.
    """
    seeded = any(each.startswith("BUG_") for each in defined)
    how = ("-O1", "-DBFS") if seeded else ("-O2",)
    with tempfile.TemporaryDirectory() as folder:
        _run(folder, "spin", "-a", *(f"-D{each}" for each in defined), str(MODEL))
        _run(folder, "gcc", *how, "-w", "-DSAFETY", "-DCOLLAPSE", f"-DMEMLIM={MOST_MIB}", "-o", "pan", "pan.c")
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        printed = _run(folder, "./pan", f"-m{DEEPEST}", "-w22" if seeded else "-w26", "-n")
        return read(printed)._replace(seconds=resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)


def _run(folder: str, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode and command[0] != "./pan":  # the verifier's status says nothing that it doesn't print
        raise Unreadable(f"{command[0]}: {(done.stdout + done.stderr).strip()}")
    return done.stdout
