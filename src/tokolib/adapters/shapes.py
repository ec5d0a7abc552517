"""What was declared, checked once: a collection, its indexes, and whether a row fits."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from tokolib.kernel.errors import AdapterConfig, shown
from tokolib.kernel.rows import LARGEST_INTEGER, Collection, Column, Facts, FactTable, Index, Row, Scalar
from tokolib.kernel.storage_errors import Misuse

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED: Final = frozenset({"partition", "id", "version", "body", "document_id", "row_number"})


@attrs.frozen(eq=False)
class Shape:
    """One collection with its parts by name."""

    collection: Collection
    columns: tuple[Column, ...]
    indexes: Mapping[str, Index]
    facts: Mapping[str, FactTable]


Shapes = Mapping[str, Shape]


def shapes_of(adapter: str, collections: Sequence[Collection]) -> Shapes:
    """The shapes by the collection's name.

    Raises:
        AdapterConfig: a name can't be kept, is used twice, or an index names no column.
    """
    shapes: dict[str, Shape] = {}
    fact_names: set[str] = set()
    for collection in collections:
        if collection.name in shapes:
            raise AdapterConfig(adapter, f"two collections are called {collection.name!r}")
        _check_names(adapter, collection, fact_names)
        shapes[collection.name] = Shape(
            collection,
            collection.columns,
            {index.name: index for index in collection.indexes},
            {table.name: table for table in collection.facts},
        )
    return shapes


def _check_names(adapter: str, collection: Collection, fact_names: set[str]) -> None:
    names = [collection.name, *(index.name for index in collection.indexes)]
    columns = {column.name for column in collection.columns}
    for table in collection.facts:
        if table.name in fact_names:
            raise AdapterConfig(adapter, f"two fact tables are called {table.name!r}")
        fact_names.add(table.name)
        names.append(table.name)
    for name in names:
        if not NAME.fullmatch(name):
            raise AdapterConfig(adapter, f"{name!r} in {collection.name} is no name: a-z, 0-9 and _, up to 40")
    for group in (collection.columns, *(table.columns for table in collection.facts)):
        if len({column.name for column in group}) < len(group):
            raise AdapterConfig(adapter, f"{collection.name} declares a column twice")
        for column in group:
            if not NAME.fullmatch(column.name) or column.name in RESERVED:
                raise AdapterConfig(adapter, f"{collection.name} can't have a column called {column.name!r}")
            if column.type not in ("text", "integer"):
                raise AdapterConfig(adapter, f"{collection.name}.{column.name} is {column.type!r}, not text or integer")
    for index in collection.indexes:
        if missing := set(index.columns) - columns:
            raise AdapterConfig(adapter, f"index {index.name} of {collection.name} names no column: {sorted(missing)}")


def shape_of(shapes: Shapes, collection: Collection) -> Shape:
    """The declared shape of *collection*.

    Raises:
        Misuse: it was not declared when the storage was made.
    """
    shape = shapes.get(collection.name)
    if shape is None or (shape.collection is not collection and shape.collection != collection):
        raise Misuse(f"collection {collection.name!r} was not declared so when the storage was made")
    return shape


def index_of(shape: Shape, name: str) -> Index:
    """The declared index *name*.

    Raises:
        Misuse: it was not declared.
    """
    index = shape.indexes.get(name)
    if index is None:
        known = ", ".join(sorted(shape.indexes)) or "none"
        raise Misuse(f"{shape.collection.name} has no index {name!r}; declared: {known}")
    return index


def values_of(owner: str, columns: tuple[Column, ...], row: Row) -> tuple[Scalar, ...]:
    """*row* in the order of *columns*.

    Raises:
        Misuse: a column is missing, unknown, of another type, or null where it may not be.
    """
    if len(row) != len(columns):
        raise Misuse(f"{owner} has the columns {[column.name for column in columns]}, not {sorted(row)}")
    return tuple([_value(owner, column, row) for column in columns])


def _value(owner: str, column: Column, row: Row) -> Scalar:
    try:
        value = row[column.name]
    except KeyError:
        raise Misuse(f"{owner}.{column.name} is missing") from None
    if value is None:
        if column.null:
            return None
        raise Misuse(f"{owner}.{column.name} may not be null")
    if column.type == "integer":
        return integer(value, f"{owner}.{column.name}")
    return text(value, f"{owner}.{column.name}")


def fact_rows(shape: Shape, facts: Facts | None) -> Mapping[str, Sequence[tuple[Scalar, ...]]] | None:
    """*facts* as rows in the order of their columns, for every fact table; None stays None.

    Raises:
        Misuse: a table is not declared, or a row does not fit.
    """
    if facts is None:
        return None
    if unknown := facts.keys() - shape.facts.keys():
        raise Misuse(f"{shape.collection.name} has no fact table {sorted(unknown)[0]!r}")
    return {
        name: [values_of(name, table.columns, row) for row in facts.get(name, ())]
        for name, table in shape.facts.items()
    }


def text(value: object, name: str) -> str:
    """*value*, which must be text that every backend can keep."""
    if not isinstance(value, str):
        raise Misuse(f"{name} must be text, not {type(value).__name__}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Misuse(f"{name} is not Unicode text: {value!r}") from error
    if "\0" in value:
        raise Misuse(f"{name} holds a NUL character")
    return value


def integer(value: object, name: str) -> int:
    """*value*, which must be an integer of 64 bits; never a float, never a truth value."""
    if type(value) is not int:
        raise Misuse(f"{name} must be an integer, not {type(value).__name__}")
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise Misuse(f"{name} does not fit into 64 bits: {shown(value)}")
    return value
