"""A read after a recorded write makes the storage send what it has so far: a round trip that placing can't afford."""

from collections import Counter
from datetime import date

import pytest

import tokolib
from tokolib import Basket, LineWish, Policies
from tokolib.adapters.memory import MemoryStorage
from tokolib.kernel.quantity import KILOGRAM
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import BUYER, Given

READS = {"read", "get", "get_many", "find", "history", "ledger", "levels", "holds", "seen", "value", "scan"}
WRITES = {"insert", "replace", "delete", "append", "post", "count", "hold", "keep", "take", "release", "adjust"}
WRITES |= {"remember"}


class Watched:
    """A unit of the storage whose calls are written down, in order."""

    def __init__(self, unit, calls):
        self._unit, self._calls = unit, calls

    def __getattr__(self, name):
        found = getattr(self._unit, name)

        def call(*args, **kwargs):
            self._calls.append(name)
            return found(*args, **kwargs)

        return call


class Watching(MemoryStorage):
    """A storage that writes down what its units are asked."""

    def __init__(self):
        super().__init__(COLLECTIONS)
        self.calls = []

    def begin(self, partition, *, read_only=False):
        self.calls.append("begin")
        return Watched(super().begin(partition, read_only=read_only), self.calls)


@pytest.fixture
def storage():
    """Where the shop below is kept."""
    return Watching()


@pytest.fixture
def shop(storage):
    """A shop with goods, a delivery, a coupon with a limit, and tax in its prices."""
    with tokolib.open(storage, country="ID", pkp_since=date(2025, 1, 1)) as opened:
        given = Given(opened)
        given.goods({"KOPI-250": 75_000, "Teh-100": 20_000, "CANGKIR": 33_333})
        given.goods({"GULA": 14_500}, unit=KILOGRAM, weight="1 kg", stock=50)
        given.goods({"PAKET": 100_000}, components={"KOPI-250": 1, "Teh-100": 2})
        given.delivery({"jne:reg": 18_000})
        opened.promotions.percent("TEN", 10, coupon="TEN", usage_limit=100, per_customer=50)
        yield opened


def calls_of(storage, call):
    """What *call* asked of the storage."""
    del storage.calls[:]
    call()
    return [name for name in storage.calls if name in READS | WRITES | {"begin", "flush", "commit"}]


PLAIN = Basket({"KOPI-250": 1, "Teh-100": 2, "CANGKIR": 3}, ["TEN"], customer="cus_1")
RICH = Basket(
    [LineWish("PAKET", 1), LineWish("GULA", "0.35"), LineWish("CANGKIR", 2)],
    ["TEN"],
    customer="cus_1",
    ship_to=BUYER,
    delivery="jne:reg",
)


@pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
@pytest.mark.parametrize("tender", ["cash", "cod", "bank_transfer"])
@pytest.mark.parametrize("basket", [PLAIN, RICH], ids=["plain", "rich"])
def test_a_basket_reads_everything_before_its_first_write(storage, shop, basket, tender, taken):
    """One unit, nothing read twice for the sake of a write, and one sending at the end."""
    shop.settings.change(policies=Policies(stock_taken=taken))

    calls = calls_of(storage, lambda: shop.orders.place(basket, tender=tender, key="1"))

    first = next(at for at, name in enumerate(calls) if name in WRITES)
    assert [] == [name for name in calls[first:] if name in READS | {"flush"}]
    assert ["begin", "commit"] == [name for name in calls if name in ("begin", "commit")]


@pytest.mark.parametrize("tender", ["cash", "cod", "bank_transfer"])
def test_a_quote_reads_everything_before_its_first_write(storage, shop, tender):
    """An order of a stored quote is no different."""
    quote = Given(shop).quote({"KOPI-250": 1, "Teh-100": 2}, coupons=["TEN"], customer="cus_1", delivery="jne:reg")

    calls = calls_of(storage, lambda: shop.orders.place(quote, tender=tender, key="1"))

    first = next(at for at, name in enumerate(calls) if name in WRITES)
    assert [] == [name for name in calls[first:] if name in READS | {"flush"}]


def test_so_many_calls_and_no_more(storage, shop):
    """What three lines with a coupon cost in cash, call by call; whoever changes that says so here."""
    shop.orders.place(PLAIN, tender="cash", key="1")  # from now on the shop remembers its reference data

    calls = calls_of(storage, lambda: shop.orders.place(PLAIN, tender="cash", key="2"))

    assert {"begin": 1, "commit": 1, "read": 2} | WRITTEN == Counter(calls)


def test_without_a_limit_no_counter_is_read_or_raised(storage, shop):
    """A coupon that everybody may use is noted in the ledger, and nobody waits for anybody."""
    shop.promotions.percent("FREE", 5, coupon="FREE")
    basket = Basket({"KOPI-250": 1, "Teh-100": 2, "CANGKIR": 3}, ["FREE"])
    shop.orders.place(basket, tender="cash", key="1")

    calls = calls_of(storage, lambda: shop.orders.place(basket, tender="cash", key="2"))

    assert {"begin": 1, "commit": 1, "read": 2} | WRITTEN == Counter(calls) + Counter({"count": 3})


@pytest.mark.parametrize("placement", ["recompute", "frozen"])
def test_a_quote_comes_with_its_key_and_its_cart(storage, shop, placement):
    """First what the customer says: the key, the quote, its cart. Then what is there: the stock, and the coupons."""
    shop.settings.change(policies=Policies(placement=placement))
    given = Given(shop)
    lines, wished = {"KOPI-250": 1, "Teh-100": 2}, {"coupons": ["TEN"], "customer": "cus_1", "delivery": "jne:reg"}
    shop.orders.place(given.quote(lines, **wished), tender="cash", key="1")
    quote = given.quote(lines, **wished)

    calls = calls_of(storage, lambda: shop.orders.place(quote, tender="cash", key="2"))

    assert 2 == sum(name in READS for name in calls)


WRITTEN = {
    "remember": 1,
    "insert": 2,  # the order, its payment
    "append": 2,  # their histories
    "post": 3,  # uses, the money that came, the sale
    "count": 3,
    "hold": 1,
}
