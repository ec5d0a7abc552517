"""Digital goods: keys that nobody sees in storage, one for each unit that is paid for, and none for anybody else."""

import asyncio
import io
import json
from datetime import timedelta

import pytest

import tokolib
from tokolib import IDR, Basket, InvalidInput, OrderState
from tokolib.catalog.drafts import ProductDraft, VariantDraft
from tokolib.catalog.errors import InvalidProduct
from tokolib.checkout.errors import NothingTravels
from tokolib.fulfilment.errors import NobodyCarries, NothingToShip
from tokolib.fulfilment.licences import (
    IllegalLicenceTransition,
    KeysKnown,
    LicenceState,
    NoSealer,
    NotDigital,
    SealBroken,
)
from tokolib.fulfilment.licences.model import licence_id
from tokolib.fulfilment.model import ShipmentState
from tokolib.inventory.errors import BelowHeld, OutOfStock
from tokolib.inventory.lots import KeysNeeded, LotReceipt, LotsNeeded, LotsNotPickable
from tokolib.inventory.model import StockState
from tokolib.kernel.errors import HostMismatch, KeyReused, NotFound
from tokolib.kernel.policies import Policies
from tokolib.kernel.sourcing_rules import SourcingPlace, SourcingRules
from tokolib.orders.unit_errors import NothingToCarry
from tokolib.payments.errors import TenderRefused
from tokolib.returns.model import Disposition
from tokolib.testing.builders import BUYER
from tokolib.testing.fake_sealer import AsyncFakeSealer, FakeSealer

KEYS = ["AAAA-1111", "BBBB-2222", "CCCC-3333"]


async def pooled(toko, keys=KEYS, **more):
    """A shop with a game beside its coffee."""
    await toko.catalog.put("GAME", "Petualangan di Borobudur", digital=True)
    await toko.prices.put("GAME", IDR(150_000))
    return await toko.licences.add("GAME", keys, key="delivery-1", **more)


async def bought(toko, goods=None, key="web-1", tender="cash", **wishes):
    quote = await toko.carts.quote(await toko.carts.start(goods or {"GAME": 1}), **wishes)
    return await toko.orders.place(quote, tender=tender, key=key)


@pytest.fixture
def selling(play):
    """Plays a story in a shop that can seal."""
    return lambda body, **options: play(body, sealer=FakeSealer(), **options)


@pytest.fixture
def selling_in_memory(play_in_memory):
    """The same in memory alone."""
    return lambda body, **options: play_in_memory(body, sealer=FakeSealer(), **options)


@pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
def test_a_paid_unit_gets_a_key_that_its_customer_reads(selling, taken):
    """The tick grants it: the unit has left and arrived, the order is complete, and the reading is on record."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        assert 3 == await pooled(toko)
        order = await bought(toko, {"GAME": 2})

        assert () == await toko.licences.of(order)
        assert 1 == (await toko.shop.tick()).granted_orders
        licences = await toko.licences.of(order)
        assert [LicenceState.GRANTED] * 2 == [each.state for each in licences]
        read = {await toko.licences.read(each) for each in licences}
        assert len(read) == 2 and read < set(KEYS)
        known = await toko.licences.get(licences[0].id)
        assert (1, toko.clock.now()) == (known.readings, known.read_at)
        (shipment,) = await toko.shipments.of(order)
        with pytest.raises(NobodyCarries):
            await toko.shipments.returning(shipment, reason="refused")
        assert (ShipmentState.DELIVERED, "licence") == (shipment.state, shipment.method)
        assert OrderState.COMPLETED is (await toko.orders.get(order.id)).state
        assert 1 == (await toko.stock.available("GAME")).steps
        assert licences[0].grant == (await toko.licences.grant(order))[0].grant
        assert 0 == (await toko.shop.tick()).granted_orders
        assert (await toko.verify()).ok

    selling(body)


def test_no_key_is_seen_where_it_is_not_read(selling_in_memory):
    """Neither what is told nor a licence that is printed has it in clear, or even sealed."""

    async def body(toko):
        await pooled(toko)
        order = await bought(toko)
        (licence,) = await toko.licences.grant(order)
        told = json.dumps([str(each) for each in await toko.timeline(order)])

        assert not any(key in told + repr(licence) for key in KEYS)
        assert licence.sealed not in repr(licence)

    selling_in_memory(body)


def test_nothing_is_granted_before_it_is_paid(selling):
    """An order waits for its money, and the tick after that grants it."""

    async def body(toko):
        await pooled(toko)
        waiting = await bought(toko, tender="bank_transfer")
        await toko.shop.tick()
        assert () == await toko.licences.of(waiting)
        await toko.payments.received(waiting, waiting.total, key="transfer-1")
        assert 1 == (await toko.shop.tick()).granted_orders
        assert (await toko.verify()).ok

    selling(body)


def test_no_courier_brings_a_key_and_collects_for_it(selling_in_memory):
    """Cash on delivery is refused for it, beside other goods too: by the options, the quote and the order."""

    async def body(toko):
        await pooled(toko)
        for goods, way in (({"GAME": 1}, {}), ({"GAME": 1, "KOPI-250": 1}, {"ship_to": BUYER, "delivery": "jne:reg"})):
            cart = await toko.carts.start(goods)
            with pytest.raises(TenderRefused, match="no courier brings GAME"):
                await toko.carts.quote(cart, tender="cod", **way)
            quote = await toko.carts.quote(cart, **way)
            with pytest.raises(TenderRefused):
                await toko.orders.place(quote, tender="cod", key=f"web-{len(goods)}")
            options = {each.tender: each for each in (await toko.carts.options(cart, **way)).tenders}
            assert (True, False) == (options["cash"].allowed, options["cod"].allowed)
        in_cash = (await toko.carts.options(cart, ship_to=BUYER, tender="cod")).deliveries
        assert {"checkout.no_cod_for_digital"} == {each.reason.code for each in in_cash}

    selling_in_memory(body)


def test_a_mixed_order_sends_what_has_a_body_and_charges_it_alone(selling_in_memory):
    """The parcel is rated without the game, its share of the postage is nothing, and each leaves by its own way."""

    async def body(toko):
        await pooled(toko)
        order = await bought(toko, {"GAME": 1, "KOPI-250": 2}, ship_to=BUYER, delivery="jne:reg")
        lines = {line.line.sku: at for at, line in enumerate(order.lines)}
        postage = order.charges[0].shares

        assert (0, 18_000) == (postage[lines["GAME"]], postage[lines["KOPI-250"]])
        with pytest.raises(NothingToCarry) as refused:
            await toko.shipments.plan(order, {"GAME": 1})
        assert "shop.licences.grant" in refused.value.hint
        planned = await toko.shipments.plan(order)
        assert 2 == sum(run.units for run in planned.runs)
        assert 1 == len(await toko.licences.grant(order))
        with pytest.raises(NothingToShip):
            await toko.shipments.hand_over(order)
        await toko.shipments.hand_over(planned)
        assert (await toko.verify()).ok

    selling_in_memory(body)


def test_places_that_charge_by_weight_charge_nothing_for_it(selling_in_memory):
    """Where the shop's rules choose the place, a key weighs nothing, and nobody has to weigh it."""

    async def body(toko):
        await pooled(toko)
        rules = SourcingRules(places=(SourcingPlace(location="main", per_kilogram=9_000),))
        await toko.settings.change(sourcing=rules)

        alone = await bought(toko, {"GAME": 1})
        mixed = await bought(toko, {"GAME": 1, "KOPI-250": 1}, "web-2", ship_to=BUYER, delivery="jne:reg")
        assert 1 == len(await toko.licences.grant(alone)) == len(await toko.licences.grant(mixed))
        quote = await toko.carts.quote(await toko.carts.start({"GAME": 1}))
        assert 0 == quote.sourcing.total
        assert (await toko.verify()).ok

    selling_in_memory(body)


def test_keys_come_from_their_pool_and_cost_no_place(selling_in_memory):
    """The pool is at the shop's own place, which no rule names; the coffee leaves from where that costs the least."""

    async def body(toko):
        await pooled(toko)
        await toko.stock.open_location("toko", "Toko")
        await toko.stock.receive("KOPI-250", 5, location="toko")
        dear, cheap = SourcingPlace(location="main", use=50_000), SourcingPlace(location="toko", use=1_000)
        await toko.settings.change(sourcing=SourcingRules(places=(dear, cheap)))
        quote = await toko.carts.quote(await toko.carts.start({"GAME": 1, "KOPI-250": 1}))
        assert 1_000 == quote.sourcing.total

        await toko.settings.change(sourcing=SourcingRules(places=(cheap,)))
        alone, mixed = await bought(toko), await bought(toko, {"GAME": 1, "KOPI-250": 1}, "web-2")
        assert 1 == len(await toko.licences.grant(alone)) == len(await toko.licences.grant(mixed))
        with pytest.raises(OutOfStock):
            await bought(toko, {"GAME": 2}, "web-3")
        assert (await toko.shipments.hand_over(mixed)).location == "toko"
        assert (await toko.verify()).ok

    selling_in_memory(body)


def test_a_key_that_is_given_comes_from_the_pool_too(selling_in_memory):
    """Where no rule names the shop's own place, a promotion gives what lies in its pool all the same."""

    async def body(toko):
        await pooled(toko, KEYS[:1])
        await toko.stock.open_location("toko", "Toko")
        await toko.stock.receive("KOPI-250", 5, location="toko")
        await toko.settings.change(sourcing=SourcingRules(places=(SourcingPlace(location="toko"),)))
        await toko.promotions.gift("game", "GAME", at_least=IDR(50_000))

        first, second = await bought(toko, {"KOPI-250": 1}), await bought(toko, {"KOPI-250": 1}, "web-2")

        assert [["KOPI-250", "GAME"], ["KOPI-250"]] == [[line.line.sku for line in o.lines] for o in (first, second)]
        assert 1 == len(await toko.licences.grant(first))

    selling_in_memory(body)


def test_what_has_no_body_needs_no_delivery(selling_in_memory):
    """A delivery with nothing to carry is refused, and the options don't ask for one; an address may be given."""

    async def body(toko):
        await pooled(toko)
        cart = await toko.carts.start({"GAME": 1})

        with pytest.raises(NothingTravels):
            await toko.carts.quote(cart, ship_to=BUYER, delivery="jne:reg")
        options = await toko.carts.options(cart, tender="cash")
        assert () == options.missing and not any(each.allowed for each in options.deliveries)
        assert "checkout.nothing_travels" == (await toko.carts.options(cart, ship_to=BUYER)).deliveries[0].reason.code
        assert (await toko.carts.quote(cart, ship_to=BUYER)).delivery is None

    selling_in_memory(body)


def test_a_pool_is_never_oversold(selling):
    """One more than there are keys is out of stock, and a key comes in once."""

    async def body(toko):
        await pooled(toko)
        with pytest.raises(OutOfStock):
            await bought(toko, {"GAME": 4})
        assert 3 == await toko.licences.add("GAME", KEYS, key="delivery-1")
        with pytest.raises(KeysKnown) as known:
            await toko.licences.add("GAME", ["DDDD-4444", " AAAA-1111 ", "DDDD-4444"], key="delivery-2")
        assert ((2, 3), 2) == (known.value.positions, known.value.count)
        assert "AAAA" not in f"{known.value!r} {known.value} {known.value.hint}"
        with pytest.raises(KeyReused):
            await toko.licences.add("GAME", ["EEEE-5555"], key="delivery-1")
        assert 3 == (await toko.stock.available("GAME")).steps

    selling(body)


@pytest.mark.parametrize("sku", ["game", " GAME ", "\uff27\uff21\uff2d\uff25"])
def test_a_key_comes_in_once_however_its_sku_is_written(selling_in_memory, sku):
    """Blanks, case and wide letters make no other SKU, so they make no second licence of one key."""

    async def body(toko):
        await pooled(toko)
        with pytest.raises(KeysKnown):
            await toko.licences.add(sku, KEYS[:1], key="delivery-2")
        assert 3 == await toko.licences.add(sku, KEYS, key="delivery-1")
        assert 3 == (await toko.stock.available("GAME")).steps

    selling_in_memory(body)


def test_what_came_back_is_revoked_and_never_sold_again(selling):
    """Its money goes back, nothing is put on a shelf, and a key that nobody has read is revoked before another."""

    async def body(toko):
        await pooled(toko)
        order = await bought(toko, {"GAME": 2})
        first, second = await toko.licences.grant(order)
        await toko.licences.read(second)
        back = await toko.returns.request(order, {"GAME": 1}, reason="changed my mind")
        await toko.returns.accept(back)

        states = {each.id: each.state for each in await toko.licences.of(order)}
        assert {first.id: LicenceState.REVOKED, second.id: LicenceState.GRANTED} == states
        assert 1 == (await toko.stock.available("GAME")).steps
        assert Disposition.KEPT is (await toko.returns.get(back.id)).lines[0].disposition
        with pytest.raises(IllegalLicenceTransition):
            await toko.licences.read(first)
        assert "fulfilment.licence" not in str((await toko.orders.get(order.id)).hindrances)
        assert (await toko.verify()).ok

    selling(body)


def test_a_key_that_does_not_work_is_replaced(selling):
    """The customer gets another, the shop's pool has one less, and the first is revoked."""

    async def body(toko):
        await pooled(toko)
        order = await bought(toko)
        (licence,) = await toko.licences.grant(order)
        other = await toko.licences.replace(licence, reason="already used, says the publisher")

        assert (licence.code, licence.grant.line_id) == (other.grant.replaces, other.grant.line_id)
        assert await toko.licences.read(other) != KEYS[0] or other.code != licence.code
        assert LicenceState.REVOKED is (await toko.licences.get(licence.id)).state
        assert 1 == (await toko.stock.available("GAME")).steps
        await bought(toko, {"GAME": 1}, "web-2")
        with pytest.raises((LotsNotPickable, BelowHeld)):
            await toko.licences.replace(other, reason="again")
        assert (await toko.verify()).ok

    selling(body)


def test_a_key_of_no_use_is_withdrawn(selling):
    """It is written off, and blocked for good; one that orders hold all of stays."""

    async def body(toko):
        await pooled(toko, KEYS[:1])
        order = await bought(toko)
        (level,) = await toko.lots.levels("GAME")
        licence = f"lic_game|{level.lot}"
        with pytest.raises(BelowHeld):
            await toko.licences.withdraw(licence, reason="recalled by the publisher")
        await toko.orders.cancel(order, reason="not wanted")
        gone = await toko.licences.withdraw(licence, reason="recalled by the publisher")
        assert (LicenceState.WITHDRAWN, "recalled by the publisher") == (gone.state, gone.reason)
        assert 0 == (await toko.stock.available("GAME")).steps
        assert "recalled by the publisher" == (await toko.lots.get("GAME", level.lot)).blocked
        with pytest.raises(IllegalLicenceTransition):
            await toko.licences.withdraw(licence, reason="again")
        with pytest.raises(NotFound):
            await toko.licences.get("lic_game|L0")
        assert (await toko.verify()).ok

    selling(body)


def test_what_expires_is_granted_in_time_or_not_at_all(selling_in_memory):
    """The first to expire goes first; what has expired is granted to nobody, and the tick says why."""

    async def body(toko):
        await pooled(toko, KEYS[:1], expires_on=toko.clock.now().date() + timedelta(days=3))
        order = await bought(toko)
        toko.clock.forward(days=10)
        ticked = await toko.shop.tick()
        assert 0 == ticked.granted_orders and "GAME" in ticked.failures[0]
        await toko.licences.add("GAME", KEYS[1:], key="fresh")
        assert 1 == (await toko.shop.tick()).granted_orders
        (licence,) = await toko.licences.of(order)
        assert await toko.licences.read(licence) in KEYS[1:]

    selling_in_memory(body)


def test_the_stock_of_a_pool_is_changed_by_the_pool_alone(selling_in_memory):
    """A granted licence is not counted back onto the shelf, and a free one is not written off behind its pool."""

    async def body(toko):
        await pooled(toko)
        order = await bought(toko)
        (licence,) = await toko.licences.grant(order)
        with pytest.raises(KeysNeeded):
            await toko.stock.adjust("GAME", 1, reason="counted", lots={licence.code: 1})
        with pytest.raises(LotsNeeded) as refused:
            await toko.stock.move("GAME", 1, from_=StockState.SELLABLE, to=StockState.QUALITY, reason="checked")
        free = refused.value.known[0]
        with pytest.raises(KeysNeeded):
            await toko.stock.write_off("GAME", 1, reason="broken", lots={free: 1})
        assert 2 == (await toko.stock.available("GAME")).steps
        assert 2 == len(await toko.licences.grant(await bought(toko, {"GAME": 2}, key="web-2")))

    selling_in_memory(body)


def test_a_licence_that_is_set_aside_is_withdrawn_from_where_it_is(selling_in_memory):
    """It is written off in its own state, and those for sale stay."""

    async def body(toko):
        await pooled(toko)
        with pytest.raises(LotsNeeded) as refused:
            await toko.stock.move("GAME", 1, from_=StockState.SELLABLE, to=StockState.QUALITY, reason="checked")
        code = refused.value.known[0]
        aside = {"from_": StockState.SELLABLE, "to": StockState.QUALITY, "reason": "checked", "lots": {code: 1}}
        await toko.stock.move("GAME", 1, **aside)
        gone = await toko.licences.withdraw(licence_id("game", code), reason="leaked")
        assert LicenceState.WITHDRAWN is gone.state
        assert 2 == (await toko.stock.available("GAME")).steps

    selling_in_memory(body)


def test_a_licence_that_was_lost_on_its_way_is_withdrawn_all_the_same(selling_in_memory):
    """A transfer is closed without it: nobody can buy it, and its pool lets it go."""

    async def body(toko):
        await pooled(toko)
        await toko.stock.open_location("shelf", "Another pool")
        way = await toko.transfers.draft({"GAME": 1}, source="main", target="shelf", key="t-1")
        await toko.transfers.dispatch(way)
        (sent,) = [each for each in await toko.lots.levels("GAME") if each.location == "shelf"]
        await toko.transfers.close(way, reason="never came")
        assert 2 == (await toko.stock.available("GAME")).steps

        gone = await toko.licences.withdraw(licence_id("game", sent.lot), reason="lost")

        assert LicenceState.WITHDRAWN is gone.state
        assert () == (await toko.verify()).violations

    selling_in_memory(body)


def test_licences_come_with_their_keys_or_not_at_all(selling_in_memory):
    """Stock of a digital good isn't received like goods, and goods have no keys."""

    async def body(toko):
        await pooled(toko)
        for lots in ([LotReceipt("X1", 1)], []):
            with pytest.raises(KeysNeeded):
                await toko.stock.receive("GAME", 1, lots=lots)
        with pytest.raises(NotDigital):
            await toko.licences.add("KOPI-250", ["X"], key="k")
        for keys in ([], "AAAA", [""], ["x" * 4_001], [7], ["x"] * 1_001):
            with pytest.raises(InvalidInput) as refused:
                await toko.licences.add("GAME", keys, key="k")
            assert "x" * 10 not in str(refused.value)
        yesterday = toko.clock.now().date() - timedelta(days=1)
        with pytest.raises(InvalidInput, match="expires_on"):
            await toko.licences.add("GAME", ["DDDD"], key="k", expires_on=yesterday)
        for components in ({"GAME": 1},):
            with pytest.raises(InvalidProduct, match="can't be part of a bundle"):
                await toko.catalog.put("PAKET-2", "Paket", components=components)
        with pytest.raises(InvalidProduct, match="can't be digital"):
            await toko.catalog.put("PAKET-2", "Paket", components={"KOPI-250": 1}, digital=True)
        with pytest.raises(InvalidProduct, match="yes or no"):
            await toko.catalog.put_product(ProductDraft("X", (VariantDraft("X"),), digital="maybe"))

    selling_in_memory(body)


def test_without_a_seal_nothing_is_stored_or_told(play_in_memory):
    """A shop that was opened with nothing that seals says so; a key that was sealed otherwise stays unread."""

    async def body(toko):
        await toko.catalog.put("GAME", "Petualangan", digital=True)
        with pytest.raises(NoSealer) as refused:
            await toko.licences.add("GAME", KEYS, key="k")
        assert "sealer=" in refused.value.hint
        assert 0 == (await toko.stock.available("GAME")).steps

    play_in_memory(body)


def test_a_broken_seal_is_told_and_the_reading_on_record(play_in_memory):
    """The key can't be had, and that somebody asked for it is known."""
    sealer = FakeSealer()

    async def body(toko):
        await pooled(toko)
        (licence,) = await toko.licences.grant(await bought(toko))
        sealer.broken = True
        with pytest.raises(SealBroken):
            await toko.licences.read(licence)
        assert 1 == (await toko.licences.get(licence.id)).readings

    play_in_memory(body, sealer=sealer)


def test_a_sealer_may_have_to_be_awaited():
    """An awaited shop takes one that is, and a blocking shop refuses it before it opens."""

    async def sold():
        async with tokolib.aopen("memory://", country="ID", sealer=AsyncFakeSealer()) as shop:
            await shop.catalog.put("GAME", "Petualangan", digital=True)
            await shop.prices.put("GAME", IDR(150_000))
            await shop.licences.add("GAME", KEYS[:1], key="pool")
            order = await shop.orders.place(Basket({"GAME": 1}), tender="cash", key="web-1")
            (licence,) = await shop.licences.grant(order)
            return await shop.licences.read(licence)

    assert KEYS[0] == asyncio.run(sold())
    with pytest.raises(HostMismatch, match="the sealer AsyncFakeSealer"):
        tokolib.open("memory://", country="ID", sealer=AsyncFakeSealer())
    with pytest.raises(InvalidInput, match="sealer"):
        tokolib.open("memory://", country="ID", sealer=object())


def test_a_file_of_products_says_what_is_digital(selling_in_memory):
    """Exported and imported again it stays so; an empty cell is a no."""

    async def body(toko):
        await pooled(toko)
        into = io.StringIO()
        await toko.catalog.export_csv(into.write)
        await toko.catalog.put("GAME", "Petualangan di Borobudur", digital=False)
        assert not (await toko.catalog.get("GAME")).digital
        await toko.catalog.import_csv(into.getvalue())
        assert (await toko.catalog.get("GAME")).digital
        assert not (await toko.catalog.get("KOPI-250")).digital

    selling_in_memory(body)
