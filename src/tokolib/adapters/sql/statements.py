"""The statements of both databases, as text that is made once: one set for what each storage has, one per collection.

A condition that must hold stands in the statement's WHERE, and the sender reads which rows took effect: a refusal is a
row that did not. Every value is bound; the text holds declared names only.
"""

# ruff: noqa: S608 - names in the text come from declarations that `shapes_of` has checked

from collections.abc import Mapping

from tokolib.adapters.sql.changes import Changes
from tokolib.adapters.sql.columns import ENTRY, EVENT, HOLD, PARCEL, paged, typed
from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.document_statements import CollectionStatements
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.spreading import Layout, OneRow
from tokolib.adapters.units.shapes import Shape


class Statements:
    """What each storage has: keys, histories, ledgers, counters."""

    def __init__(self, dialect: Dialect, names: Names) -> None:
        make = Changes(dialect)
        key, history, ledger, counter = map(names.fixed, ("key", "history", "ledger", "counter"))

        self.remember = make.insert(key, typed("scope, key, fingerprint, result"))
        self.seen = f"SELECT fingerprint, result FROM {key} WHERE partition = ? AND scope = ? AND key = ?"

        # `previous` is the number before the first event of its stream; 0 needs no one before it. The OFFSET keeps
        # PostgreSQL from reading the whole history into memory first, which it does while it has no statistics.
        self.append = make.insert(
            history,
            typed(EVENT),
            given={"previous": "integer"},
            only=f""":previous = 0 OR EXISTS (SELECT 1 FROM {history} AS h
                WHERE h.partition = :partition AND h.stream = :stream AND h.seq = :previous LIMIT 1 OFFSET 0)""",
        )
        self.history = f"""SELECT {EVENT} FROM {history} WHERE partition = ? AND stream = ? AND seq > ?
            ORDER BY seq LIMIT ?"""
        self.send = make.insert(names.fixed("outbox"), typed(PARCEL))

        self.post = make.insert(ledger, typed(f"name, {ENTRY}"))
        # Given `refers_to = ? AND id > ?`, SQLite without statistics walks the whole ledger by its own key; a row value
        # leads it to the index.
        entries = f"SELECT {ENTRY} FROM {ledger} WHERE partition = ? AND name = ?"
        of_reference = "(refers_to, id) > (?, ?) AND refers_to <= ? ORDER BY refers_to, id LIMIT ?"
        self.ledger = f"{entries} AND id > ? ORDER BY id LIMIT ?"
        self.ledger_by_account = f"{entries} AND (account, id) > (?, ?) AND account <= ? ORDER BY account, id LIMIT ?"
        self.ledger_by_reference = f"{entries} AND {of_reference}"
        self.ledger_by_both = f"{entries} AND account = ? AND {of_reference}"

        counted = {"partition": "text", "name": "text", "value": "integer", "lowest": "integer", "highest": "integer"}
        self.count = make.update(
            counter,
            counted,
            "value = t.value + :value",
            "t.partition = :partition AND t.name = :name AND t.value BETWEEN :lowest AND :highest",
        )
        self.count_first = make.insert(counter, typed("name, value"), conflict="ON CONFLICT DO NOTHING")
        self.value = f"SELECT value FROM {counter} WHERE partition = ? AND name = ?"
        self.values = f"SELECT name, value FROM {counter} WHERE partition = ? AND name {dialect.among}"
        self.seen_beside = f"""SELECT c.value, k.fingerprint, k.result FROM (SELECT 1) AS one
            LEFT JOIN {counter} AS c ON c.partition = ? AND c.name = ?
            LEFT JOIN {key} AS k ON k.partition = ? AND k.scope = ? AND k.key = ?"""

        self.stock = StockStatements(dialect, names)
        self.scans = {
            "history": paged(history, EVENT, ("stream", "seq")),
            "stock": self.stock.scan,
            "holds": paged(names.fixed("hold"), HOLD, ("id",)),
            "counters": paged(counter, "name, value", ("name",)),
            "keys": paged(key, "scope, key, fingerprint", ("scope", "key")),
            "outbox": paged(
                names.fixed("outbox"), "event_id, stream, seq, done, tries, buried", ("stream", "seq", "event_id")
            ),
        }
        self.outbox = OutboxStatements(dialect, names)


class StockStatements:
    """Stock and its holds. The stock rows come first and their holds after them, everywhere; rows by their buckets."""

    def __init__(self, dialect: Dialect, names: Names) -> None:
        make = Changes(dialect)
        stock, hold = names.fixed("stock"), names.fixed("hold")
        amount = {"partition": "text", "resource": "text", "bucket": "integer", "quantity": "integer"}
        row = "t.partition = :partition AND t.resource = :resource AND t.bucket = :bucket"
        on_hand, held = (f"CAST(sum({name}) AS {dialect.integer})" for name in ("on_hand", "held"))

        self.adjust = make.update(
            stock,
            {**amount, "highest": "integer"},
            "on_hand = t.on_hand + :quantity",
            f"{row} AND t.on_hand - t.held >= -:quantity AND t.on_hand <= :highest",
        )
        self.adjust_first = make.insert(
            stock, typed("resource, bucket, on_hand, held"), conflict="ON CONFLICT DO NOTHING"
        )
        of_resource = f"FROM {stock} WHERE partition = ? AND resource = ?"
        self.level = f"SELECT {on_hand}, {held} {of_resource} GROUP BY resource"
        self.lock = f"SELECT bucket, on_hand, held {of_resource} ORDER BY bucket{dialect.lock}"
        # A row for each bucket: to add them up here would make PostgreSQL sort them before 16.
        self.levels = f"""SELECT s.resource, s.on_hand, s.held - CAST(coalesce((SELECT sum(h.quantity) FROM {hold} h
            WHERE h.partition = s.partition AND h.resource = s.resource AND h.bucket = s.bucket
            AND h.state = 'leased' AND h.until <= ?), 0) AS {dialect.integer})
            FROM {stock} s WHERE s.partition = ? AND s.resource {dialect.among}"""
        page = f"SELECT resource, {on_hand}, {held} FROM {stock} WHERE partition = ?"
        end = "GROUP BY resource ORDER BY resource LIMIT ?"
        self.scan = f"{page} {end}", f"{page} AND resource > ? {end}"

        self.reserve = make.update(
            stock,
            {**amount, "leave": "integer"},
            "held = t.held + :quantity",
            # Subtracted, not added up: no sum of two large numbers may leave 64 bits.
            f"{row} AND t.on_hand - t.held - :quantity >= :leave",
            tells="resource",
        )
        self.unreserve = make.update(stock, amount, "held = t.held - :quantity", f"{row} AND t.held >= :quantity")
        self.leave = make.update(
            stock,
            amount,
            "on_hand = t.on_hand - :quantity, held = t.held - :quantity",
            f"{row} AND t.held >= :quantity",
        )

        placed = f"{HOLD}, bucket"
        self.hold = make.insert(hold, typed(placed), conflict="ON CONFLICT DO NOTHING", tells="id")
        self.holds = f"SELECT {placed} FROM {hold} WHERE partition = ? AND id {dialect.among}"
        self.run_out = f"""SELECT id, quantity, bucket FROM {hold}
            WHERE partition = ? AND resource = ? AND state = 'leased' AND until <= ?"""
        one = typed("id")
        timed = {**one, "now": "integer"}
        held = "t.partition = :partition AND t.id = :id"
        stands = f"{held} AND (t.state = 'kept' OR (t.state = 'leased' AND t.until > :now))"
        self.expire = make.update(hold, one, "state = 'expired'", f"{held} AND t.state || '' = 'leased'")
        self.release = make.update(hold, one, "state = 'released'", f"{held} AND t.state IN ('leased', 'kept')")
        self.keep = make.update(hold, timed, "state = 'kept', until = NULL", stands)
        self.take = make.update(hold, timed, "state = 'taken'", stands)


class OutboxStatements:
    """Events on their way out. `due` of a dead letter lies beyond every moment, so it holds back its stream."""

    def __init__(self, dialect: Dialect, names: Names) -> None:
        make = Changes(dialect)
        outbox, history, relay = names.fixed("outbox"), names.fixed("history"), names.fixed("relay")
        event = ", ".join(f"h.{name}" for name in EVENT.split(", "))
        # SQLite without statistics would walk every event that was ever sent.
        # PostgreSQL without statistics would join all open events with all, but for the OFFSET, which keeps it from it.
        by_open = dialect.by.format(index=names.fixed_index("outbox_open"))
        # Joined by an expression: a planner that knows the partition, and nothing else, would read all its history.
        joined = f"""JOIN {history} h ON h.partition = o.partition || '' AND h.stream = o.stream AND h.seq = o.seq"""
        one = {"partition": "text", "event_id": "text"}
        row = "t.partition = :partition AND t.event_id = :event_id"
        # Written so that no index of open events, which a planner without statistics takes for short, seems to suit.
        open = "t.done + 0 IS NULL"

        self.turn = make.update(relay, {"partition": "text"}, "turn = t.turn + 1", "t.partition = :partition")
        self.first_turn = make.insert(
            relay, {"partition": "text", "turn": "integer"}, conflict="ON CONFLICT DO NOTHING"
        )
        self.claimable = f"""SELECT {event}, o.tries FROM {outbox} AS o{by_open} {joined}
            WHERE o.partition = ? AND o.done IS NULL AND o.due <= ? AND NOT EXISTS (
                SELECT 1 FROM {outbox} AS p{by_open} WHERE p.partition = o.partition AND p.stream = o.stream
                AND p.seq < o.seq AND p.done IS NULL AND p.due > ? LIMIT 1 OFFSET 0)
            ORDER BY o.stream, o.seq LIMIT ?"""
        self.lease = make.update(outbox, {**one, "due": "integer"}, "due = :due", f"{row} AND {open}")
        self.done = make.update(outbox, {**one, "done": "integer"}, "done = :done, buried = NULL", f"{row} AND {open}")
        self.retry = make.update(
            outbox,
            {**one, "due": "integer", "error": "text"},
            "due = :due, tries = t.tries + 1, error = :error",
            f"{row} AND {open} AND t.buried IS NULL",
        )
        self.bury = make.update(
            outbox,
            {**one, "due": "integer", "error": "text", "buried": "integer"},
            "due = :due, tries = t.tries + 1, error = :error, buried = :buried",
            f"{row} AND {open} AND t.buried IS NULL",
        )
        dead = f"""SELECT {event}, o.tries, o.error, o.buried FROM {outbox} AS o {joined}
            WHERE o.partition = ? AND o.buried IS NOT NULL AND o.done IS NULL"""
        self.dead = f"{dead} ORDER BY o.stream, o.seq LIMIT ?"
        self.dead_after = f"{dead} AND (o.stream, o.seq) > (?, ?) ORDER BY o.stream, o.seq LIMIT ?"
        self.revive = make.update(
            outbox,
            {**one, "due": "integer"},
            "due = :due, tries = 0, error = '', buried = NULL",
            f"{row} AND t.buried IS NOT NULL",
        )
        self.done_within = f"""SELECT event_id FROM {outbox}
            WHERE partition = ? AND done >= ? AND done < ? ORDER BY done LIMIT ?"""
        rested = f"{row} AND t.done IS NOT NULL"
        self.replay = make.update(
            outbox, {**one, "due": "integer"}, "due = :due, tries = 0, error = '', done = NULL", rested
        )
        self.purge = make.delete(outbox, one, rested)


class Declared:
    """What a storage was made for, and the statements for it."""

    def __init__(
        self,
        shapes: Mapping[str, Shape],
        dialect: Dialect,
        names: Names,
        *,
        max_body: int,
        layout: Layout | None = None,
    ) -> None:
        self.shapes = shapes
        self.dialect = dialect
        self.names = names
        self.max_body = max_body
        self.layout: Layout = layout or OneRow()
        self.statements = Statements(dialect, names)
        self.collections = {name: CollectionStatements(shape, dialect, names) for name, shape in shapes.items()}
