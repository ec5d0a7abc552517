"""What reconciling keeps: the rows of settlement reports, each once."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.reconciliation.model import Settlement


class Settlements(Repository[Settlement], Protocol):
    """**Port.** Stored rows; indexes `by_order`, `by_operation` (unique), `by_day` (provider, then the day settled),
    `by_claim` (open claims, by the day that they are due) and `by_standing` (standing, then when it was taken in).
    """


SETTLEMENTS: Port[Settlements] = Port("settlements")
