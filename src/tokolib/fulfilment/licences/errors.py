"""What licences refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalLicenceTransition(IllegalTransition):
    """The licence is in a state that doesn't allow this. Nothing was changed."""

    code: ClassVar[str] = "fulfilment.illegal_licence_transition"
    thing: ClassVar[str] = "licence"


@attrs.frozen
class NotDigital(TokolibError):
    """There are no licences of goods that have a body; nothing was stored."""

    code: ClassVar[str] = "fulfilment.not_digital"
    status: ClassVar[int] = 409
    sku: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"{self.sku} is no digital good, so there are no licences of it"

    @property
    def hint(self) -> str:
        return f"shop.catalog.put({self.sku!r}, name, digital=True) makes it one; goods are received by shop.stock"


@attrs.frozen
class KeysKnown(TokolibError):
    """Some of the keys are in the pool already, or are there twice; none of them was stored."""

    code: ClassVar[str] = "fulfilment.keys_known"
    status: ClassVar[int] = 409
    sku: str
    positions: tuple[int, ...]
    """Which ones, counted from 1, at most twenty of them. The keys themselves are told to nobody."""
    count: int

    def __str__(self) -> str:
        places = ", ".join(map(str, self.positions))
        return f"{self.count} keys of {self.sku} are there already or named twice: number {places}"

    @property
    def hint(self) -> str:
        return "leave them out; with key= the same delivery may be sent again"


@attrs.frozen
class NoSealer(TokolibError):
    """The shop was opened with nothing that seals keys; nothing was stored, and nothing was told."""

    code: ClassVar[str] = "fulfilment.no_sealer"
    status: ClassVar[int] = 409
    asked: str

    def __str__(self) -> str:
        return f"{self.asked} needs something that seals keys, since no storage is to have them in clear"

    @property
    def hint(self) -> str:
        return "open the shop with it: tokolib.open(url, sealer=...)"


@attrs.frozen
class SealBroken(TokolibError):
    """The key can't be read: it was sealed by another secret, or altered. That it was asked for is on record."""

    code: ClassVar[str] = "fulfilment.seal_broken"
    status: ClassVar[int] = 500
    licence: str

    def __str__(self) -> str:
        return f"the key of licence {self.licence} can't be unsealed"

    @property
    def hint(self) -> str:
        return "open the shop with the sealer that it was added by, or grant another one: licences.replace(licence)"
