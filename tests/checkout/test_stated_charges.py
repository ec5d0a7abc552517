"""Charges that a person puts on a quote by hand: stated, explained, hashed, and asked for again at placement."""

from collections.abc import Iterator

import pytest

import tokolib
from tokolib import GBP, IDR, ChargeWish, InvalidInput, Shop, Staff
from tokolib.kernel.limits import Limits
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.promotions.benefits import Off, Percent, Scope
from tokolib.pricing.promotions.model import Terms

PACKING = ChargeWish(ChargeKind.PACKAGING, "Wooden crate", IDR(25_000), "asked for by phone")


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tokolib.open("memory://", country="ID", actor=Staff("ani")) as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 20)
        yield shop


def test_a_stated_charge_stands_in_the_total_with_who_and_why(shop):
    """The quote adds it up, keeps its actor and reason, and says them in words."""
    cart = shop.carts.start({"KOPI-250": 2})

    quote = shop.carts.quote(cart, charges=[PACKING])

    assert IDR(175_000) == quote.total
    (charge,) = quote.charges
    assert ("staff:ani", "asked for by phone") == (charge.stated.actor, charge.stated.reason)
    assert "charge stated by staff:ani: asked for by phone" in quote.explain("en")
    assert "biaya ditetapkan oleh staff:ani" in quote.explain("id")


def test_an_order_is_placed_with_the_charge_that_was_stated(shop):
    """Placement asks the same question again, charges included; the order keeps them, and the books agree."""
    cart = shop.carts.start({"KOPI-250": 2})
    quote = shop.carts.quote(cart, charges=[PACKING, PACKING])

    order = shop.orders.place(quote, tender="cash", key="counter-1")

    assert IDR(200_000) == order.total == order.paid
    assert ["stated-1", "stated-2"] == [charge.id for charge in order.charges]
    assert shop.verify().ok


def test_what_a_charge_costs_is_part_of_what_the_customer_agrees_to(shop):
    """Another amount makes another hash; another reason does not."""
    cart = shop.carts.start({"KOPI-250": 2})

    def hashed(amount: int, reason: str) -> str:
        return shop.carts.quote(cart, charges=[ChargeWish(ChargeKind.FEE, "Fee", IDR(amount), reason)]).hash

    assert hashed(5_000, "customs") == hashed(5_000, "customs, by phone")
    assert hashed(5_000, "customs") != hashed(5_001, "customs")


def test_a_return_gives_back_stated_shipping_only_where_shipping_goes_with_the_goods(shop):
    """A stated charge follows the shop's policy like any other: by default the goods alone are credited."""
    cart = shop.carts.start({"KOPI-250": 2})
    quote = shop.carts.quote(cart, charges=[ChargeWish(ChargeKind.SHIPPING, "Courier", IDR(18_000), "agreed")])
    order = shop.orders.place(quote, tender="cash", key="counter-2")
    shop.shipments.hand_over(order)

    back = shop.returns.accept(order, {"KOPI-250": 2}, reason="changed mind")

    assert IDR(150_000) == back.refund.amount


def test_promotions_on_shipping_leave_a_stated_charge_alone(shop):
    """What a person stated is what the customer pays."""
    shop.promotions.put("free-shipping", Terms("Free shipping", Off(Percent(100), Scope.SHIPPING)))
    cart = shop.carts.start({"KOPI-250": 1})
    courier = ChargeWish(ChargeKind.SHIPPING, "Courier", IDR(18_000), "agreed by phone")

    quote = shop.carts.quote(cart, charges=[courier])

    assert IDR(93_000) == quote.total


def test_every_fault_of_a_stated_charge_is_named_and_nothing_is_stored(shop):
    """Another currency, a negative amount, no label and no reason: all at once, with their paths."""
    cart = shop.carts.start({"KOPI-250": 1})
    wrong = [ChargeWish(ChargeKind.FEE, " ", GBP("-1.00"), "r" * 301), ChargeWish(ChargeKind.FEE, "Fee", IDR(1), " ")]

    with pytest.raises(InvalidInput) as refused:
        shop.carts.quote(cart, charges=wrong)

    paths = [fault.path for fault in refused.value.faults]
    assert [
        "charges[0].amount",
        "charges[0].amount",
        "charges[0].label",
        "charges[0].reason",
        "charges[1].reason",
    ] == paths


def test_what_is_no_charge_is_named(shop):
    """A kind in plain text, a bare number, a reason that is no text; then a label that breaks the line."""
    cart = shop.carts.start({"KOPI-250": 1})

    def faults(wish):
        with pytest.raises(InvalidInput) as refused:
            shop.carts.quote(cart, charges=[wish])
        return [(fault.path, fault.code) for fault in refused.value.faults]

    assert [
        ("charges[0].kind", "kernel.wrong_type"),
        ("charges[0].amount", "kernel.not_money"),
        ("charges[0].reason", "kernel.wrong_type"),
    ] == faults(ChargeWish("shipping", "Kurir kilat", 5_000, None))
    assert [("charges[0].label", "kernel.bad_line")] == faults(
        ChargeWish(ChargeKind.SHIPPING, "Kurir\nkilat", IDR(5_000), "phone")
    )


@pytest.mark.parametrize("name", ["delivery", "tender", "location"])
def test_names_on_a_quote_are_short_and_printable(shop, name):
    """They come from a web page, and are kept with the quote."""
    cart = shop.carts.start({"KOPI-250": 1})

    for text in ("x" * 301, "a\0b"):
        with pytest.raises(InvalidInput) as refused:
            shop.carts.quote(cart, **{name: text})
        assert [name] == [fault.path for fault in refused.value.faults]


def test_a_quote_takes_as_many_stated_charges_as_a_cart_takes_lines(shop):
    """One more is refused."""
    shop.settings.change(limits=Limits(cart_lines=2))
    cart = shop.carts.start({"KOPI-250": 1})

    assert IDR(125_000) == shop.carts.quote(cart, charges=[PACKING] * 2).total
    with pytest.raises(InvalidInput, match="at most 2 @ charges"):
        shop.carts.quote(cart, charges=[PACKING] * 3)
