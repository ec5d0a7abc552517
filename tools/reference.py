"""Writes the pages of `docs/reference/` that can be read off the code, and `docs/llms.txt`.

`python tools/reference.py` names the pages that are out of date; `--write` renews them. A test compares them.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NewType, get_args, get_origin, get_type_hints, is_typeddict

import attrs
from babel import Locale

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
NOTE: Final = "<!-- Written by tools/reference.py, from the code; a test compares it. -->"
UNREAD: Final = ("tokolib.adapters.hosts", "tokolib.cli", "tokolib.testing", "tokolib.__main__")
"""Modules that raise no errors of their own, or need the extras to be imported."""

READ: Final = frozenset({"property", "cached_property"})
"""What makes a method into something that is read, and not called."""
ALIASES: Final = (
    ("tokolib.cart.service", ("CartRef", "LineRef", "Lines")),
    ("tokolib.cart.problems", ("Fix",)),
    ("tokolib.checkout.extras", ("Wrap",)),
    ("tokolib.inventory.service", ("Counted",)),
    ("tokolib.pricing.faults", ("Moment",)),
    ("tokolib.pricing.prices.faults", ("Quantities",)),
    ("tokolib.pricing.prices.service", ("ListName",)),
    ("tokolib.orders.units", ("Wanted",)),
    ("tokolib.catalog.attributes", ("Given",)),
    ("tokolib.catalog.drafts", ("Amount",)),
    ("tokolib.catalog.importing", ("OnProgress", "OnFault")),
    ("tokolib.conditions.facts", ("Facts", "FactValue")),
)
"""Short names in the doors' signatures."""

OPTIONS: Final = (
    ("tokolib.pricing.promotions.terms", "Options"),
    ("tokolib.pricing.charges.service", "ChargeOptions"),
)
"""What several commands of one door may be told beside."""

SOURCES: Final = (
    ("tokolib.catalog.sheet", "a catalogue, where `Lines` is an open file"),
    ("tokolib.shipping.rows", "a table of rates, where a `Cell` is text, a number or None"),
)
"""What a file may be handed over as; each room that reads one has its own kinds."""


def page(title: str, *blocks: str) -> str:
    """A page: its title, where it comes from, and its blocks with a blank line between."""
    return "\n\n".join([f"# {title}", NOTE, *(block for block in blocks if block)]) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar or a line's end inside a cell is made harmless."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([_cell(text) for text in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


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


def by_sentence(text: str) -> str:
    """*text* with one sentence on each line."""
    return re.sub(r"(?<=[.!?]) (?=[A-Z*`])", "\n", " ".join(text.split()))


def sentence(doc: str) -> str:
    """The first sentence of a docstring."""
    return by_sentence(doc.split("\n\n")[0]).partition("\n")[0]


# Doors


def doors() -> str:
    """Every door of a shop with every command."""
    shop = importlib.import_module("tokolib.shop")
    own = [_command(method, "shop", shop.Doors) for method in _methods(shop.Doors)]
    parts = [
        "Each command is given as it is called on a `Shop`; on an `AsyncShop` the same call is awaited.\n"
        "A command that changes something names the permission that an access policy is asked for; [Run it in your "
        "host](../how-to/run-in-your-host.md#decide-who-may-do-what) shows such a policy.\n"
        "A command without one only reads, and no policy is asked; nor is it for a dry run.\n"
        "What the arguments and answers are made of stands in [Values](values.md).",
        _short_names(),
        "## shop",
        f"```text\n{_called('tokolib.open', _function('tokolib.shop.opening', 'open'))}\n```",
        "`tokolib.aopen(…)` takes the same, and is awaited or entered with `async with`.",
        _asked(permissions(importlib.import_module("tokolib.shop.opening")._Plan, "prepare")),
        *own,
        *(_plain(name, shop.Doors) for name in ("acting", "within")),
        _plain("close", shop.Shop),
    ]
    for name, service in services().items():
        parts += [f"## shop.{name}", inspect.getdoc(vars(shop.Doors)[name]) or ""]
        parts += [_command(method, f"shop.{name}", service) for method in _methods(service)]
    return page("Doors and commands", *parts)


def services() -> dict[str, type]:
    """The class behind each door of a shop."""
    shop = importlib.import_module("tokolib.shop")
    doors = vars(shop.Doors).items()
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
        for name in (method.name for method in _methods(service) if method.name in vars(service))
    }


def _methods(service: type) -> list[ast.AsyncFunctionDef]:
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
            case ast.Call(func=ast.Attribute(attr="write" | "_write"), args=[asked, *_]):
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
                yield str(ast.literal_eval(_alias(module, name)))
        case _:
            pass


def _function(module: str, name: str) -> ast.FunctionDef:
    return next(node for node in tree(module).body if isinstance(node, ast.FunctionDef) and node.name == name)


def _plain(name: str, face: type) -> str:
    """What *face* offers without a service, and without asking for a permission."""
    written = next(
        node
        for node in classes(face.__module__)[face.__name__].body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    return f"### shop.{name}\n\n```text\n{_called(f'shop.{name}', written)}\n```\n\n{_told(written)}"


def _command(method: ast.AsyncFunctionDef, door: str, service: type) -> str:
    called = f"```text\n{_called(f'{door}.{method.name}', method)}\n```"
    parts = [f"### {door}.{method.name}", called, _asked(permissions(service, method.name)), _told(method)]
    return "\n\n".join(part for part in parts if part)


def _asked(named: Iterable[str]) -> str:
    """The line about a command's permission, if it has one."""
    return "".join(f"Permission: `{each}`." for each in named)


def _called(name: str, method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """How a command is called: in one line if it fits, else an argument a line."""
    parts = _arguments(method.args)
    answer = f" -> {_type(method.returns)}" if method.returns else ""
    line = f"{name}({', '.join(parts)}){answer}".replace("'", '"')
    if len(line) <= 100:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){answer}"]).replace("'", '"')


def _arguments(args: ast.arguments) -> list[str]:
    plain = [arg for arg in args.args if arg.arg != "self"]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults))
    parts = [_argument(arg, default) for arg, default in zip(plain, [*defaults, *args.defaults], strict=True)]
    parts += [f"*{_argument(args.vararg, None)}"] if args.vararg else ["*"] if args.kwonlyargs else []
    parts += [_argument(arg, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return [*parts, f"**{_argument(args.kwarg, None)}"] if args.kwarg else parts


def _argument(arg: ast.arg, default: ast.expr | None) -> str:
    kind = f": {_type(arg.annotation)}" if arg.annotation else ""
    return f"{arg.arg}{kind}" + (f" = {ast.unparse(default)}" if default else "")


def _type(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def _told(method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A docstring as prose: its paragraphs, and what it raises."""
    prose, _, raises = (ast.get_docstring(method) or "").partition("\nRaises:\n")
    paragraphs = [by_sentence(part) for part in prose.split("\n\n") if part.strip()]
    if raises:
        paragraphs.append(by_sentence(f"Raises: {raises}"))
    return "\n\n".join(paragraphs)


def _short_names() -> str:
    rows = [(f"`{name}`", f"`{_alias(module, name)}`") for module, names in ALIASES for name in names]
    rows += [(f"`Source` of {goods}", f"`{_alias(module, 'Source')}`") for module, goods in SOURCES]
    order = ast.get_docstring(classes("tokolib.payments.service")["HasOrderId"]) or ""
    rows.append(("`HasOrderId`", sentence(order)))
    for module, name in OPTIONS:
        options = classes(module)[name]
        fields = [f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}" for node in _assigned(options)]
        rows.append((f"`{name}`", f"`{', '.join(fields)}`; each may be left out"))
    return f"Short names in the signatures:\n\n{table(('name', 'means'), rows)}"


def _alias(module: str, name: str) -> str:
    for node in tree(module).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                return ast.unparse(value)
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                return ast.unparse(value)
            case ast.ImportFrom(module=str(home), names=taken) if any(each.name == name for each in taken):
                return _alias(home, name)
            case _:
                pass
    raise LookupError(f"{module} has no {name}")


# Errors


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


# Settings


SETTINGS: Final = ("tokolib.kernel.settings", "tokolib.kernel.policies")


def settings() -> str:
    """Every setting, policy and limit with its default."""
    written = {name: node for module in SETTINGS for name, node in classes(module).items()}
    loaded = importlib.import_module("tokolib.kernel.settings")
    choices = [name for name, node in written.items() if any(ast.unparse(base) == "StrEnum" for base in node.bases)]
    defaults = [
        (f"`{code}`", f"`{money}`", f"`{zone}`", "yes" if included else "no")
        for code, (money, zone, included) in loaded.COUNTRY_DEFAULTS.items()
    ]
    return page(
        "Settings",
        "One stored, versioned document for each shop: read it with `shop.settings.get()`, change it with "
        "`shop.settings.change(…)`.\n"
        "An order keeps the policies that it was made under.",
        "## Settings",
        _fields(written["Settings"]),
        "Country and currency are fixed once the shop exists.",
        "A new shop of these countries needs only `open(url, country=…)`; another one names `currency=` and `zone=`:",
        table(("country", "currency", "zone", "prices include tax"), defaults),
        "## Registration",
        f"{_summary(written['Registration'])} Import it from `tokolib.kernel`.",
        _fields(written["Registration"]),
        "## Policies",
        "[Policies](../explanation/policies.md) shows which systems and laws make each choice which way.",
        _fields(written["Policies"]),
        "Values:",
        "\n\n".join(_values(written[name]) for name in choices),
        *(_values(classes(module)[name]) for module, name in ON_SETTINGS),
        "## Limits",
        "How much of anything is accepted, so that no input can exhaust a host.",
        _fields(written["Limits"]),
    )


def _summary(written: ast.ClassDef) -> str:
    return (ast.get_docstring(written) or "").partition("\n\n")[0]


def _assigned(written: ast.ClassDef) -> list[ast.AnnAssign]:
    return [node for node in written.body if isinstance(node, ast.AnnAssign)]


def _documented(written: ast.ClassDef) -> Iterator[tuple[ast.stmt, str]]:
    """The fields or members of a class, each with the docstring under it."""
    for node, after in zip(written.body, [*written.body[1:], ast.Pass()], strict=True):
        if isinstance(node, ast.AnnAssign | ast.Assign):
            match after:
                case ast.Expr(value=ast.Constant(value=str(doc))):
                    yield node, doc
                case _:
                    yield node, ""


def _fields(written: ast.ClassDef) -> str:
    rows = []
    for node, doc in _documented(written):
        if isinstance(node, ast.AnnAssign):
            default = ast.unparse(node.value) if node.value else "needed"
            doc = doc or _choice(ast.unparse(node.annotation))
            rows.append((f"`{ast.unparse(node.target)}`", f"`{ast.unparse(node.annotation)}`", f"`{default}`", doc))
    return table(("name", "type", "default", "meaning"), rows)


def _choice(name: str) -> str:
    """What a policy's own class says, where the field says nothing."""
    homes = (*SETTINGS, "tokolib.kernel.spread")
    found = next((classes(home)[name] for home in homes if name in classes(home)), None)
    return (ast.get_docstring(found) or "") if found else ""


def _values(written: ast.ClassDef) -> str:
    lines = [f"**{written.name}**: {' '.join((ast.get_docstring(written) or '').split())}", ""]
    for node, doc in _documented(written):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            told = f": {' '.join(doc.split())}" if doc else ""
            lines.append(f"- `{node.targets[0].id}`{told}".rstrip())
    return "\n".join(lines)


# Values


ON_SETTINGS: Final = (
    ("tokolib.kernel.spread", "RemainderRule"),
    ("tokolib.kernel.rounding", "RoundingMode"),
    ("tokolib.kernel.rounding", "RoundingLevel"),
)
"""Choices of the settings that live in other modules than they."""


PARTS: Final = {
    "access": ("tokolib.kernel.ctx", "AccessPolicy"),
    "broker": ("tokolib.desk.ports", "Broker"),
    "clock": ("tokolib.kernel.clock", "Clock"),
    "gateways": ("tokolib.payments.ports", "PaymentGateway"),
    "ids": ("tokolib.kernel.ids", "Ids"),
}
"""The ports that a shop is opened with beside its storage, by the arguments of `open`."""


def values() -> str:
    """Every value that is handed to a command, or comes back from one or in an error."""
    found = reachable()
    elsewhere = sorted(each.__name__ for each in found if _on_settings(each))
    rooms: dict[str, list[type]] = {}
    for each in sorted(set(found), key=lambda each: (_room(each), each.__name__)):
        if not _on_settings(each):
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


def parts() -> dict[str, type]:
    """The ports that a shop is opened with, by the arguments of `open`."""
    return {argument: getattr(importlib.import_module(module), name) for argument, (module, name) in PARTS.items()}


def _part(each: type) -> str:
    """A port: its promise, what is read from it, and each of its methods."""
    written = classes(each.__module__)[each.__name__]
    told = (ast.get_docstring(written) or "").removeprefix("**Port.** ")
    blocks = [f"### {_room(each)}.{each.__name__}", f"`from {_home(each)} import {each.__name__}`"]
    blocks += [by_sentence(part) for part in told.split("\n\n")]
    for node in (node for node in written.body if isinstance(node, ast.FunctionDef)):
        marks = {ast.unparse(mark) for mark in node.decorator_list}
        called = f"{node.name}: {_type(node.returns)}" if marks & READ and node.returns else _called(node.name, node)
        blocks += [f"```text\n{called}\n```", _told(node)]
    return "\n\n".join(blocks)


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
        called += [inspect.getattr_static(service, method.name).body for method in _methods(service)]
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


def _on_settings(each: type) -> bool:
    return each.__module__ in SETTINGS or (each.__module__, each.__name__) in ON_SETTINGS


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
        members = _documented(classes(each.__module__)[each.__name__])
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
        for node, doc in _documented(written):
            if isinstance(node, ast.AnnAssign) and (name := ast.unparse(node.target)) in names:
                default = _default(node.value)
                constant = vars(importlib.import_module(each.__module__)).get(default)
                default = repr(constant) if isinstance(constant, str) else default
                left_out = "" if attrs.has(each) else "may be left out"
                yield name, _type(node.annotation), _quoted(default) if default else left_out, doc


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
            gives = _type(node.returns) if node.returns else ""
            rows[node.name] = (_quoted(name), _quoted(gives), sentence(ast.get_docstring(node) or ""))
    return list(rows.values())


def _taken(node: ast.FunctionDef, marks: Iterable[str]) -> list[str]:
    parts = _arguments(node.args)
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
                    aliases[name] = _alias(each.__module__, name)
    return aliases, sorted(ids)


# Promises, lifecycles, facts


def promises() -> str:
    """What `verify` checks."""
    known = importlib.import_module("tokolib.desk.verify.report").PROMISES
    return page(
        "Promises",
        "What `shop.verify()` and `python -m tokolib verify URL` check, over every stored row.\n"
        "A broken promise is named by its id; [Verify the books](../how-to/verify-the-books.md) shows one.",
        table(("id", "promise"), known.items()),
        "M is for money, S for stock, O for orders, X for repeated requests, I for document numbers, E for events, "
        "R for rows.",
    )


Transitions = Mapping[Enum, Mapping[type, Enum]]

LIVES: Final = (
    ("Order", "orders", {"OrderRequested": "pending_payment"}),
    ("Cart", "cart", {"CartStarted": "open"}),
    ("Shipment", "fulfilment", {"ShipmentHandedOver": "handed_over"}),
    ("Return", "returns", {"ReturnRequested": "requested"}),
    ("Product", "catalog", {"ProductAdded": "active"}),
)


def lifecycles() -> str:
    """The tables of the rooms as diagrams."""
    parts: list[str] = []
    for title, room, starts in LIVES:
        module = importlib.import_module(f"tokolib.{room}.lifecycle")
        moves: Transitions = module.TRANSITIONS
        parts += [f"## {title}", _diagram(moves, starts), _staying(moves, getattr(module, "WITHIN", {}))]
    effects = importlib.import_module("tokolib.effects.lifecycle").TRANSITIONS
    parts += [
        "## Operation",
        "A charge or refund at a gateway.\n"
        "What is known of it is the highest fact seen, whatever came first; see "
        "[Placement and payments](../explanation/placement-and-payments.md).",
        _mermaid(f"    {state.value} --> {next_.value}" for state, nexts in effects.items() for next_ in sorted(nexts)),
    ]
    return page(
        "Lifecycles",
        "Each diagram is drawn from the table that the code goes by, `TRANSITIONS` in the room's `lifecycle.py`.\n"
        "The words on the arrows are events, as `shop.orders.timeline(order)` tells them for an order.\n"
        "A command that would need an arrow that isn't there is refused, and nothing changes.",
        *parts,
    )


def _diagram(moves: Transitions, starts: Mapping[str, str]) -> str:
    lines = [f"    [*] --> {state}: {event}" for event, state in starts.items()]
    for state, events in moves.items():
        for event, next_ in events.items():
            if next_ is not state:
                lines.append(f"    {state.value} --> {next_.value}: {event.__name__}")
        if not any(next_ is not state for next_ in events.values()):
            lines.append(f"    {state.value} --> [*]")
    return _mermaid(lines)


def _mermaid(lines: Iterable[str]) -> str:
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _staying(moves: Transitions, within: Mapping[Enum, Iterable[type]]) -> str:
    lines = []
    for state, events in moves.items():
        stays = [event.__name__ for event, next_ in events.items() if next_ is state]
        stays += [event.__name__ for event in within.get(state, ())]
        if stays:
            lines.append(f"- `{state.value}` stays itself under {', '.join(stays)}.")
    return "\n".join(lines)


def facts() -> str:
    """What conditions may ask for."""
    known = importlib.import_module("tokolib.conditions").FACTS
    line_facts = importlib.import_module("tokolib.pricing.facts").LINE_FACTS
    written = classes("tokolib.conditions.facts")["FactType"]
    rows = [
        (f"`{fact.name}`", fact.type.value, fact.meaning, "yes" if fact.name in line_facts else "")
        for fact in known.values()
    ]
    builders = [
        (f"`{_called(node.name, node)}`", sentence(ast.get_docstring(node) or ""))
        for node in tree("tokolib.conditions.builders").body
        if isinstance(node, ast.FunctionDef)
    ]
    return page(
        "Facts and conditions",
        "Conditions of price lists, promotions, charges, deliveries and tenders ask for facts by name.\n"
        "A fact that isn't given is unknown, and no condition on it holds.",
        "A quote gives what its shop knows of these; `first_order` only the host knows.\n"
        "`shop.carts.quote(…, facts=…)` and `shop.delivery.rates(…, facts=…)` take it, and a host's own facts, whose "
        "names begin with `x.`.",
        table(("fact", "type", "meaning", "also in a promotion's `target`"), rows),
        "A subtotal is that of the stage at which a condition is asked: less the discounts given by then, and with the "
        "tax that this very subtotal has.\n"
        "Nothing is solved in circles: what is decided later changes no answer that was given before.",
        'A place has the codes of all places around it, as a category has its ancestors: `overlaps("regions", "51")` '
        'is all of Bali, `"51.71"` the city of Denpasar.\n'
        "There is no fact called variant, because a variant is a SKU here: ask for `sku`, or for `skus` of the whole "
        "order.",
        "Types:",
        _values(written).partition("\n\n")[2],
        "## Building conditions",
        "From `tokolib.conditions`; `&`, `|` and `~` join and turn them.",
        table(("builder", "holds when"), builders),
        _EXAMPLE,
    )


_EXAMPLE: Final = """\
```python
from tokolib import IDR
from tokolib.conditions import at_least, contradictions, in_words, less_than, overlaps, weekly

WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
lunch = weekly(*WORKDAYS, since="11:00", until="14:00", zone="Asia/Makassar")

rule = lunch & at_least("subtotal", 100_000) & overlaps("regions", "51")
print(in_words(rule, "en", IDR))
# > Monday to Friday 11:00–14:00 (Asia/Makassar) and subtotal at least Rp100,000 and destination regions with one of 51
print(in_words(lunch, "id"))
# > Senin sampai Jumat pukul 11.00–14.00 WITA
for fault in contradictions(rule & less_than("subtotal", 50_000)):
    print(fault)
    # > can never hold together with subtotal at least 100,000 (of[1]) @ of[3]
```"""
# Tax tables


def tax_tables() -> str:
    """Every tax rule that comes with tokolib, country by country."""
    rules = importlib.import_module("tokolib.tax.countries").BUILT_IN
    places = list(dict.fromkeys(rule.country for rule in rules.rules))
    homes = ("id", "malaysia", "asia_pacific", "united_kingdom", *(f"eu.{name}" for name in _neighbourhoods()))
    return page(
        "Tax tables",
        "The rules that `tokolib.tax` knows by itself: what a class of goods bears in a country, from which day on, by "
        "which text of law.\n"
        "A rule holds until the next one for the same class and place.\n"
        "Rules of your own come with `RuleSet.extended(…)` and win over these.",
        "Delivery that is part of the sale (class `shipping`) bears the standard rate on its day, unless a table says "
        "otherwise, and class `none` is outside tax everywhere.\n"
        "A place is a part of the country by ISO 3166-2 without the country, or a name in capitals where ISO has none.",
        "Which goods bear which class is for you to say; the notes below tell of goods that moved.",
        *(block for code in places for block in _tax_country(code, rules)),
        "## Notes",
        *(block for home in homes for block in _tax_notes(f"tokolib.tax.countries.{home}")),
        "### How the European Union's tables were made",
        *_noted("\n\n".join((importlib.import_module("tokolib.tax.countries.eu").__doc__ or "").split("\n\n")[2:])),
    )


def _neighbourhoods() -> list[str]:
    package = importlib.import_module("tokolib.tax.countries.eu")
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__))


def _tax_country(code: str, known: Any) -> list[str]:
    """The table of a country, and how it rounds."""
    rules = [rule for rule in known.rules if rule.country == code]
    roundings = [
        f"Since {rule.since}, tax is rounded {rule.profile.mode.value.replace('_', ' ')}, by "
        f"{rule.profile.level.value.replace('_', ' ')}: {rule.source}."
        for rule in known.roundings
        if rule.country == code
    ]
    rows = dict.fromkeys(_tax_row(rule) for rule in rules if not _is_plain_delivery(rule, rules))
    name = Locale("en").territories[code]
    return [f"## {name} ({code})", table(("class", "place", "since", "bears", "by"), rows), "\n".join(roundings)]


def _is_plain_delivery(rule: Any, rules: Iterable[Any]) -> bool:
    return rule.tax_class == "shipping" and attrs.evolve(rule, tax_class="standard") in rules


def _tax_row(rule: Any) -> tuple[str, ...]:
    taxed = rule.treatment.value == "taxed"
    taxes = " and ".join(
        f"{part.rate} %" + ("" if part.base_fraction == 1 else f" of {part.base_fraction}")
        for part in rule.components
        if taxed
    )
    outside = bool(rule.region) and rule.treatment.value == "export"
    named = "all that is taxed" if outside else f"`{rule.tax_class}`"
    since = "" if outside else str(rule.since)
    return named, rule.region, since, taxes or rule.treatment.value.replace("_", " "), rule.source


def _tax_notes(module: str) -> list[str]:
    """A module's own words about its tables, under its title."""
    title, _, notes = (importlib.import_module(module).__doc__ or "").partition("\n\n")
    return [f"### {' '.join(title.split()).rstrip('.')}", *_noted(notes)]


def _noted(text: str) -> list[str]:
    """Paragraphs and lists, each sentence or item on a line."""
    blocks = (block.strip() for block in text.split("\n\n"))
    return [
        "\n".join("- " + " ".join(item.split()) for item in block[2:].split("\n- "))
        if block.startswith("- ")
        else by_sentence(block)
        for block in blocks
        if block
    ]


# The views


def views() -> str:
    """What reports may read, view by view."""
    known = importlib.import_module("tokolib.adapters.sql.views").VIEWS
    blocks = []
    for view in known:
        rows = [(f"`{column.name}`", column.meaning) for column in view.columns]
        blocks += [f"## tokolib_v_{view.name}", view.about.replace(". ", ".\n"), table(("column", "meaning"), rows)]
    return page(
        "Views for reports",
        "A shop on SQLite or PostgreSQL has views that any program may read that speaks SQL.\n"
        "Their names and columns stay; what they rest on may change with any version.\n"
        "Read them, and let nothing but tokolib write: what was written by hand is no shop's history, and `verify` "
        "finds it.",
        "Every view begins with `tenant`, the shop that a row belongs to, and rows of different views belong together "
        "by `tenant` and their ids.\n"
        "Amounts are integers in minor units: divide by 10 to the power of `currency_digits`, which is 0 for IDR.\n"
        "Instants are `timestamptz` on PostgreSQL, and on SQLite text in ISO 8601, UTC, to the microsecond, which "
        "sorts by time.\n"
        "Quantities are `numeric` on PostgreSQL and exact decimal text on SQLite, and so are steps of a unit of "
        "measure; a `date` of PostgreSQL is text on SQLite.\n"
        "`sum` of integers is `numeric` on PostgreSQL.",
        "The [how-to](../how-to/put-the-schema-into-your-migrations.md) tells how the schema, with another prefix or "
        "in a schema of its own, gets into your database.",
        *blocks,
    )


# All pages


def llms() -> str:
    """Every page with its title and first sentence, for machines that read."""
    lines = ["# tokolib", "", f"> {_first_sentence(ROOT / 'README.md')}", "", "- [README](../README.md)"]
    for kind in ("tutorial", "how-to", "reference", "explanation"):
        lines += ["", f"## {kind.capitalize()}", ""]
        for path in sorted((DOCS / kind).rglob("*.md")):
            place = path.relative_to(DOCS).as_posix()
            title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ")
            told = "" if "/decisions/" in place else f": {_first_sentence(path)}"
            lines.append(f"- [{title}]({place}){told}")
    return "\n".join(lines) + "\n"


def _first_sentence(path: Path) -> str:
    """The first line of prose: a page has one sentence on each line."""
    for block in path.read_text("utf-8").split("\n\n"):
        if block.strip() and not block.startswith(("#", "<!--", "```", "|")):
            return re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", block.partition("\n")[0])
    return ""


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference/doors.md": doors,
    "reference/errors.md": errors,
    "reference/settings.md": settings,
    "reference/values.md": values,
    "reference/promises.md": promises,
    "reference/lifecycles.md": lifecycles,
    "reference/facts.md": facts,
    "reference/tax-tables.md": tax_tables,
    "reference/views.md": views,
    "llms.txt": llms,  # last: it reads the others
}


def stale() -> list[str]:
    """The pages that differ from what the code says now."""
    return [name for name, make in PAGES.items() if _read(name) != make()]


def _read(name: str) -> str:
    path = DOCS / name
    return path.read_text("utf-8") if path.is_file() else ""


def main() -> int:
    """Name the stale pages, or renew them."""
    if "--write" not in sys.argv[1:]:
        print("\n".join(stale()))
        return int(bool(stale()))
    for name, make in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
