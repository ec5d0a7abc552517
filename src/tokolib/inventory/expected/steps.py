"""Expected receipts, as steps on an open unit."""

from collections.abc import Sequence
from datetime import date

from tokolib.inventory import moving
from tokolib.inventory.expected import events as e
from tokolib.inventory.expected.errors import MoreThanExpected
from tokolib.inventory.expected.lifecycle import check
from tokolib.inventory.expected.model import ExpectedReceipt, ReceiptState
from tokolib.inventory.expected.ports import EXPECTED_RECEIPTS
from tokolib.inventory.lots.model import LotReceipt
from tokolib.inventory.model import StockState
from tokolib.inventory.register import opened, stock_items
from tokolib.kernel.ids import ExpectedReceiptId
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit import Unit, every


async def announce(unit: Unit, key: str, steps: int, on: date, *, location: str, reference: str) -> ExpectedReceipt:
    """Goods that are to come; nothing moves yet.

    Raises:
        UnknownLocation, UnknownSku, BundleHasNoStock, UnitChanged: nothing was stored.
    """
    await opened(unit, location)
    item = (await stock_items(unit, [key]))[key]
    id = ExpectedReceiptId(unit.new_id("exp"))
    state = ReceiptState.EXPECTED
    made = ExpectedReceipt(id, 1, state, key, item.sku, item.unit, location, on, steps, reference, unit.now)
    return unit[EXPECTED_RECEIPTS].record(None, e.ReceiptAnnounced(made))


async def change(unit: Unit, id: str, on: date | None, quantity: Quantity | None) -> ExpectedReceipt:
    """They come on another day, or as another quantity; the same again changes nothing.

    Raises:
        NotFound, IllegalReceiptTransition, MoreThanExpected: nothing was changed.
    """
    found = await unit[EXPECTED_RECEIPTS].get(id)
    check(found, e.ReceiptChanged)
    steps = found.steps if quantity is None else quantity.steps
    day = on or found.expected_on
    if steps < found.arrived:
        raise _more(found, steps)
    if (day, steps) != (found.expected_on, found.steps):
        found = unit[EXPECTED_RECEIPTS].record(found, e.ReceiptChanged(day, steps))
    return _completed(unit, found)


async def receive(
    unit: Unit, id: str, steps: int | None, state: StockState, lots: Sequence[LotReceipt]
) -> ExpectedReceipt:
    """Some of them come, or all that are expected: they are on the books from now on.

    Raises:
        NotFound, IllegalReceiptTransition, MoreThanExpected; what `moving.receive` refuses. Nothing was changed.
    """
    found = await unit[EXPECTED_RECEIPTS].get(id)
    check(found, e.ReceiptArrived)
    came = found.open if steps is None else steps
    if came > found.open:
        raise _more(found, came)
    goods, receipts = {found.key: came}, {found.key: lots}
    await moving.receive(unit, goods, location=found.location, state=state, refers_to=id, receipts=receipts)
    return _completed(unit, unit[EXPECTED_RECEIPTS].record(found, e.ReceiptArrived(came, unit.now)))


async def cancel(unit: Unit, id: str, reason: str) -> ExpectedReceipt:
    """No more of them comes.

    Raises:
        NotFound, IllegalReceiptTransition: nothing was changed.
    """
    found = await unit[EXPECTED_RECEIPTS].get(id)
    return unit[EXPECTED_RECEIPTS].record(found, e.ReceiptCancelled(reason, unit.now))


async def coming(unit: Unit, key: str, location: str) -> tuple[ExpectedReceipt, ...]:
    """What is to come of a SKU key to a location, the first to come first."""
    return await every(unit[EXPECTED_RECEIPTS], "by_day", {"place": f"{location}|{key}", "open": 1})


def _completed(unit: Unit, found: ExpectedReceipt) -> ExpectedReceipt:
    if found.state is ReceiptState.RECEIVING and not found.open:
        return unit[EXPECTED_RECEIPTS].record(found, e.ReceiptCompleted(unit.now))
    return found


def _more(found: ExpectedReceipt, given: int) -> MoreThanExpected:
    of = found.unit
    expected, arrived = Quantity(found.steps, of), Quantity(found.arrived, of)
    return MoreThanExpected(found.id, found.sku, Quantity(given, of), expected, arrived)
