"""What exchanges keep."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.returns.exchanges.model import Exchange


class Exchanges(Repository[Exchange], Protocol):
    """The exchanges of the shop; index `by_order` finds those of one order, `lapses` the open ones by their term."""


EXCHANGES: Port[Exchanges] = Port("exchanges")
