"""What documents keep: issued documents, and the series that number them."""

from typing import Protocol

from tokolib.documents.model import Invoice, Series
from tokolib.kernel.unit import Port, Repository


class Invoices(Repository[Invoice], Protocol):
    """Issued documents; index `by_order` finds those of one order, `by_number` one by its printed number."""


class SeriesBook(Repository[Series], Protocol):
    """The number series by id."""


INVOICES: Port[Invoices] = Port("invoices")
SERIES: Port[SeriesBook] = Port("series")
