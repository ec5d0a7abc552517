"""Arguments of a command, held against their annotations: what a typed program can't do wrong, and a web form can.

A check is made of a hint once: of a command's signature when it is first called, of a value's class when it is first
handed over. It knows plain classes, unions of them, enums, ids, what collections hold, and the fields of attrs classes;
what it can't decide (a protocol that isn't checked at run time) it lets pass. A value with an id is something that the
shop knows already: only its id is read, so only its id is looked at.

A choice may be given by its word (`on="order"`): the command gets the member.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum, StrEnum
from functools import cache
from itertools import islice
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, NewType, TypeVar, Union, Unpack, get_args, get_origin, get_type_hints, is_typeddict

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import Money, NotMoney, UnitPrice
from tokolib.kernel.quantity import Quantity


@attrs.frozen
class Check:
    """What one hint asks of a value: a quick look that most values pass, and the faults of those that don't."""

    passes: Callable[[Any], bool]
    """Whether there is certainly nothing wrong; it knows exact types only."""
    faults: Callable[[str, Any], Iterator[Fault]]
    """The faults of a value at a path."""
    choices: Mapping[str, Enum] = MappingProxyType({})
    """The members that may be given by their words."""


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
}
_COUNTED: Final = (Decimal, Money, UnitPrice, Quantity)
_REST: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_BARE: Final = (bool, int, float, str, Decimal)
"""A number as it may be written; what reads numbers says itself, and better, what is wrong with one."""


Given = tuple[tuple[Any, ...], dict[str, Any]]
"""Arguments by place, and by name."""

WANTED: Final = "wanted"
"""The metadata of a field that says in words what it takes, where its type says less: `a list of codes`."""


def checker(body: Callable[..., Any]) -> Callable[[tuple[Any, ...], dict[str, Any]], Given]:
    """A function that passes the arguments of *body* (without `self`) on, or refuses them.

    Raises (the function):
        InvalidInput: values of another type than annotated, or text that no storage keeps (half of a surrogate
            pair, NUL), in the arguments or inside them; the first hundred are named. Nothing was opened.
        NotMoney: only this is wrong: a bare number for an amount or a price. Nothing was opened.
        TypeError: missing or unknown arguments, as Python itself says, with the name of the command.
    """
    signature = inspect.signature(body)
    checks, options, bind = _checks(body.__annotations__), _options(signature), _binder(signature)

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Given:
        plain = bind(args, kwargs)
        if plain is not None and all(checks[name].passes(value) for name, value in plain if name in checks):
            return args, kwargs
        bound = _bound(body, signature, options, (args, kwargs))
        for name, value in bound.arguments.items():
            if (look := checks.get(name)) is not None and type(value) is str:
                bound.arguments[name] = look.choices.get(value, value)
        faults = (
            fault
            for name, path, value in _flat(bound.arguments, signature)
            if (look := checks.get(name)) is not None
            for fault in look.faults(path, value)
        )
        if named := tuple(islice(faults, MOST_FAULTS)):
            raise _refusal(named)
        return bound.args[1:], bound.kwargs

    return check


def _bound(
    body: Callable[..., Any], signature: inspect.Signature, options: Mapping[str, frozenset[str]], given: Given
) -> inspect.BoundArguments:
    """The arguments by name.

    Raises:
        TypeError: as Python itself says, and which command it is; nobody takes a misspelt option.
    """
    args, kwargs = given
    try:
        bound = signature.bind(None, *args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{body.__qualname__}(): {error}") from None
    for rest, known in options.items():
        for strange in sorted(bound.arguments.get(rest, {}).keys() - known):
            near = get_close_matches(strange, [*signature.parameters, *known], 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{body.__qualname__}(): got an unexpected keyword argument {strange!r}{hint}")
    return bound


def _binder(
    signature: inspect.Signature,
) -> Callable[[tuple[Any, ...], dict[str, Any]], list[tuple[str, Any]] | None]:
    """A function that names the arguments of a plain call, or answers None: then Python itself is asked."""
    plain = [each for each in list(signature.parameters.values())[1:] if each.kind not in _REST]
    by_place = [each.name for each in plain if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    by_name = {each.name for each in plain if each.kind is not inspect.Parameter.POSITIONAL_ONLY}
    needed = {each.name for each in plain if each.default is inspect.Parameter.empty}

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[str, Any]] | None:
        given = by_place[: len(args)]
        if len(given) < len(args) or not by_name.issuperset(kwargs) or not kwargs.keys().isdisjoint(given):
            return None
        if not needed.issubset([*given, *kwargs]):
            return None
        return [*zip(given, args, strict=True), *kwargs.items()]

    return bind


def _refusal(faults: tuple[Fault, ...]) -> InvalidInput | NotMoney:
    """The error for *faults*; a bare number for money, when it is all that is wrong, has its own."""
    first = faults[0]
    return (
        NotMoney(first.path, first.value) if faults[1:] == () and first.code == NotMoney.code else InvalidInput(faults)
    )


def faults_within(path: str, value: attrs.AttrsInstance) -> Iterator[Fault]:
    """What is wrong with the fields of an attrs value that stands at *path*."""
    for name, check in _fields(type(value)):
        yield from check.faults(f"{path}.{name}" if path else name, getattr(value, name))


def texts(path: str, values: Iterable[object]) -> tuple[str, ...]:
    """What an iterable of texts yields: the border can't look into an iterator without using it up.

    Raises:
        InvalidInput: an item that is no text.
    """
    found = tuple(values)
    wrong = (
        Fault(f"{path}[{at}]", "kernel.wrong_type", "must be text", shown(each))
        for at, each in enumerate(found)
        if not isinstance(each, str)
    )
    if faults := tuple(islice(wrong, MOST_FAULTS)):
        raise InvalidInput(faults)
    return tuple(each for each in found if isinstance(each, str))


def _options(signature: inspect.Signature) -> dict[str, frozenset[str]]:
    """The names that a command's `**options` may have; Python itself would take any."""
    return {
        each.name: frozenset(get_type_hints(get_args(each.annotation)[0]))
        for each in signature.parameters.values()
        if get_origin(each.annotation) is Unpack
    }


def _flat(bound: Mapping[str, Any], signature: inspect.Signature) -> Iterator[tuple[str, str, Any]]:
    """Each argument by the name that is annotated, its path, and its value."""
    for name, value in bound.items():
        match signature.parameters[name].kind:
            case inspect.Parameter.VAR_KEYWORD:
                yield from ((key, key, each) for key, each in value.items())
            case inspect.Parameter.VAR_POSITIONAL:
                yield from ((name, f"{name}[{at}]", each) for at, each in enumerate(value))
            case _:
                yield name, name, value


def _checks(hints: Mapping[str, Any]) -> dict[str, Check]:
    made: dict[str, Check] = {}
    for name, hint in hints.items():
        if isinstance(hint, str):  # named only for type checkers
            continue
        if get_origin(hint) is Unpack and is_typeddict(options := get_args(hint)[0]):
            made |= _checks(get_type_hints(options))
        elif name not in ("self", "return"):
            made[name] = _check(hint, textual=True)
    return made


@cache
def _fields(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, Check], ...]:
    """The fields of a class that are looked at, with their checks.

    A class with `reads_texts` has a room that reads every text in it, and names those that it can't keep among
    the other faults: here only their types count.
    """
    hints, fields = get_type_hints(cls), {field.name: field for field in attrs.fields(cls)}
    textual = not getattr(cls, "reads_texts", False)
    return tuple(
        (name, _check(hints[name], textual=textual, wanted=fields[name].metadata.get(WANTED, "")))
        for name in (["id"] if "id" in fields else fields)
    )


def _check(*hints: Any, textual: bool, wanted: str = "") -> Check:
    """The check of a value that one of *hints* describes, or *wanted* in words."""
    members = tuple(member for hint in hints for member in _members(hint))
    kinds = _kinds(members)
    if bytes in members and len(members) > 1:  # a file or a table: its reader says what it can't read, and where
        return _NOTHING
    if kinds is None:
        return _UNKEPT if textual else _NOTHING
    priced = not {Money, UnitPrice}.isdisjoint(kinds) and {Decimal, Quantity}.isdisjoint(kinds)
    wanted = wanted or " or ".join(dict.fromkeys(_name(kind) for kind in kinds))
    choices = _choices(kinds)
    keys, values = (_held(members, mappings=True, at=at, textual=textual) for at in (slice(0, 1), slice(1, 2)))
    items = _held(members, mappings=False, at=slice(None), textual=textual)

    def faults(path: str, value: Any) -> Iterator[Fault]:
        if priced and isinstance(value, _BARE) and type(value) not in kinds:
            if int in kinds:
                yield Fault(path, "kernel.wrong_type", f"must be {wanted}", shown(value))
            else:
                yield Fault(path, NotMoney.code, "is not money; say of which currency", shown(value))
        elif type(value) is str and (member := choices.get(value)) is not None:
            told = f"must be {type(member).__name__}.{member.name}, and not the word for it"
            yield Fault(path, "kernel.wrong_type", told, shown(value))
        elif not _fits(value, kinds):
            yield Fault(path, "kernel.wrong_type", f"must be {wanted}", shown(value))
        elif isinstance(value, str):
            yield from unkept(path, value) if textual else ()
        elif isinstance(value, Mapping):
            for key, each in value.items():
                yield from tuple(keys.faults(path, key)) or values.faults(f"{path}[{shown(key, str)}]", each)
        elif isinstance(value, Sequence | Set) and not isinstance(value, bytes):
            for at, each in enumerate(value):
                yield from items.faults(f"{path}[{at}]" if isinstance(value, Sequence) else path, each)
        elif attrs.has(type(value)) and not isinstance(value, _COUNTED):  # those have checked themselves
            yield from faults_within(path, value)

    def learnt(kind: type) -> Callable[[Any], bool]:
        """The quick look at values of exactly this class."""
        if priced and issubclass(kind, _BARE) and kind not in kinds:
            return _never
        if kind not in kinds and not (kind in (dict, list, tuple) and issubclass(kind, kinds)):
            return _never
        if issubclass(kind, str):
            return str.isprintable if textual else _always
        if issubclass(kind, Mapping):
            return lambda value: all(keys.passes(key) and values.passes(each) for key, each in value.items())
        if issubclass(kind, Sequence | Set) and not issubclass(kind, bytes):
            return lambda value: all(map(items.passes, value))
        if attrs.has(kind) and not issubclass(kind, _COUNTED):
            fields = _fields(kind)
            return lambda value: all(check.passes(getattr(value, name)) for name, check in fields)
        return _always

    looks: dict[type, Callable[[Any], bool]] = {}

    def passes(value: Any) -> bool:
        kind = type(value)
        if (look := looks.get(kind)) is None:
            look = looks[kind] = learnt(kind)
        return look(value)

    return Check(passes, faults, choices)


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
    return _check(*(held for each in inside for held in each), textual=textual)


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


def _fits(value: Any, kinds: tuple[type, ...]) -> bool:
    if type(value) in kinds:
        return True
    if isinstance(value, _BARE) and any(kind in _COUNTED for kind in kinds):
        return True
    if isinstance(value, bool):
        return False
    if isinstance(value, str | bytes):  # text is iterable too, and never what a list of codes means
        return any(kind in type(value).__mro__ for kind in kinds)
    return isinstance(value, kinds)


def _name(kind: type) -> str:
    if issubclass(kind, Enum):
        return f"one of {', '.join(str(member.value) for member in kind)}"
    return _NAMES.get(kind.__name__, kind.__name__)
