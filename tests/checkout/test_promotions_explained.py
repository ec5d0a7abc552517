"""What a promotion gave is told with the figures of its own rule, in both languages."""

import pytest

import tokolib
from tokolib import IDR
from tokolib.conditions import equal
from tokolib.pricing import AmountOff, Combination, FixedPrice, Part, Percent, Scope, Terms
from tokolib.pricing.model import TierMode

STEPS = {IDR(100_000): Percent(2), IDR(200_000): Percent(5), IDR(900_000): Percent(50)}
BY_UNITS = {2: AmountOff(IDR(1_000)), 4: FixedPrice(IDR(90_000))}
A_AND_B = {"A": 1, "B": 1}
PARTS = Combination(
    (Part(2, equal("sku", "A"), AmountOff(IDR(5_000))), Part(1, equal("sku", "B"), FixedPrice(IDR(40_000))))
)

RULES = {
    "off each unit": (
        lambda door: door.fixed("p", IDR(5_000), on=Scope.UNIT),
        ["promotion p: Rp5,000 off every unit, of Rp450,000"],
        ["promosi p: Rp5.000 dari setiap satuan, atas Rp450.000"],
    ),
    "off each line": (
        lambda door: door.fixed("p", IDR(5_000), on=Scope.LINE),
        ["promotion p: Rp5,000 off every line, of Rp450,000"],
        ["promosi p: Rp5.000 dari setiap baris, atas Rp450.000"],
    ),
    "off the order": (
        lambda door: door.fixed("p", IDR(5_000)),
        ["promotion p: Rp5,000 off Rp450,000"],
        ["promosi p: Rp5.000 dari Rp450.000"],
    ),
    "each for a price": (
        lambda door: door.for_price("p", IDR(90_000), target=equal("sku", "A")),
        ["promotion p: Rp90,000 for every unit, instead of Rp400,000 in all"],
        ["promosi p: Rp90.000 per satuan, menggantikan Rp400.000 seluruhnya"],
    ),
    "lines for a price": (
        lambda door: door.for_price("p", IDR(40_000), on=Scope.LINE),
        ["promotion p: Rp40,000 for every line, instead of Rp450,000 in all"],
        ["promosi p: Rp40.000 per baris, menggantikan Rp450.000 seluruhnya"],
    ),
    "all for a price": (
        lambda door: door.for_price("p", IDR(300_000), on=Scope.ORDER),
        ["promotion p: Rp300,000 instead of Rp450,000"],
        ["promosi p: Rp300.000 menggantikan Rp450.000"],
    ),
    "the step that is reached": (
        lambda door: door.tiers("p", STEPS),
        ["promotion p: by tiers, off Rp450,000", "from Rp200,000 on: 5 %"],
        ["promosi p: potongan bertingkat atas Rp450.000", "mulai Rp200.000: 5 %"],
    ),
    "each step of its own part": (
        lambda door: door.tiers("p", STEPS, mode=TierMode.GRADUATED),
        ["promotion p: by tiers, off Rp450,000", "from Rp100,000 on: 2 %", "from Rp200,000 on: 5 %"],
        ["promosi p: potongan bertingkat atas Rp450.000", "mulai Rp100.000: 2 %", "mulai Rp200.000: 5 %"],
    ),
    "steps by units": (
        lambda door: door.tiers("p", BY_UNITS, mode=TierMode.GRADUATED),
        ["promotion p: by tiers, off Rp450,000", "from 2 units on: Rp1,000 off", "from 4 units on: for Rp90,000"],
        [
            "promosi p: potongan bertingkat atas Rp450.000",
            "mulai 2 satuan: potongan Rp1.000",
            "mulai 4 satuan: dengan harga Rp90.000",
        ],
    ),
    "buy and get": (
        lambda door: door.buy_get("p", 1, of=equal("sku", "A"), percent=50),
        ["promotion p: 2 × goods that belong together, for Rp400,000", "2 of them at 50 % off", "units: 4"],
        ["promosi p: 2 × paket barang, seharga Rp400.000", "2 di antaranya dipotong 50 %", "satuan: 4"],
    ),
    "any for": (
        lambda door: door.any_for("p", 2, IDR(150_000), of=equal("sku", "A")),
        ["promotion p: 2 × goods together for Rp150,000 each, instead of Rp400,000", "units: 4"],
        ["promosi p: 2 × paket barang untuk Rp150.000, menggantikan Rp400.000", "satuan: 4"],
    ),
    "a set with an amount off": (
        lambda door: door.together("p", A_AND_B, AmountOff(IDR(5_000))),
        ["promotion p: Rp5,000 off each of 1 × goods together, for Rp150,000", "units: 2"],
        ["promosi p: 1 × paket barang dipotong Rp5.000, seharga Rp150.000", "satuan: 2"],
    ),
    "parts with values of their own": (
        lambda door: door.put("p", Terms("p", PARTS, currency="IDR")),
        [
            "promotion p: 1 × goods that belong together, for Rp250,000",
            "2 of them at Rp5,000 off each",
            "1 of them for Rp40,000 each",
            "units: 3",
        ],
        [
            "promosi p: 1 × paket barang, seharga Rp250.000",
            "2 di antaranya masing-masing dipotong Rp5.000",
            "1 di antaranya masing-masing Rp40.000",
            "satuan: 3",
        ],
    ),
    "steps of money with amounts": (
        lambda door: door.tiers("p", {IDR(100_000): AmountOff(IDR(7_000))}),
        ["promotion p: by tiers, off Rp450,000", "from Rp100,000 on: Rp7,000 off"],
        ["promosi p: potongan bertingkat atas Rp450.000", "mulai Rp100.000: potongan Rp7.000"],
    ),
    "steps of money with prices": (
        lambda door: door.tiers("p", {IDR(100_000): FixedPrice(IDR(400_000))}),
        ["promotion p: by tiers, off Rp450,000", "from Rp100,000 on: for Rp400,000"],
        ["promosi p: potongan bertingkat atas Rp450.000", "mulai Rp100.000: dengan harga Rp400.000"],
    ),
    "steps of units with percentages": (
        lambda door: door.tiers("p", {3: Percent(10)}),
        ["promotion p: by tiers, off Rp450,000", "from 3 units on: 10 %"],
        ["promosi p: potongan bertingkat atas Rp450.000", "mulai 3 satuan: 10 %"],
    ),
    "a set with a percentage off": (
        lambda door: door.together("p", A_AND_B, Percent(10)),
        ["promotion p: 10 % off 1 × goods together, for Rp150,000", "units: 2"],
        ["promosi p: 1 × paket barang dipotong 10 %, seharga Rp150.000", "satuan: 2"],
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_what_a_promotion_gave_is_told_with_its_own_figures(rule):
    """Which amount, which price, which step: four of A for Rp100,000 each, and one of B for Rp50,000."""
    put, english, indonesian = RULES[rule]
    with tokolib.open("memory://", country="ID") as shop:
        for sku, price in (("A", 100_000), ("B", 50_000)):
            shop.catalog.put(sku, sku)
            shop.prices.put(sku, IDR(price))
            shop.stock.receive(sku, 10)
        put(shop.promotions)
        quote = shop.carts.quote(shop.carts.start({"A": 4, "B": 1}))

    assert english == told(quote, "en", "Promotions")
    assert indonesian == told(quote, "id", "Promosi")


def told(quote, locale, head):
    """What stands below the promotions of an explanation, without the amounts at the right."""
    lines = [line.strip().split("  ")[0] for line in quote.explain(locale).splitlines()]
    return lines[lines.index(head) + 1 :]
