"""Promotions and charges on goods that are sold by measure, beside goods that are sold by piece."""

import pytest

import tokolib
from tokolib import IDR
from tokolib.conditions import equal
from tokolib.pricing import ChargeKind, Per, Percent, Scope
from tokolib.pricing.model import TierMode

OF_RICE = equal("sku", "beras")


@pytest.fixture
def shop():
    """Rice by the kilogram at Rp10,000, cups at Rp8,000 each."""
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("BERAS", "Beras", unit="kg")
        shop.catalog.put("CANGKIR", "Cangkir")
        for sku, price in (("BERAS", 10_000), ("CANGKIR", 8_000)):
            shop.prices.put(sku, IDR(price))
            shop.stock.receive(sku, 100)
        yield shop


def quoted(shop, **quantities):
    return shop.carts.quote(shop.carts.start({sku.upper(): quantity for sku, quantity in quantities.items()}))


def lost(quote):
    return [each.code for each in quote.reason.walk() if each.code.startswith("pricing.why.")]


BY_PIECE = {
    "tiers by units": lambda door: door.tiers("p", {2: Percent(10)}),
    "graduated tiers by units": lambda door: door.tiers("p", {2: Percent(10)}, mode=TierMode.GRADUATED),
    "the first units": lambda door: door.for_price("p", IDR(9_000), unit_limit=1),
    "buy and get": lambda door: door.buy_get("p", 1),
    "buy and get of these": lambda door: door.buy_get("p", 1, of=OF_RICE),
    "any for": lambda door: door.any_for("p", 2, IDR(15_000)),
    "any of these for": lambda door: door.any_for("p", 2, IDR(15_000), of=OF_RICE),
    "a set": lambda door: door.together("p", {"BERAS": 1, "CANGKIR": 1}, Percent(10)),
}


@pytest.mark.parametrize("door", BY_PIECE.values(), ids=list(BY_PIECE))
def test_what_counts_pieces_is_not_for_goods_by_measure_and_says_so(shop, door):
    """3.5 kg are no pieces; nothing is taken off, and the reason is that one."""
    door(shop.promotions)

    quote = quoted(shop, beras="3.5")

    assert IDR(35_000) == quote.total
    assert ["pricing.why.by_piece"] == lost(quote)
    assert "it counts pieces, and its goods are sold by measure" in quote.explain("en")
    assert "yang dihitung satuan, padahal barangnya dijual menurut ukuran" in quote.explain("id")


def test_pieces_beside_them_count(shop):
    """The cups reach the step by themselves; what is in percent then goes off the rice too."""
    shop.promotions.tiers("p", {2: Percent(10)})

    assert IDR(45_900) == quoted(shop, beras="3.5", cangkir=2).total
    assert ["pricing.why.no_step"] == lost(quoted(shop, beras="3.5", cangkir=1))


def test_too_little_is_told_as_too_little(shop):
    """A step that isn't reached, and a set that isn't complete, are no lack of money to take off."""
    shop.promotions.tiers("steps", {3: Percent(10)})
    shop.promotions.any_for("three", 3, IDR(15_000))

    quote = quoted(shop, cangkir=2)

    assert {"pricing.why.no_step", "pricing.why.too_few"} == {*lost(quote)}
    assert "its goods reach none of its steps" in quote.explain("en")
    assert "too few of its goods are left for it" in quote.explain("en")
    assert "barangnya tidak mencapai tingkat mana pun" in quote.explain("id")
    assert "barang yang tersisa untuknya tidak cukup" in quote.explain("id")


def test_an_amount_per_unit_goes_by_the_measure_and_a_charge_per_unit_by_the_line(shop):
    """Rp1,000 off a kilogram is Rp3,500 off 3.5 of them; they are wrapped once."""
    shop.promotions.fixed("p", IDR(1_000), on=Scope.UNIT)
    shop.charges.fixed("wrap", ChargeKind.GIFT_WRAP, IDR(4_000), per=Per.UNIT)

    cart = shop.carts.start({"BERAS": "3.5", "CANGKIR": 2})
    quote = shop.carts.quote(cart, wrap=True)

    assert [31_500, 14_000] == [line.total for line in quote.lines]
    assert [12_000] == [charge.total for charge in quote.charges]
