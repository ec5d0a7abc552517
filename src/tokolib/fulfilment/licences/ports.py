"""What is kept of licences."""

from typing import Protocol

from tokolib.fulfilment.licences.model import Licence
from tokolib.kernel.unit import Port, Repository


class Licences(Repository[Licence], Protocol):
    """Licences by id; index `by_order` finds those that an order has got, `by_sku` those of a SKU in a state."""


LICENCES: Port[Licences] = Port("licences")
