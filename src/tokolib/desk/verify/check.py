"""The whole check, in one consistent state of the storage."""

from tokolib.desk.ports import Archive
from tokolib.desk.verify import money, numbers, stock
from tokolib.desk.verify.keys import check_keys
from tokolib.desk.verify.report import Report
from tokolib.desk.verify.streams import Replayed, check_documents, check_histories
from tokolib.desk.verify.walk import Findings
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.returns.model import Return


async def check(unit: Unit, archive: Archive) -> Report:
    """Every promise over every row; it changes nothing."""
    found = Findings()
    owners = stock.Owners()

    async def on_replayed(replayed: Replayed) -> None:
        state = replayed.state
        match state:
            case Order():
                owners.learn(replayed)
                await money.check_order(unit, replayed, found)
                await stock.check_order(unit, state, found)
            case Return():
                order = await _order(unit, state.order_id)
                money.check_return(state, order, found)
                await stock.check_return(unit, state, order, found)
            case Shipment():
                await stock.check_shipment(unit, state, await _order(unit, state.order_id), found)
            case _:
                pass

    await check_histories(unit, archive, found, on_replayed)
    await check_documents(unit, archive, found)
    await money.check_postings(unit, found)
    await stock.check_levels(unit, found)
    await stock.check_owners(unit, owners, found)
    await numbers.check_numbers(unit, found)
    await check_keys(unit, found)
    return found.report()


async def _order(unit: Unit, id: str) -> Order | None:
    """The order, or None when it is gone or damaged: that is told by its own check."""
    try:
        return await unit[ORDERS].find(id)
    except TokolibError:
        return None
