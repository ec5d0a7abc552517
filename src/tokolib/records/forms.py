"""Wire forms: how a frozen value becomes JSON text and comes back from plain data, exactly.

Each class has two functions, written for it when it is first stored or read: nothing is looked up per field, and the
text is made in one pass, with the keys of every object in order. A field whose default is *nothing* (None, zero, empty,
false) is left out when it holds that; any other default is always written, so that a default changed in the library
can't rewrite what is stored.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, NewType, Union, get_args, get_origin

import attrs

from tokolib.records import scalars

Form = Callable[[Any], Any]
Factory: Final[Any] = attrs.Factory

_NOTHING: Final[tuple[Any, ...]] = (None, "", 0, False, ())
_CONDITIONS: Final = "tokolib.conditions.model"


class Forms(ABC):
    """Functions of one direction that know each other, written together and known to others only when all are done.

    So two threads may write the same ones at the same time: they are the same.
    """

    def __init__(self, known: dict[Any, Form]) -> None:
        self._known = known
        self._names: dict[str, Any] = {name: getattr(scalars, name) for name in dir(scalars)}
        self._waiting: list[tuple[type, str]] = []
        self._mine: dict[Any, str] = {}

    def made(self, kind: Any) -> Form:
        """The function for *kind*, and for all that it needs."""
        source = [f"def whole(x):\n    return {self.value(kind, 'x', 0)}"]
        for cls, name in self._waiting:  # grows while it is walked
            source.append("\n    ".join([f"def {name}(v):", *self.body(cls)]))
        exec("\n".join(source), self._names)  # noqa: S102 - written here, of declared names only
        self._known |= {cls: self._names[name] for cls, name in self._mine.items()}
        return self._known.setdefault(kind, self._names["whole"])

    def value(self, kind: Any, x: str, depth: int) -> str:
        """An expression for the value *x* of *kind*."""
        while isinstance(kind, NewType):
            kind = kind.__supertype__
        origin, members = get_origin(kind), get_args(kind)
        if is_predicate(members):
            return self.predicate(x)
        if origin in (Union, UnionType):
            rest = [member for member in members if member is not NoneType]
            if len(rest) == 1 and len(rest) < len(members):
                return self.optional(self.value(rest[0], x, depth), x)
            if is_choice_of_classes(rest):
                form = self.variant({tag(cls): cls for cls in rest}, x)
                return form if len(rest) == len(members) else self.optional(form, x)
            if not all(_is_single(member) for member in members):
                raise TypeError(f"{kind} has no wire form")
            return self.tagged(x)
        if origin is tuple and members[1:] == (...,):
            return self.items(self.value(members[0], f"i{depth}", depth + 1), f"i{depth}", x)
        if origin is tuple:
            return self.row([self.value(each, f"{x}[{at}]", depth) for at, each in enumerate(members)], x)
        if origin is frozenset:
            return self.set(self.value(members[0], f"i{depth}", depth + 1), f"i{depth}", x)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self.choice(kind, x)
        return self.single(kind, x)

    def called(self, cls: type) -> str:
        """The name of the function for *cls*, which may still have to be written."""
        if cls in self._known:
            return self.named(self._known[cls])
        if cls not in self._mine:
            self._mine[cls] = f"{cls.__name__}_{len(self._mine)}"
            self._waiting.append((cls, self._mine[cls]))
        return self._mine[cls]

    def named(self, value: Any) -> str:
        """A name for *value*."""
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    @abstractmethod
    def body(self, cls: type) -> list[str]:
        """The lines of the function for *cls*, whose argument is `v`."""

    @abstractmethod
    def optional(self, form: str, x: str) -> str: ...

    @abstractmethod
    def variant(self, classes: Mapping[str, type], x: str) -> str: ...

    @abstractmethod
    def tagged(self, x: str) -> str: ...

    @abstractmethod
    def predicate(self, x: str) -> str: ...

    @abstractmethod
    def items(self, form: str, item: str, x: str) -> str: ...

    @abstractmethod
    def row(self, forms: list[str], x: str) -> str: ...

    @abstractmethod
    def set(self, form: str, item: str, x: str) -> str: ...

    @abstractmethod
    def choice(self, kind: type[Enum], x: str) -> str: ...

    @abstractmethod
    def single(self, kind: Any, x: str) -> str: ...


def fields_of(cls: type) -> "tuple[attrs.Attribute[Any], ...]":
    """The fields of a class, their types resolved."""
    return tuple(attrs.fields(attrs.resolve_types(cls)))


def omitted(field: "attrs.Attribute[Any]") -> bool:
    """Whether a field is left out when it holds its default."""
    return any(
        field.default is nothing or (field.default == nothing and type(field.default) is type(nothing))
        for nothing in _NOTHING
    )


def is_predicate(members: tuple[Any, ...]) -> bool:
    """Whether these are the nodes of conditions; told by their home, so that it needn't be loaded."""
    return bool(members) and all(getattr(member, "__module__", "") == _CONDITIONS for member in members)


def is_choice_of_classes(members: Sequence[Any]) -> bool:
    """Whether a value is of one of several classes, so that its text says which: `{"percent": {...}}`."""
    return len(members) > 1 and all(isinstance(member, type) and attrs.has(member) for member in members)


def tag(cls: type) -> str:
    """What text calls a class: `FixedPrice` is `fixed_price`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


def _is_single(kind: Any) -> bool:
    return kind in scalars.TAGGED or get_origin(kind) is frozenset


def stored_class(kind: Any) -> type:
    """*kind*, where it is a class of ours that can be stored.

    Raises:
        TypeError: it is none.
    """
    if not (isinstance(kind, type) and attrs.has(kind)):
        raise TypeError(f"{kind} has no wire form")
    if any(isinstance(field.default, Factory) and not field.default.takes_self for field in attrs.fields(kind)):
        raise TypeError(f"{kind} has no wire form: a default that is made anew each time")
    return kind
