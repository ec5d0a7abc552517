"""A whole explanation, word by word: in Indonesian, in English, as a notebook shows it, and as data.

`python tests/checkout/test_golden_explanations.py` writes the files anew; read what changed before you keep it.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import tokolib
from tokolib import IDR, Address, LineWish
from tokolib.conditions import equal, one_of, overlaps
from tokolib.pricing import Budget, Funding, Percent, Scope
from tokolib.records.codec import dump
from tokolib.testing import ManualClock, SeededIds

GOLDEN = Path(__file__).parent / "golden"
BUYER = Address(
    "Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID", province="DI Yogyakarta"
)


def quote():
    """A quote with nearly everything in it: lists, tiers, promotions that won and lost, a gift, delivery, tax."""
    clock = ManualClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    with tokolib.open("memory://", country="ID", clock=clock, ids=SeededIds(4)) as shop:
        shop.settings.change(pkp_since=date(2025, 1, 1))
        for sku, name, price in (("KOPI", "Kopi Gayo", 75_000), ("TEH", "Teh Poci", 12_500), ("TAS", "Tas", 40_000)):
            shop.catalog.put(sku, name, weight="300 g", tags=[sku.lower()])
            shop.prices.put(sku, IDR(price), **({"tiers": {10: IDR(11_000)}} if sku == "TEH" else {}))
            shop.stock.receive(sku, 50)
        shop.catalog.put("MUG", "Mug batik", weight="250 g")
        shop.stock.receive("MUG", 5)
        shop.prices.put_list("grosir", customer_group="grosir", priority=5)
        shop.prices.put("KOPI", IDR(70_000), list="grosir")
        shop.delivery.flat("jne:reg", IDR(18_000), name="JNE REG")
        funding, budgets = [Funding("platform", 60)], [Budget("ramadan", IDR(1_000_000))]
        shop.promotions.percent(
            "ramadan", 10, name="Ramadan", cap=IDR(20_000), funding=funding, budgets=budgets, lane="besar"
        )
        shop.promotions.fixed("kecil", IDR(1_000), name="Diskon kecil", lane="besar")
        shop.promotions.buy_get("kopi21", 2, 1, of=overlaps("tags", "kopi"), name="Beli 2 gratis 1 kopi")
        shop.promotions.for_price("kilat", IDR(35_000), target=one_of("sku", "tas"), unit_limit=1, name="Jual kilat")
        shop.promotions.gift("mug", "MUG", at_least=IDR(200_000), name="Hadiah mug")
        shop.promotions.percent("ongkir", 50, on=Scope.SHIPPING, name="Ongkir separuh", at_least=IDR(150_000))
        shop.promotions.percent("nanti", 5, name="Belanja sejuta", at_least=IDR(1_000_000))
        shop.promotions.tiers("anggota", {IDR(100_000): Percent(2)}, name="Anggota", conditions=equal("channel", "web"))
        shop.promotions.percent("voucher", 5, coupon="HEMAT5", name="Voucher", conditions=equal("city", "Bandung"))
        wishes = [
            LineWish("KOPI", 3),
            LineWish("TEH", 12),
            LineWish("TAS", 2),
            LineWish("TEH", 1, IDR(5_000), "kemasan penyok"),
        ]
        cart = shop.carts.start(wishes, customer="cus_siti")
        return shop.carts.quote(cart, ship_to=BUYER, delivery="jne:reg", tender="bank_transfer")


def told():
    """What each file holds."""
    made = quote()
    return {
        "explained.id.txt": made.explain("id") + "\n",
        "explained.en.txt": made.explain("en") + "\n",
        "explained.html": made._repr_html_() + "\n",
        "explained.json": dump(made.reason).decode() + "\n",
    }


@pytest.mark.parametrize("name", ["explained.id.txt", "explained.en.txt", "explained.html", "explained.json"])
def test_an_explanation_reads_as_it_did(name):
    """Wording and figures, to the letter."""
    assert (GOLDEN / name).read_text("utf-8") == told()[name]


def test_a_name_is_no_markup():
    """What a shop calls a product stays text in a notebook."""
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("X", "<script>alert(1)</script>")
        shop.prices.put("X", IDR(1))
        shop.stock.receive("X", 1)
        made = shop.carts.quote(shop.carts.start({"X": 1}))

    assert "<script>" not in made._repr_html_()
    assert "&lt;script&gt;" in made._repr_html_()


if __name__ == "__main__":
    for name, text in told().items():
        (GOLDEN / name).write_text(text, "utf-8")
