"""The books of stored value: each movement is one posting of two legs whose sum is zero, in the ledger `money`.

A positive amount is a debit, a negative one a credit. `gift_card:…` and `store_credit:…` are what the shop owes. What
is paid with them passes through `money:gift_card` and `money:store_credit`, to which the order posts the other half:
both stand at zero whenever nothing is under way, which is always, since both halves are one transaction.
"""

from enum import StrEnum
from typing import Final

from tokolib.kernel.money import Money
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit
from tokolib.stored_value.model import Value

LEDGER: Final = "money"
GIVEN: Final = "stored_value_given"
"""The expense of what is given away."""
BREAKAGE: Final = "breakage"
"""The income of what nobody used in time."""
SALES: Final = "sales"
"""Where an order has booked what it took for a gift card; selling one is no sale yet, but a debt."""


class Cause(StrEnum):
    """Why what is owed changes; the first part of the entry's kind is the room."""

    ISSUED = "stored_value.issued"
    SOLD = "stored_value.sold"
    GRANTED = "stored_value.granted"
    REDEEMED = "stored_value.redeemed"
    RETURNED = "stored_value.returned"
    WITHDRAWN = "stored_value.withdrawn"
    EXPIRED = "stored_value.expired"
    TAKEN_BACK = "stored_value.taken_back"
    """Off a card whose order was undone: what was its debt is a sale again, which the order takes back."""
    FORFEITED = "stored_value.forfeited"
    """Money that came back to what has expired, where the policy lets it."""

    @property
    def word(self) -> str:
        """Without the room."""
        return self.value.partition(".")[2]


def post(unit: Unit, value: Value, kind: Cause, debit: str, credit: str, amount: Money, *, batch: str = "") -> None:
    """Enter *amount* from the account *credit* to *debit*; *batch* is the payment's operation, where there is one."""
    batch = batch or unit.new_id("mov")
    legs = ((debit, amount.minor_units), (credit, -amount.minor_units))
    unit.post(
        LEDGER,
        [
            Entry(f"{batch}.{n}", batch, account, change, amount.currency.code, kind.value, value.id, unit.now)
            for n, (account, change) in enumerate(legs, start=1)
        ],
    )


def clearing(provider: str) -> str:
    """The account that payments by *provider* pass through."""
    return f"money:{provider}"
