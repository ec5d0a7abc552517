"""How a function is called, and what it says of itself."""

import ast
from typing import Final

from pages.source import tree
from pages.text import by_sentence

READ: Final = frozenset({"property", "cached_property"})
"""What makes a method into something that is read, and not called."""


def signature(name: str, method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """How a command is called: in one line if it fits, else an argument a line."""
    parts = arguments(method.args)
    answer = f" -> {type_text(method.returns)}" if method.returns else ""
    line = f"{name}({', '.join(parts)}){answer}".replace("'", '"')
    if len(line) <= 100:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){answer}"]).replace("'", '"')


def arguments(args: ast.arguments) -> list[str]:
    plain = [arg for arg in args.args if arg.arg != "self"]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults))
    parts = [_argument(arg, default) for arg, default in zip(plain, [*defaults, *args.defaults], strict=True)]
    parts += [f"*{_argument(args.vararg, None)}"] if args.vararg else ["*"] if args.kwonlyargs else []
    parts += [_argument(arg, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return [*parts, f"**{_argument(args.kwarg, None)}"] if args.kwarg else parts


def _argument(arg: ast.arg, default: ast.expr | None) -> str:
    kind = f": {type_text(arg.annotation)}" if arg.annotation else ""
    return f"{arg.arg}{kind}" + (f" = {ast.unparse(default)}" if default else "")


def type_text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def prose(method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A docstring as prose: its paragraphs, and what it raises."""
    prose, _, raises = (ast.get_docstring(method) or "").partition("\nRaises:\n")
    paragraphs = [by_sentence(part) for part in prose.split("\n\n") if part.strip()]
    if raises:
        paragraphs.append(by_sentence(f"Raises: {raises}"))
    return "\n\n".join(paragraphs)


def alias(module: str, name: str) -> str:
    for node in tree(module).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                return ast.unparse(value)
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                return ast.unparse(value)
            case ast.ImportFrom(module=str(home), names=taken) if any(each.name == name for each in taken):
                return alias(home, name)
            case _:
                pass
    raise LookupError(f"{module} has no {name}")
