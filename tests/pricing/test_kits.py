"""Kits: the price of a bundle is its components', to the last rupiah, and each is taxed by its own class."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Policies, Shop
from tokolib.catalog.errors import InvalidProduct
from tokolib.kernel.defaults import defaults
from tokolib.kernel.policies import AcrossBorders, DiscountBasis, TaxBase
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.kernel.spread import RemainderRule
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.kits import KitBy
from tokolib.pricing.model import ChargeKind, ChargeLine, KitPart, PriceLine, StatedPrice
from tokolib.pricing.price import price
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.promotions.offers import Offers
from tokolib.tax.model import Assessment
from tokolib.tax.rules import assess
from tokolib.tax.situation import SellerStatus
from tokolib.testing.builders import Given


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A registered seller of coffee, which is taxed, and of rice, which is not."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2025, 1, 1)) as shop:
        given = Given(shop)
        given.goods({"KOPI": 75_000})
        given.goods({"BERAS": 25_000}, tax_class="exempt")
        given.goods({"PAKET": 90_000}, components={"KOPI": 1, "BERAS": 1})
        yield shop


def line_of(shop: Shop, sku: str = "PAKET", quantity: int = 1):
    (line,) = shop.carts.quote(shop.carts.start({sku: quantity})).lines
    return line


def test_a_kit_is_spread_by_what_its_components_cost_and_taxed_there(shop):
    """Three quarters are coffee: PPN is in Rp67,500 of the Rp90,000, and none in the rice."""
    line = line_of(shop)

    assert [("kopi", 67_500, "standard"), ("beras", 22_500, "exempt")] == [
        (share.sku, share.total, share.tax_class) for share in line.shares
    ]
    assert [(6_689, "S"), (0, "E")] == [(tax.amount, tax.category) for tax in line.taxes]
    assert [[6_689], [0]] == [[tax.amount for tax in share.taxes] for share in line.shares]
    assert (
        (90_000, 83_311)
        == (line.total, line.net)
        == tuple(sum(getattr(share, name) for share in line.shares) for name in ("total", "net"))
    )


def test_stated_weights_go_before_list_prices(shop):
    """The shop says 60 to 40; an old order keeps its shares when the weights change."""
    order = shop.orders.place(shop.carts.quote(shop.carts.start({"PAKET": 1})), tender="cash", key="1")
    shop.catalog.put("PAKET", "Paket", price_weights={"kopi": 60, "BERAS": 40})

    assert [54_000, 36_000] == [share.total for share in line_of(shop).shares]
    assert [67_500, 22_500] == [share.total for share in shop.orders.get(order.id).lines[0].line.shares]
    assert shop.verify().ok


def test_discounts_lower_every_component_by_its_share(shop):
    """Rp9,000 off the kit is three quarters off the coffee, and its tax falls with it."""
    shop.promotions.fixed("off", IDR(9_000))

    line = line_of(shop)

    assert [(67_500, 60_750), (22_500, 20_250)] == [(share.base, share.total) for share in line.shares]
    assert [6_020, 0] == [tax.amount for tax in line.taxes]


def test_the_explanation_names_each_share_with_its_taxes(shop):
    """By what, how much of the whole, and the law behind each; from the quote and from the order alike."""
    quote = shop.carts.quote(shop.carts.start({"PAKET": 1}))

    told = quote.explain("en")

    assert "the kit's price is spread by what each component costs" in told
    assert "share of kopi: 3 of 4" in told
    assert "contains PPN 12 % on a base of Rp55,743" in told
    order = shop.orders.place(quote, tender="cash", key="1")
    assert told == shop.orders.explain(order, "en")
    assert "harga paket dibagi menurut harga masing-masing barang" in quote.explain("id")


def test_where_a_component_has_no_price_the_shares_go_by_quantity_and_it_is_said(shop):
    """A mug that is sold in kits only: two of it weigh as two."""
    Given(shop).goods({"KOPI-2": 10_000})
    shop.catalog.put("CANGKIR", "Cangkir", weight="200 g")
    shop.stock.receive("CANGKIR", 10)
    Given(shop).goods({"SET": 30_000}, components={"KOPI-2": 1, "CANGKIR": 2})

    quote = shop.carts.quote(shop.carts.start({"SET": 1}))

    assert [10_000, 20_000] == [share.total for share in quote.lines[0].shares]
    assert "spread by quantity, as some component has no price" in quote.explain()


def test_a_return_of_kits_closes_at_zero(shop):
    """Three kits at Rp90,001 come back one by one; nothing is left."""
    shop.prices.put("PAKET", IDR(90_001))
    order = shop.orders.place(shop.carts.quote(shop.carts.start({"PAKET": 3})), tender="cash", key="1")
    shop.shipments.hand_over(order)

    back = [shop.returns.accept(order, {"PAKET": 1}, reason="changed mind").refund.amount for _ in range(3)]

    assert order.total == back[0] + back[1] + back[2]
    assert shop.verify().ok


def test_weights_name_every_component_once_and_not_all_are_zero(shop):
    """Everything else is refused with its path, and the kit stays what it was."""
    before = shop.catalog.get("PAKET")

    def faults(weights):
        with pytest.raises(InvalidProduct) as refused:
            shop.catalog.put("PAKET", "Paket", price_weights=weights)
        return [(fault.path, fault.code) for fault in refused.value.faults]

    whole = ("price_weights", "catalog.invalid_weights")
    assert [whole] == faults({"KOPI": 1})
    assert [whole] == faults({"KOPI": 1, "BERAS": 1, "TEH": 1})
    assert [whole] == faults({"KOPI": 0, "BERAS": 0})
    assert [("price_weights.KOPI", "catalog.invalid_weight")] == faults({"KOPI": "0.5", "BERAS": 1})
    assert [("price_weights.KOPI", "catalog.invalid_weight")] == faults({"KOPI": -1, "BERAS": 1})
    assert before == shop.catalog.get("PAKET")
    assert (("kopi", 1), ("beras", 0)) == shop.catalog.put(
        "PAKET", "Paket", price_weights={"KOPI": 1, "BERAS": 0}
    ).price_weights
    assert () == shop.catalog.put("PAKET", "Paket", price_weights={}).price_weights


def test_a_kit_in_a_kit_is_refused(shop):
    """Neither a kit of kits, nor of itself, nor a component that becomes a kit."""
    for components in ({"PAKET": 1, "KOPI": 1}, {"BESAR": 1}):
        with pytest.raises(InvalidProduct) as refused:
            shop.catalog.put("BESAR", "Besar", components=components)
        assert ["catalog.bundle_of_bundles"] == [fault.code for fault in refused.value.faults]
    with pytest.raises(tokolib.TokolibError) as cyclic:
        shop.catalog.put("KOPI", "Kopi", components={"BERAS": 1})
    assert "catalog.component_in_use" == cyclic.value.code


def test_weights_travel_in_files(shop):
    """What is exported is imported again as it was."""
    shop.catalog.put("PAKET", "Paket", price_weights={"KOPI": 60, "BERAS": 40})
    pieces: list[str] = []
    shop.catalog.export_csv(pieces.append)
    text = "".join(pieces)
    assert "kopi=60|beras=40" in text

    with tokolib.open("memory://", country="ID") as other:
        report = other.catalog.import_csv(text)
        assert (0, (("kopi", 60), ("beras", 40))) == (len(report.faults), other.catalog.get("PAKET").price_weights)


PKP = SellerStatus(date(2025, 1, 1))
CLASSES = st.sampled_from(["standard", "exempt", "luxury", "zero"])


def tax_on(country: str):
    def tax(tax_class: str) -> Assessment:
        return assess("ID", tax_class, date(2026, 3, 2), PKP, destination=country)

    return tax


@given(
    amount=st.integers(1, 10**7),
    quantity=st.integers(1, 9),
    parts=st.lists(st.tuples(CLASSES, st.integers(0, 100), st.integers(1, 5)), min_size=1, max_size=5),
    off=st.integers(0, 10**5),
    level=st.sampled_from(RoundingLevel),
    basis=st.sampled_from(DiscountBasis),
    base=st.sampled_from(TaxBase),
    across=st.sampled_from(AcrossBorders),
    abroad=st.booleans(),
    includes=st.booleans(),
)
def test_shares_close_and_taxes_are_those_of_the_components(
    amount, quantity, parts, off, level, basis, base, across, abroad, includes
):
    """Under every policy: base, net, total and each tax of a kit are the sums of its components'."""
    made = tuple(
        KitPart(f"p{n}", count, tax_class=name, weight=weight + (n == 0))
        for n, (name, weight, count) in enumerate(parts)
    )
    stated = StatedPrice(UnitPrice.of(IDR(amount)), "staff:ani", "law")
    kit = PriceLine("a", "kit", "Kit", quantity, Fraction(1), stated=stated, parts=made)
    plain = PriceLine("b", "plain", "Plain", 1, Fraction(1), stated=stated)
    settings: Settings = defaults("ID")
    policies = Policies(discount_basis=basis, tax_base=base, across_borders=across, remainder=RemainderRule.LARGEST)
    profile = RoundingProfile(RoundingMode.HALF_UP, level)
    settings = tokolib.Settings(
        "ID", "IDR", "Asia/Jakarta", prices_include_tax=includes, tax_rounding=profile, policies=policies
    )

    priced = price(
        [kit, plain],
        [ChargeLine("shipping", ChargeKind.SHIPPING, "JNE", off)],
        book=PriceBook(),
        promotions=Offers(),
        coupons=(),
        facts={},
        tax=tax_on("SG" if abroad else "ID"),
        home_tax=tax_on("ID"),
        settings=settings,
        currency=IDR,
    )

    line, _ = priced.lines
    assert KitBy.WEIGHTS is line.kit_by
    assert [line.base, line.net, line.total] == [
        sum(getattr(share, name) for share in line.shares) for name in ("base", "net", "total")
    ]
    assert sum(tax.amount for tax in line.taxes) == sum(tax.amount for share in line.shares for tax in share.taxes)
    assert all(share.total == share.net + sum(tax.amount for tax in share.taxes) for share in line.shares)
    assert priced.total == sum(each.total for each in (*priced.lines, *priced.charges))
    assert all(share.total >= 0 for share in line.shares)
