"""Exchanges: held when they are asked for, changed over in one transaction, and only the difference in money moves."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, InvalidInput, LineWish, OrderState, Policies
from tokolib.checkout.lines import QuoteLine
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.policies import ShippingRefund, StockTaken
from tokolib.kernel.preview import PreviewStale
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.unit_price import UnitPrice
from tokolib.orders.errors import NotEditable
from tokolib.orders.foreign import ForeignCharge, ForeignLine, ForeignOrder
from tokolib.orders.model import PaymentStatus
from tokolib.orders.shares import part_of
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.returns.errors import NotEven, PartOfAnother
from tokolib.returns.exchanges import ExchangeState, IllegalExchangeTransition
from tokolib.returns.model import ReturnState

WEEK = timedelta(days=7)


async def sizes(toko):
    """One shirt in three sizes, the largest dearer and the smallest cheaper."""
    await toko.given.goods({"KAOS-M": 75_000, "KAOS-L": 75_000, "KAOS-XL": 90_000, "KAOS-S": 60_000}, stock=5)


async def delivered(toko, lines, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def asked(toko, order, to, *, units=1, **options):
    """An exchange of so many shirts in M for others."""
    until = toko.clock.now() + WEEK
    return await toko.exchanges.request(
        order, {"KAOS-M": units}, {to: units}, until=until, reason="wrong size", **options
    )


async def available(toko, sku):
    return (await toko.stock.level(sku)).available.steps


def test_another_size_costs_nothing_and_is_held_from_the_first_day(play):
    """Even: the same taxes, the same discounts, nothing due, nothing back; the order is done when it has arrived."""

    async def body(toko):
        await toko.settings.change(pkp_since=date(2020, 1, 1))
        await sizes(toko)
        await toko.promotions.fixed("POTONG", IDR(10_001))
        order = await delivered(toko, {"KAOS-M": 3})
        exchange = await asked(toko, order, "KAOS-L", units=2, pricing="even")
        assert (exchange.state, await available(toko, "KAOS-L")) == (ExchangeState.REQUESTED, 3)
        assert (await toko.returns.get(exchange.return_id)).part_of == exchange.id
        exchange = await toko.exchanges.complete(await toko.exchanges.authorise(exchange))
        assert exchange.settlement.difference == IDR(0)
        after = await toko.orders.get(order.id)
        assert (after.due, after.paid, after.state) == (IDR(0), order.total, OrderState.PLACED)
        assert (await available(toko, "KAOS-L"), await available(toko, "KAOS-M")) == (3, 4)
        await toko.ship(after)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED
        back = await toko.returns.accept(after, {"KAOS-L": 2, "KAOS-M": 1}, reason="changed mind")
        assert back.refund.amount == order.total

    play(body)


def test_a_dearer_one_is_due_and_charges_nothing_by_itself(play):
    """The order waits for the difference, and ships when it has come."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1})
        exchange = await asked(toko, order, "KAOS-XL")
        shown = await toko.exchanges.preview_complete(exchange)
        assert (shown.after.due, shown.moves) == (IDR(15_000), ())
        exchange = await toko.exchanges.complete(exchange, preview=shown.hash)
        after = await toko.orders.get(order.id)
        assert (exchange.settlement.difference, after.due) == (IDR(15_000), IDR(15_000))
        assert not after.shippable
        after = await toko.payments.received(after, IDR(15_000), key="rest")
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.PAID

    play(body)


@pytest.mark.parametrize("refund_to", [None, "store_credit"])
def test_of_a_cheaper_one_the_rest_goes_back_as_asked(play, refund_to):
    """By the way that the money came, or kept as store credit."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1}, customer="siti")
        exchange = await toko.exchanges.complete(await asked(toko, order, "KAOS-S"), refund_to=refund_to)
        back = await toko.returns.get(exchange.return_id)
        assert (back.refund.credit, back.refund.amount) == (IDR(75_000), IDR(15_000))
        assert [part.tender for part in back.refund.parts] == [refund_to or "cash"]
        assert (await toko.orders.get(order.id)).due == IDR(0)

    play(body)


def test_a_stated_price_counts(play):
    """Somebody lets the larger one go for less, and says why."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1})
        until, wish = toko.clock.now() + WEEK, LineWish("KAOS-XL", 1, price=IDR(80_000), reason="regular")
        exchange = await toko.exchanges.request(order, {"KAOS-M": 1}, [wish], until=until, reason="size")
        exchange = await toko.exchanges.complete(exchange)
        assert exchange.settlement.difference == IDR(5_000)

    play(body)


@pytest.mark.parametrize("taken", list(StockTaken))
@pytest.mark.parametrize("refund", list(ShippingRefund))
def test_charges_stay_and_stock_moves_by_the_policy_of_the_order(play_in_memory, taken, refund):
    """Shipping is not credited with goods that are replaced; stock leaves when the order's policy says so."""

    async def body(toko):
        await toko.settings.change(policies=Policies(shipping_refund=refund, stock_taken=taken))
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 2}, delivery="jne:reg")
        await toko.exchanges.complete(await asked(toko, order, "KAOS-L", pricing="even"))
        level = await toko.stock.level("KAOS-L")
        at_once = taken is StockTaken.AT_ORDER
        assert (level.on_hand.steps, level.available.steps) == (4 if at_once else 5, 4)
        assert (await toko.orders.get(order.id)).due == IDR(0)
        await toko.ship(order)

    play_in_memory(body)


def test_an_allowance_stays_with_what_takes_the_place_of_the_goods(play):
    """An even exchange moves no money either where money was let off before; a return afterwards takes it along."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1})
        await toko.orders.grant_allowance(order, IDR(5_000), reason="a stain", key="stain")
        await toko.exchanges.complete(await asked(toko, order, "KAOS-L", pricing="even"))
        after = await toko.orders.get(order.id)
        assert (after.allowed, after.due, after.paid) == (5_000, IDR(0), IDR(70_000))
        await toko.ship(after)
        assert (await toko.returns.accept(after, {"KAOS-L": 1})).refund.amount == IDR(70_000)

    play(body)


def test_an_allowance_goes_with_goods_that_something_dearer_replaces(play):
    """As with every return: what the stain had given is not given for the new one too."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1})
        await toko.orders.grant_allowance(order, IDR(5_000), reason="a stain", key="stain")
        await toko.exchanges.complete(await asked(toko, order, "KAOS-XL"))
        after = await toko.orders.get(order.id)
        assert (after.allowed, after.due) == (0, IDR(20_000))

    play(body)


def test_what_is_not_to_be_had_so_is_refused_and_nothing_is_held(play):
    """Too many, too few in stock, uneven, priced twice, of the past, or of goods that the customer hasn't got."""

    async def body(toko):
        await sizes(toko)
        order, later = await delivered(toko, {"KAOS-M": 6 - 1}), toko.clock.now() + WEEK
        tried = {"until": later, "reason": "size"}
        with pytest.raises(TooManyUnits):
            await toko.exchanges.request(order, {"KAOS-M": 6}, {"KAOS-L": 1}, **tried)
        with pytest.raises(OutOfStock):
            await toko.exchanges.request(order, {"KAOS-M": 1}, {"KAOS-L": 6}, **tried)
        with pytest.raises(NotEven, match="1 come back, and 2 replace them"):
            await toko.exchanges.request(order, {"KAOS-M": 1}, {"KAOS-L": 2}, **tried, pricing="even")
        with pytest.raises(NotEven, match="counted in"):
            await toko.exchanges.request(order, {"KAOS-M": 1}, {"GULA": "0.001"}, **tried, pricing="even")
        wish = LineWish("KAOS-L", 1, price=IDR(1), reason="x")
        for options in (
            {"pricing": "even", "replacement": [wish]},
            {"pricing": "odd", "replacement": {"KAOS-L": 1}},
            {"replacement": {}},
            {"replacement": [LineWish("KAOS-L", 1, price=IDR(1))]},
            {"replacement": {"KAOS-L": 1}, "until": toko.clock.now()},
        ):
            with pytest.raises(InvalidInput):
                await toko.exchanges.request(order, {"KAOS-M": 1}, **tried | options)
        assert await toko.exchanges.of(order) == ()
        assert await toko.returns.of(order) == ()
        assert await available(toko, "KAOS-L") == 5

    play(body)


def test_an_order_that_a_provider_has_taxed_or_a_plan_pays_is_not_exchanged(play_in_memory):
    """As it can't be edited: it is told before anything is held."""

    async def body(toko):
        from tokolib import Basket
        from tokolib.payments import monthly

        await sizes(toko)
        await toko.plans.put("dp", title="DP", deposit="0.5", steps=monthly(1), goods="while_on_time")
        order = await toko.orders.place(Basket({"KAOS-M": 1}), tender="cash", plan="dp", key="plan")
        await toko.shipments.hand_over(order)
        with pytest.raises(NotEditable, match="paid by the plan dp"):
            await asked(toko, order, "KAOS-L")

    play_in_memory(body)


def test_its_return_is_settled_with_it_alone(play):
    """Accepted by itself it would give all the money back, and the replacement too."""

    async def body(toko):
        await sizes(toko)
        exchange = await asked(toko, await delivered(toko, {"KAOS-M": 1}), "KAOS-L")
        with pytest.raises(PartOfAnother, match=f"is a part of {exchange.id}"):
            await toko.returns.accept(exchange.return_id)
        with pytest.raises(PartOfAnother):
            await toko.returns.reject(exchange.return_id, note="worn")
        assert (await toko.returns.get(exchange.return_id)).state is ReturnState.REQUESTED

    play(body)


@pytest.mark.parametrize("end", ["reject", "cancel", "tick"])
def test_an_end_without_goods_frees_the_replacement_and_closes_the_return(play, end):
    """Whoever ends it; after that each move is refused with those that are left, which are none."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1})
        exchange = await asked(toko, order, "KAOS-L")
        match end:
            case "reject":
                await toko.exchanges.reject(exchange, note="worn")
            case "cancel":
                await toko.exchanges.cancel(exchange, reason="keeps it")
            case _:
                toko.clock.forward(days=7)
                assert (await toko.tick()).expired_exchanges == 1
        assert await available(toko, "KAOS-L") == 5
        assert (await toko.returns.get(exchange.return_id)).state is ReturnState.REJECTED
        with pytest.raises(IllegalExchangeTransition, match="possible now: nothing"):
            await toko.exchanges.complete(exchange)
        assert (await toko.orders.get(order.id)).version == order.version

    play(body)


def test_a_hold_that_is_put_off_stands_and_one_that_ran_out_is_made_anew(play):
    """Put off in time, nobody else can take it; after its time it is held anew, where it is still there."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 2})
        exchange = await asked(toko, order, "KAOS-L")
        exchange = await toko.exchanges.extend(exchange, until=toko.clock.now() + 2 * WEEK)
        toko.clock.forward(days=8)
        assert (await toko.tick()).expired_exchanges == 0
        assert await available(toko, "KAOS-L") == 4
        toko.clock.forward(days=8)
        assert await available(toko, "KAOS-L") == 5
        exchange = await toko.exchanges.extend(exchange, until=toko.clock.now() + WEEK)
        assert await available(toko, "KAOS-L") == 4
        toko.clock.forward(days=8)
        assert (await toko.exchanges.complete(exchange)).state is ExchangeState.COMPLETED
        late = await asked(toko, order, "KAOS-L")
        toko.clock.forward(days=8)
        await toko.given.order({"KAOS-L": 4})
        with pytest.raises(OutOfStock):
            await toko.exchanges.complete(late)
        with pytest.raises(OutOfStock):
            await toko.exchanges.extend(late, until=toko.clock.now() + WEEK)
        assert (await toko.exchanges.get(late.id)).state is ExchangeState.REQUESTED

    play(body)


def test_a_key_makes_each_step_safe_to_repeat(play):
    """The same wish answers the same exchange; another wish under the key is refused."""

    async def body(toko):
        await sizes(toko)
        order = await delivered(toko, {"KAOS-M": 1})
        first, again = [await asked(toko, order, "KAOS-L", key="swap") for _ in range(2)]
        assert first == again
        with pytest.raises(KeyReused):
            await asked(toko, order, "KAOS-S", key="swap")
        done = [await toko.exchanges.complete(first, key="here") for _ in range(2)]
        assert done[0] == done[1]
        assert len((await toko.orders.get(order.id)).amendments) == 1

    play(body)


def test_a_price_that_changed_since_it_was_shown_is_told(play):
    """The preview is stale by the figure that differs, and nothing is done."""

    async def body(toko):
        await sizes(toko)
        exchange = await asked(toko, await delivered(toko, {"KAOS-M": 1}), "KAOS-L")
        shown = await toko.exchanges.preview_complete(exchange)
        await toko.prices.put("KAOS-L", IDR(80_000))
        with pytest.raises(PreviewStale, match=r"after.due: IDR 0 → IDR 5000"):
            await toko.exchanges.complete(exchange, preview=shown)
        assert (await toko.exchanges.get(exchange.id)).state is ExchangeState.REQUESTED

    play(body)


def test_a_kit_is_replaced_even(play):
    """What it is made of is held, and leaves in its parts."""

    async def body(toko):
        order = await delivered(toko, {"PAKET": 2})
        until = toko.clock.now() + WEEK
        made = await toko.exchanges.request(
            order, {"PAKET": 1}, {"PAKET": 1}, until=until, reason="dented", pricing="even"
        )
        assert set(made.held) > {"paket"} or "paket" not in made.held
        assert (await toko.exchanges.complete(made)).settlement.difference == IDR(0)
        await toko.ship(order)

    play(body)


@pytest.mark.parametrize("total", [150_001, 149_998, 225_000])
def test_what_an_order_from_elsewhere_differs_by_goes_with_the_goods(play, total):
    """The replacement takes over their share of it: no money moves, and in the end as much goes back as came."""

    async def body(toko):
        await sizes(toko)
        stated = ForeignOrder(
            source="tokopedia",
            number="T-1",
            ordered_at=toko.clock.now(),
            lines=(ForeignLine("KAOS-M", 2, IDR(75_000), IDR(150_000)),),
            total=IDR(total),
        )
        order = await toko.foreign.take_over(stated)
        await toko.ship(order)
        done = await toko.exchanges.complete(await asked(toko, order, "KAOS-L", pricing="even"))
        assert (done.settlement.difference, (await toko.orders.get(order.id)).due) == (IDR(0), IDR(0))
        await toko.ship(order)
        back = await toko.returns.accept(order, {"KAOS-L": 1, "KAOS-M": 1}, reason="changed mind")
        assert back.refund.amount == IDR(total)

    play(body)


def test_what_is_worth_less_than_its_order_differs_by_is_not_replaced_even(play):
    """The replacement would cost less than nothing."""

    async def body(toko):
        await sizes(toko)
        stated = ForeignOrder(
            source="old-shop",
            number="1",
            ordered_at=toko.clock.now(),
            lines=(ForeignLine("KAOS-M", 1, IDR(75_000), IDR(75_000)),),
            charges=(ForeignCharge(ChargeKind.SHIPPING, "Ekspres", IDR(90_000)),),
            total=IDR(80_000),
        )
        order = await toko.foreign.take_over(stated)
        await toko.ship(order)
        with pytest.raises(NotEven, match="KAOS-M is worth less than what its order differs by"):
            await asked(toko, order, "KAOS-L", pricing="even")

    play(body)


def _line(units, base, discounts, taxes):
    from decimal import Decimal
    from fractions import Fraction

    from tokolib.tax.model import TaxAmount

    off = tuple(AppliedDiscount(f"p{n}", "", "", amount) for n, amount in enumerate(discounts))
    tax = tuple(TaxAmount("ppn", "PPN", Decimal(11), Fraction(1), base, each, "S", "x") for each in taxes)
    rest = base - sum(discounts)
    return QuoteLine(
        "l", "k", "K", "", "", units, PIECE, UnitPrice.of(IDR(1)), base, rest, rest + sum(taxes), "standard", False,
        off, tax,
    )  # fmt: skip


@given(st.data())
def test_the_parts_of_a_line_that_others_take_over_add_up_to_it(data):
    """However the units are divided: price, discounts, taxes and totals of the parts are the line's."""
    units = data.draw(st.integers(1, 40))
    base = data.draw(st.integers(0, 10**9))
    discounts = [data.draw(st.integers(0, base // 2))] if base else []
    line = _line(units, base, discounts, data.draw(st.lists(st.integers(0, 10**6), max_size=2)))
    cuts = sorted({0, units, *data.draw(st.lists(st.integers(0, units), max_size=5))})

    parts = [part_of(line, [run], line) for run in pairwise(cuts)]

    for figure in ("base", "net", "total"):
        assert getattr(line, figure) == sum(getattr(part, figure) for part in parts)
    assert sum(discounts) == sum(each.amount for part in parts for each in part.discounts)
    for n, tax in enumerate(line.taxes):
        assert (tax.amount, tax.base) == (
            sum(part.taxes[n].amount for part in parts), sum(part.taxes[n].base for part in parts)
        )  # fmt: skip
    assert all(each.amount > 0 for part in parts for each in part.discounts)
