"""The statements, as text that is made once: one set for what each storage has, one for each collection.

A condition that must hold stands in the statement's WHERE, and the sender reads the row count: a refusal is zero
rows. Every value is bound, in the order of the comment or of the columns; the text holds declared names only.
"""

# ruff: noqa: S608 - names in the text come from declarations that `shapes_of` has checked

from tokolib.adapters.shapes import Shape
from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.schema import column_names, document_table, fact_column_names, fact_table
from tokolib.kernel.rows import FactTable

EVENT = "id, stream, seq, topic, payload, at"
ENTRY = "id, batch, account, amount, unit, kind, refers_to, at"
HOLD = "id, resource, quantity, owner, state, until"


class Statements:
    """What each storage has: keys, histories, ledgers, counters, stock, holds, outbox."""

    def __init__(self, dialect: Dialect) -> None:
        among = dialect.among
        self.remember = "INSERT INTO tokolib_key (partition, scope, key, fingerprint, result) VALUES (?, ?, ?, ?, ?)"
        self.seen = "SELECT fingerprint, result FROM tokolib_key WHERE partition = ? AND scope = ? AND key = ?"

        # The last two values are the number before and the stream's own; a first event needs no one before it.
        self.append = f"""INSERT INTO tokolib_history (partition, {EVENT}) SELECT ?, ?, ?, ?, ?, ?, ? WHERE ? = 0
            OR EXISTS (SELECT 1 FROM tokolib_history WHERE partition = ? AND stream = ? AND seq = ?)"""
        self.last_seq = "SELECT max(seq) FROM tokolib_history WHERE partition = ? AND stream = ?"
        self.history = f"""SELECT {EVENT} FROM tokolib_history WHERE partition = ? AND stream = ? AND seq > ?
            ORDER BY seq LIMIT ?"""

        self.send = """INSERT INTO tokolib_outbox (partition, event_id, stream, seq, due, done, tries, error)
            VALUES (?, ?, ?, ?, ?, NULL, 0, '')"""
        self.claimable = f"""SELECT {", ".join(f"h.{name}" for name in EVENT.split(", "))}, o.tries
            FROM tokolib_outbox o JOIN tokolib_history h
            ON h.partition = o.partition AND h.stream = o.stream AND h.seq = o.seq
            WHERE o.partition = ? AND o.done IS NULL AND o.due <= ? AND NOT EXISTS (
                SELECT 1 FROM tokolib_outbox p WHERE p.partition = o.partition AND p.stream = o.stream
                AND p.seq < o.seq AND p.done IS NULL AND p.due > ?)
            ORDER BY o.stream, o.seq LIMIT ?"""
        self.lease = "UPDATE tokolib_outbox SET due = ? WHERE partition = ? AND event_id = ?"
        self.done = "UPDATE tokolib_outbox SET done = ? WHERE partition = ? AND event_id = ? AND done IS NULL"
        self.retry = """UPDATE tokolib_outbox SET due = ?, tries = tries + 1, error = ?
            WHERE partition = ? AND event_id = ? AND done IS NULL"""

        self.post = f"""INSERT INTO tokolib_ledger (partition, name, {ENTRY})
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
        # Given `refers_to = ? AND id > ?`, SQLite without statistics walks the whole ledger by its own key; a row value
        # leads it to the index.
        ledger = f"SELECT {ENTRY} FROM tokolib_ledger WHERE partition = ? AND name = ?"
        of_reference = "(refers_to, id) > (?, ?) AND refers_to <= ? ORDER BY refers_to, id LIMIT ?"
        self.ledger = f"{ledger} AND id > ? ORDER BY id LIMIT ?"
        self.ledger_by_account = f"{ledger} AND (account, id) > (?, ?) AND account <= ? ORDER BY account, id LIMIT ?"
        self.ledger_by_reference = f"{ledger} AND {of_reference}"
        self.ledger_by_both = f"{ledger} AND account = ? AND {of_reference}"

        # Delta, partition, name, and the bounds that the value before must keep.
        self.count = """UPDATE tokolib_counter SET value = value + ?
            WHERE partition = ? AND name = ? AND value BETWEEN ? AND ?"""
        self.count_first = (
            "INSERT INTO tokolib_counter (partition, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        )
        self.value = "SELECT value FROM tokolib_counter WHERE partition = ? AND name = ?"

        self.adjust = """UPDATE tokolib_stock SET on_hand = on_hand + ?
            WHERE partition = ? AND resource = ? AND on_hand - held >= ? AND on_hand <= ?"""
        self.adjust_first = """INSERT INTO tokolib_stock (partition, resource, on_hand, held) VALUES (?, ?, ?, 0)
            ON CONFLICT DO NOTHING"""
        self.level = "SELECT on_hand, held FROM tokolib_stock WHERE partition = ? AND resource = ?"
        self.levels = f"""SELECT s.resource, s.on_hand, s.held - coalesce((SELECT sum(h.quantity) FROM tokolib_hold h
            WHERE h.partition = s.partition AND h.resource = s.resource AND h.state = 'leased' AND h.until <= ?), 0)
            FROM tokolib_stock s WHERE s.partition = ? AND s.resource {among}"""

        self.reserve = """UPDATE tokolib_stock SET held = held + ?
            WHERE partition = ? AND resource = ? AND on_hand - held >= ?"""
        self.unreserve = "UPDATE tokolib_stock SET held = held - ? WHERE partition = ? AND resource = ? AND held >= ?"
        self.leave = """UPDATE tokolib_stock SET on_hand = on_hand - ?, held = held - ?
            WHERE partition = ? AND resource = ? AND held >= ?"""
        self.run_out = """SELECT id, quantity FROM tokolib_hold
            WHERE partition = ? AND resource = ? AND state = 'leased' AND until <= ?"""
        self.hold = f"INSERT INTO tokolib_hold (partition, {HOLD}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        self.holds = f"SELECT {HOLD} FROM tokolib_hold WHERE partition = ? AND id {among}"
        self.expire = "UPDATE tokolib_hold SET state = 'expired' WHERE partition = ? AND id = ? AND state = 'leased'"
        self.release = """UPDATE tokolib_hold SET state = 'released'
            WHERE partition = ? AND id = ? AND state IN ('leased', 'kept')"""
        stands = "(state = 'kept' OR (state = 'leased' AND until > ?))"
        self.keep = f"UPDATE tokolib_hold SET state = 'kept', until = NULL WHERE partition = ? AND id = ? AND {stands}"
        self.take = f"UPDATE tokolib_hold SET state = 'taken' WHERE partition = ? AND id = ? AND {stands}"

        self.scans = {
            "history": _scan("tokolib_history", EVENT, ("stream", "seq")),
            "stock": _scan("tokolib_stock", "resource, on_hand, held", ("resource",)),
            "holds": _scan("tokolib_hold", HOLD, ("id",)),
            "counters": _scan("tokolib_counter", "name, value", ("name",)),
            "keys": _scan("tokolib_key", "scope, key, fingerprint", ("scope", "key")),
            "outbox": _scan("tokolib_outbox", "event_id, stream, seq, done, tries", ("stream", "seq", "event_id")),
        }


def _scan(table: str, columns: str, key: tuple[str, ...]) -> tuple[str, str]:
    """The first page of a table, and a later one."""
    start = f"SELECT {columns} FROM {table} WHERE partition = ?"
    names = ", ".join(key)
    end = f"ORDER BY {names} LIMIT ?"
    marks = ", ".join("?" * len(key))
    return f"{start} {end}", f"{start} AND ({names}) > ({marks}) {end}"


class FactStatements:
    """One fact table."""

    def __init__(self, table: FactTable, dialect: Dialect) -> None:
        name, columns = fact_table(table), fact_column_names(table)
        self.columns = columns[3:]
        self.insert = f"INSERT INTO {name} ({_quoted(columns)}) VALUES ({_marks(columns)})"
        self.clear = f"DELETE FROM {name} WHERE partition = ? AND document_id = ?"
        self.of_documents = f"""SELECT {_quoted(columns[1:])} FROM {name}
            WHERE partition = ? AND document_id {dialect.among} ORDER BY document_id, row_number"""


class CollectionStatements:
    """One collection."""

    def __init__(self, shape: Shape, dialect: Dialect) -> None:
        collection = shape.collection
        self.table = document_table(collection)
        self.columns = tuple(column.name for column in collection.columns)
        names = column_names(collection)
        self.insert = f"INSERT INTO {self.table} ({_quoted(names)}) VALUES (?, ?, 1, {_marks(names[3:])})"
        settings = "".join(f', "{name}" = ?' for name in self.columns)
        self.replace = f"""UPDATE {self.table} SET version = version + 1, body = ?{settings}
            WHERE partition = ? AND id = ? AND version = ?"""
        self.delete = f"DELETE FROM {self.table} WHERE partition = ? AND id = ? AND version = ?"
        self.get = f"SELECT id, version, body FROM {self.table} WHERE partition = ? AND id = ?"
        self.get_many = f"SELECT id, version, body FROM {self.table} WHERE partition = ? AND id {dialect.among}"
        self.scan = _scan(self.table, _quoted(("id", "version", "body", *self.columns)), ("id",))
        self.facts = {table.name: FactStatements(table, dialect) for table in collection.facts}


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _marks(names: tuple[str, ...]) -> str:
    return ", ".join("?" * len(names))
