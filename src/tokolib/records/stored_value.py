"""How gift cards and grants of store credit are stored; what is left on them are counters."""

from typing import Final

from tokolib.kernel.clock import sortable
from tokolib.kernel.rows import Row
from tokolib.records import collections
from tokolib.records.record import Record
from tokolib.stored_value import events as e
from tokolib.stored_value.lifecycle import evolve_card, evolve_grant
from tokolib.stored_value.model import GiftCard, Grant

_NEVER: Final = "never"
"""What is good for ever comes behind every date."""


def _dated(value: GiftCard | Grant) -> Row:
    return {
        "state": value.state.value,
        "valid_until": _NEVER if value.valid_until is None else sortable(value.valid_until),
    }


GIFT_CARDS: Final = Record(
    collection=collections.GIFT_CARDS,
    noun="gift card",
    cls=GiftCard,
    evolve=evolve_card,
    events=(
        e.GiftCardIssued,
        e.GiftCardBlocked,
        e.GiftCardUnblocked,
        e.GiftCardTakenBack,
        e.GiftCardCodeChanged,
        e.GiftCardExpired,
        e.GiftCardProlonged,
    ),
    row=lambda card: {"digest": card.digest, **_dated(card)},
)

CREDIT_GRANTS: Final = Record(
    collection=collections.CREDIT_GRANTS,
    noun="grant of store credit",
    cls=Grant,
    evolve=evolve_grant,
    events=(e.CreditGranted, e.CreditWithdrawn, e.CreditExpired, e.CreditProlonged),
    row=lambda grant: {"customer": grant.customer, "currency": grant.amount.currency.code, **_dated(grant)},
)
