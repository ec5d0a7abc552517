"""Makes a SQLite shop full of sound orders, quickly: a first part of its life is copied, and every copy proves true.

`filling` copies rows for whom no body is read; here all of them are. Each copy's ids are the originals' at a later
time, whatever is made of an id (a key, a digest of what was observed) is made anew, and so is every checksum. Stock
levels are then what the movements and holds say. What touches an aggregate that was there before (a return restocks,
an invoice takes a number) can't be copied so.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from benchmarks.filling import Table, tables
from tokolib.adapters.units.instants import from_micros
from tokolib.effects.model import Observation
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ids import ALPHABET, base32
from tokolib.kernel.rows import StoredEvent
from tokolib.payments.events import Observed
from tokolib.records.payments import INTENTS
from tokolib.records.record import checksum

TOKEN: Final = re.compile(r"([a-z]{3}_[0-9a-z]{26}|[0-9A-Z]{4}-[0-9A-Z]{5}|[0-9a-f]{16}|[0-9a-f]{12})")
ID: Final = re.compile(r"[a-z]{3}_[0-9a-z]{26}")
REFERENCE: Final = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{5}")
TIME: Final = 80
"""The bits of an id below its milliseconds."""
SPAN: Final = 60_000
"""Milliseconds between a copy's ids and the next one's: the whole life that is copied lasts less."""
_PAYLOAD: Final = re.compile(
    rb'(\{"by":("[^"]*"),"data":)(.*)(,"request":("[^"]*"),"schema":([0-9]+),"sum":")', re.DOTALL
)

Rename = Callable[[str], str]


def multiply(file: Path, before: Path, copies: int) -> int:
    """Add *copies* copies of all rows that *file* has and *before* hasn't; answers how many rows were added."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("ATTACH ? AS earlier", (str(before),))
    lived = {table: _new(connection, table) for table in tables(connection)}
    life = _Life(lived)
    added = 0
    for copy in range(1, copies + 1):
        connection.execute("BEGIN")
        for table, rows in life.copied(copy):
            marks = ", ".join("?" for _ in table.columns)
            connection.executemany(f'INSERT INTO main."{table.name}" VALUES ({marks})', rows)  # noqa: S608
            added += len(rows)
        connection.execute("COMMIT")
    connection.execute(
        """UPDATE tokolib_stock SET
        on_hand = (SELECT sum(amount) FROM tokolib_ledger WHERE name = 'stock' AND account = resource),
        held = (SELECT coalesce(sum(quantity), 0) FROM tokolib_hold h
                WHERE h.resource = tokolib_stock.resource AND state IN ('leased', 'kept'))"""
    )
    connection.close()
    return added


def _new(connection: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    same = " AND ".join(f'old."{column}" = new."{column}"' for column in table.uniques[0])
    columns = ", ".join(f'new."{column}"' for column in table.columns)
    old = f'SELECT 1 FROM earlier."{table.name}" old WHERE {same}'  # noqa: S608 - the names are the schema's own
    found: list[tuple[Any, ...]] = connection.execute(
        f'SELECT {columns} FROM main."{table.name}" new WHERE NOT EXISTS ({old})'  # noqa: S608
    ).fetchall()
    return found


class _Life:
    """The rows of a life, cut where they name something that each copy has of its own."""

    def __init__(self, lived: Mapping[Table, Sequence[tuple[Any, ...]]]) -> None:
        self._observed = [*_observations(lived)]
        said = {digest for each in self._observed for digest in _digests(each, str)}
        ids = {found for table, rows in lived.items() for row in rows for found in _own(table, row)}
        self._tokens = sorted(ids | said)
        self._said = said
        known = {token: place for place, token in enumerate(self._tokens)}
        self._rows = [
            (table, [[_cut(value, known) for value in row] for row in rows], _sealed(table))
            for table, rows in lived.items()
            if rows
        ]

    def copied(self, copy: int) -> Iterator[tuple[Table, list[list[Any]]]]:
        """The rows of one copy, by table."""
        names = {token: _renamed(token, copy) for token in self._tokens if token not in self._said}

        def rename(text: str) -> str:
            return ID.sub(lambda found: names.get(found[0], found[0]), text)

        for each in self._observed:
            names.update(zip(_digests(each, str), _digests(each, rename), strict=True))
        made = [names[token] for token in self._tokens]
        encoded = [each.encode() for each in made]
        for table, rows, seal in self._rows:
            yield table, [seal([_joined(value, made, encoded) for value in row]) for row in rows]


def _observations(lived: Mapping[Table, Sequence[tuple[Any, ...]]]) -> Iterator[Observation]:
    for table, rows in lived.items():
        if table.name == "tokolib_history":
            for row in rows:
                told = dict(zip(table.columns, row, strict=True))
                if told["topic"] == Observed.topic:
                    at = from_micros(told["at"])
                    stored = StoredEvent(told["id"], told["stream"], told["seq"], told["topic"], told["payload"], at)
                    event = INTENTS.read_event(stored).event
                    assert isinstance(event, Observed)
                    yield event.observation


def _digests(observation: Observation, rename: Rename) -> tuple[str, str]:
    """What a payment keeps of an observation: its fact, and the name of an operation that it brought with it."""
    seen = attrs.evolve(observation, reference=rename(observation.reference), about=rename(observation.about))
    return seen.fact, fingerprint(seen.provider, seen.kind, seen.reference)[:12]


def _own(table: Table, row: Iterable[Any]) -> Iterator[str]:
    """The ids, and the reference, that a row is found by: they are new with it."""
    told = dict(zip(table.columns, row, strict=True))
    for column in table.uniques[0]:
        if isinstance(told[column], str):
            yield from ID.findall(told[column])
    yield from REFERENCE.findall(str(told.get("reference", "")))
    yield from ID.findall(str(told.get("line_id", "")))


def _renamed(token: str, copy: int) -> str:
    if REFERENCE.fullmatch(token):
        return f"{token}-{copy}"
    prefix, _, text = token.partition("_")
    number = 0
    for letter in text:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return f"{prefix}_{base32(number + (copy * SPAN << TIME), 26)}"


def _cut(value: Any, known: Mapping[str, int]) -> Any:
    """*value*, or its constant parts with the places of the tokens between them."""
    if not isinstance(value, str | bytes):
        return value
    text = value if isinstance(value, str) else value.decode()
    parts: list[Any] = [""]
    for place, part in enumerate(TOKEN.split(text)):
        if place % 2 and part in known:
            parts += [known[part], ""]
        else:
            parts[-1] += part
    if len(parts) == 1:
        return value
    parts[::2] = [each if isinstance(value, str) else each.encode() for each in parts[::2]]
    return parts


def _joined(value: Any, made: Sequence[str], encoded: Sequence[bytes]) -> Any:
    if not isinstance(value, list):
        return value
    parts: list[Any] = value[:]
    if isinstance(parts[0], bytes):
        parts[1::2] = [encoded[place] for place in value[1::2]]
        return b"".join(parts)
    parts[1::2] = [made[place] for place in value[1::2]]
    return "".join(parts)


def _sealed(table: Table) -> Callable[[list[Any]], list[Any]]:
    """What gives a row its checksum."""
    if "body" in table.columns:
        body = table.columns.index("body")

        def seal_body(row: list[Any]) -> list[Any]:
            text: bytes = row[body]
            data, envelope = text[: text.rindex(b',"form":')], text[text.rindex(b',"form":') :]
            sum_ = envelope.index(b'"sum":"') + 7
            made = checksum(data.removeprefix(b'{"data":'))
            row[body] = data + envelope[:sum_] + made + envelope[sum_ + 8 :]
            return row

        return seal_body
    if "payload" in table.columns:
        id, topic, at, payload = (table.columns.index(name) for name in ("id", "topic", "at", "payload"))

        def seal_payload(row: list[Any]) -> list[Any]:
            found = _PAYLOAD.match(row[payload])
            assert found is not None
            head, by, data, tail, request, schema = found.groups()
            place = f"{row[id]}\n{row[topic]}\n{from_micros(row[at]).isoformat()}".encode()
            made = checksum(b"\n".join((place, by, request, schema, data)))
            row[payload] = b"".join((head, data, tail, made, b'"}'))
            return row

        return seal_payload
    return lambda row: row
