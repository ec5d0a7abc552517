"""What may come back, until when and by what: by the policy that the order was placed under."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket, Customer, InvalidInput, Staff
from tokolib.kernel import ConsumerLaw, ReturnPolicy, ReturnRule, eu_withdrawal
from tokolib.kernel.return_policy import MOST_DAYS, reason_word
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.model import Order
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.returns import Because, NotEligible, OnlyByStaff, Overruled
from tokolib.returns.eligibility import Facts, eligible
from tokolib.tax import Buyer, BuyerKind
from tokolib.testing.builders import BUYER

WEEK = ReturnPolicy(rules=(ReturnRule(code="usual", days=7),))


async def delivered(toko, lines, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def may(toko, order, goods=None, reason="changed mind"):
    """By SKU whether it may come back, and why."""
    return {each.sku: (each.may, each.because) for each in await toko.returns.eligible(order, goods, reason=reason)}


def test_goods_come_back_until_the_last_day_of_their_window(play):
    """Counted from the day after they arrived, in the shop's zone; what comes later is refused with the dates."""

    async def body(toko):
        await toko.settings.change(return_policy=WEEK)
        order = await toko.given.order({"KOPI-250": 3})
        toko.clock.forward(days=3)
        await toko.ship(order)
        arrived = toko.clock.now().date()
        last = arrived + timedelta(days=7)
        toko.clock.forward(days=7)

        (told,) = await toko.returns.eligible(order)
        assert (True, Because.WITHIN_WINDOW, "usual") == (told.may, told.because, told.rule)
        assert (arrived, True, last) == (told.since, told.arrived, told.until)
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")
        toko.clock.forward(days=1)
        with pytest.raises(NotEligible) as refused:
            await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")
        with pytest.raises(NotEligible):
            await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")
        assert f"1 unit of KOPI-250: could come back until {last} (rule usual; arrived on {arrived})" in str(
            refused.value
        )
        assert 1 == len(await toko.returns.of(order))

    play(body)


def test_staff_overrules_with_a_reason_that_is_kept(play):
    """The customer can't; and where nothing is refused, nothing is overruled."""

    async def body(toko):
        await toko.settings.change(return_policy=WEEK)
        order = await delivered(toko, {"KOPI-250": 3})
        early = await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind", overrule="a regular")
        toko.clock.forward(days=30)
        siti = toko.another(Customer("cus_siti"))
        budi = toko.another(Staff("budi"))

        with pytest.raises(OnlyByStaff):
            await siti.returns.request(order, {"KOPI-250": 1}, reason="changed mind", overrule="please")
        late = await budi.returns.request(
            order, {"KOPI-250": 1}, reason="changed mind", overrule="a regular", key="late"
        )
        again = await budi.returns.request(
            order, {"KOPI-250": 1}, reason="changed mind", overrule="a regular", key="late"
        )
        done = await budi.returns.accept(order, {"KOPI-250": 1}, reason="changed mind", overrule="a regular")

        assert (None, "system:host") == (early.overruled, early.requested_by)
        assert Overruled("a regular", "staff:budi", toko.clock.now(), ("window_over",)) == late.overruled
        assert (again, "staff:budi") == (late, late.requested_by)
        assert late.overruled == done.overruled
        assert IDR(75_000) == (await toko.returns.accept(late)).refund.amount
        with pytest.raises(InvalidInput):
            await toko.returns.accept(early, overrule="twice")

    play(body)


def test_the_first_rule_that_is_for_the_goods_holds(play_in_memory):
    """By category, those below it too, or by tag; what no rule is for comes back whenever the customer likes."""

    async def body(toko):
        await toko.catalog.put_category("pangan", "Pangan")
        await toko.catalog.put_category("teh", "Teh", parent="pangan")
        await toko.given.goods({"SENCHA": 40_000}, categories=["teh"])
        await toko.given.goods({"GELAS": 30_000}, tags=["clearance"])
        policy = ReturnPolicy(
            rules=(
                ReturnRule(code="food", categories=("pangan",), days=2),
                ReturnRule(code="sale", tags=("clearance",), final_sale=True),
            )
        )
        await toko.settings.change(return_policy=policy)
        order = await delivered(toko, {"SENCHA": 1, "GELAS": 1, "CANGKIR": 1})
        toko.clock.forward(days=3)

        assert {
            "SENCHA": (False, Because.WINDOW_OVER),
            "GELAS": (False, Because.FINAL_SALE),
            "CANGKIR": (True, Because.NO_RULE),
        } == await may(toko, order)
        assert {"SENCHA": (True, Because.FAULTLESS)} == await may(toko, order, {"SENCHA": 1}, "Wrong_Item")
        with pytest.raises(NotEligible) as refused:
            await toko.returns.request(order, {"SENCHA": 1, "GELAS": 1}, reason="changed mind")
        assert ["food", "sale"] == [each.rule for each in refused.value.refused]
        assert "1 unit of GELAS: final sale (rule sale)" in str(refused.value)

    play_in_memory(body)


def test_an_order_keeps_the_policy_that_it_was_placed_under(play):
    """Neither a new policy nor a new category changes it; what an edit adds goes by it too."""

    async def body(toko):
        policy = ReturnPolicy(rules=(ReturnRule(code="sale", tags=("clearance",), final_sale=True),))
        await toko.given.goods({"GELAS": 30_000}, tags=["clearance"])
        await toko.settings.change(return_policy=policy)
        order = await toko.given.order({"GELAS": 1, "CANGKIR": 1})
        await toko.settings.change(return_policy=ReturnPolicy())
        await toko.catalog.put("GELAS", "Gelas", tags=["new"])
        await toko.catalog.put("CANGKIR", "Cangkir", tags=["clearance"])

        edited = await toko.orders.edit(order, add={"CANGKIR": 1}, reason="one more")
        await toko.payments.received(edited, IDR(33_333), method="cash")
        await toko.ship(edited)

        edited = await toko.orders.get(order.id)
        assert (policy, ["sale", "", "sale"]) == (edited.return_policy, [each.return_rule for each in edited.lines])
        assert [False, True, False] == [each.may for each in await toko.returns.eligible(edited)]
        free = await delivered(toko, {"GELAS": 1})
        assert None is free.return_policy
        assert {"GELAS": (True, Because.NO_RULE)} == await may(toko, free)

    play(body)


def test_what_nobody_told_to_have_arrived_counts_from_the_day_it_was_ordered(play_in_memory):
    """And the refusal says so."""

    async def body(toko):
        await toko.settings.change(return_policy=WEEK)
        order = await toko.given.order({"KOPI-250": 1})
        ordered = toko.clock.now().date()
        await toko.shipments.hand_over(order)
        toko.clock.forward(days=8)

        (told,) = await toko.returns.eligible(order)
        assert (False, ordered, False) == (told.may, told.since, told.arrived)
        with pytest.raises(NotEligible, match=f"ordered, and nobody told that it arrived on {ordered}"):
            await toko.returns.accept(order, {"KOPI-250": 1})

    play_in_memory(body)


def test_of_two_parcels_the_later_one_comes_back(play):
    """Who names one unit means one that may come back, where one may."""

    async def body(toko):
        await toko.settings.change(return_policy=WEEK)
        order = await toko.given.order({"KOPI-250": 2})
        await toko.ship(order, {"KOPI-250": 1})
        toko.clock.forward(days=8)
        await toko.ship(order, {"KOPI-250": 1})

        told = await toko.returns.eligible(order)
        asked = await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")

        assert {(0, False), (1, True)} == {(each.run.first, each.may) for each in told}
        assert [1] == [line.run.first for line in asked.lines]
        with pytest.raises(NotEligible) as refused:
            await toko.returns.request(order, {"KOPI-250": 2}, reason="changed mind")
        assert [0] == [each.run.first for each in refused.value.refused]
        with pytest.raises(TooManyUnits):
            await toko.returns.eligible(order, {"KOPI-250": 3})

    play(body)


def test_no_rule_takes_away_what_a_law_gives(play_in_memory):
    """Fourteen days from the last of the goods: not for a business, nor for what the law leaves out."""

    async def body(toko):
        await toko.given.goods({"GELAS": 30_000}, tags=["engraved"])
        rules = (ReturnRule(code="sale", final_sale=True),)
        law = attrs.evolve(eu_withdrawal(except_tags=("engraved",)), countries=("ID",))
        await toko.settings.change(return_policy=ReturnPolicy(rules=rules, laws=(law,)))
        order = await toko.given.order({"KOPI-250": 2, "GELAS": 1})
        basket = Basket({"KOPI-250": 1}, buyer=Buyer(BuyerKind.BUSINESS))
        firm = await toko.orders.place(basket, tender="cash", key="firm")
        await toko.ship(firm)
        await toko.ship(order, {"KOPI-250": 1, "GELAS": 1})
        toko.clock.forward(days=20)

        found = {each.sku: each for each in await toko.returns.eligible(order)}
        kopi = found["KOPI-250"]
        assert (True, Because.LAW, "eu_withdrawal", None) == (kopi.may, kopi.because, kopi.law, kopi.until)
        assert Because.FINAL_SALE is found["GELAS"].because
        assert {"KOPI-250": (False, Because.FINAL_SALE)} == await may(toko, firm)
        await toko.ship(order, {"KOPI-250": 1})
        last = toko.clock.now().date() + timedelta(days=14)
        toko.clock.forward(days=14)
        assert {last} == {each.until for each in await toko.returns.eligible(order, {"KOPI-250": 2})}
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")
        toko.clock.forward(days=1)
        assert {"KOPI-250": (False, Because.FINAL_SALE)} == await may(toko, order, {"KOPI-250": 1})

    play_in_memory(body)


def test_what_is_not_placed_comes_back_from_nobody(play_in_memory):
    """An order that waits for its money has nothing with the customer."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer", delivery="jne:reg", ship_to=BUYER)

        assert () == await toko.returns.eligible(order)
        with pytest.raises(IllegalOrderTransition):
            await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")

    play_in_memory(body)


BAD = {
    "days": lambda: ReturnRule(code="a", days=-1),
    "too long": lambda: ReturnRule(code="a", days=MOST_DAYS + 1),
    "a text": lambda: ReturnRule(code="a", days="7"),
    "no code": lambda: ReturnRule(code=""),
    "both": lambda: ReturnRule(code="a", days=7, final_sale=True),
    "not a tuple": lambda: ReturnRule(code="a", tags="clearance"),
    "no truth": lambda: ReturnRule(code="a", final_sale="yes"),
    "twice": lambda: ReturnPolicy(rules=(ReturnRule(code="a", tags=("x",)), ReturnRule(code="a"))),
    "never reached": lambda: ReturnPolicy(rules=(ReturnRule(code="a"), ReturnRule(code="b"))),
    "no rules": lambda: ReturnPolicy(rules=("a",)),
    "no reasons": lambda: ReturnPolicy(faultless="damaged"),
    "no country": lambda: ConsumerLaw(code="a", source="UU 8/1999", days=7, countries=()),
    "no source": lambda: ConsumerLaw(code="a", source="", days=7, countries=("ID",)),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
def test_a_policy_that_says_nothing_sensible_is_refused(make):
    """When it is made, with the fault's path."""
    with pytest.raises(InvalidInput) as refused:
        make()

    assert refused.value.faults[0].path


def test_reasons_are_compared_as_words():
    """Neither case nor what stands between the words counts."""
    assert {"wrong item"} == {reason_word(text) for text in ("wrong item", " Wrong_Item", "WRONG-ITEM", "wrong  item")}


@pytest.fixture(scope="module")
def sold() -> Order:
    """Three units of one line, two of which have arrived."""
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 3)
        shop.settings.change(return_policy=WEEK)
        order = shop.orders.place(Basket({"KOPI-250": 3}), tender="cash", key="sold")
        shop.shipments.delivered(shop.shipments.hand_over(order, {"KOPI-250": 2}))
        shop.shipments.hand_over(order)
        return attrs.evolve(shop.orders.get(order.id), return_policy=None), shop.shipments.of(order)


RULES = st.builds(ReturnRule, code=st.just("usual"), days=st.none() | st.integers(0, 40)) | st.just(
    ReturnRule(code="usual", final_sale=True)
)
LAWS = st.builds(
    ConsumerLaw,
    code=st.just("law"),
    source=st.just("a law"),
    days=st.integers(0, 40),
    countries=st.sampled_from([("ID",), ("DE",), ("DE", "ID")]),
)


@given(RULES, LAWS, st.integers(0, 60), st.sampled_from(["damaged", "changed mind"]))
def test_eligibility_only_ever_ends_and_a_law_only_gives(sold, rule, law, passed, reason):
    """What is refused today is refused tomorrow; a law takes nothing away; a faultless reason is never refused."""
    order, shipments = sold

    def answers(days, laws):
        facts = Facts(order.tax_date + timedelta(days=days), "Asia/Jakarta", "ID", shipments)
        under = attrs.evolve(order, return_policy=ReturnPolicy(rules=(rule,), laws=laws))
        runs = [run for line in under.lines for run in line.runs(line.kept)]
        return eligible(under, facts, runs, reason)

    today, tomorrow, lawless = answers(passed, (law,)), answers(passed + 1, (law,)), answers(passed, ())

    assert 3 == sum(each.run.units for each in today)
    assert all(one.may or not other.may for one, other in zip(today, tomorrow, strict=True))
    assert all(one.may or not other.may for one, other in zip(today, lawless, strict=True))
    assert all(each.may for each in today) or reason != "damaged"
    for each in today:
        if each.until is not None:
            assert each.may == (each.until >= order.tax_date + timedelta(days=passed) or each.because == "faultless")
            assert isinstance(each.until, date)
