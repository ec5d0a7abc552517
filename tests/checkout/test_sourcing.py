"""Goods that leave from several places: chosen as a quote is made, held, shipped and brought back place by place."""

from datetime import timedelta
from typing import Any

import pytest

from tokolib import IDR, Basket
from tokolib.checkout.lines import Source
from tokolib.fulfilment.errors import SeveralLocations
from tokolib.inventory.errors import OutOfStock
from tokolib.inventory.sourcing.errors import WeightMissing
from tokolib.kernel import CarriageBand, SourcingPlace, SourcingRules
from tokolib.kernel.address import Address
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.policies import PlacementPolicy, Policies, StockTaken
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.unit_errors import TooManyUnits

MALANG = Address(name="Budi", street="Jl. Ijen 1", city="Malang", postal_code="65111", country="ID")
TWO = SourcingRules(places=(SourcingPlace(location="main"), SourcingPlace(location="toko")), split=1)


async def opened(toko: Any, rules: SourcingRules = TWO, *, main: int = 2, other: int = 3, **policies: Any) -> None:
    """A shop that sends from two places, with so many coffees in each, and one gula in `toko`."""
    await toko.stock.open_location("toko", "Toko")
    there = (await toko.stock.level("KOPI-250")).on_hand.steps
    await toko.stock.adjust("KOPI-250", main - there, reason="counted")
    await toko.stock.receive("KOPI-250", other, location="toko")
    await toko.settings.change(sourcing=rules, policies=Policies(**policies))


async def quoted(toko: Any, goods: dict[str, int], **how: Any) -> Any:
    cart = await toko.carts.start(goods)
    return await toko.carts.quote(cart, **how)


async def ordered(toko: Any, goods: dict[str, int], tender: str = "cash") -> Any:
    quote = await quoted(toko, goods)
    return await toko.orders.place(quote, tender=tender, key=quote.id)


async def held(toko: Any) -> tuple[tuple[int, int], ...]:
    """On hand and held of the coffee, in both places."""
    levels = [await toko.stock.level("KOPI-250", location=where) for where in ("main", "toko")]
    return tuple((each.on_hand.steps, each.held.steps) for each in levels)


def groups(bargain: Any) -> list[tuple[str, int]]:
    return [(each.location, sum(quantity.steps for _, quantity in each.goods)) for each in bargain.groups]


def test_one_place_is_chosen_where_one_suffices(play):
    """The preferred place sends all that it has; the customer agrees to a price, not to a place."""

    async def body(toko):
        await opened(toko)

        here = await quoted(toko, {"KOPI-250": 2})
        there = await quoted(toko, {"KOPI-250": 3})

        assert ([("main", 2)], [("toko", 3)]) == (groups(here), groups(there))
        assert ((), "toko", True) == (there.lines[0].sources, there.wishes.location, there.wishes.sourced)
        assert there.sourcing.exact
        assert "toko: 3 steps" in there.sourcing.explain("en")

    play(body)


def test_what_no_place_has_is_out_of_stock_however_much_it_is(play_in_memory):
    """Sold by the gram, a missing kilogram is a thousand steps; nothing of the search's figures is told."""

    async def body(toko):
        await toko.catalog.put("BERAS", "Beras", unit="kg")
        await toko.prices.put("BERAS", IDR(15_000))
        await toko.stock.receive("BERAS", "5")
        await toko.settings.change(sourcing=SourcingRules(places=(SourcingPlace(location="main", use=50_000),)))
        for much in ("5.001", "6.5", "999"):
            with pytest.raises(OutOfStock):
                await toko.orders.place(Basket({"BERAS": much}), tender="cash", key="rice")
        assert (await toko.orders.place(Basket({"BERAS": "5"}), tender="cash", key="rice")).total == IDR(75_000)

    play_in_memory(body)


def test_goods_are_split_where_no_place_has_all(play):
    """Each unit leaves from one place; the lowest from the preferred one; stock is held there."""

    async def body(toko):
        await opened(toko)

        quote = await quoted(toko, {"KOPI-250": 4})
        order = await toko.orders.place(quote, tender="bank_transfer", key="1")

        sources = order.lines[0].sources
        assert [("main", 2), ("toko", 2)] == groups(quote)
        assert (Source("main", UnitSet(((0, 2),))), Source("toko", UnitSet(((2, 4),)))) == sources
        assert ((2, 2), (3, 2)) == await held(toko)

    play(body)


def test_a_shipment_leaves_from_one_place(play):
    """Without a named place goods of several are refused; each place then sends its own, and no other's."""

    async def body(toko):
        await opened(toko, stock_taken=StockTaken.AT_SHIPMENT)
        order = await ordered(toko, {"KOPI-250": 4})

        with pytest.raises(SeveralLocations) as refused:
            await toko.shipments.hand_over(order)
        with pytest.raises(TooManyUnits):
            await toko.shipments.plan(order, {"KOPI-250": 3}, location="main")
        planned = await toko.shipments.plan(order, location="toko")
        first = await toko.shipments.hand_over(order, {"KOPI-250": 1}, location="main")
        rest = await toko.shipments.hand_over(order)
        await toko.shipments.hand_over(planned)

        assert ("main", "toko") == refused.value.locations
        assert ["toko", "main", "main"] == [each.location for each in (planned, first, rest)]
        assert ((0, 0), (1, 0)) == await held(toko)
        assert "shipped" == (await toko.orders.get(order.id)).fulfilment

    play(body)


@pytest.mark.parametrize("taken", StockTaken)
def test_what_is_cancelled_goes_back_to_its_place(play_in_memory, taken):
    """In part the highest units go, which the second place sends; as a whole each place gets its own back."""

    async def body(toko):
        await opened(toko, stock_taken=taken)
        some, other = await ordered(toko, {"KOPI-250": 3}), await ordered(toko, {"KOPI-250": 2})

        await toko.orders.cancel(other, reason="changed her mind")
        assert ((2, 0), (3, 3)) == await held(toko) if taken is StockTaken.AT_SHIPMENT else True
        more = await toko.orders.edit(some, add={"KOPI-250": 2}, remove={"KOPI-250": 3}, reason="two will do")
        await toko.orders.cancel(more, reason="none")

        assert ((2, 0), (3, 0)) == await held(toko)

    play_in_memory(body)


def test_an_offer_puts_aside_at_each_place(play):
    """What a sent offer holds in two places becomes its order's, in the same two; `verify` knows both holds."""

    async def body(toko):
        await opened(toko, other=2, stock_taken=StockTaken.AT_SHIPMENT)
        offer = await toko.offers.draft(await quoted(toko, {"KOPI-250": 4}))
        offer = await toko.offers.send(offer, to="Siti", until=toko.clock.now() + timedelta(days=7), hold=True)
        put_aside, meanwhile = await held(toko), await toko.shop.verify()

        order = await toko.offers.accept(offer, version=1, tender="cash", key="1")

        assert ((2, 2), (2, 2)) == put_aside == await held(toko)
        assert [("main", 2), ("toko", 2)] == [(each.location, len(each.units)) for each in order.lines[0].sources]
        assert (True, True) == (meanwhile.ok, (await toko.shop.verify()).ok)

    play(body)


def test_a_bundle_that_nobody_has_weighed_is_named_itself(play_in_memory):
    """A place charges by weight: the parts are weighed, and what is missing is the weight of the bundle."""

    async def body(toko):
        await toko.catalog.put("HAMPER", "Hamper", components={"KOPI-250": 1})
        await toko.prices.put("HAMPER", IDR(100_000))
        await toko.settings.change(
            sourcing=SourcingRules(places=(SourcingPlace(location="main", per_kilogram=16_000),))
        )
        with pytest.raises(WeightMissing, match="that of HAMPER is unknown") as refused:
            await quoted(toko, {"HAMPER": 1})
        assert "catalog.put" in refused.value.hint

    play_in_memory(body)


def test_a_bundle_is_never_torn_apart(play_in_memory):
    """All parts of one bundle leave from one place, and two bundles may leave from two."""

    async def body(toko):
        await opened(toko, main=1, other=1)

        with pytest.raises(OutOfStock):
            await quoted(toko, {"PAKET": 2})
        await toko.stock.receive("TEH-100", 2, location="toko")
        quote = await quoted(toko, {"PAKET": 2})

        assert [("main", 1), ("toko", 1)] == groups(quote)
        order = await toko.orders.place(quote, tender="cash", key="1")
        await toko.shipments.hand_over(order, location="toko")
        assert 0 == (await toko.stock.level("TEH-100", location="toko")).on_hand.steps

    play_in_memory(body)


def test_a_gift_comes_from_whichever_place_has_it(play):
    """The place that sends what is bought has none left: the other sends it, and where none has it, it is withheld."""

    async def body(toko):
        await opened(toko, main=2, other=1)
        await toko.promotions.gift("kopi", "KOPI-250")

        both = await quoted(toko, {"KOPI-250": 1})
        gift = await quoted(toko, {"KOPI-250": 2})
        none = await quoted(toko, {"KOPI-250": 3})
        await toko.stock.receive("KOPI-250", 2, location="toko")
        beside = await quoted(toko, {"KOPI-250": 2})
        order = await toko.orders.place(beside, tender="cash", key="1")

        gifts = [[line.steps for line in each.lines if line.gift_of] for each in (both, gift, none, beside)]
        assert [[1], [], [], [1]] == gifts
        assert [("toko", 3)] == groups(beside)
        assert 3 == sum(line.units for line in order.lines)
        assert (await toko.shop.verify()).ok

    play(body)


def test_a_gift_of_other_goods_leaves_from_its_own_place(play):
    """Only the second place has the gift: the goods stay where they were, and the order has two groups."""

    async def body(toko):
        await opened(toko, main=2, other=1)
        await toko.given.goods({"TAS": 10_000}, stock=1)
        await toko.stock.receive("TAS", 1, location="toko")
        await toko.stock.adjust("TAS", -1, reason="lost")
        await toko.promotions.gift("tas", "TAS")

        quote = await quoted(toko, {"KOPI-250": 2})
        order = await toko.orders.place(quote, tender="cash", key="1")

        assert [("main", 2), ("toko", 1)] == groups(quote)
        assert ["prm_tas"] == [line.line.gift_of for line in order.lines if line.line.gift_of]
        assert ["toko"] == [each.location for each in order.lines[1].sources]

    play(body)


def test_where_it_goes_decides_what_is_cheap(play_in_memory):
    """A place that is near the destination wins over the preferred one, by its band."""
    near = CarriageBand(countries=("ID",), postal_prefixes=("6",), use=5_000, per_kilogram=2_000)
    rules = SourcingRules(
        places=(
            SourcingPlace(location="main", use=20_000, per_kilogram=9_000),
            SourcingPlace(location="toko", use=30_000, per_kilogram=12_000, bands=(near,)),
        )
    )

    async def body(toko):
        await opened(toko, rules)
        await toko.catalog.put("KOPI-250", "Kopi", weight="250 g")

        far = await quoted(toko, {"KOPI-250": 1})
        close = await quoted(toko, {"KOPI-250": 1}, ship_to=MALANG)

        assert ([("main", 1)], [("toko", 1)]) == (groups(far), groups(close))
        assert (22_250, 5_500) == (far.sourcing.total, close.sourcing.total)

    play_in_memory(body)


@pytest.mark.parametrize("placement", PlacementPolicy)
def test_another_place_sends_what_was_sold_meanwhile(play_in_memory, placement):
    """What the shop chose it chooses again, at the agreed price; where no place has it, the order is refused."""

    async def body(toko):
        await opened(toko, placement=placement)
        quotes = [await quoted(toko, {"KOPI-250": 2}) for _ in range(3)]

        orders = [await toko.orders.place(each, tender="cash", key=each.id) for each in quotes[:2]]
        with pytest.raises(OutOfStock) as refused:
            await toko.orders.place(quotes[2], tender="cash", key="3")

        assert ["main", "toko"] == [each.location for each in orders]
        assert (2, 1) == (refused.value.wanted, refused.value.available)

    play_in_memory(body)


def test_a_named_place_is_taken_at_its_word(play_in_memory):
    """Who names a place gets that place or a refusal, whatever the rules would choose."""

    async def body(toko):
        await opened(toko)

        quote = await quoted(toko, {"KOPI-250": 1}, location="toko")
        with pytest.raises(OutOfStock) as refused:
            await quoted(toko, {"KOPI-250": 3}, location="main")

        assert ([("toko", 1)], None) == (groups(quote), quote.sourcing)
        assert "main" == refused.value.location

    play_in_memory(body)


def test_places_are_open_to_channels(play_in_memory):
    """A place that is kept for one channel sends nothing for another."""
    rules = SourcingRules(places=(SourcingPlace(location="main"), SourcingPlace(location="toko", channels=("pos",))))

    async def body(toko):
        await opened(toko, rules)

        with pytest.raises(OutOfStock) as refused:
            await quoted(toko, {"KOPI-250": 4})

        assert ("main", 2) == (refused.value.location, refused.value.available)

    play_in_memory(body)


@pytest.mark.parametrize(
    ("made", "path"),
    [
        (lambda: SourcingPlace(location=""), "location"),
        (lambda: SourcingPlace(location="a", use=-1), "use"),
        (lambda: SourcingPlace(location="a", per_kilogram=1.5), "per_kilogram"),
        (lambda: SourcingPlace(location="a", bands=["x"]), "bands"),
        (lambda: SourcingPlace(location="a", channels="web"), "channels"),
        (lambda: CarriageBand(use=1, per_kilogram=1), "postal_prefixes"),
        (lambda: SourcingRules(places=("main",)), "places"),
        (
            lambda: SourcingRules(places=(SourcingPlace(location="a"), SourcingPlace(location="a"))),
            "places[1].location",
        ),
        (lambda: SourcingRules(split=True), "split"),
    ],
)
def test_rules_that_cannot_be_are_refused(made, path):
    """By path, and at once."""
    with pytest.raises(InvalidInput) as refused:
        made()

    assert path == refused.value.faults[0].path
