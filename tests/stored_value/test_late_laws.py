"""Law: whatever a late payment finds of a gift card and of the goods, nothing of anybody's is lost."""

from hypothesis import event, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket, OrderState
from tokolib.stored_value import FromGiftCard
from tokolib.testing import Given, ManualClock

TOTAL = 75_000


@settings(max_examples=100)
@for_all(
    paid=st.integers(1, TOTAL - 1),
    spent=st.just(0) | st.integers(0, TOTAL),
    over=st.sampled_from([-1, 0, 0, 1, 5_000]),
    more=st.lists(st.integers(1, 2 * TOTAL), max_size=2),
    sold_out=st.sampled_from([False, False, True]),
    blocked=st.sampled_from([False, False, True]),
)
def test_a_late_payment_is_the_orders_or_the_customers(paid, spent, over, more, sold_out, blocked):
    """Either the order is placed and paid once, or all that came late goes back, and to the card its own."""
    clock = ManualClock()
    shop = tokolib.open("memory://", country="ID", clock=clock)
    given = Given(shop)
    given.goods({"KOPI-250": TOTAL}, stock="40")
    sold = shop.gift_cards.sell(IDR(TOTAL), method="cash", key="card")
    order = buy(shop, given, sold, paid, tender="bank_transfer")
    clock.forward(days=3)
    shop.tick()
    assert OrderState.EXPIRED is shop.orders.get(order.id).state
    if spent:
        buy(shop, given, sold, spent, tender="cash")
    if sold_out:
        given.order({"KOPI-250": shop.stock.available("KOPI-250").steps}, tender="cash")
    if blocked:
        shop.gift_cards.block(sold.card.id, reason="lost")
    left = TOTAL - spent
    late = [max(1, TOTAL - paid + over), *more]

    for at, amount in enumerate(late):
        shop.payments.received(order, IDR(amount), reference=f"late-{at}")

    order, intent = shop.orders.get(order.id), shop.payments.intent(order)
    back = sum(each.amount.minor_units for each in intent.payouts)
    taken = left - balance_of(shop, sold)
    event(f"{order.state}, card pays again: {taken > 0}")
    assert sum(late) + taken == back + (TOTAL if order.state is OrderState.PLACED else 0)
    if order.state is OrderState.EXPIRED:
        assert (0, sum(late)) == (taken, back)
    assert 0 <= taken <= min(paid, left) and not (blocked and taken)
    report = shop.verify()
    assert report, [str(each) for each in report.violations]


def test_a_card_pays_again_while_a_gateway_is_still_asked(play):
    """What is claimed in the books asks nobody: the proof takes it for no second charge."""

    async def body(toko):
        sold = await toko.gift_cards.sell(IDR(25_000), method="cash", key="card")
        credit = [FromGiftCard(sold.code)]
        basket = Basket({"KOPI-250": 1})
        order = await toko.orders.place(basket, tender="bank_transfer", credit=credit, key="web-1")
        toko.clock.forward(days=3)
        await toko.payments.charge(order, gateway="fake")
        await toko.tick()
        assert OrderState.EXPIRED is (await toko.orders.get(order.id)).state

        await toko.payments.received(order, IDR(50_000), reference="late")

        order, intent = await toko.orders.get(order.id), await toko.payments.intent(order)
        assert (OrderState.PLACED, IDR(0)) == (order.state, order.due)
        assert intent.live_charge is not None
        assert IDR(0) == await toko.gift_cards.balance(sold.code)

    play(body)


def buy(shop, given, sold, amount, *, tender):
    """An order of one pack, of which the card pays *amount*."""
    credit = [FromGiftCard(sold.code, IDR(amount))]
    return shop.orders.place(given.quote({"KOPI-250": 1}), tender=tender, credit=credit, key=f"{tender}-{amount}")


def balance_of(shop, sold):
    """What is left of the card, blocked or not."""
    return sum(each.amount.minor_units for each in shop.gift_cards.statement(sold.card.id).movements)
