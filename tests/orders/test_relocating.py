"""Staff let open units of an order leave from another place."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import Basket, Policies
from tokolib.inventory.errors import OutOfStock, UnknownLocation
from tokolib.kernel.errors import InvalidInput, KeyReused, TokolibError
from tokolib.kernel.policies import StockTaken
from tokolib.kernel.preview import PreviewStale
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.unit_errors import NotRelocatable, TooManyUnits


async def furnish(toko: Any, *, there: int = 4) -> None:
    """Three bags in the shop, and some in a store."""
    await toko.given.goods({"LUWAK": 10_000}, stock=3)
    await toko.stock.open_location("gudang", "Gudang")
    if there:
        await toko.stock.receive("LUWAK", there, location="gudang")


async def ordered(toko: Any, units: int = 3) -> Any:
    return await toko.orders.place(Basket({"LUWAK": units}, location="main"), tender="cash", key=f"web-{units}")


async def free(toko: Any) -> tuple[int, int]:
    """What anybody could buy, in the shop and in the store."""
    return tuple([(await toko.stock.available("LUWAK", location=where)).steps for where in ("main", "gudang")])


def places(order: Any) -> dict[str, int]:
    return {each.location: len(each.units) for each in order.lines[0].sources}


def test_units_leave_from_elsewhere_and_are_free_where_they_were(play: Any) -> None:
    """A part of them, and then the rest; each shipment leaves from one place."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        order = await ordered(toko)

        order = await toko.orders.relocate(order, {"LUWAK": 1}, location="gudang", reason="closer")
        assert {"gudang": 1, "main": 2} == places(order)
        assert (1, 3) == await free(toko)
        shipment = await toko.shipments.hand_over(order, location="gudang")
        assert ("gudang", 1) == (shipment.location, sum(run.units for run in shipment.runs))
        order = await toko.orders.relocate(order.id, location="gudang", reason="closer")

        assert (3, 1) == await free(toko)
        await toko.shipments.hand_over(order.id)
        assert 1 == (await toko.stock.level("LUWAK", location="gudang")).on_hand.steps

    play(body)


def test_it_is_shown_before_it_is_done(play: Any) -> None:
    """The preview names both places, and is stale when it would do something else by now."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        order = await ordered(toko)
        shown = await toko.orders.preview_relocate(order, {"LUWAK": 2}, location="gudang")
        assert [("gudang", 0, 2), ("main", 0, -2)] == [(e.location, e.on_hand, e.held) for e in shown.stock]
        assert () == shown.moves
        assert (0, 4) == await free(toko)

        other = {"preview": shown, "location": "gudang", "reason": "closer"}
        with pytest.raises(PreviewStale):
            await toko.orders.relocate(order, {"LUWAK": 1}, **other)
        await toko.orders.relocate(order, {"LUWAK": 2}, **other)

        assert (2, 2) == await free(toko)

    play(body)


def test_once_with_a_key(play: Any) -> None:
    """Said twice it is done once; another request under the key is refused."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        order, closer = await ordered(toko), {"location": "gudang", "reason": "closer", "key": "k"}
        once = await toko.orders.relocate(order, {"LUWAK": 1}, **closer)

        assert once == await toko.orders.relocate(order, {"LUWAK": 1}, **closer)
        with pytest.raises(KeyReused):
            await toko.orders.relocate(order, {"LUWAK": 2}, **closer)

    play(body)


def test_what_cannot_be_is_refused_and_nothing_changes(play: Any) -> None:
    """Too little there, no such place, nothing to move, claimed by a shipment, over, or no reason."""

    async def body(toko: Any) -> None:
        await furnish(toko, there=1)
        order = await ordered(toko)

        async def refused(
            error: type[Exception], goods: Any = None, to: str = "gudang", reason: str = "closer"
        ) -> None:
            before = await toko.orders.get(order.id), await free(toko)
            with pytest.raises(error):
                await toko.orders.relocate(order.id, goods, location=to, reason=reason)
            assert before == (await toko.orders.get(order.id), await free(toko))

        await refused(OutOfStock)
        await refused(OutOfStock, {"LUWAK": 2})
        await refused(UnknownLocation, to="nowhere")
        await refused(NotRelocatable, to="main")
        await refused(TooManyUnits, {"LUWAK": 4})
        await refused(InvalidInput, {"LUWAK": 1}, reason=" ")
        await toko.shipments.plan(order, {"LUWAK": 3})
        await refused(NotRelocatable)
        await toko.orders.get(order.id)
        other = await toko.given.order({"CANGKIR": 1})
        await toko.orders.cancel(other, reason="no")
        with pytest.raises(IllegalOrderTransition):
            await toko.orders.relocate(other.id, location="gudang", reason="closer")

    play(body)


def test_stock_that_left_the_books_with_the_sale_stays(play: Any) -> None:
    """It was taken where it was sold."""

    async def body(toko: Any) -> None:
        await toko.settings.change(policies=Policies(stock_taken=StockTaken.AT_ORDER))
        await furnish(toko)
        with pytest.raises(NotRelocatable):
            await toko.orders.relocate(await ordered(toko), location="gudang", reason="closer")

    play(body)


def test_who_waits_in_one_place_has_it_in_another(play: Any) -> None:
    """The promise is free again where it was made, and the goods are held where they are."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.backorders.allow("LUWAK", 5, days=7)
        order = await ordered(toko, 5)
        assert 2 == len(order.lines[0].waiting)

        order = await toko.orders.relocate(order, location="gudang", reason="it is there", goods={"LUWAK": 4})
        assert {"gudang": 4, "main": 1} == places(order)

        assert (1, 0) == ((await toko.backorders.of("LUWAK")).promised.steps, (await free(toko))[1])

    play(body)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["main", "gudang", "ship", "cancel"]), st.integers(1, 3)), max_size=8))
def test_wherever_they_are_moved_each_unit_is_held_once(play_in_memory: Any, steps: list[tuple[str, int]]) -> None:
    """Whatever is moved, shipped and cancelled: what is held and what is gone add up at each place."""

    async def body(toko: Any) -> None:
        await toko.given.goods({"LUWAK": 10_000}, stock=9)
        await toko.stock.open_location("gudang", "Gudang")
        await toko.stock.receive("LUWAK", 9, location="gudang")
        order = await ordered(toko, 6)
        for what, units in steps:
            try:
                if what == "ship":
                    await toko.shipments.hand_over(order.id, {"LUWAK": units}, location="gudang")
                elif what == "cancel":
                    await toko.orders.cancel(order.id, {"LUWAK": units}, reason="less")
                else:
                    await toko.orders.relocate(order.id, {"LUWAK": units}, location=what, reason="closer")
            except TokolibError as refused:  # as there are too few, or none is left
                assert refused.code.startswith(("orders.", "fulfilment.")), refused
        line = (await toko.orders.get(order.id)).lines[0]
        gone = len(line.shipped) + len(line.open)
        assert 18 - gone == sum(await free(toko))

    play_in_memory(body)
