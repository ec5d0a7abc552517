"""Every error of the package: a code of its own, a sentence, and a way through pickle."""

import importlib
import pickle
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib.inventory.errors import Shortage
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.quantity import PIECE, Quantity, UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice

CURRENCIES = st.sampled_from(["IDR", "USD", "EUR", "JPY"]).map(currency)
INTEGERS = st.integers(-(10**9), 10**9)
VALUES: Mapping[type, st.SearchStrategy[Any]] = {
    str: st.text(min_size=1, max_size=20),
    Decimal: st.decimals(-(10**6), 10**6, places=4),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    Currency: CURRENCIES,
    Money: st.builds(Money.minor, INTEGERS, CURRENCIES),
    UnitPrice: st.builds(Money.minor, INTEGERS, CURRENCIES).map(UnitPrice.of),
    UnitOfMeasure: st.just(PIECE),
    Quantity: st.integers(1, 1000).map(Quantity.of),
    Shortage: st.builds(Shortage, wanted=INTEGERS, available=INTEGERS),
}
"""Types whose validators refuse what Hypothesis would build from annotations alone."""


def some_of(tuple_type: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """An error lists faults or choices only when there is at least one."""
    items = get_args(tuple_type)
    if items[-1] is Ellipsis:
        return st.lists(st.from_type(items[0]), min_size=1, max_size=3).map(tuple)
    return st.tuples(*map(st.from_type, items))


for _type, _values in VALUES.items():
    st.register_type_strategy(_type, _values)
st.register_type_strategy(tuple, some_of)


def import_all() -> None:
    for module in pkgutil.walk_packages(tokolib.__path__, "tokolib."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def below(cls: type[TokolibError]) -> Iterator[type[TokolibError]]:
    for child in cls.__subclasses__():
        yield child
        yield from below(child)


def is_ours(error: type) -> bool:
    """Tests make errors too; and attrs, adding slots, leaves a second class until it is collected."""
    in_module = getattr(sys.modules[error.__module__], error.__name__, None)
    return in_module is error and error.__module__.partition(".")[0] == "tokolib"


import_all()
OURS = sorted(
    {error for error in below(TokolibError) if is_ours(error)},
    key=lambda error: (error.__module__, error.__qualname__),
)
FAMILIES = [error for error in OURS if "__attrs_attrs__" not in vars(error)]
ERRORS = [error for error in OURS if error not in FAMILIES]


def names(errors: list[type[TokolibError]]) -> list[str]:
    return [f"{error.__module__}.{error.__qualname__}" for error in errors]


def test_a_class_without_fields_is_only_a_family():
    """What is raised is a frozen attrs class; a plain class only gathers such classes for `except`."""
    assert [] == names([family for family in FAMILIES if not any(below(family))])


def test_no_two_errors_share_a_code():
    """Hosts map codes to translations and HTTP statuses: one code, one meaning."""
    codes = Counter(error.code for error in ERRORS)

    assert {} == {code: count for code, count in codes.items() if count > 1}


@pytest.mark.parametrize("error", ERRORS, ids=names(ERRORS))
def test_a_code_is_the_room_and_what_happened(error):
    """`code` is set by the class itself and reads `room.what_happened`."""
    assert "code" in vars(error)
    assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", error.code)


@pytest.mark.parametrize("error", ERRORS, ids=names(ERRORS))
@settings(max_examples=10)
@given(data=st.data())
def test_an_error_says_something_and_pickles(error, data):
    """str(), the HTTP problem and a pickle round trip work, and no field changes on the way."""
    hints = get_type_hints(error)
    given_fields = {
        field.alias: data.draw(st.from_type(hints[field.name]), label=field.name)
        for field in attrs.fields(error)
        if field.init
    }
    raised = error(**given_fields)

    revived = pickle.loads(pickle.dumps(raised))

    assert str(raised)
    assert raised.code == raised.problem()["code"]
    assert type(raised) is type(revived)
    assert str(raised) == str(revived)
    assert [getattr(raised, field.name) for field in attrs.fields(error)] == [
        getattr(revived, field.name) for field in attrs.fields(error)
    ]
