"""The values that users meet: those of commands and errors, and what is inside them."""

import ast
import importlib
import inspect
from enum import Enum
from typing import Any, NewType, get_args, get_origin, get_type_hints, is_typeddict

import attrs

from pages.commands import methods, services
from pages.errors import raised
from pages.parts import parts
from pages.source import tree


def reachable() -> list[type]:
    """The values, choices and groups of options in the commands' annotations, in those of errors, and inside them."""
    shop = importlib.import_module("tokolib.shop")
    found: dict[type, None] = {}
    called = [shop.open, shop.Doors.acting]
    called += [
        getattr(thing, "fget", thing)
        for part in parts().values()
        for name, thing in vars(part).items()
        if not name.startswith("_") and (callable(thing) or isinstance(thing, property))
    ]
    for service in (shop.Doors, *services().values()):
        called += [inspect.getattr_static(service, method.name).body for method in methods(service)]
    for each in called:
        _reach(list(_hints_of(each).values()), found)
    for error in raised().values():
        _reach(list(_hints_of(error).values()), found)
    return list(found)


def _reach(hint: Any, found: dict[type, None]) -> None:
    """Add what *hint* is of to *found*, and what its fields and properties are of."""
    if isinstance(hint, list | tuple):
        for each in hint:
            _reach(each, found)
    elif isinstance(hint, NewType):
        _reach(hint.__supertype__, found)
    elif parts := get_args(hint):
        _reach((get_origin(hint), *parts), found)
    elif _is_value(hint) and hint not in found:
        found[hint] = None
        _reach([] if issubclass(hint, Enum) else list(_hints_of(hint).values()), found)
        _reach([_hints_of(made.fget).get("return") for made in _properties(hint)], found)


def _is_value(hint: Any) -> bool:
    ours = isinstance(hint, type) and hint.__module__.startswith("tokolib.")
    if not ours or issubclass(hint, BaseException):
        return False
    return attrs.has(hint) or issubclass(hint, Enum) or is_typeddict(hint)


def _properties(cls: type) -> list[Any]:
    return [made for name, made in vars(cls).items() if isinstance(made, property) and not name.startswith("_")]


def _hints_of(thing: Any) -> dict[str, Any]:
    """The annotations of a class or function, those too whose names are imported for type checkers only."""
    module = thing.__module__
    names = dict(vars(importlib.import_module(module)))
    for node in tree(module).body:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=imports):
                exec(compile(ast.Module(imports, []), f"<imports of {module}>", "exec"), names)  # noqa: S102 - our own imports
            case _:
                pass
    return get_type_hints(thing, names, names)
