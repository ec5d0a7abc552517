"""The whole check, in one consistent state of the storage."""

from tokolib.checkout.model import Quote, agreed
from tokolib.desk.ports import Archive
from tokolib.desk.verify import coupons, money, movements, numbers, papers, stock
from tokolib.desk.verify.books import Books
from tokolib.desk.verify.keys import check_key_of, check_keys
from tokolib.desk.verify.report import Report
from tokolib.desk.verify.streams import Replayed, check_documents, check_histories
from tokolib.desk.verify.walk import Findings
from tokolib.documents.model import Invoice
from tokolib.fulfilment.model import Shipment
from tokolib.inventory.model import StockItem
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.payments.model import Intent
from tokolib.returns.model import Return


async def check(unit: Unit, archive: Archive) -> Report:
    """Every promise over every row; it changes nothing."""
    found = Findings()
    books = Books(unit, archive)
    owners = stock.Owners()
    items = movements.Items()
    uses = coupons.Uses()

    async def on_replayed(replayed: Replayed) -> None:
        state = replayed.state
        match state:
            case Order():
                owners.learn(replayed)
                uses.learn(state)
                await money.check_order(unit, books, replayed, found)
                await stock.check_order(unit, state, found)
                await check_key_of(unit, state, found)
            case Quote():
                same = state.hash == agreed(state.lines, state.charges, state.wishes, state.currency)
                found.expect(same, "O3", f"quote {state.id}", "its hash is not that of what it says", money.ORDER)
            case Intent():
                known = await books.has("orders", state.order_id)
                found.expect(known, "M4", f"payment {state.id}", f"its order {state.order_id} is gone", money.ORDER)
            case Return():
                order = await books.find("orders", state.order_id, Order)
                money.check_return(state, order, found)
                await stock.check_return(unit, state, order, found)
            case Shipment():
                order = await books.find("orders", state.order_id, Order)
                await stock.check_shipment(unit, state, order, found)
            case StockItem():
                items.learn(replayed, state)
            case Invoice():
                found.saw("fiscal documents")
                await numbers.check_document(unit, state, found)
                await papers.check_document(books, state, found)
            case _:
                pass

    await check_histories(unit, archive, found, on_replayed)
    await check_documents(unit, archive, found)
    await money.check_postings(unit, books, found)
    await movements.check_levels(unit, books, items, found)
    await stock.check_owners(unit, books, owners, found)
    await numbers.check_numbers(unit, books, found)
    await coupons.check_uses(unit, books, uses, found)
    await check_keys(unit, books, found)
    return found.report()
