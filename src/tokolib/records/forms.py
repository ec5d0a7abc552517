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

from tokolib.kernel.policies import Policies
from tokolib.kernel.quick import thawed
from tokolib.records import scalars
from tokolib.records.scalars import READ, WRITTEN

Form = Callable[[Any], Any]
Factory: Final[Any] = attrs.Factory

_NOTHING: Final[tuple[Any, ...]] = (None, "", 0, False, ())
_CONDITIONS: Final = "tokolib.conditions.model"
REPEATED: Final = frozenset({Policies})
"""Values of which a shop has few, and each of which stands in thousands of aggregates: every order has its policies."""
_WRITERS: Final[dict[Any, Form]] = {}
_READERS: Final[dict[Any, Form]] = {}


def writer(kind: Any) -> Form:
    """The function that makes JSON text of a value of *kind*; it raises `TypeError` for what is no such value."""
    return _WRITERS.get(kind) or _Writing(_WRITERS).made(kind)


def reader(kind: Any) -> Form:
    """The function that makes a value of *kind* of plain data; it raises whatever damage makes it raise."""
    return _READERS.get(kind) or _Reading(_READERS).made(kind)


class _Forms(ABC):
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


class _Writing(_Forms):
    """Value to text."""

    def body(self, cls: type) -> list[str]:
        fields = sorted((field for field in _fields(cls) if field.init), key=lambda field: field.name)
        always = [not omitted(field) for field in fields]
        anchor = always.index(True) if True in always else len(fields)  # the first that needs no comma beside it
        lines, text = [], ""
        for at, field in enumerate(fields):
            before, after = ("," if at > anchor else "", "," if at < anchor else "")
            whole = f'{before}"{field.name}":{{x{at}}}{after}'
            lines.append(f"x{at} = v.{field.name}")
            making = self._made(field, f"x{at}")
            if always[at]:
                lines += making
                text += whole
            else:
                unlike = "is None" if field.default is None else f"== {field.default!r}"
                making = [f"    {line}" for line in (*making, f"x{at} = f'{whole}'")]
                lines += [f"if x{at} {unlike}: x{at} = ''", "else:", *making]
                text += f"{{x{at}}}"
        if anchor == len(fields):
            return [*lines, f"return '{{' + f'{text}'[:-1] + '}}'"]
        return [*lines, f"return f'{{{{{text}}}}}'"]

    def _made(self, field: "attrs.Attribute[Any]", x: str) -> list[str]:
        """The lines that make text of a field's value *x*.

        The text of a row of values is remembered until the next one comes: an aggregate and the event that made it
        hold the very same row, and are stored together.
        """
        form = self.value(field.type, x, 0)
        if get_origin(field.type) is not tuple or not attrs.has(get_args(field.type)[0]):
            return [f"{x} = {form}"]
        last = self.named((None, ""))
        return [
            f"global {last}",
            f"last = {last}",
            f"if last[0] is not {x}: {last} = last = ({x}, {form})",
            f"{x} = last[1]",
        ]

    def optional(self, form: str, x: str) -> str:
        return f"('null' if {x} is None else {form})"

    def variant(self, classes: Mapping[str, type], x: str) -> str:
        form = f'refused("one of {", ".join(classes)}", {x})'
        for name, cls in reversed([*classes.items()]):
            said = f"""'{{"{name}":' + {self.called(cls)}({x}) + '}}'"""
            form = f"({said} if {x}.__class__ is {self.named(cls)} else {form})"
        return form

    def tagged(self, x: str) -> str:
        return f"(text({x}) if {x}.__class__ is str else out_tagged({x}))"

    def predicate(self, x: str) -> str:
        return f"out_predicate({x})"

    def items(self, form: str, item: str, x: str) -> str:
        return f"'[' + ','.join([{form} for {item} in {x}]) + ']'"

    def row(self, forms: list[str], x: str) -> str:
        joined = " + ',' + ".join(forms)
        return f"'[' + {joined} + ']'"

    def set(self, form: str, item: str, x: str) -> str:
        return f"'[' + ','.join([{form} for {item} in sorted({x})]) + ']'"

    def choice(self, kind: type[Enum], x: str) -> str:
        return f"text({x}._value_)"  # `value` is a property: it costs ten times as much

    def single(self, kind: Any, x: str) -> str:
        form = WRITTEN.get(kind)
        if form is None:
            return f"{self.called(_known(kind))}({x})"
        return form.format(x=x) if isinstance(form, str) else f"{self.named(form)}({x})"


class _Reading(_Forms):
    """Plain data to value."""

    def body(self, cls: type) -> list[str]:
        fields = [field for field in _fields(cls) if field.init]
        lines = [
            f'if v.__class__ is not dict: refused("{cls.__name__}", v)',
            f"n = {sum(map(_required, fields))}",
        ]
        for at, field in enumerate(fields):
            x = f"x{at}"
            if _required(field):
                lines += [f'{x} = v["{field.name}"]', *self._kept(field, x)]
            else:
                lines += [
                    f'if "{field.name}" in v:',
                    *(f"    {line}" for line in ("n += 1", f'{x} = v["{field.name}"]', *self._kept(field, x))),
                    f"else: {x} = {self._default(field)}",
                ]
        names = self.named(frozenset(field.name for field in fields))
        lines.append(f'if len(v) != n: refused("no " + ", ".join(sorted(v.keys() - {names})), "{cls.__name__}")')
        if (twin := thawed(cls)) is not None:
            puts = [f"o.{field.name} = x{at}" for at, field in enumerate(fields)]
            made = f"o = {self.named(object.__new__)}({self.named(twin)})"
            return [*lines, made, *puts, f"o.__class__ = {self.named(cls)}", "return o"]
        given = [f"{field.alias}=x{at}" if field.kw_only else f"x{at}" for at, field in enumerate(fields)]
        given.sort(key=lambda argument: "=" in argument)
        return [*lines, f"return {self.named(cls)}({', '.join(given)})"]

    def _kept(self, field: "attrs.Attribute[Any]", x: str) -> list[str]:
        form = self.value(field.type, x, 0)
        return [] if form == x else [f"{x} = {form}"]

    def _default(self, field: "attrs.Attribute[Any]") -> str:
        return self.named(field.default)

    def optional(self, form: str, x: str) -> str:
        return f"(None if {x} is None else {form})"

    def variant(self, classes: Mapping[str, type], x: str) -> str:
        form = f'refused("one of {", ".join(classes)}", {x})'
        for name, cls in reversed([*classes.items()]):
            form = f'({self.called(cls)}({x}["{name}"]) if "{name}" in {x} else {form})'
        wanted = f"{x}.__class__ is dict and len({x}) == 1"
        return f'({form} if {wanted} else refused("one of {", ".join(classes)}", {x}))'

    def tagged(self, x: str) -> str:
        return f"({x} if {x}.__class__ in PLAIN else in_tagged({x}))"

    def predicate(self, x: str) -> str:
        return f"in_predicate({x})"

    def items(self, form: str, item: str, x: str) -> str:
        return self._list(f"tuple([{form} for {item} in {x}])", x, "")

    def row(self, forms: list[str], x: str) -> str:
        return self._list(f"({', '.join(forms)},)", x, f" and len({x}) == {len(forms)}")

    def set(self, form: str, item: str, x: str) -> str:
        return self._list(f"frozenset([{form} for {item} in {x}])", x, "")

    def _list(self, form: str, x: str, also: str) -> str:
        return f'({form} if {x}.__class__ is list{also} else refused("a list", {x}))'

    def choice(self, kind: type[Enum], x: str) -> str:
        members = self.named({member.value: member for member in kind})
        return f"({members}.get({x}) or {self.named(kind)}({x}))"

    def single(self, kind: Any, x: str) -> str:
        form = READ.get(kind)
        if kind in REPEATED:
            return f"repeated({self.named({})}, {self.called(kind)}, {x})"
        if form is None:
            return f"{self.called(_known(kind))}({x})"
        return f"({form.format(x=x)})" if isinstance(form, str) else f"{self.named(form)}({x})"


def _fields(cls: type) -> "tuple[attrs.Attribute[Any], ...]":
    return tuple(attrs.fields(attrs.resolve_types(cls)))


def omitted(field: "attrs.Attribute[Any]") -> bool:
    """Whether a field is left out when it holds its default."""
    return any(
        field.default is nothing or (field.default == nothing and type(field.default) is type(nothing))
        for nothing in _NOTHING
    )


def _required(field: "attrs.Attribute[Any]") -> bool:
    """Whether text must hold a field: it has no default, or one that follows from the fields before it."""
    return field.default is attrs.NOTHING or isinstance(field.default, Factory)


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


def _known(kind: Any) -> type:
    if not (isinstance(kind, type) and attrs.has(kind)):
        raise TypeError(f"{kind} has no wire form")
    if any(isinstance(field.default, Factory) and not field.default.takes_self for field in attrs.fields(kind)):
        raise TypeError(f"{kind} has no wire form: a default that is made anew each time")
    return kind
