"""Values as JSON and back: exactly, in the forms of the records, and with every fault of what came from outside."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from cattrs.errors import StructureHandlerNotFoundError
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import (
    EUR,
    GBP,
    IDR,
    USD,
    Address,
    Basket,
    ChargeWish,
    Currency,
    Customer,
    InvalidInput,
    LineWish,
    Money,
    NotFound,
    Order,
    OrderState,
    Quantity,
    Quote,
    UnitOfMeasure,
    UnitPrice,
    json_converter,
)
from tokolib.checkout.model import ChargeKind
from tokolib.conditions import All, Always, Compare, Predicate, at_least, one_of
from tokolib.kernel import OrderId
from tokolib.kernel.ctx import Ctx, System
from tokolib.kernel.explain import Reason
from tokolib.kernel.quantity import KILOGRAM, PIECE
from tokolib.kernel.rows import Page

CONVERTER = json_converter()
SITI = Address("Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")

CURRENCIES = st.sampled_from([IDR, USD, GBP, EUR])
MONEY = st.builds(Money, st.integers(-(10**15), 10**15), CURRENCIES)
QUANTITIES = st.builds(Quantity, st.integers(-(10**9), 10**9), st.sampled_from([PIECE, KILOGRAM]))
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
COUNTED = st.integers(1, 10**6) | st.just("0.35") | st.decimals(0, 10**6, places=3) | QUANTITIES
PRICES = st.none() | MONEY.map(abs) | st.builds(UnitPrice, st.integers(0, 10**12), CURRENCIES)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
FACTS = st.one_of(TEXT, st.integers(), st.booleans(), st.decimals(-(10**6), 10**6), INSTANTS, st.frozensets(TEXT))
BASKETS = st.builds(
    Basket,
    st.lists(st.builds(LineWish, TEXT, COUNTED, price=PRICES, reason=TEXT), max_size=3),
    coupons=st.lists(TEXT, max_size=2),
    ship_to=st.none() | st.just(SITI),
    delivery=TEXT,
    customer=st.none() | TEXT,
    charges=st.lists(st.builds(ChargeWish, st.sampled_from(ChargeKind), TEXT, MONEY, TEXT), max_size=2),
    facts=st.dictionaries(TEXT, FACTS, max_size=3),
)


def through_json(value, kind):
    """*value* as another process reads it."""
    return CONVERTER.structure(json.loads(json.dumps(CONVERTER.unstructure(value), allow_nan=False)), kind)


def holds_float(data):
    """Whether there is a float anywhere in plain data."""
    match data:
        case float():
            return True
        case dict():
            return any(map(holds_float, data.values()))
        case list():
            return any(map(holds_float, data))
        case _:
            return False


def faults(data, kind):
    """What is wrong with plain data, line by line."""
    with pytest.raises(InvalidInput) as refused:
        CONVERTER.structure(data, kind)
    return [str(fault) for fault in refused.value.faults]


# Out and back


@given(MONEY)
def test_money_comes_back_to_the_last_minor_unit(amount):
    """It is two plain values, and neither is a float."""
    assert [amount.minor_units, amount.currency.code] == CONVERTER.unstructure(amount)
    assert amount == through_json(amount, Money)


@given(QUANTITIES)
def test_a_quantity_comes_back_with_its_unit_and_step(quantity):
    """Whole steps, and the unit that they are counted in."""
    assert quantity == through_json(quantity, Quantity)


@given(BASKETS)
def test_a_basket_comes_back_whole(basket):
    """However its quantities, prices and facts were given, each is of the kind that it was."""
    again = through_json(basket, Basket)

    assert basket == again
    assert [type(line.quantity) for line in basket.lines] == [type(line.quantity) for line in again.lines]
    assert [type(value) for _, value in basket.facts] == [type(value) for _, value in again.facts]
    assert not holds_float(CONVERTER.unstructure(basket))


@pytest.fixture(scope="module")
def sold():
    """A quote and its order, from a shop with tax, delivery and an address."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2020, 1, 1)) as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.delivery.flat("jne:reg", IDR(18_000))
        shop.stock.receive("KOPI-250", 20, key="opening")
        cart = shop.carts.start({"KOPI-250": 3})
        quote = shop.carts.quote(cart, ship_to=SITI, delivery="jne:reg")
        return quote, shop.orders.place(quote, tender="cod", key="web-1")


def test_an_order_travels_through_a_queue(sold):
    """What a worker reads equals what was sent: the worker can cancel, ship or print it."""
    quote, order = sold

    sent = json.dumps({"order": CONVERTER.unstructure(order), "quote": CONVERTER.unstructure(quote)})
    received = json.loads(sent)

    assert order == CONVERTER.structure(received["order"], Order)
    assert quote == CONVERTER.structure(received["quote"], Quote)
    assert not holds_float(received)


def test_a_page_of_orders_names_what_is_on_it(sold):
    """`Page[Order]` is the class to ask for."""
    page = Page((sold[1],), "next")

    assert page == through_json(page, Page[Order])


@pytest.mark.parametrize(
    ("value", "kind", "plain"),
    [
        (IDR, Currency, "IDR"),
        (UnitPrice(12_345, IDR), UnitPrice, [12_345, "IDR"]),
        (KILOGRAM, UnitOfMeasure, ["kg", "0.001"]),
        (Decimal("1.50"), Decimal, "1.50"),
        (Fraction(1, 3), Fraction, "1/3"),
        (date(2026, 1, 31), date, "2026-01-31"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), datetime, "2026-01-31T09:00:00+00:00"),
        (OrderId("ord_1"), OrderId, "ord_1"),
        (OrderState.PLACED, OrderState, "placed"),
        (frozenset({"b", "a"}), frozenset[str], ["a", "b"]),
        ((1, "a"), tuple[int, str], [1, "a"]),
        ({"a": IDR(5)}, Mapping[str, Money], {"a": [5, "IDR"]}),
        (b"\x00{}", bytes, "AHt9"),
        (Reason("a.b", children=(Reason("c.d"),)), Reason, {"code": "a.b", "children": [{"code": "c.d"}]}),
        (Ctx("kedai", Customer("siti")), Ctx, {"tenant": "kedai", "actor": {"customer": {"id": "siti"}}}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_kind_has_its_form(value, kind, plain):
    """The forms of the records; what they don't know is written as openly."""
    data = CONVERTER.unstructure(value, unstructure_as=kind)

    assert plain == data
    assert value == through_json(value, kind)
    assert type(value) is type(through_json(value, kind))


def test_a_member_of_an_enum_is_mere_text():
    """No other library has to know our enums to write it."""
    assert str is type(CONVERTER.unstructure(OrderState.PLACED))


def test_a_condition_is_written_as_its_room_writes_it():
    """Alone, or by the name of all of them."""
    rule = at_least("subtotal", 100_000) & one_of("province", "Bali")

    assert rule == through_json(rule, Predicate)
    assert rule == through_json(rule, All)
    assert ["can't be read: a condition of the kind Compare expected, not 'All'"] == faults(
        CONVERTER.unstructure(rule), Compare
    )
    assert Always() == through_json(Always(), Predicate)


def test_an_error_becomes_its_problem_document():
    """It is for an HTTP answer, and isn't read back."""
    error = NotFound("order", "ord_1")

    assert error.problem() == CONVERTER.unstructure(error)
    with pytest.raises(StructureHandlerNotFoundError):
        CONVERTER.structure(error.problem(), NotFound)


# What comes from outside


def test_every_fault_is_told_with_its_path():
    """Missing, unknown and of another kind: all at once."""
    data = {
        "lines": [{"quantity": 1}, {"sku": 5, "quantity": 1.5}, {"sku": "A", "quantity": {"decimal": "x"}, "more": 1}],
        "coupons": "HEMAT",
        "ship_to": {"name": "Siti"},
    }

    told = faults(data, Basket)

    assert "is required @ lines[0].sku" in told
    assert "can't be read: text expected, not '5' @ lines[1].sku" in told
    assert (
        'can\'t be read: int or str or {"decimal": …} or {"quantity": …} expected, not \'1.5\' @ lines[1].quantity'
        in told
    )
    assert any(line.endswith("@ lines[2].quantity") for line in told)
    assert "is not known here @ lines[2].more" in told
    assert "can't be read: a list expected, not 'HEMAT' @ coupons" in told
    assert {f"is required @ ship_to.{name}" for name in ("street", "city", "postal_code", "country")} <= set(told)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (75_000, Money),
        ([75_000.0, "IDR"], Money),
        (["75000", "IDR"], Money),
        ([True, "IDR"], Money),
        ([75_000, "XXQ"], Money),
        ([75_000], Money),
        (None, Money),
        ([75_000, "IDR", "x"], Money),
        ({"75000": 1, "IDR": 2}, Money),
        ("k1", UnitOfMeasure),
        ({"kg": 1, "0.001": 2}, UnitOfMeasure),
        (1.5, Decimal),
        ("NaN", Decimal),
        ("1e999999999", Decimal),
        ("1" * 101, Decimal),
        ("1e9999999", Fraction),
        ("1/0", Fraction),
        ("2026-01-31T09:00:00", datetime),
        ("31-01-2026", date),
        (5, str),
        ("5", int),
        (True, int),
        (1, bool),
        ("lost", OrderState),
        (5, OrderState),
        ("AHt", bytes),
        ("ab", tuple[str, ...]),
        ([1], tuple[int, str]),
        ("ab", frozenset[str]),
        ([["a"]], frozenset[str]),
        ([], Order),
        ({"fact": "subtotal"}, Predicate),
        ({"tenant": "kedai", "actor": {"customer": {"id": "a"}, "system": {}}}, Ctx),
        ({"tenant": "kedai", "actor": "siti"}, Ctx),
    ],
)
def test_what_is_no_such_value_is_refused(data, kind):
    """Nothing is turned into another kind, and nothing takes long to be refused."""
    assert faults(data, kind)


@pytest.mark.parametrize(
    "kind", [OrderState, date, datetime, Decimal, Fraction, Money, Currency, bytes, Order, Predicate]
)
def test_a_long_value_is_not_repeated_whole(kind):
    """Nobody fills a log by what he sends; the path tells where to look for the rest."""
    assert [] == [line for line in faults("x" * 5_001, kind) if len(line) > 250]


def test_the_form_of_a_pair_is_told():
    """Whoever sends an amount as a number learns what it looks like."""
    assert ["can't be read: [minor units, \"IDR\"] expected, not '75000'"] == faults(75_000, Money)


def test_the_rules_of_a_class_are_kept():
    """An address is checked when it is made; its own faults stand under its path."""
    data = CONVERTER.unstructure(Basket({"KOPI-250": 1}, ship_to=SITI))
    data["ship_to"]["postal_code"] = "1"

    assert ["must be five digits in Indonesia @ ship_to.postal_code"] == [
        line.partition(",")[0] for line in faults(data, Basket)
    ]


def test_what_is_personal_is_not_repeated():
    """The path tells enough; the error may be logged."""
    data = CONVERTER.unstructure(SITI) | {"phone": ["0812-3456"], "name": {"first": "Siti"}}

    told = faults({"lines": [], "ship_to": data}, Basket)

    assert {"can't be read @ ship_to.name", "can't be read @ ship_to.phone"} == set(told)


def test_a_deep_nest_is_refused():
    """Not a crash, and not a `RecursionError`."""
    data = {"code": "a.b"}
    for _ in range(5_000):
        data = {"code": "a.b", "children": [data]}

    assert faults(data, Reason)


# In a host


@attrs.frozen
class Refund:
    """A task of a host."""

    order: OrderId
    amount: Money
    why: str = ""


def test_a_hosts_own_classes_may_hold_our_values():
    """They are written as cattrs writes them: with every field."""
    task = Refund(OrderId("ord_1"), IDR(75_000))

    assert {"order": "ord_1", "amount": [75_000, "IDR"], "why": ""} == CONVERTER.unstructure(task)
    assert task == through_json(task, Refund)


def test_a_hosts_hooks_stay_its_own():
    """Each converter is a new one."""
    mine = json_converter()
    mine.register_unstructure_hook(Money, str)

    assert [5, "IDR"] == CONVERTER.unstructure(IDR(5))
    assert mine.unstructure(IDR(5)) != [5, "IDR"]


def test_nobody_pays_for_it_who_does_not_ask():
    """Opening and using a shop loads neither cattrs nor this."""
    code = (
        "import sys, tokolib\n"
        "with tokolib.open('memory://', country='ID') as shop: shop.catalog.put('A', 'a'); shop.verify()\n"
        "print(sorted(name for name in sys.modules if name.startswith(('cattr', 'tokolib.conversion'))))\n"
    )

    assert "[]\n" == subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_the_system_acts_too():
    """An actor without fields is tagged like the others."""
    assert {"tenant": "kedai", "actor": {"system": CONVERTER.unstructure(System())}} == CONVERTER.unstructure(
        Ctx("kedai", System())
    )
