"""Whether a vocabulary can answer a predicate: told when a rule is put, not by a rule that never holds."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from tokolib.conditions.errors import InvalidPredicate
from tokolib.conditions.facts import FACTS, HOST_PREFIX, Fact, FactType
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
    Weekly,
    Window,
)
from tokolib.conditions.refusals import below
from tokolib.kernel.errors import Fault

_Asking = Compare | OneOf | Overlaps | Between


_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def check(
    predicate: Predicate, vocabulary: Mapping[str, Fact] = FACTS, instead: Mapping[str, str] = _NOTHING
) -> tuple[Fault, ...]:
    """What a predicate asks that no fact of *vocabulary* can answer: unknown names, wrong types, wrong forms.

    *instead* says of facts that are known elsewhere, by name, what to do here.

    A room calls it when a rule is put, so that a misspelt fact is told at once and not by a rule that never
    holds. What is read back from storage is not checked again: a vocabulary may shrink, old rules stay readable.
    """
    return tuple(_faults(predicate, "", _Known(vocabulary, instead)))


def checked(predicate: Predicate, vocabulary: Mapping[str, Fact] = FACTS) -> Predicate:
    """*predicate*, if *vocabulary* can answer it.

    Raises:
        InvalidPredicate: it can't; every fault with its path.
    """
    if faults := check(predicate, vocabulary):
        raise InvalidPredicate(faults)
    return predicate


@attrs.frozen
class _Known:
    facts: Mapping[str, Fact]
    instead: Mapping[str, str]


def _faults(predicate: Predicate, path: str, known: _Known) -> Iterator[Fault]:
    match predicate:
        case Always():
            return
        case All(of=parts) | AnyOf(of=parts):
            for i, part in enumerate(parts):
                yield from _faults(part, below(path, f"of[{i}]"), known)
        case Not(of=part):
            yield from _faults(part, below(path, "of"), known)
        case Window() | Weekly():
            if "now" not in known.facts:
                yield _unknown(path, "now", known)
        case Compare(fact=name) | OneOf(fact=name) | Overlaps(fact=name) | Between(fact=name):
            fact = known.facts.get(name)
            if fact is not None:
                yield from _misfits(predicate, path, fact)
            elif not name.startswith(HOST_PREFIX):
                yield _unknown(below(path, "fact"), name, known)


def _unknown(path: str, name: str, known: _Known) -> Fault:
    told = f"known: {', '.join(known.facts)}; a host's own start with {HOST_PREFIX}"
    if name not in FACTS:
        return Fault(path, "conditions.unknown_fact", f"no fact of that name; {told}", name)
    way_out = f"{known.instead[name]}; " if name in known.instead else ""
    return Fault(path, "conditions.never_known", f"{name} is never known here: {way_out}{told}", name)


def _misfits(leaf: _Asking, path: str, fact: Fact) -> Iterator[Fault]:
    if not _fits(leaf, fact.type):
        message = f"{fact.name} is {_ARTICLE[fact.type]}, which this can't be asked about"
        yield Fault(path, "conditions.wrong_type", message, fact.name)
    elif fact.form is not None:
        message = f"{fact.name} is written as in {fact.form.example}"
        for place, text in _texts(leaf):
            if not re.fullmatch(fact.form.pattern, text, re.ASCII):
                yield Fault(below(path, place), "conditions.wrong_form", message, text)


def _texts(leaf: _Asking) -> Iterator[tuple[str, str]]:
    """The texts that a fact is compared with, with their places."""
    match leaf:
        case Compare(value=str() as text):
            yield "value", text
        case OneOf(values=values) | Overlaps(values=values):
            yield from ((f"values[{i}]", str(text)) for i, text in enumerate(values))
        case _:
            return


_ARTICLE: Final = {
    FactType.MONEY: "an amount in minor units",
    FactType.NUMBER: "a number",
    FactType.TEXT: "text",
    FactType.TEXTS: "a set of names",
    FactType.FLAG: "true or false",
    FactType.INSTANT: "an instant",
}


def _fits(leaf: _Asking, kind: FactType) -> bool:
    match leaf:
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
