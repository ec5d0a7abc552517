"""What was agreed about money that is not exactly what is due: the shop's choices, as they were when it was ordered."""

from typing import Final

import attrs

from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import CreditRefund, DuplicatePayment, LatePayment, Overpayment, Policies, Underpayment
from tokolib.kernel.settings import Settings
from tokolib.kernel.tolerance import allowed


@attrs.frozen(kw_only=True)
class Terms:
    """The choices and tolerances that hold for one payment, for good. Without any, every rupiah goes back or is due."""

    short: int = 0
    """The most of what is missing that is written off, in minor units."""
    over: int = 0
    """The most of what is too much that the shop keeps, in minor units."""
    underpayment: Underpayment = Underpayment.TOP_UP
    overpayment: Overpayment = Overpayment.REFUND
    duplicate_payment: DuplicatePayment = DuplicatePayment.REFUND
    late_payment: LatePayment = LatePayment.REINSTATE
    credit_refund: CreditRefund = CreditRefund.AS_ASKED
    has_customer: bool = False
    """Whether there is somebody to have store credit; what would be a guest's goes back instead."""

    @property
    def credits_part(self) -> bool:
        """Whether a part payment becomes store credit when its order's time is over."""
        return self.has_customer and self.underpayment is Underpayment.TOP_UP_OR_CREDIT

    @property
    def credits_surplus(self) -> bool:
        """Whether what is too much becomes store credit."""
        return self.has_customer and self.overpayment is Overpayment.CREDIT

    @property
    def credits_duplicate(self) -> bool:
        """Whether a payment that was made twice becomes store credit."""
        return self.has_customer and self.duplicate_payment is DuplicatePayment.CREDIT

    @property
    def credits_late(self) -> bool:
        """Whether money that comes after the order has expired becomes store credit."""
        return self.has_customer and self.late_payment is LatePayment.CREDIT

    @property
    def falls_back(self) -> bool:
        """Whether store credit was chosen somewhere, and there is nobody to have it."""
        chosen = (
            self.underpayment is Underpayment.TOP_UP_OR_CREDIT,
            self.overpayment is Overpayment.CREDIT,
            self.duplicate_payment is DuplicatePayment.CREDIT,
            self.late_payment is LatePayment.CREDIT,
        )
        return not self.has_customer and any(chosen)


NONE: Final = Terms()
"""Every rupiah goes back or is due."""


def terms_of(settings: Settings, policies: Policies, total: Money, customer: CustomerId | None) -> Terms:
    """The terms of an order over *total* that is made now, under its *policies* and the tolerances of *settings*."""
    return Terms(
        short=allowed(settings.short_tolerance, total),
        over=allowed(settings.over_tolerance, total),
        underpayment=policies.underpayment,
        overpayment=policies.overpayment,
        duplicate_payment=policies.duplicate_payment,
        late_payment=policies.late_payment,
        credit_refund=policies.credit_refund,
        has_customer=customer is not None,
    )
