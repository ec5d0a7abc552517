"""How plain data becomes a frozen value: one function for each class, made when it is first read."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import attrs

from tokolib.kernel.policies import Policies
from tokolib.kernel.quick import thawed
from tokolib.records.forms import Factory, Form, Forms, fields_of, stored_class
from tokolib.records.scalars import READ

REPEATED: Final = frozenset({Policies})
"""Values of which a shop has few, and each of which stands in thousands of aggregates: every order has its policies."""
_READERS: Final[dict[Any, Form]] = {}


def reader(kind: Any) -> Form:
    """The function that makes a value of *kind* of plain data; it raises whatever damage makes it raise."""
    return _READERS.get(kind) or _Reading(_READERS).made(kind)


class _Reading(Forms):
    """Plain data to value."""

    def body(self, cls: type) -> list[str]:
        fields = [field for field in fields_of(cls) if field.init]
        lines = [
            f'if v.__class__ is not dict: refused("{cls.__name__}", v)',
            f"n = {sum(map(_required, fields))}",
        ]
        if fields and not any(map(_required, fields)):  # what holds nothing is one and the same: it is frozen
            lines.insert(1, f"if not v: return {self.named(cls())}")
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
            return f"{self.called(stored_class(kind))}({x})"
        return f"({form.format(x=x)})" if isinstance(form, str) else f"{self.named(form)}({x})"


def _required(field: "attrs.Attribute[Any]") -> bool:
    """Whether text must hold a field: it has no default, or one that follows from the fields before it."""
    return field.default is attrs.NOTHING or isinstance(field.default, Factory)
