"""Offers: what staff promises, version by version, and the order that becomes of it."""

from datetime import timedelta

import pytest

import tokolib
from tokolib import IDR, Basket, InvalidInput, OrderState
from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.cart import LineWish
from tokolib.cart.errors import IllegalCartTransition
from tokolib.checkout import QuoteExpired
from tokolib.conditions import equal
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel import Policies
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.policies import PlacementPolicy
from tokolib.kernel.storage_errors import Refused
from tokolib.orders import PaymentDeclined
from tokolib.orders.offers import (
    IllegalOfferTransition,
    NothingToSend,
    NotTheNewestVersion,
    OfferChanged,
    OfferLapsed,
    OfferNeedsTender,
    OfferState,
    OfferTaken,
    OfferTermTooLong,
    OtherCart,
)
from tokolib.records.collections import COLLECTIONS

DEAL = IDR(60_000)


async def cart_of(toko, quantity=2, sku="KOPI-250"):
    """A staff cart at a price that was agreed."""
    return await toko.carts.start([LineWish(sku, quantity, price=DEAL, reason="office rate")])


async def sent(toko, quantity=2, *, days=7, hold=False):
    """An offer that waits for its answer."""
    offer = await toko.offers.draft(await toko.carts.quote(await cart_of(toko, quantity)))
    return await toko.offers.send(offer, to="Siti", until=toko.clock.now() + timedelta(days=days), hold=hold)


async def resent(toko, offer, quantity, *, hold=False):
    """The same with a new version of another quantity, sent."""
    cart = await toko.carts.get(offer.cart_id)
    cart = await toko.carts.set_quantity(cart, cart.lines[0].id, quantity)
    offer = await toko.offers.revise(offer, await toko.carts.quote(cart))
    return await toko.offers.send(offer, to="Siti", until=toko.clock.now() + timedelta(days=7), hold=hold)


async def free(toko, sku="KOPI-250"):
    """How many can be sold."""
    return (await toko.stock.available(sku)).steps


@pytest.mark.parametrize("placement", PlacementPolicy)
def test_what_was_sent_is_what_is_placed(play, placement):
    """Prices, promotions, the quote's own term and what becomes of the cart meanwhile change no figure of it."""

    async def body(toko):
        await toko.settings.change(policies=Policies(placement=placement))
        before = await free(toko)
        offer = await sent(toko, 2)
        await toko.prices.put("KOPI-250", IDR(99_000))
        await toko.promotions.percent("HEMAT", 10)
        await toko.carts.add(await toko.carts.get(offer.cart_id), {"Teh-100": 1})
        toko.clock.forward(days=6)

        order = await toko.offers.accept(offer, version=1, tender="cash", key="a")

        assert (IDR(120_000), OrderState.PLACED, offer.newest.quote_id) == (order.total, order.state, order.quote_id)
        assert before - 2 == await free(toko)
        now = await toko.offers.get(offer.id)
        assert (OfferState.ACCEPTED, order.id) == (now.state, now.order_id)
        assert "completed" == (await toko.carts.get(offer.cart_id)).status
        assert (await toko.shop.verify()).ok

    play(body)


def test_the_same_key_answers_the_same_order(play):
    """Another request under it is refused, and so is a second order of the offer."""

    async def body(toko):
        offer = await sent(toko)
        first = await toko.offers.accept(offer, version=1, tender="bank_transfer", key="a")
        again = await toko.offers.accept(offer, version=1, tender="bank_transfer", key="a")

        assert first == again
        with pytest.raises(KeyReused):
            await toko.offers.accept(offer, version=1, tender="cash", key="a")
        with pytest.raises(OfferTaken) as refused:
            await toko.offers.accept(offer, version=1, tender="cash", key="b")
        assert first.id == refused.value.order_id

    play(body)


def test_only_the_version_that_was_sent_last_can_be_accepted(play):
    """A revision leaves the old one standing until it is sent; every version stays readable."""

    async def body(toko):
        offer = await sent(toko, 2)
        cart = await toko.carts.get(offer.cart_id)
        await toko.carts.set_quantity(cart, cart.lines[0].id, 3)
        offer = await toko.offers.revise(offer, await toko.carts.quote(cart), note="three", key="r")
        again = await toko.offers.revise(offer, offer.newest.quote_id, note="three", key="r")
        assert (offer, 1) == (again, offer.standing.number)
        with pytest.raises(NotTheNewestVersion):
            await toko.offers.accept(offer, version=2, tender="cash", key="a")

        offer = await toko.offers.send(offer, to="Siti", until=toko.clock.now() + timedelta(days=3))
        with pytest.raises(NotTheNewestVersion) as refused:
            await toko.offers.accept(offer, version=1, tender="cash", key="a")
        order = await toko.offers.accept(offer, version=2, tender="cash", key="a")

        assert (1, 2) == (refused.value.number, refused.value.standing)
        assert IDR(180_000) == order.total
        assert [IDR(120_000), IDR(180_000)] == [(await toko.offers.figures(offer, each)).total for each in (1, 2)]
        with pytest.raises(InvalidInput):
            await toko.offers.figures(offer, 3)

    play(body)


@pytest.mark.parametrize("ending", ["decline", "withdraw", "expire", "accept", "resend"])
def test_goods_are_put_aside_for_as_long_as_it_is_promised(play, ending):
    """However it ends, nothing is held for it any more; accepted, the order holds them, though nobody else could."""

    async def body(toko):
        before = await free(toko)
        offer = await sent(toko, before - 1, hold=True)
        assert 1 == await free(toko)
        with pytest.raises(OutOfStock):
            await toko.given.order({"KOPI-250": 2})

        match ending:
            case "decline":
                await toko.offers.decline(offer)
            case "withdraw":
                await toko.offers.withdraw(offer, reason="sold out")
            case "expire":
                toko.clock.forward(days=7)
                assert 1 == (await toko.shop.tick()).expired_offers
            case "accept":
                await toko.offers.accept(offer, version=1, tender="cash", key="a")
            case "resend":
                await resent(toko, offer, 1)

        assert (1 if ending == "accept" else before) == await free(toko)
        assert (await toko.shop.verify()).ok

    play(body)


def test_a_term_that_is_over_is_over_without_any_sweep(play):
    """From its instant on nobody can accept it; the sweep takes so many at a time, and leaves the others."""

    async def body(toko):
        offers = [await sent(toko, 1, hold=True) for _ in range(3)]
        before = await free(toko)
        toko.clock.forward(days=7)

        with pytest.raises(OfferLapsed):
            await toko.offers.accept(offers[0], version=1, tender="cash", key="a")
        assert [2, 1, 0] == [(await toko.shop.tick(budget=2)).expired_offers for _ in range(3)]
        assert before + 3 == await free(toko)
        with pytest.raises(IllegalOfferTransition) as refused:
            await toko.offers.accept(offers[0], version=1, tender="cash", key="a")
        assert ("offers.revise",) == refused.value.allowed
        assert 3 == len((await toko.offers.in_state(OfferState.EXPIRED)).items)

    play(body)


def test_a_cart_that_nobody_came_back_to_is_ordered_all_the_same(play):
    """A promise of two months outlasts the cart that it was made of."""

    async def body(toko):
        offer = await sent(toko, days=60)
        for _ in range(2):
            toko.clock.forward(days=25)
            await toko.shop.tick()
        toko.clock.forward(days=8)
        await toko.shop.tick()
        assert "expired" == (await toko.carts.get(offer.cart_id)).status

        order = await toko.offers.accept(offer, version=1, tender="cash", key="a")

        assert (order.id, "completed") == (
            (await toko.carts.get(offer.cart_id)).order_id,
            (await toko.carts.get(offer.cart_id)).status,
        )

    play(body)


def test_goods_that_are_gone_leave_the_offer_as_it_was(play):
    """It says what is short; once they are back, the same version is accepted."""

    async def body(toko):
        offer = await sent(toko, 2)
        there = await free(toko)
        await toko.given.order({"KOPI-250": there - 1})

        with pytest.raises(OutOfStock):
            await toko.offers.accept(offer, version=1, tender="cash", key="a")
        assert offer == await toko.offers.get(offer.id)
        await toko.stock.receive("KOPI-250", 5)
        assert IDR(120_000) == (await toko.offers.accept(offer, version=1, tender="cash", key="a")).total

    play(body)


def test_goods_put_aside_stay_when_accepting_is_refused(play):
    """What was held for it is held on: a tender that doesn't exist changes nothing."""

    async def body(toko):
        offer = await sent(toko, 2, hold=True)
        before = await free(toko)

        with pytest.raises(Exception, match="nothing-like-it"):
            await toko.offers.accept(offer, version=1, tender="nothing-like-it", key="a")

        assert (before, offer) == (await free(toko), await toko.offers.get(offer.id))

    play(body)


def test_other_taxes_are_told_and_never_charged(play_in_memory):
    """A shop that became PKP since can't keep to a price without PPN: figure by figure, and nothing is placed."""

    async def body(toko):
        offer = await sent(toko)
        await toko.settings.change(pkp_since=toko.clock.now().date())

        with pytest.raises(OfferChanged) as refused:
            await toko.offers.accept(offer, version=1, tender="cash", key="a")

        assert ["taxes[standard]: none → PPN 12 % of 11/12"] == list(refused.value.differences)
        assert OfferState.SENT is (await toko.offers.get(offer.id)).state

    play_in_memory(body)


def test_nobody_promises_beyond_a_change_of_the_law(play_in_memory):
    """The shop becomes PKP in five days: four can be promised, six can't, and the refusal names the instant."""

    async def body(toko):
        day = (toko.clock.now() + timedelta(days=5)).date()
        await toko.settings.change(pkp_since=day)

        with pytest.raises(OfferTermTooLong) as refused:
            await sent(toko, days=6)

        assert refused.value.latest[:10] in (str(day), str(day - timedelta(days=1)))
        assert OfferState.SENT is (await sent(toko, days=4)).state

    play_in_memory(body)


def test_a_price_that_depends_on_the_tender_needs_one(play_in_memory):
    """It is promised for the tender that it was quoted for, and another one has changed it."""

    async def body(toko):
        await toko.promotions.percent("TUNAI", 10, conditions=equal("tender", "cash"))
        cart = await toko.carts.start({"KOPI-250": 2})
        open_ = await toko.carts.quote(cart)
        with pytest.raises(OfferNeedsTender):
            await toko.offers.draft(open_)
        offer = await toko.offers.draft(await toko.carts.quote(cart, tender="cash"))
        offer = await toko.offers.send(offer, to="Siti", until=toko.clock.now() + timedelta(days=1))

        with pytest.raises(OfferChanged) as refused:
            await toko.offers.accept(offer, version=1, tender="bank_transfer", key="a")

        assert ("tender: cash → bank_transfer",) == refused.value.differences
        assert IDR(135_000) == (await toko.offers.accept(offer, version=1, tender="cash", key="a")).total

    play_in_memory(body)


def test_a_declined_payment_leaves_the_offer_to_be_accepted(play):
    """Once more, under a new key, at the same figures; the first order stays cancelled."""

    async def body(toko):
        offer = await sent(toko)
        toko.world.switches.decline = 1
        with pytest.raises(PaymentDeclined) as refused:
            await toko.offers.accept(offer, version=1, tender="fake", key="a")

        order = await toko.offers.accept(offer, version=1, tender="cash", key="b")

        assert OrderState.CANCELLED is (await toko.orders.get(refused.value.order_id)).state
        assert (OrderState.PLACED, order.id) == (order.state, (await toko.offers.get(offer.id)).order_id)
        assert (await toko.shop.verify()).ok

    play(body)


def test_what_makes_no_sense_is_refused(play):
    """A quote of another cart or that is too old, a version twice, nobody, the past, a cart that was ordered."""

    async def body(toko):
        offer, quote = await sent(toko), await toko.carts.quote(await cart_of(toko))
        day = toko.clock.now() + timedelta(days=1)
        for error, call in (
            (OtherCart, lambda: toko.offers.revise(offer, quote)),
            (NothingToSend, lambda: toko.offers.send(offer, to="Siti", until=day)),
            (InvalidInput, lambda: toko.offers.send(offer, to=" ", until=day)),
            (InvalidInput, lambda: toko.offers.withdraw(offer, reason=" ")),
        ):
            with pytest.raises(error):
                await call()
        draft = await toko.offers.draft(quote)
        with pytest.raises(OfferLapsed):
            await toko.offers.send(draft, to="Siti", until=toko.clock.now())
        toko.clock.forward(hours=1)
        with pytest.raises(QuoteExpired):
            await toko.offers.send(draft, to="Siti", until=day)
        with pytest.raises(QuoteExpired):
            await toko.offers.draft(quote)
        with pytest.raises(IllegalOfferTransition):
            await toko.offers.accept(draft, version=1, tender="cash", key="d")
        assert offer == await toko.offers.get(offer.id)
        again = await toko.carts.quote(await toko.carts.get(offer.cart_id))
        await toko.orders.place(again, tender="cash", key="direct")
        with pytest.raises(IllegalCartTransition):
            await toko.offers.accept(offer, version=1, tender="cash", key="a")

    play(body)


def test_everything_that_happened_to_it_is_told(play):
    """Who it was sent to is in its history, and drafting it once more under its key makes no second one."""

    async def body(toko):
        quote = await toko.carts.quote(await cart_of(toko))
        offer = await toko.offers.draft(quote, key="d")
        assert offer == await toko.offers.draft(quote, key="d")
        await toko.offers.send(offer, to="Siti", until=toko.clock.now() + timedelta(days=1))
        offer = await toko.offers.decline(offer, reason="too dear")
        offer = await toko.offers.revise(offer, quote)

        told = [type(each.event).__name__ for each in await toko.offers.history(offer)]
        assert ["OfferDrafted", "OfferSent", "OfferDeclined", "OfferRevised"] == told
        assert (OfferState.DRAFT, "", None) == (offer.state, offer.reason, offer.until)
        assert quote == await toko.offers.figures(offer, 1)

    play(body)


class Faster:
    """A storage whose next commit finds that somebody else has held the goods."""

    def __init__(self, storage):
        self.storage, self.act = storage, None

    def __getattr__(self, name):
        return getattr(self.storage, name)

    def begin(self, partition, *, read_only=False):
        unit = self.storage.begin(partition, read_only=read_only)
        return unit if read_only or self.act is None else _Late(unit, self)


class _Late:
    def __init__(self, unit, storage):
        self.unit, self.storage = unit, storage

    def __getattr__(self, name):
        return getattr(self.unit, name)

    def commit(self):
        self.unit.rollback()
        act, self.storage.act = self.storage.act, None
        act()
        raise Refused("hold", "off_1:1:main|kopi-250", 2, 1)


@pytest.mark.parametrize(("sold", "left"), [(1, 1), (2, None)])
def test_goods_that_are_sold_as_an_offer_is_sent_are_looked_at_again(sold, left):
    """What the storage refuses is decided anew: they are put aside where there are enough, or named as short."""
    storage = Faster(MemoryStorage(COLLECTIONS))
    with tokolib.open(storage, country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        shop.prices.put("KOPI-250", DEAL)
        shop.stock.receive("KOPI-250", 4)
        quote = shop.carts.quote(shop.carts.start({"KOPI-250": 3 - (left or 0)}))
        offer = shop.offers.draft(quote)
        term = quote.made_at + timedelta(days=7)
        storage.act = lambda: shop.orders.place(Basket({"KOPI-250": sold}), tender="cash", key="1")

        if left is None:
            with pytest.raises(OutOfStock):
                shop.offers.send(offer, to="Siti", until=term, hold=True)
        else:
            shop.offers.send(offer, to="Siti", until=term, hold=True)
            assert left == shop.stock.available("KOPI-250").steps
