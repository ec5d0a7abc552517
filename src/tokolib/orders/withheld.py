"""What is kept of a refund, line by line."""

import attrs

from tokolib.kernel.return_fees import FeeTax
from tokolib.orders.shares import TaxShare


@attrs.frozen(kw_only=True)
class Withheld:
    """So much of what was credited for units of a line, in minor units, that isn't given back."""

    kind: str
    """What for: `restocking`, `return_shipping`; its account is `withheld:` and this."""
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

    @property
    def net(self) -> int:
        """The amount without tax."""
        return self.amount - sum(each.amount for each in self.taxes)
