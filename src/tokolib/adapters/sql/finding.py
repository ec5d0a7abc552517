"""The text and the values of a `find`: a stretch of a declared index, from bounds or from behind a row.

Null comes first in the order, and no comparison with null is ever true in SQL; so a column that may be null is
compared by cases.
"""

# ruff: noqa: S608 - names in the text come from declarations that `shapes_of` has checked

from typing import Final

from tokolib.adapters.units.cursors import ID
from tokolib.adapters.units.ranges import Range
from tokolib.kernel.rows import Column, Scalar

Condition = tuple[str, list[Scalar]]
NEVER: Final[Condition] = ("1 = 0", [])


def find(table: str, partition: str, asked: Range) -> tuple[str, list[Scalar]]:
    """One row more than the page holds, so that the sender sees whether there is another page."""
    conditions: list[Condition] = [("partition = ?", [partition]), *_fixed(asked), *_bounds(asked)]
    conditions += [(f'"{name}" IS NOT NULL', []) for name in asked.present]
    order = (*asked.rest, ID)
    if asked.position is not None:
        conditions.append(_behind(order, asked.position, asked.descending))
    direction = " DESC" if asked.descending else ""
    nulls = " NULLS LAST" if asked.descending else " NULLS FIRST"
    bounded = asked.rest[:1] if asked.since is not None or asked.until is not None else ()  # no null is within bounds
    by = ", ".join(
        f'"{column.name}"{direction}{nulls if column.null and column not in bounded else ""}' for column in order
    )
    position = "".join(f', "{column.name}"' for column in asked.rest)
    text = (
        f"SELECT id, version, body{position} FROM {table}"
        f" WHERE {' AND '.join(text for text, _ in conditions)} ORDER BY {by} LIMIT ?"
    )
    values: list[Scalar] = [value for _, bound in conditions for value in bound]
    return text, [*values, asked.limit + 1]


def _fixed(asked: Range) -> list[Condition]:
    return [
        (f'"{name}" IS NULL', []) if value is None else (f'"{name}" = ?', [value])
        for name, value in zip(asked.index.columns, asked.fixed, strict=False)
    ]


def _bounds(asked: Range) -> list[Condition]:
    bounds: list[Condition] = []
    if asked.since is not None:
        bounds.append((f'"{asked.rest[0].name}" >= ?', [asked.since]))
    if asked.until is not None:
        bounds.append((f'"{asked.rest[0].name}" < ?', [asked.until]))
    return bounds


def _behind(order: tuple[Column, ...], position: tuple[Scalar, ...], descending: bool) -> Condition:
    if not any(column.null for column in order):
        names = ", ".join(f'"{column.name}"' for column in order)
        sign = "<" if descending else ">"
        return f"({names}) {sign} ({', '.join('?' * len(order))})", list(position)
    first, value = order[0], position[0]
    beyond = _beyond(first, value, descending)
    if len(order) == 1:
        return beyond
    same: Condition = (f'"{first.name}" IS NULL', []) if value is None else (f'"{first.name}" = ?', [value])
    rest = _behind(order[1:], position[1:], descending)
    return f"({beyond[0]} OR ({same[0]} AND {rest[0]}))", [*beyond[1], *same[1], *rest[1]]


def _beyond(column: Column, value: Scalar, descending: bool) -> Condition:
    name = f'"{column.name}"'
    if value is None:
        return NEVER if descending else (f"{name} IS NOT NULL", [])
    if not descending:
        return f"{name} > ?", [value]
    return (f"({name} < ? OR {name} IS NULL)" if column.null else f"{name} < ?"), [value]
