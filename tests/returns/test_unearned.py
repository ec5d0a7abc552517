"""Discounts and gifts that the goods which stay no longer earn: let be, clawed back, or come back with the goods."""

from datetime import date

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket, InvalidInput, Staff
from tokolib.conditions import overlaps
from tokolib.documents.crediting import uncredited
from tokolib.kernel import ClawBack, FeeTax, GiftReturn, GiftWorth, ReturnPolicy, ReturnRule, eu_withdrawal
from tokolib.orders.clawed import Clawed
from tokolib.orders.withheld import Withheld, clawed
from tokolib.returns import GiftMissing

CLAWS = ReturnPolicy(claw_back=ClawBack.WHEN_UNEARNED)
FOLLOWS = ReturnPolicy(gifts=GiftReturn.FOLLOWS)
WORTH = attrs.evolve(FOLLOWS, gift_worths=(GiftWorth("CANGKIR", IDR(20_000)),))


async def delivered(toko, lines, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def back(toko, order, goods, **options):
    """*goods* brought back."""
    return await toko.returns.accept(order, goods, **{"reason": "changed mind", **options})


async def account(toko, order, name):
    """What stands on an account for an order."""
    found = {each.account: each.amount.minor_units for each in await toko.ledger.balances(order)}
    return found.get(name, 0)


def test_every_unit_is_worth_what_was_paid_for_it_unless_the_shop_says_otherwise(play_in_memory):
    """The default: a discount stays with the goods that stay, whatever comes back."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, at_least=IDR(200_000))
        await toko.settings.change(return_policy=ReturnPolicy(rules=(ReturnRule(code="usual", days=9),)))
        order = await delivered(toko, {"KOPI-250": 2, "CANGKIR": 3})

        done = await back(toko, order, {"KOPI-250": 1})

        assert (IDR(67_500), (), ()) == (done.refund.amount, done.refund.deductions, done.refund.unearned)

    play_in_memory(body)


def test_a_discount_that_is_no_longer_earned_is_clawed_back_and_given_back(play):
    """Below the minimum its part for goods that stay is kept, before and after shown; with these it goes back too."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, at_least=IDR(200_000))
        await toko.settings.change(return_policy=CLAWS)
        order = await delivered(toko, {"KOPI-250": 4, "Teh-100": 1})
        await toko.promotions.percent("HEMAT", 50, at_least=IDR(10_000))

        above = await back(toko, order, {"KOPI-250": 1})
        below = await back(toko, order, {"KOPI-250": 1})

        assert (IDR(67_500), ()) == (above.refund.amount, above.refund.unearned)
        (lost,) = below.refund.unearned
        assert (IDR(200_000), IDR(320_000), IDR(170_000), 17_000) == (
            lost.minimum,
            lost.before,
            lost.after,
            lost.discount,
        )
        assert [("claw_back", 17_000)] == [(each.kind, each.amount) for each in below.refund.deductions]
        assert IDR(67_500 - 17_000) == below.refund.amount
        clawed = (await toko.orders.get(order.id)).clawed
        assert [("claw_back", 17_000)] == [(each.kind, each.amount) for each in clawed]
        assert -17_000 == await account(toko, order, "withheld:claw_back")

        third = await back(toko, order, {"KOPI-250": 1})
        last = await back(toko, order, {"KOPI-250": 1, "Teh-100": 1})

        assert [-7_500, -9_500] == [sum(each.amount for each in one.refund.deductions) for one in (third, last)]
        order = await toko.orders.get(order.id)
        assert (0, (), IDR(0), IDR(0)) == (order.withheld, order.clawed, order.paid, order.due)

    play(body)


def test_nothing_is_clawed_back_of_who_can_do_nothing_for_it(play_in_memory):
    """Not for damaged goods, nor within the days of a law; what was asked for too late isn't forgotten."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, at_least=IDR(200_000))
        law = attrs.evolve(eu_withdrawal(), countries=("ID",))
        await toko.settings.change(return_policy=CLAWS)
        dented = await delivered(toko, {"KOPI-250": 3})
        await toko.settings.change(return_policy=attrs.evolve(CLAWS, laws=(law,)))
        withdrawn = await delivered(toko, {"KOPI-250": 3})

        damaged = await back(toko, dented, {"KOPI-250": 1}, reason="damaged")
        in_time = await back(toko, withdrawn, {"KOPI-250": 1})
        changed = await back(toko, dented, {"KOPI-250": 1})

        assert [IDR(67_500), IDR(67_500)] == [damaged.refund.amount, in_time.refund.amount]
        assert [(), ()] == [damaged.refund.deductions, in_time.refund.deductions]
        assert IDR(60_000) == changed.refund.amount

    play_in_memory(body)


def test_conditions_are_asked_of_the_goods_that_stay(play_in_memory):
    """A discount for who buys tea stays while some tea does; one for anybody stays to the last unit."""

    async def body(toko):
        await toko.promotions.fixed("TEH", IDR(10_000), conditions=overlaps("skus", "teh-100"))
        await toko.promotions.fixed("SIAPA", IDR(4_000))
        await toko.settings.change(return_policy=CLAWS)
        order = await delivered(toko, {"KOPI-250": 1, "Teh-100": 2})

        one = await back(toko, order, {"Teh-100": 1})
        other = await back(toko, order, {"Teh-100": 1})

        assert () == one.refund.unearned
        assert ["TEH"] == [each.name for each in other.refund.unearned]

    play_in_memory(body)


def test_a_gift_comes_back_with_what_earned_it(play):
    """A request without it is refused; staff may let it stay; and where it was frozen to stay, it stays."""

    async def body(toko):
        await toko.promotions.gift("mug", "CANGKIR", at_least=IDR(150_000))
        free = await delivered(toko, {"KOPI-250": 2})
        await toko.settings.change(return_policy=FOLLOWS)
        order, other = [await delivered(toko, {"KOPI-250": 2}) for _ in range(2)]
        await toko.settings.change(return_policy=ReturnPolicy())

        assert IDR(75_000) == (await back(toko, free, {"KOPI-250": 1})).refund.amount
        with pytest.raises(GiftMissing) as refused:
            await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")
        assert ("CANGKIR",) == refused.value.skus
        done = await back(toko, order, {"KOPI-250": 1, "CANGKIR": 1})
        assert (IDR(75_000), ()) == (done.refund.amount, done.refund.deductions)
        kept = await back(toko.another(Staff("budi")), other, {"KOPI-250": 1}, overrule="a regular")
        assert (("gift_missing",), IDR(75_000)) == (kept.overruled.because, kept.refund.amount)

    play(body)


def test_a_gift_may_stay_for_what_it_is_worth(play):
    """Its worth is kept of the refund, and given back when it comes after all."""

    async def body(toko):
        await toko.promotions.gift("mug", "CANGKIR", at_least=IDR(150_000))
        await toko.settings.change(return_policy=WORTH)
        order = await delivered(toko, {"KOPI-250": 2})
        gift = next(line.id for line in order.lines if line.line.gift_of)

        done = await back(toko, order, {"KOPI-250": 1})
        assert [("gift", 20_000)] == [(each.kind, each.amount) for each in done.refund.deductions]
        assert IDR(55_000) == done.refund.amount
        assert [20_000] == [each.amount for each in (await toko.orders.get(order.id)).clawed]

        late = await back(toko, order, {gift: 1})
        assert [(gift, -20_000)] == [(each.line_id, each.amount) for each in late.refund.deductions]
        assert IDR(20_000) == late.refund.amount
        assert (0, ()) == attrs.astuple(await toko.orders.get(order.id), filter=lambda field, _: field.name in KEPT)

    play(body)


KEPT = ("withheld", "clawed")


@pytest.mark.parametrize(
    "make", [lambda: GiftWorth("", IDR(1)), lambda: GiftWorth("A", IDR(0)), lambda: GiftWorth("A", 5)]
)
def test_a_gift_is_worth_something(make):
    """A SKU that says nothing, or no amount, is refused."""
    with pytest.raises(InvalidInput):
        make()


@settings(max_examples=10)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.booleans(), st.integers(1, 400_000), st.booleans())
@example(steps=[2, 3], pkp=True, minimum=133_336, by_gift=False)  # took a minor unit of tax too much once
def test_whatever_comes_back_in_whichever_steps_the_books_are_sound(steps, pkp, minimum, by_gift):
    """What is kept for promotions is what the goods that stay no longer earn; with the last goods all of it is back."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2020, 1, 1) if pkp else None) as shop:
        for sku, price in {"A": 33_333, "B": 50_001, "MUG": 9_000}.items():
            shop.catalog.put(sku, sku)
            shop.prices.put(sku, IDR(price))
            shop.stock.receive(sku, 30)
        shop.promotions.percent("HEMAT", 15, at_least=IDR(minimum))
        if by_gift:
            shop.promotions.gift("mug", "MUG", at_least=IDR(minimum))
        shop.settings.change(
            return_policy=attrs.evolve(WORTH, claw_back=CLAWS.claw_back, gift_worths=(GiftWorth("mug", IDR(9_000)),))
        )
        order = shop.orders.place(Basket({"A": 6, "B": 2}), tender="cash", key="one")
        invoice = shop.invoices.issue(order)
        shop.shipments.delivered(shop.shipments.hand_over(order))
        notes, left = [], {"A": 6, "B": 2}
        for many in steps:
            sku = "A" if left["A"] >= many else "B"
            if left[sku] >= min(many, 2):
                goods = {sku: many if sku == "A" else min(many, 2)}
                left[sku] -= goods[sku]
                notes.append(shop.invoices.credit(shop.returns.accept(order, goods, reason="changed mind")))
        after = shop.orders.get(order.id)

        assert after.withheld == sum(each.amount for each in after.clawed) >= 0
        assert IDR(0) == after.due
        assert uncredited(invoice, notes).with_tax == after.paid.minor_units
        rest = {sku: many for sku, many in left.items() if many}
        rest |= {line.id: 1 for line in after.lines if line.line.gift_of and line.kept}
        if rest:
            notes.append(shop.invoices.credit(shop.returns.accept(order, rest, reason="changed mind")))
        ended = shop.orders.get(order.id)
        assert (0, (), IDR(0), IDR(0)) == (ended.withheld, ended.clawed, ended.paid, ended.due)
        assert 0 == uncredited(invoice, notes).with_tax
        report = shop.verify()
        assert report, [str(each) for each in report.violations]


def test_what_is_kept_for_promotions_is_told_by_kind_and_promotion():
    """Two parts of one promotion are one figure; what is even is gone."""

    def part(kind, amount, promotion="prm_a"):
        return Withheld(
            kind=kind, label="A", line_id="1", asked=9, amount=amount, tax=FeeTax.AS_GOODS, promotion_id=promotion
        )

    first = clawed((), (part("gift", 2), part("claw_back", 3), part("gift", 4), part("restocking", 9, "")))
    assert (Clawed("gift", "prm_a", "A", 6), Clawed("claw_back", "prm_a", "A", 3)) == first
    assert (Clawed("claw_back", "prm_a", "A", 3),) == clawed(first, (part("gift", -6),))
