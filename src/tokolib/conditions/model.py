"""Predicates as values: frozen nodes of a small tree over named facts.

Promotions, price lists, delivery and payment rules and segments all ask in this one language. It knows facts by
name only, never a cart, an order or an address; so whoever can name its facts can use it, and a predicate can be
stored, shown, compared and explained. A node refuses nonsense at birth: whatever exists can be evaluated.
"""

from datetime import datetime
from typing import Final, TypeAlias, cast

import attrs

from tokolib.conditions.operators import Operator, Weekday, to_days, to_operator
from tokolib.conditions.refusals import (
    Bound,
    Value,
    bound_in_utc,
    check_clock,
    check_fact,
    check_instant,
    check_value,
    check_values,
    check_zone,
    clock_text,
    comparable,
    distinct,
    distinct_texts,
    end_text,
    in_utc,
    instant_in_utc,
    is_ordered,
    refuse,
)

DEEPEST: Final = 16
"""Levels of nesting. People stop understanding at four; the limit keeps any reader's stack safe."""
MOST_PARTS: Final = 200
"""Parts of one `All` or `AnyOf`."""


def _told_apart(value: Value) -> tuple[bool, Value]:
    """What a value is compared by: true and 1 are equal in Python, and two wishes here."""
    return isinstance(value, bool), value


def _fact(_: object, field: "attrs.Attribute[str]", name: str) -> None:
    check_fact(field.name, name)


def _value(_: object, field: "attrs.Attribute[Value]", value: Value) -> None:
    check_value(field.name, value)


def _bound(_: object, field: "attrs.Attribute[Bound]", value: Bound) -> None:
    check_value(field.name, value)


def _texts(_: object, field: "attrs.Attribute[tuple[str, ...]]", values: tuple[str, ...]) -> None:
    check_values(field.name, values, str)


def _texts_or_integers(
    _: object, field: "attrs.Attribute[tuple[str | int, ...]]", values: tuple[str | int, ...]
) -> None:
    kind = next((kind for kind in (str, int) if values and type(values[0]) is kind), None)
    if values and kind is None:
        raise refuse(f"{field.name}[0]", "bad_value", "must be text or an integer", values[0])
    check_values(field.name, values, kind or str)


def _instant(_: object, field: "attrs.Attribute[datetime | None]", value: datetime | None) -> None:
    if value is not None:
        check_instant(field.name, value)


def _zone(_: object, field: "attrs.Attribute[str]", name: str) -> None:
    check_zone(field.name, name)


def _clock(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    check_clock(field.name, value)


class Combined:
    """What all predicates can: `a & b`, `a | b`, `~a`."""

    __slots__ = ()

    def __and__(self, other: "Predicate") -> "All":
        return All(_flat(All, (cast("Predicate", self), other)))

    def __or__(self, other: "Predicate") -> "AnyOf":
        return AnyOf(_flat(AnyOf, (cast("Predicate", self), other)))

    def __invert__(self) -> "Not":
        return Not(cast("Predicate", self))


def _flat(kind: "type[All | AnyOf]", parts: "tuple[Predicate, ...]") -> "tuple[Predicate, ...]":
    """`a & b & c` is one `All` of three, not a nest."""
    return tuple(inner for part in parts for inner in (part.of if isinstance(part, kind) else (part,)))


@attrs.frozen
class Always(Combined):
    """Holds, whatever the facts."""


def _is_predicate(path: str, value: object) -> None:
    if not isinstance(value, Combined):
        raise refuse(path, "not_a_predicate", "must be a predicate", value)


def _parts(_: object, field: "attrs.Attribute[tuple[Predicate, ...]]", parts: "tuple[Predicate, ...]") -> None:
    if not isinstance(parts, tuple):
        raise refuse(field.name, "not_a_tuple", "must be a tuple of predicates", parts)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise refuse(field.name, "bad_count", f"must have 1 to {MOST_PARTS} parts", len(parts))
    for i, part in enumerate(parts):
        _is_predicate(f"{field.name}[{i}]", part)
    _not_too_deep(field.name, parts)


def _not_too_deep(path: str, parts: "tuple[Predicate, ...]") -> None:
    if 1 + max(depth(part) for part in parts) > DEEPEST:
        raise refuse(path, "too_deep", f"must not nest deeper than {DEEPEST} levels")


def _part(_: object, field: "attrs.Attribute[Predicate]", part: "Predicate") -> None:
    _is_predicate(field.name, part)
    _not_too_deep(field.name, (part,))


@attrs.frozen
class All(Combined):
    """Holds when every part does."""

    of: "tuple[Predicate, ...]" = attrs.field(validator=_parts)


@attrs.frozen
class AnyOf(Combined):
    """Holds when one part does."""

    of: "tuple[Predicate, ...]" = attrs.field(validator=_parts)


@attrs.frozen
class Not(Combined):
    """Holds when its part is known not to; a missing fact leaves both undecided."""

    of: "Predicate" = attrs.field(validator=_part)


@attrs.frozen
class Compare(Combined):
    """Compares one fact with one value: `subtotal` at least 100,000."""

    fact: str = attrs.field(validator=_fact)
    operator: Operator = attrs.field(converter=to_operator)
    value: Value = attrs.field(converter=in_utc, validator=_value, eq=_told_apart)

    def __attrs_post_init__(self) -> None:
        if self.operator.needs_order and not is_ordered(self.value):
            raise refuse("value", "no_order", f"must be a number or an instant for {self.operator}", self.value)


@attrs.frozen
class OneOf(Combined):
    """Holds when the fact is one of the values: `channel` is web or app."""

    fact: str = attrs.field(validator=_fact)
    values: tuple[str | int, ...] = attrs.field(converter=distinct, validator=_texts_or_integers)


@attrs.frozen
class Overlaps(Combined):
    """Holds when the fact, a set of names, has at least one of the values: `categories` with coffee or tea."""

    fact: str = attrs.field(validator=_fact)
    values: tuple[str, ...] = attrs.field(converter=distinct_texts, validator=_texts)


@attrs.frozen
class Between(Combined):
    """Holds from *low* on, up to but without *high*: ranges that touch never share a value."""

    fact: str = attrs.field(validator=_fact)
    low: Bound = attrs.field(converter=bound_in_utc, validator=_bound)
    high: Bound = attrs.field(converter=bound_in_utc, validator=_bound)

    def __attrs_post_init__(self) -> None:
        if not (is_ordered(self.low) and comparable(self.low, self.high)):
            raise refuse("low", "no_order", "low and high must be two numbers or two instants", self.low)
        if not _before(self.low, self.high):
            raise refuse("high", "empty_range", "must be more than low", self.high)


@attrs.frozen
class Window(Combined):
    """Holds from *since* on until *until*, excluded, by the fact `now`; *zone* is where its clock hangs."""

    since: datetime | None = attrs.field(converter=instant_in_utc, validator=_instant)
    until: datetime | None = attrs.field(converter=instant_in_utc, validator=_instant)
    zone: str = attrs.field(validator=_zone)

    def __attrs_post_init__(self) -> None:
        if self.since is None and self.until is None:
            raise refuse("since", "no_bounds", "a window needs a beginning or an end")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise refuse("until", "empty_range", "must be later than since", self.until)


@attrs.frozen
class Weekly(Combined):
    """Holds on *days* from *since* on until *until*, excluded, as the clocks of *zone* show the fact `now`.

    Times are `HH:MM`. Until 24:00 is to the end of the day; an end before the beginning lies on the next day, and
    the hours after midnight belong to the day on which they began. Clocks that jump over the range skip it, and
    clocks that are turned back run through it twice.
    """

    days: tuple[Weekday, ...] = attrs.field(converter=to_days)
    since: str = attrs.field(converter=clock_text, validator=_clock)
    until: str = attrs.field(converter=end_text, validator=_clock)
    zone: str = attrs.field(validator=_zone)

    def __attrs_post_init__(self) -> None:
        if self.since == "24:00":
            raise refuse("since", "bad_time", "a day begins at 00:00; 24:00 is its end", self.since)
        if self.since == self.until:
            raise refuse("until", "empty_range", "must be another time than since; a whole day is 00:00 to 24:00")

    @property
    def passes_midnight(self) -> bool:
        """Whether it ends on the day after."""
        return self.until < self.since


def _before(low: Bound, high: Bound) -> bool:
    if isinstance(low, datetime) and isinstance(high, datetime):
        return low < high
    return not isinstance(low, datetime) and not isinstance(high, datetime) and low < high


Predicate: TypeAlias = Always | All | AnyOf | Not | Compare | OneOf | Overlaps | Between | Window | Weekly

ALWAYS: Final[Predicate] = Always()
"""What is asked where nothing is."""


def depth(predicate: Predicate) -> int:
    """Levels of nesting: 1 for a predicate without parts."""
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            return 1 + max(depth(part) for part in parts)
        case Not(of=part):
            return 1 + depth(part)
        case _:
            return 1


def facts_asked(predicate: Predicate) -> frozenset[str]:
    """The names of all facts that a predicate asks for."""
    match predicate:
        case Always():
            return frozenset()
        case All(of=parts) | AnyOf(of=parts):
            return frozenset().union(*(facts_asked(part) for part in parts))
        case Not(of=part):
            return facts_asked(part)
        case Window() | Weekly():
            return frozenset({"now"})
        case Compare(fact=fact) | OneOf(fact=fact) | Overlaps(fact=fact) | Between(fact=fact):
            return frozenset({fact})


def leaves(predicate: Predicate) -> int:
    """How many questions *predicate* asks at the most: its nodes that have no parts. Evaluations are counted by it."""
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            return sum(leaves(part) for part in parts)
        case Not(of=part):
            return leaves(part)
        case _:
            return 1
