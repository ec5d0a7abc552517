"""Goods that came back, put where they belong: steps on an open unit."""

from collections.abc import Sequence
from typing import Final

from tokolib.fulfilment.steps import shipments_of
from tokolib.inventory import moving as stock
from tokolib.inventory.lots.carrying import check_named
from tokolib.inventory.lots.naming import Named, portion
from tokolib.inventory.model import StockState
from tokolib.inventory.register import stock_items
from tokolib.kernel.ids import ReturnId
from tokolib.kernel.unit import Unit, every
from tokolib.orders import goods
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.returns.model import Disposition, ReturnLine
from tokolib.returns.ports import RETURNS

SHELVES: Final = {
    Disposition.RESTOCK: StockState.SELLABLE,
    Disposition.DAMAGED: StockState.DAMAGED,
    Disposition.QUALITY: StockState.QUALITY,
}
"""In which state of stock a unit is put that is not written off."""


async def references_of(unit: Unit, id: str) -> tuple[str, ...]:
    """What the movements of an order's goods refer to: itself, its shipments and its returns; any other *id* alone."""
    if not id.startswith("ord_"):
        return (id,)
    shipments = await shipments_of(unit, id)
    returns = await every(unit[RETURNS], "by_order", {"order_id": id})
    return (id, *(each.id for each in shipments), *(each.id for each in returns))


async def put_away(unit: Unit, order: Order, return_id: ReturnId, lines: Sequence[ReturnLine], lots: Named) -> None:
    """The units of *lines* are where they belong; of tracked ones the *lots* that are named, or that follow.

    Raises:
        LotsNeeded, LotsDiffer, UnknownLot, SerialInHouse, NotTracked: nothing was changed.
    """
    left = {key: dict(some) for key, some in lots.items()}
    if lots:
        back = goods.of_runs(order, [line.run for line in lines])
        check_named(await stock_items(unit, back), back, lots)

    async def left_with() -> tuple[str, ...]:
        return await references_of(unit, order.id)

    for (disposition, where, reason), runs in _piles(order, lines).items():
        units = goods.of_runs(order, runs)
        named = portion(left, units)
        if (state := SHELVES.get(disposition)) is not None:
            await stock.restock(
                unit, units, location=where, state=state, refers_to=return_id, lots=named, left_with=left_with
            )
        else:
            await stock.write_off_returned(
                unit, units, location=where, refers_to=return_id, reason=reason, lots=named, left_with=left_with
            )


def _piles(order: Order, lines: Sequence[ReturnLine]) -> dict[tuple[Disposition, str, str], list[Run]]:
    """What is put in one place for one reason; where the undelivered is, its shipment has said."""
    piles: dict[tuple[Disposition, str, str], list[Run]] = {}
    for disposition in (*SHELVES, Disposition.WRITE_OFF):
        for line in lines:
            if line.disposition is disposition:
                why = line.told if disposition is Disposition.WRITE_OFF else ""
                piles.setdefault((disposition, line.location or order.location, why), []).append(line.run)
    return piles
