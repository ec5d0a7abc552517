"""What the policies of a shop refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.returns.eligibility import Because, Eligibility


@attrs.frozen
class NotEligible(TokolibError):
    """By the policy that the order was placed under, some units don't come back. Nothing was changed."""

    code: ClassVar[str] = "returns.not_eligible"
    status: ClassVar[int] = 409
    order_id: str
    refused: tuple[Eligibility, ...]

    def __str__(self) -> str:
        return f"order {self.order_id}: " + "; ".join(map(_told, self.refused))

    @property
    def hint(self) -> str:
        return "a member of staff may take them back all the same, and say why: overrule="


def _told(refused: Eligibility) -> str:
    units = refused.run.units
    goods = f"{units} {'unit' if units == 1 else 'units'} of {refused.sku}"
    if refused.because is Because.FINAL_SALE:
        return f"{goods}: final sale (rule {refused.rule})"
    counted = "arrived" if refused.arrived else "ordered, and nobody told that it arrived"
    return f"{goods}: could come back until {refused.until} (rule {refused.rule}; {counted} on {refused.since})"


@attrs.frozen
class OverruledByCustomer(TokolibError):
    """Only the shop can let go of its own policy. Nothing was changed."""

    code: ClassVar[str] = "returns.overruled_by_customer"
    status: ClassVar[int] = 403
    actor: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"{self.actor} can't overrule the shop's return policy"

    @property
    def hint(self) -> str:
        return "leave out overrule=, or let a member of staff ask: shop.acting(Staff(...)).returns.request"
