"""Predicates stored and read back."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    InvalidPredicate,
    at_least,
    between,
    during,
    from_plain,
    to_plain,
)
from tokolib.conditions.model import MOST_PARTS
from tokolib.kernel.canonical import fingerprint

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001


@given(st.data())
def test_a_predicate_survives_json(predicates, data):
    """to_plain, JSON, from_plain: the same value; equal values have equal fingerprints."""
    predicate = data.draw(predicates)
    again = from_plain(json.loads(json.dumps(to_plain(predicate))))

    assert predicate == again
    assert to_plain(predicate) == to_plain(again)
    assert fingerprint(predicate) == fingerprint(again)
    assert hash(predicate) == hash(again)


def test_reading_names_every_fault_with_its_path():
    """Missing and unknown keys, wrong kinds, bad values: all in one go."""
    plain = {
        "is": "all",
        "of": [
            {"is": "compare", "fact": "Sub", "operator": "ge", "value": 1.5},
            {"is": "window", "since": {"instant": "yesterday"}, "until": None, "zone": "UTC"},
            {"is": "window", "since": {"instant": "2026-01-01"}, "until": None, "zone": "Mars"},
            {"is": "foo"},
            {"is": ["all"]},
            {"is": "not"},
            "always",
            {"is": "always", "why": 1},
            {"is": "one_of", "fact": "a", "values": []},
            {"is": "overlaps", "fact": "a", "values": "abc"},
            {"is": "any_of", "of": {}},
            {"is": "any_of", "of": []},
            {"is": "any_of", "of": [{"is": "always"}] * (MOST_PARTS + 1)},
            {"is": "between", "fact": "a", "low": {"decimal": "1e5"}, "high": {"decimal": "2", "x": 1}},
            {"is": "compare", "fact": "a", "operator": "at_least", "value": None},
            {"is": "window", "since": None, "until": None, "zone": 5},
            {"is": "not", "of": {"is": "not", "of": 7}},
        ],
    }

    with pytest.raises(InvalidPredicate) as caught:
        from_plain(plain, "promotion.conditions")

    assert [fault.path.removeprefix("promotion.conditions.") for fault in caught.value.faults] == [
        "of[0].fact", "of[0].operator", "of[0].value",
        "of[1].since", "of[2].since", "of[2].zone", "of[3].is", "of[4].is", "of[5].of", "of[6]", "of[7].why",
        "of[8].values", "of[9].values", "of[10].of", "of[11].of", "of[12].of", "of[13].low", "of[13].high",
        "of[14].value", "of[15].zone", "of[16].of.of",
    ]  # fmt: skip
    assert "promotion.conditions.of[5].of" in str(caught.value)
    with pytest.raises(InvalidPredicate):
        from_plain(None)


KEYS = st.sampled_from(["is", "of", "fact", "operator", "value", "values", "low", "high", "since", "zone"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["all", "not", "compare", "equal", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@given(JSON)
def test_any_json_is_read_or_refused(plain):
    """Nothing that a form or a file sends raises anything else."""
    try:
        from_plain(plain)
    except InvalidPredicate as error:
        assert error.faults


def test_the_wire_form_is_what_is_documented():
    """Stored promotions depend on these very keys."""
    assert {"is": "compare", "fact": "subtotal", "operator": "at_least", "value": 100_000} == to_plain(
        at_least("subtotal", 100_000)
    )
    assert {"is": "between", "fact": "x.kg", "low": {"decimal": "1.5"}, "high": 2} == to_plain(
        between("x.kg", Decimal("1.50"), 2)
    )
    assert {
        "is": "window",
        "since": {"instant": "2026-08-16T17:00:00+00:00"},
        "until": None,
        "zone": "Asia/Jakarta",
    } == (to_plain(during(T0, None, zone="Asia/Jakarta")))


@pytest.mark.parametrize("kind", ["one_of", "overlaps"])
def test_a_list_with_a_misspelt_fact_is_read_to_its_end(kind):
    """The fact, and each value that is no text."""
    with pytest.raises(InvalidPredicate) as refused:
        from_plain({"is": kind, "fact": "Tags", "values": ["a", None, "x" * 201]})

    assert ["fact", "values[1]", "values[2]"] == [fault.path for fault in refused.value.faults]
