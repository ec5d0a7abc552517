"""Why a predicate doesn't hold, and what it says: as reasons, data first; `words.py` has the sentences.

The code is `conditions.<kind>.<fact>` (`conditions.at_least.subtotal`) for what failed and
`conditions.rule.<kind>.<fact>` for what is asked; a host's own fact has no place in the code.
The hours of a week are `conditions.weekly.<days>`, by the numbers of ISO 8601: `12345` is Monday to Friday.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, cast

import attrs

from tokolib.conditions.evaluate import verdict
from tokolib.conditions.facts import FACTS, Facts, FactType, FactValue
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
from tokolib.conditions.operators import Operator
from tokolib.conditions.refusals import Value
from tokolib.conditions.weeks import DAY, day_numbers, minute_of_week
from tokolib.kernel.explain import Reason, ReasonValue, reason
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.numbers import EXACT

SHOWN: Final = 8
"""Values of a long list that a sentence names; then it says how many more."""

CLOCKS: Final = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
"""What Indonesia calls the clocks of its zones (Keppres 41/1987)."""

_Leaf = Compare | OneOf | Overlaps | Between | Window | Weekly


def why_not(predicate: Predicate, facts: Facts) -> tuple[Reason, ...]:
    """The reasons why *predicate* is not known to hold; none when it does.

    Amounts come out as `Money` where the fact `currency` is given, and with what is `missing` to a minimum.
    """
    if isinstance(predicate, Always) or verdict(predicate, facts) is True:
        return ()
    match predicate:
        case All(of=parts):
            return tuple(cause for part in parts for cause in why_not(part, facts))
        case AnyOf(of=parts):
            causes = (cause for part in parts for cause in why_not(part, facts))
            return (reason("conditions.any_of", None, *causes),)
        case Not(of=part) if verdict(part, facts) is None:
            return _undecided(part, facts)
        case Not(of=part):
            return (reason("conditions.not", None, rule(part, _currency(facts))),)
        case Compare() | OneOf() | Overlaps() | Between() | Window() | Weekly():
            return (_failure(predicate, facts),)


def too_little(fact: str, wanted: int, actual: int, books: Currency) -> Reason:
    """Why an amount, in minor units, is below the least that is *wanted*: what `why_not` says to such a question."""
    missing = Money.minor(wanted - actual, books)
    amounts = (("wanted", Money.minor(wanted, books)), ("actual", Money.minor(actual, books)), ("missing", missing))
    return Reason(f"conditions.at_least.{fact}", (("fact", fact), *amounts))


def rule(predicate: Predicate, in_currency: Currency | None = None) -> Reason:
    """What *predicate* asks for, as a reason; amounts as money when their currency is named."""
    match predicate:
        case Always():
            return reason("conditions.rule.always")
        case All(of=parts):
            return reason("conditions.rule.all", None, *(rule(part, in_currency) for part in parts))
        case AnyOf(of=parts):
            return reason("conditions.rule.any_of", None, *(rule(part, in_currency) for part in parts))
        case Not(of=part):
            return reason("conditions.rule.not", None, rule(part, in_currency))
        case Compare() | OneOf() | Overlaps() | Between() | Window() | Weekly():
            return _with(_code("conditions.rule", predicate), _wanted(predicate, in_currency))


def _undecided(predicate: Predicate, facts: Facts) -> tuple[Reason, ...]:
    """One reason for each fact that a part of *predicate* still waits for."""
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            return tuple(cause for part in parts for cause in _undecided(part, facts))
        case Not(of=part):
            return _undecided(part, facts)
        case _:
            return () if verdict(predicate, facts) is not None else why_not(predicate, facts)


def _failure(leaf: _Leaf, facts: Facts) -> Reason:
    name, books = _fact(leaf), _currency(facts)
    values = _wanted(leaf, books)
    if verdict(leaf, facts) is None:
        return _with(f"conditions.unknown.{name}" if name in FACTS else "conditions.unknown", values)
    actual = facts[name]
    values["actual"] = _shown(name, actual, books)
    values |= _missing(leaf, actual, books)
    told = _with(_code("conditions", leaf), values)
    return attrs.evolve(told, children=(_now(leaf, actual),)) if isinstance(leaf, Weekly) else told


def _now(weekly: Weekly, actual: FactValue) -> Reason:
    """The moment with its weekday, which a date alone doesn't tell."""
    instant = cast("datetime", actual)  # else the question were undecided
    day = minute_of_week(instant, weekly.zone) // DAY
    return _with(f"conditions.now.{day + 1}", {"actual": instant, "time_zone": weekly.zone})


def _with(code: str, values: Mapping[str, ReasonValue]) -> Reason:
    return Reason(code, tuple(values.items()))


def _code(prefix: str, leaf: _Leaf) -> str:
    name = _fact(leaf)
    if isinstance(leaf, Weekly):
        return f"{prefix}.{_kind(leaf)}.{day_numbers(leaf.days)}"
    return f"{prefix}.{_kind(leaf)}" + (f".{name}" if name in FACTS and not isinstance(leaf, Window) else "")


def _fact(leaf: _Leaf) -> str:
    return "now" if isinstance(leaf, Window | Weekly) else leaf.fact


def _kind(leaf: _Leaf) -> str:
    match leaf:
        case Compare(operator=Operator.AT_LEAST, value=datetime()):
            return "not_before"
        case Compare(operator=operator):
            return operator.value
        case OneOf():
            return "one_of"
        case Overlaps():
            return "overlaps"
        case Between():
            return "between"
        case Window(since=None):
            return "window_until"
        case Window(until=None):
            return "window_from"
        case Window():
            return "window"
        case Weekly(passes_midnight=True):
            return "weekly_overnight"
        case Weekly():
            return "weekly"


def _wanted(leaf: _Leaf, books: Currency | None) -> dict[str, ReasonValue]:
    name = _fact(leaf)
    match leaf:
        case Compare(value=value):
            return {"fact": name, "wanted": _shown(name, value, books)}
        case OneOf(values=values) | Overlaps(values=values):
            return {"fact": name, "wanted": _listed([str(value) for value in values])}
        case Between(low=low, high=high):
            return {"fact": name, "low": _shown(name, low, books), "high": _shown(name, high, books)}
        case Window(since=since, until=until):
            bounds = {"since": since, "until": until}
            told = {key: bound for key, bound in bounds.items() if bound}
            return {"fact": name, **told, "time_zone": leaf.zone}
        case Weekly(since=start, until=end, zone=zone_name):
            clocks = {"since": start[:2], "since_minute": start[3:], "until": end[:2], "until_minute": end[3:]}
            return {"fact": name, **clocks, "time_zone": zone_name, "clock": CLOCKS.get(zone_name, f"({zone_name})")}


def _missing(leaf: _Leaf, actual: FactValue, books: Currency | None) -> dict[str, ReasonValue]:
    """What is lacking to a minimum, where it is a number."""
    if not (isinstance(leaf, Compare) and leaf.operator is Operator.AT_LEAST):
        return {}
    wanted = leaf.value
    if isinstance(wanted, int) and isinstance(actual, int):
        return {"missing": _shown(leaf.fact, wanted - actual, books)}
    if isinstance(wanted, int | Decimal) and isinstance(actual, int | Decimal):
        return {"missing": EXACT.subtract(Decimal(wanted), Decimal(actual))}
    return {}


def _shown(name: str, value: Value | frozenset[str], books: Currency | None) -> ReasonValue:
    if isinstance(value, frozenset):
        return _listed(sorted(value))
    fact = FACTS.get(name)
    if fact is not None and fact.type is FactType.MONEY and books is not None and type(value) is int:
        return Money.minor(value, books)
    return value


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f", … (+{more})" if more > 0 else "")


def _currency(facts: Facts) -> Currency | None:
    code = facts.get("currency")
    return currency(code) if isinstance(code, str) else None
