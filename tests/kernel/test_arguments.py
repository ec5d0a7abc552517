"""Arguments of commands, held against their annotations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, TypedDict, Unpack

import pytest

from tokolib.kernel.arguments import checker
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import IDR, Money

Id = NewType("Id", str)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Options(TypedDict, total=False):
    exclusive: bool
    name: str


def body(
    self: Any,
    id: Id,
    /,
    goods: Mapping[str, int] | Sequence[Money] = (),
    *fixes: Money,
    codes: Iterable[str] = (),
    colour: Colour | None = None,
    price: Money | None = None,
    at: datetime | None = None,
    limit: int = 1,
    anything: Any = None,
    later: "Unknown" = None,  # noqa: F821 - a name that only a type checker knows
    **options: Unpack[Options],
) -> None:
    """A command with every kind of argument."""


def paths(*args: Any, **kwargs: Any) -> list[str]:
    try:
        checker(body)(args, kwargs)
    except InvalidInput as refused:
        return [fault.path for fault in refused.faults]
    return []


@pytest.mark.parametrize(
    ("args", "kwargs", "expected"),
    [
        (("a", {"KOPI": 1}), {}, []),
        (("a", [IDR(1)]), {}, []),
        (("a", {"KOPI": 1}, IDR(1), None), {}, ["fixes[1]"]),
        ((None,), {}, ["id"]),
        (("a", {None: 1}), {}, ["goods"]),
        (("a", "KOPI"), {}, ["goods"]),
        (("a\ud800",), {"name": "\udfff"}, ["id", "name"]),
        (("a", {"KOPI\ud800": 1}), {"codes": ["VIP", "\udc00"]}, ["goods", "codes"]),
        (("\U0001f375",), {}, []),
        (("a",), {"codes": "VIP"}, ["codes"]),
        (("a",), {"codes": ["VIP", 5]}, ["codes"]),
        (("a",), {"codes": (each for each in "ab")}, []),
        (("a",), {"colour": "red"}, ["colour"]),
        (("a",), {"colour": Colour.RED, "at": None}, []),
        (("a",), {"at": "2026-01-01"}, ["at"]),
        (("a",), {"limit": True}, ["limit"]),
        (("a",), {"limit": "20"}, ["limit"]),
        (("a",), {"price": {}}, ["price"]),
        (("a",), {"price": 1.5}, []),  # what reads money says better what is wrong
        (("a",), {"anything": object(), "later": object()}, []),
        (("a",), {"exclusive": 1, "name": None}, ["exclusive", "name"]),
    ],
)
def test_every_argument_of_another_type_is_named(args, kwargs, expected):
    """All faults at once, by the name of the argument; what can't be decided passes."""
    assert expected == paths(*args, **kwargs)


def test_a_missing_argument_is_pythons_own_error():
    """That is the program's fault, not the input's."""
    with pytest.raises(TypeError):
        checker(body)((), {})


def test_an_enum_names_its_values():
    """The way out stands in the message."""
    with pytest.raises(InvalidInput, match="must be one of red, blue or None @ colour"):
        checker(body)(("a",), {"colour": "green"})
