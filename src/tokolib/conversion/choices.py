"""Fields of several kinds: JSON's own types as they are, every other tagged by its name; conditions by their own."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import attrs
from cattrs import Converter

from tokolib.conditions.model import Predicate
from tokolib.conditions.wire import from_plain, to_plain
from tokolib.kernel.money import Money
from tokolib.kernel.unit_price import UnitPrice
from tokolib.records.forms import is_predicate, tag
from tokolib.records.scalars import PLAIN, TAGGED, refused

TAGS: Final[Mapping[Any, str]] = {
    Money: "money",
    UnitPrice: "unit_price",
    Decimal: "decimal",
    Fraction: "fraction",
    datetime: "instant",
    date: "day",
    frozenset: "set",
}
"""What the records call the kinds of a field that takes several; any other kind goes by the name of its class."""

NODES: Final = frozenset(get_args(Predicate))


def teach_choices(converter: Converter) -> None:
    """Let *converter* write and read fields of several kinds, and conditions."""
    converter.register_unstructure_hook_factory(_is_choice, _written_choice)
    converter.register_structure_hook_factory(_is_choice, _read_choice)
    converter.register_unstructure_hook_func(_is_node, to_plain)
    converter.register_structure_hook_func(_is_node, _read_node)


def _members(kind: Any) -> tuple[Any, ...]:
    """The kinds of a union beside None."""
    if get_origin(kind) not in (Union, UnionType):
        return ()
    return tuple(member for member in get_args(kind) if member is not NoneType)


def _is_choice(kind: Any) -> bool:
    members = _members(kind)
    return len(members) > 1 and all(member in TAGGED or _name(member) for member in members)


def _name(member: Any) -> str:
    """The name that a kind goes by in a field of several; nothing for what isn't ours, or JSON has itself."""
    cls = get_origin(member) or member
    if cls in TAGS:
        return TAGS[cls]
    ours = isinstance(cls, type) and attrs.has(cls) and cls.__module__.startswith("tokolib.")
    return tag(cls) if ours else ""


def _written_choice(kind: Any, converter: Converter) -> Callable[[Any], Any]:
    tagged = {get_origin(member) or member: member for member in _members(kind) if _name(member)}

    def write(value: Any) -> Any:
        cls = value.__class__
        if cls in PLAIN:
            return value
        if cls in tagged:
            return {_name(cls): converter.unstructure(value, unstructure_as=tagged[cls])}
        return converter.unstructure(value)

    return write


def _read_choice(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    bare = frozenset(get_args(kind)) & PLAIN
    tagged = {_name(member): member for member in _members(kind) if _name(member)}
    wanted = " or ".join(
        [*sorted(each.__name__ for each in bare - {NoneType}), *(f'{{"{name}": …}}' for name in tagged)]
    )

    def read(data: Any, _: Any) -> Any:
        if data.__class__ in bare:
            return data
        match data:
            case dict() if len(data) == 1 and (name := next(iter(data))) in tagged:
                return converter.get_structure_hook(tagged[name])(data[name], tagged[name])
            case _:
                return refused(wanted, data)

    return read


def _is_node(kind: Any) -> bool:
    return kind in NODES or is_predicate(_members(kind))


def _read_node(data: Any, kind: Any) -> Any:
    node = from_plain(data)
    if kind in NODES and type(node) is not kind:
        refused(f"a condition of the kind {kind.__name__}", type(node).__name__)
    return node
