"""What a `find` asks for, checked against the declared index: the part that every adapter shares."""

import attrs

from tokolib.adapters.units.cursors import ID, from_cursor
from tokolib.adapters.units.fitting import integer, text
from tokolib.adapters.units.shapes import Shape, index_of
from tokolib.kernel.changed import changed
from tokolib.kernel.rows import Column, Index, Row, Scalar
from tokolib.kernel.storage_errors import Misuse


@attrs.frozen(eq=False)
class Range:
    """A stretch of an index: fixed first columns, bounds on the next, and the row to go on behind.

    `position` holds the columns after the fixed ones and then the id. `present` names those of the rest that may be
    null, and aren't in a sparse index; there, none of the rest is.
    """

    index: Index
    fixed: tuple[Scalar, ...]
    rest: tuple[Column, ...]
    present: tuple[str, ...]
    since: Scalar
    until: Scalar
    position: tuple[Scalar, ...] | None
    limit: int
    descending: bool


def range_of(
    shape: Shape,
    index_name: str,
    equals: Row | None,
    since: Scalar,
    until: Scalar,
    after: str | None,
    limit: int,
    descending: bool,
) -> Range:
    """The stretch that a `find` asks for.

    Raises:
        Misuse: the index is not declared, `equals` does not name its first columns, or a value can't be kept, or is
            null where the index is sparse.
        BadCursor: *after* was made by another question.
    """
    index = index_of(shape, index_name)
    columns, fixed = shape.columns, dict(equals or {})
    names = index.columns[: len(fixed)]
    if fixed.keys() != set(names):
        raise Misuse(f"equals must fix the first columns of {index_name} {index.columns}, not {sorted(fixed)}")
    for name, value in fixed.items():
        _check(columns[name], value)
        if value is None and index.sparse:
            raise Misuse(f"{index_name} is sparse: it leads to no document whose {name} is null")
    rest = tuple(columns[name] for name in index.columns[len(fixed) :])
    present = tuple(column.name for column in rest if column.null and index.sparse)
    if present:
        rest = tuple(changed(column, null=False) for column in rest)
    for bound in (since, until):
        if bound is not None:
            if not rest:
                raise Misuse(f"equals fixes all of {index_name}; nothing is left to bound")
            _check(rest[0], bound)
    position = None if after is None else from_cursor(after, (*rest, ID))
    return Range(
        index,
        tuple(fixed[name] for name in names),
        rest,
        present,
        since,
        until,
        position,
        positive(limit),
        descending,
    )


def positive(limit: int) -> int:
    """*limit*, which must let something through."""
    if integer(limit, "limit") < 1:
        raise Misuse(f"a page of {limit} holds nothing")
    return limit


def _check(column: Column, value: Scalar) -> None:
    if value is not None:
        (integer if column.type == "integer" else text)(value, column.name)
