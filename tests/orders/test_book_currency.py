"""Laws of the currency of the books: any parts in any order end where the whole does, and the even is even."""

from collections import Counter
from datetime import date
from fractions import Fraction

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import tokolib
from tokolib import USD
from tokolib.kernel import BookRate
from tokolib.kernel.errors import InvalidInput
from tokolib.orders import BookRateLapsed
from tokolib.orders import events as e
from tokolib.orders.book_currency import ROUNDING, book_legs, worths_of
from tokolib.orders.lifecycle import evolve
from tokolib.orders.lines import Run
from tokolib.orders.model import OrderState
from tokolib.testing import Given

DAY = date(2026, 3, 1)
rates = st.builds(
    lambda up, down: Fraction(up, down), st.integers(1, 10**7), st.integers(1, 10**4) | st.just(1)
) | st.sampled_from([Fraction("16250.75"), Fraction(1, 3), Fraction("0.0001")])


def frozen(value):
    """A rate from dollars to rupiah."""
    return BookRate("USD", "IDR", value, "Bank Indonesia", DAY)


@pytest.fixture(scope="module")
def placed():
    """An order of three cups at $5.33 each, placed on credit, as its placement leaves it."""
    shop = tokolib.open("memory://", country="ID")
    given = Given(shop)
    given.goods({"CANGKIR": 75_000})
    shop.settings.change(currencies=("USD",))
    shop.prices.put("CANGKIR", USD("5.33"))
    shop.delivery.flat("dhl", USD("8.25"))
    quote = given.quote({"CANGKIR": 3}, delivery="dhl", currency="USD")
    order = shop.orders.place(quote, tender="cod", key="usd")
    shop.close()
    return attrs.evolve(order, state=OrderState.PENDING_PAYMENT, placed_at=None, credit_terms=False)


MOVES = {
    "pay": lambda units: e.PaymentCaptured(units, "money:cod"),
    "pay elsewhere": lambda units: e.PaymentCaptured(units, "money:bank_transfer"),
    "charge back": lambda units: e.PaymentReversed(units, "money:cod"),
    "give back": lambda units: e.RefundPaid(units, "money:cod"),
    "comes back": lambda units: e.RefundUndone(units, "money:cod"),
    "lose": lambda units: e.LossBooked(units, "money:cod"),
    "recover": lambda units: e.LossRecovered(units, "money:cod"),
    "let be": lambda units: e.ShortfallWrittenOff(units),
    "owed again": lambda units: e.WriteOffReversed(units),
    "keep": lambda units: e.ExcessRetained(units),
    "release": lambda units: e.ExcessReleased(units),
    "allow": lambda units: e.AllowanceGranted(units, "scratched"),
}
moves = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(1, 5_000)), max_size=12)


@attrs.define
class Books:
    """An order on its way, and what is posted for it in the currency of the books."""

    order: object
    stands: Counter = attrs.field(factory=Counter)

    def take(self, event):
        self.order = evolve(self.order, event)
        legs = book_legs(self.order, event)
        assert 0 == sum(leg.amount for leg in legs)
        assert len(legs) != 1
        for leg in legs:
            self.stands[leg.account] += leg.amount
        return self

    @property
    def left(self):
        return {account: units for account, units in self.stands.items() if units}


def begun(order, rate):
    return Books(attrs.evolve(order, book_rate=frozen(rate))).take(e.OrderPlaced(order.requested_at, credit_terms=True))


@given(rates, moves)
@example(Fraction(1, 3), [("pay", 1), ("pay", 1), ("give back", 1)])
def test_what_is_posted_is_what_the_accounts_are_worth(placed, rate, plan):
    """After any part of any plan each account stands at the worth of its whole balance: nothing drifts."""
    books = begun(placed, rate)
    for move, units in plan:
        books.take(MOVES[move](units))

        assert worths_of(frozen(rate), books.order.accounts) == books.left
        most = len(books.order.accounts)
        assert 2 * abs(books.left.get(ROUNDING, 0)) <= most


@given(rates, moves)
def test_an_order_that_is_even_is_even_in_the_books(placed, rate, plan):
    """Whatever was paid, taken and given back: when nothing is due any more, nothing is owed in either currency."""
    books = begun(placed, rate)
    for move, units in plan:
        books.take(MOVES[move](units))
    due = books.order.due.minor_units
    if due:
        books.take(MOVES["pay" if due > 0 else "give back"](abs(due)))

    assert 0 == books.order.due.minor_units
    assert 0 == books.stands["receivable"]


@given(rates, moves, st.randoms(use_true_random=False))
def test_the_order_of_what_happens_changes_no_total(placed, rate, plan, random):
    """The same payments, refunds and chargebacks another way round: the same on every account."""
    one, other = begun(placed, rate), begun(placed, rate)
    for move, units in plan:
        one.take(MOVES[move](units))
    for move, units in random.sample(plan, len(plan)):
        other.take(MOVES[move](units))

    assert one.left == other.left


@given(rates, st.permutations(range(3)), st.booleans())
def test_all_units_returned_one_by_one_leave_nothing(placed, rate, units, charges):
    """Paid in three parts, shipped, returned unit by unit, refunded as credited: every account ends as the whole."""
    line = placed.lines[0].id
    books = begun(placed, rate)
    total = placed.total.minor_units
    for part in (1, 2, total - 3):
        books.take(MOVES["pay"](part))
    books.take(e.GoodsShipped("shp", (Run(line, 0, 3),), ()))
    for unit in units:
        credited = books.order.credited
        shares = returned(books.order, Run(line, unit, unit + 1), charges)
        books.take(e.GoodsReturned(f"ret{unit}", (Run(line, unit, unit + 1),), charges, shares))
        books.take(MOVES["give back"](books.order.credited - credited))

    kept = 0 if charges else sum(charge.total for charge in placed.charges)
    assert kept == total - books.order.credited
    assert 0 == books.stands["receivable"]
    assert frozen(rate).units(kept) == books.stands["money:cod"]
    assert ("sales" in books.left) is False
    if charges:
        assert {} == books.left


def returned(order, run, charges):
    from tokolib.orders.shares import worths

    return sum(worth.total for worth in worths(order, (run,), charges=charges))


def test_an_order_freezes_the_rate_that_it_was_placed_under(play):
    """A newer rate is for newer orders; a refund of the older one goes by the older rate, and in dollars."""

    async def body(toko):
        await sells_in_dollars(toko, Fraction(16_000))
        order = await bought(toko, "old")
        await sells_in_dollars(toko, Fraction(17_000))
        newer = await bought(toko, "new")
        await toko.ship(order)
        goods = await toko.returns.accept(order, {"KOPI-250": 1})
        order = await toko.orders.get(order.id)

        assert (Fraction(16_000), Fraction(17_000)) == (order.book_rate.value, newer.book_rate.value)
        assert USD("5.00") == goods.refund.amount
        assert {"money:cash": 80_000, "sales": -80_000} == worths_of(order.book_rate, order.accounts)
        assert await toko.verify()

    play(body)


def test_where_the_rate_is_too_old_nothing_is_placed(play_in_memory):
    """The refusal says which rate, and the way out; after a newer one the same order goes through."""

    async def body(toko):
        await sells_in_dollars(toko, Fraction(16_000), days=3)
        toko.clock.forward(days=9)
        with pytest.raises(BookRateLapsed) as caught:
            await bought(toko, "k")
        said = str(caught.value)
        await sells_in_dollars(toko, Fraction(16_000), as_of=date(2026, 3, 10), days=3)

        assert "the rate from USD to IDR is of 2026-03-01, and holds for 3 days" == said
        assert (await bought(toko, "k")).book_rate.as_of == date(2026, 3, 10)

    play_in_memory(body)


def test_without_a_rate_the_books_keep_the_order_in_its_own_currency(play_in_memory):
    """As for a shop that never stated one; and what is in the currency of the books needs none."""

    async def body(toko):
        await sells_in_dollars(toko, Fraction(16_000))
        await toko.settings.change(book_rates=())
        dollars, rupiah = await bought(toko, "usd"), await toko.given.order({"KOPI-250": 1})

        assert [(None, ()), (None, ())] == [(each.book_rate, each.accounts) for each in (dollars, rupiah)]
        assert await toko.verify()

    play_in_memory(body)


def test_an_order_tells_at_what_rate_it_is_in_the_books(play_in_memory):
    """In both languages, with what it is worth there."""

    async def body(toko):
        await sells_in_dollars(toko, Fraction("16250.5"))
        order = await bought(toko, "usd")
        told = [await toko.orders.explain(order, locale) for locale in ("en", "id")]

        assert "in the books at 1 USD = 16250.5 IDR, Bank Indonesia, 1 Mar 2026" in told[0]
        assert "Rp162,505" in told[0]
        assert "dalam buku dengan kurs 1 USD = 16250.5 IDR, Bank Indonesia, 1 Mar 2026" in told[1]

    play_in_memory(body)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"currency": "IDR"}, "currency"),
        ({"currency": "dollar"}, "currency"),
        ({"value": Fraction(0)}, "value"),
        ({"value": 16_000}, "value"),
        ({"source": ""}, "source"),
        ({"as_of": "2026-03-01"}, "as_of"),
        ({"days": -1}, "days"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(change, path):
    """With the field that is wrong."""
    with pytest.raises(InvalidInput) as caught:
        attrs.evolve(frozen(Fraction(16_000)), **change)

    assert path in [fault.path for fault in caught.value.faults]


def test_a_shop_has_rates_of_what_it_sells_in(play_in_memory):
    """One for each, into the currency of its books; and a rate goes with its currency."""

    async def body(toko):
        await toko.settings.change(currencies=("USD",))
        rate = frozen(Fraction(16_000))
        for rates, path in (
            ((rate, rate), "book_rates[1].currency"),
            ((attrs.evolve(rate, currency="EUR"),), "book_rates[0].currency"),
            ((attrs.evolve(rate, books="EUR"),), "book_rates[0].books"),
            ((16_000,), "book_rates[0]"),
        ):
            with pytest.raises(InvalidInput) as caught:
                await toko.settings.change(book_rates=rates)
            assert path == caught.value.faults[0].path
        await toko.settings.change(book_rates=(rate,))
        changed = await toko.settings.change(currencies=())

        assert () == changed.book_rates

    play_in_memory(body)


@pytest.mark.parametrize(
    ("value", "figure"),
    [(Fraction(16_250), "16250"), (Fraction("0.5"), "0.5"), (Fraction("1.05"), "1.05"), (Fraction(1, 3), "1/3")],
)
def test_a_rate_is_shown_exactly(value, figure):
    """As a decimal number where it has an end."""
    assert figure == frozen(value).figure


async def sells_in_dollars(toko, value, **more):
    rate = attrs.evolve(frozen(value), **more)
    await toko.settings.change(currencies=("USD",), book_rates=(rate,))
    await toko.prices.put("KOPI-250", USD("5.00"))


async def bought(toko, key):
    cart = await toko.carts.start({"KOPI-250": 2}, currency="USD")
    return await toko.orders.place(await toko.carts.quote(cart), tender="cash", key=key)
