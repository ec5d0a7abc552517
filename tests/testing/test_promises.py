"""`pytest --tokolib-promises` prints what an adapter has kept."""

import subprocess
import sys
from pathlib import Path

KIT = '''
import pytest
from tokolib.adapters.memory import MemoryStorage
from tokolib.testing import StorageKit

class Forgetful(MemoryStorage):
    def pause(self, attempt):
        raise RuntimeError("no time")

class TestForgetful(StorageKit):
    @pytest.fixture
    def make_storage(self):
        return lambda collections: Forgetful(collections)

    def test_stranger(self):
        """This is no promise of the port."""
'''
CHECKS = "what_is_not_there_is_none or a_body_comes_back or pauses_end or hosts_commit or stranger"


def test_kept_promises_are_printed_once(tmp_path: Path) -> None:
    """One for each check that passed, whatever its cases; none for what failed, was skipped or isn't of the kit."""
    (tmp_path / "test_kit.py").write_text(KIT)
    program = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tokolib-promises", "-k", CHECKS]

    run = subprocess.run([*program, "test_kit.py"], cwd=tmp_path, capture_output=True, text=True)
    lines = run.stdout.splitlines()

    assert 1 == run.returncode, run.stdout
    assert [
        "- A body is bytes, and comes back equal to the letter.",
        "- get() answers None, and get_many() leaves out what it lacks, whatever the order it was asked in.",
    ] == sorted(line for line in lines if line.startswith("- "))
    assert any("promises kept: 2" in line for line in lines)
