"""What counts refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalCountTransition(IllegalTransition):
    """The count is in a state that doesn't allow this. Nothing was changed."""

    code: ClassVar[str] = "inventory.illegal_count_transition"
    thing: ClassVar[str] = "count"


@attrs.frozen
class InvalidCount(TokolibError):
    """There is nothing to count, or nobody can stand before it. Nothing was stored."""

    code: ClassVar[str] = "inventory.invalid_count"
    location: str
    why: str

    def __str__(self) -> str:
        return f"no count at {self.location}: {self.why}"

    @property
    def hint(self) -> str:
        return (
            "name at least one SKU, and a state of goods that are here; what is on its way is its transfer's, "
            "and tracked goods are corrected lot by lot: shop.stock.adjust(..., lots=...)"
        )


@attrs.frozen
class NotOnCount(TokolibError):
    """A SKU was counted that the count doesn't name. Nothing was changed."""

    code: ClassVar[str] = "inventory.not_on_count"
    status: ClassVar[int] = 409
    count_id: str
    sku: str = attrs.field(converter=named)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"count {self.count_id} has no {self.sku}; it is of {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        return "count what it names, and open another count for the rest: shop.counts.open"


@attrs.frozen
class AlreadyCounting(TokolibError):
    """One of the SKUs is on another open count of that place, and both would post the same variance.

    Nothing was stored.
    """

    code: ClassVar[str] = "inventory.already_counting"
    status: ClassVar[int] = 409
    sku: str
    location: str
    count_id: str
    """The other count; empty where it was opened at this very moment."""

    def __str__(self) -> str:
        return f"{self.sku} at {self.location} is on {f'count {self.count_id}' if self.count_id else 'another count'}"

    @property
    def hint(self) -> str:
        return "count it there, or end that count first: shop.counts.post or shop.counts.cancel"


@attrs.frozen
class CountIncomplete(TokolibError):
    """Some of its SKUs haven't been counted. Nothing was changed."""

    code: ClassVar[str] = "inventory.count_incomplete"
    status: ClassVar[int] = 409
    count_id: str
    uncounted: tuple[str, ...]

    def __str__(self) -> str:
        return f"count {self.count_id}: not counted yet: {', '.join(self.uncounted)}"

    @property
    def hint(self) -> str:
        return "count them, 0 where there are none; or post the rest alone: shop.counts.post(..., leave_uncounted=True)"


@attrs.frozen
class ApprovalNeeded(TokolibError):
    """Variances above the shop's limit (`Settings.count_limit`) have to be approved first. Nothing was changed."""

    code: ClassVar[str] = "inventory.count_approval_needed"
    status: ClassVar[int] = 409
    count_id: str
    above: tuple[str, ...]
    """The SKUs, without figures: whoever counts is shown none."""

    def __str__(self) -> str:
        return f"count {self.count_id}: the variance is above the limit: {', '.join(self.above)}"

    @property
    def hint(self) -> str:
        return "count them again, or have somebody approve who didn't count: shop.counts.approve"


@attrs.frozen
class ApproverCounted(TokolibError):
    """Whoever counted can't approve the variance. Nothing was changed."""

    code: ClassVar[str] = "inventory.approver_counted"
    status: ClassVar[int] = 403
    count_id: str
    actor: str

    def __str__(self) -> str:
        return f"count {self.count_id}: {self.actor} has counted, and can't approve it"

    @property
    def hint(self) -> str:
        return "another actor has to: shop.acting(Staff(...)).counts.approve"


@attrs.frozen
class CountIsBlind(TokolibError):
    """Whoever counts sees what is expected when the count has ended, and not before."""

    code: ClassVar[str] = "inventory.count_is_blind"
    status: ClassVar[int] = 403
    count_id: str
    actor: str

    def __str__(self) -> str:
        return f"count {self.count_id}: {self.actor} counts it, and is shown no expected figures before it is posted"

    @property
    def hint(self) -> str:
        return "shop.counts.sheet tells what is counted and what isn't; others see the figures"


@attrs.frozen
class HeldFor:
    """How much is held for whom: an order's id, mostly."""

    owner: str
    quantity: Quantity


@attrs.frozen
class TooFew:
    """One SKU of which fewer were counted than are promised: how much is to go, and how much is held for nobody."""

    sku: str
    wanted: Quantity
    free: Quantity
    held_for: tuple[HeldFor, ...]
    """The first twenty."""

    def __str__(self) -> str:
        held = ", ".join(f"{each.quantity} for {each.owner}" for each in self.held_for)
        return f"{self.sku}: {self.wanted} to take away, {self.free} not held; held: {held or 'none'}"


@attrs.frozen
class CountBelowHeld(TokolibError):
    """Posting would leave fewer than are held for orders. Nothing was changed, for none of its SKUs."""

    code: ClassVar[str] = "inventory.count_below_held"
    status: ClassVar[int] = 409
    count_id: str
    location: str
    too_few: tuple[TooFew, ...]

    def __str__(self) -> str:
        return f"count {self.count_id} at {self.location}: " + "; ".join(map(str, self.too_few))

    @property
    def hint(self) -> str:
        return "cancel what can't be delivered (shop.orders.cancel, or of a part), count again if in doubt, then post"
