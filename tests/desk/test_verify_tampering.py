"""Whoever changes, deletes or doubles a row of any kind is found out; by the API and by `python -m tokolib verify`."""

import shutil
import sqlite3

import pytest

from tokolib.cli.main import main
from tokolib.records.collections import COLLECTIONS

NAMES = [collection.name for collection in COLLECTIONS]

CHANGES = {
    "posting amount": ("UPDATE tokolib_ledger SET amount = amount + 1 WHERE name = 'money' AND id = ({})", "M1"),
    "posting account": ("UPDATE tokolib_ledger SET account = 'money:pocket' WHERE name = 'money' AND id = ({})", "M4"),
    "posting batch": ("UPDATE tokolib_ledger SET batch = batch || 'x' WHERE name = 'money' AND id = ({})", "M1"),
    "posting unit": ("UPDATE tokolib_ledger SET unit = 'USD' WHERE name = 'money' AND id = ({})", "M1"),
    "posting kind": ("UPDATE tokolib_ledger SET kind = 'gift' WHERE name = 'money' AND id = ({})", "M4"),
    "posting order": ("UPDATE tokolib_ledger SET refers_to = 'ord_x' WHERE name = 'money' AND id = ({})", "M1"),
    "posting instant": ("UPDATE tokolib_ledger SET at = at + 1 WHERE name = 'money' AND id = ({})", "M4"),
    "posting deleted": ("DELETE FROM tokolib_ledger WHERE name = 'money' AND id = ({})", "M1"),
    "stated amount": ("UPDATE tokolib_ledger SET amount = amount + 1 WHERE name = 'book_money' AND id = ({})", "M1"),
    "stated account": ("UPDATE tokolib_ledger SET account = 'x' WHERE name = 'book_money' AND id = ({})", "M10"),
    "stated unit": ("UPDATE tokolib_ledger SET unit = 'SGD' WHERE name = 'book_money' AND id = ({})", "M1"),
    "stated order": ("UPDATE tokolib_ledger SET refers_to = 'ord_x' WHERE name = 'book_money' AND id = ({})", "M1"),
    "stated deleted": ("DELETE FROM tokolib_ledger WHERE name = 'book_money' AND id = ({})", "M1"),
    "movement amount": ("UPDATE tokolib_ledger SET amount = amount - 1 WHERE name = 'stock' AND id = ({})", "S1"),
    "movement place": ("UPDATE tokolib_ledger SET account = 'main|x' WHERE name = 'stock' AND id = ({})", "S1"),
    "movement unit": ("UPDATE tokolib_ledger SET unit = 'kg' WHERE name = 'stock' AND id = ({})", "S1"),
    "movement kind": ("UPDATE tokolib_ledger SET kind = 'gift' WHERE name = 'stock' AND id = ({})", "S1"),
    "movement as loss": ("UPDATE tokolib_ledger SET kind = 'write_off' WHERE name = 'stock' AND id = ({})", "S1"),
    "movement as return": ("UPDATE tokolib_ledger SET kind = 'restock' WHERE name = 'stock' AND id = ({})", "S4"),
    "movement deleted": ("DELETE FROM tokolib_ledger WHERE name = 'stock' AND id = ({})", "S1"),
    "move's state": (
        "UPDATE tokolib_ledger SET account = account || '|quality' WHERE kind = 'move' AND amount < 0",
        "S1",
    ),
    "half of a move": ("DELETE FROM tokolib_ledger WHERE name = 'stock' AND kind = 'move' AND amount > 0", "S1"),
    "a move as a correction": ("UPDATE tokolib_ledger SET kind = 'adjust' WHERE kind = 'move'", "S1"),
    "damaged goods": ("UPDATE tokolib_stock SET on_hand = 0 WHERE resource LIKE '%|damaged'", "S1"),
    "damaged goods sold": (
        "UPDATE tokolib_stock SET resource = resource || '|quality' WHERE resource LIKE '%|damaged'",
        "S1",
    ),
    "loss as receipt": ("UPDATE tokolib_ledger SET kind = 'receive' WHERE kind = 'write_off'", "S1"),
    "shipment's hold": ("UPDATE tokolib_ledger SET batch = 'x' WHERE name = 'stock' AND kind = 'ship'", "S4"),
    "shipment's order": ("UPDATE tokolib_ledger SET refers_to = 'shp_x' WHERE name = 'stock' AND kind = 'ship'", "S4"),
    "goods in transit": ("UPDATE tokolib_stock SET on_hand = 9 WHERE resource LIKE '%|transit'", "S6"),
    "goods in transit deleted": ("DELETE FROM tokolib_stock WHERE resource LIKE '%|transit'", "S6"),
    "goods in transit sold": ("UPDATE tokolib_stock SET resource = 'x|y' WHERE resource LIKE '%|transit'", "S6"),
    "number serial": ("UPDATE tokolib_ledger SET amount = amount + 7 WHERE name = 'numbers' AND id = ({})", "I1"),
    "number's document": ("UPDATE tokolib_ledger SET refers_to = 'inv_x' WHERE name = 'numbers' AND id = ({})", "I1"),
    "number's series": ("UPDATE tokolib_ledger SET batch = 'ser_X' WHERE name = 'numbers' AND id = ({})", "I1"),
    "number's instant": ("UPDATE tokolib_ledger SET at = at + 1 WHERE name = 'numbers' AND id = ({})", "I1"),
    "number deleted": ("DELETE FROM tokolib_ledger WHERE name = 'numbers' AND id = ({})", "I1"),
    "document's key": ("UPDATE tokolib_key SET key = key || 'x' WHERE scope = 'documents.issue'", "I1"),
    "document's key's answer": ("UPDATE tokolib_key SET result = x'696e765f78' WHERE scope = 'documents.issue'", "X2"),
    "document's key's request": ("UPDATE tokolib_key SET fingerprint = 'x' WHERE scope = 'documents.issue'", "I1"),
    "document's key deleted": ("DELETE FROM tokolib_key WHERE scope = 'documents.issue'", "I1"),
    "use amount": ("UPDATE tokolib_ledger SET amount = 2 WHERE name = 'uses' AND id = ({})", "X4"),
    "use's account": ("UPDATE tokolib_ledger SET account = 'coupon:x' WHERE name = 'uses' AND id = ({})", "X4"),
    "use's order": ("UPDATE tokolib_ledger SET refers_to = 'ord_x' WHERE name = 'uses' AND id = ({})", "X4"),
    "use as a note": ("UPDATE tokolib_ledger SET kind = 'noted' WHERE name = 'uses' AND kind = 'counted'", "X4"),
    "use deleted": ("DELETE FROM tokolib_ledger WHERE name = 'uses' AND kind = 'counted'", "X4"),
    "use's unit": ("UPDATE tokolib_ledger SET unit = 'pcs' WHERE name = 'uses' AND id = ({})", "X4"),
    "note deleted": ("DELETE FROM tokolib_ledger WHERE name = 'uses' AND kind = 'noted'", "X4"),
    "note as a use": ("UPDATE tokolib_ledger SET kind = 'x' WHERE name = 'uses' AND kind = 'noted'", "X4"),
    "hold quantity": ("UPDATE tokolib_hold SET quantity = quantity + 1 WHERE state = 'kept'", "S2"),
    "taken quantity": ("UPDATE tokolib_hold SET quantity = quantity + 1 WHERE state = 'taken'", "S4"),
    "released quantity": ("UPDATE tokolib_hold SET quantity = quantity + 1 WHERE state = 'released'", "S4"),
    "hold kept": ("UPDATE tokolib_hold SET state = 'kept', until = NULL WHERE state = 'leased'", "S5"),
    "hold leased": ("UPDATE tokolib_hold SET state = 'leased' WHERE state = 'kept'", "S4"),
    "lease longer": ("UPDATE tokolib_hold SET until = until + 1 WHERE state = 'leased'", "S5"),
    "hold taken": ("UPDATE tokolib_hold SET state = 'taken' WHERE state = 'kept'", "S4"),
    "hold released": ("UPDATE tokolib_hold SET state = 'released' WHERE state = 'kept'", "S2"),
    "hold's owner": ("UPDATE tokolib_hold SET owner = 'ord_x'", "S4"),
    "hold's goods": ("UPDATE tokolib_hold SET resource = 'main|gula'", "S4"),
    "hold deleted": ("DELETE FROM tokolib_hold WHERE state = 'kept'", "S4"),
    "released hold deleted": ("DELETE FROM tokolib_hold WHERE state = 'released'", "S4"),
    "event's instant": ("UPDATE tokolib_history SET at = at + 1 WHERE id = ({})", "R1"),
    "event's id": ("UPDATE tokolib_history SET id = 'x' WHERE id = ({})", "O1"),
    "event's topic": ("UPDATE tokolib_history SET topic = 'orders.block_set' WHERE id = ({})", "R1"),
    "event of no room": ("UPDATE tokolib_history SET topic = 'x.y' WHERE seq = 1 AND topic LIKE 'orders.%'", "O1"),
    "event's history": ("UPDATE tokolib_history SET stream = 'x' WHERE id = ({})", "O1"),
    "event deleted": ("DELETE FROM tokolib_history WHERE id = ({})", "E1"),
    "events deleted": (
        "DELETE FROM tokolib_history WHERE stream = (SELECT 'orders/' || id FROM tokolib_doc_orders)",
        "O1",
    ),
    "outbox event": ("UPDATE tokolib_outbox SET event_id = 'x' WHERE event_id = ({})", "E1"),
    "outbox stream": ("UPDATE tokolib_outbox SET stream = 'a' WHERE event_id = ({})", "E1"),
    "outbox seq": ("UPDATE tokolib_outbox SET seq = seq + 100 WHERE event_id = ({})", "E1"),
    "outbox deleted": ("DELETE FROM tokolib_outbox WHERE event_id = ({})", "E1"),
    "level": ("UPDATE tokolib_stock SET on_hand = on_hand + 1 WHERE resource = ({})", "S1"),
    "level held": ("UPDATE tokolib_stock SET held = held + 1 WHERE resource = ({})", "S2"),
    "level deleted": ("DELETE FROM tokolib_stock WHERE resource = ({})", "S1"),
    "counter": ("UPDATE tokolib_counter SET value = value - 1", "X4"),
    "counter deleted": ("DELETE FROM tokolib_counter", "X4"),
    "key": ("UPDATE tokolib_key SET key = key || 'x' WHERE scope = 'orders.place'", "X2"),
    "key's request": ("UPDATE tokolib_key SET fingerprint = 'x' WHERE key = 'web-cod'", "X2"),
    "key's answer": ("UPDATE tokolib_key SET result = x'6f72645f78' WHERE key = 'web-cod'", "X2"),
    "key deleted": ("DELETE FROM tokolib_key WHERE key = 'web-cod'", "X2"),
    "shipment's key": ("UPDATE tokolib_key SET result = x'7368705f78' WHERE key = 'door'", "X2"),
    "return's key": ("UPDATE tokolib_key SET result = x'7265745f78' WHERE key = 'back'", "X2"),
    "payment's key": ("UPDATE tokolib_key SET result = x'696e745f782e31' WHERE key = 'p'", "X2"),
}
PICKS = {
    "posting": "SELECT id FROM tokolib_ledger WHERE name = 'money' AND amount > 0 ORDER BY id LIMIT 1",
    "stated": "SELECT id FROM tokolib_ledger WHERE name = 'book_money' AND amount > 0 ORDER BY id LIMIT 1",
    "movement": "SELECT id FROM tokolib_ledger WHERE name = 'stock' AND kind = 'receive' ORDER BY id LIMIT 1",
    "number": "SELECT id FROM tokolib_ledger WHERE name = 'numbers' ORDER BY id LIMIT 1",
    "number's": "SELECT id FROM tokolib_ledger WHERE name = 'numbers' ORDER BY id LIMIT 1",
    "use": "SELECT id FROM tokolib_ledger WHERE name = 'uses' AND kind = 'counted' LIMIT 1",
    "use's": "SELECT id FROM tokolib_ledger WHERE name = 'uses' AND kind = 'counted' LIMIT 1",
    "event": "SELECT id FROM tokolib_history WHERE topic = 'orders.order_placed' LIMIT 1",
    "event's": "SELECT id FROM tokolib_history WHERE topic = 'orders.order_placed' LIMIT 1",
    "outbox": "SELECT event_id FROM tokolib_outbox ORDER BY event_id LIMIT 1",
    "level": "SELECT resource FROM tokolib_stock WHERE held > 0 LIMIT 1",
}

DOUBLES = {
    "posting": ("tokolib_ledger", "name = 'money'", {"id": "id || '9'"}, "M4"),
    "movement": ("tokolib_ledger", "name = 'stock'", {"id": "id || '9'"}, "S1"),
    "number": ("tokolib_ledger", "name = 'numbers'", {"id": "id || '9'"}, "I1"),
    "use": ("tokolib_ledger", "name = 'uses'", {"id": "id || '9'"}, "X4"),
    "kept hold": ("tokolib_hold", "state = 'kept'", {"id": "id || '9'"}, "S2"),
    "taken hold": ("tokolib_hold", "state = 'taken'", {"id": "id || '9'"}, "S4"),
    "released hold": (
        "tokolib_hold",
        "state = 'released' AND owner LIKE 'ord_%'",
        {"id": "replace(id, ':1:', ':9:')"},
        "S4",
    ),
    "event": ("tokolib_history", "topic LIKE 'orders.%'", {"id": "id || '9'", "seq": "seq + 100"}, "O1"),
    "outbox row": ("tokolib_outbox", "1", {"event_id": "event_id || '9'"}, "E1"),
    "level": ("tokolib_stock", "1", {"resource": "resource || 'x'"}, "S1"),
    "key": ("tokolib_key", "scope = 'orders.place'", {"key": "key || 'x'"}, "X2"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_or_deleted_row_is_found(hand, what):
    """One statement by hand, one broken promise."""
    text, promise = CHANGES[what]
    hand.do(text.format(PICKS.get(what.split(" ")[0], "")))
    assert promise in hand.broken()


LARGEST = 2**63 - 1
STRANGE = {
    "largest": {"INTEGER": LARGEST, "TEXT": "x", "BLOB": b"\xff"},
    "least": {"INTEGER": -LARGEST - 1, "TEXT": "", "BLOB": b""},
}


def cells(hand):
    """Every column of the tables that are shared by all kinds of things, each with a row of its own and its type."""
    tables = hand.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'tokolib_%' ORDER BY name")
    compared = ("tokolib_schema", "tokolib_doc_", "tokolib_fact_")  # no value of theirs is read as anything
    for table in [row["name"] for row in tables if not row["name"].startswith(compared)]:
        columns = hand.rows(f"PRAGMA table_info({table})")
        key = ", ".join(column["name"] for column in columns if column["pk"])
        for place, column in enumerate(columns):
            row = (
                f"({key}) = (SELECT {key} FROM {table} LIMIT 1 OFFSET {place} % (SELECT max(1, count(*)) FROM {table}))"  # noqa: S608
            )
            yield f'UPDATE OR IGNORE {table} SET "{column["name"]}" = ? WHERE {row}', column["type"]  # noqa: S608


@pytest.mark.parametrize("values", STRANGE.values(), ids=STRANGE)
def test_verify_reads_on_whatever_stands_in_a_cell(hand, values):
    """No value that the file can hold makes the check itself fail, in any column of any table."""
    tried = [(text, kind) for text, kind in cells(hand)]
    for text, kind in tried:
        connection = sqlite3.connect(hand.path)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(text, (values[kind],))
        connection.commit()
        connection.close()
    assert len(tried) > 30
    assert {"R1", "O1"} <= hand.broken()


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("UPDATE tokolib_hold SET state = state || 'x' WHERE id = ({})", "hold", "'keptx'"),
        ("UPDATE tokolib_hold SET until = 9223372036854775807 WHERE id = ({})", "hold", "9223372036854775807"),
    ],
)
def test_an_unreadable_hold_is_named_and_the_rest_is_looked_at(hand, text, row, found):
    """R1 names it once with the repair; the rows before and behind it are walked as ever."""
    [id] = [each["id"] for each in hand.rows("SELECT id FROM tokolib_hold WHERE state = 'kept' ORDER BY id LIMIT 1")]
    before = dict(hand.verify().checked)
    hand.do(text.format(f"'{id}'"), unchecked=True)
    report = hand.verify()
    [told] = [each for each in report.violations if each.promise == "R1"]
    assert told.row == f"{row} {id}" and found in told.found and told.repair == "restore the row from a backup"
    assert dict(report.checked) == {**before, "holds": before["holds"] - 1}


@pytest.mark.parametrize(("name", "prefix"), [("returns", "ret_"), ("invoices", "inv_")])
def test_a_key_is_not_blamed_for_what_it_leads_to(hand, name, prefix):
    """A lost document is told by its history; the key that leads to it is sound, and stays."""
    hand.do(f"DELETE FROM tokolib_doc_{name}")  # noqa: S608
    found = hand.verify().violations
    assert "O1" in {each.promise for each in found}
    assert [each for each in found if each.promise == "X2" and prefix in each.found] == []


def test_a_misfiled_document_is_told_column_by_column(hand):
    """R1 names the column or the fact, what stands there and what the document says."""
    hand.do("UPDATE tokolib_doc_orders SET state = 'zzz'")
    assert any("its index column state is 'zzz', and it says 'c" in each.found for each in hand.verify().violations)
    hand.do("UPDATE tokolib_fact_order_lines SET total = -7")
    assert any("total of its fact row 1 in order_lines is -7" in each.found for each in hand.verify().violations)


def double(hand, table, where, changed):
    """Insert a copy of the first row *where*, with some columns changed."""
    columns = [row["name"] for row in hand.rows(f"PRAGMA table_info({table})")]
    listed = ", ".join(f'"{name}"' for name in columns)
    copied = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    hand.do(f"INSERT INTO {table} ({listed}) SELECT {copied} FROM {table} WHERE {where} LIMIT 1")  # noqa: S608


@pytest.mark.parametrize("what", DOUBLES)
def test_a_doubled_row_is_found(hand, what):
    """A copy under another name is one too many."""
    table, where, changed, promise = DOUBLES[what]
    double(hand, table, where, changed)
    assert promise in hand.broken()


@pytest.mark.parametrize("name", NAMES)
def test_no_document_can_be_tampered_with(hand, name, tampering):
    """Of every kind: another body, another version, other columns, gone, doubled."""
    table = f"tokolib_doc_{name}"
    row = hand.rows(f"SELECT * FROM {table} ORDER BY id LIMIT 1")[0]  # noqa: S608
    pristine = hand.path.with_suffix(".pristine")
    shutil.copy(hand.path, pristine)

    def found(*promises):
        broken = hand.broken()
        shutil.copy(pristine, hand.path)
        assert broken & set(promises), (promises, broken)

    hand.do(f"UPDATE {table} SET body = ? WHERE id = ?", tampering(row["body"]), row["id"])  # noqa: S608
    found("R1")
    hand.do(f"UPDATE {table} SET version = version + 1 WHERE id = ?", row["id"])  # noqa: S608
    found("R1")
    hand.do(f"DELETE FROM {table} WHERE id = ?", row["id"])  # noqa: S608
    found("O1")
    texts = [key for key, value in row.items() if isinstance(value, str) and key not in ("partition", "id")]
    unique = {"number": "number + 100"} if "number" in dict(row) else {}
    double(hand, table, "1", {key: f"\"{key}\" || 'x'" for key in ("id", *texts)} | unique)
    found("O1")
    if texts:
        changed = ", ".join(f'"{column}" = "{column}" || \'x\'' for column in texts)
        hand.do(f"UPDATE {table} SET {changed} WHERE id = ?", row["id"])  # noqa: S608
        found("R1")


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_checksum_does_not_help(hand, name):
    """A body that is sound by itself must still be what its history makes, or what its hash says."""
    import json

    from tokolib.records.record import checksum

    def to_json(plain):
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    id = hand.ids(name)[0]
    history = hand.rows("SELECT * FROM tokolib_history WHERE stream = ? ORDER BY seq", f"{name}/{id}")
    payload = json.loads(history[-1]["payload"])
    payload["by"] = "staff:mallory"
    hand.do("UPDATE tokolib_history SET payload = ? WHERE id = ?", to_json(payload), history[-1]["id"])
    assert "R1" in hand.broken()
    hand.do("UPDATE tokolib_history SET payload = ? WHERE id = ?", history[-1]["payload"], history[-1]["id"])

    body = json.loads(hand.rows(f"SELECT body FROM tokolib_doc_{name} WHERE id = ?", id)[0]["body"])  # noqa: S608
    body["seq"] += 1
    hand.do(f"UPDATE tokolib_doc_{name} SET body = ? WHERE id = ?", to_json(body), id)  # noqa: S608
    assert "O1" in hand.broken()
    body["seq"] -= 1
    body["data"]["added"] = "by hand"
    body["sum"] = checksum(to_json(body["data"])).decode()
    hand.do(f"UPDATE tokolib_doc_{name} SET body = ? WHERE id = ?", to_json(body), id)  # noqa: S608
    assert "R1" in hand.broken()


def test_facts_are_what_their_documents_say(hand):
    """Rows for reports are checked as well."""
    for text in (
        "UPDATE tokolib_fact_order_lines SET total = total + 1 WHERE sku = 'PAKET'",
        "DELETE FROM tokolib_fact_order_lines WHERE sku = 'PAKET'",
    ):
        hand.do(text)
        assert hand.broken() == {"R1"}


# The command


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("UPDATE tokolib_ledger SET amount = amount + 1 WHERE name = 'money' AND amount > 0", "M1"),
        ("DELETE FROM tokolib_ledger WHERE name = 'stock' AND kind = 'receive'", "S1"),
        ("UPDATE tokolib_hold SET quantity = quantity + 1 WHERE state = 'kept'", "S2"),
        ("DELETE FROM tokolib_history WHERE topic = 'orders.order_placed'", "O1"),
        ("UPDATE tokolib_doc_orders SET state = 'completed'", "R1"),
        ("DELETE FROM tokolib_outbox", "E1"),
        ("DELETE FROM tokolib_ledger WHERE name = 'numbers'", "I1"),
        ("DELETE FROM tokolib_key WHERE scope = 'orders.place'", "X2"),
        ("DELETE FROM tokolib_doc_settings", "O1"),
        ("UPDATE tokolib_doc_series SET body = x'00'", "I1"),
    ],
)
def test_the_command_fails_and_names_the_promise(hand, capsys, text, promise):
    """Exit status 1, and a last line that says which."""
    hand.do(text)
    assert main(["verify", str(hand.path)]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("verify: FAILED (") and promise in last


def test_the_command_says_ok_and_changes_nothing(hand, capsys):
    """Exit status 0; the file is what it was, byte for byte."""
    before = hand.path.read_bytes()
    assert main(["verify", str(hand.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "verify: OK" and any("postings" in line for line in lines)
    assert main(["verify", str(hand.path), "--quiet"]) == 0
    assert capsys.readouterr().out == "verify: OK\n"
    assert hand.path.read_bytes() == before


def test_the_command_refuses_what_it_cant_read(hand, tmp_path, capsys, monkeypatch):
    """No file, no shop, no such tenant, a newer schema, a damaged or locked file: exit status 2, and one clear line."""
    from tokolib.adapters.sqlite import SqliteStorage

    def refused(path, *options):
        assert main(["verify", str(path), *options]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err.partition(":")[0]

    assert refused(tmp_path / "missing.db") == "storage.unavailable"
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = foreign.read_bytes()
    assert refused(foreign) == "storage.unavailable"
    assert foreign.read_bytes() == before
    assert refused(hand.path, "--tenant", "nobody") == "kernel.not_found"
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"no database at all" * 500)
    assert refused(noise) == "storage.unavailable"

    monkeypatch.setitem(SqliteStorage.__init__.__kwdefaults__, "timeout", 0.01)
    monkeypatch.setattr(SqliteStorage, "pause", lambda self, attempt: None)
    holder = sqlite3.connect(hand.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert refused(hand.path) == "storage.busy"
    holder.close()

    hand.do("INSERT INTO tokolib_schema (version, name, checksum, applied_at) VALUES (99, 'the future', '', '')")
    assert refused(hand.path) == "storage.schema_too_new"
