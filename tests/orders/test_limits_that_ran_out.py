"""Limits that somebody else reached between a quote and its order: each is told as what it is."""

import pytest

from tokolib import IDR, InvalidInput
from tokolib.conditions import equal
from tokolib.kernel.policies import Policies
from tokolib.kernel.storage_errors import HoldGone, Refused
from tokolib.pricing import Budget, Funding
from tokolib.pricing.coupon_errors import CouponExhausted
from tokolib.pricing.errors import (
    CampaignBudgetSpent,
    LimitReached,
    OrderNumberTaken,
    PromotionExhausted,
    PromotionUnitsExhausted,
)
from tokolib.pricing.promotions.model import PromotionUse, Spending
from tokolib.pricing.promotions.uses import claims
from tokolib.pricing.promotions.using import named_refusal

FROZEN = Policies(placement="frozen")


async def of_two(toko, *, customers=("cus_ani", "cus_siti"), quantity=2, coupons=()):
    """What the second of two orders is refused for, whose quotes were both made before."""
    await toko.settings.change(policies=FROZEN)
    quotes = [await toko.given.quote({"KOPI-250": quantity}, coupons=coupons, customer=each) for each in customers]
    await toko.orders.place(quotes[0], tender="cash", key="first")
    with pytest.raises(LimitReached) as caught:
        await toko.orders.place(quotes[1], tender="cash", key="second")
    return caught.value


def test_a_budget_tells_what_is_left_of_it(play_in_memory):
    """The campaign by its own name, in money; no coupon is to blame."""

    async def body(toko):
        budgets = [Budget("Maret", IDR(15_000))]
        await toko.promotions.fixed("maret", IDR(10_000), budgets=budgets)

        spent = await of_two(toko)

        assert CampaignBudgetSpent is type(spent)
        assert ("Maret", "", IDR(15_000), IDR(5_000), IDR(10_000)) == tuple(spent.fields.values())
        assert "the budget of campaign Maret is IDR 15000: IDR 5000 is left, and this order needs IDR 10000" == str(
            spent
        )

    play_in_memory(body)


def test_a_funders_budget_names_the_funder(play_in_memory):
    """What the bank bears is a budget of its own, beside the campaign's."""

    async def body(toko):
        budgets = [Budget("Maret", IDR(100_000)), Budget("Maret", IDR(6_000), "Bank")]
        await toko.promotions.fixed("maret", IDR(10_000), budgets=budgets, funding=[Funding("Bank", 50)])

        spent = await of_two(toko)

        assert ("Maret", "Bank", IDR(6_000), IDR(1_000), IDR(5_000)) == tuple(spent.fields.values())

    play_in_memory(body)


@pytest.mark.parametrize(
    ("limit", "customers", "expected"),
    [
        ("unit_limit", ("cus_ani", "cus_siti"), "promotion kilat is for 3 units in all"),
        ("units_per_customer", ("cus_ani", "cus_ani"), "promotion kilat is for 3 units for each customer"),
    ],
)
def test_units_tell_how_many_are_left(play_in_memory, limit, customers, expected):
    """Units are no uses: two were sold, one is left, and the order needs two."""

    async def body(toko):
        await toko.promotions.for_price("kilat", IDR(50_000), **{limit: 3})

        sold = await of_two(toko, customers=customers)

        assert PromotionUnitsExhausted is type(sold)
        assert f"{expected}: 1 is left, and this order needs 2" == str(sold)

    play_in_memory(body)


@pytest.mark.parametrize(
    ("limit", "customers", "expected"),
    [
        ("usage_limit", ("cus_ani", "cus_siti"), "promotion kilat is for 1 order in all, and none is left"),
        ("per_customer", ("cus_ani", "cus_ani"), "promotion kilat is for 1 order of each customer, and none is left"),
    ],
)
def test_uses_of_a_promotion_are_no_coupons(play_in_memory, limit, customers, expected):
    """It applied by itself."""

    async def body(toko):
        await toko.promotions.percent("kilat", 10, **{limit: 1})

        taken = await of_two(toko, customers=customers)

        assert PromotionExhausted is type(taken)
        assert expected == str(taken)

    play_in_memory(body)


def test_the_uses_of_a_promotion_with_a_coupon_are_told_by_the_coupon(play_in_memory):
    """The customer knows the code that they typed, not the promotion behind it."""

    async def body(toko):
        await toko.promotions.percent("tetangga", 10, coupon="HEMAT", usage_limit=1)

        taken = await of_two(toko, coupons=["HEMAT"])

        assert CouponExhausted is type(taken)
        assert "coupon HEMAT was used once in all, and may not be used again" == str(taken)

    play_in_memory(body)


def test_the_first_order_is_made_once(play_in_memory):
    """Two quotes for the first order of a customer: the second would be the customer's second order."""

    async def body(toko):
        await toko.promotions.percent("baru", 10, conditions=equal("first_order", True))

        taken = await of_two(toko, customers=("cus_ani", "cus_ani"))

        assert OrderNumberTaken is type(taken)
        assert "this was priced as order 1 of customer cus_ani, who has 1 order already" == str(taken)

    play_in_memory(body)


def test_a_campaign_is_one_however_its_name_is_written(play_in_memory):
    """Two promotions of `Maret` and `maret` share one budget: it isn't spent twice."""

    async def body(toko):
        await toko.promotions.fixed("a", IDR(10_000), budgets=[Budget("Maret", IDR(15_000))])
        first = await toko.given.quote({"KOPI-250": 1})
        await toko.orders.place(first, tender="cash", key="first")
        await toko.promotions.stop("a")
        await toko.promotions.fixed("b", IDR(10_000), budgets=[Budget("ｍaret ", IDR(15_000))])

        second = await toko.given.quote({"KOPI-250": 1})

        assert [IDR(10_000), IDR(0)] == [first.discount, second.discount]

    play_in_memory(body)


def test_of_two_limits_of_one_budget_the_smaller_holds_for_all(play):
    """Whatever the second promotion says of it: what is quoted can be placed, until the smaller limit is reached."""

    async def body(toko):
        await toko.promotions.percent("pa", 10, budgets=[Budget("kamp", IDR(30_000))])
        await toko.promotions.fixed("pc", IDR(10_000), budgets=[Budget(" KAMP ", IDR(990_000))])
        totals = []
        for n in range(3):
            quote = await toko.given.quote({"KOPI-250": 1}, customer=f"cus_{n}")
            totals.append((await toko.orders.place(quote, tender="cash", key=f"{n}")).total)

        assert [IDR(75_000 - 7_500 - 10_000), IDR(75_000 - 7_500), IDR(75_000)] == totals

    play(body)


def test_a_frozen_quote_counts_against_the_smallest_limit_that_holds_now(play_in_memory):
    """A promotion that came meanwhile says less of the same budget."""

    async def body(toko):
        await toko.settings.change(policies=FROZEN)
        await toko.promotions.fixed("pc", IDR(10_000), budgets=[Budget("kamp", IDR(990_000))])
        quote = await toko.given.quote({"KOPI-250": 1}, customer="cus_ani")
        await toko.promotions.percent("pa", 10, budgets=[Budget("kamp", IDR(9_000))])

        with pytest.raises(CampaignBudgetSpent) as spent:
            await toko.orders.place(quote, tender="cash", key="1")

        assert ("kamp", "", IDR(9_000), IDR(9_000), IDR(10_000)) == tuple(spent.value.fields.values())

    play_in_memory(body)


def test_a_promotion_names_a_budget_once(play_in_memory):
    """By campaign and funder, however they are spelt; of two funders each has its own."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.promotions.fixed("p", IDR(10), budgets=[Budget("k", IDR(1_500)), Budget("K ", IDR(9_000))])
        assert ["budgets[1].campaign"] == [fault.path for fault in refused.value.faults]
        both = [Budget("k", IDR(1_500)), Budget("k", IDR(1_500), "Bank")]
        await toko.promotions.fixed("p", IDR(10), budgets=both, funding=[Funding("Bank", 50)])

    play_in_memory(body)


def test_what_the_storage_refuses_at_commit_is_told_as_what_it_is():
    """The counter of a budget, and nothing that the order didn't claim."""
    use = PromotionUse("prm_p", "", spending=(Spending("Maret", "", "IDR", 4_000, 3_000),))
    wanted = claims([use], "cus_ani")
    refused = Refused("count", "budget:maret:IDR", 4_000, 1_000)
    other = Refused("count", "units:prm_q", 1, 0)

    told = named_refusal(refused, wanted, IDR)

    assert CampaignBudgetSpent is type(told)
    assert ("Maret", "", IDR(3_000), IDR(1_000), IDR(4_000)) == tuple(told.fields.values())
    for each in (other, HoldGone("h", "gone")):
        assert each is named_refusal(each, wanted, IDR)
