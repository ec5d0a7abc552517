"""The facts that predicates may ask for: their names, their types, and who they are about.

Facts are flat: a name and a value. The rooms give the ones listed here; a host adds its own under `x.`
(`x.loyalty_level`), which are taken as they come. A fact that isn't given is unknown, never zero or empty.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

import attrs

from tokolib.conditions.errors import InvalidPredicate
from tokolib.conditions.model import (
    All,
    Always,
    AnyOf,
    Between,
    Compare,
    Not,
    OneOf,
    Overlaps,
    Predicate,
    Window,
)
from tokolib.kernel.errors import Fault

FactValue: TypeAlias = str | int | bool | Decimal | datetime | frozenset[str]
Facts: TypeAlias = Mapping[str, FactValue]

HOST_PREFIX: Final = "x."


class FactType(StrEnum):
    """What kind of value a fact has."""

    MONEY = "money"
    """Minor units of the currency of the books, an integer."""
    NUMBER = "number"
    """An integer or a decimal."""
    TEXT = "text"
    TEXTS = "texts"
    """A set of names."""
    FLAG = "flag"
    INSTANT = "instant"
    """An aware datetime."""


@attrs.frozen
class Fact:
    """One documented fact."""

    name: str
    type: FactType
    meaning: str


_ALL: Final = (
    Fact("subtotal", FactType.MONEY, "the goods before discounts"),
    Fact("quantity", FactType.NUMBER, "units of measure: of all lines together, or of the line that is asked about"),
    Fact("lines", FactType.NUMBER, "lines of the cart"),
    Fact("weight_grams", FactType.NUMBER, "the goods' weight"),
    Fact("sku", FactType.TEXT, "the key of the line's SKU"),
    Fact("skus", FactType.TEXTS, "the keys of all SKUs"),
    Fact("product", FactType.TEXT, "the id of the line's product"),
    Fact("products", FactType.TEXTS, "the ids of all products"),
    Fact("categories", FactType.TEXTS, "the category codes of the goods, with all their ancestors"),
    Fact("tags", FactType.TEXTS, "the tags of the goods"),
    Fact("customer", FactType.TEXT, "the id of the customer who has signed in"),
    Fact("customer_groups", FactType.TEXTS, "all groups of the customer"),
    Fact("first_order", FactType.FLAG, "whether the customer has never ordered before"),
    Fact("channel", FactType.TEXT, "where it is sold: web, app, pos"),
    Fact("country", FactType.TEXT, "where it goes, ISO 3166-1 alpha-2"),
    Fact("province", FactType.TEXT, "where it goes"),
    Fact("city", FactType.TEXT, "where it goes: kabupaten or kota"),
    Fact("coupon", FactType.TEXTS, "the codes of all coupons given"),
    Fact("tender", FactType.TEXT, "how it will be paid: cod, bank_transfer, cash"),
    Fact("currency", FactType.TEXT, "the currency of all amounts, ISO 4217"),
    Fact("now", FactType.INSTANT, "the moment of the question"),
)
FACTS: Final[Mapping[str, Fact]] = {fact.name: fact for fact in _ALL}
"""The facts that the rooms give, by name."""


def check(predicate: Predicate, vocabulary: Mapping[str, Fact] = FACTS) -> tuple[Fault, ...]:
    """What a predicate asks that no fact of *vocabulary* can answer: unknown names, wrong types.

    A room calls it when a rule is put, so that a misspelt fact is told at once and not by a rule that never
    holds. What is read back from storage is not checked again: a vocabulary may shrink, old rules stay readable.
    """
    return tuple(_faults(predicate, "", vocabulary))


def checked(predicate: Predicate, vocabulary: Mapping[str, Fact] = FACTS) -> Predicate:
    """*predicate*, if *vocabulary* can answer it.

    Raises:
        InvalidPredicate: it can't; every fault with its path.
    """
    if faults := check(predicate, vocabulary):
        raise InvalidPredicate(faults)
    return predicate


def _faults(predicate: Predicate, path: str, vocabulary: Mapping[str, Fact]) -> Iterator[Fault]:
    match predicate:
        case Always() | Window():
            return
        case All(of=parts) | AnyOf(of=parts):
            for i, part in enumerate(parts):
                yield from _faults(part, f"{path}.of[{i}]".lstrip("."), vocabulary)
        case Not(of=part):
            yield from _faults(part, f"{path}.of".lstrip("."), vocabulary)
        case Compare(fact=name) | OneOf(fact=name) | Overlaps(fact=name) | Between(fact=name):
            fact = vocabulary.get(name)
            if fact is None and not name.startswith(HOST_PREFIX):
                message = f"no fact of that name; known: {', '.join(vocabulary)}; a host's own start with {HOST_PREFIX}"
                yield Fault(f"{path}.fact".lstrip("."), "conditions.unknown_fact", message, name)
            elif fact is not None and not _fits(predicate, fact.type):
                message = f"{name} is {_ARTICLE[fact.type]}, which this can't be asked about"
                yield Fault(path, "conditions.wrong_type", message, name)


_ARTICLE: Final = {
    FactType.MONEY: "an amount in minor units",
    FactType.NUMBER: "a number",
    FactType.TEXT: "text",
    FactType.TEXTS: "a set of names",
    FactType.FLAG: "true or false",
    FactType.INSTANT: "an instant",
}


def _fits(predicate: Compare | OneOf | Overlaps | Between, kind: FactType) -> bool:
    match predicate:
        case Overlaps():
            return kind is FactType.TEXTS
        case OneOf(values=values):
            return _value_fits(values[0], kind)
        case Compare(value=value):
            return _value_fits(value, kind)
        case Between(low=low, high=high):
            return _value_fits(low, kind) and _value_fits(high, kind)


def _value_fits(value: object, kind: FactType) -> bool:
    match kind:
        case FactType.MONEY:
            return type(value) is int
        case FactType.NUMBER:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case FactType.TEXT:
            return isinstance(value, str)
        case FactType.FLAG:
            return isinstance(value, bool)
        case FactType.INSTANT:
            return isinstance(value, datetime)
        case FactType.TEXTS:
            return False
