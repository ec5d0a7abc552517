"""Arguments of a command, held against its annotations: what a typed program can't do wrong, and a web form can.

A checker is made of a command's signature once. It knows plain classes, unions of them, enums, ids, mappings and
iterables with text in them; what it can't decide (a callable, a protocol) it lets pass.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, NewType, TypeVar, Union, Unpack, get_args, get_origin, get_type_hints, is_typeddict

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.money import Money, UnitPrice
from tokolib.kernel.quantity import Quantity

Check = Callable[[str, Any], Iterator[Fault]]
"""Faults of a value at a path."""

_SHOWN: Final = 60
_NAMES: Final[Mapping[str, str]] = {
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "NoneType": "None",
    "Iterable": "a list",
    "Sequence": "a list",
    "Mapping": "a mapping",
}
_COLLECTIONS: Final = (Mapping, Sequence, Set)
_COUNTED: Final = (Decimal, Money, UnitPrice, Quantity)
_NUMBERS: Final = (bool, int, float, str, Decimal, Money, UnitPrice, Quantity)


def checker(body: Callable[..., Any]) -> Callable[[tuple[Any, ...], dict[str, Any]], None]:
    """A function that passes the arguments of *body* (without `self`), or refuses them.

    Raises (the function):
        InvalidInput: values of another type than annotated, or text that is not Unicode; all of them are named.
            Nothing was opened.
        TypeError: missing or unknown arguments, as Python itself says.
    """
    signature = inspect.signature(body)
    checks = _checks(body.__annotations__)

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        bound = signature.bind(None, *args, **kwargs).arguments
        faults = [
            fault
            for name, path, value in _flat(bound, signature)
            if (look := checks.get(name)) is not None
            for fault in look(path, value)
        ]
        if faults:
            raise InvalidInput(tuple(faults))

    return check


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
        elif name not in ("self", "return") and (kinds := _kinds(hint)) is not None:
            made[name] = _check(kinds, hint)
    return made


def _kinds(hint: Any) -> tuple[type, ...] | None:
    """The classes that a value of *hint* may have, or None when that can't be said."""
    if isinstance(hint, NewType):
        return _kinds(hint.__supertype__)
    if get_origin(hint) in (Union, UnionType):
        members = [_kinds(member) for member in get_args(hint)]
        return None if None in members else tuple(kind for member in members if member for kind in member)
    kind = get_origin(hint) or hint
    if kind is None:
        return (NoneType,)
    if isinstance(hint, TypeVar) or kind in (Any, object) or not isinstance(kind, type) or is_typeddict(kind):
        return None
    if getattr(kind, "_is_protocol", False) or kind in (Callable, Iterator):
        return None
    return (kind,)


def _check(kinds: tuple[type, ...], hint: Any) -> Check:
    wanted = " or ".join(dict.fromkeys(_name(kind) for kind in kinds))
    textual = bytes not in kinds  # a file's text is read by its reader, which says where it is damaged
    keyed, listed = _texts_in(hint)

    def check(path: str, value: Any) -> Iterator[Fault]:
        if not _fits(value, kinds):
            yield Fault(path, "kernel.wrong_type", f"must be {wanted}", _shown(value))
        elif isinstance(value, str):
            yield from _not_unicode(path, value if textual else "")
        elif isinstance(value, Mapping):
            yield from _not_texts(path, value if keyed else (), "key")
        elif isinstance(value, _COLLECTIONS) and not isinstance(value, bytes):
            yield from _not_texts(path, value if listed else (), "item")

    return check


def _texts_in(hint: Any) -> tuple[bool, bool]:
    """Whether the mappings that *hint* takes have text for keys, and its other collections hold text."""
    members = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    held = [(get_origin(member), _first(member)) for member in members]
    known = [(issubclass(kind, Mapping), first is str) for kind, first in held if isinstance(kind, type)]
    keyed = [texts for is_mapping, texts in known if is_mapping]
    listed = [texts for is_mapping, texts in known if not is_mapping]
    return bool(keyed) and all(keyed), bool(listed) and all(listed)


def _first(hint: Any) -> Any:
    """The first thing that a collection holds: a mapping's keys, a list's items."""
    inside = get_args(hint)
    held = inside[0] if inside else None
    return held.__supertype__ if isinstance(held, NewType) else held


def _not_texts(path: str, values: Iterable[Any], noun: str) -> Iterator[Fault]:
    for value in values:
        if not isinstance(value, str):
            yield Fault(path, "kernel.wrong_type", f"each {noun} must be text", _shown(value))
            return
        yield from _not_unicode(path, value)


def _not_unicode(path: str, text: str) -> Iterator[Fault]:
    """Half of a surrogate pair: JSON can write it (`"\\ud800"`), no storage can keep it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        yield Fault(
            path, "kernel.not_unicode", f"is not Unicode text: half a character at {error.start}", ascii(text)[:_SHOWN]
        )


def _fits(value: Any, kinds: tuple[type, ...]) -> bool:
    if any(kind in _COUNTED for kind in kinds) and isinstance(value, _NUMBERS):
        return True  # what reads numbers and money says itself, and better, what is wrong with one
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, str | bytes):  # text is iterable too, and never what a list of codes means
        return any(issubclass(type(value), kind) for kind in kinds if kind is not Iterable and kind is not Sequence)
    return isinstance(value, kinds)


def _name(kind: type) -> str:
    if issubclass(kind, Enum):
        return f"one of {', '.join(str(member.value) for member in kind)}"
    return _NAMES.get(kind.__name__, kind.__name__)


def _shown(value: Any) -> str:
    return f"{value!r:.{_SHOWN}}"
