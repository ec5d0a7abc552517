"""Quotes: every figure known, explained, and good for a while."""

from datetime import UTC, date, datetime

import attrs
import pytest

from tokolib import IDR, USD, Address, LineWish, NotFound, Policies
from tokolib.cart.errors import IllegalCartTransition
from tokolib.catalog.errors import NotForSale
from tokolib.checkout.agreement import Difference, agreed, differences
from tokolib.checkout.errors import AddressNeeded, EmptyCart, QuoteChanged, QuoteExpired
from tokolib.conditions import during
from tokolib.inventory.errors import InvalidLocation, OutOfStock, UnknownLocation
from tokolib.kernel.notation import UnknownLocale
from tokolib.kernel.policies import PlacementPolicy
from tokolib.pricing.coupon_errors import CouponExhausted
from tokolib.pricing.errors import NoPrice
from tokolib.testing.builders import BUYER

ABROAD = Address("Ann Lee", "1 Orchard Road", city="Singapore", postal_code="238801", country="SG")
FROZEN = Policies(placement=PlacementPolicy.FROZEN)


def test_a_quote_knows_every_figure_and_explains_it(play):
    """Goods and delivery add up, and both languages say where each figure came from."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 2}, delivery="jne:reg")

        assert (quote.goods, quote.total, quote.discount) == (IDR(150_000), IDR(168_000), IDR(0))
        assert quote.tax == IDR(0)
        assert (quote.delivery.method, quote.delivery.chargeable_grams) == ("jne:reg", 0)  # a flat rate weighs nothing
        assert quote.charges[0].shares == (18_000,)
        assert str(quote.lines[0].quantity) == "2 pcs"
        assert "Rp168.000" in quote.explain("id") and "PKP" in quote.explain("id")
        assert "Pengiriman jne:reg" in quote.explain("id_ID")
        with pytest.raises(UnknownLocale):
            quote.explain("fr")
        assert "Delivery jne:reg" in quote.explain("en")
        assert await toko.carts.quoted(quote.id) == quote

    play(body)


def test_a_percentage_is_written_as_the_language_writes_it(play_in_memory):
    """With a comma in Indonesian, with a point in English."""

    async def body(toko):
        await toko.promotions.percent("hemat", "7.50")
        quote = await toko.given.quote({"KOPI-250": 1})
        assert "promosi hemat: 7,5 % dari Rp75.000" in quote.explain("id")
        assert "promotion hemat: 7.5 % of Rp75,000" in quote.explain("en")

    play_in_memory(body)


def test_dates_are_shown_by_the_shop_s_clocks_in_a_stored_quote_too(play):
    """Midnight in Jakarta, in the language's own notation; a stored instant knows no zone but UTC."""

    async def body(toko):
        await toko.prices.put_list("lama", until=date(2019, 12, 31))
        await toko.prices.put_list("nanti", since=date(2999, 1, 1))
        hours = during(None, datetime(2019, 12, 31, 17, tzinfo=UTC), zone="Asia/Jakarta")
        await toko.prices.put_list("jam", conditions=hours)
        made = await toko.given.quote({"KOPI-250": 1})

        for quote in (made, await toko.carts.quoted(made.id)):
            assert "sudah berakhir pada 1 Jan 2020 00.00 (Asia/Jakarta)" in quote.explain("id")
            assert "baru berlaku mulai 1 Jan 2999 00.00 (Asia/Jakarta)" in quote.explain("id")
            assert "it ended on 1 Jan 2020 00:00 (Asia/Jakarta)" in quote.explain("en")
            assert "valid until before 1 Jan 2020 00:00 (Asia/Jakarta)" in quote.explain("en")

    play(body)


def test_without_delivery_the_customer_fetches_the_goods(play):
    """No delivery, no address, no charge."""

    async def body(toko):
        quote = await toko.given.quote({"teh-100": 1})
        assert (quote.delivery, quote.charges, quote.total) == (None, (), IDR(20_000))
        assert quote.lines[0].sku == "Teh-100"

    play(body)


def test_what_was_chosen_on_the_cart_counts(play_in_memory):
    """Delivery and address chosen on the cart need not be said again."""

    async def body(toko):
        cart = await toko.carts.start({"KOPI-250": 1})
        await toko.carts.deliver(cart, "jne:reg", BUYER)
        assert (await toko.carts.quote(cart)).total == IDR(93_000)
        assert (await toko.carts.quote(cart, delivery="jne:yes")).total == IDR(105_000)

    play_in_memory(body)


def test_what_cant_be_quoted_says_why(play):
    """An empty cart, a delivery to nowhere, goods that are short: each is named, and nothing is stored."""

    async def body(toko):
        with pytest.raises(EmptyCart):
            await toko.carts.quote(await toko.carts.start())
        with pytest.raises(AddressNeeded) as nowhere:
            await toko.given.quote({"KOPI-250": 1}, delivery="")
            await toko.carts.quote(await toko.carts.start({"KOPI-250": 1}), delivery="jne:reg")
        assert "ship_to" in nowhere.value.hint
        with pytest.raises(OutOfStock) as short:
            await toko.given.quote({"KOPI-250": 21, "Teh-100": 2, "GULA": "50.001"})
        assert sorted(each.sku for each in short.value.shortages) == ["GULA", "KOPI-250"]
        with pytest.raises(NotFound):
            await toko.carts.quoted("quo_nothing")

    play(body)


def test_a_location_that_the_shop_hasnt_got_is_named_as_such(play):
    """Not as a shortage: the locations that there are stand beside it."""

    async def body(toko):
        await toko.stock.open_location("gudang", "Gudang")
        cart = await toko.carts.start({"KOPI-250": 1})
        with pytest.raises(UnknownLocation) as unknown:
            await toko.carts.quote(cart, location="gudnag")
        assert (unknown.value.location, unknown.value.known) == ("gudnag", ("main", "gudang"))
        with pytest.raises(InvalidLocation):
            await toko.carts.quote(cart, location="Gudang!")
        with pytest.raises(OutOfStock):
            await toko.carts.quote(cart, location="gudang")

    play(body)


def test_skus_are_named_as_they_are_written(play_in_memory):
    """Without a price, or taken off the shelf since: `CANGKIR-BARU`, not `cangkir-baru`."""

    async def body(toko):
        product = await toko.catalog.put("CANGKIR-BARU", "Cangkir")
        await toko.stock.receive("CANGKIR-BARU", 1)
        cart = await toko.carts.start({"cangkir-baru": 1})
        with pytest.raises(NoPrice) as unpriced:
            await toko.carts.quote(cart)
        await toko.catalog.archive(product.id)
        with pytest.raises(NotForSale) as gone:
            await toko.carts.quote(cart)
        assert ("CANGKIR-BARU",) == unpriced.value.skus == gone.value.skus

    play_in_memory(body)


def test_a_bundle_is_short_when_its_parts_are(play_in_memory):
    """Eleven bundles need 22 teas; a tea in the same cart counts too."""

    async def body(toko):
        with pytest.raises(OutOfStock) as short:
            await toko.given.quote({"PAKET": 10, "Teh-100": 1})
        assert [each.sku for each in short.value.shortages] == ["Teh-100"]
        assert (await toko.given.quote({"PAKET": 10})).total == IDR(1_000_000)

    play_in_memory(body)


def test_a_quote_expires(play):
    """After its time its prices hold no longer."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 1})
        toko.clock.forward(minutes=60)
        with pytest.raises(QuoteExpired) as gone:
            await toko.orders.place(quote, tender="cash", key="late")
        assert gone.value.quote_id == quote.id and "quote the cart again" in gone.value.hint

    play(body)


@pytest.mark.parametrize(
    ("now", "since", "ends"),
    [
        # UU HPP: 11 % from 1 April 2022; the day begins at 17:00 UTC in Jakarta.
        (datetime(2022, 3, 31, 16, 30, tzinfo=UTC), date(2020, 1, 1), datetime(2022, 3, 31, 17, 0, tzinfo=UTC)),
        # The seller becomes PKP tomorrow: tonight's quote bears no PPN, and must not outlive the night.
        (datetime(2026, 3, 2, 16, 40, tzinfo=UTC), date(2026, 3, 3), datetime(2026, 3, 2, 17, 0, tzinfo=UTC)),
        (datetime(2026, 3, 2, 16, 40, tzinfo=UTC), date(2026, 3, 2), datetime(2026, 3, 2, 17, 40, tzinfo=UTC)),
    ],
)
def test_a_quote_never_outlives_a_change_of_tax(play_in_memory, now, since, ends):
    """It ends with the last day on which its tax is right, whatever the shop promises."""

    async def body(toko):
        toko.clock.instant = now
        await toko.settings.change(pkp_since=since)
        assert (await toko.given.quote({"KOPI-250": 1})).valid_until == ends

    play_in_memory(body)


def test_a_sale_belongs_to_the_day_on_which_it_is_placed(play_in_memory):
    """A quote of 23:50 that is placed at 00:10 is a sale of the new day."""

    async def body(toko):
        toko.clock.instant = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)
        quote = await toko.given.quote({"KOPI-250": 1})
        toko.clock.forward(minutes=20)
        order = await toko.orders.place(quote, tender="cash", key="midnight")
        assert (quote.tax_date, order.tax_date) == (date(2026, 3, 2), date(2026, 3, 3))

    play_in_memory(body)


def test_every_change_before_placement_comes_back_as_a_difference(play):
    """Another price, another rate: the customer is told both, and nothing is placed."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 2}, delivery="jne:reg")
        await toko.prices.put("KOPI-250", IDR(80_000))
        await toko.delivery.flat("jne:reg", IDR(20_000))
        with pytest.raises(QuoteChanged) as changed:
            await toko.orders.place(quote, tender="cash", key="k")
        assert changed.value.differences == (
            "lines[KOPI-250].unit_price: IDR 75000 → IDR 80000",
            "lines[KOPI-250].total: 150000 → 160000",
            "charges[shipping].total: 18000 → 20000",
            "total: IDR 168000 → IDR 180000",
        )
        again = await toko.carts.quote(quote.cart_id, delivery="jne:reg", ship_to=BUYER)
        assert (await toko.orders.place(again, tender="cash", key="k2")).total == IDR(180_000)

    play(body)


def test_other_changes_before_placement(play_in_memory):
    """Lines that came, went or grew; a promotion that ended; a bundle with other contents; goods gone."""

    async def body(toko):
        async def placed(change, lines, **options):
            quote = await toko.given.quote(lines, **options)
            await change(quote)
            with pytest.raises((QuoteChanged, OutOfStock)) as refused:
                await toko.orders.place(quote, tender="cash", key=quote.id)
            return str(refused.value)

        async def add(quote):
            await toko.carts.add(quote.cart_id, {"Teh-100": 1})

        async def remove(quote):
            await toko.carts.remove(quote.cart_id, quote.lines[0].id)

        async def stop(quote):
            await toko.promotions.stop("HEMAT")

        async def refill(quote):
            await toko.catalog.put("PAKET", "Paket", components={"KOPI-250": 1, "Teh-100": 1})

        async def sell_out(quote):
            await toko.stock.write_off("KOPI-250", 20, reason="flood")

        assert "lines[Teh-100].quantity: None → 1 pcs" in await placed(add, {"KOPI-250": 1})
        assert "lines[KOPI-250].quantity: 1 pcs → None" in await placed(remove, {"KOPI-250": 1, "Teh-100": 1})
        await toko.promotions.percent("HEMAT", 10)
        assert "total: IDR 67500 → IDR 75000" in await placed(stop, {"KOPI-250": 1})
        assert "lines[PAKET].contents: 1 × kopi-250, 2 × teh-100 → 1 × kopi-250, 1 × teh-100" in await placed(
            refill, {"PAKET": 1}
        )
        assert "KOPI-250" in await placed(sell_out, {"KOPI-250": 1})

    play_in_memory(body)


def test_a_frozen_quote_keeps_its_prices_and_checks_the_rest(play):
    """Prices and rates hold; stock is checked anew."""

    async def body(toko):
        await toko.settings.change(policies=FROZEN)
        quote = await toko.given.quote({"KOPI-250": 2})
        short = await toko.given.quote({"KOPI-250": 19})
        await toko.prices.put("KOPI-250", IDR(99_000))
        assert (await toko.orders.place(quote, tender="cash", key="a")).total == IDR(150_000)
        with pytest.raises(OutOfStock):
            await toko.orders.place(short, tender="cash", key="b")
        with pytest.raises(IllegalCartTransition):
            await toko.orders.place(quote, tender="cash", key="c")
        toko.clock.forward(hours=2)
        with pytest.raises(QuoteExpired):
            await toko.orders.place(short, tender="cash", key="d")

    play(body)


def test_a_frozen_quote_is_for_the_goods_and_coupons_of_its_cart(play):
    """Prices hold, wishes don't: a cart that holds something else by now is quoted again."""

    async def body(toko):
        await toko.settings.change(policies=FROZEN)
        await toko.promotions.percent("tetangga", 10, coupon="HEMAT")
        more, fewer, other, costlier, without, same = [
            await toko.given.quote({"KOPI-250": 2}, coupons=["HEMAT"]) for _ in range(6)
        ]
        await toko.carts.add(more.cart_id, {"Teh-100": 1})
        await toko.carts.set_quantity(fewer.cart_id, fewer.lines[0].id, 1)
        for changed in (other, costlier, same):
            await toko.carts.remove(changed.cart_id, changed.lines[0].id)
        await toko.carts.add(other.cart_id, {"Teh-100": 2})
        stated = LineWish("KOPI-250", 2, price=IDR(90_000), reason="gift wrapped")
        await toko.carts.add(costlier.cart_id, [stated])
        await toko.carts.drop_coupon(without.cart_id, "HEMAT")
        await toko.carts.add(same.cart_id, {"KOPI-250": 2})

        changes = {
            more.id: ("lines[Teh-100].quantity: None → 1 pcs",),
            fewer.id: ("lines[KOPI-250].quantity: 2 pcs → 1 pcs",),
            other.id: ("lines[Teh-100].quantity: None → 2 pcs", "lines[KOPI-250].quantity: 2 pcs → None"),
            costlier.id: (
                "lines[KOPI-250 at IDR 90000].quantity: None → 2 pcs",
                "lines[KOPI-250].quantity: 2 pcs → None",
            ),
            without.id: ("coupons: HEMAT → None",),
        }
        for quote, expected in changes.items():
            with pytest.raises(QuoteChanged) as refused:
                await toko.orders.place(quote, tender="cash", key=quote)
            assert expected == refused.value.differences
        assert IDR(135_000) == (await toko.orders.place(same, tender="cash", key="same")).total

    play(body)


@pytest.mark.parametrize("policies", [Policies(), FROZEN])
def test_a_coupon_counts_against_the_limits_that_hold_at_placement(play_in_memory, policies):
    """A limit that was set or raised after the quote binds the order; prices hold, uses are never promised."""

    async def body(toko):
        await toko.settings.change(policies=policies)
        await toko.promotions.percent("tetangga", 10, coupon="HEMAT")
        unlimited = [await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT"]) for _ in range(2)]
        await toko.promotions.percent("tetangga", 10, coupon="HEMAT", usage_limit=1)
        order = await toko.orders.place(unlimited[0], tender="cash", key="a")
        with pytest.raises(CouponExhausted) as refused:
            await toko.orders.place(unlimited[1], tender="cash", key="b")
        await toko.promotions.percent("tetangga", 10, coupon="HEMAT", usage_limit=2)
        again = await toko.orders.place(unlimited[1], tender="cash", key="c")

        assert [IDR(67_500)] * 2 == [order.total, again.total]
        assert 1 == refused.value.limit

    play_in_memory(body)


@pytest.mark.parametrize("policies", [Policies(), FROZEN])
def test_the_order_belongs_to_whom_the_cart_belongs_to_when_it_is_placed(play_in_memory, policies):
    """Who signs in between quote and order has the order, and the use of a coupon counts as theirs."""

    async def body(toko):
        await toko.settings.change(policies=policies)
        await toko.promotions.percent("tetangga", 10, coupon="HEMAT", per_customer=1)
        guest = await toko.given.quote({"KOPI-250": 1})
        ani = await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT"], customer="cus_ani")
        for quote in (guest, ani):
            await toko.carts.sign_in(quote.cart_id, "cus_siti")

        orders = [await toko.orders.place(quote, tender="cash", key=quote.id) for quote in (guest, ani)]

        assert ["cus_siti", "cus_siti"] == [order.customer for order in orders]
        assert IDR(7_500) == (await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT"], customer="cus_ani")).discount
        with pytest.raises(CouponExhausted):
            await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT"], customer="cus_siti")

    play_in_memory(body)


def test_a_promotion_in_another_s_place_is_a_change(play_in_memory):
    """The same amount by another coupon or off shipping by another promotion is not what was agreed to."""

    async def body(toko):
        await toko.promotions.free_shipping("gratis", coupon="ONGKIR")
        await toko.promotions.issue("gratis", ["LAIN"])
        quote = await toko.given.quote({"KOPI-250": 1}, delivery="jne:reg", coupons=["ONGKIR"])
        await toko.carts.drop_coupon(quote.cart_id, "ONGKIR")
        await toko.carts.coupon(quote.cart_id, "LAIN")
        with pytest.raises(QuoteChanged, match="details"):
            await toko.orders.place(quote, tender="cash", key="a")

    play_in_memory(body)


def test_an_ordered_cart_gives_no_more_quotes(play_in_memory):
    """What was ordered can't be quoted or ordered again."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 1})
        await toko.orders.place(quote, tender="cash", key="a")
        with pytest.raises(IllegalCartTransition):
            await toko.carts.quote(quote.cart_id)
        with pytest.raises(IllegalCartTransition):
            await toko.orders.place(quote, tender="cash", key="b")

    play_in_memory(body)


def test_a_tender_that_prices_depend_on_must_be_used(play_in_memory):
    """A quote that was priced for one tender is not placed with another."""

    async def body(toko):
        cart = await toko.carts.start({"KOPI-250": 1})
        quote = await toko.carts.quote(cart, tender="bank_transfer")
        with pytest.raises(QuoteChanged, match="tender: bank_transfer → cash"):
            await toko.orders.place(quote, tender="cash", key="a")
        assert (await toko.orders.place(quote, tender="bank_transfer", key="b")).tender == "bank_transfer"

    play_in_memory(body)


def test_a_stated_price_travels_with_its_actor_and_reason(play_in_memory):
    """A line with a price of its own keeps who stated it and why."""

    async def body(toko):
        cart = await toko.carts.start([LineWish("KOPI-250", 1, price=IDR(50_000), reason="dented tin")])
        quote = await toko.carts.quote(cart)
        assert quote.total == IDR(50_000)
        assert (quote.lines[0].stated.reason, quote.lines[0].stated.actor) == ("dented tin", "system:host")

    play_in_memory(body)


def test_goods_that_go_abroad_bear_no_ppn(play_in_memory):
    """The place of delivery decides: an export by a PKP bears none, and the quote shows PPN at 0 % with its law."""

    async def body(toko):
        await toko.settings.change(pkp_since=date(2020, 1, 1))
        await toko.given.delivery({"ems:intl": 200_000})
        home = await toko.given.quote({"KOPI-250": 1})
        abroad = await toko.given.quote({"KOPI-250": 1}, delivery="ems:intl", ship_to=ABROAD)
        assert home.tax > IDR(0) and abroad.tax == IDR(0)
        assert [("PPN", 0, "G")] == [(each.code, each.rate, each.category) for each in abroad.lines[0].taxes]

    play_in_memory(body)


def test_the_hash_tells_what_was_agreed(play_in_memory):
    """Ids and wording don't count, amounts and places do; a quote that differs in nothing visible says so."""

    async def body(toko):
        one = await toko.given.quote({"KOPI-250": 1}, delivery="jne:reg")
        two = await toko.given.quote({"KOPI-250": 1}, delivery="jne:reg")
        assert one.id != two.id and one.hash == two.hash
        assert agreed(one.lines, one.charges, one.wishes, one.currency) == one.hash
        moved = attrs.evolve(one.wishes, ship_to=attrs.evolve(BUYER, street="Jl. Solo 1"))
        assert agreed(one.lines, one.charges, moved, one.currency) != one.hash
        assert agreed(one.lines, one.charges, one.wishes, USD) != one.hash
        other = attrs.evolve(one, hash="other")
        assert differences(one, other) == (Difference("details", one.hash, "other"),)
        assert differences(one, one) == ()

    play_in_memory(body)
