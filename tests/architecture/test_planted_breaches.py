"""Each import contract of pyproject.toml is broken on purpose, in a copy, and must say so."""

import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import outside_imports
import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@attrs.frozen
class Plant:
    """Lines appended to modules of the copy, and what the broken contract then has to say."""

    contract: str
    lines: dict[str, str]
    said: str


PLANTS = {
    "kernel imports orders": Plant(
        "rooms", {"kernel": "import tokolib.orders", "orders": ""}, "tokolib.kernel -> tokolib.orders"
    ),
    "pricing imports inventory, its neighbour": Plant(
        "rooms",
        {"pricing": "import tokolib.inventory", "inventory": ""},
        "tokolib.pricing -> tokolib.inventory",
    ),
    "an order's rule imports what stores it": Plant(
        "rooms", {"orders": "import tokolib.records", "records": ""}, "tokolib.orders -> tokolib.records"
    ),
    "a room without a place in the order": Plant("rooms", {"attic": ""}, "tokolib.attic"),
    "a model imports its service": Plant(
        "slices",
        {"pricing.prices.model": "import tokolib.pricing.prices.service", "pricing.prices.service": ""},
        "tokolib.pricing.prices.model -> tokolib.pricing.prices.service",
    ),
    "an error imports the lifecycle": Plant(
        "slices",
        {"orders.errors": "import tokolib.orders.lifecycle", "orders.lifecycle": ""},
        "tokolib.orders.errors -> tokolib.orders.lifecycle",
    ),
    "a model reaches its service through the room": Plant(
        "slices",
        {
            "cart.model": "import tokolib.cart",
            "cart": "import tokolib.cart.service",
            "cart.service": "",
        },
        "tokolib.cart.model -> tokolib.cart",
    ),
    "a service calls a service": Plant(
        "services",
        {"orders.service": "import tokolib.inventory.service", "inventory.service": ""},
        "tokolib.orders.service -> tokolib.inventory.service",
    ),
    "a choice of locations reads the stock by itself": Plant(
        "sourcing",
        {"inventory.sourcing.choose": "import tokolib.inventory.steps", "inventory.steps": ""},
        "tokolib.inventory.sourcing.choose -> tokolib.inventory.steps",
    ),
    "two modules import each other": Plant(
        "cycles",
        {
            "kernel.planted_left": "import tokolib.kernel.planted_right",
            "kernel.planted_right": "import tokolib.kernel.planted_left",
        },
        "planted_",
    ),
    "catalog imports the root": Plant(
        "root", {"catalog.model": "from tokolib import Planted"}, "tokolib.catalog.model -> tokolib"
    ),
    "a shop imports the root, for types only": Plant(
        "root",
        {"adapters.memory": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tokolib"},
        "tokolib.adapters.memory -> tokolib",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package's modules in a folder of its own."""
    shutil.copytree(ROOT / "src" / "tokolib", tmp_path / "tokolib", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tokolib" / "__init__.py").touch()
    return tmp_path


def lint(copy: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """import-linter's report on the copy, by the contracts of the real pyproject.toml."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    config = str(ROOT / "pyproject.toml")
    return subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--config", config, "--no-cache", "--no-logo", *chosen],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )


def plant(copy: Path, lines: dict[str, str]) -> None:
    """Append each module's line, and make the modules that are not there yet."""
    for name, line in lines.items():
        module = copy.joinpath("tokolib", *name.split("."))
        for folder in (module, module.parent):
            if folder == module and (folder.with_suffix(".py").exists() or "." in name):
                continue
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "__init__.py").touch()
        path = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n\n{line}\n")


def test_the_copy_without_a_plant_keeps_every_contract(copy):
    """So a failure below comes from the plant."""
    report = lint(copy)

    assert 0 == report.returncode, report.stdout
    assert " 0 broken" in report.stdout


def test_every_contract_has_a_plant():
    """A contract that was never seen to fail may check nothing."""
    import tomllib

    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {contract["id"] for contract in config["tool"]["importlinter"]["contracts"]}

    assert contracts == {plant.contract for plant in PLANTS.values()}


@pytest.mark.parametrize("planted", PLANTS.values(), ids=PLANTS.keys())
def test_a_planted_breach_is_found_and_named(copy, planted):
    """The contract is broken, and its report shows the import that broke it."""
    plant(copy, planted.lines)

    report = lint(copy, planted.contract)

    assert 1 == report.returncode
    assert " 1 broken" in report.stdout
    assert planted.said in report.stdout


def test_the_core_importing_sqlite3_is_found_and_named(copy):
    """Outside packages are checked by our own script, on the same copy."""
    plant(copy, {"orders.place": "import sqlite3"})

    assert ["tokolib.orders.place imports sqlite3"] == [
        f"{breach.module} imports {breach.imported}"
        for breach in outside_imports.breaches(copy / "tokolib")
        if breach.imported == "sqlite3"
    ]
