"""The way back of goods: agreed to, received in parts, looked at unit by unit, and credited as far as they are fit."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket, Disposition, InvalidInput, LineWish
from tokolib.inventory.errors import UnknownLocation
from tokolib.inventory.events import StockCorrected
from tokolib.inventory.model import StockState, item_id
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.clock import NaiveDatetime
from tokolib.kernel.ctx import Customer
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.preview import PreviewStale
from tokolib.orders.model import ReturnStatus
from tokolib.orders.unit_errors import TooManyUnits, UnknownLine
from tokolib.returns import (
    AllRefused,
    Evidence,
    Finding,
    IllegalReturnTransition,
    NothingToReturn,
    OnlyByStaff,
    PartOfAnother,
    ReturnState,
)


async def asked_back(toko, lines, **options):
    """A return of all that an order has brought its customer."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.returns.request(order, lines, reason="changed mind")


async def on_hand(toko, sku, state=StockState.SELLABLE, location="main"):
    """How many steps of a SKU are somewhere."""
    level = await toko.stock.level(sku, location=location)
    return getattr(level, "on_hand" if state is StockState.SELLABLE else state.value).steps


def test_who_hears_no_answer_authorises_again(play):
    """The same word of the same person is heard once; another term, or anybody else, is refused."""

    async def body(toko):
        goods = await asked_back(toko, {"KOPI-250": 1})
        until = toko.clock.now() + timedelta(days=7)
        agreed = await toko.returns.authorise(goods, until=until)

        assert agreed == await toko.returns.authorise(goods, until=until)
        with pytest.raises(IllegalReturnTransition):
            await toko.returns.authorise(goods, until=until + timedelta(days=1))
        await toko.returns.cancel(goods, reason="keeps it")
        with pytest.raises(IllegalReturnTransition):
            await toko.returns.authorise(goods, until=until)

    play(body)


def test_goods_are_credited_as_far_as_they_came_and_are_fit(play):
    """Of five asked for four come, in two parts: three are credited, one was refused, and one never came."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 5})
        back = await toko.returns.authorise(back)
        assert (ReturnState.AUTHORISED, "system:host") == (back.state, back.authorised_by)
        back = await toko.returns.receive(back, {"KOPI-250": 3}, key="first")
        assert back == await toko.returns.receive(back, {"KOPI-250": 3}, key="first")
        back = await toko.returns.receive(back, {"KOPI-250": 1})
        assert (ReturnState.RECEIVED, 2, 15) == (back.state, len(back.receipts), await on_hand(toko, "KOPI-250"))
        found = [Finding(Disposition.DAMAGED, 1, "dented"), Finding(Disposition.REFUSED, 1, "opened and used")]

        back = await toko.returns.inspect(back, {"kopi-250": found})
        done = await toko.returns.accept(back)

        assert ["damaged", "restock", "restock"] == [line.disposition for line in done.lines]
        assert (IDR(225_000), IDR(225_000)) == (done.refund.credit, done.refund.amount)
        shelves = [await on_hand(toko, "KOPI-250", state) for state in (StockState.SELLABLE, StockState.DAMAGED)]
        assert [17, 1] == shelves
        order = await toko.orders.get(done.order_id)
        assert (2, ReturnStatus.PARTIALLY_RETURNED) == (len(order.lines[0].kept), order.returns)
        assert (await toko.verify()).ok

    play(body)


def test_each_unit_goes_into_its_state_and_tells_its_own_reason(play):
    """Quality goes aside, damage apart, and of two write-offs each has the condition that was found."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 5})
        await toko.returns.receive(back)
        found = [
            Finding(Disposition.QUALITY, 1),
            Finding(Disposition.DAMAGED, 1),
            Finding(Disposition.WRITE_OFF, 1, "mouldy"),
            Finding(Disposition.WRITE_OFF, 1, "eaten"),
        ]

        await toko.returns.inspect(back, {"KOPI-250": found})
        await toko.returns.accept(back)

        there = [await on_hand(toko, "KOPI-250", state) for state in StockState]
        assert [16, 1, 1, 0] == there

        async def reasons(unit):
            told = (each.event for each in await unit[STOCK_ITEMS].history(item_id("kopi-250")))
            return [event.reason for event in told if isinstance(event, StockCorrected)]

        assert ["mouldy", "eaten"] == await toko.shop._subject._work.read(reasons)
        assert (await toko.verify()).ok

    play(body)


def test_one_word_accepts_what_nobody_has_received(play):
    """The counter's one call leaves the same trail: who agreed, what came where, and what was found."""

    async def body(toko):
        await toko.stock.open_location("toko", "Toko")
        back = await asked_back(toko, {"KOPI-250": 2})

        done = await toko.returns.accept(back, location="toko", disposition=Disposition.QUALITY)

        assert (ReturnState.ACCEPTED, "system:host", 1) == (done.state, done.authorised_by, len(done.receipts))
        assert ("toko", "toko") == (done.receipts[0].location, done.lines[0].location)
        assert done.inspection.lines == done.lines
        assert 2 == await on_hand(toko, "KOPI-250", StockState.QUALITY, "toko")
        with pytest.raises(UnknownLocation):
            await toko.returns.accept(await asked_back(toko, {"Teh-100": 1}), location="nowhere")
        assert (await toko.verify()).ok

    play(body)


def test_parts_that_came_to_several_places_stay_where_they_came(play):
    """One at the shop, one at the warehouse: each is put away there."""

    async def body(toko):
        await toko.stock.open_location("toko", "Toko")
        back = await asked_back(toko, {"KOPI-250": 2})
        await toko.returns.receive(back, {"KOPI-250": 1}, location="toko")
        await toko.returns.receive(back, {"KOPI-250": 1})
        with pytest.raises(InvalidInput, match="where it was received"):
            await toko.returns.accept(back, location="toko")

        await toko.returns.accept(back)

        assert (19, 1) == (await on_hand(toko, "KOPI-250"), await on_hand(toko, "KOPI-250", location="toko"))
        assert (await toko.verify()).ok

    play(body)


def test_what_comes_late_is_looked_at_with_the_rest(play_in_memory):
    """More that comes in after an inspection has to be inspected; findings can be changed until it is accepted."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 2})
        await toko.returns.receive(back, {"KOPI-250": 1})
        await toko.returns.inspect(back, {"KOPI-250": Disposition.WRITE_OFF})
        again = await toko.returns.inspect(back)
        assert [Disposition.RESTOCK] == [line.disposition for line in again.inspection.lines]
        late = await toko.returns.receive(back)
        assert (ReturnState.RECEIVED, None) == (late.state, late.inspection)

        done = await toko.returns.accept(back, dispositions={"KOPI-250": Disposition.DAMAGED})

        assert 2 == sum(line.run.units for line in done.lines)
        assert {Disposition.DAMAGED} == {line.disposition for line in done.lines}

    play_in_memory(body)


def test_a_bad_finding_is_refused_and_changes_nothing(play_in_memory):
    """More than came, two rests, an unknown word, goods of another order: by name, and the return is as it was."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 2})
        with pytest.raises(IllegalReturnTransition, match=r"possible now: returns\.authorise, returns\.receive"):
            await toko.returns.inspect(back)
        await toko.returns.receive(back, {"KOPI-250": 1})
        received = await toko.returns.get(back.id)
        for found, error, told in (
            ({"KOPI-250": [Finding(Disposition.DAMAGED, 2)]}, InvalidInput, "no more than what came: 1 pcs"),
            ({"KOPI-250": [Finding(Disposition.DAMAGED)] * 2}, InvalidInput, "all findings but one"),
            ({"KOPI-250": Disposition.KEPT}, InvalidInput, "must be one of restock, write_off"),
            ({"KOPI-250": [Finding(Disposition.DAMAGED, 1, "a\0b")]}, InvalidInput, r"found\[KOPI-250\]"),
            ({"GULA": Disposition.DAMAGED}, UnknownLine, "GULA"),
        ):
            with pytest.raises(error, match=told):
                await toko.returns.inspect(back, found)
        assert received == await toko.returns.get(back.id)

        inspected = await toko.returns.inspect(back, {"KOPI-250": Disposition.REFUSED})
        with pytest.raises(InvalidInput, match="inspect it anew"):
            await toko.returns.accept(back, disposition=Disposition.RESTOCK)
        with pytest.raises(AllRefused) as refused:
            await toko.returns.accept(back)

        assert "shop.returns.reject" in refused.value.hint
        assert inspected == await toko.returns.get(back.id)
        assert ReturnState.REJECTED is (await toko.returns.reject(back, note="used")).state

    play_in_memory(body)


def test_no_more_is_received_than_was_asked_for(play_in_memory):
    """Not more at once, not more in all, and nothing that another return has in the house."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2, "Teh-100": 1})
        await toko.ship(order)
        back, other = [await toko.returns.request(order, {"KOPI-250": 2}, reason="x") for _ in range(2)]
        with pytest.raises(TooManyUnits):
            await toko.returns.receive(back, {"KOPI-250": 3})
        with pytest.raises(TooManyUnits):
            await toko.returns.receive(back, {"Teh-100": 1})
        with pytest.raises(UnknownLocation):
            await toko.returns.receive(back, location="nowhere")
        await toko.returns.receive(back, {"KOPI-250": 1}, key="k")
        with pytest.raises(KeyReused):
            await toko.returns.receive(back, {"KOPI-250": 2}, key="k")
        with pytest.raises(TooManyUnits):
            await toko.returns.receive(other)

        other = await toko.returns.receive(other, {"KOPI-250": 1})
        assert (0, 1) == tuple(each.receipts[0].runs[0].first for each in (await toko.returns.get(back.id), other))
        await toko.returns.accept(back)
        await toko.returns.accept(other)

        order = await toko.orders.get(order.id)
        assert (0, IDR(20_000)) == (len(order.lines[0].kept), order.paid)
        assert (await toko.verify()).ok

    play_in_memory(body)


def test_all_of_it_comes_once(play_in_memory):
    """When nothing is to come any more, nothing is received."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 1})
        await toko.returns.receive(back)
        with pytest.raises(NothingToReturn):
            await toko.returns.receive(back)

    play_in_memory(body)


def test_units_that_came_in_with_a_return_are_credited_with_no_other(play_in_memory):
    """Both came in with a return, so nothing can be taken over the counter; with the return both are credited."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 2})
        await toko.returns.receive(back)

        with pytest.raises(TooManyUnits):
            await toko.returns.accept(back.order_id, {"KOPI-250": 1})
        done = await toko.returns.accept(back)

        assert IDR(150_000) == done.refund.amount
        assert 1 == len(await toko.returns.of(back.order_id))

    play_in_memory(body)


@pytest.mark.parametrize("agreed", [False, True])
def test_a_customer_may_keep_the_goods_until_they_came(play, agreed):
    """Cancelled before they are here, with the reason; afterwards it is for the shop to say."""

    async def body(toko):
        back, other = await asked_back(toko, {"KOPI-250": 1}), await asked_back(toko, {"Teh-100": 1})
        if agreed:
            await toko.returns.authorise(back)
        gone = await toko.returns.cancel(back, reason="fits after all")
        assert (ReturnState.CANCELLED, "fits after all") == (gone.state, gone.note)
        with pytest.raises(IllegalReturnTransition, match=r"returns\.accept is not possible: it is cancelled"):
            await toko.returns.accept(gone)
        await toko.returns.receive(other)
        with pytest.raises(IllegalReturnTransition):
            await toko.returns.cancel(other, reason="x")
        assert ReturnState.ACCEPTED is (await toko.returns.accept(gone.order_id, {"KOPI-250": 1})).state

    play(body)


def test_a_return_expires_when_nothing_comes_in_time(play):
    """With a term that has passed the tick ends it; what came in time, or has no term, stays."""

    async def body(toko):
        until = toko.clock.now() + timedelta(days=14)
        late, here, without = [await asked_back(toko, {"KOPI-250": 1}) for _ in range(3)]
        for each in (late, here):
            await toko.returns.authorise(each, until=until)
        await toko.returns.authorise(without)
        await toko.returns.receive(here)
        assert 0 == (await toko.shop.tick()).expired_returns
        toko.clock.forward(days=14)

        assert 1 == (await toko.shop.tick()).expired_returns

        states = [(await toko.returns.get(each.id)).state for each in (late, here, without)]
        assert [ReturnState.EXPIRED, ReturnState.RECEIVED, ReturnState.AUTHORISED] == states
        assert 0 == (await toko.shop.tick()).expired_returns

    play(body)


def test_a_term_lies_ahead(play_in_memory):
    """An instant that has passed, or one without a zone, is no term."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 1})
        with pytest.raises(InvalidInput, match="still to come"):
            await toko.returns.authorise(back, until=toko.clock.now())
        with pytest.raises(NaiveDatetime):
            await toko.returns.authorise(back, until=(toko.clock.now() + timedelta(1)).replace(tzinfo=None))
        assert back == await toko.returns.get(back.id)

    play_in_memory(body)


def test_a_customer_agrees_to_nothing_and_receives_nothing():
    """What the shop says of goods, staff say; the customer may ask and cancel."""
    shop = tokolib.open("memory://", country="ID")
    shop.catalog.put("KOPI-250", "Kopi")
    shop.prices.put("KOPI-250", IDR(75_000))
    shop.stock.receive("KOPI-250", 2)
    order = shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", key="one")
    shop.shipments.delivered(shop.shipments.hand_over(order))
    siti = shop.acting(Customer("siti")).returns
    back = siti.request(order, {"KOPI-250": 1}, reason="x")

    for refused in (siti.authorise, siti.receive):
        with pytest.raises(OnlyByStaff):
            refused(back)
    shop.returns.receive(back)
    with pytest.raises(OnlyByStaff):
        siti.inspect(back)

    other = siti.request(order, {"KOPI-250": 1}, reason="x")
    assert ReturnState.CANCELLED is siti.cancel(other, reason="y").state


def test_the_goods_of_an_exchange_are_received_and_inspected_too(play):
    """They are settled with the exchange alone, which doesn't expire while they are here."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        await toko.ship(order)
        until = toko.clock.now() + timedelta(days=7)
        wish = {"pricing": "even", "until": until, "reason": "torn"}
        exchange = await toko.exchanges.request(order, {"KOPI-250": 1}, {"KOPI-250": 1}, **wish)
        for refused in (toko.returns.authorise, lambda each: toko.returns.cancel(each, reason="x")):
            with pytest.raises(PartOfAnother):
                await refused(exchange.return_id)
        await toko.returns.receive(exchange.return_id)
        await toko.returns.inspect(exchange.return_id, disposition=Disposition.DAMAGED)
        toko.clock.forward(days=8)
        assert 0 == (await toko.shop.tick()).expired_exchanges

        await toko.exchanges.complete(exchange)

        assert ReturnState.ACCEPTED is (await toko.returns.get(exchange.return_id)).state
        assert 1 == await on_hand(toko, "KOPI-250", StockState.DAMAGED)
        assert (await toko.verify()).ok

    play(body)


def test_what_accepting_would_do_is_shown_first(play):
    """Credit, refund and stock, and nothing moves; then it is done as shown, or refused where it differs."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 2, "Teh-100": 1})
        shown = await toko.returns.preview_accept(back, dispositions={"Teh-100": Disposition.WRITE_OFF})
        assert (IDR(170_000), IDR(170_000), ()) == (shown.credit, shown.amount, shown.deductions)
        assert [("kopi-250", 2)] == [(each.sku_key, each.on_hand) for each in shown.stock]
        assert ReturnState.REQUESTED is (await toko.returns.get(back.id)).state
        with pytest.raises(PreviewStale):
            await toko.returns.accept(back, preview=shown)
        assert ReturnState.REQUESTED is (await toko.returns.get(back.id)).state

        told = {"dispositions": {"Teh-100": Disposition.WRITE_OFF}}
        done = await toko.returns.accept(back, **told, preview=shown.hash, key="k")

        assert done == await toko.returns.accept(back, **told, preview=shown.hash, key="k")
        assert shown.amount == done.refund.amount
        order = await toko.given.order({"KOPI-250": 2})
        await toko.ship(order)
        counter = await toko.returns.preview_accept(order, {"KOPI-250": 1})
        await toko.returns.accept(order, {"KOPI-250": 1})
        with pytest.raises(PreviewStale) as stale:
            await toko.returns.accept(order, {"KOPI-250": 1}, preview=counter)
        assert any("credited" in each for each in stale.value.differences)

    play(body)


def test_what_is_shown_is_kept_with_who_showed_it():
    """References alone, by the customer or the shop, until the return is settled; nobody says for whom."""
    shop = tokolib.open("memory://", country="ID")
    shop.catalog.put("KOPI-250", "Kopi")
    shop.prices.put("KOPI-250", IDR(75_000))
    shop.stock.receive("KOPI-250", 2)
    order = shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="one")
    shop.shipments.delivered(shop.shipments.hand_over(order))
    back = shop.returns.request(order, {"KOPI-250": 1}, reason="torn")

    shop.acting(Customer("siti")).returns.show(back, [Evidence("s3://photos/1", by="budi", note="seam")])
    shop.returns.receive(back)
    shown = shop.returns.show(back, [Evidence("scan-7", "scan")]).evidence

    assert [("s3://photos/1", "photo", "seam"), ("scan-7", "scan", "")] == [
        (each.reference, each.kind, each.note) for each in shown
    ]
    assert ["customer:siti", "system:host"] == [each.by for each in shown]
    assert shown[0].at <= shown[1].at
    for bad in ([], [Evidence("")], [Evidence("a\0b")]):
        with pytest.raises(InvalidInput, match="evidence"):
            shop.returns.show(back, bad)
    shop.returns.accept(back)
    with pytest.raises(IllegalReturnTransition):
        shop.returns.show(back, [Evidence("late")])


def test_of_two_lines_of_a_sku_each_is_found_by_itself(play_in_memory):
    """A finding by SKU is of both lines; by line id of the one."""

    async def body(toko):
        order = await toko.given.order([LineWish("KOPI-250", 1), LineWish("KOPI-250", 2)])
        await toko.ship(order)
        ids = [line.id for line in order.lines]
        back = await toko.returns.request(order, {ids[0]: 1, ids[1]: 2}, reason="x")
        await toko.returns.receive(back)
        by_line = await toko.returns.inspect(back, {ids[1]: [Finding(Disposition.DAMAGED, 1)]})
        assert ["restock", "damaged", "restock"] == [line.disposition for line in by_line.inspection.lines]

        by_sku = await toko.returns.inspect(back, {"KOPI-250": [Finding(Disposition.DAMAGED, 2)]})

        assert ["damaged", "damaged", "restock"] == [line.disposition for line in by_sku.inspection.lines]

    play_in_memory(body)


STEPS = st.lists(
    st.tuples(st.integers(1, 3), st.lists(st.sampled_from(["restock", "damaged", "write_off", "refused"]), max_size=4)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_whatever_comes_and_is_found_credits_each_unit_once(parts):
    """Any parts, any findings: the credits add up to the stored shares of what was taken, and the books hold."""
    shop = tokolib.open("memory://", country="ID")
    shop.settings.change(pkp_since=date(2020, 1, 1))
    shop.catalog.put("KOPI-250", "Kopi")
    shop.prices.put("KOPI-250", IDR(33_333))
    shop.stock.receive("KOPI-250", 7)
    order = shop.orders.place(Basket({"KOPI-250": 7}), tender="cash", key="one")
    shop.shipments.delivered(shop.shipments.hand_over(order))
    taken = 0
    for units, words in parts:
        left = len(shop.orders.get(order.id).lines[0].kept)
        if not left:
            break
        back = shop.returns.request(order, {"KOPI-250": min(units, left)}, reason="x")
        came = min(units, left)
        shop.returns.receive(back, {"KOPI-250": came})
        found = [Finding(Disposition(word), 1) for word in words[:came]]
        shop.returns.inspect(back, {"KOPI-250": found} if found else None)
        fit = came - words[:came].count("refused")
        if fit:
            taken += shop.returns.accept(back).refund.credit.minor_units
        else:
            shop.returns.reject(back, note="used")

    order = shop.orders.get(order.id)
    assert taken == order.credited
    assert (len(order.lines[0].returned) == 7) <= (taken == order.total.minor_units)
    assert shop.verify().ok


def test_a_line_that_is_refused_whole_leaves_the_check_of_the_shop_in_order(play):
    """What came and was refused is still told by the receipt, when the return names what was accepted only."""

    async def body(toko):
        back = await asked_back(toko, {"KOPI-250": 1, "Teh-100": 1})

        done = await toko.returns.accept(back, dispositions={"Teh-100": Disposition.REFUSED})

        assert [each.run.units for each in done.lines] == [1]
        assert sum(run.units for run in done.receipts[0].runs) == 2
        assert (await toko.verify()).ok

    play(body)
