"""The door `invoices`: documents, and what a tax provider is told of them."""

from functools import partial
from typing import Final

import attrs

from tokolib.documents import steps
from tokolib.documents.errors import StatedByHand
from tokolib.documents.filing.advance import TaxProviders, advance, keeper
from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.filing.ports import FILINGS
from tokolib.documents.filing.steps import ask_again
from tokolib.documents.filing.words import finding
from tokolib.documents.finding import filed_under, filing_of, found
from tokolib.documents.model import Invoice
from tokolib.documents.ports import INVOICES
from tokolib.effects.ports import Observe
from tokolib.effects.queue import places_at
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import InvoiceId, OrderId, ReturnId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.returns.model import Return
from tokolib.tax.ports import TaxCan, TaxProvider

AT_ONCE: Final = 50
"""Invoices whose notes are committed together."""


@attrs.frozen
class InvoiceService(Service[Colour]):
    """Invoices and credit notes. Whatever a tax provider says of them goes through `observe`."""

    work: Work
    blocking: bool
    observe: Observe
    provider: TaxProvider | None
    """Who keeps the documents that are issued now."""
    providers: TaxProviders
    """Everybody who can be asked, that one among them."""

    @command
    async def issue(self, order: Order | OrderId) -> Invoice:
        """The invoice of a placed order, issued with the next number the first time, and the same ever after.

        What edits have added since then gets an invoice of its own, by the next call.

        Where its taxes are the word of a tax provider that keeps documents, the provider is told before this returns,
        unless within a transaction of the host. Whether it answers changes nothing here: `filing` says, `tick` goes on.

        Raises:
            NotInvoiceable: the order was never placed, or was cancelled.
            IncompleteInvoice: the buyer owes the tax, and EN 16931 asks for an id that nobody told. In both cases no
                number was used.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> Invoice:
            return await steps.issue(unit, id, keeper(self.provider))

        return await self._told(await self.work.write("invoices.issue", step))

    @command
    async def credit(self, goods: Return | ReturnId | Order | OrderId) -> Invoice:
        """The credit note of an accepted return, or of what was cancelled of an invoiced order, from its shares.

        Of several cancellations each has its own, and where something is on several invoices, for each of these: each
        call issues the next note that is missing.

        Where the invoice is filed with a tax provider, the provider is told as `issue` does.

        Raises:
            NotCreditable: the return isn't accepted, nothing of the order was cancelled, or there is no invoice.
            NotFound: there is no such return or order. No number was used.
        """
        id = goods if isinstance(goods, str) else goods.id

        async def step(unit: Unit) -> Invoice:
            if id.startswith("ret_"):
                return await steps.credit(unit, ReturnId(id))
            return await steps.credit_cancelled(unit, OrderId(id))

        return await self._told(await self.work.write("invoices.credit", step))

    @command
    async def get(self, invoice: InvoiceId | str) -> Invoice:
        """A document by its id or its printed number.

        Raises:
            NotFound: there is none.
        """
        return await self.work.read(partial(found, name=invoice))

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

    @command
    async def filing(self, document: Invoice | InvoiceId | str) -> TaxFiling | None:
        """What a tax provider was told of an invoice, or of the one that a credit note corrects, and what it said.

        None where nobody is told of it, since its taxes are those of the shop's own tables.

        Raises:
            NotFound: no such document.
        """

        async def step(unit: Unit) -> TaxFiling | None:
            return await unit[FILINGS].find(await filed_under(unit, _name(document)))

        return await self.work.read(step)

    @command
    async def file(self, document: Invoice | InvoiceId | str) -> TaxFiling:
        """The filing after its tax provider was asked for what is due, and again for what it has refused.

        What was refused gets a new key, since nothing of it is kept; what may be kept goes under its own again. Within
        a transaction of the host nobody is asked: the wish waits for `tick`.

        Raises:
            NotFound: no such document, or nobody is told of it.
            StatedByHand: a credit note is due, and its provider keeps none. In both cases nothing was changed.
        """

        async def step(unit: Unit) -> TaxFiling:
            filing = await filing_of(unit, _name(document))
            provider = self.providers.get(filing.by_hand or "")
            if provider is not None and (why := provider.capabilities.lacks.get(TaxCan.REFUND)):
                raise StatedByHand(filing.document.number, provider.name, why)
            return await ask_again(unit, filing)

        filing = await self.work.write("invoices.file", step)
        return await advance(self.work, self.providers, filing.id, self.observe) or filing

    @command
    async def resolve(
        self, document: Invoice | InvoiceId | str, *, happened: bool, reference: str = "", reason: str = ""
    ) -> TaxFiling:
        """The filing after a person has found out, or seen to it, what the tax provider keeps of *document*.

        It is kept as it is, under a *reference* of the provider's if it told one; or nothing is, for a *reason*. What
        waits behind it goes on by `file` or `tick`. Safe to repeat.

        Raises:
            NotFound: no such document, or nobody is told of it. InvalidInput: no reason why it is not kept, or one
                that can't be stored. AlreadyFiled: the provider has confirmed it. In all cases nothing was stored.
        """
        named, why = line("reference", reference), given_reason(reason, required=not happened)

        async def step(unit: Unit) -> TaxFiling:
            filing, about = await filing_of(unit, _name(document)), await found(unit, _name(document))
            said = {"reference": named, "failure": "" if happened else why}
            seen = finding(filing, about, **said, at=unit.now, actor=unit.ctx.actor)
            if seen is not None:
                await self.observe(unit, seen)
            return await unit[FILINGS].get(filing.id)

        return await self.work.write("invoices.resolve", step)

    @command
    async def stated_by_hand(self, provider: str, *, reference: str = "") -> int:
        """How many credit notes a person has stated at a tax *provider* that keeps none: all that waited for it.

        The provider's name for what was stated, if it has one, is the *reference*. They are committed a few at a time;
        called again it counts those that came since.

        Raises:
            InvalidInput: a reference that can't be kept. Nothing was stored.
        """
        named = line("reference", reference)

        async def step(unit: Unit) -> int:
            since, until = places_at(provider)
            page = await unit[FILINGS].where("by_hand", since=since, until=until, limit=AT_ONCE)
            return sum([await self._say(unit, filing, named) for filing in page.items])

        done = 0
        while some := await self.work.write("invoices.stated_by_hand", step):
            done += some
        return done

    async def _say(self, unit: Unit, filing: TaxFiling, reference: str) -> int:
        """A person's word that all notes of *filing* whose turn it is are kept; how many they are."""
        done = 0
        while filing.by_hand is not None and filing.turn is not None:
            about = await unit[INVOICES].get(filing.turn.subject)
            seen = finding(filing, about, reference=reference, failure="", at=unit.now, actor=unit.ctx.actor)
            if seen is not None:
                await self.observe(unit, seen)
            filing, done = await unit[FILINGS].get(filing.id), done + 1
        return done

    async def _told(self, document: Invoice) -> Invoice:
        """*document*, after its provider was told of it, where one is to be."""
        if self.providers and not self.work.joined:
            id = await self.work.read(partial(filed_under, name=document.id))
            await advance(self.work, self.providers, id, self.observe)
        return document


def _name(document: Invoice | str) -> str:
    return document.id if isinstance(document, Invoice) else document
