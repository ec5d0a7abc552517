"""What a row was found to be, and what is asked of the rows before it."""

from typing import Final

import attrs

from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit, every
from tokolib.reconciliation.difference import Difference
from tokolib.reconciliation.items import Why
from tokolib.reconciliation.model import Settlement
from tokolib.reconciliation.ports import SETTLEMENTS

OTHER_CURRENCY: Final = "effects.other_currency"
OTHER_AMOUNT: Final = "effects.other_amount"


@attrs.frozen
class Found:
    """What a row was found to be: where it is to be posted, or why it can't."""

    why: str = ""
    order_id: OrderId | None = None
    operation_id: str | None = None
    provider: str = ""
    learned: bool = False
    short: Money | None = None
    shipment_id: str = ""
    difference: Difference | None = None
    claim: Settlement | None = None
    """The row whose claim it makes up for."""


def reason_of(said: str) -> str:
    """What the desk said against an observation, in the words of a reconciliation where it has one."""
    own = {OTHER_CURRENCY: Why.OTHER_CURRENCY, OTHER_AMOUNT: Why.OTHER_AMOUNT}
    return own.get(said, said) or Why.MISSING_IN_BOOKS


async def rows_of(unit: Unit, order_id: str) -> tuple[Settlement, ...]:
    """The rows that are about an order."""
    return await every(unit[SETTLEMENTS], "by_order", {"order_id": order_id})


async def settled_by(unit: Unit, order_id: str) -> frozenset[str]:
    """The operations of an order that rows have settled."""
    return frozenset(each.operation_id for each in await rows_of(unit, order_id) if each.operation_id)
