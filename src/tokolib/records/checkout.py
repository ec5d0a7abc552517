"""How quotes are stored."""

from typing import Final

from tokolib.checkout.events import QuoteMade
from tokolib.checkout.model import Quote
from tokolib.records import collections
from tokolib.records.record import Record

QUOTES: Final = Record(
    collection=collections.QUOTES,
    noun="quote",
    cls=Quote,
    evolve=None,
    events=(QuoteMade,),
    row=lambda quote: {"cart_id": quote.cart_id},
)
