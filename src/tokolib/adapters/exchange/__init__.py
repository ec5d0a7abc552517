"""Sources of exchange rates that come with tokolib."""

from tokolib.adapters.exchange.table import AsyncTableExchangeRates, TableExchangeRates

__all__ = ["AsyncTableExchangeRates", "TableExchangeRates"]
