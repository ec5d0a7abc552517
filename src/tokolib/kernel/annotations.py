"""What an annotation asks of a value: what a typed program can't do wrong, and a web form can.

A check is made of a hint once: of a command's signature when it is first called, of a value's class when it is first
handed over. It knows plain classes, unions of them, enums, ids, what collections hold, and the fields of attrs classes;
what it can't decide (a protocol that isn't checked at run time) it lets pass. A value with an id is something that the
shop knows already: only its id is read, so only its id is looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from itertools import islice
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, NewType, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit_price import UnitPrice

WANTED: Final = "wanted"
"""The metadata of a field that says in words what it takes, where its type says less: `a list of codes`."""


@attrs.frozen
class Check:
    """What one hint asks of a value: a quick look that most values pass, and the faults of those that don't."""

    passes: Callable[[Any], bool]
    """Whether there is certainly nothing wrong; it knows exact types only."""
    faults: Callable[[str, Any], Iterator[Fault]]
    """The faults of a value at a path."""
    choices: Mapping[str, Enum] = MappingProxyType({})
    """The members that may be given by their words."""
    listed: bool = False
    """Whether a list of items is taken: one that is handed over item by item is made one, to be looked at."""


MOST_FAULTS: Final = 100
"""So many are named at once; a list of a million wrong items is one mistake."""

_NAMES: Final[Mapping[str, str]] = {
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "NoneType": "None",
    "Iterable": "a list",
    "Sequence": "a list",
    "tuple": "a tuple",
    "frozenset": "a frozenset",
    "Mapping": "a mapping",
    "Callable": "a function",
    "date": "a day, without a time",
}
_COUNTED: Final = (Decimal, Money, UnitPrice, Quantity)
_BARE: Final = (bool, int, float, str, Decimal)
"""A number as it may be written; what reads numbers says itself, and better, what is wrong with one."""


def faults_within(path: str, value: attrs.AttrsInstance) -> Iterator[Fault]:
    """What is wrong with the fields of an attrs value that stands at *path*."""
    for name, check in _fields(type(value)):
        yield from check.faults(f"{path}.{name}" if path else name, getattr(value, name))


def check_fields(value: attrs.AttrsInstance) -> None:
    """Pass for an attrs value whose fields are what its class says that they are.

    Raises:
        InvalidInput: naming each that isn't.
    """
    fields = _fields(type(value))
    if all(check.passes(getattr(value, name)) for name, check in fields):
        return
    if faults := tuple(islice(faults_within("", value), MOST_FAULTS)):
        raise InvalidInput(faults)


@cache
def _fields(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, Check], ...]:
    """The fields of a class that are looked at, with their checks.

    A class with `reads_texts` has a room that reads every text in it, and names those that it can't keep among
    the other faults: here only their types count.
    """
    hints, fields = get_type_hints(cls), {field.name: field for field in attrs.fields(cls)}
    textual = not getattr(cls, "reads_texts", False)
    return tuple(
        (name, check_of(hints[name], textual=textual, wanted=fields[name].metadata.get(WANTED, "")))
        for name in (["id"] if "id" in fields else fields)
    )


def check_of(*hints: Any, textual: bool, wanted: str = "") -> Check:
    """The check of a value that one of *hints* describes, or *wanted* in words."""
    members = tuple(member for hint in hints for member in _members(hint))
    kinds = _kinds(members)
    if bytes in members and len(members) > 1:  # a file or a table: its reader says what it can't read, and where
        return _NOTHING
    if kinds is None:
        return _UNKEPT if textual else _NOTHING
    keys, values = (_held(members, mappings=True, at=at, textual=textual) for at in (slice(0, 1), slice(1, 2)))
    items = _held(members, mappings=False, at=slice(None), textual=textual)
    wanted = wanted or " or ".join(dict.fromkeys(_name(kind) for kind in kinds))
    hint = _Hint(kinds, wanted, textual, keys, values, items)
    return Check(hint.passes, hint.faults, hint.choices, items is not _NOTHING)


class _Hint:
    """What a value is compared with: the classes that it may have, and the checks of what it may hold."""

    def __init__(
        self, kinds: tuple[type, ...], wanted: str, textual: bool, keys: Check, values: Check, items: Check
    ) -> None:
        self.kinds, self.wanted, self.textual = kinds, wanted, textual
        self.keys, self.values, self.items = keys, values, items
        self.priced = not {Money, UnitPrice}.isdisjoint(kinds) and {Decimal, Quantity}.isdisjoint(kinds)
        self.nominal = tuple(kind for kind in kinds if not getattr(kind, "_is_protocol", False))  # told by the class
        self.choices = _choices(kinds)
        self.looks: dict[type, Callable[[Any], bool]] = {}

    def passes(self, value: Any) -> bool:
        """A quick look, of a kind that is learnt once for each class."""
        kind = type(value)
        if (look := self.looks.get(kind)) is None:
            look = self.looks[kind] = self.learnt(kind)
        return look(value)

    def faults(self, path: str, value: Any) -> Iterator[Fault]:
        """What is wrong with the value at *path* itself; or else with what it holds."""
        if self.priced and isinstance(value, _BARE) and type(value) not in self.kinds:
            if int in self.kinds:
                yield Fault(path, "kernel.wrong_type", f"must be {self.wanted}", shown(value))
            else:
                yield Fault(path, NotMoney.code, "is not money; say of which currency", shown(value))
        elif type(value) is str and (member := self.choices.get(value)) is not None:
            told = f"must be {type(member).__name__}.{member.name}, and not the word for it"
            yield Fault(path, "kernel.wrong_type", told, shown(value))
        elif not _fits(value, self.kinds):
            yield Fault(path, "kernel.wrong_type", f"must be {self.wanted}", shown(value))
        else:
            yield from self.within(path, value)

    def within(self, path: str, value: Any) -> Iterator[Fault]:
        """What is wrong with what a value of a right class holds."""
        if isinstance(value, str):
            yield from unkept(path, value) if self.textual else ()
        elif isinstance(value, Mapping) and not _mapped(self.kinds):
            for key in value:
                yield from self.items.faults(f"{path}[{shown(key, str)}]", key)
        elif isinstance(value, Mapping):
            for key, each in value.items():
                inside = f"{path}[{shown(key, str)}]"
                yield from tuple(self.keys.faults(path, key)) or self.values.faults(inside, each)
        elif isinstance(value, Sequence | Set) and not isinstance(value, bytes):
            for at, each in enumerate(value):
                yield from self.items.faults(f"{path}[{at}]" if isinstance(value, Sequence) else path, each)
        elif attrs.has(type(value)) and not isinstance(value, _COUNTED):  # those have checked themselves
            yield from faults_within(path, value)

    def learnt(self, kind: type) -> Callable[[Any], bool]:
        """The quick look at values of exactly this class."""
        keys, values, items = self.keys, self.values, self.items
        if self.priced and issubclass(kind, _BARE) and kind not in self.kinds:
            return _never
        if kind not in self.kinds and not (kind in (dict, list, tuple) and issubclass(kind, self.nominal)):
            return _never
        if issubclass(kind, str):
            return str.isprintable if self.textual else _always
        if issubclass(kind, Mapping):
            if not _mapped(self.kinds):  # its keys are the list
                return lambda value: all(map(items.passes, value))
            return lambda value: all(keys.passes(key) and values.passes(each) for key, each in value.items())
        if issubclass(kind, Sequence | Set) and not issubclass(kind, bytes):
            return lambda value: all(map(items.passes, value))
        if attrs.has(kind) and not issubclass(kind, _COUNTED):
            fields = _fields(kind)
            return lambda value: all(check.passes(getattr(value, name)) for name, check in fields)
        return _always


def _choices(kinds: Iterable[type]) -> Mapping[str, Enum]:
    """The members of enums among *kinds* by their words; where text is taken, a word is text."""
    if str in kinds:
        return {}
    return {member.value: member for kind in kinds if issubclass(kind, StrEnum) for member in kind}


def _members(hint: Any) -> Iterator[Any]:
    """What a union is of, ids as the text that they are; anything else by itself."""
    if isinstance(hint, NewType):
        yield from _members(hint.__supertype__)
    elif get_origin(hint) in (Union, UnionType):
        for member in get_args(hint):
            yield from _members(member)
    else:
        yield hint


def _kinds(members: Iterable[Any]) -> tuple[type, ...] | None:
    """The classes that a value may have, or None when that can't be said."""
    kinds = [_kind(member) for member in members]
    return None if None in kinds else tuple(kind for kind in kinds if kind)


def _kind(hint: Any) -> type | None:
    kind = get_origin(hint) or hint
    if kind is None:
        return NoneType
    if isinstance(hint, TypeVar) or kind in (Any, object) or not isinstance(kind, type) or is_typeddict(kind):
        return None
    if getattr(kind, "_is_protocol", False) and not getattr(kind, "_is_runtime_protocol", False):
        return None
    return kind


def _held(members: Iterable[Any], *, mappings: bool, at: slice, textual: bool) -> Check:
    """The check of what the collections among *members* hold: a mapping's keys or values, the others' items."""
    inside = [
        [held for held in get_args(member)[at] if held is not ...]
        for member in members
        if isinstance(kind := get_origin(member), type)
        and issubclass(kind, Iterable)
        and issubclass(kind, Mapping) is mappings
    ]
    if not inside or not all(inside):
        return _NOTHING
    return check_of(*(held for each in inside for held in each), textual=textual)


def _nothing(path: str, value: Any) -> Iterator[Fault]:
    """Can't be said, so nothing is wrong."""
    yield from ()


def _always(value: Any) -> bool:
    return True


def _never(value: Any) -> bool:
    return False


def unkept(path: str, value: Any) -> Iterator[Fault]:
    """Text that no storage keeps. JSON can write both: `"\\ud800"`, half of a surrogate pair, and `"\\u0000"`."""
    if not isinstance(value, str):
        return
    try:
        value.encode()
    except UnicodeEncodeError as error:
        message = f"is not Unicode text: half a character at {error.start}"
        yield Fault(path, "kernel.not_unicode", message, shown(value))
    if "\0" in value:
        yield Fault(path, "kernel.unprintable", f"has a NUL character at {value.index(chr(0))}", shown(value))


_NOTHING: Final = Check(_always, _nothing)
_UNKEPT: Final = Check(lambda value: not isinstance(value, str) or value.isprintable(), unkept)


def _mapped(kinds: Iterable[type]) -> bool:
    return any(issubclass(kind, Mapping) for kind in kinds)


def _fits(value: Any, kinds: tuple[type, ...]) -> bool:
    if type(value) in kinds:
        return True
    if isinstance(value, _BARE) and any(kind in _COUNTED for kind in kinds):
        return True
    if isinstance(value, bool):
        return False
    if isinstance(value, datetime):  # a day too, by its class, and never what a day means
        return datetime in kinds
    if isinstance(value, str | bytes):  # text is iterable too, and never what a list of codes means
        return any(kind in type(value).__mro__ for kind in kinds)
    return isinstance(value, kinds)


def _name(kind: type) -> str:
    if issubclass(kind, Enum):
        return f"one of {', '.join(str(member.value) for member in kind)}"
    if getattr(kind, "_is_protocol", False):  # `HasOrderId`, for a room below that doesn't know an Order
        return kind.__name__.removeprefix("Has").removesuffix("Id") or kind.__name__
    return _NAMES.get(kind.__name__, kind.__name__)
