"""The whole command: a few lines of every kind, and the bundled week, down to the last tenth of a penny."""

import json
import subprocess
import sys
from subprocess import PIPE

import tokolib
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.cli.main import main
from tokolib.orders.model import ReturnStatus
from tokolib.records.collections import COLLECTIONS

WEEK = """
import json, sys
from pathlib import Path
from tokolib.cli.replay.command import SAMPLE, kept_in, peak_memory, run

done = run(SAMPLE, kept_in(Path(sys.argv[1])))
print(json.dumps({
    "money": [done.survey.total, done.accounts.total],
    "rows": [done.survey.rows, done.accounts.rows],
    "documents": [done.accounts.orders, done.accounts.returns],
    "odd": [str(each) for each in done.odd],
    "miscounted": list(done.miscounted),
    "violations": [str(each) for each in done.proof.violations],
    "memory": peak_memory(),
}))
"""
"""The bundled week in a process of its own: what other tests had in memory is not counted."""

FEW = (
    "536365,85123A,HEART HOLDER,6,2010-12-01 08:26,2.55,17850",
    "536365,85123A,HEART HOLDER,2,2010-12-01 08:26,2.75,17850",
    "536365,PADS,PADS TO MATCH,1,2010-12-01 08:26,0.001,17850",
    "536365,POST,POSTAGE,3,2010-12-01 08:26,18.00,17850",
    "536366,22633,HAND WARMER,4,2010-12-01 09:00,0.0,13047",
    "536367,84029E,,50,2010-12-01 09:10,0.0,",
    "536368,84029E,damaged,-8,2010-12-01 09:11,0.0,",
    "536369,M,Manual,1,2010-12-01 09:12,12.50,",
    "C536370,85123a,HEART HOLDER,-7,2010-12-02 10:00,2.55,17850",
    "C536370,D,Discount,-1,2010-12-02 10:00,27.50,14527",
    "A536371,B,Adjust bad debt,1,2010-12-02 11:00,-100.00,",
)


def test_lines_of_every_kind_reconcile_and_the_shop_agrees(written, tmp_path, capsys):
    """Sold at two prices in one document, given, found, damaged, charged, brought back one too many, corrected."""
    file = tmp_path / "shop.db"

    listed = tmp_path / "unmatched.csv"
    status = main(["replay", str(written(*FEW)), "--into", str(file), "--unmatched", str(listed)])

    told = capsys.readouterr().out
    assert 0 == status
    assert ["difference: 0", "verify: OK"] == told.splitlines()[-2:]
    assert "2 orders, 1 returns" in told
    assert "10,C536370,85123a,17850,-1,2.550,-2.550,more came back than was left" in listed.read_text("utf-8")
    with tokolib.open(SqliteStorage(file, COLLECTIONS)) as shop:
        gift, sale = shop.orders.page().items
        assert tokolib.GBP("74.80") == sale.total  # 15.30 + 5.50 + 54.00; a tenth of a penny comes to nothing
        assert tokolib.GBP("59.50") == sale.paid
        assert ReturnStatus.PARTIALLY_RETURNED is sale.returns
        assert "2010-12-01T08:26:00+00:00" == sale.requested_at.isoformat()
        assert gift.total.is_zero
        assert "42 pcs" == str(shop.stock.available("84029e"))
        assert "6 pcs" == str(shop.stock.available("85123A"))


def test_what_cannot_be_replayed_is_refused_with_a_way_out(written, tmp_path, capsys):
    """No such file, a file without lines, and a database that exists already: exit status 2, nothing written."""
    there = tmp_path / "there.db"
    there.write_bytes(b"mine")

    refused = [
        main(["replay", str(tmp_path / "missing.csv")]),
        main(["replay", str(written())]),
        main(["replay", str(written(*FEW)), "--into", str(there)]),
        main(["replay", "sample", "--unmatched", str(tmp_path / "nowhere" / "list.csv")]),
    ]

    assert [2, 2, 2, 2] == refused
    assert b"mine" == there.read_bytes()
    assert "replay.occupied" in capsys.readouterr().err


def test_the_bundled_week_replays_to_the_last_penny(tmp_path):
    """16,985 real lines: money, rows and stock are the file's, and the books prove right, in less than a gigabyte."""
    alone = subprocess.run([sys.executable, "-c", WEEK, str(tmp_path / "week.db")], stdout=PIPE, text=True, check=True)
    done = json.loads(alone.stdout)

    assert [280_766_480, 280_766_480] == done["money"]
    assert [16_985, 16_985] == done["rows"]
    assert [608, 21] == done["documents"]
    assert ([], [], []) == (done["odd"], done["miscounted"], done["violations"])
    assert (done["memory"] or 0) < 1024
