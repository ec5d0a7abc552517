"""A payment provider in memory, with a world of its own and switches for everything that goes wrong.

`FakeGateway` and `AsyncFakeGateway` keep the port `payments.PaymentGateway` over a `FakeWorld`. The world is the
truth that tests compare the books with: at most one charge per key. Nothing here opens a socket or draws luck.
"""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.testing.fake_gateway.awaited import AsyncFakeGateway
    from tokolib.testing.fake_gateway.books import SIGNS, Entry
    from tokolib.testing.fake_gateway.gateway import FakeGateway
    from tokolib.testing.fake_gateway.switches import Switches
    from tokolib.testing.fake_gateway.wording import Delivery
    from tokolib.testing.fake_gateway.world import FakeWorld

__all__ = ["SIGNS", "AsyncFakeGateway", "Delivery", "Entry", "FakeGateway", "FakeWorld", "Switches"]

__getattr__ = exports(
    __name__,
    {
        "AsyncFakeGateway": "awaited",
        "Delivery": "wording",
        "Entry": "books",
        "FakeGateway": "gateway",
        "FakeWorld": "world",
        "SIGNS": "books",
        "Switches": "switches",
    },
)
