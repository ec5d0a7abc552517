"""What was declared, kept beside the rows: a collection that is declared otherwise is indexed anew, or refused."""

import json

from tokolib.adapters.keyed.forms import columns_of
from tokolib.adapters.keyed.packing import END, number, unpack, words
from tokolib.adapters.keyed.rows import Rows, Shelf
from tokolib.adapters.keyed.writing import put_index
from tokolib.adapters.units.shapes import Shape, Shapes
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.schema_errors import SchemaTooNew

FORMAT = 1
"""The form of the rows; it rises when they are laid out otherwise."""


def declare(adapter: str, rows: Rows, shapes: Shapes, *, dry_run: bool) -> list[str]:
    """Bring what is stored up to *shapes*, and tell what was done (*dry_run*: what would be); the second time, nothing.

    *rows* are a transaction for this alone: it is over afterwards.

    Raises:
        SchemaTooNew: a later form of the rows is stored.
        AdapterConfig: a collection is stored with other columns than it is declared with.
        AlreadyExists: documents collide in an index that is unique now. In all cases nothing was changed.
    """
    try:
        done = _declared(adapter, rows, shapes)
        if done and not dry_run:
            rows.commit()
        return done
    finally:
        rows.rollback()


def _declared(adapter: str, rows: Rows, shapes: Shapes) -> list[str]:
    beside = Shelf(rows, None)  # the name of no partition
    found = beside.get("format")
    if found is not None and found[0] != FORMAT:
        raise SchemaTooNew(number(found[0]), FORMAT)
    beside.put(("format",), FORMAT)
    done = []
    for name, shape in shapes.items():
        before, after = beside.get("declared", name), _told(shape)
        if before == after:
            continue
        if before is not None:
            if before[0] != after[0]:
                was = words(before[0])
                raise AdapterConfig(adapter, f"{name} is stored with the columns {was}, not {after[0]}")
            _index_anew(shape, rows)
        beside.put(("declared", name), *after)
        done.append(f"{'declare' if before is None else 'index'} {name}")
    return done


def _told(shape: Shape) -> tuple[str, str]:
    columns = [[column.name, column.type, column.null] for column in shape.collection.columns]
    indexes = [[index.name, index.columns, index.unique, index.sparse] for index in shape.collection.indexes]
    return json.dumps(columns), json.dumps(indexes)


def _index_anew(shape: Shape, rows: Rows) -> None:
    for key, _ in _rows_of("index", shape, rows):
        rows.drop(key)
    for key, value in _rows_of("doc", shape, rows):
        partition, _, _, id = unpack(key)
        for index in shape.collection.indexes:
            put_index(shape, index, columns_of(unpack(value)), words(id), Shelf(rows, words(partition)))


def _rows_of(group: str, shape: Shape, rows: Rows) -> list[tuple[bytes, bytes]]:
    """What all partitions have of a collection in a group."""
    wanted = (group, shape.collection.name)
    return [row for row in rows.walk(b"", END) if unpack(row[0])[1:3] == wanted]
