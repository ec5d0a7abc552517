"""The claim: what is wrong with which units, what shows it, and how the shop makes up for it."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.ids import ClaimId, ExchangeId, OrderId, ReturnId
from tokolib.kernel.money import Money
from tokolib.orders.lines import Run
from tokolib.returns.evidence import Evidence


class ClaimState(StrEnum):
    """Where a claim stands."""

    OPENED = "opened"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ClaimKind(StrEnum):
    """What is wrong."""

    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING = "missing"
    NOT_AS_DESCRIBED = "not_as_described"


class ClaimRemedy(StrEnum):
    """How the shop makes up for it."""

    REFUND = "refund"
    """The money back for the units, by their stored shares."""
    REPLACEMENT = "replacement"
    """The same goods, or others, at no cost: held from the first day."""
    ALLOWANCE = "allowance"
    """An amount, while the customer keeps the goods."""


@attrs.frozen
class Recharge:
    """What somebody else owes the shop for it: a note, which moves no money."""

    owed_by: str
    """Such as `courier:jne`, `supplier:acme`."""
    amount: Money
    reference: str
    by: str
    at: datetime


@attrs.frozen
class Claim:
    """Units of one order with which something is wrong."""

    id: ClaimId
    version: int
    order_id: OrderId
    runs: tuple[Run, ...]
    kind: ClaimKind
    remedy: ClaimRemedy
    goods_back: bool
    """Whether the goods are to come back for it."""
    evidence: tuple[Evidence, ...]
    reason: str
    state: ClaimState
    opened_by: str
    opened_at: datetime
    amount: Money | None = None
    """What is allowed, where the remedy is an allowance."""
    exchange_id: ExchangeId | None = None
    """The exchange that holds the replacement, where the remedy is one."""
    return_id: ReturnId | None = None
    """The return by which the units are credited, or come back; none where they are not."""
    decided_by: str = ""
    decided_at: datetime | None = None
    note: str = ""
    """Why it was rejected or withdrawn."""
    recharges: tuple[Recharge, ...] = ()
