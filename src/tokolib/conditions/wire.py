"""The one form in which predicates are stored and exchanged: a JSON-able dict, read strictly.

`{"is": "compare", "fact": "subtotal", "operator": "at_least", "value": 100000}`. Integers, text and truth values
stand as they are; `{"decimal": "1.5"}` and `{"instant": "2026-08-16T17:00:00+00:00"}` say what JSON can't.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

import attrs

from tokolib.conditions.errors import InvalidPredicate
from tokolib.conditions.model import (
    DEEPEST,
    MOST_PARTS,
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
from tokolib.conditions.operators import to_days, to_operator
from tokolib.conditions.refusals import (
    Value,
    below,
    check_clock,
    check_fact,
    check_value,
    check_zone,
    clock_text,
    fault,
)
from tokolib.kernel.errors import Fault
from tokolib.kernel.numbers import NotExact, exact, shortest

Plain = dict[str, Any]


def to_plain(predicate: Predicate) -> Plain:
    """*predicate* as a dict of text, integers, truth values, lists and dicts."""
    match predicate:
        case Always():
            return {"is": "always"}
        case All(of=parts):
            return {"is": "all", "of": [to_plain(part) for part in parts]}
        case AnyOf(of=parts):
            return {"is": "any_of", "of": [to_plain(part) for part in parts]}
        case Not(of=part):
            return {"is": "not", "of": to_plain(part)}
        case Compare(fact=fact, operator=operator, value=value):
            return {"is": "compare", "fact": fact, "operator": operator.value, "value": _plain(value)}
        case OneOf(fact=fact, values=values):
            return {"is": "one_of", "fact": fact, "values": list(values)}
        case Overlaps(fact=fact, values=texts):
            return {"is": "overlaps", "fact": fact, "values": list(texts)}
        case Between(fact=fact, low=low, high=high):
            return {"is": "between", "fact": fact, "low": _plain(low), "high": _plain(high)}
        case Window(since=since, until=until, zone=zone):
            return {"is": "window", "since": _plain_or_none(since), "until": _plain_or_none(until), "zone": zone}
        case Weekly(days=days, since=start, until=end, zone=zone):
            return {"is": "weekly", "days": [day.value for day in days], "since": start, "until": end, "zone": zone}


def from_plain(plain: object, path: str = "") -> Predicate:
    """The predicate of a dict that `to_plain` made, or a person wrote.

    Raises:
        InvalidPredicate: every fault with its path below *path*: a missing or unknown key, a value of the wrong
            kind, nesting deeper than 16 levels.
    """
    reader = _Reader()
    read = reader.predicate(plain, path, 1)
    if read is None or reader.faults:
        raise InvalidPredicate(tuple(reader.faults))
    return read


def _plain(value: Value) -> Any:
    match value:
        case Decimal():
            return {"decimal": shortest(value)}
        case datetime():
            return {"instant": value.astimezone(UTC).isoformat()}
        case _:
            return value


def _plain_or_none(value: datetime | None) -> Any:
    return None if value is None else _plain(value)


_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "always": (),
    "all": ("of",),
    "any_of": ("of",),
    "not": ("of",),
    "compare": ("fact", "operator", "value"),
    "one_of": ("fact", "values"),
    "overlaps": ("fact", "values"),
    "between": ("fact", "low", "high"),
    "window": ("since", "until", "zone"),
    "weekly": ("days", "since", "until", "zone"),
}


_NAMES: Final[Mapping[str, Callable[[Any], object]]] = {
    "fact": partial(check_fact, "fact"),
    "operator": to_operator,
    "zone": partial(check_zone, "zone"),
}


@attrs.define
class _Reader:
    """Reads on after a fault, so that all are found; what could not be read is None."""

    faults: list[Fault] = attrs.field(factory=list)

    def fault(self, path: str, code: str, message: str, value: object = "") -> None:
        self.faults.append(fault(path, code, message, value))

    def predicate(self, plain: object, path: str, level: int) -> Predicate | None:
        if level > DEEPEST:
            self.fault(path, "too_deep", f"must not nest deeper than {DEEPEST} levels")
            return None
        if not isinstance(plain, dict):
            self.fault(path, "not_a_predicate", 'must be an object with a key "is"', plain)
            return None
        kind = plain.get("is")
        keys = _KEYS.get(kind) if isinstance(kind, str) else None
        if keys is None:
            self.fault(below(path, "is"), "unknown_kind", f"must be one of {', '.join(_KEYS)}", kind)
            return None
        if not self._has_exactly(plain, keys, path):
            return None
        return self._node(kind, {key: plain[key] for key in keys}, path, level)

    def _has_exactly(self, plain: Mapping[object, object], keys: tuple[str, ...], path: str) -> bool:
        before = len(self.faults)
        for key in keys:
            if key not in plain:
                self.fault(below(path, key), "required", "is required")
        for other in plain:
            if other not in ("is", *keys):
                self.fault(below(path, str(other)), "unknown_key", "is not a key of this", other)
        return len(self.faults) == before

    def _node(self, kind: Any, fields: Plain, path: str, level: int) -> Predicate | None:
        match kind:
            case "always":
                return Always()
            case "all" | "any_of":
                parts = self._parts(fields["of"], below(path, "of"), level)
                return None if parts is None else self._made(All if kind == "all" else AnyOf, path, parts)
            case "not":
                part = self.predicate(fields["of"], below(path, "of"), level + 1)
                return None if part is None else self._made(Not, path, part)
            case "one_of" | "overlaps":
                return self._listing(OneOf if kind == "one_of" else Overlaps, fields, path)
            case "weekly":
                return self._weekly(fields, path)
            case _:
                return self._with_values(kind, fields, path)

    def _with_values(self, kind: str, fields: Plain, path: str) -> Predicate | None:
        before = len(self.faults)
        read = {name: self._value(name, value, path) for name, value in fields.items()}
        if len(self.faults) > before:
            return None
        made = {"compare": Compare, "between": Between, "window": Window}[kind]
        return self._made(made, path, *read.values())

    def _listing(self, made: Callable[..., Predicate], fields: Plain, path: str) -> Predicate | None:
        before = len(self.faults)
        self._asked(path, check_fact, "fact", fields["fact"])
        fact = fields["fact"] if len(self.faults) == before else "unread"  # so that the values are read all the same
        values = self._values(fields["values"], below(path, "values"))
        return None if values is None else self._made(made, path, fact, values)

    def _weekly(self, fields: Plain, path: str) -> Predicate | None:
        before = len(self.faults)
        self._asked(path, to_days, fields["days"])
        for name in ("since", "until"):
            self._asked(path, check_clock, name, clock_text(fields[name]))
        self._asked(path, check_zone, "zone", fields["zone"])
        return self._made(Weekly, path, *fields.values()) if len(self.faults) == before else None

    def _parts(self, plain: object, path: str, level: int) -> tuple[Predicate, ...] | None:
        if not isinstance(plain, list):
            self.fault(path, "not_a_list", "must be a list of predicates", plain)
            return None
        if len(plain) > MOST_PARTS:
            self.fault(path, "bad_count", f"must have 1 to {MOST_PARTS} parts", len(plain))
            return None
        read = [self.predicate(part, f"{path}[{i}]", level + 1) for i, part in enumerate(plain)]
        parts = tuple(part for part in read if part is not None)
        return parts if len(parts) == len(plain) else None

    def _values(self, plain: object, path: str) -> tuple[Any, ...] | None:
        if not isinstance(plain, list):
            self.fault(path, "not_a_list", "must be a list of values", plain)
            return None
        return tuple(plain)

    def _value(self, name: str, plain: object, path: str) -> Any:
        """A field as the nodes take it; whether it fits there, the node says."""
        match plain:
            case _ if name in _NAMES:
                self._asked(path, _NAMES[name], plain)
                return plain
            case {"decimal": str(digits), **rest} if not rest:
                return self._decimal(digits, below(path, name))
            case {"instant": str(text), **rest} if not rest:
                return self._instant(name, text, path)
            case None if name in ("since", "until"):
                return None
            case str() | bool() | int():
                return plain
            case _:
                self.fault(below(path, name), "bad_value", "must be text, an integer or true or false", plain)
                return None

    def _asked(self, path: str, check: Callable[..., object], *fields: object) -> None:
        """One field by itself, so that its fault is found beside those of others."""
        try:
            check(*fields)
        except InvalidPredicate as error:
            self._refused(error, path)

    def _decimal(self, digits: str, path: str) -> Decimal | None:
        try:
            return exact(digits, path)
        except NotExact:
            self.fault(path, "bad_value", "must be digits such as 1.5", digits)
            return None

    def _instant(self, name: str, text: str, path: str) -> datetime | None:
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            self.fault(below(path, name), "bad_value", "must be an ISO 8601 instant", text)
            return None
        self._asked(path, check_value, name, instant)
        return instant

    def _made(self, made: Callable[..., Predicate], path: str, *fields: Any) -> Predicate | None:
        """The node; what it refuses at birth is one more fault, at the node's own path."""
        try:
            return made(*fields)
        except InvalidPredicate as error:
            self._refused(error, path)
            return None

    def _refused(self, error: InvalidPredicate, path: str) -> None:
        self.faults += [attrs.evolve(fault, path=below(path, fault.path)) for fault in error.faults]
