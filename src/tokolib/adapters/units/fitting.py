"""Whether a row fits its columns, and its values in their order: what every backend can keep, and nothing else."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from types import NoneType
from typing import Any, Final

from tokolib.kernel.errors import shown
from tokolib.kernel.rows import LARGEST_INTEGER, Column, Row, Scalar
from tokolib.kernel.storage_errors import Misuse

_PLAIN: Final = {str, int, NoneType}


class Fit:
    """The columns of a collection or a fact table.

    Rows are many and of few shapes: whether their types fit is found out once for each combination of types, and all
    of a row's texts, and all of its numbers, are looked at together. Whatever is not at once seen to fit is looked at
    value by value, which says what is wrong.
    """

    def __init__(self, owner: str, columns: Sequence[Column]) -> None:
        self.owner = owner
        self.columns = columns
        self._values = _picker([column.name for column in columns])
        self._texts = _picker([column.name for column in columns if column.type == "text"])
        self._numbers = _picker([column.name for column in columns if column.type == "integer"])
        self._fitting: set[tuple[type, ...]] = set()

    def values(self, row: Row) -> tuple[Scalar, ...]:
        """*row* in the order of the columns.

        Raises:
            Misuse: a column is missing, unknown, of another type, or null where it may not be.
        """
        if len(row) != len(self.columns):
            names = [column.name for column in self.columns]
            raise Misuse(f"{self.owner} has the columns {names}, not {sorted(row)}")
        try:
            values = self._values(row)
        except KeyError as error:
            raise Misuse(f"{self.owner}.{error.args[0]} is missing") from None
        types = tuple(map(type, values))
        numbers = filter(None, self._numbers(row))
        if types in self._fitting and keepable(filter(None, self._texts(row))) and _in_range(tuple(numbers)):
            return values
        for column, value in zip(self.columns, values, strict=True):
            self._check(column, value)
        if _PLAIN.issuperset(types):
            self._fitting.add(types)
        return values

    def _check(self, column: Column, value: object) -> None:
        if value is None:
            if not column.null:
                raise Misuse(f"{self.owner}.{column.name} may not be null")
        elif column.type == "integer":
            integer(value, f"{self.owner}.{column.name}")
        else:
            text(value, f"{self.owner}.{column.name}")


def _picker(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the values of *names* out of a row."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple([row[name] for name in names])


def keepable(texts: Any) -> bool:
    """Whether *texts* can be seen to be text that every backend keeps, without looking at each."""
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    return joined.isascii() and "\0" not in joined


def _in_range(numbers: Sequence[int]) -> bool:
    return not numbers or (-LARGEST_INTEGER <= min(numbers) and max(numbers) <= LARGEST_INTEGER)


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
