"""What orders refuse where somebody names units of them."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class UnknownLine(TokolibError):
    """The order has no such line or SKU."""

    code: ClassVar[str] = "orders.unknown_line"
    status: ClassVar[int] = 404
    order_id: str
    wanted: str
    known: tuple[str, ...]
    bundle: str = ""
    """The bundle in the order that the wanted SKU is a part of, if it is one."""
    parts: tuple[str, ...] = ()
    """What that bundle is made of."""

    def __str__(self) -> str:
        return f"order {self.order_id} has no line {self.wanted[:40]!r}; it has {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        if self.bundle:
            return f"{self.bundle} is shipped and returned whole; its parts are {', '.join(self.parts)}"
        return "name a SKU that the order has, or the id of one of its lines"


@attrs.frozen
class NamedTwice(TokolibError):
    """Two names mean one line of the order: nobody can say whether both count. Nothing was changed."""

    code: ClassVar[str] = "orders.named_twice"
    order_id: str
    sku: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        names = " and ".join(repr(name[:40]) for name in self.names)
        return f"order {self.order_id}: {names} mean one line of {self.sku}"

    @property
    def hint(self) -> str:
        return "name each line once: by its SKU, or by its id"


@attrs.frozen
class NothingToCarry(TokolibError):
    """Goods that have no body were to be sent; nothing was changed."""

    code: ClassVar[str] = "orders.nothing_to_carry"
    status: ClassVar[int] = 409
    order_id: str
    sku: str

    def __str__(self) -> str:
        return f"{self.sku} of order {self.order_id} is digital: nobody carries it"

    @property
    def hint(self) -> str:
        return f"shop.licences.grant({self.order_id!r}), or shop.tick(), grants it; name the other goods here"


@attrs.frozen
class TooManyUnits(TokolibError):
    """More units were named than there are to ship or to take back; nothing was changed."""

    code: ClassVar[str] = "orders.too_many_units"
    status: ClassVar[int] = 409
    order_id: str
    sku: str
    wanted: str
    possible: str

    def __str__(self) -> str:
        return f"order {self.order_id}: {self.wanted} of {self.sku} named, {self.possible} possible"

    @property
    def hint(self) -> str:
        return (
            "what is open can ship, what the customer has can come back: see shop.orders.get(order).lines; "
            "what came in already is accepted with its own return: shop.returns.of(order)"
        )


@attrs.frozen
class NothingToCancel(TokolibError):
    """No unit was named that is still to leave; nothing was changed."""

    code: ClassVar[str] = "orders.nothing_to_cancel"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id}: no unit was named that is still to leave"

    @property
    def hint(self) -> str:
        return "name at least one open unit: shop.orders.get(order).lines tell which are open"


@attrs.frozen
class StillAwaited(TokolibError):
    """Units were named that are promised, and for which no stock has come. Nothing was changed."""

    code: ClassVar[str] = "orders.still_awaited"
    status: ClassVar[int] = 409
    order_id: str
    sku: str
    wanted: str
    there: str
    on: date
    """The day for which the first of the others is promised."""

    def __str__(self) -> str:
        return f"order {self.order_id}: {self.wanted} of {self.sku} are wanted, {self.there} are there"

    @property
    def hint(self) -> str:
        return f"the next are promised for {self.on}; when stock has come, orders.allocate() gives it to those who wait"


@attrs.frozen
class NotRelocatable(TokolibError):
    """Nothing of the order can be made to leave from there. Nothing was changed."""

    code: ClassVar[str] = "orders.not_relocatable"
    status: ClassVar[int] = 409
    order_id: str
    location: str
    why: str

    def __str__(self) -> str:
        return f"order {self.order_id} can't leave from {self.location}: {self.why}"

    @property
    def hint(self) -> str:
        return "cancel the shipments that claim its units first; a transfer moves goods between places (shop.transfers)"
