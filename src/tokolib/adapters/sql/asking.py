"""Questions of the port as queries: the text, its values, and how the rows that come back are read.

What is asked side by side is asked of one state where one query can: counters together, a key together with the
counter before it. Nothing changes places, for whoever asks for a counter before and after the rest means that.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import attrs

from tokolib.adapters.sql.changes import Values
from tokolib.adapters.sql.document_statements import CollectionStatements
from tokolib.adapters.sql.finding import find
from tokolib.adapters.sql.rows import each_of, entry_from, event_from, hold_from
from tokolib.adapters.sql.session import Query
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.cursors import ID, from_cursor, to_cursor
from tokolib.adapters.units.fitting import integer
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.ranges import positive, range_of
from tokolib.adapters.units.shapes import shape_of
from tokolib.kernel.asks import Ask, Find, Get, GetMany, History, Holds, Ledger, Levels, Recall, Value
from tokolib.kernel.rows import Collection, Doc, Entry, Level, Page, Seen
from tokolib.kernel.storage_errors import KeyMismatch

Rows = list[Any]


@attrs.frozen(eq=False)
class Question:
    """A query, and what its rows say to one or several asks."""

    query: Query
    answers: Callable[[Rows], Sequence[Any]]


def questions(asks: Sequence[Ask[Any]], declared: Declared, partition: str) -> list[Question]:
    """*asks* of *partition* as queries, whose answers follow each other as the asks do.

    Raises:
        Misuse, BadCursor: something can't be asked so.
    """
    made: list[Question] = []
    place = 0
    while place < len(asks):
        ask, after = asks[place], asks[place + 1 : place + 2]
        counters = _leading(asks[place:])
        if counters and after and isinstance(after[0], Recall):
            made.append(_key_beside(counters[0], after[0], declared, partition))
            place += 2
        elif len(counters) > 1:
            made.append(_values(counters, declared, partition))
            place += len(counters)
        else:
            query, answer = _question(ask, declared, partition)
            made.append(Question(query, partial(_one, answer)))
            place += 1
    return made


def _leading(asks: Sequence[Ask[Any]]) -> list[str]:
    """The counters that *asks* begin with."""
    names: list[str] = []
    for ask in asks:
        if not isinstance(ask, Value):
            break
        names.append(ask.counter)
    return names


def _one(answer: Callable[[Rows], Any], rows: Rows) -> Sequence[Any]:
    return (answer(rows),)


def _key_beside(counter: str, key: Recall, declared: Declared, partition: str) -> Question:
    def answers(rows: Rows) -> Sequence[Any]:
        [(value, *stored)] = rows
        return value or 0, _seen(key, [stored] if stored[0] is not None else [])

    values = (partition, counter, partition, key.scope, key.key)
    return Question((declared.statements.seen_beside, values), answers)


def _values(names: Sequence[str], declared: Declared, partition: str) -> Question:
    def answers(rows: Rows) -> Sequence[Any]:
        found = dict(rows)
        return [found.get(name, 0) for name in names]

    return Question((declared.statements.values, (partition, declared.dialect.listed(names))), answers)


def _seen(ask: Recall, rows: Rows) -> Seen | None:
    if rows and rows[0][0] != ask.fingerprint:
        raise KeyMismatch(ask.scope, ask.key)
    return Seen(rows[0][1]) if rows else None


def _question(ask: Ask[Any], declared: Declared, partition: str) -> tuple[Query, Callable[[Rows], Any]]:
    values: Values
    match ask:
        case Get(collection, id):
            return (_of(declared, collection).get, (partition, id)), _document
        case GetMany(collection, ids):
            values = (partition, declared.dialect.listed(ids))
            return (_of(declared, collection).get_many, values), _documents
        case Find():
            return _find(ask, declared, partition)
        case History(stream, after, limit):
            text = declared.statements.history
            return (text, (partition, stream, integer(after, "after"), positive(limit))), _events
        case Ledger():
            return _ledger(ask, declared, partition)
        case Levels(resources, now):
            values = (to_micros(now, "now"), partition, declared.dialect.listed(resources))

            def levels(rows: Rows) -> dict[str, Level]:
                found = dict.fromkeys(resources, Level(0, 0, 0))
                for resource, on_hand, held in rows:
                    so_far = found[resource]
                    on_hand, held = on_hand + so_far.on_hand, held + so_far.held
                    found[resource] = Level(on_hand, held, on_hand - held)
                return found

            return (declared.statements.stock.levels, values), levels
        case Holds(ids):
            return (declared.statements.stock.holds, (partition, declared.dialect.listed(ids))), _holds
        case Recall(scope, key):
            return (declared.statements.seen, (partition, scope, key)), partial(_seen, ask)
        case Value(counter):
            return (declared.statements.value, (partition, counter)), _value
        case _:
            raise TypeError(f"no question of the port: {ask!r}")


def _of(declared: Declared, collection: Collection) -> CollectionStatements:
    return declared.collections[shape_of(declared.shapes, collection).collection.name]


def _document(rows: Rows) -> Doc | None:
    return Doc(*rows[0]) if rows else None


def _documents(rows: Rows) -> dict[str, Doc]:
    return {row[0]: Doc(*row) for row in rows}


def _events(rows: Rows) -> list[Any]:
    return [event_from(row) for row in rows]


def _holds(rows: Rows) -> dict[str, Any]:
    return {row[0]: hold_from(row) for row in rows}


def _value(rows: Rows) -> int:
    return int(rows[0][0]) if rows else 0


def _find(ask: Find, declared: Declared, partition: str) -> tuple[Query, Callable[[Rows], Any]]:
    shape = shape_of(declared.shapes, ask.collection)
    asked = range_of(shape, ask.index, ask.equals, ask.since, ask.until, ask.after, ask.limit, ask.descending)
    limit = asked.limit

    def page(rows: Rows) -> Page[Doc]:
        cursor = to_cursor([*rows[limit - 1][3:], rows[limit - 1][0]]) if len(rows) > limit else None
        return Page(tuple(Doc(row[0], row[1], row[2]) for row in rows[:limit]), cursor)

    return find(_of(declared, ask.collection).table, partition, asked), page


def _ledger(ask: Ledger, declared: Declared, partition: str) -> tuple[Query, Callable[[Rows], Any]]:
    text, limit = declared.statements, positive(ask.limit)
    behind = "" if ask.after is None else from_cursor(ask.after, (ID,))[0]
    wanted = [value for value in (ask.account, ask.refers_to) if value is not None]
    match ask.account, ask.refers_to:
        case None, None:
            query = text.ledger
        case _, None:
            query = text.ledger_by_account
        case None, _:
            query = text.ledger_by_reference
        case _:
            query = text.ledger_by_both
    place = (*wanted, behind, *wanted[-1:])  # the last one is asked for from both sides

    def page(rows: Rows) -> Page[Entry]:
        cursor = to_cursor([rows[limit - 1][0]]) if len(rows) > limit else None
        return Page(tuple(each_of(rows[:limit], entry_from, (0,))), cursor)

    return (query, (partition, ask.name, *place, limit + 1)), page
