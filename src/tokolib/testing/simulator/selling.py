"""Stories of sales and of money: paid, late, refused, given back, disputed."""

from collections.abc import Mapping
from datetime import timedelta

from tokolib.checkout.basket import Basket
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import CaptureMoment, Policies
from tokolib.orders.errors import PaymentDeclined
from tokolib.orders.model import Order, OrderState
from tokolib.payments.model import Intent
from tokolib.returns.claims.model import ClaimKind, ClaimRemedy
from tokolib.returns.model import Disposition
from tokolib.stored_value.model import FromGiftCard
from tokolib.testing.builders import BUYER
from tokolib.testing.simulator.abroad import cancelling
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.furnishing import COUPON, SKU, STOCK


def _pay(client: Client, intent: Intent) -> None:
    client.world.pay(intent.operations[0].key)


async def card_sale(client: Client) -> Order:
    """A card is charged at once, the goods are shipped and arrive, the invoice has a number."""
    client.world.instant = True
    cart = await client.does(lambda shop: shop.carts.start({SKU: 2}))
    quote = await client.does(lambda shop: shop.carts.quote(cart.id, delivery="jne:reg", ship_to=BUYER))
    order = await client.order(quote, key="sale")
    order = await client.ship(order)
    await client.does(lambda shop: shop.invoices.issue(order.id))
    return order


async def virtual_account(client: Client) -> Order:
    """The customer pays to a virtual account; the message comes twice, and is looked up before it is believed."""
    client.world.switches.webhooks_twice = True
    client.world.switches.out_of_order = True
    order = await client.order(Basket({SKU: 1}), key="va")
    _pay(client, await client.intent(order.id))
    await client.deliver()
    return await client.until(order, OrderState.PLACED)


async def declined_card(client: Client) -> Order:
    """The first card is declined, again and again; with a second one the coupon is used after all."""
    client.world.instant = True
    client.world.switches.decline = 1_000
    wish = Basket({SKU: 1}, coupons=(COUPON,))
    try:
        first = await client.order(wish, key="first card")
    except PaymentDeclined as refusal:
        first = await client.look(refusal.order_id)
    client.world.switches.decline = 0
    await client.until(first, OrderState.CANCELLED)
    return await client.order(wish, key="second card")


async def _expired(client: Client, key: str) -> Order:
    order = await client.order(Basket({SKU: 3}), key=key)
    client.clock.forward(hours=2)
    await client.until(order, OrderState.EXPIRED)
    return order


async def late_payment(client: Client) -> Order:
    """It is paid after it has expired, and the goods are still there: held again, and sold."""
    order = await _expired(client, "late")
    _pay(client, await client.intent(order.id))
    await client.deliver()
    return await client.until(order, OrderState.PLACED)


async def too_late_payment(client: Client) -> Order:
    """It is paid after it has expired, and somebody else has the goods: the money goes back."""
    order = await _expired(client, "too late")
    with client.plan.quiet():
        await resolved(client.shop.stock.write_off(SKU, STOCK, reason="all of it was sold at the market"))
    _pay(client, await client.intent(order.id))
    await client.deliver()
    return order


async def partial_return(client: Client) -> Order:
    """One of three comes back: credited by its share, refunded by the gateway, back on the shelf."""
    client.world.instant = True
    order = await client.ship(await client.order(Basket({SKU: 3}), key="three"))
    wish: Mapping[str, int] = {SKU: 1}
    await client.does(lambda shop: shop.returns.accept(order.id, wish, reason="too many", key="one back"))
    return order


async def return_by_steps(client: Client) -> Order:
    """Two of three are asked back; one comes, is looked at, and is credited as it is: damaged, and not sold again."""
    client.world.instant = True
    order = await client.ship(await client.order(Basket({SKU: 3}), key="looked at"))
    wish: Mapping[str, int] = {SKU: 2}
    came: Mapping[str, int] = {SKU: 1}
    found: Mapping[str, Disposition] = {SKU: Disposition.DAMAGED}
    asked = await client.does(lambda shop: shop.returns.request(order.id, wish, reason="dented", key="asked back"))
    await client.does(lambda shop: shop.returns.receive(asked.id, came, key="came in"))
    await client.does(lambda shop: shop.returns.inspect(asked.id, found))
    await client.does(lambda shop: shop.returns.accept(asked.id, key="as it is"))
    return order


async def exchanged(client: Client) -> Order:
    """One of three is exchanged for a sound one: held when it is asked for, put in as the other comes back."""
    client.world.instant = True
    order = await client.ship(await client.order(Basket({SKU: 3}), key="swap"))
    wish: Mapping[str, int] = {SKU: 1}
    terms = {"pricing": "even", "until": client.clock.now() + timedelta(days=7), "reason": "torn"}
    asked = await client.does(lambda shop: shop.exchanges.request(order.id, wish, wish, **terms, key="asked"))
    await client.does(lambda shop: shop.exchanges.complete(asked.id, key="here"))
    return order


async def claimed(client: Client) -> Order:
    """One of three arrived torn: another is held for the claim, and put in as it is approved; no money moves."""
    client.world.instant = True
    order = await client.ship(await client.order(Basket({SKU: 3}), key="torn"))
    wish: Mapping[str, int] = {SKU: 1}
    until = client.clock.now() + timedelta(days=7)
    terms = {"kind": ClaimKind.DAMAGED, "remedy": ClaimRemedy.REPLACEMENT, "reason": "torn", "until": until}
    claim = await client.does(lambda shop: shop.claims.open(order.id, wish, **terms, key="claim"))
    await client.does(lambda shop: shop.claims.approve(claim.id, key="yes"))
    return order


async def cancelled_order(client: Client) -> Order:
    """Bought with a coupon, paid, some money off for the wait, and cancelled: all of it goes back, coupon too."""
    client.world.instant = True
    order = await client.order(Basket({SKU: 2}, coupons=(COUPON,)), key="wish")
    off = IDR(5_000)
    await client.does(lambda shop: shop.orders.grant_allowance(order.id, off, reason="late", key="sorry"))

    await client.does(cancelling(order))
    return order


async def _at_hand_over(client: Client) -> None:
    client.world.instant = True
    with client.plan.quiet():
        await resolved(client.shop.settings.change(policies=Policies(capture=CaptureMoment.AT_HAND_OVER)))


async def captured_at_hand_over(client: Client) -> Order:
    """Money is reserved, two of three units leave and take their share of it, and the last one takes the rest."""
    await _at_hand_over(client)
    order = await client.order(Basket({SKU: 3}), key="reserved")
    two: Mapping[str, int] = {SKU: 2}
    first = await client.does(lambda shop: shop.shipments.hand_over(order.id, two, key="two"))
    await client.does(lambda shop: shop.shipments.delivered(first.id))
    return await client.ship(order)


async def released_reservation(client: Client) -> Order:
    """Money is reserved, and the order is cancelled before anything left: the reservation is released."""
    await _at_hand_over(client)
    order = await client.order(Basket({SKU: 2}), key="reserved")
    await client.does(cancelling(order))
    return order


async def gift_card_and_card(client: Client) -> Order:
    """A gift card pays what it has, a card the rest; the order is cancelled, and each gets its own back."""
    client.world.instant = True
    with client.plan.quiet():
        bought = await resolved(client.shop.gift_cards.issue(IDR(50_000), reason="raffle", key="raffle"))
    order = await client.order(Basket({SKU: 2}), key="two tenders", credit=(FromGiftCard(bought.code),))
    await client.does(cancelling(order))
    return order


async def disputed_card(client: Client) -> Order:
    """The customer's bank takes the money of goods that arrived; the slip convinces it, and the money comes back."""
    client.world.instant = True
    order = await client.ship(await client.order(Basket({SKU: 1}), key="disputed"))
    dispute = client.world.dispute(client.world.charges[-1].key)
    await client.deliver()
    with client.plan.quiet():
        (opened,) = await resolved(client.shop.payments.disputes(order.id))
    await client.does(lambda shop: shop.payments.submit_evidence(opened.id, text="signed for", key="slip"))
    await client.drain()
    client.world.decide_dispute(dispute, won=True)
    await client.deliver()
    return order
