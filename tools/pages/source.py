"""The source of the library, as it is written."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Final

UNREAD: Final = ("tokolib.adapters.hosts", "tokolib.cli", "tokolib.testing", "tokolib.__main__")
"""Modules that raise no errors of their own, or need the extras to be imported."""


@cache
def tree(module: str) -> ast.Module:
    """The source of a module, parsed."""
    return ast.parse(inspect.getsource(importlib.import_module(module)))


def classes(module: str) -> dict[str, ast.ClassDef]:
    """The classes of a module by name, as they are written."""
    return {node.name: node for node in tree(module).body if isinstance(node, ast.ClassDef)}


def modules() -> Iterator[ModuleType]:
    """Every module of tokolib that anybody can import."""
    root = importlib.import_module("tokolib")
    for found in pkgutil.walk_packages(root.__path__, "tokolib."):
        if not found.name.startswith(UNREAD):
            yield importlib.import_module(found.name)


def summary(written: ast.ClassDef) -> str:
    return (ast.get_docstring(written) or "").partition("\n\n")[0]


def assigned(written: ast.ClassDef) -> list[ast.AnnAssign]:
    return [node for node in written.body if isinstance(node, ast.AnnAssign)]


def documented(written: ast.ClassDef) -> Iterator[tuple[ast.stmt, str]]:
    """The fields or members of a class, each with the docstring under it."""
    for node, after in zip(written.body, [*written.body[1:], ast.Pass()], strict=True):
        if isinstance(node, ast.AnnAssign | ast.Assign):
            match after:
                case ast.Expr(value=ast.Constant(value=str(doc))):
                    yield node, doc
                case _:
                    yield node, ""
