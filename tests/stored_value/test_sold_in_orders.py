"""Gift cards that an order sold: a unit of its goods each, and never good once that unit's sale is undone."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket
from tokolib.kernel.errors import TokolibError
from tokolib.orders import ending
from tokolib.payments.errors import KeptByGiftCards
from tokolib.stored_value import (
    BoughtWithStoredValue,
    FromGiftCard,
    GiftCardRefused,
    GiftCardSpent,
    GiftCardState,
    IllegalGiftCardTransition,
    NoGiftCardLine,
    NotPaidFor,
)
from tokolib.testing import ManualClock

FIFTY = IDR(50_000)


async def stocked(toko):
    """Gift cards of IDR 50,000 and of IDR 75,000 beside the coffee, which costs IDR 75,000 too."""
    for sku, price in (("KARTU-50", FIFTY), ("KARTU-75", IDR(75_000))):
        await toko.catalog.put(sku, f"Kartu {price}")
        await toko.prices.put(sku, price)
        await toko.stock.receive(sku, 20, key=sku)


async def buy(toko, goods, *credit, tender="cash", key="w-1"):
    return await toko.orders.place(Basket(goods), tender=tender, credit=credit, key=key)


async def undo(toko, order, how):
    """*order* or its gift card undone, by one of four ways."""
    match how:
        case "cancel":
            await toko.orders.cancel(order, reason="changed mind")
        case "return":
            await toko.shipments.hand_over(order)
            await toko.returns.accept(order, {"KARTU-50": 1}, reason="changed mind")
        case "refund":
            await toko.payments.refund(order, FIFTY, reason="changed mind", key="back")
        case _:
            await toko.orders.grant_allowance(order, FIFTY, reason="changed mind", key="off")


def test_a_card_is_a_unit_of_a_line_at_its_price(play):
    """No more cards than units, none of another worth, and where two goods cost the same somebody says which."""

    async def body(toko):
        await stocked(toko)
        order = await buy(toko, {"KARTU-50": 1, "KARTU-75": 1, "KOPI-250": 1})
        sold = await toko.gift_cards.sell_in(order, FIFTY, key="b-1")
        assert (order.id, FIFTY) == (sold.card.order_id, await toko.gift_cards.balance(sold.code))
        for amount in (FIFTY, IDR(200_000), IDR(1)):
            with pytest.raises(NoGiftCardLine) as caught:
                await toko.gift_cards.sell_in(order, amount, key=f"b-{amount}")
            assert () == caught.value.fits
        with pytest.raises(NoGiftCardLine) as caught:
            await toko.gift_cards.sell_in(order, IDR(75_000), key="b-2")
        assert {"kartu-75", "kopi-250"} == set(caught.value.fits)
        assert "sku=" in caught.value.hint
        await toko.gift_cards.sell_in(order, IDR(75_000), sku="Kartu-75", key="b-3")
        with pytest.raises(NoGiftCardLine):
            await toko.gift_cards.sell_in(order, IDR(75_000), sku="KARTU-75", key="b-4")
        assert IDR(125_000) == (await toko.payments.intent(order)).in_cards

    play(body)


def test_only_money_that_came_buys_a_card(play):
    """An order that isn't paid buys none, nor one that a card has paid, nor one that has ended."""

    async def body(toko):
        await stocked(toko)
        sold = await toko.gift_cards.sell_in(await buy(toko, {"KARTU-50": 1}), FIFTY, key="b-1")
        with_card = await buy(toko, {"KARTU-50": 2}, FromGiftCard(sold.code), key="w-2")
        with pytest.raises(BoughtWithStoredValue):
            await toko.gift_cards.sell_in(with_card, FIFTY, key="b-2")
        unpaid = await buy(toko, {"KARTU-50": 1}, tender="bank_transfer", key="w-3")
        with pytest.raises(NoGiftCardLine):
            await toko.gift_cards.sell_in(unpaid, FIFTY, key="b-3")
        back = await buy(toko, {"KARTU-50": 1, "KOPI-250": 1}, key="w-4")
        await toko.payments.refund(back, FIFTY, reason="x", key="r-4")
        with pytest.raises(NotPaidFor) as caught:
            await toko.gift_cards.sell_in(back, FIFTY, key="b-4")
        assert IDR(0) == caught.value.left
        gone = await buy(toko, {"KARTU-50": 1}, key="w-5")
        await toko.orders.cancel(gone, reason="x")
        with pytest.raises(NoGiftCardLine):
            await toko.gift_cards.sell_in(gone, FIFTY, key="b-5")

    play(body)


def test_a_taxed_line_is_no_gift_card():
    """The tax is due on what the card buys, and would be paid twice."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2025, 1, 1), clock=ManualClock()) as shop:
        shop.catalog.put("KARTU-50", "Kartu")
        shop.prices.put("KARTU-50", FIFTY)
        shop.stock.receive("KARTU-50", 5)
        order = shop.orders.place(Basket({"KARTU-50": 1}), tender="cash", key="w-1")
        assert order.lines[0].line.taxes
        with pytest.raises(NoGiftCardLine):
            shop.gift_cards.sell_in(order, FIFTY, key="b-1")


@pytest.mark.parametrize("how", ["cancel", "return"])
def test_an_unspent_card_goes_back_with_its_line(play, how):
    """The money goes back once: the card pays nothing for good, a blocked one as well, and the sale is undone once."""

    async def body(toko):
        await stocked(toko)
        order = await buy(toko, {"KARTU-50": 1})
        sold = await toko.gift_cards.sell_in(order, FIFTY, key="b-1")
        await undo(toko, order, how)
        assert FIFTY == (await toko.payments.intent(order)).refunded
        assert () == (await toko.payments.intent(order)).cards
        assert GiftCardState.TAKEN_BACK is (await toko.gift_cards.get(sold.card.id)).state
        with pytest.raises(GiftCardRefused):
            await buy(toko, {"KOPI-250": 1}, FromGiftCard(sold.code), key="w-2")
        with pytest.raises(IllegalGiftCardTransition):
            await toko.gift_cards.new_code(sold.card, reason="lost")
        with pytest.raises(IllegalGiftCardTransition):
            await toko.gift_cards.block(sold.card, reason="lost")
        statement = await toko.gift_cards.statement(sold.card)
        assert IDR(0) == statement.balance
        assert [("sold", FIFTY), ("taken_back", -FIFTY)] == [(each.kind, each.amount) for each in statement.movements]

    play(body)


def test_a_blocked_card_is_taken_back_as_well(play):
    """What stops it is no reason to keep its money."""

    async def body(toko):
        await stocked(toko)
        order = await buy(toko, {"KARTU-50": 1})
        sold = await toko.gift_cards.sell_in(order, FIFTY, key="b-1")
        await toko.gift_cards.block(sold.card, reason="reported stolen")
        await toko.orders.cancel(order, reason="x")
        assert GiftCardState.TAKEN_BACK is (await toko.gift_cards.unblock(sold.card, reason="x")).state

    play(body)


@pytest.mark.parametrize("how", ["cancel", "return", "refund", "allowance"])
def test_the_sale_of_a_spent_card_is_not_undone(play, how):
    """Whoever used it, even in part, has what was paid for; the refusal names the card and what is left."""

    async def body(toko):
        await stocked(toko)
        order = await buy(toko, {"KARTU-50": 1})
        sold = await toko.gift_cards.sell_in(order, FIFTY, key="b-1")
        await buy(toko, {"Teh-100": 1}, FromGiftCard(sold.code, IDR(20_000)), key="w-2")
        with pytest.raises((GiftCardSpent, KeptByGiftCards)) as caught:
            await undo(toko, order, how)
        if how in ("cancel", "return"):
            assert (sold.card.id, IDR(30_000)) == (caught.value.card_id, caught.value.left)
        else:
            assert (FIFTY, IDR(0)) == (caught.value.cards, caught.value.most)
        assert IDR(0) == (await toko.payments.intent(order)).refunded
        assert IDR(30_000) == await toko.gift_cards.balance(sold.code)

    play(body)


def test_other_goods_of_the_order_go_back_as_ever(play):
    """A card keeps its own line, and no other: coffee is returned, allowed for and refunded beside it."""

    async def body(toko):
        await stocked(toko)
        order = await buy(toko, {"KARTU-50": 1, "KOPI-250": 3})
        sold = await toko.gift_cards.sell_in(order, FIFTY, key="b-1")
        await buy(toko, {"Teh-100": 1}, FromGiftCard(sold.code, IDR(20_000)), key="w-2")
        await toko.shipments.hand_over(order)
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="x")
        await toko.orders.grant_allowance(order, IDR(75_000), reason="dented", key="a-1")
        with pytest.raises(KeptByGiftCards) as caught:
            await toko.payments.refund(order, IDR(75_001), reason="x", key="r-1")
        assert IDR(75_000) == caught.value.most
        refund = await toko.payments.refund(order, IDR(75_000), reason="x", key="r-2")
        assert refund == await toko.payments.refund(order, IDR(75_000), reason="x", key="r-2")

    play(body)


def test_of_several_cards_an_unspent_one_goes_back(play):
    """One of two units comes back: the card that was used stays, and only the other is taken."""

    async def body(toko):
        await stocked(toko)
        order = await buy(toko, {"KARTU-50": 2})
        one = await toko.gift_cards.sell_in(order, FIFTY, key="b-1")
        two = await toko.gift_cards.sell_in(order, FIFTY, key="b-2")
        await buy(toko, {"Teh-100": 1}, FromGiftCard(one.code, IDR(20_000)), key="w-2")
        await toko.shipments.hand_over(order)
        await toko.returns.accept(order, {"KARTU-50": 1}, reason="x")
        states = [(await toko.gift_cards.get(each.card.id)).state for each in (one, two)]
        assert [GiftCardState.ACTIVE, GiftCardState.TAKEN_BACK] == states
        with pytest.raises(GiftCardSpent):
            await toko.returns.accept(order, {"KARTU-50": 1}, reason="x")

    play(body)


def test_verify_sees_a_good_card_whose_sale_was_undone(monkeypatch):
    """Made by hand: a cancellation that forgets the card."""

    async def forgetful(*_, **__):
        return None

    with tokolib.open("memory://", country="ID", clock=ManualClock()) as shop:
        shop.catalog.put("KARTU-50", "Kartu")
        shop.prices.put("KARTU-50", FIFTY)
        shop.stock.receive("KARTU-50", 5)
        order = shop.orders.place(Basket({"KARTU-50": 1}), tender="cash", key="w-1")
        sold = shop.gift_cards.sell_in(order, FIFTY, key="b-1")
        assert shop.verify()
        monkeypatch.setattr(ending, "take_back_cards", forgetful)
        shop.orders.cancel(order, reason="x")
        found = [each for each in shop.verify().violations if "undone" in each.found]
        assert [("X4", f"gift_card {sold.card.id}")] == [(each.promise, each.row) for each in found]


WAYS = st.sampled_from(["card", "spend", "cancel", "return card", "return coffee", "refund", "allowance"])


@settings(max_examples=40, deadline=None)
@example(1, 1, [("card", 1), ("allowance", 1), ("return coffee", 1)])
@given(st.integers(1, 3), st.integers(0, 2), st.lists(st.tuples(WAYS, st.integers(1, 60_000)), max_size=12))
def test_the_shop_keeps_what_its_good_cards_were_bought_with(cards, coffees, ways):
    """Law: whatever is tried, the money of an order that stays covers the cards of it that are good."""
    with tokolib.open("memory://", country="ID", clock=ManualClock()) as shop:
        for sku, price in (("KARTU", FIFTY), ("KOPI", IDR(33_333))):
            shop.catalog.put(sku, sku)
            shop.prices.put(sku, price)
            shop.stock.receive(sku, 99)
        goods = {"KARTU": cards} | ({"KOPI": coffees} if coffees else {})
        order = shop.orders.place(Basket(goods), tender="cash", key="w")
        if any(way.startswith("return") for way, _ in ways):
            shop.shipments.hand_over(order)
        sold = []
        for at, (way, much) in enumerate(ways):
            try:
                match way:
                    case "card":
                        sold.append(shop.gift_cards.sell_in(order, FIFTY, key=f"{at}"))
                    case "spend" if sold:
                        paid = [FromGiftCard(sold[much % len(sold)].code)]
                        shop.orders.place(Basket({"KOPI": 1}), tender="cash", credit=paid, key=f"s-{at}")
                    case "cancel":
                        shop.orders.cancel(order, reason="x")
                    case "return card":
                        shop.returns.accept(order, {"KARTU": 1}, reason="x")
                    case "return coffee":
                        shop.returns.accept(order, {"KOPI": 1}, reason="x")
                    case "refund":
                        shop.payments.refund(order, IDR(much), reason="x", key=f"r-{at}")
                    case "allowance":
                        shop.orders.grant_allowance(order, IDR(much), reason="x", key=f"a-{at}")
            except TokolibError:
                pass
            good = [each for each in sold if shop.gift_cards.get(each.card.id).state is GiftCardState.ACTIVE]
            assert shop.orders.get(order.id).paid >= FIFTY * len(good)
        assert shop.verify()
