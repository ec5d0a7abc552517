"""**Ports.** Where counts are kept."""

from typing import Final, Protocol

from tokolib.inventory.counts.model import Count
from tokolib.kernel.unit import Port, Repository

COUNTER_PREFIX: Final = "counting."
"""The counters that say of each resource whether an open count has it: 1, else 0."""


class Counts(Repository[Count], Protocol):
    """Counts by id; index `by_state` lists those in a state."""


COUNTS: Port[Counts] = Port("counts")
