"""**Ports.** Where backorders are kept; how much of them is promised are the storage's own holds."""

from typing import Protocol

from tokolib.inventory.backorders.model import Backorder
from tokolib.kernel.unit import Port, Repository


class Backorders(Repository[Backorder], Protocol):
    """The backorders by id `bko_<location>|<key>`; index `by_id` lists them."""


BACKORDERS: Port[Backorders] = Port("backorders")
