"""The page of errors."""

import ast
import importlib
import inspect
import re
from typing import Any

import attrs

from pages.source import classes, modules
from pages.text import by_sentence, page


def errors() -> str:
    """Every error by room."""
    found = raised()
    rooms: dict[str, list[str]] = {}
    for code in sorted(found):
        rooms.setdefault(code.partition(".")[0], []).append(_error(found[code]))
    return page(
        "Errors",
        "Every error is a `TokolibError`: frozen data with a stable `code`, an HTTP `status`, a field for each value "
        "in its sentence, a `hint` where there is a way out, and `problem()` for an HTTP answer (RFC 9457).",
        f"There are {len(found)} of them.",
        *(part for room, parts in rooms.items() for part in (f"## {room}", *parts)),
    )


def raised() -> dict[str, Any]:
    """Every error by its code."""
    root = importlib.import_module("tokolib.kernel.errors").TokolibError
    found: dict[str, Any] = {}
    for module in modules():
        for name, thing in vars(module).items():
            own = isinstance(thing, type) and thing.__module__ == module.__name__
            if own and issubclass(thing, root) and attrs.has(thing):
                error = getattr(module, name)
                found[error.code] = error
    return found


def _error(error: Any) -> str:
    fields = ", ".join(f"`{field.name}`" for field in attrs.fields(error)) or "none"
    home = error.__module__
    lines = [
        f"### {error.code}",
        f"`{home}.{error.__name__}`, status {error.status}, fields: {fields}.",
        by_sentence(inspect.getdoc(error) or ""),
    ]
    if hints := _hints(classes(home)[error.__name__]):
        lines.append(f"Hint: {'; or: '.join(hints)}.")
    return "\n\n".join(lines)


def _hints(written: ast.ClassDef) -> list[str]:
    for node in written.body:
        if isinstance(node, ast.FunctionDef) and node.name == "hint":
            answers = [part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value]
            return [text for answer in answers for text in _texts(answer) if text]
    return []


def _texts(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(_piece(part) for part in parts)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_texts(body), *_texts(orelse)]
        case ast.BinOp(left=left, right=right):
            return [f"{a}{b}" for a in _texts(left) for b in _texts(right)]
        case _:
            return ["…"]


def _piece(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value):
            named = re.search(r"self\.(\w+)", ast.unparse(value))
            return f"<{named[1]}>" if named else "…"
        case _:
            return "…"
