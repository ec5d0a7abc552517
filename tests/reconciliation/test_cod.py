"""What couriers hold, parcel by parcel, and what becomes of what they remit too little: stories, and laws.

The customer has paid at the door; nothing of it changes what the customer owes.
"""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD
from tokolib.kernel import BookRate
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import Kind
from tokolib.reconciliation import CodTerms, FeeTier, NoClaim, OnDifference, ReconcileTerms, RowKind, Why
from tokolib.testing import Given, ManualClock

MARCH = date(2026, 3, 1)
CLAIM, FEE, WRITE_OFF = OnDifference.CLAIM, OnDifference.FEE, OnDifference.WRITE_OFF


def agreed(**terms):
    return ReconcileTerms(cod=CodTerms(**terms))


async def parcel(toko, goods=None, **more):
    """A parcel of Rp168,000 that has reached its customer."""
    order = await toko.given.order(goods or {"KOPI-250": 2}, tender="cod", delivery="jne:reg", **more)
    await toko.ship(order)
    return order


def remits(make, row, amount, order, **more):
    """The row of JNE about an order, or about a parcel by its number."""
    key = order if isinstance(order, str) else order.reference
    return make.row(row, amount, RowKind.COLLECTION, key=key, provider="jne", batch="REM-7", payout="REM-7", **more)


async def books(toko):
    """What stands on the accounts of couriers, and on that of the cash at the door."""
    return await toko.shop._subject._work.read(standing)


async def standing(unit):
    found = Counter()
    page = await resolved(unit.work.scan(Kind.LEDGER, name="money", limit=1000))
    for entry in page.items:
        found[entry.account] += entry.amount
    return {name: units for name, units in sorted(found.items()) if units and name.endswith((":jne", ":cod"))}


def test_what_is_remitted_too_little_is_claimed_of_the_courier(play, make):
    """The order is paid; the courier owes the rest, with a day; past it `verify` tells; a later row makes up for it."""

    async def body(toko):
        order = await parcel(toko)

        taken = await toko.settlements.take_in([remits(make, "1", 150_000, order, fee=6_000)], terms=agreed())

        order = await toko.orders.get(order.id)
        assert ("completed", "paid", IDR(168_000)) == (order.state, order.payment, order.paid)
        assert () == taken.shortfalls
        assert {"claim:jne": 18_000, "fee:jne": 6_000, "payout:jne": 144_000} == await books(toko)
        (debt,) = await toko.settlements.owed("jne")
        assert (IDR(18_000), date(2026, 3, 16)) == (debt.amount, debt.claimed_by)
        made = await toko.settlements.reconcile("jne", since=MARCH)
        assert IDR(18_000) == made.account(IDR(0).currency).because(Why.SHORTFALL)

        toko.clock.forward(days=15)
        report = await toko.verify()
        assert report
        assert ["jne remitted IDR 18000 too little, and was to make up for it by 2026-03-16"] == [
            each.found for each in report.alarms
        ]

        for _ in range(2):
            await toko.settlements.take_in([remits(make, "2", 8_000, order)], terms=agreed())
        assert [IDR(10_000)] == [each.amount for each in await toko.settlements.owed()]
        await toko.settlements.take_in([remits(make, "3", 10_000, order)], terms=agreed())
        assert {"fee:jne": 6_000, "payout:jne": 162_000} == await books(toko)
        assert () == await toko.settlements.owed()
        report = await toko.verify()
        assert (True, ()) == (bool(report), report.alarms)
        made = await toko.settlements.reconcile("jne", since=MARCH)
        assert IDR(0) == made.account(IDR(0).currency).because(Why.SHORTFALL)
        assert IDR(0) == made.account(IDR(0).currency).because(Why.DOUBLE_ROW)

    play(body)


def test_a_claim_is_given_up_by_a_person(play, make):
    """As a loss or as a fee, for a reason; said twice it counts once."""

    async def body(toko):
        lost, kept = await parcel(toko), await parcel(toko)
        rows = [remits(make, "1", 150_000, lost), remits(make, "2", 160_000, kept)]
        first, second = (await toko.settlements.take_in(rows, terms=agreed())).posted

        for _ in range(2):
            closed = await toko.settlements.close_claim(first, as_=WRITE_OFF, reason="the driver has left")
        await toko.settlements.close_claim(second.id, as_=FEE, reason="a fee for a second try")

        assert "the driver has left" == closed.difference.because
        assert {"fee:jne": 8_000, "payout:jne": 310_000, "write_off:jne": 18_000} == await books(toko)
        assert () == await toko.settlements.owed()
        for as_ in (FEE, CLAIM):
            with pytest.raises(NoClaim):
                await toko.settlements.close_claim(first, as_=as_, reason="x")
        assert await toko.verify()

    play(body)


def test_small_differences_are_written_off_either_way(play_in_memory, make):
    """Within the tolerance, whatever else is agreed; the customer has paid all the same."""

    async def body(toko):
        less, more = await parcel(toko), await parcel(toko)
        rows = [remits(make, "1", 167_600, less), remits(make, "2", 168_300, more)]

        await toko.settlements.take_in(rows, terms=agreed(tolerance=500))

        assert {"payout:jne": 335_900, "write_off:jne": 100} == await books(toko)
        assert ["paid", "paid"] == [(await toko.orders.get(each.id)).payment for each in (less, more)]
        assert await toko.verify()

    play_in_memory(body)


def test_what_is_remitted_too_much_waits_unless_it_is_agreed(play_in_memory, make):
    """Then the shop owes it to the courier, and the debt is below zero."""

    async def body(toko):
        order = await parcel(toko)
        row = remits(make, "1", 178_000, order)

        waiting = (await toko.settlements.take_in([row], terms=agreed())).review
        assert ["other_amount"] == [each.why for each in waiting]
        await toko.settlements.take_in([row], terms=agreed(over=CLAIM))

        assert [IDR(-10_000)] == [each.amount for each in await toko.settlements.owed("jne")]
        assert {"claim:jne": -10_000, "payout:jne": 178_000} == await books(toko)
        assert IDR(168_000) == (await toko.orders.get(order.id)).paid
        assert await toko.verify()

    play_in_memory(body)


def test_a_courier_keeps_its_fee_by_how_soon_it_remits(play_in_memory, make):
    """5 % within three days, 4 % within five, 3 % later, at least Rp3,500: what it keeps beyond that is claimed."""

    async def body(toko):
        tiers = tuple(
            FeeTier(within_days=d, rate=Decimal(r), least=3_500) for d, r in ((3, "0.05"), (5, "0.04"), (7, "0.03"))
        )
        fair, dear = await parcel(toko), await parcel(toko)
        later = date(2026, 3, 6)
        rows = [
            remits(make, "1", 168_000, fair, fee=6_720, on=later),
            remits(make, "2", 168_000, dear, fee=8_400, on=later),
        ]

        await toko.settlements.take_in(rows, terms=agreed(tiers=tiers))

        assert {"claim:jne": 1_680, "fee:jne": 13_440, "payout:jne": 320_880} == await books(toko)
        assert [(dear.id, IDR(1_680))] == [(each.order_id, each.amount) for each in await toko.settlements.owed()]
        assert await toko.verify()

    play_in_memory(body)


def test_each_parcel_of_an_order_is_owed_by_itself(play, make):
    """By its tracking number; the charges are shared by the parcels, and together they are the order."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        parcels = [await toko.shipments.hand_over(order, {"KOPI-250": 1}, tracking=f"JNE-{at}") for at in (1, 2)]
        assert [("JNE-1", IDR(84_000)), ("JNE-2", IDR(84_000))] == sorted(
            (each.tracking, each.amount) for each in await toko.settlements.owed("jne")
        )
        for each in parcels:
            await toko.shipments.delivered(each)

        await toko.settlements.take_in([remits(make, "1", 80_000, "JNE-1")], terms=agreed())

        owed = {(each.tracking, each.amount, each.claimed_by is None) for each in await toko.settlements.owed("jne")}
        assert {("JNE-1", IDR(4_000), False), ("JNE-2", IDR(84_000), True)} == owed
        assert IDR(84_000) == (await toko.orders.get(order.id)).paid
        assert await toko.verify()

    play(body)


def test_a_parcel_that_came_back_is_not_owed(play, make):
    """Nobody paid for it; the other parcel of its order still is."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        for at in (1, 2):
            await toko.shipments.hand_over(order, {"KOPI-250": 1}, tracking=f"JNE-{at}")

        await toko.returns.accept(order, {"KOPI-250": 1}, reason="refused at the door")

        (debt,) = await toko.settlements.owed("jne")
        assert (await toko.orders.get(order.id)).due == debt.amount
        rest = await toko.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")
        await toko.shipments.hand_over(rest)
        await toko.returns.accept(
            rest,
            {"KOPI-250": 1},
            reason="refused",
        )
        assert {order.id} <= {each.order_id for each in await toko.settlements.owed()}
        assert await toko.verify()

    play(body)


def test_cash_that_was_recorded_before_may_be_remitted_too_little(play_in_memory, make):
    """The bookkeeper has trusted the courier's promise; the advice says less."""

    async def body(toko):
        order = await parcel(toko)
        await toko.payments.received(order, order.total, reference="by phone")

        await toko.settlements.take_in([remits(make, "1", 150_000, order)], terms=agreed(short=FEE))

        assert {"fee:jne": 18_000, "payout:jne": 150_000} == await books(toko)
        assert order.total == (await toko.orders.get(order.id)).paid
        assert await toko.verify()

    play_in_memory(body)


def test_what_nobody_knows_to_have_arrived_is_what_came_in(play_in_memory, make):
    """The customer may not have paid at all: the rest stays due, as it is where nothing was agreed."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        await toko.shipments.hand_over(order)

        taken = await toko.settlements.take_in([remits(make, "1", 150_000, order)], terms=agreed())

        assert [IDR(18_000)] == [each.amount for each in taken.shortfalls]
        assert IDR(18_000) == (await toko.orders.get(order.id)).due
        assert await toko.verify()

    play_in_memory(body)


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"tolerance": -1}, "tolerance"),
        ({"claim_days": "14"}, "claim_days"),
        ({"short": None}, "short"),
        ({"over": "claim it"}, "over"),
        ({"tiers": (FeeTier(within_days=5, rate=Decimal(0)),) * 2}, "tiers"),
        ({"tiers": (FeeTier(within_days=5, rate=Decimal(2)),)}, "tiers[0].rate"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms, path):
    """With their place."""
    with pytest.raises(InvalidInput) as caught:
        CodTerms(**terms)

    assert [path] == [fault.path for fault in caught.value.faults]


remitted = st.tuples(st.integers(1, 200_000), st.integers(0, 9_000), st.integers(0, 8))
terms = st.builds(
    CodTerms,
    short=st.sampled_from(OnDifference),
    over=st.none() | st.sampled_from(OnDifference),
    tolerance=st.sampled_from([0, 500, 100_000]),
    tiers=st.sampled_from([(), (FeeTier(within_days=5, rate=Decimal("0.04"), least=3_500),)]),
)


@given(terms, st.lists(remitted, min_size=3, max_size=3), st.permutations(range(3)))
@example(CodTerms(), [(168_001, 0, 0), (167_999, 9_000, 8), (168_000, 0, 0)], [2, 0, 1])
@settings(max_examples=25)
def test_every_rupiah_of_the_door_is_somewhere(make, agreed, rows, order):
    """Whatever is remitted under whatever terms, in any order: the customer is free where the row was taken in, and
    what was paid at the door is paid out, kept as a fee, claimed, written off, or still with the courier.
    """
    one, other = lived(make, agreed, rows, range(3)), lived(make, agreed, rows, order)

    assert one == other
    accounts, paid = one
    assert paid == sum(units for _, units in accounts)


def lived(make, agreed, rows, order):
    clock = ManualClock()
    shop = tokolib.open("memory://", country="ID", clock=clock)
    try:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000}, stock=100)
        given.delivery({"jne:reg": 18_000})
        orders = [given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg") for _ in rows]
        for each in orders:
            shop.shipments.delivered(shop.shipments.hand_over(each))
        made = [
            remits(make, str(at), gross, orders[at], fee=min(fee, gross), on=date(2026, 3, 2 + days))
            for at, (gross, fee, days) in enumerate(rows)
        ]
        for at in order:
            shop.settlements.take_in([made[at]], terms=ReconcileTerms(cod=agreed))
        report = shop.verify()
        assert report, [str(each) for each in report.violations]
        found = [shop.orders.get(each.id) for each in orders]
        states = [each.standing.value for row in found for each in shop.settlements.of_order(row)]
        assert [168_000 if state == "posted" else 0 for state in states] == [each.captured for each in found]
        owed = Counter()
        for each in shop.settlements.owed("jne"):
            owed["claim" if each.claimed_by else "cash"] += each.amount.minor_units
        accounts = drive(shop._work.read(standing))
        assert owed["claim"] == accounts.get("claim:jne", 0)
        assert owed["cash"] == sum(each.due.minor_units for each in found)
        return sorted(accounts.items()), sum(each.captured for each in found)
    finally:
        shop.close()


def test_a_claim_in_dollars_is_stated_at_the_frozen_rate(play_in_memory, make):
    """What is claimed, made up for in part and given up leaves nothing behind in either currency."""

    async def body(toko):
        rate = BookRate("USD", "IDR", Fraction("16250.75"), "Bank Indonesia", MARCH)
        await toko.settings.change(currencies=("USD",), book_rates=(rate,))
        await toko.prices.put("KOPI-250", USD("5.33"))
        await toko.delivery.flat("dhl", USD("8.25"))
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="dhl", currency="USD")
        await toko.ship(order)
        cod = {"kind": RowKind.COLLECTION, "key": order.reference, "provider": "dhl"}
        rows = [make.row("1", USD("15.00"), fee=USD("0.33"), **cod), make.row("2", USD("1.11"), **cod)]

        claim = (await toko.settlements.take_in(rows[:1], terms=agreed())).posted[0]
        await toko.settlements.take_in(rows[1:], terms=agreed())
        assert [USD("2.80")] == [each.amount for each in await toko.settlements.owed("dhl")]
        await toko.settlements.close_claim(claim, as_=FEE, reason="a fee for a second try")

        stated = Counter()
        for entry in (await toko.shop._subject._work.read(stated_entries)).items:
            stated[entry.account] += entry.amount
        assert (0, 0, 0) == (stated["claim:dhl"], stated["money:cod"], stated["receivable"])
        assert rate.units(33) + rate.units(391) - rate.units(111) == stated["fee:dhl"]
        assert await toko.verify()

    play_in_memory(body)


async def stated_entries(unit):
    return await resolved(unit.work.scan(Kind.LEDGER, name="book_money", limit=1000))
