"""What fulfilment keeps: shipments."""

from typing import Protocol

from tokolib.fulfilment.model import Shipment
from tokolib.kernel.unit import Port, Repository


class Shipments(Repository[Shipment], Protocol):
    """The shipments of the shop; indexes `by_order` finds those of one order, `by_tracking` by the courier's number."""


SHIPMENTS: Port[Shipments] = Port("shipments")
