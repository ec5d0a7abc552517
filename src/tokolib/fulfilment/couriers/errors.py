"""What is refused of courier accounts before they are asked."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class NoSuchCourier(TokolibError):
    """The shop was opened with no courier account of this name; nothing was changed."""

    code: ClassVar[str] = "fulfilment.no_such_courier"
    status: ClassVar[int] = 404
    account: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no courier account {self.account!r}; this shop has {', '.join(self.known) or 'none'}"

    @property
    def hint(self) -> str:
        return "open the shop with it: tokolib.open(url, couriers=[...])"


@attrs.frozen
class NotOffered(TokolibError):
    """The courier account does nothing of the kind, as its capabilities say; nothing was changed."""

    code: ClassVar[str] = "fulfilment.not_offered"
    status: ClassVar[int] = 409
    account: str
    asked: str
    """The port's method."""
    why: str

    def __str__(self) -> str:
        return f"courier account {self.account!r} has no {self.asked}: {self.why}"
