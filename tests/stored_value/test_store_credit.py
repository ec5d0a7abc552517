"""Store credit: granted with a reason, used before it expires, and a way in which a refund is given."""

from datetime import date, timedelta

import pytest

from tokolib import EUR, IDR, USD, Customer, OrderState, Staff
from tokolib.kernel.errors import InvalidInput, KeyReused
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money_errors import CurrencyMismatch, NotMoney
from tokolib.kernel.settings import CurrencyNotAccepted
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import InvalidAmount, NotLocal
from tokolib.stored_value import (
    BoughtWithStoredValue,
    CreditNeedsCustomer,
    FromGiftCard,
    FromStoreCredit,
    InsufficientBalance,
    NotTheirCredit,
)

SITI, BUDI = CustomerId("siti"), CustomerId("budi")


async def grant(toko, amount, key, **options):
    """Store credit for Siti."""
    return await toko.store_credit.grant(SITI, amount, reason="late parcel", key=key, **options)


async def buy(toko, *credit, tender="cash", key="w-1", goods=None, customer=SITI):
    """An order of one KOPI-250 (IDR 75,000), or of other *goods*, for a *customer*."""
    quote = await toko.given.quote(goods or {"KOPI-250": 1}, customer=customer)
    return await toko.orders.place(quote, tender=tender, credit=credit, key=key)


def test_what_expires_first_is_used_first(play):
    """And what never expires last, whatever was granted first."""

    async def body(toko):
        now = toko.clock.now()
        for_ever = await grant(toko, IDR(50_000), "g-1")
        later = await grant(toko, IDR(50_000), "g-2", valid_until=now + timedelta(days=60))
        soon = await grant(toko, IDR(20_000), "g-3", valid_until=now + timedelta(days=9))
        assert (soon, later, for_ever) == await toko.store_credit.grants(SITI)
        order = await buy(toko, FromStoreCredit(), tender="free")
        assert (OrderState.PLACED, PaymentStatus.PAID) == (order.state, order.payment)
        used = [(each.reference, each.amount) for each in (await toko.payments.intent(order)).operations]
        assert [(soon.id, IDR(20_000)), (later.id, IDR(50_000)), (for_ever.id, IDR(5_000))] == used
        assert IDR(45_000) == await toko.store_credit.balance(SITI)
        assert IDR(0) == await toko.store_credit.balance(BUDI)

    play(body)


def test_what_was_granted_says_why_and_by_whom(play):
    """The grant tells the reason, its history the person, the statement every movement."""

    async def body(toko):
        budi = toko.another(Staff("budi"))
        granted = await budi.store_credit.grant(SITI, IDR(90_000), reason="broken cup", key="g-1")
        assert ("broken cup", IDR(90_000)) == (granted.reason, granted.amount)
        order = await buy(toko, FromStoreCredit())
        toko.clock.forward(minutes=1)
        left = await budi.store_credit.withdraw(SITI, IDR(5_000), reason="granted too much", key="w-1")
        assert (
            IDR(10_000)
            == left
            == await budi.store_credit.withdraw(SITI, IDR(5_000), reason="granted too much", key="w-1")
        )
        statement = await toko.store_credit.statement(SITI)
        told = [(each.kind, each.amount, each.order_id) for each in statement.movements]
        assert IDR(10_000) == statement.balance
        assert [
            ("granted", IDR(90_000), None),
            ("redeemed", IDR(-75_000), order.id),
            ("withdrawn", IDR(-5_000), None),
        ] == told

    play(body)


def test_no_customer_is_granted_more_than_can_be_told(play):
    """What was granted in all stays an amount of money, spent and expired grants included."""

    async def body(toko):
        most = IDR(10**15)
        await grant(toko, most - IDR(50_000), "g-1", valid_until=toko.clock.now() + timedelta(days=1))
        toko.clock.forward(days=1)
        await toko.tick()
        for amount in (IDR(50_001), most):
            with pytest.raises(InvalidAmount, match="at most IDR 50000"):
                await grant(toko, amount, f"g-{amount}")
        await grant(toko, IDR(50_000), "g-2")
        assert IDR(50_000) == await toko.store_credit.balance(SITI)
        assert IDR(50_000) == (await toko.store_credit.statement(SITI)).balance

    play(body)


def test_credit_ends_with_its_day(play):
    """A day is the shop's: it lasts until its end."""

    async def body(toko):
        today = toko.clock.now().date()
        await grant(toko, IDR(50_000), "g-1", valid_until=today)
        await grant(toko, IDR(30_000), "g-2")
        assert IDR(80_000) == await toko.store_credit.balance(SITI)
        toko.clock.forward(days=1)
        assert IDR(30_000) == await toko.store_credit.balance(SITI)
        assert 1 == (await toko.tick()).expired_credit
        assert 0 == (await toko.tick()).expired_credit
        assert IDR(30_000) == await toko.store_credit.balance(SITI)

    play(body)


def test_a_cancelled_order_gives_each_grant_its_own_back(play):
    """With thirty days at least to use it."""

    async def body(toko):
        soon = await grant(toko, IDR(20_000), "g-1", valid_until=toko.clock.now() + timedelta(days=1))
        await grant(toko, IDR(100_000), "g-2")
        order = await buy(toko, FromStoreCredit())
        toko.clock.forward(days=2)
        await toko.tick()
        await toko.orders.cancel(order, reason="changed mind")
        assert IDR(120_000) == await toko.store_credit.balance(SITI)
        (first, _) = await toko.store_credit.grants(SITI)
        assert (soon.id, toko.clock.now() + timedelta(days=30)) == (first.id, first.valid_until)

    play(body)


def test_a_card_and_credit_pay_together(play):
    """In the order in which they are named, and the tender the rest."""

    async def body(toko):
        await grant(toko, IDR(20_000), "g-1")
        card = await toko.gift_cards.issue(IDR(30_000), reason="raffle", key="c-1")
        order = await buy(toko, FromStoreCredit(), FromGiftCard(card.code))
        paid = [(each.provider, each.amount) for each in (await toko.payments.intent(order)).operations]
        assert {("store_credit", IDR(20_000)), ("gift_card", IDR(30_000)), ("cash", IDR(25_000))} == set(paid)

    play(body)


@pytest.mark.parametrize("tender", ["cash", "fake"])
def test_a_refund_may_be_store_credit(play, tender):
    """At once, instead of money, whichever way the money came; it never expires."""

    async def body(toko):
        order = await buy(toko, tender=tender)
        if tender == "fake":
            toko.world.pay(toko.world.charges[-1].key)
            await toko.deliver_webhooks()
        refund = await toko.payments.refund(order, IDR(30_000), reason="dented", key="r-1", method="store_credit")
        again = await toko.payments.refund(order, IDR(30_000), reason="dented", key="r-1", method="store_credit")
        assert ("succeeded", refund) == (refund.state, again)
        (granted,) = await toko.store_credit.grants(SITI)
        assert (IDR(30_000), None, "dented") == (granted.amount, granted.valid_until, granted.reason)
        assert PaymentStatus.PARTIALLY_REFUNDED is (await toko.orders.get(order.id)).payment
        assert IDR(30_000) == await toko.store_credit.balance(SITI)

    play(body)


def test_a_return_may_be_credited(play):
    """What a card paid as well: the card stays empty, the customer has credit."""

    async def body(toko):
        card = await toko.gift_cards.issue(IDR(50_000), reason="raffle", key="c-1")
        order = await buy(toko, FromGiftCard(card.code))
        await toko.ship(order)
        done = await toko.returns.accept(order, {"KOPI-250": 1}, reason="bitter", refund_to="store_credit", key="r-1")
        assert IDR(75_000) == done.refund.amount
        assert IDR(75_000) == await toko.store_credit.balance(SITI)
        assert IDR(0) == await toko.gift_cards.balance(card.code)

    play(body)


def test_who_has_no_name_has_no_credit(play):
    """Neither to pay with nor to be given; and nothing is stored."""

    async def body(toko):
        with pytest.raises(CreditNeedsCustomer):
            await buy(toko, FromStoreCredit(), customer=None)
        order = await buy(toko, customer=None)
        with pytest.raises(CreditNeedsCustomer):
            await toko.payments.refund(order, IDR(1_000), reason="x", key="r-1", method="store_credit")
        intent = await toko.payments.intent(order)
        assert (IDR(0), IDR(0)) == (intent.refunded, intent.pending_refund)
        with pytest.raises(NotLocal):
            await toko.payments.refund(order, IDR(1_000), reason="x", key="r-2", method="gift_card")

    play(body)


def test_a_customer_uses_their_own_credit_alone(play):
    """Whoever has signed in as Budi can't spend what Siti has."""

    async def body(toko):
        await grant(toko, IDR(100_000), "g-1")
        quote = await toko.given.quote({"KOPI-250": 1}, customer=SITI)
        budi = toko.another(Customer(BUDI))
        with pytest.raises(NotTheirCredit):
            await budi.orders.place(quote, tender="cash", credit=[FromStoreCredit()], key="w-1")
        siti = toko.another(Customer(SITI))
        await siti.orders.place(quote, tender="cash", credit=[FromStoreCredit()], key="w-1")
        assert IDR(25_000) == await toko.store_credit.balance(SITI)

    play(body)


def test_what_cannot_be_granted_or_used_is_refused(play):
    """Each by its name, and nothing is stored."""

    async def body(toko):
        credit = toko.store_credit
        await grant(toko, IDR(10_000), "g-1")
        refusals = [
            (lambda: grant(toko, IDR(0), "k"), InvalidAmount),
            (lambda: grant(toko, IDR(-5), "k"), InvalidAmount),
            (lambda: grant(toko, 5.5, "k"), NotMoney),
            (lambda: grant(toko, EUR(5), "k"), InvalidInput),
            (lambda: grant(toko, IDR(5), "k", valid_until=date(2020, 1, 1)), InvalidInput),
            (lambda: grant(toko, IDR(5), "g-1"), KeyReused),
            (lambda: credit.grant(" ", IDR(5), reason="x", key="k"), InvalidInput),
            (lambda: credit.grant(SITI, IDR(5), reason="", key="k"), InvalidInput),
            (lambda: credit.balance(SITI, "EUR"), CurrencyNotAccepted),
            (lambda: credit.withdraw(SITI, IDR(10_001), reason="x", key="k"), InsufficientBalance),
            (lambda: credit.withdraw(SITI, IDR(0), reason="x", key="k"), InvalidAmount),
            (lambda: buy(toko, FromStoreCredit(IDR(10_001))), InsufficientBalance),
            (lambda: buy(toko, FromStoreCredit(), customer=BUDI), InsufficientBalance),
            (lambda: buy(toko, FromStoreCredit(USD(1))), CurrencyMismatch),
            (lambda: buy(toko, FromStoreCredit(), FromStoreCredit(IDR(1))), InvalidInput),
        ]
        for ask, error in refusals:
            with pytest.raises(error):
                await ask()
        assert IDR(10_000) == await credit.balance(SITI)
        assert () == (await toko.orders.page()).items

    play(body)


def test_credit_buys_no_gift_card(play):
    """Else a date could be got rid of."""

    async def body(toko):
        await grant(toko, IDR(100_000), "g-1", valid_until=toko.clock.now() + timedelta(days=1))
        order = await buy(toko, FromStoreCredit())
        with pytest.raises(BoughtWithStoredValue):
            await toko.gift_cards.sell_in(order, IDR(75_000), key="c-1")
        with pytest.raises(BoughtWithStoredValue):
            await toko.gift_cards.sell(IDR(75_000), method="store_credit", key="c-2")

    play(body)


def test_credit_of_one_currency_pays_no_other(play):
    """Each currency is a purse of its own."""

    async def body(toko):
        await toko.settings.change(currencies=("USD",))
        await grant(toko, USD("5.00"), "g-1")
        await grant(toko, IDR(10_000), "g-2")
        await buy(toko, FromStoreCredit())
        assert (IDR(0), USD("5.00")) == (
            await toko.store_credit.balance(SITI),
            await toko.store_credit.balance(SITI, "USD"),
        )

    play(body)
