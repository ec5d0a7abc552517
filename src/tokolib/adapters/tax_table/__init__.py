"""Tax by a table that the shop loads itself: rates of states, counties, cities and districts, each dated and sourced.

`read_tax_rates` makes a `TaxTable` of CSV, and `TableTaxProvider` answers from it, offline, as a `TaxProvider`.
"""

from tokolib.adapters.tax_table.provider import TableTaxProvider
from tokolib.adapters.tax_table.rates import Level, TaxRate, TaxTable
from tokolib.adapters.tax_table.rows import read_tax_rates

__all__ = ["Level", "TableTaxProvider", "TaxRate", "TaxTable", "read_tax_rates"]
