"""What was declared, checked once: a collection, its columns, its indexes, its facts."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from tokolib.adapters.units.fitting import Fit
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.rows import Collection, Column, Facts, Index, Scalar
from tokolib.kernel.storage_errors import Misuse

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
FactRows = Mapping[str, Sequence[tuple[Scalar, ...]]]
"""Rows by fact table, each in the order of the table's columns."""
RESERVED: Final = frozenset({"partition", "id", "version", "body", "document_id", "row_number"})


@attrs.frozen(eq=False)
class Shape:
    """One collection with its parts by name."""

    collection: Collection
    fit: Fit
    columns: Mapping[str, Column]
    indexes: Mapping[str, Index]
    facts: Mapping[str, Fit]


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
            Fit(collection.name, collection.columns),
            {column.name: column for column in collection.columns},
            {index.name: index for index in collection.indexes},
            {table.name: Fit(table.name, table.columns) for table in collection.facts},
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


def fact_rows(shape: Shape, facts: Facts | None) -> FactRows | None:
    """*facts* as rows in the order of their columns, for every fact table; None stays None.

    Raises:
        Misuse: a table is not declared, or a row does not fit.
    """
    if facts is None:
        return None
    if unknown := facts.keys() - shape.facts.keys():
        raise Misuse(f"{shape.collection.name} has no fact table {sorted(unknown)[0]!r}")
    return {name: [fit.values(row) for row in facts.get(name, ())] for name, fit in shape.facts.items()}
