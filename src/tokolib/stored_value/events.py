"""What happens to gift cards and grants. What is paid with them is told by the books and the orders' payments."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.ids import CustomerId, GiftCardId, GrantId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.personal import PERSONAL


@attrs.frozen(kw_only=True)
class GiftCardIssued(Event):
    """A gift card was sold or given away."""

    topic: ClassVar[str] = "stored_value.gift_card_issued"
    card_id: GiftCardId
    digest: str
    ending: str
    amount: Money
    valid_until: datetime | None
    at: datetime
    order_id: OrderId | None
    reason: str


@attrs.frozen
class GiftCardBlocked(Event):
    """It pays nothing until it is unblocked."""

    topic: ClassVar[str] = "stored_value.gift_card_blocked"
    reason: str


@attrs.frozen
class GiftCardUnblocked(Event):
    """It pays again."""

    topic: ClassVar[str] = "stored_value.gift_card_unblocked"
    reason: str


@attrs.frozen
class GiftCardTakenBack(Event):
    """The order that bought it was cancelled, or its line came back; all that it was issued with was on it."""

    topic: ClassVar[str] = "stored_value.gift_card_taken_back"
    reason: str
    at: datetime


@attrs.frozen
class GiftCardCodeChanged(Event):
    """It has another code; the one before is nobody's."""

    topic: ClassVar[str] = "stored_value.gift_card_code_changed"
    digest: str
    ending: str
    reason: str


@attrs.frozen
class GiftCardExpired(Event):
    """Its date came; *amount* was left on it."""

    topic: ClassVar[str] = "stored_value.gift_card_expired"
    amount: Money
    at: datetime


@attrs.frozen
class GiftCardProlonged(Event):
    """Money came back to it, so it is good until a later date; one that had expired pays again."""

    topic: ClassVar[str] = "stored_value.gift_card_prolonged"
    valid_until: datetime


@attrs.frozen(kw_only=True)
class CreditGranted(Event):
    """A customer was given store credit."""

    topic: ClassVar[str] = "stored_value.credit_granted"
    grant_id: GrantId
    customer: CustomerId = attrs.field(metadata=PERSONAL)
    amount: Money
    valid_until: datetime | None
    at: datetime
    reason: str


@attrs.frozen
class CreditWithdrawn(Event):
    """*amount* of it was taken back by the shop."""

    topic: ClassVar[str] = "stored_value.credit_withdrawn"
    amount: Money
    reason: str


@attrs.frozen
class CreditExpired(Event):
    """Its date came; *amount* was left of it."""

    topic: ClassVar[str] = "stored_value.credit_expired"
    amount: Money
    at: datetime


@attrs.frozen
class CreditProlonged(Event):
    """Money came back to it, so it is good until a later date; one that had expired pays again."""

    topic: ClassVar[str] = "stored_value.credit_prolonged"
    valid_until: datetime
