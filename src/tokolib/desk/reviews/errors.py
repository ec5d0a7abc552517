"""What the review queue refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class NotDismissible(TokolibError):
    """This can't be put away: it waits for an answer of another kind. Nothing was stored."""

    code: ClassVar[str] = "reviews.not_dismissible"
    status: ClassVar[int] = 409
    item_id: str
    kind: str
    ways: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} can't be put away; its ways out are {', '.join(self.ways)}"


@attrs.frozen
class NotAcceptable(TokolibError):
    """This is no observation that was set aside, so there is nothing to take for true. Nothing was stored."""

    code: ClassVar[str] = "reviews.not_acceptable"
    status: ClassVar[int] = 409
    item_id: str
    kind: str
    ways: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} is nothing to accept; its ways out are {', '.join(self.ways)}"


@attrs.frozen
class DecidedOtherwise(TokolibError):
    """Somebody has decided this before, and otherwise. Nothing was stored."""

    code: ClassVar[str] = "reviews.decided_otherwise"
    status: ClassVar[int] = 409
    item_id: str
    accepted: bool
    by: str
    reason: str

    def __str__(self) -> str:
        how = "accepted" if self.accepted else "put away"
        return f"{self.item_id} was {how} by {self.by}" + (f": {self.reason}" if self.reason else "")

    @property
    def hint(self) -> str:
        return "what moved by it is mended by a refund, or by payments.received, not by deciding again"
