"""What happens in shops, from the cart to the credit note, told by a client who repeats what got no answer.

Each story is one body for both colours of shop, uses the public doors only, and says at its end what must be true,
whatever failed meanwhile.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import attrs

from tokolib.kernel.hosting import resolved
from tokolib.orders.model import Order, OrderState, PaymentStatus
from tokolib.testing.simulator.abroad import filed_and_refunded, filed_and_void
from tokolib.testing.simulator.agreeing import accepted_offer, edited_for_less, edited_for_more, lapsed_offer
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.furnishing import SKU, STOCK
from tokolib.testing.simulator.selling import (
    cancelled_order,
    captured_at_hand_over,
    card_sale,
    claimed,
    declined_card,
    disputed_card,
    exchanged,
    gift_card_and_card,
    late_payment,
    partial_return,
    released_reservation,
    return_by_steps,
    too_late_payment,
    virtual_account,
)
from tokolib.testing.simulator.supplying import counted, fetched, left_from_elsewhere, promised_and_served, sent_back


@attrs.frozen
class Ending:
    """What is true at the end of a story."""

    state: OrderState
    payment: PaymentStatus
    gone: int
    """Units that have left."""
    held: int
    """Units that are held for orders."""
    paid: int
    """Minor units that the shop has kept of the last order."""
    orders: int = 1


@attrs.frozen
class Story:
    """Something that happens in a shop, and how it ends."""

    name: str
    play: Callable[[Client], Awaitable[Order]]
    """Plays it, and answers the last order."""
    ending: Ending
    signs_all_fields: bool = True
    """Whether the provider's messages are believed, or looked up first."""
    sends_on: bool = False
    """Whether events go out to a broker."""
    files: bool = False
    """Whether the shop has a tax provider."""
    books: bool = False
    """Whether the shop has an account at a courier."""
    is_brief: bool = False
    """Whether short forms of a harness play its single faults in memory alone."""

    async def differences(self, client: Client, order: Order, orders: Sequence[Order]) -> tuple[str, ...]:
        """What ended in another way than it should."""
        with client.plan.quiet():
            level = await resolved(client.shop.stock.level(SKU))
        found = {each.id: each for each in orders}
        last = found[order.id]
        held, gone = level.held.steps, STOCK - level.on_hand.steps
        end = Ending(last.state, last.payment, gone, held, last.paid.minor_units, len(orders))
        named = ((name, getattr(end, name), wanted) for name, wanted in attrs.asdict(self.ending).items())
        return tuple(f"{name} is {one}, not {wanted}" for name, one, wanted in named if one != wanted)


_STATE, _PAYMENT = OrderState, PaymentStatus
STORIES: Final[Mapping[str, Story]] = {
    story.name: story
    for story in (
        Story("card sale", card_sale, Ending(_STATE.COMPLETED, _PAYMENT.PAID, 2, 0, paid=168_000), sends_on=True),
        Story(
            "virtual account",
            virtual_account,
            Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 1, paid=75_000),
            signs_all_fields=False,
        ),
        Story("declined card", declined_card, Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 1, paid=67_500, orders=2)),
        Story("late payment", late_payment, Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 3, paid=225_000)),
        Story("too late payment", too_late_payment, Ending(_STATE.EXPIRED, _PAYMENT.REFUNDED, 20, 0, paid=0)),
        Story(
            "partial return", partial_return, Ending(_STATE.COMPLETED, _PAYMENT.PARTIALLY_REFUNDED, 2, 0, paid=150_000)
        ),
        Story(
            "return by steps",
            return_by_steps,
            Ending(_STATE.COMPLETED, _PAYMENT.PARTIALLY_REFUNDED, 3, 0, paid=150_000),
        ),
        Story("exchange", exchanged, Ending(_STATE.PLACED, _PAYMENT.PAID, 2, 1, paid=225_000)),
        Story("claim", claimed, Ending(_STATE.PLACED, _PAYMENT.PAID, 3, 1, paid=225_000)),
        Story("cancelled order", cancelled_order, Ending(_STATE.CANCELLED, _PAYMENT.REFUNDED, 0, 0, paid=0)),
        Story(
            "captured at hand-over", captured_at_hand_over, Ending(_STATE.COMPLETED, _PAYMENT.PAID, 3, 0, paid=225_000)
        ),
        Story("released reservation", released_reservation, Ending(_STATE.CANCELLED, _PAYMENT.VOIDED, 0, 0, paid=0)),
        Story("gift card and card", gift_card_and_card, Ending(_STATE.CANCELLED, _PAYMENT.REFUNDED, 0, 0, paid=0)),
        Story(
            "filed and refunded",
            filed_and_refunded,
            Ending(_STATE.COMPLETED, _PAYMENT.PARTIALLY_REFUNDED, 2, 0, paid=168_000),
            files=True,
        ),
        Story("filed and void", filed_and_void, Ending(_STATE.CANCELLED, _PAYMENT.REFUNDED, 0, 0, paid=0), files=True),
        Story(
            "promised and served",
            promised_and_served,
            Ending(_STATE.COMPLETED, _PAYMENT.PAID, 18, 0, paid=150_000),
            is_brief=True,
        ),
        Story(
            "left from elsewhere",
            left_from_elsewhere,
            Ending(_STATE.COMPLETED, _PAYMENT.PAID, 0, 0, paid=150_000),
            is_brief=True,
        ),
        Story("counted", counted, Ending(_STATE.PLACED, _PAYMENT.PAID, 1, 2, paid=150_000), is_brief=True),
        Story("fetched", fetched, Ending(_STATE.PLACED, _PAYMENT.PAID, 1, 0, paid=93_000), books=True, is_brief=True),
        Story(
            "sent back",
            sent_back,
            Ending(_STATE.COMPLETED, _PAYMENT.PARTIALLY_REFUNDED, 1, 0, paid=75_000),
            books=True,
            is_brief=True,
        ),
        Story(
            "edited for more", edited_for_more, Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 2, paid=150_000), is_brief=True
        ),
        Story(
            "edited for less",
            edited_for_less,
            Ending(_STATE.PLACED, _PAYMENT.PARTIALLY_REFUNDED, 0, 2, paid=150_000),
            is_brief=True,
        ),
        Story(
            "accepted offer", accepted_offer, Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 2, paid=150_000), is_brief=True
        ),
        Story("lapsed offer", lapsed_offer, Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 19, paid=1_425_000), is_brief=True),
        Story("disputed card", disputed_card, Ending(_STATE.COMPLETED, _PAYMENT.PAID, 1, 0, paid=75_000)),
    )
}
"""Every story, by its name."""
