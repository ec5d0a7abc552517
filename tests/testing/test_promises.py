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

OTHERS = """
made = {}
exec("def test_made(): pass", made)
test_made = made["test_made"]
"""


def pytest_in(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest on what is in a folder."""
    program = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True)


def test_kept_promises_are_printed_once(tmp_path: Path) -> None:
    """One for each check that passed, whatever its cases; none for what failed, was skipped or isn't of the kit."""
    (tmp_path / "test_kit.py").write_text(KIT)

    run = pytest_in(tmp_path, "--tokolib-promises", "-k", CHECKS)
    lines = run.stdout.splitlines()

    assert 1 == run.returncode, run.stdout
    assert [
        "- A body is bytes, and comes back equal to the letter.",
        "- get() answers None, and get_many() leaves out what it lacks, whatever the order it was asked in.",
    ] == sorted(line for line in lines if line.startswith("- "))
    assert any("promises kept: 2" in line for line in lines)


def test_a_project_of_others_is_run_as_ever(tmp_path: Path) -> None:
    """The plugin is loaded wherever tokolib is installed: a function without a module is a test like any."""
    (tmp_path / "test_others.py").write_text(OTHERS)

    run = pytest_in(tmp_path)

    assert 0 == run.returncode, run.stdout + run.stderr
    assert "1 passed" in run.stdout


def test_a_file_that_can_not_be_imported_spoils_no_summary(tmp_path: Path) -> None:
    """The promises are printed for what ran; the error of the file is told by pytest."""
    (tmp_path / "test_kit.py").write_text(KIT)
    (tmp_path / "test_broken.py").write_text("import nothing_of_that_name")

    run = pytest_in(tmp_path, "--tokolib-promises", "--continue-on-collection-errors", "-k", CHECKS)

    assert 1 == run.returncode, run.stdout
    assert "promises kept: 2" in run.stdout
    assert "INTERNALERROR" not in run.stdout + run.stderr
