"""The page of doors and commands."""

import ast
import importlib
import inspect
from collections.abc import Iterable
from typing import Final

from pages.commands import function, methods, permissions, services
from pages.signatures import alias, prose, signature
from pages.source import assigned, classes
from pages.text import page, sentence, table

ALIASES: Final = (
    ("tokolib.cart.service", ("CartRef", "LineRef", "Lines")),
    ("tokolib.cart.problems", ("Fix",)),
    ("tokolib.checkout.extras", ("Wrap",)),
    ("tokolib.inventory.service", ("Counted",)),
    ("tokolib.kernel.moments", ("Moment",)),
    ("tokolib.pricing.prices.faults", ("Quantities",)),
    ("tokolib.pricing.prices.lists", ("ListName",)),
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


def doors() -> str:
    """Every door of a shop with every command."""
    shop = importlib.import_module("tokolib.shop")
    own = [_command(method, "shop", shop.Doors) for method in methods(shop.Doors)]
    parts = [
        "Each command is given as it is called on a `Shop`; on an `AsyncShop` the same call is awaited.\n"
        "A command that changes something names the permission that an access policy is asked for; [Run it in your "
        "host](../how-to/run-in-your-host.md#decide-who-may-do-what) shows such a policy.\n"
        "A command without one only reads, and no policy is asked; nor is it for a dry run.\n"
        "What the arguments and answers are made of stands in [Values](values.md).",
        _short_names(),
        "## shop",
        f"```text\n{signature('tokolib.open', function('tokolib.shop.opening', 'open'))}\n```",
        "`tokolib.aopen(…)` takes the same, and is awaited or entered with `async with`.",
        _asked(permissions(importlib.import_module("tokolib.shop.planning").Plan, "prepare")),
        *own,
        *(_plain(name, shop.Doors) for name in ("acting", "within")),
        _plain("close", shop.Shop),
    ]
    for name, service in services().items():
        parts += [f"## shop.{name}", inspect.getdoc(inspect.getattr_static(shop.Doors, name)) or ""]
        parts += [_command(method, f"shop.{name}", service) for method in methods(service)]
    return page("Doors and commands", *parts)


def _plain(name: str, face: type) -> str:
    """What *face* offers without a service, and without asking for a permission."""
    written = next(
        node
        for node in classes(face.__module__)[face.__name__].body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    return f"### shop.{name}\n\n```text\n{signature(f'shop.{name}', written)}\n```\n\n{prose(written)}"


def _command(method: ast.AsyncFunctionDef, door: str, service: type) -> str:
    called = f"```text\n{signature(f'{door}.{method.name}', method)}\n```"
    parts = [f"### {door}.{method.name}", called, _asked(permissions(service, method.name)), prose(method)]
    return "\n\n".join(part for part in parts if part)


def _asked(named: Iterable[str]) -> str:
    """The line about a command's permission, if it has one."""
    return "".join(f"Permission: `{each}`." for each in named)


def _short_names() -> str:
    rows = [(f"`{name}`", f"`{alias(module, name)}`") for module, names in ALIASES for name in names]
    rows += [(f"`Source` of {goods}", f"`{alias(module, 'Source')}`") for module, goods in SOURCES]
    order = ast.get_docstring(classes("tokolib.payments.lookups")["HasOrderId"]) or ""
    rows.append(("`HasOrderId`", sentence(order)))
    for module, name in OPTIONS:
        options = classes(module)[name]
        fields = [f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}" for node in assigned(options)]
        rows.append((f"`{name}`", f"`{', '.join(fields)}`; each may be left out"))
    return f"Short names in the signatures:\n\n{table(('name', 'means'), rows)}"
