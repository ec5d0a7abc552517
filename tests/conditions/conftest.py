"""Predicates and facts as Hypothesis draws them: few names and values, so that questions and answers meet."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

FIRST, LAST = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "UTC"]


@pytest.fixture(scope="session")
def facts_given():
    """Facts, any of which may be missing, or of another kind than the vocabulary says."""
    from zoneinfo import ZoneInfo

    minutes = st.integers(0, int((LAST - FIRST).total_seconds()) // 60).map(lambda n: FIRST + timedelta(minutes=n))
    instants = st.tuples(minutes, st.sampled_from(ZONES)).map(lambda pair: pair[0].astimezone(ZoneInfo(pair[1])))
    texts = st.sampled_from(["web", "app", "Bali", "Aceh"])
    numbers = st.integers(-3, 8) | st.decimals(-3, 8, places=1)
    kinds = {
        "subtotal": st.integers(0, 8),
        "quantity": numbers,
        "channel": texts,
        "tags": st.frozensets(texts),
        "first_order": st.booleans(),
        "now": minutes | instants,
        "x.any": numbers | texts | st.booleans() | minutes | st.frozensets(texts),
    }
    return st.fixed_dictionaries({}, optional=kinds)


@pytest.fixture(scope="session")
def predicates():
    """Predicates of every kind of node, about the facts of `facts_given`."""
    from tokolib.conditions import (
        All,
        Always,
        AnyOf,
        Compare,
        Not,
        OneOf,
        Operator,
        Overlaps,
        Weekday,
        Weekly,
        Window,
        between,
    )

    instants = st.integers(0, 16 * 24).map(lambda n: FIRST + timedelta(hours=n))
    texts = st.sampled_from(["web", "app", "Bali", "Aceh"])
    numbers = st.integers(-3, 8) | st.decimals(-3, 8, places=1)
    order = st.sampled_from([each for each in Operator if each.needs_order])
    same = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL])
    some = st.lists(texts, min_size=1, max_size=3).map(tuple)
    bounds = st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]).map(sorted)
    hours = st.tuples(instants, instants).filter(lambda pair: pair[0] != pair[1]).map(sorted)
    clocks = st.sampled_from(["00:00", "01:30", "02:30", "09:00", "17:00", "22:00"])
    leaves = st.one_of(
        st.just(Always()),
        st.builds(Compare, st.just("subtotal"), st.sampled_from(Operator), st.integers(0, 8)),
        st.builds(Compare, st.sampled_from(["quantity", "x.any"]), order, numbers),
        st.builds(Compare, st.sampled_from(["first_order", "x.any"]), same, st.booleans()),
        st.builds(Compare, st.sampled_from(["channel", "x.any"]), same, texts),
        st.builds(Compare, st.sampled_from(["now", "x.any"]), st.sampled_from(Operator), instants),
        st.builds(OneOf, st.sampled_from(["channel", "x.any"]), some),
        st.builds(OneOf, st.just("quantity"), st.lists(st.integers(0, 4), min_size=1, max_size=3).map(tuple)),
        st.builds(Overlaps, st.sampled_from(["tags", "x.any"]), some),
        bounds.map(lambda pair: between("quantity", *pair)),
        hours.map(lambda pair: between("now", *pair)),
        hours.map(lambda pair: Window(*pair, "Asia/Jakarta")),
        st.builds(Window, instants, st.none(), st.just("UTC")),
        st.builds(Window, st.none(), instants, st.just("UTC")),
        st.builds(
            Weekly,
            st.frozensets(st.sampled_from(Weekday), min_size=1).map(tuple),
            clocks,
            clocks.map(lambda clock: "23:00" if clock == "00:00" else clock[:3] + "45"),
            st.sampled_from(ZONES),
        ),
    )

    def nodes(inner):
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return parts.map(All) | parts.map(AnyOf) | inner.map(Not)

    return st.recursive(leaves, nodes, max_leaves=8)
