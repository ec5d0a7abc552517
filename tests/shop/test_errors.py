"""Every error of the sale's rooms: a code of its own, a sentence with its values, a problem for the host."""

import attrs
import pytest

from tokolib import IDR
from tokolib.checkout import errors as checkout
from tokolib.desk.settings import CountryNeeded
from tokolib.documents import errors as documents
from tokolib.fulfilment import errors as fulfilment
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money
from tokolib.orders import errors as orders
from tokolib.records.record import RecordDamaged, RecordTooNew
from tokolib.returns import errors as returns

ROOMS = (checkout, orders, fulfilment, returns, documents)
ERRORS = [
    kind
    for room in ROOMS
    for kind in vars(room).values()
    if isinstance(kind, type) and issubclass(kind, TokolibError) and kind.__module__ == room.__name__
] + [CountryNeeded, RecordDamaged, RecordTooNew]


def sample(field):
    """A value that can be recognised in the sentence."""
    kind = str(field.type)
    if "tuple" in kind:
        return (f"{field.name}-1", f"{field.name}-2")
    if "int" in kind.lower().replace("print", ""):
        return 7
    return IDR(7) if field.type in (Money, "Money") else f"{field.name}-value"


def words(value):
    """How *value* may stand in a sentence."""
    return value if isinstance(value, tuple) else (str(value),)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_an_error_tells_its_values(kind):
    """Nothing that the error knows is missing from what a host and a person are told."""
    fields = attrs.fields(kind)
    error = kind(**{field.name: sample(field) for field in fields})
    problem = error.problem()
    assert problem["code"] == kind.code and problem["detail"] == str(error) and str(error)
    assert 400 <= problem["status"] < 600
    assert error.hint == problem.get("hint", "")
    shared = [field.name for field in fields if all(each in str(error) for each in words(sample(field)))]
    assert shared or not fields


def test_codes_are_unique():
    """One code, one error."""
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)
