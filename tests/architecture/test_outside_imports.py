"""Which packages from outside may be imported where. The rule itself is in tools/outside_imports.py."""

from pathlib import Path

import outside_imports
import pytest

ROOT = Path(__file__).parents[2]


def test_the_core_imports_nothing_that_opens_waits_or_draws_luck():
    """Below `records`: the standard library without its doors, attrs, babel and dateutil."""
    assert [] == outside_imports.breaches(ROOT / "src" / "tokolib")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("orders/place.py", "import sqlite3"),
        ("kernel/clock.py", "import time"),
        ("kernel/clock.py", "from time import monotonic"),
        ("kernel/host.py", "import asyncio.events"),
        ("pricing/price.py", "def rate():\n    import random"),
        ("tax/rates.py", "if TYPE_CHECKING:\n    import threading"),
        ("shipping/rates.py", "from urllib import request"),
        ("cart/model.py", "import msgspec"),
        ("catalog/model.py", "import requests"),
        ("records/orders.py", "import sqlalchemy"),
        ("brand_new_room/model.py", "import os.path"),
        ("records/forms.py", "import cattrs"),
        ("conversion/scalars.py", "import msgspec"),
        ("__init__.py", "import socket"),
    ],
)
def test_a_planted_import_is_named(tmp_path, path, line):
    """The report names the module and what it imports, wherever the import hides."""
    planted = tmp_path / "tokolib" / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(line)

    (breach,) = outside_imports.breaches(tmp_path / "tokolib")

    assert "tokolib." + path.removesuffix(".py").replace("/", ".") == breach.module.replace(
        "tokolib", "tokolib.__init__" if path == "__init__.py" else "tokolib"
    )
    assert breach.imported in line.replace("from urllib import request", "urllib.request")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("kernel/clock.py", "from datetime import time"),
        ("conversion/scalars.py", "from cattrs.gen import override"),
        ("kernel/money.py", "import attrs, babel.numbers, dateutil.rrule, decimal"),
        ("records/orders.py", "import attrs, zlib"),
        ("adapters/sqlite.py", "import sqlite3, threading"),
        ("pricing/price.py", "from tokolib.kernel.random import luck"),
        ("shop.py", "import os"),
    ],
)
def test_what_is_allowed_is_not_reported(tmp_path, path, line):
    """A name that only looks like a door is none, and the shell has doors."""
    file = tmp_path / "tokolib" / path
    file.parent.mkdir(parents=True)
    file.write_text(line)

    assert [] == outside_imports.breaches(tmp_path / "tokolib")
