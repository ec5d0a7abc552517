"""Which half of a price with tax is rounded: the net, or the tax; the other is always the rest."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.kernel.explain import reason
from tokolib.kernel.policies import ContainedTax
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile, divide
from tokolib.tax.amounts import TaxShares, contained
from tokolib.tax.model import Assessment, Component
from tokolib.tax.settle import Taxable, settle

HALF_UP = RoundingMode.HALF_UP
LINE = RoundingProfile(HALF_UP, RoundingLevel.LINE)


def vat(rate: str) -> Component:
    return Component("VAT", "VAT", Decimal(rate), Fraction(1), "S", "test")


def assessment(*components: Component) -> Assessment:
    return Assessment(components, LINE, reason("tax.assessed"), "S")


amounts = st.integers(-(10**9), 10**12)
halves = st.sampled_from(ContainedTax)
modes = st.sampled_from(RoundingMode)
rates = st.sampled_from([("12",), ("4",), ("25",), ("5", "9.975"), ("0",), ()])


@pytest.mark.parametrize(("rounded", "figures"), [("net", (150_001, 1_250_013)), ("tax", (150_002, 1_250_012))])
def test_a_tie_goes_to_the_half_that_is_rounded(rounded, figures):
    """1,400,014 at 12 % holds 150,001.5 of tax; the base that is printed is the net."""
    (tax,) = contained(1_400_014, [vat("12")], HALF_UP, ContainedTax(rounded))

    assert figures == (tax.amount, tax.base)


@pytest.mark.parametrize(
    ("level", "rows", "by_net", "by_tax"),
    [
        ("unit", [(598, 2)], 22, 24),
        ("line", [(299, 1), (299, 1)], 22, 24),
        ("rate_group", [(299, 1), (598, 2)], 34, 35),
        ("document", [(299, 1), (598, 2)], 34, 35),
    ],
)
def test_the_tie_is_where_tax_is_rounded(level, rows, by_net, by_tax):
    """299 with 4 % in it holds 11.5: of each unit or line, or 34.5 of all together."""
    items = [Taxable(amount, assessment(vat("4")), units) for amount, units in rows]

    def total(rounded):
        taxes = settle(items, True, RoundingProfile(HALF_UP, level), rounded)
        return sum(tax.amount for own in taxes for tax in own)

    assert (by_net, by_tax) == (total(ContainedTax.NET), total(ContainedTax.TAX))


@given(amounts, rates, modes)
@example(299, ("4",), HALF_UP)
@example(-299, ("4",), HALF_UP)
def test_the_rounded_half_is_its_exact_amount_rounded_once(gross, parts, mode):
    """Tax rounded: gross × rate / (1 + rate) by the mode itself, the net being what is left."""
    components = tuple(map(vat, parts))
    shares = TaxShares.of(components)

    tax = sum(each.amount for each in contained(gross, components, mode, ContainedTax.TAX))

    assert divide(gross * shares.tax, shares.gross, mode) == tax


@given(amounts, rates, st.sampled_from([RoundingMode.DOWN, RoundingMode.UP]))
def test_down_and_up_name_the_taxs_direction_either_way(gross, parts, mode):
    """Without ties it makes no difference which half is rounded."""
    components = tuple(map(vat, parts))

    assert contained(gross, components, mode) == contained(gross, components, mode, ContainedTax.TAX)


@given(
    st.lists(st.tuples(amounts, rates, st.integers(1, 50), st.sampled_from([None, True, False])), max_size=6),
    st.booleans(),
    modes,
    st.sampled_from(RoundingLevel),
    halves,
)
def test_a_whole_document_is_settled_by_the_chosen_half(rows, includes_tax, mode, level, rounded):
    """At every level, what is rounded together is within one minor unit of its exact tax, and ties go as chosen."""
    items = [Taxable(amount, assessment(*map(vat, parts)), units, own) for amount, parts, units, own in rows]

    taxes = settle(items, includes_tax, RoundingProfile(mode, level), rounded)

    within = [item for item in items if (includes_tax if item.includes_tax is None else item.includes_tax)]
    found = [
        tax.amount
        for item, own in zip(items, taxes, strict=True)
        for tax in own
        if (includes_tax if item.includes_tax is None else item.includes_tax)
    ]
    exact = sum((_exact(item) for item in within), Fraction(0))
    rounded_figures = {
        RoundingLevel.UNIT: sum(item.units for item in within),
        RoundingLevel.LINE: len(within),
        RoundingLevel.RATE_GROUP: len({item.assessment.components for item in within}),
        RoundingLevel.DOCUMENT: 1,
    }
    assert abs(sum(found) - exact) <= rounded_figures[level]
    if level is RoundingLevel.DOCUMENT and rounded is ContainedTax.TAX:
        assert divide(exact.numerator, exact.denominator, mode) == sum(found)


def _exact(item: Taxable) -> Fraction:
    shares = TaxShares.of(item.assessment.components)
    return Fraction(item.amount * shares.tax, shares.gross)


@given(st.integers(0, 10**12), st.integers(1, 40), rates, halves)
def test_what_is_sold_most_comes_out_the_same_in_one_step(amount, units, parts, rounded):
    """Half up by line is the quick way; by unit, one unit at a time, the same figures come the long way."""
    item = Taxable(amount, assessment(*map(vat, parts)))
    by_unit = RoundingProfile(HALF_UP, RoundingLevel.UNIT)

    assert settle([item], True, by_unit, rounded) == settle([item], True, LINE, rounded)
    assert settle([item], False, by_unit, rounded) == settle([item], False, LINE, rounded)
    assert settle([item._replace(units=units)], False, by_unit, rounded) == settle(
        [item._replace(units=units)], False, by_unit
    )
