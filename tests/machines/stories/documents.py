"""Documents at a tax provider."""

from stories.stand import leaving
from tokolib.documents.filing.states import FilingState


@leaving("tax_filing", FilingState.WAITING)
def an_invoice_that_the_provider_has_not_confirmed(at):
    invoice = at.filed(time_out_after=1)
    at.clock.forward(minutes=2)
    return lambda: at.shop.invoices.filing(invoice).state, lambda: at.shop.invoices.file(invoice)


@leaving("tax_filing", FilingState.REVIEW)
def an_invoice_that_the_provider_has_refused(at):
    invoice = at.filed(refusals=1)

    def by_hand():
        at.shop.invoices.resolve(invoice, happened=True, reference="by hand")

    return lambda: at.shop.invoices.filing(invoice).state, by_hand
