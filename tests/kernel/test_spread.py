"""The only allocator loses nothing, invents nothing, and is fair to within one minor unit."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.kernel.numbers import NotExact
from tokolib.kernel.spread import RemainderRule, Shares, Unspreadable, growing, spread

TOTALS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20)
RULES = st.sampled_from(RemainderRule)


@given(TOTALS, WEIGHTS, RULES)
@example(-1, [0, 1, 1], RemainderRule.LARGEST)
def test_spread_is_exact_and_fair(total, weights, rule):
    """The parts sum to the whole, each is within one unit of its share, and no weight means no part."""
    parts = spread(total, weights, rule)

    assert total == sum(parts)
    if any(weights):
        whole = sum(weights)
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
    else:
        assert max(parts) - min(parts) <= 1


@given(TOTALS, WEIGHTS, RULES)
def test_spread_is_a_function_and_a_mirror(total, weights, rule):
    """The same question has the same answer, and minus the amount is minus the parts."""
    parts = spread(total, weights, rule)

    assert parts == spread(total, tuple(weights), rule)
    assert tuple(-part for part in parts) == spread(-total, weights, rule)


def test_who_takes_the_odd_unit():
    """Largest fraction (of equals the earlier one), first, last."""
    assert (1, 0, 0) == spread(1, [1, 1, 1])
    assert (0, 1, 1) == spread(2, [1, 2, 2])
    assert (1, 1, 0) == spread(2, [1, 2, 2], RemainderRule.FIRST)
    assert (0, 1, 1) == spread(2, [1, 2, 2], RemainderRule.LAST)
    assert (2, 2) == spread(4, [7, 7])


@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 100), st.integers(-5, 10**6)), min_size=1, max_size=12),
    RULES,
)
def test_limits_are_kept_or_the_spread_is_refused(total, pairs, rule):
    """No part exceeds its limit; only when those that weigh can't take the total is it refused."""
    weights, limits = [weight for weight, _ in pairs], [limit for _, limit in pairs]
    weighing = weights if any(weights) else [1] * len(weights)
    room = sum(max(0, limit) for weight, limit in zip(weighing, limits, strict=True) if weight)
    if room < total:
        with pytest.raises(Unspreadable, match="below the total"):
            spread(total, weights, rule, at_most=limits)
        return

    parts = spread(total, weights, rule, at_most=limits)

    assert total == sum(parts)
    assert all(0 <= part <= max(0, limit) for part, limit in zip(parts, limits, strict=True))
    assert tuple(-part for part in parts) == spread(-total, weights, rule, at_most=limits)


def test_a_full_part_leaves_its_share_to_the_others():
    """A cap is redistributed by weight."""
    assert (10, 45, 45) == spread(100, [1, 1, 1], at_most=[10, 100, 100])


@given(st.lists(st.integers(0, 12), max_size=5))
def test_growing_parts_never_shrink_and_end_at_their_wholes(wholes):
    """Unit by unit, each step goes to exactly one part, and each part ends where it should."""
    steps = [growing(here, wholes) for here in range(sum(wholes) + 1)]

    assert [sum(parts) for parts in steps] == [*range(sum(wholes) + 1)]
    assert tuple(wholes) == steps[-1]
    for before, after in itertools.pairwise(steps):
        assert all(x <= y for x, y in zip(before, after, strict=True))


def test_what_cannot_be_spread():
    """An amount without parts, negative weights, limits of another number."""
    for call in (
        lambda: spread(5, []),
        lambda: spread(5, [1, -1]),
        lambda: spread(5, [1, 1], at_most=[5]),
    ):
        with pytest.raises(Unspreadable, match="can't be spread"):
            call()
    assert () == spread(0, [])


@st.composite
def shares(draw):
    units = draw(st.integers(1, 10_000))
    base = draw(st.integers(0, 10**9))
    deductions, rest = [], base
    for _ in range(draw(st.integers(0, 3))):
        deductions.append(draw(st.integers(0, rest)))
        rest -= deductions[-1]
    additions = draw(st.lists(st.integers(-(10**9), 10**9), max_size=3))
    return Shares(units, base, tuple(deductions), tuple(additions))


@given(shares(), st.data())
def test_disjoint_runs_sum_to_the_whole(line, data):
    """However the units are parted, nothing is lost and no unit's goods are ever worth less than nothing."""
    cuts = sorted({0, line.units, *data.draw(st.lists(st.integers(0, line.units), max_size=6))})
    runs = list(itertools.pairwise(cuts))

    slices = [line.between(first, beyond) for first, beyond in runs]

    whole = line.of(runs)
    assert (line.units, line.base, line.deductions, line.additions) == (
        whole.units,
        whole.base,
        whole.deductions,
        whole.additions,
    )
    assert line.rest == whole.rest == sum(piece.rest for piece in slices)
    for piece in slices:
        assert piece.base >= 0
        assert piece.rest >= 0
        assert all(part >= 0 for part in piece.deductions)
        assert all(part * total >= 0 for part, total in zip(piece.additions, line.additions, strict=True))


@given(shares(), st.data())
def test_the_base_is_even_and_additions_mirror(line, data):
    """Each unit's base is within one of the exact share; minus an addition is minus its parts."""
    unit = data.draw(st.integers(0, line.units - 1))
    mirrored = Shares(line.units, line.base, line.deductions, tuple(-addition for addition in line.additions))

    one, other = line.between(unit, unit + 1), mirrored.between(unit, unit + 1)

    assert abs(one.base * line.units - line.base) < line.units
    assert one.additions == tuple(-part for part in other.additions)


def test_ten_thousand_units_cost_as_much_as_one():
    """`upto` looks at no unit but the asked one: a billion units answer at once."""
    line = Shares(10**9, 10**12, (10**11,), (10**11,))

    assert 999_999_999 == line.between(1, 10**9).units
    assert line.rest == line.between(0, 1).rest + line.between(1, 10**9).rest


def test_additions_without_a_rest_go_by_units():
    """A line that is free still carries its shipping."""
    line = Shares(3, 100, (100,), (10, -10))

    assert [(3, -3), (3, -3), (4, -4)] == [line.between(i, i + 1).additions for i in range(3)]
    assert (0, ()) == (Shares(0, 0).rest, Shares(0, 0).upto(0).additions)


def test_a_negative_base_mirrors_a_positive_one():
    """An adjustment in the customer's favour is spread like a charge."""
    minus, plus = Shares(3, -100, (), (10,)), Shares(3, 100, (), (10,))

    assert [-minus.between(i, i + 1).base for i in range(3)] == [plus.between(i, i + 1).base for i in range(3)]
    assert [minus.between(i, i + 1).additions for i in range(3)] == [plus.between(i, i + 1).additions for i in range(3)]


@pytest.mark.parametrize(
    "figures",
    [(1, 100, (60, 41)), (1, 100, (-1,)), (-1, 0), (0, 5), (0, 0, (), (5,)), (1, -5, (1,))],
)
def test_shares_that_do_not_fit_are_refused_at_birth(figures):
    """Deductions beyond the base, negative ones, amounts without units."""
    with pytest.raises(Unspreadable):
        Shares(*figures)


def test_shares_are_integers():
    """A float in any place is refused."""
    for figures in ((1.0, 5), (1, 5.0), (1, 5, (1.0,)), (1, 5, (), (True,))):
        with pytest.raises(NotExact):
            Shares(*figures)


def test_a_run_is_within_the_units_and_in_one_run_only():
    """A unit that is named twice would be paid back twice."""
    line = Shares(10, 100)

    for runs in ([(-1, 2)], [(0, 11)], [(5, 4)], [(0, 5), (4, 6)], [(4, 6), (0, 10)]):
        with pytest.raises(Unspreadable):
            line.of(runs)
    assert 50 == line.of([(5, 10), (3, 3)]).base
