"""How offers are stored."""

from typing import Final

from tokolib.kernel.clock import sortable
from tokolib.orders.offers import events as offers
from tokolib.orders.offers.lifecycle import evolve as evolve_offer
from tokolib.orders.offers.model import Offer
from tokolib.records import collections
from tokolib.records.record import Record

OFFERS: Final = Record(
    collection=collections.OFFERS,
    noun="offer",
    cls=Offer,
    evolve=evolve_offer,
    row=lambda each: {
        "cart_id": each.cart_id,
        "state": each.state.value,
        "until": sortable(each.until) if each.until else "",
    },
    events=(
        offers.OfferDrafted,
        offers.OfferRevised,
        offers.OfferSent,
        offers.OfferAccepted,
        offers.OfferDeclined,
        offers.OfferExpired,
        offers.OfferWithdrawn,
    ),
)
