"""What is kept of return labels."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.returns.labels.model import ReturnLabel


class ReturnLabels(Repository[ReturnLabel], Protocol):
    """Return labels by id; index `by_return` finds those of a return, `ask` those that a courier is asked about."""


RETURN_LABELS: Port[ReturnLabels] = Port("return_labels")
