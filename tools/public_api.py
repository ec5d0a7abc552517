"""Writes down what users may rely on: `python tools/public_api.py [--write]`.

Public is what `tokolib.__all__` and each room's `__all__` list, with the documented attributes.
The list stands in tests/public_api.txt, so that growth, and loss, is a visible diff.
"""

import enum
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

FILE = Path(__file__).parents[1] / "tests" / "public_api.txt"

STARS: Mapping[object, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def surface() -> list[str]:
    """One line per public name and per documented attribute, sorted within its module."""
    root = importlib.import_module("tokolib")
    rooms = [f"tokolib.{room.name}" for room in pkgutil.iter_modules(root.__path__) if room.ispkg]
    modules = [root, *(importlib.import_module(name) for name in sorted(rooms))]
    return [
        line
        for module in modules
        for name in sorted(getattr(module, "__all__", ()))
        for line in _lines(f"{module.__name__}.{name}", getattr(module, name))
    ]


def _lines(path: str, thing: object) -> Iterator[str]:
    match thing:
        case type():
            yield f"class {path}"
            for name in sorted(_attributes(thing)):
                yield _line(f"{path}.{name}", inspect.getattr_static(thing, name, None))
        case _:
            yield _line(path, thing)


def _line(path: str, thing: object) -> str:
    function = thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing
    return f"{path}({_parameters(function)})" if inspect.isfunction(function) else path


def _parameters(function: object) -> str:
    """The parameters' names and kinds, `=` where one may be left out. Types are mypy's matter."""
    parts: list[str] = []
    for parameter in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        if parameter.kind is parameter.KEYWORD_ONLY and not any(part.startswith("*") for part in parts):
            parts.append("*")
        stars = STARS.get(parameter.kind, "")
        optional = "" if parameter.default is parameter.empty else "="
        parts.append(f"{stars}{parameter.name}{optional}")
    return ", ".join(parts)


def _attributes(cls: type) -> set[str]:
    """Fields, members, and whatever has a docstring of its own; of our classes only."""
    own = [base for base in cls.__mro__ if base.__module__.partition(".")[0] == "tokolib"]
    fields = {field.name for field in getattr(cls, "__attrs_attrs__", ())}
    members = set(cls.__members__) if issubclass(cls, enum.Enum) else set()
    documented = {
        name
        for base in own
        for name, value in vars(base).items()
        if isinstance(value, property | classmethod | staticmethod) or inspect.isfunction(value)
        if inspect.getdoc(value)
    }
    return {name for name in fields | members | documented if not name.startswith("_")}


def main() -> int:
    """Print the surface, or write it to the committed list."""
    text = "\n".join(surface())
    if "--write" in sys.argv[1:]:
        FILE.write_text(f"{text}\n", "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
