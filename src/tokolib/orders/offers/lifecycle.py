"""The life of an offer as a table."""

from typing import Any, Final

import attrs

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led, unbegun
from tokolib.orders.offers import events as e
from tokolib.orders.offers.errors import IllegalOfferTransition
from tokolib.orders.offers.model import Offer, OfferState

S = OfferState

OFFER: Final = Machine(
    name="offer",
    about="What staff promises a customer out of a cart, version by version, until it is answered.",
    states={
        S.DRAFT: "its newest version was not sent, and none that was stands",
        S.SENT: "the last version that was sent is promised, and waits for an answer",
        S.ACCEPTED: "an order was made of it; should its payment be declined, it can be accepted again",
        S.DECLINED: "the customer doesn't want it as it is; a new version may be",
        S.EXPIRED: "nobody answered in time; a new version may be sent",
        S.WITHDRAWN: "the shop offers it no longer",
    },
    begins={e.OfferDrafted: (S.DRAFT,)},
    begun_by=("offers.draft",),
    edges={
        S.DRAFT: {
            e.OfferRevised: Edge(S.DRAFT, ("offers.revise",)),
            e.OfferSent: Edge(S.SENT, ("offers.send",)),
            e.OfferWithdrawn: Edge(S.WITHDRAWN, ("offers.withdraw",)),
        },
        S.SENT: {
            e.OfferRevised: Edge(S.SENT, ("offers.revise",)),
            e.OfferSent: Edge(S.SENT, ("offers.send",)),
            e.OfferAccepted: Edge(S.ACCEPTED, ("offers.accept",)),
            e.OfferDeclined: Edge(S.DECLINED, ("offers.decline",)),
            e.OfferExpired: Edge(S.EXPIRED, ("tick",)),
            e.OfferWithdrawn: Edge(S.WITHDRAWN, ("offers.withdraw",)),
        },
        S.ACCEPTED: {e.OfferAccepted: Edge(S.ACCEPTED, ("offers.accept",))},
        S.DECLINED: {e.OfferRevised: Edge(S.DRAFT, ("offers.revise",))},
        S.EXPIRED: {e.OfferRevised: Edge(S.DRAFT, ("offers.revise",))},
        S.WITHDRAWN: {},
    },
    ends=frozenset({S.ACCEPTED, S.DECLINED, S.EXPIRED, S.WITHDRAWN}),
)
"""The life of an offer."""


def check(offer: Offer, kind: type[Event]) -> None:
    """Pass when the offer's state allows an event of this kind.

    Raises:
        IllegalOfferTransition: it doesn't. Nothing was changed.
    """
    _target(offer, kind)


def _target(offer: Offer, kind: type[Event]) -> OfferState:
    return led(OFFER, IllegalOfferTransition, offer, offer.state, kind)


def evolve(state: Offer | None, event: Event) -> Offer:
    """The offer after *event*.

    Raises:
        IllegalOfferTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.OfferDrafted):
        return event.offer
    if state is None:
        raise unbegun(OFFER, IllegalOfferTransition, type(event))
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(state, event))


def _changes(offer: Offer, event: Event) -> dict[str, Any]:
    match event:
        case e.OfferRevised(written=written):
            return {"versions": (*offer.versions, written), "reason": ""}
        case e.OfferSent(to=to, until=until, holds=holds, at=at):
            sent = attrs.evolve(offer.newest, sent_at=at, to=to, until=until, holds=holds)
            return {"versions": (*offer.versions[:-1], sent)}
        case e.OfferAccepted(order_id=order_id):
            return {"order_id": order_id}
        case e.OfferDeclined(reason=reason) | e.OfferWithdrawn(reason=reason):
            return {"reason": reason}
        case _:
            return {}
