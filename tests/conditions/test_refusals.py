"""What a node refuses at birth, and by which path: what exists can be asked."""

import ast
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

import tokolib.conditions
from tokolib.conditions import (
    All,
    Always,
    AnyOf,
    Compare,
    InvalidPredicate,
    Not,
    OneOf,
    Overlaps,
    Weekly,
    all_of,
    any_of,
    at_least,
    between,
    checked,
    contradictions,
    during,
    equal,
    from_plain,
    never,
    one_of,
    overlaps,
    weekly,
)
from tokolib.conditions.model import DEEPEST, MOST_PARTS
from tokolib.conditions.refusals import MOST_VALUES
from tokolib.conditions.vocabularies import OF_ORDERS

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001
BEYOND = datetime.max.replace(tzinfo=UTC)
office = partial(weekly, zone="UTC")


def nested(levels):
    """Always, under so many Nots."""
    deep = Always()
    for _ in range(levels):
        deep = Not(deep)
    return deep


AT_BIRTH = [
    ("bad_fact", "fact", lambda: equal("Subtotal", 1)),
    ("bad_fact", "fact", lambda: equal(5, 1)),
    ("bad_fact", "fact", lambda: equal("a" * 65, 1)),
    ("bad_fact", "fact", lambda: one_of("a b", 1)),
    ("bad_fact", "fact", lambda: overlaps("", "x")),
    ("bad_fact", "fact", lambda: between("1a", 1, 2)),
    ("bad_operator", "operator", lambda: Compare("a", "about", 1)),
    ("no_order", "value", lambda: at_least("city", "x")),
    ("no_order", "value", lambda: at_least("a", True)),
    ("bad_value", "value", lambda: equal("a", 0.5)),
    ("bad_value", "value", lambda: equal("a", Decimal("NaN"))),
    ("bad_value", "value", lambda: equal("a", 10**24)),
    ("bad_value", "value", lambda: equal("a", NAIVE)),
    ("bad_value", "value", lambda: equal("a", BEYOND)),
    ("bad_value", "value", lambda: equal("a", None)),
    ("too_long", "value", lambda: equal("a", "x" * 201)),
    ("bad_count", "values", lambda: one_of("a")),
    ("bad_count", "values", lambda: overlaps("a", *[f"{n}" for n in range(MOST_VALUES + 1)])),
    ("bad_value", "values[1]", lambda: one_of("a", 1, "b")),
    ("bad_value", "values[0]", lambda: one_of("a", 1.5)),
    ("bad_value", "values[0]", lambda: one_of("a", True)),
    ("bad_value", "values[1]", lambda: one_of("a", 1, True)),
    ("bad_value", "values[0]", lambda: one_of("a", [], 1)),
    ("bad_value", "values[0]", lambda: overlaps("a", 1)),
    ("bad_value", "values[0]", lambda: overlaps("a", 1, "b")),
    ("too_long", "values[1]", lambda: overlaps("a", "b", "x" * 201)),
    ("not_a_list", "values", lambda: OneOf("a", "Bali")),
    ("empty_range", "high", lambda: between("a", 5, 5)),
    ("no_order", "low", lambda: between("a", 5, T0)),
    ("no_order", "low", lambda: between("a", "a", "b")),
    ("bad_value", "high", lambda: between("a", T0, BEYOND)),
    ("no_bounds", "since", lambda: during(None, None, zone="UTC")),
    ("empty_range", "until", lambda: during(T0, T0, zone="UTC")),
    ("unknown_zone", "zone", lambda: during(T0, None, zone="Mars")),
    ("unknown_zone", "zone", lambda: during(T0, None, zone=None)),
    ("bad_value", "since", lambda: during(NAIVE, None, zone="UTC")),
    ("bad_value", "since", lambda: during("2026", None, zone="UTC")),
    ("bad_value", "until", lambda: during(None, BEYOND, zone="UTC")),
    ("bad_count", "days", lambda: office(since="09:00", until="17:00")),
    ("bad_day", "days[1]", lambda: office("monday", "Senin", since="09:00", until="17:00")),
    ("bad_day", "days[0]", lambda: office(1, since="09:00", until="17:00")),
    ("not_a_list", "days", lambda: Weekly("monday", "09:00", "17:00", "UTC")),
    ("bad_time", "since", lambda: office("monday", since="9:00", until="17:00")),
    ("bad_time", "since", lambda: office("monday", since="24:00", until="17:00")),
    ("bad_time", "since", lambda: office("monday", since=9, until="17:00")),
    ("bad_time", "until", lambda: office("monday", since="09:00", until="17:60")),
    ("bad_time", "until", lambda: office("monday", since="09:00", until="24:01")),
    ("bad_time", "until", lambda: office("monday", since="09:00", until=time(23, 59, 59))),
    ("bad_time", "until", lambda: office("monday", since="09:00", until=time(17, tzinfo=UTC))),
    ("bad_time", "until", lambda: office("monday", since="09:00", until=None)),
    ("empty_range", "until", lambda: office("monday", since="09:00", until="09:00")),
    ("unknown_zone", "zone", lambda: weekly("monday", since="09:00", until="17:00", zone="WIB")),
    ("bad_count", "of", lambda: All(())),
    ("bad_count", "of", any_of),
    ("bad_count", "of", lambda: All((Always(),) * (MOST_PARTS + 1))),
    ("not_a_tuple", "of", lambda: All([Always()])),
    ("not_a_predicate", "of[0]", lambda: AnyOf(("x",))),
    ("not_a_predicate", "of", lambda: Not("x")),
    ("too_deep", "of", lambda: nested(DEEPEST)),
]

LATER = [
    ("unknown_kind", "at.is", lambda: from_plain({"is": "foo"}, "at")),
    ("not_a_predicate", "at", lambda: from_plain("always", "at")),
    ("required", "at.of", lambda: from_plain({"is": "not"}, "at")),
    ("unknown_key", "at.why", lambda: from_plain({"is": "always", "why": 1}, "at")),
    ("not_a_list", "at.of", lambda: from_plain({"is": "all", "of": {}}, "at")),
    ("bad_value", "at.value", lambda: from_plain({**PLAIN, "value": 1.5}, "at")),
    ("bad_value", "at.value", lambda: from_plain({**PLAIN, "value": {"decimal": "1e5"}}, "at")),
    ("bad_value", "at.value", lambda: from_plain({**PLAIN, "value": {"instant": "noon"}}, "at")),
    ("bad_value", "at.value", lambda: from_plain({**PLAIN, "value": {"instant": "9999-12-31T23:00:00Z"}}, "at")),
    ("unknown_fact", "fact", lambda: checked(equal("subtotl", 1))),
    ("never_known", "fact", lambda: checked(equal("sku", "a"), OF_ORDERS.facts)),
    ("unknown_fact", "of.fact", lambda: checked(never(equal("subtotl", 1)))),
    ("wrong_type", "of[1]", lambda: checked(all_of(Always(), equal("city", 5)))),
    ("wrong_form", "values[0]", lambda: checked(overlaps("regions", "Bali"))),
]
PLAIN = {"is": "compare", "fact": "a", "operator": "equal", "value": 1}

FOUND = [
    ("never_holds", "of[1]", lambda: contradictions(equal("a", 1) & equal("a", 2))),
    ("dead_branch", "of[0].of[1]", lambda: contradictions((equal("a", 1) | equal("a", 2)) & equal("a", 1))),
]


@pytest.mark.parametrize(("code", "path", "build"), [*AT_BIRTH, *LATER])
def test_nonsense_is_refused_with_its_path(code, path, build):
    """At birth, as it is read, or against the vocabulary."""
    with pytest.raises(InvalidPredicate) as refused:
        build()

    (fault,) = refused.value.faults
    assert (f"conditions.{code}", path) == (fault.code, fault.path)


@pytest.mark.parametrize(("code", "path", "find"), FOUND)
def test_what_contradicts_itself_is_found_with_its_path(code, path, find):
    """A fault of a rule that can be asked all the same."""
    (fault,) = find()

    assert (f"conditions.{code}", path) == (fault.code, fault.path)


def codes_in_the_sources():
    """What stands in the place of a code where a fault is made."""
    for file in Path(tokolib.conditions.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                made = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if made in ("fault", "refuse", "Fault"):
                    yield node.args[1].value.removeprefix("conditions.")


def test_the_path_of_every_code_is_told_above():
    """No fault without its example."""
    assert {code for code, _, _ in (*AT_BIRTH, *LATER, *FOUND)} == set(codes_in_the_sources())


def test_all_bad_values_of_a_list_are_told_at_once():
    """Each with its place."""
    with pytest.raises(InvalidPredicate) as refused:
        OneOf("a", ["x" * 201, 5, "ok", None])

    assert ["values[0]", "values[1]", "values[3]"] == [fault.path for fault in refused.value.faults]


def test_values_have_one_order_and_no_doubles():
    """The same wish is the same value, however it was written; chains are flat."""
    assert one_of("channel", "web", "app", "web") == one_of("channel", "app", "web")
    assert overlaps("tags", "b", "a") == overlaps("tags", "a", "b")
    assert 20 == len(all_of(*[equal("quantity", n) for n in range(20)]).of)
    chain = Always() & Always() & Always() & Always()
    assert All((Always(),) * 4) == chain
    assert AnyOf((Always(),) * 3) == Always() | Always() | Always()
    assert (Always(), Always(), equal("a", 1)) == (all_of(), all_of(Always()), any_of(equal("a", 1)))
    assert AnyOf((Always(), Always())) == any_of(Always(), Always())


def test_true_and_one_are_two_wishes():
    """Equal in Python, and told apart here; one and one point nought are the same."""
    assert equal("a", 1) != equal("a", True)
    assert equal("a", 0) != equal("a", False)
    assert equal("a", 1) == equal("a", Decimal("1.0"))
    assert 2 == len({equal("a", 1), equal("a", True), equal("a", Decimal(1))})


def test_nesting_has_a_limit_in_code_and_on_the_wire():
    """Sixteen levels, whoever nests."""
    plain = {"is": "always"}
    for _ in range(DEEPEST - 1):
        plain = {"is": "not", "of": plain}
    assert nested(DEEPEST - 1) == from_plain(plain)

    for _ in range(5_000):
        plain = {"is": "not", "of": plain}
    with pytest.raises(InvalidPredicate, match="deeper than 16"):
        from_plain(plain)


@pytest.mark.parametrize("values", ["Bali", 5, None])
@pytest.mark.parametrize("kind", [OneOf, Overlaps])
def test_values_are_a_list_and_one_text_is_none(kind, values):
    """`OneOf("province", "Bali")` would otherwise ask for a province called B."""
    with pytest.raises(InvalidPredicate) as refused:
        kind("province", values)

    assert ("values", "conditions.not_a_list") == (refused.value.faults[0].path, refused.value.faults[0].code)


@pytest.mark.parametrize("rule", [partial(at_least, "subtotal"), partial(one_of, "lines")])
def test_a_number_that_python_does_not_print_is_refused_as_huge(rule):
    """Python writes no more than 4,300 digits."""
    with pytest.raises(InvalidPredicate) as refused:
        rule(10**5000)

    assert "huge" == refused.value.faults[0].value
