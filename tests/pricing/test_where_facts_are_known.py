"""Each door refuses conditions on facts that are never known where they are asked, and reads names as people write."""

import pytest

import tokolib
from tokolib import IDR
from tokolib.conditions import at_least, equal, one_of, overlaps
from tokolib.kernel.address import Address
from tokolib.kernel.errors import InvalidInput
from tokolib.payments.accepting.model import Risk
from tokolib.pricing import ChargeKind
from tokolib.shipping.model import MethodKind, Terms

SITI = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")


@pytest.fixture
def shop():
    with tokolib.open("memory://", country="ID") as opened:
        opened.catalog.put_category("kopi", "Kopi")
        opened.catalog.put("KOPI-250", "Kopi Gayo", categories=["kopi"], tags=["baru"])
        opened.prices.put("KOPI-250", IDR(75_000))
        opened.stock.receive("KOPI-250", 10, key="opening")
        yield opened


def promotion(shop, rule):
    shop.promotions.percent("a", 10, conditions=rule)


def target(shop, rule):
    shop.promotions.percent("a", 10, target=rule)


def price_list(shop, rule):
    shop.prices.put_list("a", name="A", currency="IDR", conditions=rule)


def charge(shop, rule):
    shop.charges.fixed("a", ChargeKind.GIFT_WRAP, IDR(5_000), conditions=rule)


def tender(shop, rule):
    shop.tenders.put("cod", conditions=rule)


def risk(shop, rule):
    shop.tenders.put("cod", risks=(Risk("risky", rule),))


def delivery(shop, rule):
    shop.delivery.put("a", Terms("A", MethodKind.FLAT, IDR, 5_000, conditions=rule))


NEVER = [
    (promotion, at_least("unit_price", 1), "conditions.fact", "or say it in the target of a promotion"),
    (promotion, equal("sku", "KOPI-250"), "conditions.fact", "of the whole order ask for skus"),
    (promotion, equal("product", "prd_1"), "conditions.fact", "of the whole order ask for products"),
    (promotion, equal("risk", "fee"), "conditions.fact", "only charges can ask for it"),
    (target, at_least("subtotal", 1), "target.fact", "say it in conditions"),
    (price_list, at_least("subtotal", 1), "conditions.fact", "the goods have no prices yet"),
    (price_list, at_least("subtotal_after_discounts_with_tax", 1), "conditions.fact", "the goods have no prices yet"),
    (price_list, equal("risk", "fee"), "conditions.fact", "only charges can ask for it"),
    (charge, one_of("sku", "KOPI-250"), "conditions.fact", "of the whole order ask for skus"),
    (tender, equal("risk", "fee"), "conditions.fact", "only charges can ask for it"),
    (risk, equal("risk", "fee"), "risks[0].when.fact", "only charges can ask for it"),
    (delivery, at_least("unit_price", 1), "conditions.fact", "it is known of one line"),
]


@pytest.mark.parametrize(("door", "rule", "path", "way_out"), NEVER)
def test_a_fact_that_is_never_known_there_is_refused(shop, door, rule, path, way_out):
    """A rule on it would never hold, without a word: the fault names the fact, the way out and what is known."""
    with pytest.raises(InvalidInput) as caught:
        door(shop, rule)

    (fault,) = caught.value.faults
    assert (path, "conditions.never_known") == (fault.path.removeprefix("benefit."), fault.code)
    assert f"{fault.value} is never known here: " in fault.message
    assert way_out in fault.message
    assert "; known: " in fault.message


def test_only_charges_ask_for_the_risk(shop):
    """They come after the tender was looked at."""
    charge(shop, equal("risk", "fee"))

    assert equal("risk", "fee") == shop.charges.get("a").terms.conditions


@pytest.mark.parametrize("door", [delivery, tender, charge, promotion])
def test_what_can_never_hold_is_refused_at_every_door(shop, door):
    """Deliveries as well as promotions."""
    with pytest.raises(InvalidInput, match="can never hold"):
        door(shop, equal("channel", "web") & equal("channel", "app"))


@pytest.mark.parametrize(
    "rule", [overlaps("categories", "KOPI"), overlaps("tags", " Baru"), overlaps("skus", "Kopi-250")]
)
def test_names_of_goods_are_compared_as_goods_are(shop, rule):
    """In every place: a category `KOPI` is `kopi`, and a tag that was written with a capital is found."""
    promotion(shop, rule)
    charge(shop, rule)
    price_list(shop, rule)
    shop.prices.put("KOPI-250", IDR(70_000), list="a")
    tender(shop, rule)
    delivery(shop, rule)

    cart = shop.carts.start({"KOPI-250": 1})
    quote = shop.carts.quote(cart, tender="cod", wrap=True, delivery="a", ship_to=SITI)
    assert (IDR(7_000), IDR(73_000)) == (quote.discount, quote.total)
