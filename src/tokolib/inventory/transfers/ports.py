"""**Ports.** Where transfers are kept."""

from typing import Protocol

from tokolib.inventory.transfers.model import Transfer
from tokolib.kernel.unit import Port, Repository


class Transfers(Repository[Transfer], Protocol):
    """Transfers by id; index `by_state` lists those in a state."""


TRANSFERS: Port[Transfers] = Port("transfers")
