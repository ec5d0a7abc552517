"""Claims: what was wrong is made up for by units' shares, by the same goods again, or by an amount; once, by staff."""

from datetime import timedelta

import pytest

import tokolib
from tokolib import IDR, Basket, InvalidInput, Policies
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.ctx import Customer, Staff
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.policies import StockTaken
from tokolib.kernel.preview import PreviewStale
from tokolib.orders.errors import AllowanceTooLarge
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.returns import Evidence
from tokolib.returns.claims import ClaimKind, ClaimRemedy, ClaimState, IllegalClaimTransition
from tokolib.returns.exchanges import ExchangeState, IllegalExchangeTransition
from tokolib.returns.model import Disposition, ReturnState
from tokolib.returns.refusals import OnlyByStaff, ReturnApprovalNeeded

WEEK = timedelta(days=7)


async def delivered(toko, units=3, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order({"KOPI-250": units}, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def claimed(toko, order, remedy, *, units=1, kind=ClaimKind.DAMAGED, **options):
    """A claim on so many units; a replacement is held for a week."""
    if remedy is ClaimRemedy.REPLACEMENT:
        options = {"until": toko.clock.now() + WEEK} | options
    return await toko.claims.open(order, {"KOPI-250": units}, kind=kind, remedy=remedy, reason="torn open", **options)


async def on_hand(toko, sku="KOPI-250"):
    level = await toko.stock.level(sku)
    return level.on_hand.steps, level.available.steps


@pytest.mark.parametrize(
    ("kind", "disposition"),
    [(ClaimKind.DAMAGED, Disposition.KEPT), (ClaimKind.MISSING, Disposition.UNDELIVERED)],
)
def test_the_money_goes_back_without_the_goods(play, kind, disposition):
    """By the shares of the units; nothing comes into stock, and the units can't be returned once more."""

    async def body(toko):
        order, before = await delivered(toko), await on_hand(toko)
        claim = await claimed(toko, order, ClaimRemedy.REFUND, kind=kind, units=2)
        claim = await toko.claims.approve(claim)
        back = await toko.returns.get(claim.return_id)
        assert (claim.state, back.refund.amount) == (ClaimState.APPROVED, IDR(150_000))
        assert {line.disposition for line in back.lines} == {disposition}
        assert await on_hand(toko) == before
        with pytest.raises(TooManyUnits):
            await toko.returns.accept(order, {"KOPI-250": 2})

    play(body)


def test_a_return_is_opened_where_the_goods_are_to_come_back(play):
    """The claim is approved first, and the money goes when they are here."""

    async def body(toko):
        order = await delivered(toko)
        claim = await toko.claims.approve(await claimed(toko, order, ClaimRemedy.REFUND, goods_back=True))
        assert (await toko.returns.get(claim.return_id)).state is ReturnState.REQUESTED
        assert (await toko.orders.get(order.id)).paid == order.total
        back = await toko.returns.accept(claim.return_id, disposition=Disposition.WRITE_OFF)
        assert back.refund.amount == IDR(75_000)

    play(body)


@pytest.mark.parametrize("taken", list(StockTaken))
def test_the_same_again_is_held_at_once_and_costs_nothing(play, taken):
    """It is a part of the order when the claim is approved; no money moves, and nothing has to come back."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await delivered(toko)
        here, free = await on_hand(toko)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT)
        assert await on_hand(toko) == (here, free - 1)
        claim = await toko.claims.approve(claim)
        after = await toko.orders.get(order.id)
        assert (after.due, after.paid) == (IDR(0), order.total)
        await toko.ship(after)
        assert await on_hand(toko) == (here - 1, free - 1)
        assert (await toko.exchanges.get(claim.exchange_id)).state is ExchangeState.COMPLETED

    play(body)


def test_a_replacement_waits_for_goods_that_are_to_come_back(play):
    """The exchange is authorised with the claim, and completed when they are here."""

    async def body(toko):
        order = await delivered(toko)
        claim = await toko.claims.approve(await claimed(toko, order, ClaimRemedy.REPLACEMENT, goods_back=True))
        exchange = await toko.exchanges.get(claim.exchange_id)
        assert exchange.state is ExchangeState.AUTHORISED
        done = await toko.exchanges.complete(exchange, disposition=Disposition.WRITE_OFF)
        assert done.settlement.difference == IDR(0)

    play(body)


@pytest.mark.parametrize(("found", "here"), [(None, 20), (Disposition.WRITE_OFF, 19)])
def test_goods_that_came_in_all_the_same_are_put_where_they_belong(play, found, here):
    """Nobody waited for them, and they are in the house: on the shelf, or as whoever looked at them says."""

    async def body(toko):
        order = await delivered(toko, units=1)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT)
        await toko.returns.receive(claim.return_id)
        if found is not None:
            await toko.returns.inspect(claim.return_id, disposition=found)
        claim = await toko.claims.approve(claim)
        back = await toko.returns.get(claim.return_id)
        assert [line.disposition for line in back.lines] == [found or Disposition.RESTOCK]
        assert await on_hand(toko) == (here, here - 1)

    play(body)


@pytest.mark.parametrize("inspected", [False, True])
def test_a_part_that_came_in_all_the_same_is_put_away_and_the_rest_stays(play, inspected):
    """One of two came, though nobody waited for it: both are made up for, and one is on the shelf again."""

    async def body(toko):
        order = await delivered(toko, units=2)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT, units=2)
        await toko.returns.receive(claim.return_id, {"KOPI-250": 1})
        if inspected:
            await toko.returns.inspect(claim.return_id)
        claim = await toko.claims.approve(claim)

        back, after = await toko.returns.get(claim.return_id), await toko.orders.get(order.id)
        assert sorted((line.disposition, line.run.units) for line in back.lines) == [
            (Disposition.KEPT, 1),
            (Disposition.RESTOCK, 1),
        ]
        assert (after.due, after.paid, after.credited) == (IDR(0), order.paid, 150_000)
        assert await on_hand(toko) == (19, 17)
        assert (await toko.verify()).ok

    play(body)


def test_an_amount_is_allowed_while_the_goods_stay(play):
    """It goes back at once, and is an allowance of the order like any other."""

    async def body(toko):
        order = await delivered(toko)
        claim = await claimed(toko, order, ClaimRemedy.ALLOWANCE, amount=IDR(10_000))
        assert (await toko.claims.approve(claim, key="ok")) == await toko.claims.approve(claim, key="ok")
        after = await toko.orders.get(order.id)
        assert (after.allowed, after.paid) == (10_000, IDR(215_000))
        large = await claimed(toko, order, ClaimRemedy.ALLOWANCE, amount=IDR(900_000))
        with pytest.raises(AllowanceTooLarge):
            await toko.claims.approve(large)
        assert (await toko.claims.get(large.id)).state is ClaimState.OPENED

    play(body)


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_a_claim_that_is_let_go_frees_what_was_held(play, end):
    """And whatever is asked of it afterwards is refused with what is left, which is nothing."""

    async def body(toko):
        order = await delivered(toko)
        before = await on_hand(toko)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT)
        if end == "reject":
            await toko.claims.reject(claim, note="worn")
        else:
            await toko.claims.withdraw(claim, reason="found it")
        assert await on_hand(toko) == before
        with pytest.raises(IllegalClaimTransition, match="possible now: nothing"):
            await toko.claims.approve(claim)
        assert (await toko.returns.get(claim.return_id)).state is ReturnState.REJECTED

    play(body)


def test_a_hold_that_nobody_put_off_is_told_when_it_is_too_late(play):
    """The exchange has expired: the claim can only be rejected, and another opened."""

    async def body(toko):
        claim = await claimed(toko, await delivered(toko), ClaimRemedy.REPLACEMENT)
        toko.clock.forward(days=8)
        await toko.tick()
        with pytest.raises(IllegalExchangeTransition):
            await toko.claims.approve(claim)
        assert (await toko.claims.reject(claim, note="too late")).state is ClaimState.REJECTED

    play(body)


def test_evidence_and_what_others_owe_are_kept_as_notes(play):
    """Keys of the host's, never bytes; a recharge moves no money."""

    async def body(toko):
        order = await delivered(toko)
        photo, more = Evidence("s3://claims/1.jpg"), Evidence("s3://claims/2.mp4", "video", "unboxing")
        claim = await claimed(toko, order, ClaimRemedy.REFUND, evidence=[photo])
        claim = await toko.claims.approve(await toko.claims.show(claim, [more]))
        told = [(each.reference, each.kind, each.note, each.by) for each in claim.evidence]
        assert told == [(e.reference, e.kind, e.note, "system:host") for e in (photo, more)]
        paid = (await toko.orders.get(order.id)).paid
        claim = await toko.claims.recharge(claim, IDR(60_000), owed_by="supplier:gayo", reference="DN-7")
        (owed,) = claim.recharges
        assert (owed.owed_by, owed.amount, owed.reference) == ("supplier:gayo", IDR(60_000), "DN-7")
        assert (await toko.orders.get(order.id)).paid == paid
        with pytest.raises(IllegalClaimTransition, match=r"claims\.show is not possible"):
            await toko.claims.show(claim, [photo])

    play(body)


def test_what_does_not_fit_the_remedy_is_refused_and_nothing_is_stored(play):
    """An allowance needs an amount, a replacement a term, and what is missing can't come back."""

    async def body(toko):
        order = await delivered(toko)
        before, until = await on_hand(toko), toko.clock.now() + WEEK
        for remedy, options in (
            (ClaimRemedy.ALLOWANCE, {}),
            (ClaimRemedy.REFUND, {"amount": IDR(1)}),
            (ClaimRemedy.REFUND, {"until": until}),
            (ClaimRemedy.REPLACEMENT, {"until": None}),
            (ClaimRemedy.REPLACEMENT, {"until": toko.clock.now()}),
            (ClaimRemedy.REFUND, {"kind": ClaimKind.MISSING, "goods_back": True}),
            (ClaimRemedy.ALLOWANCE, {"amount": IDR(1), "goods_back": True}),
            (ClaimRemedy.REFUND, {"evidence": [Evidence(" ")]}),
        ):
            with pytest.raises(InvalidInput):
                await claimed(toko, order, remedy, **options)
        with pytest.raises(TooManyUnits):
            await claimed(toko, order, ClaimRemedy.REFUND, units=4)
        with pytest.raises(OutOfStock):
            await claimed(
                toko, await delivered(toko, 15), ClaimRemedy.REPLACEMENT, units=15, until=toko.clock.now() + WEEK
            )
        assert await toko.claims.of(order) == ()
        assert await toko.returns.of(order) == ()
        assert (await on_hand(toko))[0] == before[0] - 15

    play(body)


def test_a_key_makes_a_claim_once(play):
    """The same wish answers the same claim; another under the key is refused."""

    async def body(toko):
        order = await delivered(toko)
        first, again = [await claimed(toko, order, ClaimRemedy.REFUND, key="torn") for _ in range(2)]
        assert first == again
        with pytest.raises(KeyReused):
            await claimed(toko, order, ClaimRemedy.REFUND, units=2, key="torn")

    play(body)


def test_a_customer_opens_a_claim_and_staff_decide():
    """Nobody approves their own; a refund above the limit needs somebody else than who opened it."""
    with tokolib.open("memory://", country="ID") as shop:
        shop.settings.change(return_limit=(IDR(100_000),))
        shop.catalog.put("KOPI-250", "Kopi")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 20)
        order = shop.orders.place(Basket({"KOPI-250": 4}), tender="cash", key="web")
        shop.shipments.delivered(shop.shipments.hand_over(order))
        siti, ani, budi = (shop.acting(actor) for actor in (Customer("siti"), Staff("ani"), Staff("budi")))
        torn = {"kind": ClaimKind.DAMAGED, "remedy": ClaimRemedy.REFUND, "reason": "torn"}

        claim = siti.claims.open(order, {"KOPI-250": 2}, **torn)
        with pytest.raises(OnlyByStaff):
            siti.claims.approve(claim)
        with pytest.raises(OnlyByStaff):
            siti.claims.reject(claim, note="x")
        done = ani.claims.approve(claim)
        assert shop.returns.get(done.return_id).approval.by == "staff:ani"

        own = ani.claims.open(order, {"KOPI-250": 2}, **torn)
        with pytest.raises(ReturnApprovalNeeded):
            ani.claims.approve(own)
        assert shop.claims.get(own.id).state is ClaimState.OPENED
        assert budi.claims.approve(own).decided_by == "staff:budi"
        assert shop.orders.get(order.id).paid == IDR(0)
        assert shop.verify()


@pytest.mark.parametrize("remedy", list(ClaimRemedy))
def test_what_approving_would_do_is_shown_first_and_then_done_so(play, remedy):
    """Money, stock and units of each remedy; nothing moves by looking, and what differs by then is refused."""

    async def body(toko):
        order, before = await delivered(toko, 2), await on_hand(toko)
        amount = {"amount": IDR(10_000)} if remedy is ClaimRemedy.ALLOWANCE else {}
        claim = await claimed(toko, order, remedy, **amount)
        held = await on_hand(toko)
        shown = await toko.claims.preview_approve(claim)
        moved = {ClaimRemedy.REFUND: 75_000, ClaimRemedy.ALLOWANCE: 10_000}.get(remedy, 0)
        assert shown.before.paid - shown.after.paid == IDR(moved)
        assert [each.amount for each in shown.moves] == ([IDR(moved)] if moved else [])
        assert [each.open for each in shown.units] == ([0, 1] if remedy is ClaimRemedy.REPLACEMENT else [0])
        assert {each.on_hand for each in shown.stock} <= {0, -1}
        assert (await toko.claims.get(claim.id), await on_hand(toko)) == (claim, held)
        with pytest.raises(PreviewStale):
            await toko.claims.approve(claim, refund_to="bank_transfer", preview=shown)
        assert (await toko.claims.get(claim.id)).state is ClaimState.OPENED
        done = [await toko.claims.approve(claim, preview=shown.hash, key="yes") for _ in range(2)]
        after = await toko.orders.get(order.id)
        assert (done[0], after.paid, after.due) == (done[1], shown.after.paid, shown.after.due)
        assert (await on_hand(toko))[1] == before[1] - (remedy is ClaimRemedy.REPLACEMENT)

    play(body)


def test_what_waits_for_the_goods_is_shown_to_move_nothing(play):
    """A claim that is approved before they are back holds what it held, and pays nothing yet."""

    async def body(toko):
        order = await delivered(toko)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT, goods_back=True)
        shown = await toko.claims.preview_approve(claim)
        assert (shown.moves, shown.stock, shown.accounts, shown.before) == ((), (), (), shown.after)
        await toko.claims.approve(claim, preview=shown)
        assert (await toko.returns.get(claim.return_id)).state is ReturnState.AUTHORISED

    play(body)


def test_an_exchange_that_was_agreed_to_before_its_claim_waits_for_no_goods(play):
    """Where the claim says that the customer keeps them, nothing is told to have come in when it is approved."""

    async def body(toko):
        order, before = await delivered(toko), await on_hand(toko)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT)
        await toko.exchanges.authorise(claim.exchange_id)
        await toko.claims.approve(claim)
        back = await toko.returns.get(claim.return_id)
        assert (back.state, back.receipts) == (ReturnState.ACCEPTED, ())
        assert {line.disposition for line in back.lines} == {Disposition.KEPT}
        assert (await on_hand(toko))[0] == before[0]

    play(body)


def test_a_claim_that_is_turned_down_leaves_what_came_in_to_its_return(play):
    """The goods are in the house: they are credited or sent back by their return, which is none of an exchange now."""

    async def body(toko):
        order = await delivered(toko)
        claim = await claimed(toko, order, ClaimRemedy.REPLACEMENT, goods_back=True)
        await toko.returns.receive(claim.return_id)
        await toko.claims.reject(claim, note="by the customer")
        assert (await toko.exchanges.get(claim.exchange_id)).state is ExchangeState.REJECTED
        back = await toko.returns.reject(claim.return_id, note="by the customer")
        assert (back.state, back.part_of) == (ReturnState.REJECTED, "")

    play(body)
