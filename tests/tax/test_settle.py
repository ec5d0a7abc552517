"""Laws of tax over whole documents: any components, levels, modes, signs, both kinds of prices in one order."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.kernel.explain import reason
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile, divide
from tokolib.tax.amounts import TaxShares, contained, on_top
from tokolib.tax.model import Assessment, Component
from tokolib.tax.rules import assess
from tokolib.tax.settle import Taxable, settle
from tokolib.tax.situation import SellerStatus

HALF_UP = RoundingMode.HALF_UP


def component(code: str, rate: str, fraction: Fraction = Fraction(1), *, compound: bool = False) -> Component:
    return Component(code, code, Decimal(rate), fraction, "S", "test", compound)


def assessment(*components: Component, mode: RoundingMode = HALF_UP, level=RoundingLevel.LINE) -> Assessment:
    return Assessment(components, RoundingProfile(mode, level), reason("tax.assessed"), "S")


rates = st.decimals(0, 60, places=3)
fractions = st.fractions(Fraction(1, 20), 1, max_denominator=24)
components = st.lists(
    st.builds(
        lambda code, rate, fraction, compound: Component(code, code, rate, fraction, "S", "test", compound),
        st.sampled_from(["A", "B", "C"]),
        rates,
        fractions,
        st.booleans(),
    ),
    max_size=3,
).map(tuple)
modes = st.sampled_from(RoundingMode)
profiles = st.builds(RoundingProfile, modes, st.sampled_from(RoundingLevel))
amounts = st.integers(-(10**9), 10**12)


@given(amounts, components, modes)
@example(1_400_014, (component("PPN", "12"),), HALF_UP)
def test_contained_taxes_are_within_one_unit_of_their_exact_sum(gross, parts, mode):
    """The residual: gross less net rounded by the mirrored mode; none is on the wrong side of zero."""
    taxes = contained(gross, parts, mode)
    shares = TaxShares.of(parts)
    exact = gross - Fraction(gross * shares.net, shares.gross)
    total = sum(tax.amount for tax in taxes)

    assert abs(total - exact) < 1
    assert all(tax.amount * gross >= 0 for tax in taxes)
    if mode is RoundingMode.DOWN:
        assert abs(total) <= abs(exact)


@given(amounts, components, modes)
def test_taxes_on_top_are_each_rounded_once(net, parts, mode):
    """Each component is its exact amount, rounded."""
    shares = TaxShares.of(parts)

    assert [divide(net * part, shares.net, mode) for part in shares.parts] == [
        tax.amount for tax in on_top(net, parts, mode)
    ]


def test_a_compound_component_is_taken_of_net_and_earlier_taxes():
    """Old Quebec sales tax on top of GST: 7.5 % of 105 (general knowledge; the figure is arithmetic)."""
    gst, qst = on_top(10_000, [component("GST", "5"), component("QST", "7.5", compound=True)], HALF_UP)

    assert (500, 788) == (gst.amount, qst.amount)  # 787.5
    assert (10_000, 10_500) == (gst.base, qst.base)


def test_parallel_components_share_what_a_price_contains():
    """Two taxes of 5 % and 7 % in 11,200 are 500 and 700."""
    assert (500, 700) == tuple(
        tax.amount for tax in contained(11_200, [component("A", "5"), component("B", "7")], HALF_UP)
    )


def test_by_unit_a_line_is_rounded_as_its_units_would_be():
    """Three pieces at 33 with 11 % on top: 3.63 each is 4, thrice 12; by line 10.89 is 11."""
    line = Taxable(99, assessment(component("PPN", "11")), units=3)

    ((by_unit,),) = settle([line], False, RoundingProfile(HALF_UP, RoundingLevel.UNIT))
    ((by_line,),) = settle([line], False)

    assert (12, 11) == (by_unit.amount, by_line.amount)


def test_by_unit_uneven_units_are_counted_one_by_one():
    """100 over three units is 34 + 33 + 33."""
    line = Taxable(100, assessment(component("PPN", "11")), units=3)

    ((tax,),) = settle([line], False, RoundingProfile(RoundingMode.UP, RoundingLevel.UNIT))

    assert 4 + 4 + 4 == tax.amount


def test_rate_groups_are_rounded_apart_and_the_document_together():
    """Two rates whose halves both round up apart, and not together."""
    lines = [Taxable(5, assessment(component("VAT", "10"))), Taxable(5, assessment(component("VAT", "10.0")))]
    lines[1] = Taxable(10, assessment(component("VAT", "5")))

    def total(level: RoundingLevel) -> int:
        taxes = settle(lines, False, RoundingProfile(HALF_UP, level))
        return sum(tax.amount for line in taxes for tax in line)

    assert (2, 1) == (total(RoundingLevel.RATE_GROUP), total(RoundingLevel.DOCUMENT))


def test_en16931_allowance_example():
    """Lines 4000 (25 %), 1000 (exempt), 900 (25 %), charge 200, allowance 200: VAT 1225.00 of 4900.00.

    Source: PEPPOL BIS Billing 3 allowance example, as in facts/fixtures/tax_weight_vectors.json.
    """
    standard = assessment(component("VAT", "25"), level=RoundingLevel.RATE_GROUP)
    items = [Taxable(amount, standard) for amount in (400_000, 90_000, 20_000, -20_000)]
    items.append(Taxable(100_000, assessment()))

    taxes = settle(items, includes_tax=False)

    assert 122_500 == sum(tax.amount for line in taxes for tax in line)
    assert 490_000 == sum(tax.base for line in taxes for tax in line)
    assert () == taxes[-1]


lines = st.lists(
    st.builds(
        Taxable,
        amounts,
        st.builds(
            lambda parts, profile: Assessment(parts, profile, reason("tax.assessed"), "S"),
            st.sampled_from(
                [
                    (),
                    (component("PPN", "12", Fraction(11, 12)),),
                    (component("PPN", "12"),),
                    (component("A", "5"), component("B", "9.975", compound=True)),
                ]
            ),
            profiles,
        ),
        st.integers(1, 1000),
        st.sampled_from([None, True, False]),
    ),
    max_size=8,
)


@given(lines, st.booleans(), st.none() | profiles)
@example([Taxable(-3, assessment(component("A", "50"))), Taxable(3, assessment(component("A", "50")))], True, None)
def test_net_and_taxes_are_the_gross_of_every_line(items, includes_tax, override):
    """Whatever is mixed in one order: the print adds up line by line."""
    for item, taxes in zip(items, settle(items, includes_tax, override), strict=True):
        included = includes_tax if item.includes_tax is None else item.includes_tax
        total = sum(tax.amount for tax in taxes)
        net, gross = (item.amount - total, item.amount) if included else (item.amount, item.amount + total)

        assert net + total == gross
        assert [c.code for c in item.assessment.components] == [tax.code for tax in taxes]
        for c, tax in zip(item.assessment.components, taxes, strict=True):
            if not c.compound:
                assert (
                    (net == tax.base)
                    if c.base_fraction == 1
                    else (abs(net * c.base_fraction - tax.base) <= item.units + 2)
                )


@given(
    st.lists(st.tuples(amounts, st.sampled_from(["12", "5", "0", "19.6"])), min_size=1, max_size=8),
    st.booleans(),
    modes,
)
def test_the_lines_add_up_to_the_documents_rounded_tax(pairs, includes_tax, mode):
    """By document: the exact taxes of all lines, added and rounded once, are what the lines carry together."""
    items = [Taxable(amount, assessment(component("VAT", rate))) for amount, rate in pairs]
    taxes = settle(items, includes_tax, RoundingProfile(mode, RoundingLevel.DOCUMENT))
    total = sum(tax.amount for line in taxes for tax in line)
    shares = [Fraction(rate) / 100 for _, rate in pairs]
    if includes_tax:
        net = sum(Fraction(amount) / (1 + share) for (amount, _), share in zip(pairs, shares, strict=True))
        mirror = {RoundingMode.DOWN: RoundingMode.UP, RoundingMode.UP: RoundingMode.DOWN}.get(mode, mode)
        assert sum(amount for amount, _ in pairs) - divide(net.numerator, net.denominator, mirror) == total
    else:
        exact = sum(amount * share for (amount, _), share in zip(pairs, shares, strict=True))
        assert divide(exact.numerator, exact.denominator, mode) == total


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.booleans(), modes)
def test_a_rate_group_is_shared_fairly(values, includes_tax, mode):
    """No line is further than one minor unit from its share of the rounded sum; a zero line bears nothing."""
    items = [Taxable(value, assessment(component("PPN", "12", Fraction(11, 12)))) for value in values]
    taxes = [t.amount for (t,) in settle(items, includes_tax, RoundingProfile(mode, RoundingLevel.RATE_GROUP))]
    whole = sum(values)

    assert all(abs(tax * whole - sum(taxes) * value) < max(whole, 1) for tax, value in zip(taxes, values, strict=True))
    assert all(tax == 0 for tax, value in zip(taxes, values, strict=True) if value == 0)


@given(amounts, st.integers(1, 10**6), components, st.booleans(), modes)
def test_by_unit_equals_the_sum_of_its_units(amount, units, parts, includes_tax, mode):
    """Checked against the units counted out, for lines of up to 30 units."""
    units = units % 30 + 1
    each, more = divmod(abs(amount), units)
    sign = -1 if amount < 0 else 1
    split = contained if includes_tax else on_top
    counted = [split(sign * (each + (i < more)), parts, mode) for i in range(units)]
    item = Taxable(amount, assessment(*parts), units)

    (taxes,) = settle([item], includes_tax, RoundingProfile(mode, RoundingLevel.UNIT))

    assert [sum(unit[i].amount for unit in counted) for i in range(len(parts))] == [tax.amount for tax in taxes]


def test_nothing_to_settle():
    """An empty document, and a document without taxes."""
    untaxed = assess("ID", "standard", date(2026, 1, 1), SellerStatus())

    assert () == settle([], includes_tax=True)
    assert ((),) == settle([Taxable(100, untaxed)], includes_tax=True)


@pytest.mark.parametrize("level", RoundingLevel)
def test_prices_with_and_without_tax_share_an_order(level):
    """One line includes its tax, the other doesn't; both are right by themselves."""
    ppn = assessment(component("PPN", "12", Fraction(11, 12)))
    items = [Taxable(111_000, ppn, includes_tax=True), Taxable(100_000, ppn, includes_tax=False)]

    assert [11_000, 11_000] == [tax.amount for (tax,) in settle(items, True, RoundingProfile(HALF_UP, level))]


@given(st.integers(0, 10**12), rates, fractions, st.booleans())
@example(1_400_014, Decimal(12), Fraction(1), True)
@example(50, Decimal(1), Fraction(1), False)
def test_the_short_way_is_the_long_way(amount, rate, fraction, includes_tax):
    """One tax, half up, by line: nearly every line goes a way of its own, to the same figures."""
    tax = component("PPN", str(rate), fraction)
    shares = TaxShares.of((tax,))
    split = contained if includes_tax else on_top

    assert split(amount, (tax,), HALF_UP) == shares.half_up(amount, includes_tax)
    assert (split(amount, (tax,), HALF_UP),) == settle([Taxable(amount, assessment(tax))], includes_tax)


@given(amounts, components, modes)
def test_taxes_rounded_together_are_their_exact_sum_rounded_once(amount, parts, mode):
    """SSUTA s. 324(B): the rounding rule may be applied to the aggregated state and local taxes."""
    profile = RoundingProfile(mode, RoundingLevel.LINE, together=True)
    shares = TaxShares.of(parts)
    (taxes,) = settle([Taxable(amount, assessment(*parts))], False, profile)

    total = sum(tax.amount for tax in taxes)
    assert divide(amount * shares.tax, shares.net, mode) == total
    fair = [Fraction(total * part, shares.tax) if shares.tax else Fraction(0) for part in shares.parts]
    assert all(abs(tax.amount - own) < 1 for tax, own in zip(taxes, fair, strict=True))


@given(
    st.lists(st.tuples(amounts, components), min_size=1, max_size=6), st.sampled_from(["document", "rate_group"]), modes
)
def test_a_document_rounded_together_has_one_rounding_for_what_it_adds(pairs, level, mode):
    """By document all taxes of all lines are one sum; by rate group, those of equal components."""
    items = [Taxable(amount, assessment(*parts)) for amount, parts in pairs]
    taxes = settle(items, False, RoundingProfile(mode, level, together=True))

    groups: dict[object, tuple[Fraction, int]] = {}
    for (amount, parts), own in zip(pairs, taxes, strict=True):
        shares = TaxShares.of(parts)
        key = None if level == "document" else parts
        exact, charged = groups.get(key, (Fraction(0), 0))
        groups[key] = (exact + Fraction(amount * shares.tax, shares.net), charged + sum(tax.amount for tax in own))
    for exact, charged in groups.values():
        assert divide(exact.numerator, exact.denominator, mode) == charged


@given(amounts, st.booleans(), modes, st.sampled_from(RoundingLevel))
def test_a_waived_tax_is_in_no_total(amount, includes_tax, mode, level):
    """Beside a charged one it changes no figure; what would be due is the exact share of the net."""
    charged = component("A", "12")
    waived = Component("B", "B", Decimal(12), Fraction(11, 12), "E", "test", waived=True)
    profile = RoundingProfile(mode, level)
    ((alone,),) = settle([Taxable(amount, assessment(charged))], includes_tax, profile)
    ((first, second),) = settle([Taxable(amount, assessment(charged, waived))], includes_tax, profile)

    assert (alone, 0) == (first, second.amount)
    net = Fraction(amount) / Fraction(112, 100) if includes_tax else Fraction(amount)
    assert abs(second.waived - net * Fraction(11, 100)) < 1
