"""What fulfilment keeps: shipments."""

from typing import Protocol

from tokolib.fulfilment.model import Shipment
from tokolib.kernel.unit import Port, Repository


class Shipments(Repository[Shipment], Protocol):
    """The shipments of the shop, by id.

    Index `by_order` finds those of one order, `by_tracking` by the courier's number, `by_state` those in a state,
    `by_ask` those that couriers are to be asked about, and `by_wait` those that somebody has to decide about, the
    longest waiting first.
    """


SHIPMENTS: Port[Shipments] = Port("shipments")
