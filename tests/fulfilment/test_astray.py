"""Journeys that don't end at the customer's door: tried in vain, turned back, lost, and what the customer gets then."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR, USD, Disposition, InvalidInput, OrderState, Policies
from tokolib.fulfilment.errors import (
    IllegalShipmentTransition,
    ImpossibleArrival,
    InvalidClaim,
    NoCourierClaim,
    NothingAstray,
    RemediedOtherwise,
)
from tokolib.fulfilment.model import Attempt, Remedy, ShipmentState
from tokolib.inventory import OutOfStock, StockState, Tracked
from tokolib.inventory.lots import LotReceipt
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.errors import AlreadyShipped
from tokolib.orders.model import PaymentStatus, ReturnStatus

TAKEN = pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
"""When stock leaves the books."""


async def shipped(toko, quantity=2, **options):
    order = await toko.given.order({"KOPI-250": quantity}, **options)
    return order, await toko.shipments.hand_over(order, tracking="JNE1")


async def line_of(toko, order):
    return (await toko.orders.get(order.id)).lines[0]


def test_a_courier_tries_again(play):
    """Each attempt is kept with its reason, the same one once; the next one may succeed."""

    async def body(toko):
        order, shipment = await shipped(toko)
        toko.clock.forward(hours=5)
        when = toko.clock.now()
        first = await toko.shipments.failed(shipment, reason="nobody home", at=when)
        assert (first.state, first.attempts) == (ShipmentState.FAILED, (Attempt(when, "nobody home"),))
        assert await toko.shipments.failed(shipment, reason="nobody home", at=when) == first
        with pytest.raises(ImpossibleArrival):
            await toko.shipments.failed(shipment, reason="too early", at=when - timedelta(hours=6))
        toko.clock.forward(days=1)
        assert 2 == len((await toko.shipments.failed(shipment, reason="no such street")).attempts)
        await toko.shipments.delivered(shipment)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


@TAKEN
def test_what_came_back_is_in_stock_and_sent_again(play, taken):
    """The goods are back on the shelf, the sale stands, and a new shipment takes the very units."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order, shipment = await shipped(toko)
        await toko.shipments.failed(shipment, reason="nobody home")
        await toko.shipments.returning(shipment, reason="three attempts")
        assert (await line_of(toko, order)).on_the_way == UnitSet.whole(2)

        back = await toko.shipments.returned(shipment)

        assert (back.state, back.waits) == (ShipmentState.RETURNED, True)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 20
        line = await line_of(toko, order)
        assert (line.undelivered, line.kept, line.open) == (UnitSet.whole(2), NO_UNITS, NO_UNITS)
        assert (await toko.orders.get(order.id)).due == order.due
        assert [shipment.id] == [each.id for each in (await toko.shipments.undecided()).items]
        with pytest.raises(AlreadyShipped):
            await toko.orders.cancel(order, reason="gives up")

        again = await toko.shipments.reship(back)

        assert (again.remedy, (await toko.shipments.undecided()).items) == (Remedy.RESHIP, ())
        assert await toko.shipments.reship(back) == again
        assert (await line_of(toko, order)).free == UnitSet.whole(2)
        new = await toko.shipments.hand_over(order)
        assert (new.number, new.runs) == (2, shipment.runs)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 18
        await toko.shipments.delivered(new)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


@TAKEN
def test_what_came_back_may_be_held_in_the_same_breath(play, taken):
    """The last ones of a SKU go to the customer who waits for them, not to the next one."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order, shipment = await shipped(toko, 20)
        assert 0 == (await toko.stock.available("KOPI-250")).steps
        back = await toko.shipments.returned(shipment, reship=True)
        assert (back.state, back.remedy) == (ShipmentState.RETURNED, Remedy.RESHIP)
        assert 0 == (await toko.stock.available("KOPI-250")).steps
        assert 20 == len((await line_of(toko, order)).free)
        assert (await toko.orders.cancel(order, reason="gives up")).payment is PaymentStatus.REFUNDED
        assert 20 == (await toko.stock.available("KOPI-250")).steps

    play(body)


def test_what_came_back_broken_is_put_aside(play):
    """It can't be sent again unless there are others; the refusal changes nothing."""

    async def body(toko):
        _, shipment = await shipped(toko, 20)
        with pytest.raises(OutOfStock):
            await toko.shipments.returned(shipment, state=StockState.DAMAGED, reship=True)
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.HANDED_OVER
        with pytest.raises(InvalidInput):
            await toko.shipments.returned(shipment, state=StockState.TRANSIT)
        back = await toko.shipments.returned(shipment, state=StockState.DAMAGED)
        level = await toko.stock.level("KOPI-250")
        assert (level.on_hand.steps, level.damaged.steps) == (0, 20)
        with pytest.raises(OutOfStock):
            await toko.shipments.reship(back)
        await toko.stock.receive("KOPI-250", 20)
        assert (await toko.shipments.reship(back)).remedy is Remedy.RESHIP

    play(body)


def test_what_is_lost_is_refunded_with_its_delivery(play):
    """All that the customer paid goes back, by a return of goods that never came; stock does not move."""

    async def body(toko):
        order, shipment = await shipped(toko, 3, delivery="jne:reg")
        lost = await toko.shipments.lost(shipment, reason="the van burnt")
        assert await toko.shipments.lost(shipment, reason="again") == lost
        assert (lost.state, lost.reason, lost.waits) == (ShipmentState.LOST, "the van burnt", True)
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED
        await toko.invoices.issue(order)

        back = await toko.returns.undelivered(lost, reason="lost on the way", refund_to="cash", key="r")

        assert await toko.returns.undelivered(lost, reason="lost on the way", refund_to="cash", key="r") == back
        assert (back.refund.credit, back.refund.amount) == (order.total, order.total)
        assert {Disposition.UNDELIVERED} == {line.disposition for line in back.lines}
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 17
        order = await toko.orders.get(order.id)
        assert (order.state, order.returns) == (OrderState.COMPLETED, ReturnStatus.RETURNED)
        assert (await toko.shipments.get(shipment.id)).remedy is Remedy.REFUND
        assert order.total == (await toko.invoices.credit(back)).total

    play(body)


def test_what_came_back_is_refunded_as_the_policy_says(play):
    """Of a parcel that nobody took, the delivery is kept where the shop keeps it of returns."""

    async def body(toko):
        order, shipment = await shipped(toko, 3, delivery="jne:reg")
        back = await toko.shipments.returned(shipment)
        refund = (await toko.returns.undelivered(back, reason="refused at the door", refund_to="cash")).refund
        assert refund.amount == order.total - IDR(18_000)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 20
        with pytest.raises(RemediedOtherwise):
            await toko.shipments.reship(back)

    play(body)


def test_a_customer_gets_goods_or_money_and_not_both(play):
    """Whatever is decided first holds, and what turns up later changes nothing for the customer."""

    async def body(toko):
        order, shipment = await shipped(toko)
        with pytest.raises(IllegalShipmentTransition):
            await toko.returns.undelivered(shipment, reason="early")
        await toko.shipments.reship(await toko.shipments.lost(shipment, reason="no scan for a month"))
        with pytest.raises(RemediedOtherwise):
            await toko.returns.undelivered(shipment, reason="both")
        new = await toko.shipments.hand_over(order)
        before = await toko.orders.get(order.id)

        found = await toko.shipments.delivered(shipment)

        assert (found.state, found.remedy) == (ShipmentState.DELIVERED, Remedy.RESHIP)
        assert await toko.orders.get(order.id) == before
        await toko.shipments.returning(found, reason="refused it")
        await toko.shipments.returned(found)
        assert await toko.orders.get(order.id) == before
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 18
        await toko.shipments.delivered(new)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_a_lost_parcel_is_found(play):
    """As long as nobody has decided, it is delivered as any other, or comes back."""

    async def body(toko):
        order, shipment = await shipped(toko)
        await toko.shipments.lost(shipment, reason="no scan")
        await toko.shipments.delivered(shipment)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED
        _, other = await shipped(toko)
        await toko.shipments.lost(other, reason="no scan")
        assert (await toko.shipments.returned(other)).waits
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 18

    play(body)


def test_what_was_told_to_have_been_delivered_turns_back(play):
    """The courier was wrong: the order is open again, until the goods are sent again or credited."""

    async def body(toko):
        order, shipment = await shipped(toko)
        await toko.shipments.delivered(shipment, received_by="the wrong house")
        turned = await toko.shipments.returning(shipment, reason="wrong house")
        assert (turned.delivered_at, turned.received_by) == (None, "")
        order = await toko.orders.get(order.id)
        assert (order.state, order.lines[0].delivered) == (OrderState.PLACED, NO_UNITS)
        await toko.shipments.returned(shipment, reship=True)
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_what_a_return_took_is_not_taken_in_twice(play):
    """The customer brought one of three to the counter; the parcel comes back with the others."""

    async def body(toko):
        order, shipment = await shipped(toko, 3)
        await toko.returns.accept(order, {"KOPI-250": 1}, refund_to="cash")
        back = await toko.shipments.returned(shipment)
        assert [run.units for run in back.astray] == [2]
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 20
        await toko.returns.undelivered(back, reason="nobody home", refund_to="cash")
        assert (await toko.orders.get(order.id)).paid == IDR(0)
        order, shipment = await shipped(toko)
        await toko.returns.accept(order, {"KOPI-250": 2}, refund_to="cash")
        gone = await toko.shipments.lost(shipment, reason="no scan")
        assert not gone.waits
        for call in (lambda: toko.shipments.reship(gone), lambda: toko.returns.undelivered(gone, reason="x")):
            with pytest.raises(NothingAstray):
                await call()

    play(body)


def test_what_arrived_is_neither_sent_again_nor_credited_as_lost(play_in_memory):
    """Each refusal names the command that was asked."""

    async def body(toko):
        _, shipment = await shipped(toko)
        await toko.shipments.delivered(shipment)
        with pytest.raises(IllegalShipmentTransition) as again:
            await toko.shipments.reship(shipment)
        with pytest.raises(IllegalShipmentTransition) as credited:
            await toko.returns.undelivered(shipment, reason="nobody home")
        assert ("shipments.reship", "returns.undelivered") == (again.value.asked, credited.value.asked)

    play_in_memory(body)


def test_a_cod_order_that_came_back_ends_when_its_postage_is_let_off(play_in_memory):
    """The goods are credited, the delivery stays due as the policy says; an allowance of it ends the order."""

    async def body(toko):
        order, shipment = await shipped(toko, tender="cod", delivery="jne:reg")
        back = await toko.shipments.returned(shipment)
        await toko.returns.undelivered(back, reason="refused at the door")
        open_still = await toko.orders.get(order.id)
        assert (OrderState.PLACED, IDR(18_000)) == (open_still.state, open_still.due)
        await toko.orders.grant_allowance(order, open_still.due, reason="postage let off", key="postage")
        ended = await toko.orders.get(order.id)
        assert (OrderState.COMPLETED, IDR(0)) == (ended.state, ended.due)
        assert () == (await toko.verify()).violations

    play_in_memory(body)


def test_a_claim_on_the_courier_is_noted_until_it_is_answered(play):
    """What was asked can be corrected; the answer may be less, or nothing."""

    async def body(toko):
        _, shipment = await shipped(toko)
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.claim(shipment, IDR(150_000))
        lost = await toko.shipments.lost(shipment, reason="no scan")
        with pytest.raises(NoCourierClaim):
            await toko.shipments.claim_answered(lost, IDR(1))
        with pytest.raises(CurrencyMismatch):
            await toko.shipments.claim(lost, USD(5))
        await toko.shipments.claim(lost, IDR(100_000))
        claimed = await toko.shipments.claim(lost, IDR(150_000), reference="KLM-7")
        assert await toko.shipments.claim(lost, IDR(150_000), reference="KLM-7") == claimed
        for call in (
            lambda: toko.shipments.claim(lost, IDR(0)),
            lambda: toko.shipments.claim_answered(lost, IDR(-1)),
            lambda: toko.shipments.claim_answered(lost, USD(1)),
            lambda: toko.shipments.claim_answered(lost, IDR(150_001)),
        ):
            with pytest.raises(InvalidClaim):
                await call()
        answered = (await toko.shipments.claim_answered(lost, IDR(0))).claim
        assert (answered.amount, answered.reference, answered.paid) == (IDR(150_000), "KLM-7", IDR(0))

    play(body)


def test_cash_that_a_lost_parcel_was_to_bring_is_not_expected(play):
    """The courier owes no cash for goods that it did not deliver; what is sent again is expected once."""

    async def body(toko):
        order, shipment = await shipped(toko, tender="cod", delivery="jne:reg")
        assert [shipment.id] == [each.shipment_id for each in await toko.settlements.owed()]
        await toko.shipments.returned(shipment, reship=True)
        assert () == await toko.settlements.owed()
        new = await toko.shipments.hand_over(order)
        assert [(new.id, order.total)] == [(each.shipment_id, each.amount) for each in await toko.settlements.owed()]

    play(body)


MOVES = (
    "plan",
    "hand_over",
    "delivered",
    "failed",
    "returning",
    "returned",
    "lost",
    "cancel",
    "reship",
    "refund",
    "drop",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    moves=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 3), st.integers(1, 3)), min_size=6, max_size=24),
    taken=st.sampled_from(["at_shipment", "at_order"]),
)
def test_no_sequence_of_journeys_loses_a_unit_or_a_rupiah(play_in_memory, moves, taken):
    """Whatever happens in whatever order, each unit is in one place, and the books are sound after every move."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await toko.given.order({"KOPI-250": 6}, delivery="jne:reg")
        made = []
        for move, which, units in moves:
            try:
                await act(toko, order, made, move, which, units)
            except TokolibError:
                continue
            report = await toko.verify()
            assert report.ok, [str(each) for each in report.violations]
        line = await line_of(toko, order)
        assert len(line.open) + len(line.shipped) + len(line.cancelled) == line.units
        back = sum(run.units for each in made if each.state is ShipmentState.RETURNED for run in each.astray)
        again = sum(run.units for each in made if each.remedy is Remedy.RESHIP for run in each.astray)
        left = sum(run.units for each in made if each.handed_over_at is not None for run in each.runs)
        out = left if taken == "at_shipment" else line.units - len(line.cancelled) + again
        assert 20 - out + back == (await toko.stock.level("KOPI-250")).on_hand.steps

    play_in_memory(body)


async def act(toko, order, made, move, which, units):
    """One move, on one of the shipments that were made."""
    if move == "plan":
        made.append(await toko.shipments.plan(order, {"KOPI-250": units}))
    elif move == "drop":
        await toko.orders.cancel(order, {"KOPI-250": units}, reason="x")
    elif not made:
        made.append(await toko.shipments.hand_over(order, {"KOPI-250": units}))
    elif move == "refund":
        at = which % len(made)
        await toko.returns.undelivered(made[at].id, reason="x", refund_to="cash")
        made[at] = await toko.shipments.get(made[at].id)
    else:
        said = {"reason": "x"} if move in ("failed", "returning", "lost", "cancel") else {}
        at = which % len(made)
        made[at] = await getattr(toko.shipments, move)(made[at].id, **said)


@TAKEN
def test_a_parcel_that_comes_back_and_a_part_that_is_cancelled_bring_their_lot_with_them(play, taken):
    """Whenever stock leaves the books: the lot is that which left with the parcel, or with the order."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        await toko.catalog.put("SUSU", "Susu")
        await toko.prices.put("SUSU", IDR(24_000))
        await toko.lots.track("SUSU", Tracked.LOT)
        await toko.stock.receive("SUSU", 5, lots=[LotReceipt("B-1", 5)])
        order = await toko.given.order({"SUSU": 3})
        shipment = await toko.shipments.hand_over(order, {"SUSU": 1})
        await toko.shipments.returning(shipment, reason="refused")
        await toko.shipments.returned(shipment, state=StockState.DAMAGED)
        await toko.orders.cancel(order, {"SUSU": 1}, reason="one less")
        by_state = {each.state: each.on_hand.steps for each in await toko.lots.levels("SUSU")}
        on_shelf = 4 if taken == "at_shipment" else 3
        assert (by_state[StockState.SELLABLE], by_state[StockState.DAMAGED]) == (on_shelf, 1)
        assert await toko.verify()

    play(body)
