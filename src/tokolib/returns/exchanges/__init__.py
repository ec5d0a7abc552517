"""Exchanges: goods come back, others take their place in the same order, and only the difference in money moves."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.exchanges.errors import IllegalExchangeTransition, NothingReplaced
    from tokolib.returns.exchanges.model import Exchange, ExchangeState

__all__ = ["Exchange", "ExchangeState", "IllegalExchangeTransition", "NothingReplaced"]

__getattr__ = exports(
    __name__,
    {"Exchange": "model", "ExchangeState": "model", "IllegalExchangeTransition": "errors", "NothingReplaced": "errors"},
)
