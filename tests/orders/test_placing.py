"""What is added to an order leaves from its own place, or from where the shop's rules find it."""

from typing import Any

import pytest

from tokolib import Basket
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.sourcing_rules import SourcingPlace, SourcingRules
from tokolib.returns.claims import ClaimKind, ClaimRemedy


async def furnish(toko: Any, *, rules: bool = True) -> None:
    """Two bags in the shop, and three in a store."""
    await toko.given.goods({"LUWAK": 10_000}, stock=2)
    await toko.stock.open_location("gudang", "Gudang")
    await toko.stock.receive("LUWAK", 3, location="gudang")
    if rules:
        places = (SourcingPlace(location="main"), SourcingPlace(location="gudang"))
        await toko.settings.change(sourcing=SourcingRules(places=places))


async def ordered(toko: Any) -> Any:
    """An order of a cup, which leaves from the shop."""
    return await toko.orders.place(Basket({"CANGKIR": 2}, location="main"), tender="cash", key="web")


async def free(toko: Any) -> tuple[int, int]:
    return tuple([(await toko.stock.available("LUWAK", location=where)).steps for where in ("main", "gudang")])


def places(order: Any) -> dict[str, int]:
    """Where the units of the line that was added last leave from; nothing where that is the order's own place."""
    return {each.location: len(each.units) for each in order.lines[-1].sources}


def test_an_edit_adds_from_where_the_goods_are(play: Any) -> None:
    """From the order's place while it has all of them; else as the rules say, and each place ships its own."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        order = await toko.orders.edit(await ordered(toko), add={"LUWAK": 1}, reason="one bag")
        assert {} == places(order)
        shown = await toko.orders.preview_edit(order, add={"LUWAK": 3})
        assert {"gudang", "main"} >= {each.location for each in shown.stock if each.sku_key == "luwak"}

        order = await toko.orders.edit(order, add={"LUWAK": 3}, reason="more", preview=shown)
        assert 3 == sum(places(order).values())
        assert 1 == sum(await free(toko))
        await toko.payments.received(order, order.due, method="cash", key="rest")
        for where in ("main", "gudang"):
            await toko.shipments.hand_over(order.id, location=where)

        order = await toko.orders.get(order.id)
        assert not any(line.open for line in order.lines)

    play(body)


def test_without_rules_the_order_s_place_has_to_have_them(play: Any) -> None:
    """Nobody has said that anything may leave from elsewhere."""

    async def body(toko: Any) -> None:
        await furnish(toko, rules=False)
        with pytest.raises(OutOfStock):
            await toko.orders.edit(await ordered(toko), add={"LUWAK": 3}, reason="more")
        assert (2, 3) == await free(toko)

    play(body)


def test_what_no_place_has_is_refused(play: Any) -> None:
    """Also where a backorder would promise it: an edit adds what is there."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.backorders.allow("LUWAK", 50, days=7)
        with pytest.raises(OutOfStock):
            await toko.orders.edit(await ordered(toko), add={"LUWAK": 6}, reason="more")
        assert (2, 3) == await free(toko)

    play(body)


def test_an_exchange_holds_and_completes_where_the_goods_are(play: Any) -> None:
    """The replacement is held in the store, and leaves from there, though the shop has it again by then."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.stock.write_off("LUWAK", 2, reason="wet")
        order = await ordered(toko)
        await toko.shipments.delivered(await toko.shipments.hand_over(order))
        until = toko.clock.now().replace(year=2027)
        asked = await toko.exchanges.request(
            order.id, {"CANGKIR": 1}, {"LUWAK": 1}, until=until, reason="rather coffee"
        )
        assert (0, 2) == await free(toko)
        await toko.stock.receive("LUWAK", 4)

        await toko.exchanges.complete(asked)

        order = await toko.orders.get(order.id)
        assert {"gudang": 1} == places(order)
        assert (4, 2) == await free(toko)

    play(body)


def test_a_claim_is_replaced_from_where_the_goods_are(play: Any) -> None:
    """The customer need not know which shelf it is."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        bought = Basket({"LUWAK": 2}, location="main")
        order = await toko.orders.place(bought, tender="cash", key="bags")
        await toko.shipments.delivered(await toko.shipments.hand_over(order))
        claim = await toko.claims.open(
            order.id,
            {"LUWAK": 2},
            kind=ClaimKind.DAMAGED,
            remedy=ClaimRemedy.REPLACEMENT,
            until=toko.clock.now().replace(year=2027),
            reason="torn",
        )

        await toko.claims.approve(claim)

        assert {"gudang": 2} == places(await toko.orders.get(order.id))
        assert (0, 1) == await free(toko)

    play(body)
