"""The page of settings, policies and limits."""

import ast
import importlib
from typing import Final

from pages.source import classes, documented, summary
from pages.text import page, table

SETTINGS: Final = tuple(f"tokolib.kernel.{name}" for name in ("settings", "registration", "policies", "limits"))


def settings() -> str:
    """Every setting, policy and limit with its default."""
    written = {name: node for module in SETTINGS for name, node in classes(module).items()}
    loaded = importlib.import_module("tokolib.kernel.defaults")
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
        "`open` takes `country`, `currency`, `zone` and `pkp_since` for a new shop; all others are set by "
        "`shop.settings.change(…)`.\n"
        "Country and currency are fixed once the shop exists.",
        "A new shop of these countries needs only `open(url, country=…)`; another one names `currency=` and `zone=`:",
        table(("country", "currency", "zone", "prices include tax"), defaults),
        "## Registration",
        f"{summary(written['Registration'])} Import it from `tokolib.kernel`.",
        _fields(written["Registration"]),
        "## Policies",
        "[Policies](../explanation/policies.md) shows which systems and laws make each choice which way.",
        _fields(written["Policies"]),
        "Values:",
        "\n\n".join(values_of(written[name]) for name in choices),
        *(values_of(classes(module)[name]) for module, name in ON_SETTINGS),
        "## Limits",
        "How much of anything is accepted, so that no input can exhaust a host.",
        _fields(written["Limits"]),
    )


def _fields(written: ast.ClassDef) -> str:
    rows = []
    for node, doc in documented(written):
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


def values_of(written: ast.ClassDef) -> str:
    lines = [f"**{written.name}**: {' '.join((ast.get_docstring(written) or '').split())}", ""]
    for node, doc in documented(written):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            told = f": {' '.join(doc.split())}" if doc else ""
            lines.append(f"- `{node.targets[0].id}`{told}".rstrip())
    return "\n".join(lines)


ON_SETTINGS: Final = (
    ("tokolib.kernel.spread", "RemainderRule"),
    ("tokolib.kernel.rounding", "RoundingMode"),
    ("tokolib.kernel.rounding", "RoundingLevel"),
)
"""Choices of the settings that live in other modules than they."""


def on_settings(each: type) -> bool:
    return each.__module__ in SETTINGS or (each.__module__, each.__name__) in ON_SETTINGS
