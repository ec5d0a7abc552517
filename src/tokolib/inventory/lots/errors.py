"""What lots and serials refuse."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, shortened


@attrs.frozen
class InvalidLot(TokolibError):
    """A lot's code is 1 to 60 letters, digits, `.`, `_`, `/` and `-`. Nothing was changed."""

    code: ClassVar[str] = "inventory.invalid_lot"
    lot: str = attrs.field(converter=shortened)

    def __str__(self) -> str:
        return f"{self.lot!r} is no code of a lot or serial: 1 to 60 of A-Z, a-z, 0-9, ., _, / and -"


@attrs.frozen
class AlreadyMoved(TokolibError):
    """How a SKU is tracked is decided before its first movement. Nothing was changed."""

    code: ClassVar[str] = "inventory.already_moved"
    status: ClassVar[int] = 409
    sku: str
    tracked: str

    def __str__(self) -> str:
        return f"stock of {self.sku} has moved, and is tracked by {self.tracked}"

    @property
    def hint(self) -> str:
        return "make a new SKU for the goods that are to be tracked otherwise, and move the stock by writing it off"


@attrs.frozen
class NotTracked(TokolibError):
    """Lots were named of a SKU that has none. Nothing was changed."""

    code: ClassVar[str] = "inventory.not_tracked"
    status: ClassVar[int] = 409
    sku: str

    def __str__(self) -> str:
        return f"{self.sku} is tracked by neither lot nor serial, so no lots of it can be named"

    @property
    def hint(self) -> str:
        return "leave the lots out; before its first movement shop.lots.track(sku, Tracked.LOT) would have it tracked"


@attrs.frozen
class KeysNeeded(TokolibError):
    """Licences come with their keys, and go from their pool. Nothing was changed."""

    code: ClassVar[str] = "inventory.keys_needed"
    status: ClassVar[int] = 409
    sku: str

    def __str__(self) -> str:
        return f"{self.sku} is sold from a pool of licences: each comes with its key, and goes by the pool alone"

    @property
    def hint(self) -> str:
        return (
            f"shop.licences.add({self.sku!r}, keys, key=...) adds them, and "
            "shop.licences.withdraw(licence, reason=...) takes one out"
        )


@attrs.frozen
class LotsNeeded(TokolibError):
    """Nobody said which lots these goods are of, and it follows from nothing. Nothing was changed."""

    code: ClassVar[str] = "inventory.lots_needed"
    status: ClassVar[int] = 409
    sku: str
    tracked: str
    location: str
    wanted: int
    """Steps, negative when they go."""
    known: tuple[str, ...]
    """Lots that it could be, at most twenty."""

    def __str__(self) -> str:
        some = f"; here are {', '.join(self.known)}" if self.known else ""
        return f"{self.sku} at {self.location} is tracked by {self.tracked}, and {self.wanted} steps name none{some}"

    @property
    def hint(self) -> str:
        return (
            "name them with lots=...: on receipt as [LotReceipt(code, quantity, expires_on=...)], elsewhere as "
            "quantities by code; what is counted is corrected by shop.stock.adjust(..., lots=...)"
        )


@attrs.frozen
class LotsDiffer(TokolibError):
    """The lots that were named add up to another quantity. Nothing was changed."""

    code: ClassVar[str] = "inventory.lots_differ"
    sku: str
    wanted: int
    named: int

    def __str__(self) -> str:
        return f"{self.sku}: the named lots are {self.named} steps, the goods {self.wanted}"

    @property
    def hint(self) -> str:
        return "name lots of exactly what moves, each serial as one"


@attrs.frozen
class LotExpired(TokolibError):
    """Goods that have expired are not put where they are sold from. Nothing was changed."""

    code: ClassVar[str] = "inventory.lot_expired"
    sku: str
    lot: str
    expires_on: date
    today: date

    def __str__(self) -> str:
        return f"{self.sku}: lot {self.lot} expired on {self.expires_on}, and today is {self.today}"

    @property
    def hint(self) -> str:
        return "look at the date; what has expired is received with state=StockState.QUALITY or DAMAGED, not for sale"


@attrs.frozen
class UnknownLot(TokolibError):
    """The SKU has no such lot. Nothing was changed."""

    code: ClassVar[str] = "inventory.unknown_lot"
    status: ClassVar[int] = 404
    sku: str
    lot: str = attrs.field(converter=shortened)

    def __str__(self) -> str:
        return f"{self.sku} has no lot {self.lot!r}"

    @property
    def hint(self) -> str:
        return "a lot is made when it is received: shop.stock.receive(..., lots=[LotReceipt(...)])"


@attrs.frozen
class LotShort(TokolibError):
    """There is less of a lot at a place than was named. Nothing was changed."""

    code: ClassVar[str] = "inventory.lot_short"
    status: ClassVar[int] = 409
    sku: str
    lot: str
    location: str
    state: str
    wanted: int
    there: int

    def __str__(self) -> str:
        where = self.location if self.state == "sellable" else f"{self.location}, {self.state}"
        return f"{self.sku}, lot {self.lot} at {where}: {self.wanted} steps wanted, {self.there} there"

    @property
    def hint(self) -> str:
        return "shop.lots.levels(sku) tells which lots are where"


@attrs.frozen
class Unpickable:
    """A lot that is here and may not leave: it expires too soon, or is blocked."""

    lot: str
    steps: int
    expires_on: date | None
    blocked: str
    """Why it is blocked; empty where it isn't."""

    def __str__(self) -> str:
        why = f"blocked: {self.blocked}" if self.blocked else f"expires {self.expires_on}"
        return f"{self.lot} ({self.steps} steps, {why})"


@attrs.frozen
class LotsNotPickable(TokolibError):
    """Too little is here that may leave; the rest expires too soon, or is blocked. Nothing was changed."""

    code: ClassVar[str] = "inventory.lots_not_pickable"
    status: ClassVar[int] = 409
    sku: str
    location: str
    wanted: int
    good: int
    """Steps that may leave."""
    lots: tuple[Unpickable, ...]

    def __str__(self) -> str:
        some = ", ".join(map(str, self.lots))
        return f"{self.sku} at {self.location}: {self.wanted} steps wanted, {self.good} may leave; not: {some}"

    @property
    def hint(self) -> str:
        return (
            "write the expired ones off (shop.stock.write_off(..., lots=...)) or move them out of sale, "
            "and ship what is good, or receive more first"
        )


@attrs.frozen
class LotDiffers(TokolibError):
    """A lot was received before with another expiry date. Nothing was changed."""

    code: ClassVar[str] = "inventory.lot_differs"
    status: ClassVar[int] = 409
    sku: str
    lot: str
    known: date | None
    given: date | None

    def __str__(self) -> str:
        return f"{self.sku}, lot {self.lot}: expires {self.known} by its first receipt, and {self.given} by this one"

    @property
    def hint(self) -> str:
        return "look at the label again; goods of another date are another lot, with a code of its own"


@attrs.frozen
class SerialInHouse(TokolibError):
    """A serial is one thing, and it is here already. Nothing was changed."""

    code: ClassVar[str] = "inventory.serial_in_house"
    status: ClassVar[int] = 409
    sku: str
    serial: str
    where: str
    """Where it is, as `location|key` and its state; empty where more than one of it was named."""

    def __str__(self) -> str:
        why = f"is here already ({self.where})" if self.where else "is one, and more were named"
        return f"{self.sku}: the serial {self.serial} {why}"

    @property
    def hint(self) -> str:
        return "look at the number again; each serial is received as a quantity of one"
