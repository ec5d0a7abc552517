"""What a room does with a rule that is put: names as they are compared, and every fault with its path."""

from collections.abc import Callable, Iterator, Mapping

import attrs

from tokolib.conditions.checks import check
from tokolib.conditions.contradictions import can_hold, contradictions
from tokolib.conditions.model import All, AnyOf, Compare, Not, OneOf, Overlaps, Predicate
from tokolib.conditions.vocabularies import Vocabulary
from tokolib.kernel.errors import Fault


def rule_faults(path: str, predicate: Predicate, vocabulary: Vocabulary) -> Iterator[Fault]:
    """What is wrong with a rule that is put at *path*, where the facts of *vocabulary* are known.

    It asks for what is never known there, or contradicts itself as a whole; dead branches are for a lint to tell.
    """
    found = check(predicate, vocabulary.facts, vocabulary.instead)
    if not found and not can_hold(predicate):
        found = contradictions(predicate)
    for fault in found:
        yield attrs.evolve(fault, path=f"{path}.{fault.path}".rstrip("."))


def spelt(predicate: Predicate, by: Mapping[str, Callable[[str], str]]) -> Predicate:
    """*predicate* with the texts that it compares facts with as they are compared: *by* says how, for each fact."""
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            return attrs.evolve(predicate, of=tuple([spelt(part, by) for part in parts]))
        case Not(of=part):
            return Not(spelt(part, by))
        case Compare(fact=fact, value=str(value)) if fact in by:
            return attrs.evolve(predicate, value=by[fact](value))
        case OneOf(fact=fact, values=values) if fact in by:
            return OneOf(fact, tuple([by[fact](each) if isinstance(each, str) else each for each in values]))
        case Overlaps(fact=fact, values=values) if fact in by:
            return Overlaps(fact, tuple([by[fact](each) for each in values]))
        case _:
            return predicate
