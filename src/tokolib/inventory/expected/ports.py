"""**Ports.** Where expected receipts are kept."""

from typing import Protocol

from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.kernel.unit import Port, Repository


class ExpectedReceipts(Repository[ExpectedReceipt], Protocol):
    """Expected receipts by id; index `by_day` lists those of a SKU at a location that are open, the first to come
    first.
    """


EXPECTED_RECEIPTS: Port[ExpectedReceipts] = Port("expected_receipts")
