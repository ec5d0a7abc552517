"""The page of values."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NewType, get_args

import attrs

from pages.parts import parts
from pages.reachable import reachable
from pages.settings import on_settings
from pages.signatures import READ, alias, arguments, prose, signature, type_text
from pages.source import classes, documented
from pages.text import by_sentence, page, sentence, table


def values() -> str:
    """Every value that is handed to a command, or comes back from one or in an error."""
    found = reachable()
    elsewhere = sorted(each.__name__ for each in found if on_settings(each))
    rooms: dict[str, list[type]] = {}
    for each in sorted(set(found), key=lambda each: (_room(each), each.__name__)):
        if not on_settings(each):
            rooms.setdefault(_room(each), []).append(each)
    aliases, ids = _names_in_types(each for inside in rooms.values() for each in inside)
    return page(
        "Values",
        "What [commands](doors.md) take and answer, and what [errors](errors.md) carry.\n"
        "Values are frozen: build one with its fields, in their order or by name, and make a changed copy with "
        "`attrs.evolve(value, field=…)`.\n"
        "Where a field has no default, it is needed.",
        f"{', '.join(f'`{name}`' for name in elsewhere)} stand in [Settings](settings.md).",
        table(("room", "values"), ((room, ", ".join(map(_link, inside))) for room, inside in rooms.items())),
        f"Ids are text with a type of its own, from `tokolib.kernel`: {', '.join(f'`{name}`' for name in ids)}.",
        "Short names in the types:",
        table(("name", "means"), ((f"`{name}`", f"`{meaning}`") for name, meaning in sorted(aliases.items()))),
        *(part for room, inside in rooms.items() for part in (f"## {room}", *map(_value, inside))),
        "## Parts of a shop",
        "Beside a storage, `open` takes objects of yours or ours that have these methods, and do as they say.\n"
        "`MaybeAwaitable` means that the method may be `def`, or `async def` for an `AsyncShop`.",
        table(("argument", "takes"), ((f"`{name}`", _link(each)) for name, each in parts().items())),
        "A storage's contract is `tokolib.kernel.storage`; [Write a storage "
        "adapter](../how-to/write-a-storage-adapter.md) tells how one is made and handed to `open`.",
        *map(_part, parts().values()),
    )


def _part(each: type) -> str:
    """A port: its promise, what is read from it, and each of its methods."""
    written = classes(each.__module__)[each.__name__]
    told = (ast.get_docstring(written) or "").removeprefix("**Port.** ")
    blocks = [f"### {_room(each)}.{each.__name__}", f"`from {_home(each)} import {each.__name__}`"]
    blocks += [by_sentence(part) for part in told.split("\n\n")]
    for node in (node for node in written.body if isinstance(node, ast.FunctionDef)):
        marks = {ast.unparse(mark) for mark in node.decorator_list}
        called = (
            f"{node.name}: {type_text(node.returns)}" if marks & READ and node.returns else signature(node.name, node)
        )
        blocks += [f"```text\n{called}\n```", prose(node)]
    return "\n\n".join(blocks)


def _room(each: type) -> str:
    return each.__module__.split(".")[1]


def _link(each: type) -> str:
    return f"[{each.__name__}](#{_room(each)}{each.__name__.lower()})"


def _home(each: type) -> str:
    """The shortest module that offers *each*: the root, its room, or its own file."""
    faces = ("tokolib", f"tokolib.{_room(each)}")
    offered = (face for face in faces if getattr(importlib.import_module(face), each.__name__, None) is each)
    return next(offered, each.__module__)


def _value(each: type) -> str:
    parts = [
        f"### {_room(each)}.{each.__name__}",
        f"`from {_home(each)} import {each.__name__}`",
        sentence(inspect.getdoc(each) or ""),
    ]
    if issubclass(each, Enum):
        members = documented(classes(each.__module__)[each.__name__])
        told = {ast.unparse(node.targets[0]): doc for node, doc in members if isinstance(node, ast.Assign)}
        rows = [(f"`{name}`", f"`{member.value}`", told.get(name, "")) for name, member in each.__members__.items()]
        if any(told.values()):
            return "\n\n".join([*parts, table(("member", "value", "meaning"), rows)])
        return "\n\n".join([*parts, f"Members: {', '.join(f'{name} ({value})' for name, value, _ in rows)}."])
    fields = [(f"`{name}`", f"`{kind}`", default, doc) for name, kind, default, doc in _value_fields(each)]
    parts.append(table(("field", "type", "default", "meaning"), fields) if fields else "It has no fields.")
    named = [field.name for field in attrs.fields(each) if field.kw_only] if attrs.has(each) else []
    parts.append(f"By name only: {', '.join(f'`{name}`' for name in named)}." if named else "")
    if more := _offers(each):
        parts.append(table(("also", "gives", "meaning"), more))
    return "\n\n".join(part for part in parts if part)


def _written(each: type) -> list[ast.ClassDef]:
    """How *each* and its bases are written, the bases first."""
    ours = [base for base in reversed(each.__mro__) if base.__module__.startswith("tokolib.")]
    return [found for base in ours if (found := classes(base.__module__).get(base.__name__))]


def _value_fields(each: type) -> Iterator[tuple[str, str, str, str]]:
    """Name, type, default and meaning of every field."""
    names = {field.name for field in attrs.fields(each)} if attrs.has(each) else set(each.__annotations__)
    for written in _written(each):
        for node, doc in documented(written):
            if isinstance(node, ast.AnnAssign) and (name := ast.unparse(node.target)) in names:
                default = _default(node.value)
                constant = vars(importlib.import_module(each.__module__)).get(default)
                default = repr(constant) if isinstance(constant, str) else default
                left_out = "" if attrs.has(each) else "may be left out"
                yield name, type_text(node.annotation), _quoted(default) if default else left_out, doc


def _quoted(code: str) -> str:
    return f"`{code}`".replace("'", '"')


def _default(value: ast.expr | None) -> str:
    """The default that is written after a field, or nothing."""
    match value:
        case None:
            return ""
        case ast.Call(func=ast.Attribute(value=ast.Name(id="attrs"), attr="field"), keywords=given):
            known = {each.arg: each.value for each in given}
            if "factory" in known:
                return ast.unparse(known["factory"]).replace("dict", "{}")
            return ast.unparse(known["default"]) if "default" in known else ""
        case _:
            return ast.unparse(value)


def _offers(each: type) -> list[tuple[str, str, str]]:
    """The public properties and methods, with what they give."""
    rows: dict[str, tuple[str, str, str]] = {}
    for node in (node for written in _written(each) for node in written.body):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            marks = {ast.unparse(mark) for mark in node.decorator_list}
            name = node.name if marks & READ else f"{node.name}({', '.join(_taken(node, marks))})"
            gives = type_text(node.returns) if node.returns else ""
            rows[node.name] = (_quoted(name), _quoted(gives), sentence(ast.get_docstring(node) or ""))
    return list(rows.values())


def _taken(node: ast.FunctionDef, marks: Iterable[str]) -> list[str]:
    parts = arguments(node.args)
    return parts[1:] if "classmethod" in marks else parts


def _names_in_types(every: Iterable[type]) -> tuple[dict[str, str], list[str]]:
    """The short names in the fields' types with what they mean, and the types of ids."""
    aliases: dict[str, str] = {}
    ids: set[str] = set()
    for each in every:
        known = vars(importlib.import_module(each.__module__))
        for _, kind, _, _ in [] if issubclass(each, Enum) else _value_fields(each):
            for name in re.findall(r"\w+", kind):
                meant = known.get(name)
                if isinstance(meant, NewType):
                    ids.add(name)
                elif meant is not None and not isinstance(meant, type) and get_args(meant):
                    aliases[name] = alias(each.__module__, name)
    return aliases, sorted(ids)
