"""Goods on their way, as steps on an open unit: each moves the stock and the transfer in one transaction.

While goods are on their way, and only then, they are counted at the target, in transit. What arrives comes out of
there; what arrives beyond it (late after it was given up, or more than was sent) is new to the books.
"""

from collections.abc import Mapping

from tokolib.inventory import moving
from tokolib.inventory.lots import carrying
from tokolib.inventory.lots.model import lot_resource
from tokolib.inventory.lots.naming import Named, portion
from tokolib.inventory.model import StockState, resource
from tokolib.inventory.register import opened, stock_items
from tokolib.inventory.transfers import events as e
from tokolib.inventory.transfers.errors import InvalidTransfer, MoreThanSent, NotOnTransfer
from tokolib.inventory.transfers.lifecycle import check
from tokolib.inventory.transfers.model import Portion, Transfer, TransferLine, TransferState
from tokolib.inventory.transfers.ports import TRANSFERS
from tokolib.kernel.ids import TransferId
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit import Unit

Goods = Mapping[str, int]
"""Steps by SKU key."""


async def draft(unit: Unit, source: str, target: str, goods: Goods, reference: str) -> Transfer:
    """A new transfer, written down; nothing moves yet.

    Raises:
        InvalidTransfer: the same location twice, or no goods. UnknownLocation, UnknownSku, BundleHasNoStock.
        Nothing was stored.
    """
    if source == target or not goods:
        why = "goods stay where they are" if source == target else "no goods are named"
        raise InvalidTransfer(source, target, why)
    for location in (source, target):
        await opened(unit, location)
    items = await stock_items(unit, goods)
    lines = tuple(TransferLine(key, items[key].sku, items[key].unit, goods[key]) for key in sorted(goods))
    id = TransferId(unit.new_id("trf"))
    made = Transfer(id, 1, TransferState.DRAFT, source, target, lines, reference, unit.now)
    return unit[TRANSFERS].record(None, e.TransferDrafted(made))


async def dispatch(unit: Unit, id: str, lots: Named) -> Transfer:
    """All of its goods leave their source, and are in transit at the target.

    Of tracked goods the *lots* that are named leave, or those that expire first and may.

    Raises:
        NotFound, IllegalTransferTransition, BelowHeld: nothing was changed.
        LotsNotPickable, NotTracked, LotsDiffer, UnknownLot, LotShort: nothing was changed.
    """
    transfer = await unit[TRANSFERS].get(id)
    check(transfer, e.TransferDispatched)
    goods = {line.key: line.sent for line in transfer.lines}
    start, way = (transfer.source, StockState.SELLABLE), (transfer.target, StockState.TRANSIT)
    await moving.move(unit, goods, start, way, refers_to=id, lots=lots, fefo=True)
    return unit[TRANSFERS].record(transfer, e.TransferDispatched(unit.now))


async def receive(
    unit: Unit, id: str, goods: Goods | None, state: StockState, lots: Named, *, surplus: bool
) -> Transfer:
    """Some of its *goods* arrive, or all that is expected, if anything; with the last of them the transfer is closed.

    More than was sent arrives as *surplus* alone.
    Of tracked goods the *lots* are named where it could be several of those that were sent.

    Raises:
        LotsNeeded, NotTracked, LotsDiffer, UnknownLot, LotShort, SerialInHouse: nothing was changed.
        NotFound, IllegalTransferTransition, NotOnTransfer, MoreThanSent: nothing was changed.
    """
    transfer = await unit[TRANSFERS].get(id)
    check(transfer, e.TransferArrived)
    arrived = dict(transfer.on_its_way if goods is None else goods)
    if not arrived:
        return transfer
    if strange := [key for key in arrived if transfer.line(key) is None]:
        raise NotOnTransfer(id, strange[0], tuple(line.sku for line in transfer.lines))
    if not surplus:
        _check_sent(transfer, arrived)
    expected = {key: min(arrived[key], there) for key, there in transfer.on_its_way.items() if arrived.get(key)}
    beyond = {key: more for key, steps in arrived.items() if (more := steps - expected.get(key, 0))}
    left = {key: dict(some) for key, some in lots.items()}
    mine = portion(await _sent(unit, transfer, left), expected)
    rest = portion(left, beyond)
    carrying.check_named(await stock_items(unit, arrived), arrived, lots)
    if expected:
        way, place = (transfer.target, StockState.TRANSIT), (transfer.target, state)
        await moving.move(unit, expected, way, place, refers_to=id, lots=mine)
    if beyond:
        reason = "late, or more than was sent"
        await moving.adjust(unit, beyond, location=transfer.target, state=state, refers_to=id, reason=reason, lots=rest)
    portions = tuple(Portion(key, arrived[key]) for key in sorted(arrived))
    transfer = unit[TRANSFERS].record(transfer, e.TransferArrived(portions, state.value, unit.now))
    if transfer.state is TransferState.RECEIVING and not transfer.on_its_way:
        return unit[TRANSFERS].record(transfer, e.TransferClosed((), "", unit.now))
    return transfer


def _check_sent(transfer: Transfer, arrived: Goods) -> None:
    """Pass where no more than was sent will have *arrived*.

    Raises:
        MoreThanSent: more would have.
    """
    for line in transfer.lines:
        if (given := arrived.get(line.key, 0)) and line.arrived + given > line.sent:
            counts = (Quantity(steps, line.unit) for steps in (given, line.sent, line.arrived))
            raise MoreThanSent(transfer.id, line.sku, *counts)


async def _sent(unit: Unit, transfer: Transfer, named: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Of the lots that are *named*, those that the transfer has on its way; they are no longer among the others."""
    net = await carrying.carried_by(unit, [transfer.id]) if named else {}
    sent: dict[str, dict[str, int]] = {}
    for key, lots in named.items():
        way = resource(transfer.target, key, StockState.TRANSIT)
        for code, steps in lots.items():
            if (there := min(steps, net.get(lot_resource(way, code), 0))) > 0:
                sent.setdefault(key, {})[code] = there
                lots[code] -= there
    return sent


async def close(unit: Unit, id: str, reason: str) -> Transfer:
    """Nothing more is expected: what is still on its way is written off.

    Raises:
        NotFound, IllegalTransferTransition: nothing was changed.
    """
    transfer = await unit[TRANSFERS].get(id)
    check(transfer, e.TransferClosed)
    missing = transfer.on_its_way
    way = StockState.TRANSIT
    await moving.write_off(
        unit, missing, location=transfer.target, state=way, refers_to=id, reason=reason, licences=True
    )
    lost = tuple(Portion(key, steps) for key, steps in missing.items())
    return unit[TRANSFERS].record(transfer, e.TransferClosed(lost, reason, unit.now))


async def cancel(unit: Unit, id: str, reason: str) -> Transfer:
    """It doesn't go; what has left turns back, and can be sold at its source again.

    Raises:
        NotFound, IllegalTransferTransition: some of it has arrived, or it has ended; nothing was changed.
    """
    transfer = await unit[TRANSFERS].get(id)
    check(transfer, e.TransferCancelled)
    if back := transfer.on_its_way:
        way, start = (transfer.target, StockState.TRANSIT), (transfer.source, StockState.SELLABLE)
        await moving.move(unit, back, way, start, refers_to=id, reason=reason)
    return unit[TRANSFERS].record(transfer, e.TransferCancelled(reason, unit.now))
