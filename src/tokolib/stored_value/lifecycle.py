"""The lives of gift cards and grants as tables, and the functions that make them from their events."""

from typing import Any, Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led
from tokolib.stored_value import events as e
from tokolib.stored_value.errors import IllegalGiftCardTransition
from tokolib.stored_value.model import GiftCard, GiftCardState, Grant, GrantState

C, G = GiftCardState, GrantState

_GIVEN_BACK: Final = (
    "orders.cancel",
    "payments.refund",
    "returns.accept",
    "exchanges.complete",
    "claims.approve",
    "tick",
)
"""What may bring money back to a card or a grant, whose date is then later."""

_UNDONE: Final = ("orders.cancel", "returns.accept", "exchanges.complete", "claims.approve")
"""What takes a card back that an order has bought."""

GIFT_CARD: Final = Machine(
    name="gift_card",
    about="What somebody paid, or was given, to pay with later by a code.",
    states={
        C.ACTIVE: "it pays until its date",
        C.BLOCKED: "it pays nothing, and keeps what is on it",
        C.EXPIRED: "its date has come, and what was on it is the shop's; money that comes back opens it again",
        C.TAKEN_BACK: "the order that bought it was undone, and nothing is on it",
    },
    begins={e.GiftCardIssued: (C.ACTIVE,)},
    begun_by=("gift_cards.issue", "gift_cards.sell", "gift_cards.sell_in"),
    edges={
        C.ACTIVE: {
            e.GiftCardBlocked: Edge(C.BLOCKED, ("gift_cards.block",)),
            e.GiftCardExpired: Edge(C.EXPIRED, ("tick",)),
            e.GiftCardTakenBack: Edge(C.TAKEN_BACK, entailed_by=_UNDONE),
            e.GiftCardProlonged: Edge(C.ACTIVE, entailed_by=_GIVEN_BACK),
            e.GiftCardCodeChanged: Edge(C.ACTIVE, ("gift_cards.new_code",)),
        },
        C.BLOCKED: {
            e.GiftCardUnblocked: Edge(C.ACTIVE, ("gift_cards.unblock",)),
            e.GiftCardTakenBack: Edge(C.TAKEN_BACK, entailed_by=_UNDONE),
            e.GiftCardProlonged: Edge(C.BLOCKED, entailed_by=_GIVEN_BACK),
            e.GiftCardCodeChanged: Edge(C.BLOCKED, ("gift_cards.new_code",)),
        },
        C.EXPIRED: {e.GiftCardProlonged: Edge(C.ACTIVE, entailed_by=_GIVEN_BACK)},
        C.TAKEN_BACK: {},
    },
    ends=frozenset({C.EXPIRED, C.TAKEN_BACK}),
)
"""The life of a gift card."""

CREDIT_GRANT: Final = Machine(
    name="credit_grant",
    about="Store credit that a customer was given once.",
    states={
        G.ACTIVE: "it pays until its date",
        G.EXPIRED: "its date has come, and what was left of it is the shop's; money that comes back opens it again",
    },
    begins={e.CreditGranted: (G.ACTIVE,)},
    begun_by=("store_credit.grant", "payments.refund", "returns.accept", "exchanges.complete", "claims.approve"),
    edges={
        G.ACTIVE: {
            e.CreditWithdrawn: Edge(G.ACTIVE, ("store_credit.withdraw",)),
            e.CreditExpired: Edge(G.EXPIRED, ("tick",)),
            e.CreditProlonged: Edge(G.ACTIVE, entailed_by=_GIVEN_BACK),
        },
        G.EXPIRED: {e.CreditProlonged: Edge(G.ACTIVE, entailed_by=_GIVEN_BACK)},
    },
    ends=frozenset({G.ACTIVE, G.EXPIRED}),  # one without a date may rest for ever
)
"""The life of a grant."""


def check(card: GiftCard, kind: type[Event]) -> None:
    """Pass when the card's state allows an event of this kind.

    Raises:
        IllegalGiftCardTransition: it doesn't. Nothing was changed.
    """
    _target(card, kind)


def _target(card: GiftCard, kind: type[Event]) -> GiftCardState:
    return led(GIFT_CARD, IllegalGiftCardTransition, card, card.state, kind)


def evolve_card(state: GiftCard | None, event: Event) -> GiftCard:
    """The gift card after *event*.

    Raises:
        IllegalGiftCardTransition: the table does not allow it.
    """
    if state is None:
        return _issued(event)
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_card_changes(event))


def _issued(event: Event) -> GiftCard:
    if not isinstance(event, e.GiftCardIssued):
        raise TypeError(f"a gift card begins with GiftCardIssued, not {type(event).__name__}")
    return GiftCard(
        id=event.card_id,
        version=1,
        digest=event.digest,
        ending=event.ending,
        amount=event.amount,
        valid_until=event.valid_until,
        state=C.ACTIVE,
        issued_at=event.at,
        order_id=event.order_id,
        reason=event.reason,
    )


def _card_changes(event: Event) -> dict[str, Any]:
    match event:
        case e.GiftCardBlocked() | e.GiftCardUnblocked() | e.GiftCardTakenBack():
            return {"reason": event.reason}
        case e.GiftCardCodeChanged(digest=digest, ending=ending):
            return {"digest": digest, "ending": ending}
        case e.GiftCardProlonged(valid_until=until):
            return {"valid_until": until}
        case _:
            return {}


def evolve_grant(state: Grant | None, event: Event) -> Grant:
    """The grant after *event*."""
    if state is None:
        return _granted(event)
    if (target := CREDIT_GRANT.target(state.state, type(event))) is None:
        raise TypeError(f"a grant that is {state.state} doesn't know {type(event).__name__}")
    later = {"valid_until": event.valid_until} if isinstance(event, e.CreditProlonged) else {}
    return changed(state, version=state.version + 1, state=target, **later)


def _granted(event: Event) -> Grant:
    if not isinstance(event, e.CreditGranted):
        raise TypeError(f"a grant begins with CreditGranted, not {type(event).__name__}")
    return Grant(
        id=event.grant_id,
        version=1,
        customer=event.customer,
        amount=event.amount,
        valid_until=event.valid_until,
        state=G.ACTIVE,
        granted_at=event.at,
        reason=event.reason,
    )
