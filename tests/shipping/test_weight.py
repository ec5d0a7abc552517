"""Chargeable weight. Figures: facts/fixtures/tax_weight_vectors.json (JNE rule) and indonesia.md section 4.1."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.catalog.model import Dimensions
from tokolib.shipping.errors import InvalidMethod, InvalidParcel, MissingWeight
from tokolib.shipping.presets import JNE, JNT_CARGO, LION_INTERPACK, POS_KILAT_KHUSUS, WEIGHT_RULES, weight_rule
from tokolib.shipping.weight import Goods, Parcel, WeightRule, billed, billed_all, chargeable_grams, pack


@pytest.mark.parametrize(
    ("grams", "kilograms"),
    [(100, 1), (1000, 1), (1300, 1), (1301, 2), (1310, 2), (2200, 2), (2300, 2), (2301, 3), (2450, 3), (5250, 5)],
)
def test_jne_forgives_up_to_300_grams_of_a_kilogram(grams, kilograms):
    """0.30 kg down, above it up, at least one kilogram."""
    assert kilograms * 1000 == chargeable_grams(grams, None, JNE)


@pytest.mark.parametrize(("grams", "kilograms"), [(1299, 1), (1300, 2), (2300, 3), (2000, 2)])
def test_the_boundary_itself_is_a_flag(grams, kilograms):
    """One aggregator's table reads 1.30 -> 2, 2.30 -> 3."""
    assert kilograms * 1000 == chargeable_grams(grams, None, attrs.evolve(JNE, tolerance_inclusive=False))


@pytest.mark.parametrize(
    ("centimetres", "divisor", "volumetric", "kilograms"),
    [((50, 50, 100), 6000, 41_667, 42), ((40, 30, 20), 6000, 4_000, 4), ((40, 30, 20), 5000, 4_800, 5)],
)
def test_volume_counts_when_it_is_more_than_the_weight(centimetres, divisor, volumetric, kilograms):
    """50 × 50 × 100 cm is 41.67 kg, billed as 42."""
    size = Dimensions(*(side * 10 for side in centimetres))

    parcel = billed(Parcel.of(900, size), attrs.evolve(JNE, divisor=divisor))

    assert (900, volumetric, kilograms * 1000) == attrs.astuple(parcel)


def test_a_rule_may_ignore_volume():
    """`divisor=None`."""
    assert (1000, 0, 1000) == attrs.astuple(
        billed(Parcel.of(1000, Dimensions(500, 500, 500)), attrs.evolve(JNE, divisor=None))
    )


@pytest.mark.parametrize(("grams", "expected"), [(1, 11_000), (11_000, 11_000), (11_001, 11_001)])
def test_jnt_cargo_rounds_nothing_above_its_minimum(grams, expected):
    """From the first 11 kg, to the gram."""
    assert expected == chargeable_grams(grams, None, JNT_CARGO)


@pytest.mark.parametrize(
    ("grams", "expected"),
    [(1, 100), (100, 100), (101, 250), (600, 1000), (1001, 2000), (2000, 2000), (2001, 3000)],
)
def test_pos_bills_tiers_then_kilograms(grams, expected):
    """100, 250, 500, 1000, 2000 g, then each kilogram."""
    assert expected == chargeable_grams(grams, None, POS_KILAT_KHUSUS)


def test_without_tolerance_every_started_kilogram_counts():
    """Lion INTERPACK: 1.01 kg is 2 kg."""
    assert [1000, 2000] == [chargeable_grams(grams, None, LION_INTERPACK) for grams in (1000, 1010)]


def test_parcels_are_rounded_one_by_one():
    """Two of 1.4 kg are 2 + 2 kg, not 2.8 kg rounded."""
    assert 4000 == sum(one.chargeable_grams for one in billed_all([Parcel(1400), Parcel(1400)], JNE))


@given(st.integers(0, 10**7), st.integers(0, 10**10), st.sampled_from(sorted(WEIGHT_RULES.values(), key=str)))
def test_billed_weight_is_never_below_by_more_than_the_tolerance(grams, volume, rule):
    """And it grows with the parcel; it's whole steps, a tier, or the minimum."""
    once = billed(Parcel(grams, volume), rule).chargeable_grams
    greater = max(Fraction(grams), Fraction(volume, rule.divisor))

    assert once >= rule.minimum_grams
    assert greater - rule.tolerance_grams <= once < max(greater + rule.step_grams, rule.minimum_grams + 1, 2001)
    assert once <= billed(Parcel(grams + 1, volume), rule).chargeable_grams


@pytest.mark.parametrize(("code", "name"), [("jne:reg", "jne"), ("jne:jtr", "jne:jtr"), ("lion:interpack", None)])
def test_a_methods_preset_is_its_services_else_its_couriers(code, name):
    """`jne:reg` is weighed like `jne`."""
    assert (name or code) == weight_rule(code).name
    assert weight_rule("pickup") is None


def test_presets_name_their_source_and_confidence():
    """Data without a source is a rumour."""
    assert all(rule.source and name == rule.name for name, rule in WEIGHT_RULES.items())


@pytest.mark.parametrize(
    "fault",
    [
        {"divisor": 0},
        {"step_grams": 0},
        {"tolerance_grams": 1000},
        {"tolerance_grams": -1},
        {"minimum_grams": -1},
        {"maximum_grams": 0},
        {"tiers_grams": (250, 100)},
        {"step_grams": 0.5},
        {"step_grams": None},
        {"tolerance_grams": 300.0},
        {"divisor": "6000"},
        {"tiers_grams": (100.5,)},
    ],
)
def test_an_impossible_rule_is_refused(fault):
    """At birth, with the field's name."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))):
        WeightRule("x", **fault)


@pytest.mark.parametrize("parcel", [{"grams": -1}, {"grams": 10**9 + 1}, {"grams": 1, "volume_mm3": -1}])
def test_an_impossible_parcel_is_refused(parcel):
    """Negative or absurd weights and volumes."""
    with pytest.raises(InvalidParcel, match="must be a whole number from 0"):
        Parcel(**parcel)


def test_goods_are_packed_with_their_weights_and_volumes():
    """Two packets of 250 g and 0.35 kg of loose coffee."""
    box = Dimensions(100, 100, 100)

    parcel = pack([Goods("KOPI", Fraction(2), 250, box), Goods("CURAH", Fraction(35, 100), 1000)])

    assert Parcel(850, 2_000_000) == parcel


def test_all_goods_without_a_weight_are_named():
    """Not one at a time."""
    with pytest.raises(MissingWeight, match="A, B") as caught:
        pack([Goods("A", Fraction(1), None), Goods("C", Fraction(1), 5), Goods("B", Fraction(1), None)])

    assert "weight=" in caught.value.hint


@pytest.mark.parametrize("fault", [{"tiers_grams": 5}, {"step_grams": 10**5000}])
def test_a_rule_of_something_else_is_refused(fault):
    """A number that can't even be written among them."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))) as caught:
        WeightRule("own", **fault)

    assert str(caught.value)


def test_a_parcel_too_heavy_to_be_written_is_refused():
    """Python makes no text of a number with thousands of digits."""
    with pytest.raises(InvalidParcel, match="weight in grams huge"):
        Parcel(10**5000)
