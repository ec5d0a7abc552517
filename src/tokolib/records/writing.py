"""How a frozen value becomes JSON text: one function for each class, made when it is first stored."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, get_args, get_origin

import attrs

from tokolib.records.forms import Form, Forms, fields_of, omitted, stored_class
from tokolib.records.scalars import WRITTEN

_WRITERS: Final[dict[Any, Form]] = {}


def writer(kind: Any) -> Form:
    """The function that makes JSON text of a value of *kind*; it raises `TypeError` for what is no such value."""
    return _WRITERS.get(kind) or _Writing(_WRITERS).made(kind)


class _Writing(Forms):
    """Value to text."""

    def body(self, cls: type) -> list[str]:
        fields = sorted((field for field in fields_of(cls) if field.init), key=lambda field: field.name)
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
            return f"{self.called(stored_class(kind))}({x})"
        return form.format(x=x) if isinstance(form, str) else f"{self.named(form)}({x})"
