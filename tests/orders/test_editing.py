"""An order is edited after it was placed: what is added has shares of its own, and only the difference moves."""

from contextlib import suppress

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Address, LineWish, Money, OrderState, Policies
from tokolib.checkout.model import ChargeWish
from tokolib.effects.model import EffectKind
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.errors import InvalidInput, KeyReused, TokolibError
from tokolib.kernel.hosting import drive
from tokolib.kernel.preview import PreviewStale
from tokolib.orders.edits import Reprice
from tokolib.orders.errors import IllegalOrderTransition, NotEditable
from tokolib.orders.explain import reason_of
from tokolib.orders.model import PaymentStatus
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.pricing.model import ChargeKind

NOTHING, CUP = IDR(0), IDR(33_333)


async def shelf(toko, sku="CANGKIR"):
    """Units of *sku* that anybody may buy."""
    return (await toko.stock.available(sku)).steps


async def refunds(toko, order):
    """What has gone back of an order's money."""
    return [each for each in (await toko.payments.intent(order)).operations if each.kind is EffectKind.REFUND]


async def bag(toko):
    """Another thing that the shop sells."""
    await toko.given.goods({"TAS": 10_000})


@pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
def test_goods_are_added_held_and_due(play, taken):
    """What was agreed stays to the letter; the rest is due, paid, shipped, and the order completes."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await toko.given.order({"CANGKIR": 1}, delivery="jne:reg")
        before = await shelf(toko)
        edited = await toko.orders.edit(order, add={"CANGKIR": 2}, reason="two more")
        assert edited.agreed == ((order.lines[0].line,), order.charges)
        [more] = edited.amendments
        assert (more.added, more.reason, edited.total) == (2 * CUP.minor_units, "two more", order.total + 2 * CUP)
        assert (edited.due, edited.payment, await shelf(toko)) == (2 * CUP, PaymentStatus.PARTIALLY_PAID, before - 2)
        assert sum(edited.charges[0].shares) == edited.charges[0].total
        await toko.payments.received(edited, 2 * CUP, method="cash")
        await toko.ship(edited)
        done = await toko.orders.get(order.id)
        assert (done.state, done.due) == (OrderState.COMPLETED, NOTHING)

    play(body)


def test_a_swap_moves_the_difference_alone(play):
    """Dearer: the rest is due. Cheaper: the rest goes back. The same price: nothing moves at all."""

    async def body(toko):
        await bag(toko)
        order = await toko.given.order({"CANGKIR": 2})
        cheaper = await toko.orders.edit(order, remove={"CANGKIR": 1}, add={"TAS": 1}, reason="rather a bag")
        moved = [each.amount for each in await refunds(toko, order)]
        assert (cheaper.due, moved) == (NOTHING, [CUP - IDR(10_000)])
        dearer = await toko.orders.edit(cheaper, remove={"TAS": 1}, add={"CANGKIR": 1}, reason="rather not")
        assert dearer.due == CUP - IDR(10_000)
        same = await toko.orders.edit(dearer, remove={"CANGKIR": 1}, add={"CANGKIR": 1}, reason="another one")
        assert same.due == dearer.due
        assert [each.cancellation for each in same.amendments] == [each.id for each in same.cancellations]

    play(body)


@pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
def test_what_is_taken_out_and_put_in_again_stays_held(play, taken):
    """The last units of the shop are priced anew, and nobody else could have had them in between."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await toko.given.order({"CANGKIR": 2})
        await toko.stock.adjust("CANGKIR", -await shelf(toko), reason="broken")
        await toko.prices.put("CANGKIR", IDR(30_000))
        edited = await toko.orders.edit(
            order, remove={"CANGKIR": 1}, add={"CANGKIR": 1}, reprice=Reprice.NEW, reason="sale"
        )
        assert (await shelf(toko), edited.due, edited.paid) == (0, NOTHING, CUP + IDR(30_000))
        with pytest.raises(OutOfStock):
            await toko.orders.edit(edited, remove={"CANGKIR": 1}, add={"CANGKIR": 2}, reason="more")
        assert await toko.orders.get(order.id) == edited

    play(body)


def test_the_price_of_what_is_added_is_a_policy_per_line(play):
    """Kept, today's, today's for what is open as well, or as somebody states it."""

    async def body(toko):
        async def edited(**asked):
            order = await toko.given.order({"CANGKIR": 2})
            await toko.prices.put("CANGKIR", IDR(30_000))
            done = await toko.orders.edit(order, reason="one more", **asked)
            await toko.prices.put("CANGKIR", CUP)
            return done.total - IDR(done.credited)

        assert await edited(add={"CANGKIR": 1}) == 3 * CUP
        assert await edited(add={"CANGKIR": 1}, reprice=Reprice.NEW) == 2 * CUP + IDR(30_000)
        assert await edited(add={"CANGKIR": 1}, reprice={"cangkir": Reprice.ALL}) == 3 * IDR(30_000)
        stated = [LineWish("CANGKIR", 1, IDR(20_000), "a dent")]
        assert await edited(add=stated) == 2 * CUP + IDR(20_000)

    play(body)


@pytest.mark.parametrize("name", ["CANGKIR", "cangkir", None])
def test_repricing_all_of_a_sku_counts_it_once(play, name):
    """However often it is named to be added, and by whatever name it is to be removed as well."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3})
        await toko.prices.put("CANGKIR", IDR(30_000))
        more = [LineWish("CANGKIR", 1), LineWish("cangkir", 2)]
        less = {name or order.lines[0].id: 1}

        with pytest.raises(TooManyUnits):
            await toko.orders.edit(order, add=more, remove=dict.fromkeys(less, 4), reprice="all", reason="x")
        edited = await toko.orders.edit(order, add=more, remove=less, reprice=Reprice.ALL, reason="as it is now")

        assert [0, 3, 2] == [len(line.open) for line in edited.lines]
        assert edited.total - IDR(edited.credited) == 5 * IDR(30_000)

    play(body)


def test_an_order_is_edited_after_goods_were_captured_shipped_and_returned(play):
    """A completed order is open again; each part closes by itself, and the books with it."""

    async def body(toko):
        await toko.settings.change(policies=Policies(capture="at_hand_over"))
        toko.world.instant = True
        order = await toko.given.order({"CANGKIR": 2}, tender="fake")
        await toko.shipments.delivered(await toko.shipments.hand_over(order, {"CANGKIR": 1}))
        order = await toko.orders.edit(order, remove={"CANGKIR": 1}, add={"KOPI-250": 1}, reason="coffee instead")
        assert (order.state, order.blocks[0].code) == (OrderState.PLACED, "payment")
        await toko.payments.charge(order, gateway="fake")
        await toko.shipments.delivered(await toko.shipments.hand_over(await toko.orders.get(order.id)))
        order = await toko.orders.get(order.id)
        assert (order.state, order.due, order.reserved) == (OrderState.COMPLETED, NOTHING, 0)
        await toko.returns.accept(order, {"CANGKIR": 1}, reason="dislikes")
        order = await toko.orders.edit(order, add={"CANGKIR": 1}, reason="once more")
        assert (order.state, order.due) == (OrderState.PLACED, CUP)

    play(body)


def test_what_is_not_left_goes_elsewhere_and_costs_what_somebody_states(play):
    """The agreed charges stay; what it costs more is a charge of its own, whose shares are those of the open units."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2}, delivery="jne:reg")
        there = attrs.evolve(order.ship_to, city="Kota Surabaya", postal_code="60111")
        more = ChargeWish(ChargeKind.SHIPPING, "Farther away", IDR(4_000), "Surabaya")
        edited = await toko.orders.edit(order, ship_to=there, charges=[more], reason="moved house")
        assert (edited.ship_to, edited.due, edited.charges[0]) == (there, IDR(4_000), order.charges[0])
        assert (edited.charges[1].total, sum(edited.charges[1].shares)) == (4_000, 4_000)
        cancelled = await toko.orders.cancel(edited, reason="never mind")
        assert (cancelled.credited, cancelled.due, cancelled.paid) == (edited.total.minor_units, NOTHING, NOTHING)

    play(body)


def test_what_has_left_goes_nowhere_else(play):
    """Of an order that has left whole, another address would only be a lie; with goods added it is one again."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 1}, delivery="jne:reg")
        await toko.shipments.hand_over(order)
        there = attrs.evolve(order.ship_to, city="Medan", postal_code="20111")
        with pytest.raises(NotEditable, match="nothing of it is still to be sent"):
            await toko.orders.edit(order, ship_to=there, reason="moved")
        edited = await toko.orders.edit(order, add={"CANGKIR": 1}, ship_to=there, reason="one more, to there")
        assert there == edited.ship_to

    play(body)


def test_a_charge_is_never_borne_by_what_leaves_with_the_same_edit(play):
    """What is taken out takes no share of it along; where nothing else is there, goods have to be added."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2, "KOPI-250": 1})
        fee = ChargeWish(ChargeKind.FEE, "Fee", IDR(999), "for the change")
        edited = await toko.orders.edit(order, remove={"CANGKIR": 1}, charges=[fee], reason="one less")
        assert (edited.charges[-1].shares, edited.credited) == ((0, 999), CUP.minor_units)
        with pytest.raises(NotEditable):
            await toko.orders.edit(edited, remove={"KOPI-250": 1}, charges=[fee], reason="none")
        assert await toko.verify()

    play(body)


def test_money_that_went_back_pays_no_later_invoice(play):
    """What came for goods that were returned and refunded is not stated as paid before for goods added since."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, key="1")
        await toko.invoices.issue(order)
        await toko.ship(order)
        await toko.invoices.credit(await toko.returns.accept(order, {"KOPI-250": 1}))
        more = await toko.orders.edit(order, add={"Teh-100": 1}, reason="she calls again")

        added = await toko.invoices.issue(more)

        assert IDR(20_000) == more.due
        assert (0, 20_000) == (added.totals.prepaid, added.totals.payable)

    play(body)


def test_what_edits_add_is_invoiced_by_itself_and_credited_by_its_own_note(play):
    """The first invoice stays as it was sent; all notes together are both invoices."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 1}, delivery="jne:reg")
        first = await toko.invoices.issue(order)
        assert await toko.invoices.issue(order) == first
        order = await toko.orders.edit(order, add={"CANGKIR": 1}, reason="one more")
        second = await toko.invoices.issue(order)
        assert (second.total, second.cause, second.number != first.number) == (CUP, order.amendments[0].id, True)
        assert await toko.invoices.issue(order) == second
        order = await toko.orders.cancel(order, reason="none")
        notes = [await toko.invoices.credit(order) for _ in range(3)]
        assert [note.corrects for note in notes] == [first.number, second.number, second.number]
        assert notes[1] == notes[2]
        assert notes[0].total + notes[1].total == first.total + second.total

    play(body)


def test_an_edit_is_shown_and_then_done_as_shown(play):
    """Money, stock and units; a sale in between makes no difference, a price does."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2})
        asked = {"add": {"CANGKIR": 1}, "reprice": Reprice.NEW}
        shown = await toko.orders.preview_edit(order, **asked)
        assert await toko.orders.get(order.id) == order
        assert (shown.after.total, shown.after.due) == (3 * CUP, CUP)
        assert [(each.sku_key, each.held) for each in shown.stock] == [("cangkir", 1)]
        await toko.given.order({"CANGKIR": 1})
        await toko.prices.put("CANGKIR", IDR(30_000))
        with pytest.raises(PreviewStale, match=r"after\.due: IDR 33333 → IDR 30000"):
            await toko.orders.edit(order, reason="one more", preview=shown, **asked)
        assert await toko.orders.get(order.id) == order
        again = await toko.orders.preview_edit(order, **asked)
        edited = await toko.orders.edit(order, reason="one more", preview=again.hash, **asked)
        assert edited.due == again.after.due

    play(body)


def test_an_order_tells_where_each_part_of_its_total_comes_from(play):
    """What was agreed, and what each edit has added, with its reason."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 1})
        await toko.orders.edit(order, add={"CANGKIR": 1}, reason="for a friend")
        told = await toko.orders.explain(order.id)
        assert "added later: for a friend" in told
        assert "66.666" in told or "66,666" in told

    play(body)


def test_an_order_tells_what_was_taken_off_it_and_why(play):
    """A swap, an allowance, a part that was cancelled and one that came back: each sum adds up to the last rupiah."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3, "KOPI-250": 2}, delivery="jne:reg")
        wish = {"remove": {"CANGKIR": 1}, "add": {"KOPI-250": 1}}
        await toko.orders.edit(order.id, **wish, reason="rather tea")
        await toko.orders.cancel(order.id, {"KOPI-250": 1}, reason="one less")
        await toko.orders.grant_allowance(order.id, IDR(2_000), reason="a dent", key="dent")
        await toko.shipments.hand_over(order.id)
        back = await toko.returns.accept(order.id, {"CANGKIR": 1}, reason="odd", key="back")

        order = await toko.orders.get(order.id)
        owed = reason_of(order, await toko.orders.history(order.id))
        assert order.total.minor_units - order.credited == owed.amount.minor_units
        assert order.total == owed.children[0].amount
        for each in (owed, *(child for child in owed.children[1:] if child.children)):
            assert each.amount == Money.total((child.amount for child in each.children), order.currency)
        told = await toko.orders.explain(order.id)
        for why in ("taken out: rather tea", "cancelled: one less", "let off: a dent", f"by return {back.id}"):
            assert why in told

    play(body)


def test_an_edit_that_cannot_be_is_refused_and_changes_nothing(play):
    """Nothing asked for, goods that are not there, an order that is not placed, another country: each by its name."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2}, delivery="jne:reg")
        waiting = await toko.given.order({"CANGKIR": 2}, tender="bank_transfer")
        abroad = Address("Siti", "1 Bay Road", city="Singapore", postal_code="018956", country="SG")
        for subject, asked, refusal in (
            (order, {}, InvalidInput),
            (order, {"add": {"CANGKIR": 1}, "reprice": "cheap"}, InvalidInput),
            (order, {"add": {"CANGKIR": 500}}, OutOfStock),
            (order, {"add": {"NONE": 1}}, TokolibError),
            (order, {"add": {"CANGKIR": 1}, "remove": {"CANGKIR": 3}}, TooManyUnits),
            (order, {"ship_to": abroad}, NotEditable),
            (order, {"delivery": "jne:none"}, TokolibError),
            (waiting, {"add": {"CANGKIR": 1}}, IllegalOrderTransition),
        ):
            with pytest.raises(refusal):
                await toko.orders.edit(subject, reason="x", **asked)
            assert await toko.orders.get(subject.id) == subject
        done = await toko.orders.edit(order, add={"CANGKIR": 1}, reason="x", key="e-1")
        assert await toko.orders.edit(order, add={"CANGKIR": "1.0"}, reason="x", key="e-1") == done
        with pytest.raises(KeyReused):
            await toko.orders.edit(order, add={"CANGKIR": 2}, reason="x", key="e-1")

    play(body)


steps = st.lists(
    st.sampled_from(["add", "swap", "cancel", "ship", "return", "allow", "pay", "charge", "instead"]), max_size=8
)


@given(st.integers(1, 4), st.sampled_from(["at_shipment", "at_order"]), steps)
def test_no_rupiah_and_no_unit_is_left_over(raise_stage, units, taken, happenings):
    """Whatever is added, taken out, shipped, returned or paid in whatever order, in the end nothing is left over."""

    async def body():
        toko, close = await raise_stage(None, "memory", {"country": "ID"}, furnished=False)
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await toko.given.order({"KOPI-250": units}, delivery="jne:reg")
        await bag(toko)
        before = await shelf(toko, "KOPI-250") + units
        for number, what in enumerate(happenings):
            with suppress(TokolibError):  # nothing of that is left, or it isn't paid
                await happen(toko, order, what, str(number))
        await end(toko, order)
        order = await toko.orders.get(order.id)
        assert order.due == NOTHING
        assert (await shelf(toko, "KOPI-250"), await shelf(toko, "TAS")) == (before, 20)
        report = await toko.verify()
        assert report, str(report)
        await close()

    drive(body())


async def happen(toko, order, what, key):
    """One thing that staff or the customer does."""
    match what:
        case "add":
            await toko.orders.edit(order, add={"TAS": 2}, reason="more")
        case "swap":
            await toko.orders.edit(order, remove={"KOPI-250": 1}, add={"TAS": 1, "KOPI-250": 1}, reason="swap")
        case "charge":
            ribbon = ChargeWish(ChargeKind.GIFT_WRAP, "Ribbon", IDR(1_001), "gift")
            await toko.orders.edit(order, charges=[ribbon], reason="gift")
        case "instead":
            fee = ChargeWish(ChargeKind.FEE, "Fee", IDR(999), "for the change")
            await toko.orders.edit(order, remove={"KOPI-250": 1}, charges=[fee], reason="less, and a fee")
        case "cancel":
            await toko.orders.cancel(order, {"KOPI-250": 1}, reason="one less")
        case "ship":
            await toko.shipments.delivered(await toko.shipments.hand_over(order, {"KOPI-250": 1}))
        case "return":
            await toko.returns.accept(order, {"KOPI-250": 1}, reason="dislikes")
        case "allow":
            await toko.orders.grant_allowance(order, IDR(1_111), reason="late", key=key)
        case "pay":
            due = (await toko.orders.get(order.id)).due
            await toko.payments.received(order, due, method="cash")


async def end(toko, order):
    """All that is left is cancelled, all that left comes back, and all that is due is paid."""
    for _ in range(2):
        for line in (await toko.orders.get(order.id)).lines:
            for units, act in ((line.open, toko.orders.cancel), (line.kept, toko.returns.accept)):
                if units:
                    await act(order, {line.id: len(units)}, reason="all")
    now = await toko.orders.get(order.id)
    if now.due > NOTHING:
        await toko.payments.received(order, now.due, method="cash")
