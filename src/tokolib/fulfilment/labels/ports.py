"""What is kept of labels."""

from typing import Protocol

from tokolib.fulfilment.labels.model import Label
from tokolib.kernel.unit import Port, Repository


class Labels(Repository[Label], Protocol):
    """Labels by id; index `by_shipment` finds those of a shipment, `ask` those that a courier is to be asked about."""


LABELS: Port[Labels] = Port("labels")
