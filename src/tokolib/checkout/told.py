"""Facts that only the host knows: told with the quote, checked, and kept with it, so that placement asks the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from tokolib.conditions.facts import HOST_PREFIX, FactValue
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput, NaiveDatetime, shown
from tokolib.kernel.numbers import NotExact, exact

FIRST_ORDER: Final = "first_order"
"""Whether the customer has never ordered before, where the host knows better than the shop's own count."""
ORDER_NUMBER: Final = "order_number"
"""Which order of the customer this would be, with those that were placed elsewhere."""

_MOST: Final = 50
_LONGEST: Final = 200
_WANTED: Final = (
    f"must be text of at most {_LONGEST} characters, a whole or exact number, true or false, an aware instant, or a "
    f"frozenset of at most {_LONGEST} texts"
)

ToldFacts = tuple[tuple[str, FactValue], ...]


def told(given: Mapping[str, FactValue] | ToldFacts) -> ToldFacts:
    """*given* by name, in the order of the names; what is no mapping stays as it is, and is refused with its path."""
    named: Any = sorted(given.items(), key=lambda each: str(each[0])) if isinstance(given, Mapping) else given
    known: ToldFacts = tuple(named) if isinstance(named, Iterable) and not isinstance(named, str | bytes) else named
    return known


def check_told(told: Sequence[object]) -> None:
    """Pass for facts that can be kept, each told once.

    Raises:
        InvalidInput: some can't be kept; all, with paths.
    """
    faults: list[Fault] = []
    names = set[str]()
    for each in told:
        match each:
            case (str(name), value):
                faults += _faults(name, value)
                if name in names:
                    faults.append(Fault(_path(name), "checkout.bad_fact", "is told twice", shown(value)))
                names.add(name)
            case _:
                faults.append(Fault("facts", "kernel.wrong_type", "must be names with their values", shown(each)))
    if len(told) > _MOST:
        faults.append(Fault("facts", "checkout.too_many_facts", f"at most {_MOST} facts", str(len(told))))
    if faults:
        raise InvalidInput(tuple(faults))


def _path(name: str) -> str:
    return f"facts[{shown(name, str)}]"


def _faults(name: str, value: object) -> Iterator[Fault]:
    path = _path(name)
    if name not in (FIRST_ORDER, ORDER_NUMBER) and not name.startswith(HOST_PREFIX):
        own = f"{FIRST_ORDER}, {ORDER_NUMBER}"
        message = f"only {own} and names that begin with {HOST_PREFIX} can be told; the rest the shop knows"
        yield Fault(path, "checkout.not_yours_to_tell", message, shown(value))
    if len(name) > _LONGEST or not name.isprintable():
        message = f"a name has at most {_LONGEST} printable characters"
        yield Fault(path, "checkout.bad_fact", message, shown(name))
    match value:
        case bool() if name != ORDER_NUMBER:
            return
        case _ if name == FIRST_ORDER:
            yield Fault(path, "checkout.bad_fact", "must be true or false", shown(value))
        case _ if name == ORDER_NUMBER and not (type(value) is int and value > 0):
            yield Fault(path, "checkout.bad_fact", "must be a whole number above zero", shown(value))
        case str() if _is_text(value):
            return
        case frozenset() if len(value) <= _LONGEST and all(_is_text(each) for each in value):
            return
        case int() | Decimal() | datetime():
            yield from _inexact(path, value)
        case _:
            yield Fault(path, "checkout.bad_fact", _WANTED, shown(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _inexact(path: str, value: int | Decimal | datetime) -> Iterator[Fault]:
    try:
        aware(value, path) if isinstance(value, datetime) else exact(value, path)
    except InvalidInput as error:
        yield from error.faults
    except (NaiveDatetime, NotExact) as error:
        yield Fault(path, error.code, str(error), shown(value))
