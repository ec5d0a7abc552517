"""What a node refuses at birth: what exists can be asked."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest

from tokolib.conditions import (
    All,
    Always,
    AnyOf,
    Compare,
    InvalidPredicate,
    Not,
    OneOf,
    Overlaps,
    all_of,
    any_of,
    at_least,
    between,
    during,
    equal,
    from_plain,
    one_of,
    overlaps,
)
from tokolib.conditions.model import DEEPEST, MOST_PARTS

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001


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


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (lambda: equal("Subtotal", 1), "fact"),
        (lambda: equal(5, 1), "fact"),
        (lambda: equal("a" * 65, 1), "fact"),
        (lambda: Compare("a", "about", 1), "operator"),
        (lambda: at_least("city", "x"), "value"),
        (lambda: at_least("a", True), "value"),
        (lambda: equal("a", 0.5), "value"),
        (lambda: equal("a", Decimal("NaN")), "value"),
        (lambda: equal("a", NAIVE), "value"),
        (lambda: equal("a", None), "value"),
        (lambda: equal("a", "x" * 201), "value"),
        (lambda: one_of("a"), "values"),
        (lambda: one_of("a", 1, "b"), "values[1]"),
        (lambda: one_of("a", 1.5), "values[0]"),
        (lambda: one_of("a", True), "values[0]"),
        (lambda: one_of("a", [], "b"), "values[0]"),
        (lambda: overlaps("a", 1), "values[0]"),
        (lambda: overlaps("a", 1, "b"), "values[0]"),
        (lambda: between("a", 5, 5), "high"),
        (lambda: between("a", 5, T0), "low"),
        (lambda: between("a", "a", "b"), "low"),
        (lambda: during(None, None, zone="UTC"), "since"),
        (lambda: during(T0, T0, zone="UTC"), "until"),
        (lambda: during(T0, None, zone="Mars"), "zone"),
        (lambda: during(NAIVE, None, zone="UTC"), "since"),
        (lambda: during("2026", None, zone="UTC"), "since"),
        (lambda: All(()), "of"),
        (lambda: All([Always()]), "of"),
        (lambda: AnyOf(("x",)), "of[0]"),
        (lambda: any_of(), "of"),
        (lambda: Not("x"), "of"),
        (lambda: All((Always(),) * (MOST_PARTS + 1)), "of"),
    ],
)
def test_a_node_refuses_nonsense_at_birth(build, path):
    """What exists can be evaluated."""
    with pytest.raises(InvalidPredicate) as caught:
        build()
    assert path == caught.value.faults[0].path


def test_nesting_has_a_limit_in_code_and_on_the_wire():
    """Sixteen levels, whoever nests."""
    deep, plain = Always(), {"is": "always"}
    for _ in range(DEEPEST - 1):
        deep, plain = Not(deep), {"is": "not", "of": plain}
    assert deep == from_plain(plain)

    with pytest.raises(InvalidPredicate, match="deeper than 16"):
        Not(deep)
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
