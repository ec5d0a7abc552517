"""The page of tax tables."""

import importlib
import pkgutil
from collections.abc import Iterable
from typing import Any

import attrs
from babel import Locale

from pages.text import by_sentence, page, table


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
