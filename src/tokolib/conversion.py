"""Values as JSON-ready data and back: for queues, caches, templates and web frameworks.

The forms are those of the stored records: money is `[minor units, "IDR"]` and never a float, decimals and fractions
are text, instants are ISO 8601 in UTC, and a field whose default is *nothing* (None, zero, empty, false) is left out
when it holds that. In a field of several kinds JSON's own types stand as they are, and every other is tagged by its
name: `{"decimal": "1.50"}`, `{"quantity": {"steps": 350, "unit": ["kg", "0.001"]}}`.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
    StructureHandlerNotFoundError,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from tokolib.conditions.model import Predicate
from tokolib.conditions.wire import from_plain, to_plain
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shortened, shown
from tokolib.kernel.money import Money, UnitPrice
from tokolib.kernel.personal import personal_fields
from tokolib.kernel.quantity import UnitOfMeasure
from tokolib.records.forms import is_predicate, omitted, reader, writer
from tokolib.records.scalars import PLAIN, READ, TAGGED, WRITTEN, in_decimal, in_fraction, refused

T = TypeVar("T")

NODES: Final = frozenset(get_args(Predicate))
TAGS: Final[Mapping[Any, str]] = {
    Money: "money",
    Decimal: "decimal",
    Fraction: "fraction",
    datetime: "instant",
    date: "day",
    frozenset: "set",
}
"""What the records call the kinds of a field that takes several; any other kind goes by the name of its class."""

LONGEST_NUMBER: Final = 100
"""Characters of a number, and places that its exponent moves it: it comes from outside, and is computed with."""
LONGEST_REASON: Final = 200
"""Characters of what Python, or a host's own class, says of a value: it may repeat all of it."""
RATIO: Final = re.compile(r"-?[0-9]+(/[0-9]+)?", re.ASCII)
WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def json_converter() -> Converter:
    """A new converter of every public value: make it once, and add hooks for your own classes if you like.

    `unstructure(order)` is plain data for `json.dumps`; an error becomes its `problem()`, which is not read back.
    `structure(data, Order)` is the value again, equal to the one that was sent. Texts, whole numbers and truth values
    are taken as what they are, never turned into one another. It raises `InvalidInput`, with every fault and its
    path, for data that is no such value; what stood in a personal field is not repeated in it.
    """
    converter = _Converter(forbid_extra_keys=True, unstruct_collection_overrides={tuple: list, Set: sorted})
    _scalars(converter)
    converter.register_unstructure_hook_factory(_is_ours, _written_class)
    converter.register_structure_hook_factory(_is_ours, _read_class)
    converter.register_structure_hook_factory(_is_tuple, _read_tuple)
    converter.register_structure_hook_factory(_is_set, _read_set)
    converter.register_unstructure_hook_factory(_is_choice, _written_choice)
    converter.register_structure_hook_factory(_is_choice, _read_choice)
    converter.register_unstructure_hook_func(_is_node, to_plain)
    converter.register_structure_hook_func(_is_node, _read_node)
    converter.register_unstructure_hook_func(_is_error, TokolibError.problem)
    return converter


class _Converter(Converter):
    """cattrs' own, whose faults are ours."""

    def structure(self, obj: Any, cl: type[T]) -> T:
        """The value of a class that plain data stands for.

        Raises:
            InvalidInput: it stands for none.
            StructureHandlerNotFoundError: nobody told this converter how to make such a class.
        """
        try:
            return super().structure(obj, cl)
        except StructureHandlerNotFoundError:
            raise
        except Exception as error:
            raise InvalidInput(tuple(_faults(error, "", personal=False))) from error


# Scalars


def _scalars(converter: Converter) -> None:
    for kind in WRITTEN.keys() - PLAIN:
        converter.register_unstructure_hook(kind, _plainly(writer(kind)))
    for kind in READ.keys() - {str, int, Decimal, Fraction}:
        converter.register_structure_hook(kind, _only(reader(kind)))
    for kind in (str, int):  # a subclass, such as an IntEnum, is made of what its root is made of
        converter.register_structure_hook(kind, _rooted(kind, reader(kind)))
    converter.register_structure_hook(StrEnum, _rooted(StrEnum, reader(str)))
    converter.register_structure_hook(Decimal, _only(_read_decimal))
    converter.register_structure_hook(Fraction, _only(_read_fraction))
    converter.register_structure_hook(bytes, _only(_read_bytes))
    converter.register_unstructure_hook(StrEnum, lambda member: member.value)
    converter.register_unstructure_hook(bytes, lambda value: b64encode(value).decode())


def _plainly(write: Callable[[Any], str]) -> Callable[[Any], Any]:
    return lambda value: json.loads(write(value))


def _only(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda data, _: read(data)


def _rooted(root: type, read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda data, kind: read(data) if kind is root else kind(read(data))


def _read_decimal(data: Any) -> Decimal:
    if type(data) is str and len(data) <= LONGEST_NUMBER:
        made = in_decimal(data)
        if abs(made.adjusted()) <= LONGEST_NUMBER:
            return made
    return refused("a number as text", data)


def _read_fraction(data: Any) -> Fraction:
    if type(data) is str and len(data) <= 2 * LONGEST_NUMBER and RATIO.fullmatch(data):
        return in_fraction(data)
    return refused("a ratio as text", data)


def _read_bytes(data: Any) -> bytes:
    return b64decode(data, validate=True) if type(data) is str else refused("text in base64", data)


# Classes


def _is_ours(kind: Any) -> bool:
    cls = get_origin(kind) or kind
    scalar = cls in (Money, UnitPrice, UnitOfMeasure)
    return isinstance(cls, type) and attrs.has(cls) and cls.__module__.startswith("tokolib.") and not scalar


def _written_class(kind: Any, converter: Converter) -> Callable[[Any], Any]:
    fields = attrs.fields(attrs.resolve_types(get_origin(kind) or kind))
    left_out: dict[str, Any] = {field.name: override(omit_if_default=True) for field in fields if omitted(field)}
    return make_dict_unstructure_fn(kind, converter, **left_out)


def _read_class(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    if _is_error(kind):
        raise StructureHandlerNotFoundError(f"{kind.__name__} is an error: a problem document is not read back", kind)
    read = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)
    name = (get_origin(kind) or kind).__name__
    return lambda data, kind: read(data, kind) if isinstance(data, Mapping) else refused(f"an object ({name})", data)


def _is_error(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, TokolibError)


# Collections


def _is_tuple(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is tuple


def _is_set(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is frozenset


def _read_tuple(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    members = get_args(kind)
    if members[1:] == (...,):
        return lambda data, kind: tuple(_items(data, [members[0]] * len(_list(data)), kind, converter))

    def fixed(data: Any, kind: Any) -> Any:
        if len(_list(data)) != len(members):
            refused(f"a list of {len(members)}", data)
        return tuple(_items(data, members, kind, converter))

    return fixed


def _read_set(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (member,) = get_args(kind)
    return lambda data, kind: frozenset(_items(data, [member] * len(_list(data)), kind, converter))


def _list(data: Any) -> Sequence[Any]:
    return data if isinstance(data, list | tuple) else refused("a list", data)


def _items(data: Sequence[Any], kinds: Sequence[Any], whole: Any, converter: Converter) -> list[Any]:
    """Each item as its kind; all that are none are told at once."""
    made, errors = [], []
    for at, (item, kind) in enumerate(zip(data, kinds, strict=True)):
        try:
            made.append(converter.get_structure_hook(kind)(item, kind))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its place
            error.add_note(IterableValidationNote(f"item {at}", at, kind))  # cattrs' notes carry the place
            errors.append(error)
    if errors:
        raise IterableValidationError("items", errors, whole)
    return made


# Fields of several kinds


def _is_node(kind: Any) -> bool:
    return kind in NODES or is_predicate(_members(kind))


def _read_node(data: Any, kind: Any) -> Any:
    node = from_plain(data)
    if kind in NODES and type(node) is not kind:
        refused(f"a condition of the kind {kind.__name__}", type(node).__name__)
    return node


def _members(kind: Any) -> tuple[Any, ...]:
    """The kinds of a union beside None."""
    if get_origin(kind) not in (Union, UnionType):
        return ()
    return tuple(member for member in get_args(kind) if member is not NoneType)


def _is_choice(kind: Any) -> bool:
    members = _members(kind)
    return len(members) > 1 and all(member in TAGGED or _tag(member) for member in members)


def _tag(member: Any) -> str:
    """The name that a kind goes by in a field of several; nothing for what isn't ours, or JSON has itself."""
    cls = get_origin(member) or member
    if cls in TAGS:
        return TAGS[cls]
    ours = isinstance(cls, type) and attrs.has(cls) and cls.__module__.startswith("tokolib.")
    return WORD.sub("_", cls.__name__).lower() if ours else ""


def _written_choice(kind: Any, converter: Converter) -> Callable[[Any], Any]:
    tagged = {get_origin(member) or member: member for member in _members(kind) if _tag(member)}

    def write(value: Any) -> Any:
        cls = value.__class__
        if cls in PLAIN:
            return value
        if cls in tagged:
            return {_tag(cls): converter.unstructure(value, unstructure_as=tagged[cls])}
        return converter.unstructure(value)

    return write


def _read_choice(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    bare = frozenset(get_args(kind)) & PLAIN
    tagged = {_tag(member): member for member in _members(kind) if _tag(member)}
    wanted = " or ".join([*sorted(each.__name__ for each in bare - {NoneType}), *(f'{{"{tag}": …}}' for tag in tagged)])

    def read(data: Any, _: Any) -> Any:
        if data.__class__ in bare:
            return data
        match data:
            case dict() if len(data) == 1 and (tag := next(iter(data))) in tagged:
                return converter.get_structure_hook(tagged[tag])(data[tag], tagged[tag])
            case _:
                return refused(wanted, data)

    return read


# Faults


def _faults(error: Exception, path: str, *, personal: bool) -> Iterator[Fault]:
    """What an error of cattrs, and those inside of it, say of the data, each with its path."""
    match error:
        case ClassValidationError():
            private = personal_fields(error.cl) if attrs.has(error.cl) else ()
            for inner, note in _placed(error):
                name = note.name if isinstance(note, AttributeValidationNote) else ""
                place = f"{path}.{name}" if path and name else path or name
                if isinstance(inner, KeyError) and inner.args == (name,):
                    yield Fault(place, "kernel.required", "is required")
                else:
                    yield from _faults(inner, place, personal=personal or name in private)
        case IterableValidationError():
            for inner, note in _placed(error):
                place = f"{path}[{shown(note.index, str)}]" if isinstance(note, IterableValidationNote) else path
                yield from _faults(inner, place, personal=personal)
        case ForbiddenExtraKeysError():
            for name in sorted(map(str, error.extra_fields)):
                place = shown(name, str)
                yield Fault(f"{path}.{place}" if path else place, "kernel.unknown_field", "is not known here")
        case InvalidInput():  # it leaves out what is personal itself
            for fault in error.faults:
                yield attrs.evolve(fault, path=".".join(filter(None, (path, fault.path))))
        case TokolibError() if not personal:
            yield Fault(path, error.code, str(error))
        case _:
            why = "" if personal else f": {shortened(str(error), LONGEST_REASON)}"
            yield Fault(path, "kernel.malformed", f"can't be read{why}")


def _placed(error: ClassValidationError | IterableValidationError) -> Iterator[tuple[Exception, object]]:
    """The errors inside another, each with the note that tells its place."""
    with_notes, without = error.group_exceptions()
    yield from with_notes
    yield from ((inner, None) for inner in without)
