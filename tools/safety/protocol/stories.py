"""The stories that bugs are hunted in: those of the crash points, and some in which others come in between.

Each ends as it should whatever a client, a provider or a second runner does at the wrong moment.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, cast

import attrs

from tokolib.checkout.basket import Basket
from tokolib.effects.model import Observation
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.orders.model import Order, OrderState, PaymentStatus
from tokolib.payments.errors import ChargeInProgress
from tokolib.payments.ports import LookUp, PaymentGateway, Webhook
from tokolib.stored_value.errors import InsufficientBalance
from tokolib.stored_value.model import FromGiftCard
from tokolib.testing import FakeGateway, Style
from tokolib.testing.simulator import stories
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.furnishing import PRICE, SKU
from tokolib.testing.simulator.stories import Ending, Story

OURS: Final = "fake"
Meanwhile = Callable[[], object]


@attrs.frozen
class Disturbed(FakeGateway):
    """A gateway that tells in each message whose account it is about, and lets others act while it looks things up."""

    meanwhile: list[Meanwhile] = attrs.field(factory=list)
    """What happens at the end of the next look-ups, the last one first."""

    def query(self, look_up: LookUp) -> tuple[Observation, ...]:
        """What the world knows; and before that is told, others act."""
        try:
            return FakeGateway.query(self, look_up)
        finally:
            if self.meanwhile:
                self.meanwhile.pop()()

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Webhook:
        """What a message says, of the account that it names."""
        webhook = FakeGateway.parse_webhook(self, headers, body)
        account = str(json.loads(body).get("account", OURS))
        told = tuple(attrs.evolve(each, provider=account) for each in webhook.observations)
        return attrs.evolve(webhook, observations=told)


@attrs.define(eq=False)
class Customer(Client):
    """A client of a shop whose gateway has a style, and may be disturbed."""

    style: Style = Style.KEY
    meanwhile: list[Meanwhile] = attrs.field(factory=list)

    async def begin(self) -> None:
        """The first process."""
        self.world.dedupe, self.world.lookup_lag = self.style.dedupe, self.style.lag
        await Client.begin(self)

    def gateway(self) -> PaymentGateway:
        """The adapter, new for each process."""
        return Disturbed(self.world, webhook_signs_all_fields=self.signs_all_fields, meanwhile=self.meanwhile)


async def anothers_message(client: Client) -> Order:
    """Nobody pays; but signed messages say so: of another account, of another currency, of another amount."""
    order = await client.order(Basket({SKU: 1}), key="mine")
    (charge,) = client.world.charges
    for untrue in ({"account": "another"}, {"currency": "USD"}, {"amount": 1}):
        await client.does(_receiving(*client.world.forge(charge, state="succeeded", **untrue)))
    client.world.expire(charge.key)
    await client.deliver()
    return await client.until(order, OrderState.CANCELLED, OrderState.PLACED)


def _receiving(headers: dict[str, str], body: bytes) -> Callable[[Any], Any]:
    return lambda shop: shop.webhooks.receive(OURS, headers, body)


async def another_way_to_pay(client: Client) -> Order:
    """A second charge is asked for while the customer may still pay the first one; then all that there are is paid."""
    order = await client.order(Basket({SKU: 1}), key="twice")
    with suppress(ChargeInProgress):
        await client.does(lambda shop: shop.payments.charge(order.id))
    for charge in client.world.charges:
        client.world.pay(charge.key)
    await client.deliver()
    return await client.until(order, OrderState.PLACED)


async def cancelled_while_charging(client: Client) -> Order:
    """A card is charged, the answer is lost, the customer cancels, and no message ever tells that it was charged."""
    client.world.instant = True
    client.world.switches.time_out_after = 1
    order: Order = await client.does(lambda shop: shop.orders.place(Basket({SKU: 1}), tender=OURS, key="regretted"))
    await client.does(lambda shop: shop.orders.cancel(order.id, reason="changed mind"))
    client.world.letters()
    return await client.until(order, OrderState.CANCELLED)


async def two_runners(client: Client) -> Order:
    """A request was lost; minutes later two runners look it up at once, see nothing, and one of them sends it again."""
    client.world.switches.time_out_before = 1
    order: Order = await client.does(lambda shop: shop.orders.place(Basket({SKU: 1}), tender=OURS, key="lost"))
    cast(Customer, client).meanwhile.append(lambda: client.shop.payments.advance(order.id))
    client.clock.forward(minutes=5)
    await client.does(lambda shop: shop.tick())
    client.world.pay(client.world.charges[0].reference)
    await client.deliver()
    return await client.until(order, OrderState.PLACED)


async def one_card_two_tills(client: Client) -> Order:
    """Two buyers have the code of one gift card, which is good for one of them; the other pays in cash."""
    with client.plan.quiet():
        card = await resolved(client.shop.gift_cards.issue(IDR(100_000), reason="raffle", key="raffle"))
    credit = [FromGiftCard(card.code, IDR(PRICE))]

    async def buy(key: str, **rest: Any) -> Order:
        made: Order = await client.does(
            lambda shop: shop.orders.place(Basket({SKU: 1}), tender="cash", key=key, **rest)
        )
        return made

    await buy("till 1", credit=credit)
    try:
        return await buy("till 2", credit=credit)
    except InsufficientBalance:
        return await buy("till 2, in cash")


_STATE, _PAYMENT = OrderState, PaymentStatus
_SOLD: Final = Ending(_STATE.PLACED, _PAYMENT.PAID, 0, 1, paid=PRICE)
STORIES: Final[Mapping[str, Story]] = {
    story.name: story
    for story in (
        *stories.STORIES.values(),
        Story("another's message", anothers_message, Ending(_STATE.CANCELLED, _PAYMENT.VOIDED, 0, 0, paid=0)),
        Story("another way to pay", another_way_to_pay, _SOLD),
        Story(
            "cancelled while charging",
            cancelled_while_charging,
            Ending(_STATE.CANCELLED, _PAYMENT.REFUNDED, 0, 0, paid=0),
        ),
        Story("two runners", two_runners, _SOLD),
        Story("one card, two tills", one_card_two_tills, attrs.evolve(_SOLD, held=2, orders=2)),
    )
}
"""Every story, by its name."""
