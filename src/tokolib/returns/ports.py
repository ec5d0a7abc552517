"""What returns keep."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.returns.model import Return


class Returns(Repository[Return], Protocol):
    """The returns of the shop; index `by_order` finds those of one order, `by_unused` those of unused labels."""


RETURNS: Port[Returns] = Port("returns")
