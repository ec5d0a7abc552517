"""When stock is low: decided from what is available now, so that a missed moment is made good by the next one."""

from tokolib.inventory.events import StockLow, StockRecovered
from tokolib.inventory.model import StockItem


def watch(item: StockItem, location: str, available: int) -> tuple[StockLow | StockRecovered, ...]:
    """What is to be said about *item*, of which *available* steps are left at *location*; mostly nothing."""
    threshold = item.threshold(location)
    if threshold is None or threshold.low == (available < threshold.steps):
        return ()
    said = StockRecovered if threshold.low else StockLow
    return (said(item.sku, location, available, threshold.steps),)
