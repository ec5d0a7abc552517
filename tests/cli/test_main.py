"""The command line as a whole: its exit statuses, and what it says when it can't do what was asked."""

import builtins
import subprocess
import sys
from importlib.metadata import version

import pytest

from tokolib.cli.main import main


@pytest.fixture
def without_cyclopts(monkeypatch):
    """An environment in which the extra `cli` was never installed."""
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.partition(".")[0] == "cyclopts":
            raise ModuleNotFoundError(f"No module named {name!r}", name="cyclopts")
        return real(name, *args, **kwargs)

    for module in [name for name in sys.modules if name.startswith("tokolib.cli.app")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", refuse)


def test_an_unknown_command_is_told_the_nearest_one(capsys):
    """The exit status is 2, and the message names what there is."""
    with pytest.raises(SystemExit) as ended:
        main(["verfy"])

    said = " ".join(capsys.readouterr().err.split())
    assert 2 == ended.value.code
    assert "verfy" in said
    assert 'Did you mean "verify"?' in said


def test_a_language_that_nobody_tells_is_refused(capsys):
    """With the ones that there are."""
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--lang", "fr"])

    assert 2 == ended.value.code
    assert "--lang" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_refused(tmp_path, capsys):
    """The demo makes a file, not the way to it."""
    assert 2 == main(["demo", "--into", str(tmp_path / "nowhere" / "toko.db")])
    assert "storage.unavailable" in capsys.readouterr().err


COLUMNS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture
def sold(tmp_path):
    """Writes a file of one sale for a replay, at a price."""

    def write(price):
        file = tmp_path / "sales.csv"
        file.write_text(f"{COLUMNS}\n536365,85123A,HEART HOLDER,6,2010-12-01 08:26,{price},17850,United Kingdom\n")
        return str(file)

    return write


@pytest.mark.parametrize("price", ["1e999999", "1e99", "1111111111111111111111111111111.001", "NaN", "two"])
def test_a_price_that_no_replay_can_book_is_named_with_its_line(sold, capsys, price):
    """However big or fine it is, it is read exactly or not at all."""
    assert 2 == main(["replay", sold(price)])
    assert f"replay.unreadable: sales.csv, line 2: {price} is no" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["0", "-1", "99999999999"])
def test_days_that_no_replay_can_count_are_refused(sold, capsys, days):
    """From one day to a century."""
    with pytest.raises(SystemExit) as ended:
        main(["replay", sold("2.55"), "--limit-days", days])

    assert 2 == ended.value.code
    assert "--limit-days" in capsys.readouterr().err


def test_a_replay_writes_just_the_file_that_it_was_told(tmp_path, sold):
    """A name with characters that mean something in a URL is a name all the same."""
    file = tmp_path / "a?b#c%41.db"

    assert 0 == main(["replay", sold("2.55"), "--into", str(file)])
    assert {file.name, "sales.csv"} == {each.name for each in tmp_path.iterdir()}


def test_a_replay_overwrites_no_list(tmp_path, sold, capsys):
    """What is in the way of `--unmatched`, a folder too, is named before anything is replayed."""
    file = tmp_path / "replay.db"

    assert 2 == main(["replay", sold("2.55"), "--into", str(file), "--unmatched", str(tmp_path)])
    assert "replay.occupied" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.usefixtures("without_cyclopts")
def test_a_missing_extra_is_named_with_the_way_to_get_it(capsys):
    """Whoever installed the library alone is told what the command line needs."""
    assert 2 == main(["--version"])

    said = capsys.readouterr().err
    assert said.startswith("kernel.missing_extra: ")
    assert "pip install 'tokolib[cli]'" in said


def test_the_version_is_the_distributions_own(capsys):
    """`--version` prints it, alone."""
    assert 0 == main(["--version"])
    assert version("tokolib") == capsys.readouterr().out.strip()


@pytest.mark.parametrize("arguments", [["schema", "sql", "--dialect", "sqlite"], ["doctor"]], ids=["long", "short"])
def test_a_reader_that_has_seen_enough_is_no_fault(arguments):
    """`… | head` ends the command in silence, whether its output was long or waited to be written at the end."""
    program = [sys.executable, "-m", "tokolib", *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()

    assert (141, b"") == (process.returncode, said)
