"""Coverage is measured by the examples of the measured rooms, and by no other tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

import measuring
import pytest

ROOM = """
def both(answer):
    if answer:
        return "yes"
    return "no"
"""
TESTS = {
    "tests/till/test_till.py": "from shop.till import both\ndef test_yes(): assert both(1) == 'yes'\n",
    "tests/till/test_laws.py": """
from hypothesis import given, strategies
@given(strategies.just(0))
def test_law(answer):
    from shop.till import both
    assert both(answer) == 'no'
""",
    "tests/other/test_other.py": """
import subprocess, sys
def test_no():
    from shop.till import both
    assert both(0) == 'no'
    subprocess.run([sys.executable, "-c", "from shop.till import both; both(0)"], check=True)
""",
}
CONFIGURATION = """
[run]
source_pkgs = shop.till
parallel = true
patch = subprocess
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A shop with one room, tests of its own, and others that reach into it."""
    files = TESTS | {
        "shop/__init__.py": "",
        "shop/till/__init__.py": ROOM,
        "shop/till/drawer.py": "COINS = 100\n",
        "conftest.py": "pytest_plugins = ('measuring',)\n",
        ".coveragerc": CONFIGURATION,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_only_the_examples_of_a_room_count_for_it(project: Path) -> None:
    """What others reach is not counted, in their processes neither, nor what laws do; how a module begins is."""

    def run(*arguments: str) -> None:
        path = os.pathsep.join([str(project), str(Path(measuring.__file__).parent)])
        environment = os.environ | {"PYTHONPATH": path}
        subprocess.run([sys.executable, "-m", *arguments], cwd=project, env=environment, check=True)

    run("coverage", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/other", "tests/till")
    run("coverage", "combine", "-q")
    run("coverage", "json", "-q")

    found = json.loads((project / "coverage.json").read_text())["files"]
    missing = {Path(name).name: each["missing_lines"] for name, each in found.items()}
    assert {"__init__.py": [5], "drawer.py": []} == missing
