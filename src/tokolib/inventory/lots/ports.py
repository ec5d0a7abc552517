"""**Ports.** Where lots are kept; how much of each is where is the storage's own."""

from typing import Protocol

from tokolib.inventory.lots.model import Lot
from tokolib.kernel.unit import Port, Repository


class Lots(Repository[Lot], Protocol):
    """Lots by id; index `by_expiry` lists those of a SKU of which some may be here, the first to expire first."""


LOTS: Port[Lots] = Port("lots")
