"""What is kept of a refund, line by line."""

import attrs

from tokolib.kernel.return_fees import FeeTax
from tokolib.orders.clawed import Clawed
from tokolib.orders.shares import TaxShare


@attrs.frozen(kw_only=True)
class Withheld:
    """So much of what was credited for units of a line, in minor units, that isn't given back.

    Of a discount or gift it may be below zero: so much of what was kept before is given back.
    """

    kind: str
    """What for: `restocking`, `return_shipping`, `claw_back`, `gift`; its account is `withheld:` and this."""
    label: str
    """As credit notes print it."""
    line_id: str
    asked: int
    """What the policy asks; less is kept where less would have gone back."""
    amount: int
    """What is kept, tax included."""
    tax: FeeTax
    taxes: tuple[TaxShare, ...] = ()
    """What of the amount is tax, in the order of the line's taxes; empty where it is outside them."""
    promotion_id: str = ""
    """Of a discount or gift the promotion that gave it."""

    @property
    def net(self) -> int:
        """The amount without tax."""
        return self.amount - sum(each.amount for each in self.taxes)


def clawed(had: tuple[Clawed, ...], parts: tuple[Withheld, ...]) -> tuple[Clawed, ...]:
    """What stands for promotions after *parts* were kept, beside what was *had* before; nothing that is even."""
    sums = {(each.kind, each.promotion_id): each for each in had}
    for part in parts:
        if part.promotion_id:
            key = part.kind, part.promotion_id
            before = sums[key].amount if key in sums else 0
            sums[key] = Clawed(part.kind, part.promotion_id, part.label, before + part.amount)
    return tuple(each for each in sums.values() if each.amount)
