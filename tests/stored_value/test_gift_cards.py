"""Gift cards: sold, typed in at the checkout, used up, and never spent twice."""

from datetime import date, timedelta

import pytest

import tokolib
from tokolib import IDR, USD, Basket, Customer, OrderState, Policies
from tokolib.adapters.memory import MemoryStorage
from tokolib.kernel.codes.drawing import checked, drawn
from tokolib.kernel.errors import InvalidInput, KeyReused, NotFound
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch, NotMoney
from tokolib.orders.errors import NotFree, PaymentDeclined
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import InvalidAmount, NotLocal, UnknownTender
from tokolib.payments.states import IntentState
from tokolib.records.collections import COLLECTIONS
from tokolib.stored_value import (
    BoughtWithStoredValue,
    FromGiftCard,
    FromStoreCredit,
    GiftCardMistyped,
    GiftCardRefused,
    GiftCardState,
    IllegalGiftCardTransition,
    InsufficientBalance,
)
from tokolib.stored_value.codes import BITS
from tokolib.testing.builders import BUYER, Given

HUNDRED = IDR(100_000)
UNKNOWN = next(code for n in range(99) if (code := checked(drawn(bytes([n] * 32), 16))))
"""A code that nobody made, and that could have been made."""


async def card(toko, amount=HUNDRED, **options):
    """A gift card that was sold for cash, and its code."""
    return await toko.gift_cards.sell(amount, method="cash", key=f"card-{toko.clock.now()}-{amount}", **options)


async def buy(toko, *credit, tender="cash", key="w-1", goods=None, **quote):
    """An order of one KOPI-250 (IDR 75,000), or of other *goods*, paid by *credit* first."""
    wanted = await toko.given.quote(goods or {"KOPI-250": 1}, **quote)
    return await toko.orders.place(wanted, tender=tender, credit=credit, key=key)


def test_a_card_pays_and_keeps_the_rest(play):
    """It covers the order: any tender will do, and nothing else is asked for."""

    async def body(toko):
        sold = await card(toko)
        order = await buy(toko, FromGiftCard(sold.code.lower()), tender="free")
        assert (OrderState.PLACED, PaymentStatus.PAID) == (order.state, order.payment)
        assert IDR(25_000) == await toko.gift_cards.balance(sold.code)
        (charge,) = (await toko.payments.intent(order)).operations
        assert ("gift_card", sold.card.id, IDR(75_000)) == (charge.provider, charge.reference, charge.amount)
        movements = (await toko.gift_cards.statement(sold.card)).movements
        assert [("sold", IDR(100_000), None), ("redeemed", IDR(-75_000), order.id)] == [
            (each.kind, each.amount, each.order_id) for each in movements
        ]

    play(body)


@pytest.mark.parametrize("tender", ["cash", "bank_transfer", "cod", "fake"])
def test_the_tender_pays_what_the_card_leaves(play, tender):
    """Every tender is asked for the rest, and for no more."""

    async def body(toko):
        sold = await card(toko, IDR(50_000))
        delivery = {"delivery": "jne:reg", "ship_to": BUYER} if tender == "cod" else {}
        order = await buy(toko, FromGiftCard(sold.code), tender=tender, **delivery)
        rest = order.total - IDR(50_000)
        intent = await toko.payments.intent(order)
        if tender == "fake":
            assert [rest] == [each.amount for each in toko.world.charges]
            toko.world.pay(toko.world.charges[-1].key)
            await toko.deliver_webhooks()
        elif tender != "cash":
            assert rest == intent.outstanding
            await toko.payments.received(order, rest)
        order = await toko.orders.get(order.id)
        assert (OrderState.PLACED, PaymentStatus.PAID) == (order.state, order.payment)
        assert IDR(0) == await toko.gift_cards.balance(sold.code)

    play(body)


def test_cards_pay_in_the_order_in_which_they_are_named(play):
    """Each up to its amount and to what is left; what isn't needed isn't touched."""

    async def body(toko):
        one, two = await card(toko, IDR(60_000)), await card(toko, IDR(40_000))
        three = await card(toko, IDR(10_000))
        wishes = [FromGiftCard(one.code, IDR(50_000)), FromGiftCard(two.code), FromGiftCard(three.code)]
        await buy(toko, *wishes)
        left = [await toko.gift_cards.balance(each.code) for each in (one, two, three)]
        assert [IDR(10_000), IDR(15_000), IDR(10_000)] == left

    play(body)


def test_a_declined_charge_gives_the_card_its_money_back(play):
    """In the unit that cancels the order, which is the one that hears of the decline."""

    async def body(toko):
        sold = await card(toko, IDR(50_000))
        toko.world.switches.decline = 1
        with pytest.raises(PaymentDeclined) as caught:
            await buy(toko, FromGiftCard(sold.code), tender="fake")
        order = await toko.orders.get(caught.value.order_id)
        assert (OrderState.CANCELLED, PaymentStatus.REFUNDED) == (order.state, order.payment)
        assert IDR(50_000) == await toko.gift_cards.balance(sold.code)

    play(body)


@pytest.mark.parametrize("tender", ["bank_transfer", "fake"])
def test_a_late_payment_has_the_card_pay_its_part_again(play, tender):
    """The order expires and the card has its money back; the rest comes late, and both make it an order after all."""

    async def body(toko):
        sold = await card(toko, IDR(50_000))
        order = await buy(toko, FromGiftCard(sold.code), tender=tender)
        toko.clock.forward(hours=25)
        await toko.tick()
        assert OrderState.EXPIRED is (await toko.orders.get(order.id)).state
        assert IDR(50_000) == await toko.gift_cards.balance(sold.code)

        for _ in range(2):
            if tender == "fake":
                toko.world.pay(toko.world.charges[-1].key)
                await toko.deliver_webhooks()
            else:
                await toko.payments.received(order, IDR(25_000), reference="late")

        order = await toko.orders.get(order.id)
        assert (OrderState.PLACED, PaymentStatus.PAID, order.total) == (order.state, order.payment, order.paid)
        assert IDR(0) == await toko.gift_cards.balance(sold.code)
        intent = await toko.payments.intent(order)
        assert (IntentState.CAPTURED, (), None) == (intent.state, intent.payouts, intent.live_charge)
        assert (IDR(0), order.total) == (intent.pending_refund, intent.refundable)

    play(body)


def test_a_late_payment_goes_back_when_the_card_is_spent(play):
    """What comes late goes back by the way that it came, and the card isn't asked for more than it has."""

    async def body(toko):
        sold = await card(toko, IDR(50_000))
        order = await buy(toko, FromGiftCard(sold.code), tender="bank_transfer")
        toko.clock.forward(hours=25)
        await toko.tick()
        await buy(toko, FromGiftCard(sold.code, IDR(10_000)), key="w-2")
        await toko.payments.received(order, IDR(25_000))
        assert OrderState.EXPIRED is (await toko.orders.get(order.id)).state
        assert IDR(40_000) == await toko.gift_cards.balance(sold.code)
        (waiting,) = (await toko.payments.intent(order)).payouts
        assert ("bank_transfer", IDR(25_000)) == (waiting.provider, waiting.amount)

    play(body)


def test_a_late_payment_goes_back_when_the_goods_are_gone(play):
    """The card and the transfer each get their own, as if nothing had been claimed."""

    async def body(toko):
        sold = await card(toko, IDR(50_000))
        order = await buy(toko, FromGiftCard(sold.code), tender="bank_transfer")
        toko.clock.forward(hours=25)
        await toko.tick()
        await toko.given.order({"KOPI-250": 20})
        await toko.payments.received(order, IDR(25_000))
        assert OrderState.EXPIRED is (await toko.orders.get(order.id)).state
        assert IDR(50_000) == await toko.gift_cards.balance(sold.code)
        (waiting,) = (await toko.payments.intent(order)).payouts
        assert ("bank_transfer", IDR(25_000)) == (waiting.provider, waiting.amount)

    play(body)


def test_a_cancelled_order_gives_each_its_own_back(play):
    """The cash to the hand, the card's to the card, at once."""

    async def body(toko):
        sold = await card(toko, IDR(50_000))
        order = await buy(toko, FromGiftCard(sold.code))
        order = await toko.orders.cancel(order, reason="changed mind")
        assert PaymentStatus.REFUNDED is order.payment
        assert IDR(50_000) == await toko.gift_cards.balance(sold.code)
        refunds = [each for each in (await toko.payments.intent(order)).operations if each.kind == "refund"]
        assert {("cash", IDR(25_000)), ("gift_card", IDR(50_000))} == {(each.provider, each.amount) for each in refunds}

    play(body)


def test_what_comes_back_opens_a_card_that_has_expired(play):
    """For thirty days at least: the customer did nothing wrong."""

    async def body(toko):
        sold = await card(toko, IDR(100_000), valid_until=toko.clock.now() + timedelta(days=2))
        order = await buy(toko, FromGiftCard(sold.code))
        toko.clock.forward(days=3)
        assert 1 == (await toko.tick()).expired_credit
        with pytest.raises(GiftCardRefused):
            await toko.gift_cards.balance(sold.code)
        toko.clock.forward(minutes=1)
        await toko.orders.cancel(order, reason="never came")
        assert IDR(75_000) == await toko.gift_cards.balance(sold.code)
        held = await toko.gift_cards.get(sold.card.id)
        assert (GiftCardState.ACTIVE, toko.clock.now() + timedelta(days=30)) == (held.state, held.valid_until)
        toko.clock.forward(days=30)
        assert 1 == (await toko.tick()).expired_credit
        statement = await toko.gift_cards.statement(sold.card)
        kinds = ["sold", "redeemed", "expired", "returned", "expired"]
        assert (IDR(0), kinds) == (statement.balance, [each.kind for each in statement.movements])

    play(body)


def test_by_policy_what_comes_back_too_late_is_the_shops(play):
    """`credit_return="as_it_was"`: a date is a date."""

    async def body(toko):
        await toko.settings.change(policies=Policies(credit_return="as_it_was"))
        sold = await card(toko, IDR(100_000), valid_until=toko.clock.now() + timedelta(days=2))
        order = await buy(toko, FromGiftCard(sold.code))
        early = await buy(toko, FromGiftCard(sold.code), goods={"Teh-100": 1}, key="w-2")
        await toko.orders.cancel(early, reason="in time")
        assert IDR(25_000) == await toko.gift_cards.balance(sold.code)
        toko.clock.forward(days=3)
        order = await toko.orders.cancel(order, reason="too late")
        assert PaymentStatus.REFUNDED is order.payment
        await toko.tick()
        assert GiftCardState.EXPIRED is (await toko.gift_cards.get(sold.card.id)).state

    play(body)


@pytest.mark.parametrize(("policy", "on_card"), [("as_asked", 0), ("to_its_source", 75_000)])
def test_by_policy_a_card_is_never_paid_out(play, policy, on_card):
    """A refund in cash of what a card paid is cash, or goes back to the card although cash was named."""

    async def body(toko):
        await toko.settings.change(policies=Policies(credit_refund=policy))
        sold = await card(toko, IDR(75_000))
        order = await buy(toko, FromGiftCard(sold.code), goods={"KOPI-250": 1})
        refund = await toko.payments.refund(order, IDR(75_000), reason="dented", key="r-1", method="cash")
        ways = ["gift_card" if on_card else "cash"]
        assert ways == [each.provider for each in refund.operations]
        assert IDR(on_card) == await toko.gift_cards.balance(sold.code)

    play(body)


def test_a_blocked_card_pays_nothing_and_keeps_what_it_has(play):
    """What comes back to it stays on it, too."""

    async def body(toko):
        sold = await card(toko)
        order = await buy(toko, FromGiftCard(sold.code))
        blocked = await toko.gift_cards.block(sold.card, reason="reported stolen")
        assert blocked == await toko.gift_cards.block(sold.card, reason="again")
        with pytest.raises(GiftCardRefused):
            await buy(toko, FromGiftCard(sold.code), key="w-2")
        await toko.orders.cancel(order, reason="changed mind")
        statement = await toko.gift_cards.statement(sold.card)
        assert IDR(0) == statement.balance
        assert IDR(100_000) == Money.total((each.amount for each in statement.movements), IDR(0).currency)
        await toko.gift_cards.unblock(sold.card, reason="found")
        assert IDR(100_000) == await toko.gift_cards.balance(sold.code)

    play(body)


def test_a_lost_card_gets_another_code(play):
    """The one before is nobody's."""

    async def body(toko):
        sold = await card(toko)
        other = await toko.gift_cards.new_code(sold.card, reason="lost")
        with pytest.raises(GiftCardRefused):
            await toko.gift_cards.balance(sold.code)
        assert IDR(100_000) == await toko.gift_cards.balance(other.code)
        assert sold.card.id == other.card.id

    play(body)


def test_who_guesses_learns_nothing(play):
    """Unknown, blocked and expired are one error to the letter, and it tells no balance."""

    async def body(toko):
        blocked = await card(toko)
        await toko.gift_cards.block(blocked.card, reason="stolen")
        toko.clock.forward(seconds=1)
        expired = await card(toko, valid_until=toko.clock.now() + timedelta(days=1))
        toko.clock.forward(days=1)
        told = []
        for code in (UNKNOWN, blocked.code, expired.code):
            for ask in (toko.gift_cards.balance, lambda code: buy(toko, FromGiftCard(code))):
                with pytest.raises(GiftCardRefused) as caught:
                    await ask(code)
                told.append(str(caught.value).replace(code.replace("-", "")[-4:], "…"))
        assert 1 == len(set(told))

    play(body)


def test_a_stolen_copy_of_the_shop_has_no_codes(tmp_path):
    """Codes are kept as digests, and shown by no value's `repr`."""
    path = tmp_path / "toko.db"
    with tokolib.open(f"sqlite:///{path}", country="ID") as shop:
        sold = shop.gift_cards.sell(IDR(100_000), method="cash", key="c-1")

    stored = b"".join(each.read_bytes() for each in tmp_path.iterdir())

    assert BITS >= 64
    assert sold.code not in repr(sold) and sold.code not in repr(FromGiftCard(sold.code))
    assert sold.code.encode() not in stored and sold.code.replace("-", "").encode() not in stored


def test_the_same_key_issues_one_card(play):
    """Its code is told once; another request under the key is refused."""

    async def body(toko):
        first = await toko.gift_cards.issue(IDR(50_000), reason="sorry", key="g-1")
        again = await toko.gift_cards.issue(IDR(50_000), reason="sorry", key="g-1")
        assert (first.card, None) == (again.card, again.code)
        with pytest.raises(KeyReused):
            await toko.gift_cards.issue(IDR(60_000), reason="sorry", key="g-1")
        assert 1 == len((await toko.gift_cards.page()).items)

    play(body)


def test_an_order_is_placed_once_under_one_key(play):
    """The card is charged once; the same key with other cards is another request."""

    async def body(toko):
        sold, other = await card(toko), await card(toko, IDR(90_000))
        quote = await toko.given.quote({"KOPI-250": 1})
        first = await toko.orders.place(quote, tender="cash", credit=[FromGiftCard(sold.code)], key="k")
        assert first == await toko.orders.place(quote, tender="cash", credit=[FromGiftCard(sold.code)], key="k")
        with pytest.raises(KeyReused):
            await toko.orders.place(quote, tender="cash", credit=[FromGiftCard(other.code)], key="k")
        assert IDR(25_000) == await toko.gift_cards.balance(sold.code)

    play(body)


def test_what_cannot_pay_is_refused_and_nothing_is_stored(play):
    """Every refusal has its own name, and leaves the card, the stock and the books as they were."""

    async def body(toko):
        sold, small = await card(toko), await card(toko, IDR(10_000))
        refusals = [
            ((FromGiftCard(sold.code, 5.0),), NotMoney),
            ((FromGiftCard(sold.code, IDR(0)),), InvalidAmount),
            ((FromGiftCard(sold.code, IDR(-1)),), InvalidAmount),
            ((FromGiftCard(sold.code, USD("5.00")),), CurrencyMismatch),
            ((FromGiftCard(sold.code, IDR(100_001)),), InsufficientBalance),
            ((FromGiftCard(sold.code), FromGiftCard(sold.code.lower())), InvalidInput),
            ((FromGiftCard(sold.code[:-1] + ("3" if sold.code[-1] == "4" else "4")),), GiftCardMistyped),
            ((FromGiftCard(""),), GiftCardMistyped),
            ((sold.code,), InvalidInput),
        ]
        for credit, error in refusals:
            with pytest.raises(error):
                await buy(toko, *credit)
        with pytest.raises(NotFree):
            await buy(toko, FromGiftCard(small.code), tender="free")
        with pytest.raises(UnknownTender):
            await buy(toko, tender="gift_card")
        assert 20 == (await toko.stock.available("KOPI-250")).steps
        assert IDR(100_000) == await toko.gift_cards.balance(sold.code)
        assert () == (await toko.orders.page()).items

    play(body)


def test_an_empty_card_pays_nothing(play):
    """Its holder is told so."""

    async def body(toko):
        sold = await card(toko, IDR(75_000))
        await buy(toko, FromGiftCard(sold.code))
        with pytest.raises(InsufficientBalance) as caught:
            await buy(toko, FromGiftCard(sold.code), key="w-2")
        assert (IDR(75_000), IDR(0)) == (caught.value.wanted, caught.value.left)

    play(body)


def test_what_cannot_be_a_card_is_refused(play):
    """Amounts, dates, methods and reasons."""

    async def body(toko):
        cards = toko.gift_cards
        for amount in (IDR(0), IDR(-1)):
            with pytest.raises(InvalidAmount):
                await cards.issue(amount, reason="gift", key="k")
        with pytest.raises(NotMoney):
            await cards.issue(5.0, reason="gift", key="k")
        with pytest.raises(InvalidInput):
            await cards.issue(USD(1), reason="gift", key="k")
        with pytest.raises(InvalidInput):
            await cards.issue(IDR(1), reason=" ", key="k")
        with pytest.raises(InvalidInput):
            await cards.issue(IDR(1), reason="gift", key="k", valid_until=date(2020, 1, 1))
        with pytest.raises(NotLocal):
            await cards.sell(IDR(1), method="fake", key="k")
        with pytest.raises(BoughtWithStoredValue):
            await cards.sell(IDR(1), method="gift_card", key="k")
        with pytest.raises(NotFound):
            await cards.block("gft_none", reason="x")
        assert () == (await cards.page()).items

    play(body)


def test_an_expired_card_is_neither_blocked_nor_given_a_code(play):
    """There is nothing on it; only money that comes back opens it."""

    async def body(toko):
        sold = await card(toko, valid_until=toko.clock.now() + timedelta(days=1))
        toko.clock.forward(days=1)
        await toko.tick()
        with pytest.raises(IllegalGiftCardTransition):
            await toko.gift_cards.block(sold.card, reason="x")
        with pytest.raises(IllegalGiftCardTransition):
            await toko.gift_cards.new_code(sold.card, reason="x")

    play(body)


def test_a_customer_pays_with_any_card_whose_code_they_have(play):
    """A card belongs to whoever has it."""

    async def body(toko):
        sold = await card(toko)
        mine = toko.another(Customer(CustomerId("siti")))
        assert IDR(100_000) == await mine.gift_cards.balance(sold.code)

    play(body)


def test_nothing_is_read_once_an_order_is_being_written():
    """A read after a write would make the storage send what it has so far: a trip more, with the counters locked."""
    told = []

    class Watched:
        def __init__(self, unit):
            self._unit = unit

        def __getattr__(self, name):
            told.append(name)
            return getattr(self._unit, name)

    class Watching(MemoryStorage):
        def begin(self, partition, *, read_only=False):
            del told[:]
            return Watched(super().begin(partition, read_only=read_only))

    with tokolib.open(Watching(COLLECTIONS), country="ID") as shop:
        Given(shop).goods({"TEH": 20_000})
        sold = shop.gift_cards.sell(HUNDRED, method="cash", key="c-1")
        shop.store_credit.grant("siti", IDR(10_000), reason="sorry", key="g-1")
        for number, quantity in enumerate((1, 8)):  # all of it, and a part of which cash is the rest
            credit = [FromGiftCard(sold.code), FromStoreCredit()]
            shop.orders.place(
                Basket({"TEH": quantity}, customer="siti"), tender="cash", credit=credit, key=f"w-{number}"
            )
            written = told.index("count")
            assert not {"read", "get", "get_many", "find", "seen", "value", "flush"} & {*told[written:]}
