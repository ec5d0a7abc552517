"""Goods are put into parcels: by weight, by volume, fragile ones light, hazardous ones apart, each unit once."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR
from tokolib.catalog.model import Dimensions
from tokolib.fulfilment.errors import IllegalShipmentTransition
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import (
    Box,
    CannotPack,
    InvalidPacking,
    NotAllPacked,
    PackingRules,
    ParcelDraft,
)
from tokolib.fulfilment.packing.firstfit import MOST_ITEMS, Item, parcels
from tokolib.orders.lines import Run
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.shipping.errors import MissingWeight

SMALL = Box(code="S", length_mm=200, width_mm=150, height_mm=100, most_grams=2_000, tare_grams=50)
LARGE = Box(code="L", length_mm=400, width_mm=300, height_mm=300, most_grams=10_000, tare_grams=200)
RULES = PackingRules(
    boxes=[LARGE, SMALL],
    fragile_most_grams=3_000,
    hazards={"battery": "9", "flammable": "3", "acid": "8"},
    apart=[("3", "8"), ("*", "9")],
    refused=["1"],
)


def item(number, grams, size=None, **options):
    pieces = () if size is None else (Dimensions(*size),)
    return Item(run=Run("lin_1", number, number + 1), sku="K", grams=grams, pieces=pieces, **options)


def boxes(items, rules=RULES):
    return [(each.box, len(each.runs), each.grams) for each in parcels(items, rules)]


def test_a_parcel_gets_the_smallest_box_that_holds_it():
    """By weight with the box itself, by volume with air in it, and by its longest side."""
    assert boxes([item(0, 1_950)]) == [("S", 1, 2_000)]
    assert boxes([item(0, 1_951)]) == [("L", 1, 2_151)]
    assert boxes([item(0, 100, (140, 90, 190))]) == [("S", 1, 150)]
    assert boxes([item(0, 100, (201, 10, 10))]) == [("L", 1, 300)]
    assert boxes([item(0, 100, (150, 200, 100))]) == [("L", 1, 300)]  # it would fill the small one to the brim
    full = attrs.evolve(RULES, fill=Fraction(1))
    assert boxes([item(0, 100, (150, 200, 100))], full) == [("S", 1, 150)]


def test_what_is_too_heavy_together_is_divided():
    """Units that one box doesn't bear go into two, the later one as small as it may be."""
    items = [item(number, 4_000) for number in range(3)]
    assert boxes(items) == [("L", 1, 8_200), ("L", 1, 4_200)]
    assert [(run.first, run.beyond) for run in parcels(items, RULES)[0].runs] == [(0, 2)]


def test_fragile_goods_go_in_light_parcels():
    """With something fragile in it a parcel weighs no more than the rule says."""
    items = [item(0, 2_500, fragile=True), item(1, 1_000), item(2, 1_000)]
    assert boxes(items) == [("L", 1, 2_700), ("L", 1, 2_200)]
    assert [True, False] == [each.fragile for each in parcels(items, RULES)]


def test_hazards_are_kept_apart():
    """Classes that clash never share a parcel; `*` clashes with any other goods; what is refused is not sent."""
    acid, fuel, cell = item(0, 500, hazard="8"), item(1, 400, hazard="3"), item(2, 300, hazard="9")
    plain = item(3, 200)
    assert [("8",), ("3",), ("9",)] == [each.hazards for each in parcels([acid, fuel, cell, plain], RULES)]
    assert [2, 1, 1] == [sum(run.units for run in each.runs) for each in parcels([acid, fuel, cell, plain], RULES)]
    with pytest.raises(CannotPack) as refused:
        parcels([plain, item(4, 1, hazard="1")], RULES)
    assert refused.value.goods == (("K", "goods of hazard class 1 are not sent"),)


def test_what_fits_into_no_box_is_named():
    """By its SKU, with the reason; more pieces than a person packs at once are refused too."""
    for wrong in (item(0, 100, (401, 10, 10)), item(0, 9_801), item(0, 2_801, fragile=True)):
        with pytest.raises(CannotPack) as refused:
            parcels([wrong], RULES)
        assert [sku for sku, _ in refused.value.goods] == ["K"]
    with pytest.raises(CannotPack):
        parcels([item(number, 1) for number in range(MOST_ITEMS + 1)], RULES)


def test_rules_that_cant_be_are_refused():
    """A box of no size, boxes with one name, none at all, and more than all of a box."""
    for wrong in (
        lambda: attrs.evolve(SMALL, length_mm=0),
        lambda: attrs.evolve(SMALL, most_grams=1.5),
        lambda: PackingRules(boxes=[]),
        lambda: PackingRules(boxes=[SMALL, SMALL]),
        lambda: attrs.evolve(RULES, fill=Fraction(11, 10)),
        lambda: ParcelDraft(goods={}, grams=0),
    ):
        with pytest.raises(InvalidPacking):
            wrong()


SIDES = st.tuples(*[st.integers(1, 300)] * 3)
ITEMS = st.lists(
    st.tuples(st.integers(1, 2_700), st.none() | SIDES, st.booleans(), st.sampled_from(["", "3", "8", "9"])),
    max_size=30,
)


@given(ITEMS, st.randoms())
def test_every_unit_is_in_one_parcel_that_may_hold_it(drawn, luck):
    """Whatever is packed: nothing is lost or doubled, no rule is broken, and the order of naming changes nothing."""
    items = [item(at, grams, size, fragile=frail, hazard=kind) for at, (grams, size, frail, kind) in enumerate(drawn)]
    shuffled = [*items]
    luck.shuffle(shuffled)

    made = parcels(items, RULES)

    assert made == parcels(shuffled, RULES)
    assert sorted(n for each in made for run in each.runs for n in range(run.first, run.beyond)) == [*range(len(items))]
    for each in made:
        inside = [items[n] for run in each.runs for n in range(run.first, run.beyond)]
        box = {"S": SMALL, "L": LARGE}[each.box]
        assert each.grams == sum(one.grams for one in inside) + box.tare_grams <= box.most_grams
        assert sum(one.volume_mm3 for one in inside) <= box.volume_mm3 * RULES.fill
        assert all(box.holds(piece) for one in inside for piece in one.pieces)
        assert each.grams <= 3_000 or not each.fragile
        kinds = {one.hazard for one in inside}
        assert not {"3", "8"} <= kinds and ("9" not in kinds or kinds == {"9"})


def test_a_shipment_is_packed_by_rules(play):
    """Weights, sizes and tags are the catalogue's; the parcels' weights are what delivery is rated by."""

    async def body(toko):
        await toko.catalog.put("KOPI-250", "Kopi", weight="300 g", tags=["fragile"])
        order = await toko.given.order({"KOPI-250": 9, "GULA": "1.5"})
        planned = await toko.shipments.plan(order)

        packed = await toko.shipments.pack(planned, RULES)

        assert (packed.state, await toko.shipments.pack(planned, RULES)) == (ShipmentState.PACKED, packed)
        tares = {"S": 50, "L": 200}
        assert sum(each.grams - tares[each.box] for each in packed.parcels) == 9 * 300 + 1_500
        assert all(each.grams <= 3_000 for each in packed.parcels)
        assert [each.rated.grams for each in packed.parcels] == [each.grams for each in packed.parcels]
        await toko.shipments.delivered(await toko.shipments.hand_over(packed))
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.pack(packed, RULES)

    play(body)


def test_goods_without_a_weight_are_named(play_in_memory):
    """By rules nobody guesses; by hand the scale says what the parcel weighs."""

    async def body(toko):
        await toko.catalog.put("POLOS", "Polos")
        await toko.prices.put("POLOS", IDR(5_000))
        await toko.stock.receive("POLOS", 5)
        planned = await toko.shipments.plan(await toko.given.order({"POLOS": 2, "PAKET": 1}))
        with pytest.raises(MissingWeight) as missing:
            await toko.shipments.pack(planned, RULES)
        assert missing.value.skus == ("POLOS",)
        drafts = [
            ParcelDraft(goods={"POLOS": 1}, grams=400),
            ParcelDraft(goods={"polos": 1, "PAKET": 1}, grams=900, dimensions=Dimensions(200, 100, 100), box="S"),
        ]
        packed = await toko.shipments.pack(planned, drafts)
        assert [(each.grams, sum(run.units for run in each.runs)) for each in packed.parcels] == [(400, 1), (900, 2)]
        with pytest.raises(NotAllPacked) as left:
            await toko.shipments.pack(planned, drafts[:1])
        assert left.value.left == ("POLOS", "PAKET")
        with pytest.raises(TooManyUnits):
            await toko.shipments.pack(planned, [*drafts, drafts[0]])
        assert packed == await toko.shipments.get(planned.id)

    play_in_memory(body)
