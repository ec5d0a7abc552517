"""Goods are fetched: one shipment or a batch, in walking order, and what the shelf had not leaves the shipment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.fulfilment.errors import IllegalShipmentTransition, NotHere
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.picking.walk import Load, Shelved, pick_lists, walking
from tokolib.kernel.quantity import KILOGRAM, PIECE, Quantity
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.unit_errors import TooManyUnits


def test_a_batch_is_fetched_in_one_walk(play):
    """Each SKU once, by its shelf as people number shelves; the list says how much of it is for which shipment."""

    async def body(toko):
        one = await toko.shipments.plan(await toko.given.order({"PAKET": 1, "GULA": "0.5"}))
        two = await toko.shipments.plan(await toko.given.order({"KOPI-250": 2, "CANGKIR": 1}))

        (found,) = await toko.shipments.pick_list(
            [one, two.id, one], places={"kopi-250": "A-10", "Teh-100": "A-2", "GULA": "B"}
        )

        assert found.location == "main"
        told = [(line.place, line.sku, str(line.quantity)) for line in found.lines]
        assert told == [
            ("A-2", "Teh-100", "2 pcs"),
            ("A-10", "KOPI-250", "3 pcs"),
            ("B", "GULA", "0.5 kg"),
            ("", "CANGKIR", "1 pcs"),
        ]
        coffee = found.lines[1].parts
        assert [(part.shipment_id, part.quantity.steps) for part in coffee] == [(one.id, 1), (two.id, 2)]
        (alone,) = await toko.shipments.pick_list(two)
        assert ["CANGKIR", "KOPI-250"] == [line.sku for line in alone.lines]
        left = await toko.shipments.hand_over(one)
        with pytest.raises(NotHere):
            await toko.shipments.pick_list([two, left])

    play(body)


def test_what_was_not_found_leaves_the_shipment(play):
    """It is free again in its order and can be planned anew; the rest goes on."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 3, "CANGKIR": 1})
        planned = await toko.shipments.plan(order)
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.picked(planned)
        (picking,) = await toko.shipments.pick(planned)
        assert (picking,) == await toko.shipments.pick([planned])
        with pytest.raises(TooManyUnits):
            await toko.shipments.picked(planned, short={"KOPI-250": 4})

        picked = await toko.shipments.picked(planned, short={"kopi-250": 1})

        assert (picked.state, [run.units for run in picked.runs]) == (ShipmentState.PICKING, [2, 1])
        assert [(each.sku, each.missing) for each in picked.shortages] == [("KOPI-250", Quantity(1))]
        line = (await toko.orders.get(order.id)).lines[0]
        assert (line.planned, line.free) == (UnitSet.whole(2), UnitSet(((2, 3),)))
        await toko.shipments.hand_over(picked)
        assert [1] == [run.units for run in (await toko.shipments.plan(order)).runs]

    play(body)


def test_with_nothing_found_there_is_no_shipment(play):
    """It is cancelled, and its order has all its units to plan again."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        (picking,) = await toko.shipments.pick(await toko.shipments.plan(order))
        gone = await toko.shipments.picked(picking, short={"KOPI-250": 2})
        assert (gone.state, gone.runs, gone.reason) == (ShipmentState.CANCELLED, (), "nothing of it was found")
        line = (await toko.orders.get(order.id)).lines[0]
        assert (line.planned, len(line.free)) == (NO_UNITS, 2)

    play(body)


def test_a_batch_is_begun_whole_or_not_at_all(play_in_memory):
    """One that was cancelled stops them all."""

    async def body(toko):
        one, two = [await toko.shipments.plan(await toko.given.order({"KOPI-250": 1})) for _ in range(2)]
        await toko.shipments.cancel(two, reason="x")
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.pick([one, two])
        assert (await toko.shipments.get(one.id)).state is ShipmentState.PLANNED

    play_in_memory(body)


SHELVES = {"a": Shelved("A", PIECE, "B-1"), "b": Shelved("B", KILOGRAM, ""), "c": Shelved("C", PIECE, "A-3")}
LOADS = st.lists(
    st.builds(
        Load,
        st.uuids().map(str),
        st.sampled_from(["main", "toko"]),
        st.dictionaries(st.sampled_from(sorted(SHELVES)), st.integers(1, 50), min_size=1),
    ),
    max_size=8,
)


@given(LOADS)
def test_a_walk_fetches_what_the_shipments_need_and_no_more(loads):
    """Added up by location and SKU, and shared out by shipment, the lists are the loads."""
    lists = pick_lists(loads, SHELVES)

    wanted: dict[tuple[str, str], int] = {}
    for load in loads:
        for key, steps in load.goods.items():
            wanted[load.location, key] = wanted.get((load.location, key), 0) + steps
    assert wanted == {(each.location, line.key): line.quantity.steps for each in lists for line in each.lines}
    for each in lists:
        for line in each.lines:
            assert line.quantity.steps == sum(part.quantity.steps for part in line.parts)
        places = [line.place for line in each.lines if line.place]
        assert places == sorted(places, key=walking)
