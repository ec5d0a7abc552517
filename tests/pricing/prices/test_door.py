"""The door `prices`: what is put is what counts, once, and faults leave nothing behind."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tokolib.catalog.errors import InvalidSku
from tokolib.conditions import at_least
from tokolib.kernel.errors import InvalidInput, NaiveDatetime, NotFound
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.prices import steps as pricing


def paths(caught):
    return [fault.path for fault in caught.value.faults]


def test_the_first_price_makes_the_default_list(till):
    """One list for each currency, found by the SKU however it is spelt."""
    till.prices.put("KOPI-250", IDR(75_000))
    till.prices.put("KOPI-250", USD(5))

    assert UnitPrice.of(IDR(75_000)) == till.prices.get(" kopi-250").price
    assert UnitPrice.of(USD(5)) == till.prices.get("kopi-250", list="usd").price
    assert ["pricing.price_list_put"] == till.history("pls_idr")


def test_the_same_price_again_changes_nothing(till):
    """A new one is a second event."""
    first = till.prices.put("a", IDR(5), tiers={10: IDR(4), 5: IDR(4)}, compare_at=IDR(9))
    again = till.prices.put("A", IDR(5), tiers={5: IDR(4), 10: IDR(4)}, compare_at=IDR(9))
    changed = till.prices.put("a", IDR(6))

    assert first == again
    assert [Decimal(5), Decimal(10)] == [tier.from_quantity for tier in first.tiers]
    assert (2, (), None) == (changed.version, changed.tiers, changed.compare_at)


def test_a_withdrawn_price_is_gone_until_it_is_put_again(till):
    """Withdrawing twice is withdrawing once."""
    till.prices.put("a", IDR(5))
    till.prices.withdraw("a")
    till.prices.withdraw("a")

    with pytest.raises(NotFound):
        till.prices.get("a")
    assert till.prices.page().items[0].withdrawn
    assert not till.prices.put("a", IDR(5)).withdrawn
    with pytest.raises(NotFound):
        till.prices.withdraw("b")


def test_every_fault_of_a_price_is_named(till):
    """Nothing is stored, not even the list."""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put("a", IDR(-1), tiers={0: IDR(1), "x": IDR(1), Decimal(3): USD(1)}, compare_at=USD(1))

    assert ["price", "compare_at", "tiers[0]", "tiers[x]", "tiers[3]"] == paths(caught)
    assert [] == till.history("pls_idr")
    with pytest.raises(InvalidSku):
        till.prices.put("", IDR(1))


def test_two_tiers_cannot_start_at_one_quantity(till):
    """10 and 10.0 are the same; which price would hold?"""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put("a", IDR(3), tiers={"10": IDR(2), "10.0": IDR(1)})

    assert [("tiers[10.0]", "pricing.repeated")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_named_list_must_exist_and_be_of_the_currency(till):
    """By code, id or value."""
    made = till.prices.put_list("Reseller", customer_group="reseller", priority=5)

    for named in ("reseller", made.id, made):
        assert "pls_reseller" == till.prices.put("a", IDR(5), list=named).list_id
    assert till.prices.get("a", list=made).key == "a"
    assert 1 == len(till.prices.page(list="reseller").items)
    with pytest.raises(NotFound):
        till.prices.put("a", IDR(5), list="nope")
    with pytest.raises(InvalidInput):
        till.prices.put("a", USD(5), list="reseller")
    till.prices.withdraw("a", list="reseller")


def test_a_list_is_put_stopped_and_put_again(till):
    """The same again changes nothing; its currency never changes."""
    first = till.prices.put_list("promo", since=date(2026, 1, 1), until=date(2026, 1, 31))

    assert first == till.prices.put_list("promo", since=date(2026, 1, 1), until=date(2026, 1, 31))
    assert datetime(2025, 12, 31, 17, tzinfo=UTC) == first.since
    assert datetime(2026, 1, 31, 17, tzinfo=UTC) == first.until
    stopped = till.prices.stop_list("promo")
    assert not stopped.active
    assert stopped == till.prices.stop_list(stopped)
    assert till.prices.put_list("promo").active
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_list("promo", currency="USD", name="x" * 301, conditions=at_least("subtotle", 1))
    assert ["name", "conditions.fact", "currency"] == paths(caught)


def test_a_list_needs_a_plain_code_and_a_real_currency(till):
    """A typing error in either is told."""
    with pytest.raises(InvalidInput):
        till.prices.put_list("a|b")
    with pytest.raises(InvalidInput):
        till.prices.put_list("ok", currency="???")
    with pytest.raises(NaiveDatetime):
        till.prices.put_list("ok", since=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused
    with pytest.raises(InvalidInput):
        till.prices.put_list("ok", since=date(2026, 1, 2), until=date(2026, 1, 1))


def test_a_list_is_for_a_channel_and_a_group_that_a_cart_can_have(till):
    """Short and printable, as carts are told them."""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_list("x", channel="a\x01b", customer_group="x" * 301)

    assert ["channel", "customer_group"] == paths(caught)
    assert [] == till.history("pls_x")


def test_a_stopped_default_list_takes_no_price_without_a_word(till):
    """Its prices would count nowhere; named, it may be filled before it runs again."""
    till.prices.put("a", IDR(5))
    till.prices.stop_list("idr")

    for put in (lambda: till.prices.put("a", IDR(6)), lambda: till.prices.put_many({"a": IDR(6)})):
        with pytest.raises(InvalidInput, match="list idr was stopped; put_list"):
            put()
    till.prices.put("a", IDR(7), list="idr")
    till.prices.put_list("idr")
    assert UnitPrice.of(IDR(7)) == till.prices.get("a").price


def test_many_prices_are_put_at_once_and_again(till):
    """Only what differs counts; tiers that were put before stay."""
    till.prices.put("sku-1", IDR(1), tiers={5: IDR(1)})
    many = {f"SKU-{n}": IDR(n) for n in range(1_201)}

    assert 1_200 == till.prices.put_many(many)
    assert 0 == till.prices.put_many(many)
    assert 1 == till.prices.put_many({"sku-1": IDR(7)})
    assert 1 == len(till.prices.get("SKU-1").tiers)


def test_every_fault_of_many_prices_is_named(till):
    """None of them is stored."""
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_many({"a": IDR(1), "A": IDR(2), "b": IDR(-1), "": IDR(1)})

    assert ["prices[A]", "prices[b]", "prices[]"] == paths(caught)
    with pytest.raises(NotFound):
        till.prices.get("a", list="idr")


def test_a_bare_number_is_no_price(till):
    """75,000 of what? The hint shows how to say it."""
    with pytest.raises(NotMoney) as caught:
        till.prices.put("a", 75_000)
    assert "IDR(75_000)" in caught.value.hint
    with pytest.raises(NotMoney):
        till.prices.put_many({"a": IDR(1), "b": 2})
    assert () == till.prices.page(list="idr").items


def test_the_awaited_door_is_the_same(till):
    """One body, two colours."""

    async def scenario():
        await till.awaited.put("a", IDR(5))
        return await till.awaited.get("a")

    assert UnitPrice.of(IDR(5)) == asyncio.run(scenario()).price


def test_a_book_holds_what_a_cart_needs(till, counter):
    """All lists of the currency that run, and the prices of the SKUs asked for."""
    till.prices.put("a", IDR(100))
    till.prices.put("b", IDR(200))
    till.prices.put("a", USD(1))
    till.prices.put_list("special", priority=1)
    till.prices.put("a", IDR(90), list="special")
    till.prices.put_list("old")
    till.prices.stop_list("old")

    book = till.do(lambda unit: pricing.book(unit, ["A", "x"]))
    dollars = till.do(lambda unit: pricing.book(unit, ["a"], "USD"))
    nothing = till.do(lambda unit: pricing.book(unit, ["a"], "EUR"))

    assert ["pls_idr", "pls_special"] == [each.id for each in book.lists]
    assert ["prc_pls_idr|a", "prc_pls_special|a"] == [price.id for price in book.prices]
    assert 1 == len(dollars.prices)
    assert ((), ()) == (nothing.lists, nothing.prices)
    assert 90 == counter.ask([counter.line("a")], book=book).total


def test_a_price_beyond_all_prices_is_told_with_its_figure(till):
    """By argument, as it was given, with the most that a price can be."""
    beyond = IDR(10**11 + 1)

    with pytest.raises(InvalidInput) as caught:
        till.prices.put("a", beyond, tiers={3: beyond}, compare_at=beyond, minimum=beyond, cost=beyond)

    assert ["price", "compare_at", "minimum", "cost", "tiers[3]"] == paths(caught)
    told = {(fault.message, fault.value) for fault in caught.value.faults}
    assert {("must be at most IDR 100000000000", "IDR 100000000001")} == told
    assert UnitPrice.of(IDR(10**11)) == till.prices.put("a", IDR(10**11)).price
    with pytest.raises(InvalidInput) as caught:
        till.prices.put_many({"a": IDR(10**11), "b": IDR(10**11 + 1)})
    assert ["prices[b]"] == paths(caught)
