"""The commands of a shop, and the permission that each asks for."""

import ast
import importlib
from collections.abc import Iterator, Mapping
from contextlib import suppress

from pages.signatures import alias
from pages.source import classes, tree


def services() -> dict[str, type]:
    """The class behind each door of a shop."""
    shop = importlib.import_module("tokolib.shop")
    doors = ((name, value) for base in reversed(shop.Doors.__mro__) for name, value in vars(base).items())
    names = [name for name, value in doors if hasattr(value, "attrname") and not name.startswith("_")]
    with shop.open("memory://", country="ID") as opened:
        return {name: type(getattr(opened, name)) for name in names}


def commands() -> dict[str, list[str]]:
    """What an access policy may be asked for by each command, by the names of its class and method."""
    return {
        vars(service)[name].body.__qualname__: permissions(service, name)
        for each in (importlib.import_module("tokolib.shop").Doors, *services().values())
        for service in each.__mro__
        if service.__module__.startswith("tokolib")
        for name in (method.name for method in methods(service) if method.name in vars(service))
    }


def methods(service: type) -> list[ast.AsyncFunctionDef]:
    """The commands of a service, those of its base first."""
    return [
        node for node in _members(service).values() if any(ast.unparse(d) == "command" for d in node.decorator_list)
    ]


def _members(service: type) -> dict[str, ast.AsyncFunctionDef]:
    """Every `async def` of a service by name, those of its base first."""
    made: dict[str, ast.AsyncFunctionDef] = {}
    for base in reversed(service.__mro__):
        written = classes(base.__module__).get(base.__name__) if base.__module__.startswith("tokolib") else None
        made |= {node.name: node for node in written.body if isinstance(node, ast.AsyncFunctionDef)} if written else {}
    return made


def permissions(service: type, name: str) -> list[str]:
    """What an access policy may be asked for by the method *name*."""
    home = next(base.__module__ for base in service.__mro__ if name in vars(base))
    members = _members(service)
    return sorted(set(_permissions(members[name], home, members)))


def _permissions(body: ast.AST, home: str, members: Mapping[str, ast.AsyncFunctionDef]) -> Iterator[str]:
    """Those that *body* names itself, then those of the methods that it calls and of the functions that it imports."""
    for node in ast.walk(body):
        match node:
            case ast.Call(func=ast.Attribute(attr="write" | "_write" | "rehearse"), args=[asked, *_]):
                yield from _texts_in(home, asked)
            case ast.Call(func=ast.Name(id="permit"), args=[_, _, asked]):
                yield from _texts_in(home, asked)
            case ast.ImportFrom(module=str(room), names=[ast.alias(name=name)]):
                for written in tree(room).body:
                    if isinstance(written, ast.AsyncFunctionDef) and written.name == name:
                        yield from _permissions(written, room, {})
            case _:
                pass
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=called)) if called in members:
                yield from _permissions(members[called], home, members)
            case _:
                pass


def _texts_in(module: str, node: ast.expr) -> Iterator[str]:
    """The text that *node* is, or that its name stands for in *module*."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name):
            with suppress(LookupError):  # a parameter: whoever calls says the text
                yield str(ast.literal_eval(alias(module, name)))
        case _:
            pass


def function(module: str, name: str) -> ast.FunctionDef:
    return next(node for node in tree(module).body if isinstance(node, ast.FunctionDef) and node.name == name)
