"""What every chapter is given: the shop, its clock, the payment provider's own world, and the teller."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import attrs

from tokolib.adapters.sqlite import SqliteStorage
from tokolib.cli.demo.teller import Teller
from tokolib.kernel import Address
from tokolib.records.collections import COLLECTIONS
from tokolib.shop import Shop
from tokolib.shop import open as open_shop
from tokolib.testing import FakeGateway, FakeWorld, ManualClock

PKP_SINCE: Final = date(2025, 1, 1)

SITI: Final = Address(
    "Siti Aminah",
    "Jl. Braga 99",
    city="Kota Bandung",
    province="Jawa Barat",
    district="Sumur Bandung",
    postal_code="40111",
    country="ID",
    phone="0812-0000-0001",
)
YAKOBA: Final = Address(
    "Yakoba Wanggai",
    "Jl. Koti 7",
    city="Kota Jayapura",
    province="Papua",
    postal_code="99221",
    country="ID",
)


@attrs.frozen
class Scene:
    """The shop and its surroundings. The clock stands still until the story moves it."""

    shop: Shop
    clock: ManualClock
    gateway: FakeGateway
    tell: Teller

    def now(self) -> str:
        """The instant of the story, as the shop's clock on the wall shows it."""
        return self.tell.instant(self.clock.now())


@contextmanager
def stage(tell: Teller, file: Path) -> Iterator[Scene]:
    """The scene on a fresh *file*; the shop is closed in the end."""
    clock = ManualClock()
    gateway = FakeGateway(FakeWorld(clock))
    storage = SqliteStorage(file, COLLECTIONS)
    with open_shop(storage, country="ID", pkp_since=PKP_SINCE, gateways=[gateway], clock=clock) as shop:
        yield Scene(shop, clock, gateway, tell)


def bundled(name: str) -> str:
    """The text of a file in `data/`.

    All goods are invented. Their GTINs begin with 200, which GS1 leaves to numbers inside one company.
    Source: GS1 General Specifications, release 24.0 (January 2024), section 1.4, prefixes 20 to 29.
    """
    return (files("tokolib.cli.demo") / "data" / name).read_text("utf-8")
