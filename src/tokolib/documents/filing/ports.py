"""What is kept of filings."""

from typing import Protocol

from tokolib.documents.filing.model import TaxFiling
from tokolib.kernel.unit import Port, Repository


class TaxFilings(Repository[TaxFiling], Protocol):
    """Filings by the id that `filing_id` makes; index `ask` finds those that a provider is to be asked about."""


FILINGS: Port[TaxFilings] = Port("tax_filings")
