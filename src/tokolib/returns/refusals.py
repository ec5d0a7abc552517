"""What the policies of a shop refuse."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.kernel.money import Money
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
class GiftMissing(TokolibError):
    """What stays no longer earns a gift, and by the policy the gift comes back too. Nothing was changed."""

    code: ClassVar[str] = "returns.gift_missing"
    status: ClassVar[int] = 409
    order_id: str
    skus: tuple[str, ...]

    def __str__(self) -> str:
        return f"order {self.order_id}: the goods that stay no longer earn the gift: {', '.join(self.skus)}"

    @property
    def hint(self) -> str:
        return (
            "name the gift among the goods that come back; or a member of staff lets it stay, and says why: overrule="
        )


@attrs.frozen
class OnlyByStaff(TokolibError):
    """A customer can't say this: only the shop can let go of its own policy. Nothing was changed."""

    code: ClassVar[str] = "returns.only_by_staff"
    status: ClassVar[int] = 403
    actor: str = attrs.field(converter=named)
    what: str

    def __str__(self) -> str:
        return f"{self.actor} can't {self.what}"

    @property
    def hint(self) -> str:
        return "let a member of staff say it: shop.acting(Staff(...)).returns"


@attrs.frozen
class ReturnApprovalNeeded(TokolibError):
    """The refund is above the limit (`Settings.return_limit`), and nobody has approved it. Nothing was changed."""

    code: ClassVar[str] = "returns.approval_needed"
    status: ClassVar[int] = 409
    order_id: str
    refund: Money
    limit: Money

    def __str__(self) -> str:
        goods = f"goods of order {self.order_id} that come back"
        return f"a refund of {self.refund} for {goods} is above {self.limit}, and has to be approved"

    @property
    def hint(self) -> str:
        return (
            "request the return if that wasn't done (shop.returns.request), let somebody else than who asked for it "
            "approve it (shop.acting(Staff(...)).returns.approve), then accept it"
        )


@attrs.frozen
class ApproverRequested(TokolibError):
    """Whoever asked for the return can't approve its refund. Nothing was changed."""

    code: ClassVar[str] = "returns.approver_requested"
    status: ClassVar[int] = 403
    return_id: str
    actor: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"return {self.return_id}: {self.actor} has asked for it, and can't approve it"

    @property
    def hint(self) -> str:
        return "another actor has to: shop.acting(Staff(...)).returns.approve"


@attrs.frozen
class OwnProposal(TokolibError):
    """The proposal is of the same side, and only the other one can agree to it. Nothing was changed."""

    code: ClassVar[str] = "returns.own_proposal"
    status: ClassVar[int] = 403
    return_id: str
    actor: str = attrs.field(converter=named)
    side: str

    def __str__(self) -> str:
        return f"return {self.return_id}: {self.actor} can't agree to a proposal of the {self.side}'s own"

    @property
    def hint(self) -> str:
        return "let the other side agree: shop.acting(Customer(...)).returns.agree, or Staff(...) for the shop"


@attrs.frozen
class ProposalOver(TokolibError):
    """The proposal was open until an instant that has passed. Nothing was changed."""

    code: ClassVar[str] = "returns.proposal_over"
    status: ClassVar[int] = 409
    return_id: str
    until: datetime

    def __str__(self) -> str:
        return f"return {self.return_id}: what is proposed was open until {self.until.isoformat()}"

    @property
    def hint(self) -> str:
        return "propose it again: shop.returns.propose"
