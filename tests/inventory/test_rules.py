"""The pure rules: names of holds, cutting them, demands of bundles, low stock, and replay."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.catalog.model import Component, Sellable
from tokolib.inventory.demand import buildable, explode
from tokolib.inventory.errors import (
    BelowHeld,
    BundleHasNoStock,
    HoldEnded,
    InvalidLocation,
    NotHeld,
    OutOfStock,
    Shortage,
    UnitChanged,
    UnknownLocation,
)
from tokolib.inventory.events import (
    LocationOpened,
    StockCorrected,
    StockItemOpened,
    StockLow,
    StockRecovered,
    ThresholdSet,
)
from tokolib.inventory.holds import cut, halves, hold_id, resource_of, standing, state_at
from tokolib.inventory.lifecycle import evolve_item, evolve_location
from tokolib.inventory.model import Threshold, location_id, place, resource
from tokolib.inventory.steps import explain_refusal
from tokolib.inventory.watch import watch
from tokolib.kernel.events import Event
from tokolib.kernel.ids import ProductId
from tokolib.kernel.quantity import KILOGRAM, PIECE
from tokolib.kernel.rows import HoldState, StoredHold
from tokolib.kernel.storage_errors import HoldGone, Refused, VersionConflict

NOW = datetime(2026, 1, 31, tzinfo=UTC)
KEYS = st.text(st.characters(exclude_characters="|"), min_size=1, max_size=8)
CODES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)


def sellable(key: str, *components: Component) -> Sellable:
    return Sellable(key, key.upper(), ProductId("prd_1"), key, PIECE, "standard", (), (), None, None, components, None)


def a_hold(quantity: int, key: str = "kopi", state: HoldState = HoldState.KEPT, number: int = 1) -> StoredHold:
    name = resource("main", key)
    until = NOW if state is HoldState.LEASED else None
    return StoredHold(hold_id("ord_1", number, name), name, quantity, "ord_1", state, until)


@given(CODES, KEYS)
def test_a_resource_tells_its_location_and_key(location: str, key: str) -> None:
    """place() is the inverse of resource()."""
    assert (location, key) == place(resource(location, key))


@given(CODES, KEYS, st.integers(1, 99))
def test_a_hold_id_tells_its_resource(location: str, key: str, attempt: int) -> None:
    """The resource of a hold's id, and of its halves' ids, is the one it was made of, whatever the key holds."""
    name = resource(location, key)
    id = hold_id("ord_1", attempt, name)

    assert name == resource_of(id) == resource_of(name)
    assert {name} == {resource_of(half) for half in halves(id)}


@given(st.integers(1, 99), st.integers(1, 30))
def test_halves_never_repeat(attempt: int, times: int) -> None:
    """However often the rest of a hold is cut again, every id is new."""
    id = hold_id("ord_1", attempt, "main|a:b|c")
    seen = {id}
    for _ in range(times):
        part, id = halves(id)
        assert seen.isdisjoint({part, id})
        seen |= {part, id}


def test_a_location_code_is_plain() -> None:
    """A code without capitals, blanks and bars keeps resources readable in both directions."""
    assert "loc_gudang-2" == location_id("gudang-2")
    for bad in ("", "Gudang", "a|b", "-a", "a" * 33, "é", "a\n"):
        with pytest.raises(InvalidLocation):
            location_id(bad)


def test_a_lease_has_ended_at_its_very_end() -> None:
    """A hold leased until now no longer stands; a kept one always does."""
    assert HoldState.EXPIRED is state_at(a_hold(1, state=HoldState.LEASED), NOW)
    assert HoldState.LEASED is state_at(a_hold(1, state=HoldState.LEASED), NOW - timedelta(seconds=1))
    assert HoldState.KEPT is state_at(a_hold(1), NOW)


def test_standing_names_the_first_that_does_not() -> None:
    """A missing hold and an ended one are refused with their state."""
    hold = a_hold(1, state=HoldState.TAKEN)

    with pytest.raises(HoldEnded) as taken:
        standing({hold.id: hold}, [hold.id], NOW)
    with pytest.raises(HoldEnded) as missing:
        standing({}, ["ord_1:1:main|x"], NOW)

    assert ("taken", "missing") == (taken.value.state, missing.value.state)
    assert "is taken" in str(taken.value)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.data())
def test_a_cut_takes_exactly_what_was_asked(quantities: list[int], data: st.DataObject) -> None:
    """Whole and divided parts add up to the goods; the rest stays; at most one hold of a SKU is divided."""
    holds = [a_hold(steps, number=at) for at, steps in enumerate(quantities)]
    wanted = data.draw(st.integers(0, sum(quantities)))

    plan = cut(holds, {"main|kopi": wanted})

    assert wanted == sum(one.quantity for one in plan.whole) + sum(steps for _, steps in plan.divided)
    assert len(plan.divided) <= 1
    assert all(0 < steps < one.quantity for one, steps in plan.divided)
    assert set(holds) == {*plan.whole, *plan.untouched, *(one for one, _ in plan.divided)}


def test_a_cut_of_more_than_is_held_is_refused() -> None:
    """More, or another SKU, than the holds hold is refused by name."""
    with pytest.raises(NotHeld) as more:
        cut([a_hold(2)], {"main|kopi": 3})
    with pytest.raises(NotHeld) as other:
        cut([a_hold(2)], {"main|gula": 1})

    assert ("kopi", 3, 2) == (more.value.sku, more.value.wanted, more.value.held)
    assert "gula: 1 steps wanted out of holds of 0" == str(other.value)


def test_demands_of_one_component_are_added_up() -> None:
    """A bundle and a single line that share a component are one demand, in the order of the keys."""
    bundle = sellable("paket", Component("kopi", 2), Component("gula", 1))
    goods = {"paket": bundle, "kopi": sellable("kopi")}

    assert {"gula": 3, "kopi": 8} == explode([("paket", 3), ("kopi", 1), ("kopi", 1)], goods)
    assert ["gula", "kopi"] == list(explode([("paket", 1)], goods))
    assert {} == explode([("kopi", 0)], goods)


@given(st.integers(-3, 50), st.integers(0, 50))
def test_as_many_bundles_can_be_had_as_their_demand_allows(kopi: int, gula: int) -> None:
    """That many bundles need no more than is available, and one more would."""
    bundle = sellable("paket", Component("kopi", 2), Component("gula", 3))
    available = {"kopi": kopi, "gula": gula}

    most = buildable(bundle, available)

    assert all(
        needed <= max(available[key], 0) for key, needed in explode([("paket", most)], {"paket": bundle}).items()
    )
    assert any(needed > available[key] for key, needed in explode([("paket", most + 1)], {"paket": bundle}).items())
    assert max(kopi, 0) == buildable(sellable("kopi"), available)
    assert 0 == buildable(sellable("teh"), available)


HISTORY: tuple[Event, ...] = (
    StockItemOpened("kopi", "KOPI", KILOGRAM),
    ThresholdSet("main", 10),
    ThresholdSet("toko", 5),
    StockLow("KOPI", "main", 3, 10),
    StockCorrected("mov_1", "main", "adjust", 20, "sellable", "hitung"),
    StockRecovered("KOPI", "main", 23, 10),
    ThresholdSet("toko", None),
)


def test_an_item_is_its_history() -> None:
    """Each event raises the version by one; thresholds are kept by location; the unit stays."""
    item = None
    for version, event in enumerate(HISTORY, start=1):
        item = evolve_item(item, event)
        assert version == item.version
        assert KILOGRAM == item.unit

    assert item is not None
    assert (Threshold("main", 10),) == item.thresholds
    assert item.threshold("toko") is None


def test_a_location_can_be_renamed() -> None:
    """Its code and id stay."""
    first = evolve_location(None, LocationOpened("toko", "Toko"))
    second = evolve_location(first, LocationOpened("toko", "Toko Malioboro"))

    assert ("loc_toko", 2, "Toko Malioboro") == (second.id, second.version, second.name)


def test_strange_events_are_refused() -> None:
    """An event of another aggregate, or before the first, is a mistake in the program."""
    with pytest.raises(TypeError):
        evolve_location(None, ThresholdSet("main", 1))
    with pytest.raises(TypeError):
        evolve_item(None, ThresholdSet("main", 1))
    with pytest.raises(TypeError):
        evolve_item(evolve_item(None, HISTORY[0]), HISTORY[0])


@given(st.lists(st.integers(-5, 25), max_size=30))
def test_low_stock_is_said_once_until_it_recovers(levels: list[int]) -> None:
    """Low and recovered take turns, beginning with low, and the item always knows which of them holds."""
    item = evolve_item(evolve_item(None, HISTORY[0]), ThresholdSet("main", 10))
    said = []
    for available in levels:
        for event in watch(item, "main", available):
            said.append(type(event))
            item = evolve_item(item, event)
        threshold = item.threshold("main")
        assert threshold is not None
        assert threshold.low == (available < 10)

    assert said == [StockLow, StockRecovered] * (len(said) // 2) + [StockLow] * (len(said) % 2)
    assert () == watch(item, "toko", 0)


def test_refusals_of_the_storage_get_their_names_here() -> None:
    """A lost race reads like a refusal that was seen in time; anything else is left alone."""
    other = VersionConflict("carts", "crt_1", 1)
    low = explain_refusal(Refused("hold", "main|kopi", 3, 1))
    held = explain_refusal(Refused("adjust", "toko|kopi", -3, 1))
    gone = explain_refusal(HoldGone("ord_1:1:main|kopi", "unknown"))
    large = Refused("adjust", "main|kopi", 3, 1)

    assert ("inventory.out_of_stock", "main", (Shortage("kopi", 3, 1),)) == (low.code, *reversed(low.fields.values()))
    assert ("inventory.below_held", ["kopi", "toko", 3, 1, "sellable"]) == (held.code, list(held.fields.values()))
    assert ("inventory.hold_ended", ["ord_1:1:main|kopi", "missing"]) == (gone.code, list(gone.fields.values()))
    assert ["x", "taken"] == list(explain_refusal(HoldGone("x", "taken")).fields.values())
    assert explain_refusal(other) is other
    assert explain_refusal(large) is large


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            OutOfStock((Shortage("A", 3, 1), Shortage("B", 1500, 0, KILOGRAM)), "main"),
            "B: 1.5 kg wanted, 0 kg",
        ),
        (BelowHeld("A", "main", 3, 1), "3 steps to take away, 1 are there"),
        (UnknownLocation("gudang", ("main", "toko")), "no location 'gudang'; known: main, toko"),
        (InvalidLocation("A B"), "'A B' is not a location code"),
        (UnitChanged("A", "pcs in steps of 1", "kg in steps of 0.001"), "counted in pcs in steps of 1"),
        (BundleHasNoStock("P", ("a", "b")), "bundle of a, b"),
    ],
)
def test_errors_say_what_and_the_way_out(error: Exception, says: str) -> None:
    """Each sentence has its values, and each hint a way out."""
    assert says in str(error)
    assert getattr(error, "hint", "") or isinstance(error, InvalidLocation)


def test_the_first_shortage_is_at_hand() -> None:
    """An error of several lines answers for the first of them."""
    error = OutOfStock((Shortage("A", 3, 1), Shortage("B", 2, 0)), "main")

    assert ("A", 3, 1) == (error.sku, error.wanted, error.available)
