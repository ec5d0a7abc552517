"""What sourcing refuses: the error names the thing, its value and the way out."""

import pickle

import pytest

from tokolib.inventory import (
    DemandTwice,
    InvalidSourcing,
    LocationCost,
    LocationWithoutCost,
    NothingToSource,
    SourcingCost,
    SourcingDemand,
    WeightMissing,
    source,
)
from tokolib.inventory.sourcing.wording import WORDING
from tokolib.kernel.money import IDR

ONE = SourcingDemand("1", "mug", 1)
TERMS = {"currency": IDR, "locations": {"main": LocationCost(use=1)}, "short": 10}
COST = SourcingCost(**TERMS)


@pytest.mark.parametrize("bad", [-1, True, 1.0, "1", None])
@pytest.mark.parametrize(
    ("what", "ask"),
    [
        ("the level of 'mug' at 'main'", lambda bad: source([ONE], {("main", "mug"): bad}, COST)),
        ("the steps of '1'", lambda bad: SourcingDemand("1", "mug", bad)),
        ("work", lambda bad: source([ONE], {}, COST, work=bad)),
        ("SourcingCost.short", lambda bad: SourcingCost(**TERMS | {"short": bad})),
        ("SourcingCost.short_of['mug']", lambda bad: SourcingCost(**TERMS, short_of={"mug": bad})),
        ("SourcingCost.split", lambda bad: SourcingCost(**TERMS, split=bad)),
        ("SourcingCost.grams['mug']", lambda bad: SourcingCost(**TERMS, grams={"mug": bad})),
        ("LocationCost.use", lambda bad: LocationCost(use=bad)),
        ("LocationCost.per_step", lambda bad: LocationCost(per_step=bad)),
        ("LocationCost.per_step_of['mug']", lambda bad: LocationCost(per_step_of={"mug": bad})),
        ("LocationCost.per_kilogram", lambda bad: LocationCost(per_kilogram=bad)),
    ],
)
def test_a_figure_is_a_whole_number(what, ask, bad):
    """Negative ones, bools, floats, texts and nothing are refused by name and value."""
    with pytest.raises(InvalidSourcing) as caught:
        ask(bad)

    assert (what, repr(bad)) == (caught.value.what, caught.value.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "ask",
    [
        lambda: SourcingDemand("", "mug", 1),
        lambda: SourcingDemand("1", "", 1),
        lambda: SourcingDemand("1", "mug", 0),
        lambda: SourcingDemand("1", "mug", 1, together=None),
        lambda: SourcingDemand("1", "mug", 1, locations=[]),
        lambda: SourcingDemand("1", "mug", 1, locations="main"),
        lambda: SourcingDemand("1", "mug", 1, locations=[1]),
        lambda: SourcingCost(**TERMS | {"currency": "IDR"}),
        lambda: SourcingCost(**TERMS | {"locations": {}}),
        lambda: SourcingCost(**TERMS | {"locations": {"main": 5}}),
        lambda: SourcingCost(**TERMS | {"locations": {"": LocationCost()}}),
        lambda: SourcingCost(**TERMS, order="main"),
        lambda: SourcingCost(**TERMS, order=("main", "main")),
        lambda: SourcingCost(**TERMS, most_parcels=0),
        lambda: SourcingCost(**TERMS, grams={"mug": -1}),
        lambda: SourcingCost(**TERMS, short_of=[("mug", 1)]),
        lambda: source("mug", {}, COST),
        lambda: source(["mug"], {}, COST),
        lambda: source([ONE], [("main", "mug", 1)], COST),
        lambda: source([ONE], {"main": 1}, COST),
        lambda: source([ONE], {}, {"main": 1}),
    ],
)
def test_nonsense_is_refused_with_its_name(ask):
    """What can't be a name, a mapping or a value of ours never reaches the search."""
    with pytest.raises(InvalidSourcing) as caught:
        ask()

    assert "inventory.invalid_sourcing" == caught.value.code
    assert caught.value.what and caught.value.value and caught.value.wanted


def test_no_demand_is_nothing_to_source():
    """An empty order is refused, with the way out."""
    with pytest.raises(NothingToSource, match="no demands") as caught:
        source([], {}, COST)

    assert "digital" in caught.value.hint


def test_two_demands_of_one_name_are_refused():
    """A plan could not say which of them it means."""
    with pytest.raises(DemandTwice, match="'1'") as caught:
        source([ONE, ONE], {}, COST)

    assert "inventory.demand_twice" == caught.value.code


@pytest.mark.parametrize(
    ("where", "ask"),
    [
        ("levels", lambda: source([ONE], {("mian", "mug"): 1}, COST)),
        ("demand '1'", lambda: source([SourcingDemand("1", "mug", 1, locations=["mian"])], {}, COST)),
        ("SourcingCost.order", lambda: SourcingCost(**TERMS, order=("mian",))),
    ],
)
def test_a_location_without_a_cost_is_refused(where, ask):
    """Levels, demands and the order may only name locations that have a cost; the known ones are told."""
    with pytest.raises(LocationWithoutCost, match="'mian' has no cost; known: main") as caught:
        ask()

    assert (where, ("main",)) == (caught.value.where, caught.value.known)


def test_a_price_by_weight_needs_the_weight():
    """A location that charges by the kilogram can't be compared for a SKU of unknown weight."""
    cost = SourcingCost(**TERMS | {"locations": {"main": LocationCost(per_kilogram=9_000)}})

    with pytest.raises(WeightMissing, match="main charges by weight, and that of mug is unknown"):
        source([ONE], {("main", "mug"): 1}, cost)


def test_the_errors_cross_processes():
    """They pickle whole."""
    for error in (InvalidSourcing("a", "b", "c"), LocationWithoutCost("a", "b", ("c",)), WeightMissing("a", "b")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(error), error.fields, error.code) == (type(again), again.fields, again.code)


def test_both_languages_know_the_same_codes():
    """No reason of sourcing is without words in one of them."""
    assert WORDING["en"].keys() == WORDING["id"].keys()
