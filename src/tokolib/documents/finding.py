"""Finding documents, and what a tax provider was told of them, by whatever somebody has in hand."""

from tokolib.documents.filing.model import TaxFiling, filing_id
from tokolib.documents.filing.ports import FILINGS
from tokolib.documents.model import Invoice
from tokolib.documents.ports import INVOICES
from tokolib.kernel.errors import NotFound
from tokolib.kernel.ids import FilingId
from tokolib.kernel.unit import Unit


async def found(unit: Unit, name: str) -> Invoice:
    """The document of that id or printed number.

    Raises:
        NotFound: there is none.
    """
    if (document := await unit[INVOICES].find(name)) is not None:
        return document
    page = await unit[INVOICES].where("by_number", equals={"number": name}, limit=1)
    if not page.items:
        raise NotFound("invoice", name)
    return page.items[0]


async def filed_under(unit: Unit, name: str) -> FilingId:
    """The id under which a document is filed, if it is: an invoice under its own, a credit note under its invoice's.

    Raises:
        NotFound: no such document.
    """
    document = await found(unit, name)
    return filing_id((await found(unit, document.corrects)).id if document.corrects else document.id)


async def filing_of(unit: Unit, name: str) -> TaxFiling:
    """The filing of a document.

    Raises:
        NotFound: no such document, or nobody is told of it.
    """
    filing = await unit[FILINGS].find(await filed_under(unit, name))
    if filing is None:
        raise NotFound("tax filing of", name)
    return filing
