"""The adapter of the examples is as small as its page says, and a shop is kept in it."""

import ast
import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tokolib
from tokolib import IDR
from tokolib.cli.main import main
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.storage_errors import Unavailable

EXAMPLE = Path(__file__).parents[2] / "examples" / "storage_adapter"
PAGE = EXAMPLE.parents[1] / "docs" / "how-to" / "write-a-storage-adapter.md"


def code(path: Path) -> int:
    """How many lines are code: neither blank, nor a comment, nor a docstring."""
    source = path.read_text("utf-8")
    told = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(source.splitlines(), 1)
    return sum(bool(line.strip()) and not line.strip().startswith("#") and number not in told for number, line in lines)


def test_the_adapter_has_fewer_than_200_lines_of_code(record_property) -> None:
    """All of its modules together, imports and all."""
    lines = sum(code(path) for path in (EXAMPLE / "tokolib_dbm").glob("*.py"))

    record_property("counted", f"{lines} lines of code")
    assert 100 < lines < 200


@pytest.mark.parametrize(
    ("language", "file"),
    [
        ("python", "tokolib_dbm/book.py"),
        ("python", "tokolib_dbm/storage.py"),
        ("toml", "pyproject.toml"),
        ("python", "tests/test_kit.py"),
    ],
)
def test_the_page_shows_the_file_whole(language: str, file: str) -> None:
    """What is read there is what is run here."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    assert (EXAMPLE / file).read_text("utf-8") in blocks


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example's entry point as an installed package has it; the URL of a new folder."""
    found = re.search(r'"(storage:dbm)" = "(.*)"', (EXAMPLE / "pyproject.toml").read_text("utf-8"))
    assert found is not None
    info = tmp_path / "packages" / "tokolib_dbm-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tokolib-dbm\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[tokolib.adapters]\n{found[1]} = {found[2]}\n")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    yield f"dbm:///{tmp_path / 'kedai'}"


def test_a_shop_is_kept_in_dbm_files(installed: str) -> None:
    """A sale is there when the shop is opened again, and its books are sound."""
    with tokolib.open(installed, country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 20, key="opening")
        quote = shop.carts.quote(shop.carts.start({"KOPI-250": 3}))
        order = shop.orders.place(quote, tender="cash", key="till-1")
        assert order == shop.orders.place(quote, tender="cash", key="till-1")
        with pytest.raises(Unavailable, match="another storage"):
            tokolib.open(installed)
    with tokolib.open(installed) as shop:
        assert order.id == shop.orders.get(order.id).id
        assert 17 == shop.stock.available("KOPI-250").steps
        report = shop.verify()
    assert report, [str(each) for each in report.violations]


def test_an_async_shop_is_kept_in_the_same_files(installed: str) -> None:
    """What one colour has stored, the other reads."""
    with tokolib.open(installed, country="ID") as shop:
        shop.catalog.put("TEH-100", "Teh Melati 100 g")
        shop.stock.receive("TEH-100", 4, key="opening")

    async def available() -> int:
        async with tokolib.aopen(installed) as shop:
            await shop.stock.receive("TEH-100", 1, key="more")
            return (await shop.stock.available("TEH-100")).steps

    assert 5 == asyncio.run(available())


def test_who_only_looks_makes_no_folder(installed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`doctor`, `schema check` and `verify` tell of a shop that isn't there, and it still isn't."""
    before = {*tmp_path.rglob("*")}

    told = [main([*command, installed]) for command in (("doctor",), ("schema", "check"), ("verify",))]

    said = capsys.readouterr()
    assert [0, 1, 2] == told
    assert "pending: declare " in said.out
    assert "is no shop of this tokolib: it lacks declare " in said.err
    assert before == {*tmp_path.rglob("*")}


def test_the_books_in_dbm_files_are_proved_from_outside(installed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line reads what no adapter of ours has written."""
    tokolib.open(installed, country="ID").close()

    assert [0, 0] == [main(["doctor", installed]), main(["verify", "--quiet", installed])]
    assert "verify: OK" == capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("url", ["dbm://", "dbm:///", "dbm://host/kedai", "dbm:///kedai?wal=1"])
def test_a_url_says_what_it_means(installed: str, url: str) -> None:
    """A URL that names no folder, a host, or what the adapter doesn't know, is refused."""
    with pytest.raises(AdapterConfig):
        tokolib.open(url)
