"""The cost ledger of labels: what each is billed, at which account; corrected when the courier bills otherwise.

Each change of a label's price is one posting of two legs: the cost, and what the account is owed. So what a courier
bills in a month can be held against what the shop has bought of it, label by label.
"""

from typing import Final

from tokolib.fulfilment.labels.model import Label
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit

LEDGER: Final = "carriage"
COST: Final = "cost"
PAYABLE: Final = "payable"


def costs(label: Label) -> int:
    """What a label costs by now, in minor units; nothing where nobody knows."""
    known = label.price
    return known.minor_units if label.buying.succeeded and known is not None else 0


def post(unit: Unit, before: Label | None, label: Label) -> None:
    """Post what a change has made a label cost more, or less."""
    change = costs(label) - (0 if before is None else costs(before))
    if change:
        batch = f"{label.id}.{label.version}"
        legs = ((f"{COST}:{label.account}", change), (f"{PAYABLE}:{label.account}", -change))
        unit.post(
            LEDGER,
            [
                Entry(f"{batch}.{n}", batch, account, amount, label.currency.code, "label", label.id, unit.now)
                for n, (account, amount) in enumerate(legs, start=1)
            ],
        )
