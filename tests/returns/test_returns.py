"""Goods that come back: credited by their shares, refunded the way the money came, and put where they belong."""

from datetime import date
from decimal import Decimal

import pytest

from tokolib import IDR, Disposition, InvalidInput, LineWish, NotFound, OrderState, Policies
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.policies import ShippingRefund
from tokolib.kernel.quantity import KILOGRAM, InvalidQuantity, Quantity
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.model import PaymentStatus, ReturnStatus
from tokolib.orders.unit_errors import NamedTwice, TooManyUnits, UnknownLine
from tokolib.payments.errors import NotLocal
from tokolib.returns.errors import AmbiguousSku, IllegalReturnTransition, NothingToReturn
from tokolib.returns.model import ReturnState


async def delivered(toko, lines, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


def test_returns_in_parts_close_to_the_last_rupiah(play):
    """Odd prices, an order discount, PPN: three returns together give back exactly what was paid."""

    async def body(toko):
        await toko.settings.change(pkp_since=date(2020, 1, 1))
        await toko.promotions.fixed("POTONG", IDR(10_001))
        order = await delivered(toko, {"CANGKIR": 3, "GULA": "0.777"})
        refunds = []
        for goods in ({"CANGKIR": 1, "GULA": "0.3"}, {"CANGKIR": 1, "GULA": "0.1"}, {"CANGKIR": 1, "GULA": "0.377"}):
            refunds.append((await toko.returns.accept(order, goods, reason="changed mind")).refund)
        assert sum(each.amount.minor_units for each in refunds) == order.total.minor_units
        tax = sum(share.amount for each in refunds for worth in each.worths for share in worth.taxes)
        assert tax == sum(each.amount for line in order.lines for each in line.line.taxes)
        order = await toko.orders.get(order.id)
        assert (order.payment, order.returns, order.due) == (PaymentStatus.REFUNDED, ReturnStatus.RETURNED, IDR(0))
        assert order.state is OrderState.COMPLETED
        assert (await toko.stock.level("GULA")).on_hand.steps == 50_000
        with pytest.raises(TooManyUnits):
            await toko.returns.accept(order, {"CANGKIR": 1})

    play(body)


def test_shipping_goes_back_with_the_goods_by_policy(play):
    """Kept by default; by policy each unit takes its share of it along."""

    async def body(toko):
        kept = await delivered(toko, {"KOPI-250": 3}, delivery="jne:reg")
        assert (await toko.returns.accept(kept, {"KOPI-250": 3})).refund.amount == IDR(225_000)
        await toko.settings.change(policies=Policies(shipping_refund=ShippingRefund.WITH_GOODS))
        order = await delivered(toko, {"KOPI-250": 3, "Teh-100": 1}, delivery="jne:reg")
        parts = [await toko.returns.accept(order, goods) for goods in ({"KOPI-250": 1}, {"KOPI-250": 2, "Teh-100": 1})]
        assert [part.refund.amount for part in parts] == [IDR(80_510), IDR(182_490)]
        assert (await toko.orders.get(order.id)).paid == IDR(0)

    play(body)


def test_a_return_is_requested_inspected_and_accepted(play):
    """The request moves nothing; the inspection says what each part is still good for."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 2, "Teh-100": 2})
        asked = await toko.returns.request(order, {"KOPI-250": 1, "Teh-100": 1}, reason="wrong colour", key="r")
        assert await toko.returns.request(order, {"KOPI-250": 1, "Teh-100": 1}, reason="wrong colour", key="r") == asked
        assert (asked.state, (await toko.stock.level("KOPI-250")).on_hand.steps) == (ReturnState.REQUESTED, 18)
        done = await toko.returns.accept(asked, dispositions={"teh-100": Disposition.WRITE_OFF}, key="a")
        assert await toko.returns.accept(asked, dispositions={"teh-100": Disposition.WRITE_OFF}, key="a") == done
        assert [line.disposition for line in done.lines] == [Disposition.RESTOCK, Disposition.WRITE_OFF]
        assert done.refund.amount == IDR(95_000)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 19
        assert (await toko.stock.level("Teh-100")).on_hand.steps == 18
        with pytest.raises(IllegalReturnTransition):
            await toko.returns.accept(asked)
        with pytest.raises(IllegalReturnTransition):
            await toko.returns.reject(asked, note="too late")
        assert await toko.returns.get(asked.id) == done
        assert await toko.returns.of(order) == (done,)
        with pytest.raises(NotFound):
            await toko.returns.get("ret_nothing")

    play(body)


def test_one_word_writes_everything_off(play):
    """A disposition for all overrules the request; nothing of it is sold again."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 2})
        asked = await toko.returns.request(order, {"KOPI-250": 1}, reason="wet")
        await toko.returns.accept(asked.id, disposition=Disposition.WRITE_OFF)
        await toko.returns.accept(order.id, {"KOPI-250": 1}, reason="wet", disposition=Disposition.WRITE_OFF)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 18
        kinds = [each.kind.value for each in (await toko.stock.movements("KOPI-250")).items]
        assert kinds == ["receive", "ship", "restock", "write_off", "restock", "write_off"]

    play(body)


def test_a_rejected_return_changes_nothing(play_in_memory):
    """The customer may ask again."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 1})
        asked = await toko.returns.request(order, {"KOPI-250": 1}, reason="x")
        rejected = await toko.returns.reject(asked.id, note="opened")
        assert (rejected.state, rejected.note, rejected.refund) == (ReturnState.REJECTED, "opened", None)
        assert (await toko.orders.get(order.id)).returns is ReturnStatus.NONE
        await toko.returns.accept(order, {"KOPI-250": 1})

    play_in_memory(body)


def test_all_returns_of_an_order_are_told(play_in_memory):
    """However many there are, the first one first."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 1})
        asked = [await toko.returns.request(order, {"KOPI-250": 1}, reason="x") for _ in range(1_001)]

        assert tuple(asked) == await toko.returns.of(order)

    play_in_memory(body)


def test_units_come_back_once(play_in_memory):
    """Two requests for the same unit: the second acceptance is refused."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 1, "Teh-100": 1})
        asked = [await toko.returns.request(order, {"KOPI-250": 1}, reason="x") for _ in range(2)]
        await toko.returns.accept(asked[0])
        with pytest.raises(TooManyUnits):
            await toko.returns.accept(asked[1])
        assert (await toko.returns.get(asked[1].id)).state is ReturnState.REQUESTED

    play_in_memory(body)


def test_a_request_is_met_by_the_units_that_are_left(play):
    """Two of three are asked back, one comes over the counter first: the others come back, and no unit twice."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 3})
        asked = [await toko.returns.request(order, {"KOPI-250": 2}, reason="x") for _ in range(2)]
        await toko.returns.accept(order, {"KOPI-250": 1})

        accepted = await toko.returns.accept(asked[0])
        with pytest.raises(TooManyUnits) as refused:
            await toko.returns.accept(asked[1])

        assert [(1, 3)] == [(line.run.first, line.run.beyond) for line in accepted.lines]
        assert IDR(150_000) == accepted.refund.amount
        assert ("2 pcs", "0 pcs") == (refused.value.wanted, refused.value.possible)
        assert IDR(0) == (await toko.orders.get(order.id)).paid
        assert 20 == (await toko.stock.level("KOPI-250")).on_hand.steps

    play(body)


def test_what_is_in_the_house_with_one_return_is_accepted_with_that(play):
    """Two of three came with a return: of the order, and of another return, only the third can be accepted."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 3})
        asked = [await toko.returns.request(order, {"KOPI-250": 2}, reason="x") for _ in range(2)]
        await toko.returns.receive(asked[0])

        refusals = []
        for named in (asked[1], (order, {"KOPI-250": 2})):
            with pytest.raises(TooManyUnits) as refused:
                await toko.returns.accept(*(named if isinstance(named, tuple) else (named,)))
            refusals.append((refused.value.wanted, refused.value.possible))
        third = await toko.returns.accept(order, {"KOPI-250": 1})
        first = await toko.returns.accept(asked[0])

        assert [("2 pcs", "1 pcs")] * 2 == refusals
        taken = [[(line.run.first, line.run.beyond) for line in each.lines] for each in (first, third)]
        assert [[(0, 2)], [(2, 3)]] == taken
        assert IDR(0) == (await toko.orders.get(order.id)).paid
        assert 20 == (await toko.stock.level("KOPI-250")).on_hand.steps
        assert (await toko.verify()).ok

    play(body)


@pytest.mark.parametrize("text", ["x" * 301, "a\0b"])
def test_why_goods_come_back_is_one_printable_line(play_in_memory, text):
    """A reason or a note that can't be kept is refused by name, and nothing is stored."""

    async def body(toko):
        order = await delivered(toko, {"KOPI-250": 1})
        asked = await toko.returns.request(order, {"KOPI-250": 1}, reason="  wet \t")
        refused = (
            ("reason", lambda: toko.returns.request(order, {"KOPI-250": 1}, reason=text)),
            ("reason", lambda: toko.returns.accept(order, {"KOPI-250": 1}, reason=text)),
            ("note", lambda: toko.returns.reject(asked, note=text)),
        )
        for path, call in refused:
            with pytest.raises(InvalidInput) as error:
                await call()
            assert [path] == [fault.path for fault in error.value.faults]
        assert "wet" == asked.lines[0].reason
        assert (asked,) == await toko.returns.of(order)

    play_in_memory(body)


def test_what_cant_come_back_is_refused(play):
    """Not shipped, not named, not known, not clear which: an error with the way out, and nothing stored."""

    async def body(toko):
        fresh = await toko.given.order({"KOPI-250": 1})
        with pytest.raises(TooManyUnits):
            await toko.returns.accept(fresh, {"KOPI-250": 1})
        pending = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        with pytest.raises(IllegalOrderTransition):
            await toko.returns.request(pending, {"KOPI-250": 1}, reason="x")
        order = await delivered(toko, [LineWish("KOPI-250", 1), LineWish("KOPI-250", 1), LineWish("Teh-100", 1)])
        first = order.lines[0].id
        for goods, error in (
            ({}, NothingToReturn),
            (None, NothingToReturn),
            ({"GULA": 1}, UnknownLine),
            ({"KOPI-250": 1}, AmbiguousSku),
            ({"Teh-100": 1, order.lines[2].id: 1}, NamedTwice),
            ({"Teh-100": 1, "teh-100": 1}, NamedTwice),
            ({"Teh-100": 2}, TooManyUnits),
            ({"Teh-100": 10**5_000}, NotExact),
            ({"Teh-100": Quantity(1, KILOGRAM)}, InvalidQuantity),
        ):
            with pytest.raises(error):
                await toko.returns.accept(order, goods)
        with pytest.raises(NotLocal):
            await toko.returns.accept(order, {"Teh-100": 1}, refund_to="doubloons")
        with pytest.raises(UnknownLine):
            await toko.returns.accept(order, {"Teh-100": 1}, dispositions={"GULA": Disposition.WRITE_OFF})
        with pytest.raises(InvalidInput, match=r"must be of goods that come back: Teh-100 @ dispositions\[KOPI-250\]"):
            await toko.returns.accept(order, {"Teh-100": 1}, dispositions={"KOPI-250": Disposition.WRITE_OFF})
        twice = {"Teh-100": Disposition.RESTOCK, "TEH-100": Disposition.WRITE_OFF}
        with pytest.raises(NamedTwice):
            await toko.returns.accept(order, {"Teh-100": 1}, dispositions=twice)
        with pytest.raises(InvalidInput, match="must be one of restock, write_off"):
            await toko.returns.accept(order, {"Teh-100": 1}, disposition="burn")
        asked = await toko.returns.request(order, {"Teh-100": 1}, reason="x")
        with pytest.raises(InvalidInput):
            await toko.returns.accept(asked, {"Teh-100": 1})
        with pytest.raises(InvalidInput, match="has its reason already"):
            await toko.returns.accept(asked, reason="another one")
        kept = await toko.returns.accept(order, {first: 1}, key="k")
        assert await toko.returns.accept(order, {first: Decimal("1.00")}, key="k") == kept
        with pytest.raises(KeyReused):
            await toko.returns.accept(order, {first: 1}, refund_to="cash", key="k")
        await toko.returns.accept(order, {"KOPI-250": 1})
        assert len(await toko.returns.of(order)) == 3

    play(body)


def test_a_part_of_a_bundle_comes_back_with_all_of_it(play_in_memory):
    """Whoever names the part is told of the bundle."""

    async def body(toko):
        order = await delivered(toko, {"PAKET": 1, "GULA": 1})
        with pytest.raises(UnknownLine) as error:
            await toko.returns.accept(order, {"KOPI-250": 1})
        assert error.value.hint == "PAKET is shipped and returned whole; its parts are kopi-250, teh-100"
        with pytest.raises(UnknownLine) as error:
            await toko.returns.accept(order, {"CANGKIR": 1})
        assert "name a SKU that the order has" in error.value.hint
        with pytest.raises(TooManyUnits) as many:
            await toko.returns.accept(order, {"PAKET": 2})
        assert "shop.orders.get(order).lines" in many.value.hint

    play_in_memory(body)


@pytest.mark.parametrize(("refund_to", "status"), [(None, PaymentStatus.REFUND_DUE), ("cash", PaymentStatus.REFUNDED)])
def test_a_transfer_goes_back_as_a_transfer_or_in_cash(play, refund_to, status):
    """A transfer waits for the bookkeeper; cash is handed over with the goods."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.payments.received(order, IDR(75_000))
        await toko.ship(order)
        back = await toko.returns.accept(order, {"KOPI-250": 1}, refund_to=refund_to)
        assert (await toko.orders.get(order.id)).payment is status
        if refund_to is None:
            await toko.payments.paid_out(back.refund.parts[0].operation_id)
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.REFUNDED

    play(body)


def test_a_refund_of_two_payments_has_two_parts(play_in_memory):
    """Half by transfer, half in cash: each part goes back the way it came, and both are named."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.payments.received(order, IDR(40_000), reference="a")
        await toko.payments.received(order, IDR(35_000), method="cash", reference="b")
        await toko.ship(order)
        back = await toko.returns.accept(order, {"KOPI-250": 1})
        ways = {(each.tender, each.amount) for each in back.refund.parts}
        assert back.refund.amount == IDR(75_000)
        assert ways == {("cash", IDR(35_000)), ("bank_transfer", IDR(40_000))}
        waiting = (await toko.payments.intent(order)).payouts
        assert [each.amount for each in waiting] == [IDR(40_000)]
        await toko.payments.paid_out(waiting[0].id)
        assert (await toko.orders.get(order.id)).due == IDR(0)

    play_in_memory(body)


@pytest.mark.parametrize("trouble", ["", "time_out_after", "time_out_before", "unreachable"])
def test_a_gateway_gives_the_money_back(play, trouble):
    """Refunded where it was charged; after a time-out a tick finds out, and it is refunded once."""

    async def body(toko):
        toko.world.instant = True
        order = await delivered(toko, {"KOPI-250": 3}, tender="fake")
        if trouble:
            setattr(toko.world.switches, trouble, 1)
        back = await toko.returns.accept(order, {"KOPI-250": 1})
        assert back.refund.amount == IDR(75_000)
        for _ in range(3 if trouble else 0):
            toko.clock.forward(minutes=10)
            await toko.tick()
        order = await toko.orders.get(order.id)
        assert (order.payment, toko.world.balance(IDR(0))) == (PaymentStatus.PARTIALLY_REFUNDED, IDR(150_000))
        assert order.due == IDR(0)

    play(body)


def test_what_comes_back_whole_and_unpaid_leaves_nothing_to_pay(play):
    """Refused at the door: the order is complete, and nobody reads that it was paid."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod")
        await toko.ship(order)
        await toko.returns.accept(order, {"KOPI-250": 1})
        assert PaymentStatus.UNPAID is (await toko.orders.get(order.id)).payment

        await toko.returns.accept(order, {"KOPI-250": 1})

        order = await toko.orders.get(order.id)
        assert (OrderState.COMPLETED, PaymentStatus.VOIDED, IDR(0)) == (order.state, order.payment, order.due)

    play(body)


def test_an_unpaid_return_lowers_what_is_owed(play):
    """Cash on delivery: what comes back before the courier pays is credited, not refunded."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        await toko.ship(order)
        back = await toko.returns.accept(order, {"KOPI-250": 1})
        assert (back.refund.credit, back.refund.amount) == (IDR(75_000), IDR(0))
        order = await toko.orders.get(order.id)
        assert order.due == IDR(93_000)
        await toko.payments.received(order, IDR(93_000))
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)
