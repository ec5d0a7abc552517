"""The door `invoices`."""

import attrs

from tokolib.documents import steps
from tokolib.documents.model import Invoice
from tokolib.documents.ports import INVOICES
from tokolib.kernel.errors import NotFound
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import InvoiceId, OrderId, ReturnId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.returns.model import Return


@attrs.frozen
class InvoiceService(Service[Colour]):
    """Invoices and credit notes."""

    work: Work
    blocking: bool

    @command
    async def issue(self, order: Order | OrderId) -> Invoice:
        """The invoice of a placed order, issued with the next number the first time, and the same ever after.

        Raises:
            NotInvoiceable: the order was never placed, or was cancelled.
            IncompleteInvoice: the buyer owes the tax, and EN 16931 asks for an id that nobody told. In both cases no
                number was used.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> Invoice:
            return await steps.issue(unit, id)

        return await self.work.write("invoices.issue", step)

    @command
    async def credit(self, goods: Return | ReturnId | Order | OrderId) -> Invoice:
        """The credit note of an accepted return, or of an invoiced order that was cancelled, from the shares credited.

        Raises:
            NotCreditable: the return isn't accepted, the order isn't cancelled, or there is no invoice.
            NotFound: there is no such return or order. No number was used.
        """
        id = goods if isinstance(goods, str) else goods.id

        async def step(unit: Unit) -> Invoice:
            if id.startswith("ret_"):
                return await steps.credit(unit, ReturnId(id))
            return await steps.credit_cancelled(unit, OrderId(id))

        return await self.work.write("invoices.credit", step)

    @command
    async def get(self, invoice: InvoiceId | str) -> Invoice:
        """A document by its id or its printed number.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Invoice:
            if (found := await unit[INVOICES].find(invoice)) is not None:
                return found
            page = await unit[INVOICES].where("by_number", equals={"number": invoice}, limit=1)
            if not page.items:
                raise NotFound("invoice", invoice)
            return page.items[0]

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Invoice, ...]:
        """All documents of an order, in the order of their issue.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Invoice, ...]:
            return await steps.issued(unit, id) or await nothing_of(unit, id)

        return await self.work.read(step)
