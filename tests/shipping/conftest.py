"""A shop of which only delivery is open, on the memory storage."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def work():
    """The wiring of a new shop."""
    import tokolib
    from tokolib.testing import ManualClock, SeededIds

    shop = tokolib.open(
        "memory://", country="ID", clock=ManualClock(datetime(2026, 1, 31, 5, tzinfo=UTC)), ids=SeededIds()
    )
    return shop._work


@pytest.fixture
def delivery(work):
    """The door `delivery`."""
    from tokolib.shipping.service import DeliveryService

    return DeliveryService(work, blocking=True)
