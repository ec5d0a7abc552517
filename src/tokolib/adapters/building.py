"""What the adapters of this package are built of, for whoever writes one: docs/how-to/write-a-storage-adapter.md.

**A backend that is an ordered map of bytes** (dbm, LMDB, RocksDB, FoundationDB, …) gives `Rows`: one transaction with
`get`, `put`, `drop`, `walk`, `commit` and `rollback`. `KeyedUnit`, `KeyedOutbox` and `declare` are all the rest;
`Turns` keeps transactions apart for a map that can't. `pack` makes bytes of values, which sort as the values do, and
`unpack` makes values of them.

**A backend with questions of its own** (SQL, documents) starts from `RecordingUnit`, whose writes are checked and
recorded: send its `Batch` in the order that the batch tells. `shapes_of` and `shape_of` check what was declared,
`range_of` what a `find` asks for; `to_cursor` and `from_cursor` make the pages' cursors; `standing` and `is_held` are
the rules of holds, `answer` asks one question at a time, `to_micros` and `from_micros` keep instants.

**Around both**: `jitter` for `pause`, `seconds` for a timeout, `place`, `queried` and `parameters` to read a URL,
`without_password` to repeat it in an error, and `AsyncStorage`, which makes a blocking storage awaitable, on a thread
of its own (`OneThread`).
"""

from tokolib.adapters.addresses import Parameters, parameters, place, queried, without_password
from tokolib.adapters.awaited.runners import OneThread
from tokolib.adapters.awaited.storage import AsyncStorage
from tokolib.adapters.jitter import jitter
from tokolib.adapters.keyed.declaring import declare
from tokolib.adapters.keyed.outbox import KeyedOutbox
from tokolib.adapters.keyed.packing import pack, unpack
from tokolib.adapters.keyed.rows import Rows
from tokolib.adapters.keyed.turns import Turns
from tokolib.adapters.keyed.unit import KeyedUnit
from tokolib.adapters.units.answering import answer
from tokolib.adapters.units.cursors import PLACES, from_cursor, to_cursor
from tokolib.adapters.units.fitting import integer, text
from tokolib.adapters.units.instants import after_lease, from_micros, to_micros
from tokolib.adapters.units.ranges import Range, positive, range_of
from tokolib.adapters.units.recording import RecordingUnit
from tokolib.adapters.units.shapes import Shape, Shapes, shape_of, shapes_of
from tokolib.adapters.units.standing import LIVE, is_held, standing
from tokolib.adapters.units.waiting import seconds
from tokolib.adapters.units.writes import (
    Adjust,
    Append,
    Batch,
    Count,
    DocWrite,
    Hold,
    Keep,
    KeyWrite,
    Op,
    Post,
    Release,
    Take,
)

__all__ = [
    "LIVE",
    "PLACES",
    "Adjust",
    "Append",
    "AsyncStorage",
    "Batch",
    "Count",
    "DocWrite",
    "Hold",
    "Keep",
    "KeyWrite",
    "KeyedOutbox",
    "KeyedUnit",
    "OneThread",
    "Op",
    "Parameters",
    "Post",
    "Range",
    "RecordingUnit",
    "Release",
    "Rows",
    "Shape",
    "Shapes",
    "Take",
    "Turns",
    "after_lease",
    "answer",
    "declare",
    "from_cursor",
    "from_micros",
    "integer",
    "is_held",
    "jitter",
    "pack",
    "parameters",
    "place",
    "positive",
    "queried",
    "range_of",
    "seconds",
    "shape_of",
    "shapes_of",
    "standing",
    "text",
    "to_cursor",
    "to_micros",
    "unpack",
    "without_password",
]
