"""Placing orders: once per key, all or nothing, and never the last unit twice."""

import threading

import pytest

import tokolib
from tokolib import IDR, InvalidInput, NotFound, OrderState, Policies
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.errors import KeyReused, TokolibError, VersionMismatch
from tokolib.kernel.policies import StockTaken
from tokolib.kernel.storage_errors import KeyTaken, Refused
from tokolib.orders.block_errors import BlockUnknown
from tokolib.orders.errors import AlreadyShipped, IllegalOrderTransition, NotFree, NotShippable
from tokolib.orders.model import FulfilmentStatus, PaymentStatus
from tokolib.orders.unit_errors import UnknownLine
from tokolib.payments.errors import TenderRefused, UnknownTender
from tokolib.pricing.coupon_errors import CouponExhausted
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import BUYER


def test_the_same_key_is_the_same_order(play):
    """A repeated request answers the one order; another request under its key is refused."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 2})
        other = await toko.given.quote({"Teh-100": 1})
        order = await toko.orders.place(quote, tender="cash", key="web-1")
        assert await toko.orders.place(quote, tender="cash", key="web-1") == order
        assert await toko.orders.place(quote.id, tender="cash", key="web-1") == order
        for request in ((quote, "cod"), (other, "cash")):
            with pytest.raises(KeyReused) as reused:
                await toko.orders.place(request[0], tender=request[1], key="web-1")
        assert reused.value.problem()["status"] == 409
        assert (await toko.stock.available("KOPI-250")).steps == 18
        assert len((await toko.orders.page()).items) == 1

    play(body)


def test_a_key_is_needed(play_in_memory):
    """An empty key would make every second order a repetition of the first."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 1})
        for key in ("", "x" * 201):
            with pytest.raises(InvalidInput) as error:
                await toko.orders.place(quote, tender="cash", key=key)
            assert [("key", "kernel.bad_key")] == [(each.path, each.code) for each in error.value.faults]

    play_in_memory(body)


def test_what_is_short_is_named_and_nothing_is_stored(play):
    """Two carts want the same goods: the second hears of every line that is short."""

    async def body(toko):
        lines = {"KOPI-250": 15, "Teh-100": 15, "CANGKIR": 1}
        first, second = await toko.given.quote(lines), await toko.given.quote(lines)
        await toko.orders.place(first, tender="cash", key="1")
        with pytest.raises(OutOfStock) as short:
            await toko.orders.place(second, tender="cash", key="2")
        assert [(each.sku, each.wanted, each.available) for each in short.value.shortages] == [
            ("KOPI-250", 15, 5),
            ("Teh-100", 15, 5),
        ]
        assert len((await toko.orders.page()).items) == 1
        assert (await toko.stock.available("CANGKIR")).steps == 19
        await toko.stock.receive("KOPI-250", 10)
        await toko.stock.receive("Teh-100", 10)
        assert (await toko.orders.place(second, tender="cash", key="2")).state is OrderState.PLACED

    play(body)


def test_a_coupon_is_used_as_often_as_it_may(play):
    """One use: the second order is refused; a cancelled order gives its use back, by policy it doesn't."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        quotes = [await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"]) for _ in range(3)]
        first = await toko.orders.place(quotes[0], tender="cash", key="1")
        assert first.total == IDR(67_500)
        with pytest.raises(TokolibError) as refused:
            await toko.orders.place(quotes[1], tender="cash", key="2")
        assert "HEMAT10" in str(refused.value)
        await toko.orders.cancel(first, reason="changed mind")
        await toko.settings.change(policies=Policies(coupon_on_cancel="keep"))
        again = await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"])
        second = await toko.orders.place(again, tender="cash", key="3")
        await toko.orders.cancel(second, reason="changed mind")
        with pytest.raises(TokolibError):
            await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"])

    play(body)


def test_a_frozen_quote_still_counts_its_coupon(play_in_memory):
    """Frozen prices don't make a used-up coupon good again."""

    async def body(toko):
        await toko.settings.change(policies=Policies(placement="frozen"))
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        quotes = [await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"]) for _ in range(2)]
        await toko.orders.place(quotes[0], tender="cash", key="1")
        with pytest.raises(CouponExhausted):
            await toko.orders.place(quotes[1], tender="cash", key="2")

    play_in_memory(body)


def race(count, run):
    """Run *run(n)* in as many threads at once; what each answered or raised."""
    gate, results = threading.Barrier(count), [None] * count

    def one(n):
        gate.wait()
        try:
            results[n] = run(n)
        except TokolibError as error:
            results[n] = error

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_buyers_race_for_the_last_unit(play_on_file):
    """Whatever the timing, exactly one wins, and the other hears what is missing."""

    async def body(toko):
        await toko.stock.write_off("KOPI-250", 19, reason="flood")
        quotes = [(await toko.given.quote({"KOPI-250": 1})).id for _ in range(4)]
        with tokolib.open(SqliteStorage(toko.path, COLLECTIONS, durable=False, timeout=30), clock=toko.clock) as shop:
            results = race(4, lambda n: shop.orders.place(quotes[n], tender="cash", key=f"buyer-{n}"))
        won = [each for each in results if not isinstance(each, TokolibError)]
        assert len(won) == 1, results
        assert all(isinstance(each, OutOfStock) for each in results if each not in won), results

    play_on_file(body)


def test_one_key_in_many_threads_is_one_order(play_on_file):
    """An impatient buyer presses the button in four tabs: one order."""

    async def body(toko):
        quote = (await toko.given.quote({"KOPI-250": 1})).id
        with tokolib.open(SqliteStorage(toko.path, COLLECTIONS, durable=False, timeout=30), clock=toko.clock) as shop:
            results = race(4, lambda _: shop.orders.place(quote, tender="cash", key="tab"))
        assert len({order.id for order in results}) == 1, results
        assert (await toko.stock.available("KOPI-250")).steps == 19

    play_on_file(body)


def test_orders_are_found_by_reference_state_and_customer(play):
    """People say a reference in any case; pages filter by state, customer or both, newest first."""

    async def body(toko):
        await toko.settings.change(reference_prefix="web-")
        first = await toko.given.order({"KOPI-250": 1}, customer="cus_a")
        toko.clock.forward(minutes=1)
        second = await toko.given.order({"KOPI-250": 1}, customer="cus_a", tender="bank_transfer")
        toko.clock.forward(minutes=1)
        third = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")

        assert first.reference.startswith("WEB-") and len(first.reference) == 14
        assert await toko.orders.by_reference(f"  {first.reference.lower()} ") == first
        assert await toko.orders.by_reference("WEB-NOTH-INGXX") is None

        async def ids(**asked):
            return [order.id for order in (await toko.orders.page(**asked)).items]

        assert await ids() == [third.id, second.id, first.id]
        assert await ids(state=OrderState.PENDING_PAYMENT) == [third.id, second.id]
        assert await ids(customer="cus_a") == [second.id, first.id]
        assert await ids(customer="cus_a", state=OrderState.PLACED) == [first.id]
        page = await toko.orders.page(limit=1)
        assert [order.id for order in page.items] == [third.id]
        assert [each.id for each in (await toko.orders.page(after=page.after, limit=5)).items] == [second.id, first.id]
        with pytest.raises(NotFound):
            await toko.orders.get("ord_nothing")

    play(body)


def test_the_tender_must_fit(play):
    """Unknown tenders, cash on delivery where the courier takes none, and `free` for what costs something."""

    async def body(toko):
        quote = await toko.given.quote({"KOPI-250": 1}, delivery="jne:yes")
        refusals = {"barter": UnknownTender, "cod": TenderRefused, "free": NotFree}
        for tender, error in refusals.items():
            with pytest.raises(error) as refused:
                await toko.orders.place(quote, tender=tender, key=tender)
            assert refused.value.problem()["code"] == error.code
        assert (await toko.orders.page()).items == ()
        assert (await toko.stock.available("KOPI-250")).steps == 20

    play(body)


def test_a_total_of_zero_is_placed_at_once(play):
    """Nothing to pay: paid from the start, whatever the tender; no gateway is asked."""

    async def body(toko):
        await toko.promotions.percent("GRATIS", 100)
        for tender in ("free", "fake", "bank_transfer"):
            order = await toko.given.order({"KOPI-250": 1}, tender=tender)
            assert (order.state, order.payment, order.due_until) == (OrderState.PLACED, PaymentStatus.PAID, None)
        assert toko.world.calls == []
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_cod_is_owed_until_the_courier_pays(play):
    """It ships unpaid on credit terms, and is complete when goods and cash have arrived."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        assert (order.state, order.payment, order.credit_terms) == (OrderState.PLACED, PaymentStatus.UNPAID, True)
        await toko.ship(order)
        order = await toko.orders.get(order.id)
        assert (order.fulfilment, order.state) == (FulfilmentStatus.DELIVERED, OrderState.PLACED)
        await toko.payments.received(order, IDR(168_000))
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.due) == (OrderState.COMPLETED, PaymentStatus.PAID, IDR(0))

    play(body)


def test_stock_may_be_taken_at_the_order(play):
    """By policy the goods leave the books at placement; a cancellation puts them back."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=StockTaken.AT_ORDER))
        order = await toko.given.order({"PAKET": 2, "KOPI-250": 1})
        level = await toko.stock.level("KOPI-250")
        assert (level.on_hand.steps, level.held.steps, order.holds) == (17, 0, ())
        kept = await toko.given.order({"KOPI-250": 1})
        await toko.orders.cancel(order, reason="changed mind")
        assert (await toko.stock.level("Teh-100")).on_hand.steps == 20
        await toko.ship(kept)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 19
        back = await toko.returns.accept(kept, {"KOPI-250": 1}, refund_to="cash")
        assert back.refund.amount == IDR(75_000)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 20

    play(body)


def test_blocks_stop_fulfilment_and_nothing_else(play):
    """Several at once, each lifted by itself; the same twice is the same, another reason replaces it."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        order = await toko.orders.block(order, "fraud", reason="odd address")
        assert await toko.orders.block(order.id, "fraud", reason="odd address") == order
        order = await toko.orders.block(order, "fraud", reason="very odd address")
        await toko.orders.block(order, "address", reason="no house number")
        with pytest.raises(NotShippable) as blocked:
            await toko.shipments.hand_over(order)
        assert blocked.value.blocks == ("fraud", "address")
        with pytest.raises(BlockUnknown):
            await toko.orders.unblock(order, "stock")
        await toko.orders.unblock(order, "fraud", reason="checked")
        order = await toko.orders.unblock(order.id, "address")
        assert order.blocks == ()
        await toko.ship(order)
        with pytest.raises(IllegalOrderTransition):
            await toko.orders.block(order, "fraud", reason="too late")

    play(body)


@pytest.mark.parametrize("text", ["x" * 301, "a\0b"])
def test_why_an_order_stops_is_one_printable_line(play_in_memory, text):
    """A code or a reason that can't be kept is refused by name, and the order stays as it was."""

    async def body(toko):
        order = await toko.orders.block(await toko.given.order({"KOPI-250": 1}), " fraud ", reason=" odd ")
        refused = (
            ("reason", lambda: toko.orders.cancel(order, reason=text)),
            ("code", lambda: toko.orders.block(order, text, reason="odd")),
            ("code", lambda: toko.orders.block(order, " ", reason="odd")),
            ("reason", lambda: toko.orders.block(order, "stock", reason=text)),
            ("code", lambda: toko.orders.unblock(order, text)),
            ("reason", lambda: toko.orders.unblock(order, "fraud", reason=text)),
        )
        for path, call in refused:
            with pytest.raises(InvalidInput) as error:
                await call()
            assert [path] == [fault.path for fault in error.value.faults]
        assert [("fraud", "odd")] == [(block.code, block.reason) for block in order.blocks]
        assert order == await toko.orders.get(order.id)

    play_in_memory(body)


def test_errors_show_no_more_than_the_beginning_of_a_long_word(play_in_memory):
    """Somebody's megabyte doesn't fill the log."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        with pytest.raises(UnknownLine) as line:
            await toko.shipments.hand_over(order, {"x" * 1_000_000: 1})
        with pytest.raises(BlockUnknown) as block:
            await toko.orders.unblock(order, "x" * 300)
        assert f"order {order.id} has no line '{'x' * 40}'; it has KOPI-250" == str(line.value)
        assert f"order {order.id} has no block '{'x' * 40}'; it has none" == str(block.value)

    play_in_memory(body)


def test_the_timeline_tells_everything(play):
    """Every event with its instant, its actor and the request, oldest first."""

    async def body(toko):
        staff = toko.another(tokolib.Staff("budi"), request_id="req-7")
        order = await toko.given.order({"KOPI-250": 1})
        toko.clock.forward(hours=1)
        await staff.orders.cancel(order, reason="changed mind")
        told = await toko.orders.history(order)
        assert [type(each.event).__name__ for each in told] == [
            "OrderRequested",
            "PaymentCaptured",
            "OrderPlaced",
            "OrderCancelled",
            "RefundPaid",
        ]
        assert [each.seq for each in told] == [1, 2, 3, 4, 5]
        assert [(each.by, each.request_id) for each in (told[0], told[3])] == [
            ("system:host", ""),
            ("staff:budi", "req-7"),
        ]
        assert told[3].at - told[0].at == toko.clock.now() - told[0].at
        with pytest.raises(NotFound):
            await toko.orders.history("ord_nothing")
        assert "Kopi-250" in await toko.orders.explain(order) and "PKP" in await toko.orders.explain(order.id, "id")

    play(body)


def test_what_belongs_to_an_order_that_is_not_there_is_not_found(play_in_memory):
    """Its history, shipments, returns and documents alike; of an order without any, there are none."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        for of in (toko.shipments.of, toko.returns.of, toko.invoices.of):
            assert await of(order) == ()
        for of in (toko.orders.history, toko.shipments.of, toko.returns.of, toko.invoices.of):
            with pytest.raises(NotFound):
                await of("ord_nothing")

    play_in_memory(body)


def test_an_order_is_a_snapshot(play):
    """What changes in the catalogue later changes no order of today."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg")
        await toko.catalog.put("KOPI-250", "Kopi yang lain", weight="1 kg")
        await toko.prices.put("KOPI-250", IDR(1))
        await toko.settings.change(policies=Policies(stock_taken=StockTaken.AT_ORDER))
        assert await toko.orders.get(order.id) == order
        await toko.ship(order)

    play(body)


def test_what_was_expected_must_be_so(play_in_memory):
    """A command with an expected version refuses an order that has moved on."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        await toko.orders.block(order, "fraud", reason="odd")
        with pytest.raises(VersionMismatch):
            await toko.orders.cancel(order, reason="x", expected=order.version)
        order = await toko.orders.cancel(order, reason="x", expected=order.version + 1)
        with pytest.raises(IllegalOrderTransition) as ended:
            await toko.orders.cancel(order, reason="x")
        assert ("orders.cancel", ()) == (ended.value.asked, ended.value.allowed)
        assert "this is for one that is pending_payment or placed" in ended.value.why

    play_in_memory(body)


def test_the_same_cancel_twice_is_the_same_answer(play):
    """With a key the second answers the cancelled order, and nothing goes back twice; another request is refused."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="cash")
        once = await toko.orders.cancel(order, reason="changed mind", key="c-1")
        again = await toko.orders.cancel(order.id, reason="changed mind", key="c-1")

        assert (once, once.refunded) == (again, order.total.minor_units)
        with pytest.raises(KeyReused):
            await toko.orders.cancel(order, reason="another", key="c-1")
        with pytest.raises(IllegalOrderTransition):
            await toko.orders.cancel(order, reason="changed mind", key="c-2")

    play(body)


def test_what_has_shipped_cant_be_cancelled(play_in_memory):
    """Goods that have left come back as a return."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2, "Teh-100": 1})
        await toko.shipments.hand_over(order, {"KOPI-250": 1})
        with pytest.raises(AlreadyShipped) as shipped:
            await toko.orders.cancel(order, reason="x")
        assert shipped.value.shipped == ("KOPI-250",) and "returns.accept" in shipped.value.hint

    play_in_memory(body)


def test_a_refusal_at_the_commit_is_decided_again(play_in_memory):
    """When the storage refuses what a read had allowed, the shop looks again and names what is gone."""

    async def body(toko):
        orders = toko.shop.orders._subject
        work, calls = orders.work, []
        write = type(work).write

        async def refused(self, permission, step):
            calls.append(permission)
            if permission == "orders.place":
                from tokolib.kernel.storage_errors import HoldGone

                raise (
                    HoldGone("ord_x:1:main|kopi-250", "taken")
                    if len(calls) == 1
                    else Refused("hold", "main|kopi-250", 3, 1)
                )
            return await write(self, permission, step)

        quote = await toko.given.quote({"KOPI-250": 1})
        type(work).write = refused
        try:
            with pytest.raises(OutOfStock):
                await toko.orders.place(quote, tender="cash", key="k")
        finally:
            type(work).write = write
        assert calls == ["orders.place"] * 3
        assert KeyTaken("a", "b").retryable

    play_in_memory(body)


def test_a_refusal_without_another_name_is_not_its_own_cause(play_in_memory, monkeypatch):
    """What the rooms have no name for is raised as the storage said it."""

    async def body(toko):
        refusal = Refused("count", "coupon:x", 1, 0)

        async def refused(self, permission, step):
            raise refusal

        quote = await toko.given.quote({"KOPI-250": 1})
        with monkeypatch.context() as patched, pytest.raises(Refused) as raised:
            patched.setattr(type(toko.shop.orders._subject.work), "write", refused)
            await toko.orders.place(quote, tender="cash", key="k")
        assert raised.value is refusal and refusal.__cause__ is None

    play_in_memory(body)


def test_the_address_is_kept_with_the_order(play_in_memory):
    """Where it goes stands on the order."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg")
        assert (order.ship_to, order.delivery.method) == (BUYER, "jne:reg")

    play_in_memory(body)
