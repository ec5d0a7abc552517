"""Predicates as values: frozen nodes of a small tree over named facts.

Promotions, price lists, delivery and payment rules and segments all ask in this one language. It knows facts by
name only, never a cart, an order or an address; so whoever can name its facts can use it, and a predicate can be
stored, shown, compared and explained. A node refuses nonsense at birth: whatever exists can be evaluated.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar, cast

import attrs

from tokolib.conditions.errors import InvalidPredicate
from tokolib.kernel.clock import UnknownZone, aware, zone
from tokolib.kernel.errors import Fault, NaiveDatetime, shown
from tokolib.kernel.numbers import NotExact, exact

T = TypeVar("T")
Value: TypeAlias = str | int | bool | Decimal | datetime
"""What a fact is compared with. Amounts are minor units."""

Bound: TypeAlias = int | Decimal | datetime
"""A value that has a more and a less."""

DEEPEST: Final = 16
"""Levels of nesting. People stop understanding at four; the limit keeps any reader's stack safe."""
MOST_PARTS: Final = 200
"""Parts of one `All` or `AnyOf`."""
MOST_VALUES: Final = 10_000
"""Values of one `OneOf` or `Overlaps`: a promotion on ten thousand SKUs is one node."""
LONGEST_TEXT: Final = 200

_FACT: Final = re.compile(r"[a-z][a-z0-9_.]{0,63}", re.ASCII)


class Operator(StrEnum):
    """How a fact is compared. The last four need an order: numbers or instants."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"

    @property
    def needs_order(self) -> bool:
        """Whether it asks for more or less."""
        return self not in (Operator.EQUAL, Operator.NOT_EQUAL)


def is_ordered(value: object) -> bool:
    """Whether *value* has a more and a less: a number or an instant, and no truth value."""
    return isinstance(value, int | Decimal | datetime) and not isinstance(value, bool)


def comparable(a: object, b: object) -> bool:
    """Whether two values are of one kind; 1, 1.0 and true are equal in Python, and only the first is a count."""
    for kind in (bool, str, datetime):
        if isinstance(a, kind) or isinstance(b, kind):
            return isinstance(a, kind) and isinstance(b, kind)
    return isinstance(a, int | Decimal) and isinstance(b, int | Decimal)


def refuse(path: str, code: str, message: str, value: object = "") -> InvalidPredicate:
    """The error of one fault."""
    return InvalidPredicate((fault(path, code, message, value),))


def fault(path: str, code: str, message: str, value: object = "") -> Fault:
    """One fault, with text as it is given and any other value as Python writes it."""
    return Fault(path, f"conditions.{code}", message, value if isinstance(value, str) else shown(value))


def check_fact(path: str, name: object) -> None:
    """Refuse what can't be the name of a fact."""
    if not isinstance(name, str) or not _FACT.fullmatch(name):
        raise refuse(path, "bad_fact", "must be the name of a fact, such as subtotal", name)


def _fact(_: object, field: "attrs.Attribute[str]", name: str) -> None:
    check_fact(field.name, name)


def _known(path: str, value: object) -> None:
    """Refuse what can't be compared exactly."""
    try:
        match value:
            case bool():
                pass
            case str():
                if len(value) > LONGEST_TEXT:
                    raise refuse(path, "too_long", f"must be at most {LONGEST_TEXT} characters", value)
            case datetime():
                aware(value, path)
            case _:
                exact(value, path)
    except (NotExact, NaiveDatetime) as error:
        raise refuse(path, "bad_value", str(error), value) from error


def _value(_: object, field: "attrs.Attribute[Value]", value: Value) -> None:
    _known(field.name, value)


def _bound(_: object, field: "attrs.Attribute[Bound]", value: Bound) -> None:
    _known(field.name, value)


def to_operator(value: str) -> Operator:
    """The operator of that name; any other is refused."""
    try:
        return Operator(value)
    except ValueError as error:
        raise refuse("operator", "bad_operator", f"must be one of {', '.join(Operator)}", value) from error


def _listed(values: Iterable[T]) -> tuple[T, ...]:
    """*values* as a tuple; one text is not a list of its letters."""
    try:
        if not isinstance(values, str):
            return tuple(values)
    except TypeError:
        pass
    raise refuse("values", "not_a_list", "must be a list of values", values)


def _distinct_texts(values: Iterable[str]) -> tuple[str, ...]:
    """One order and no doubles, so that the same wish is the same value; faults are left for the check."""
    given = _listed(values)
    try:
        return tuple(sorted(set(given)))
    except TypeError:
        return given


def _distinct(values: Iterable[str | int]) -> tuple[str | int, ...]:
    given = _listed(values)
    try:
        return tuple(sorted(set(given), key=lambda value: (isinstance(value, str), value)))
    except TypeError:
        return given


def _values(node: object, field: "attrs.Attribute[tuple[str, ...]]", values: tuple[str | int, ...]) -> None:
    if not 1 <= len(values) <= MOST_VALUES:
        raise refuse(field.name, "bad_count", f"must have 1 to {MOST_VALUES} values", len(values))
    kind = str if isinstance(values[0], str) or isinstance(node, Overlaps) else int
    for i, value in enumerate(values):
        if type(value) is not kind:
            raise refuse(f"{field.name}[{i}]", "bad_value", f"must be {'text' if kind is str else 'an integer'}", value)
        _known(f"{field.name}[{i}]", value)


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
    value: Value = attrs.field(validator=_value)

    def __attrs_post_init__(self) -> None:
        if self.operator.needs_order and not is_ordered(self.value):
            raise refuse("value", "no_order", f"must be a number or an instant for {self.operator}", self.value)


@attrs.frozen
class OneOf(Combined):
    """Holds when the fact is one of the values: `channel` is web or app."""

    fact: str = attrs.field(validator=_fact)
    values: tuple[str | int, ...] = attrs.field(converter=_distinct, validator=_values)


@attrs.frozen
class Overlaps(Combined):
    """Holds when the fact, a set of names, has at least one of the values: `categories` with coffee or tea."""

    fact: str = attrs.field(validator=_fact)
    values: tuple[str, ...] = attrs.field(converter=_distinct_texts, validator=_values)


@attrs.frozen
class Between(Combined):
    """Holds from *low* on, up to but without *high*: ranges that touch never share a value."""

    fact: str = attrs.field(validator=_fact)
    low: Bound = attrs.field(validator=_bound)
    high: Bound = attrs.field(validator=_bound)

    def __attrs_post_init__(self) -> None:
        if not (is_ordered(self.low) and comparable(self.low, self.high)):
            raise refuse("low", "no_order", "low and high must be two numbers or two instants", self.low)
        if not _before(self.low, self.high):
            raise refuse("high", "empty_range", "must be more than low", self.high)


@attrs.frozen
class Window(Combined):
    """Holds from *since* on until *until*, excluded, by the fact `now`; *zone* is where its clock hangs."""

    since: datetime | None
    until: datetime | None
    zone: str

    def __attrs_post_init__(self) -> None:
        for name, instant in (("since", self.since), ("until", self.until)):
            if instant is not None:
                _instant(name, instant)
        try:
            zone(self.zone)
        except UnknownZone as error:
            raise refuse("zone", "unknown_zone", str(error), self.zone) from error
        if self.since is None and self.until is None:
            raise refuse("since", "no_bounds", "a window needs a beginning or an end")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise refuse("until", "empty_range", "must be later than since", self.until)


def _instant(path: str, value: object) -> None:
    if not isinstance(value, datetime):
        raise refuse(path, "bad_value", "must be an instant", value)
    _known(path, value)


def _before(low: Bound, high: Bound) -> bool:
    if isinstance(low, datetime) and isinstance(high, datetime):
        return low < high
    return not isinstance(low, datetime) and not isinstance(high, datetime) and low < high


Predicate: TypeAlias = Always | All | AnyOf | Not | Compare | OneOf | Overlaps | Between | Window


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
        case Window():
            return frozenset({"now"})
        case Compare(fact=fact) | OneOf(fact=fact) | Overlaps(fact=fact) | Between(fact=fact):
            return frozenset({fact})
