"""Facts that only the host knows, told with a quote."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tokolib import IDR
from tokolib.conditions import at_least, equal, overlaps


@pytest.fixture
def shop():
    """A shop with one product at Rp10.000."""
    import tokolib

    with tokolib.open("memory://", country="ID") as opened:
        opened.catalog.put("KOPI", "Kopi")
        opened.prices.put("KOPI", IDR(10_000))
        opened.stock.receive("KOPI", 20)
        yield opened


def test_a_promotion_can_ask_what_only_the_host_knows(shop):
    """Without the facts the promotion does not apply; with them it does, and placement asks the same again."""
    told = {"first_order": True, "x.clubs": frozenset({"gold"}), "x.points": Decimal("10.5")}
    wanted = equal("first_order", True) & overlaps("x.clubs", "gold") & at_least("x.points", 10)
    shop.promotions.percent("WELCOME", 10, conditions=wanted)
    cart = shop.carts.start({"KOPI": 2})

    plain, quote = shop.carts.quote(cart), shop.carts.quote(cart, facts=told)

    assert (IDR(20_000), IDR(18_000)) == (plain.total, quote.total)
    assert quote == shop.carts.quoted(quote.id)
    assert IDR(18_000) == shop.orders.place(quote, tender="cash", key="till-1").total
    assert shop.verify()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("country", "ID", "checkout.not_yours_to_tell"),
        ("first_order", "yes", "checkout.bad_fact"),
        ("order_number", 0, "checkout.bad_fact"),
        ("order_number", True, "checkout.bad_fact"),
        ("x.rate", 1.5, "checkout.bad_fact"),
        ("x.end", datetime(9999, 12, 31, 23, tzinfo=UTC), "kernel.no_instant"),
        ("x.rate", Decimal("NaN"), "kernel.not_exact"),
        ("x.since", datetime(2026, 1, 1), "kernel.naive_datetime"),  # noqa: DTZ001 - the very thing refused
        ("x.text", "a" * 201, "checkout.bad_fact"),
        ("x.set", frozenset({1}), "kernel.wrong_type"),
        ("x.set", frozenset(map(str, range(201))), "checkout.bad_fact"),
        ("x.a\x01", 1, "checkout.bad_fact"),
    ],
)
def test_facts_that_cannot_be_are_named(shop, name, value, code):
    """Nothing is quoted with a fact that nobody could ask about, or that is not the host's to tell."""
    from tokolib import InvalidInput

    with pytest.raises(InvalidInput) as refused:
        shop.carts.quote(shop.carts.start({"KOPI": 1}), facts={name: value, "x.at": datetime(2026, 1, 1, tzinfo=UTC)})

    assert [(f"facts[{name}]", code)] == [(fault.path, fault.code) for fault in refused.value.faults]


def test_a_quote_takes_only_so_many_facts(shop):
    """Fifty facts are enough for any rule."""
    from tokolib import InvalidInput

    with pytest.raises(InvalidInput):
        shop.carts.quote(shop.carts.start({"KOPI": 1}), facts={f"x.{n}": n for n in range(51)})


def test_the_name_of_a_fact_is_short(shop):
    """It is kept with the quote like its value; the fault shows its beginning."""
    from tokolib import InvalidInput

    with pytest.raises(InvalidInput) as refused:
        shop.carts.quote(shop.carts.start({"KOPI": 1}), facts={"x." + "a" * 199: 1})

    assert [("facts[x." + "a" * 57 + "…]", "checkout.bad_fact")] == [
        (each.path, each.code) for each in refused.value.faults
    ]
