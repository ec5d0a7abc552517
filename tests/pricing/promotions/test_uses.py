"""Uses of promotions: reserved with the order once, given back once, and the last one goes to one order."""

from functools import partial

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.pricing.coupon_errors import CouponExhausted, CouponNeedsCustomer
from tokolib.pricing.errors import PromotionExhausted
from tokolib.pricing.promotions import using
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.pricing.promotions.uses import LEDGER

USES = (PromotionUse("prm_p", "ABC", 1, 1, None, 2), PromotionUse("prm_q", "", None))


def counters(till):
    async def step(unit):
        names = ("promo:prm_p", "promo:prm_p:cus_1", "coupon:ABC", "coupon:ABC:cus_1", "promo:prm_q")
        return [await unit.counter(name) for name in names]

    return till.do(step)


def ledger(till):
    async def step(unit):
        return (await resolved(unit.work.ledger(LEDGER))).items

    return till.do(step)


def reserve(order, uses=USES, customer="cus_1"):
    return partial(_reserve, uses, customer, order)


async def _reserve(uses, customer, order, unit):
    await using.reserve_uses(unit, uses, customer, order, IDR)


def release(order):
    return lambda unit: using.release_uses(unit, order)


def test_uses_are_reserved_once_and_given_back_once(till):
    """However often an order asks; unlimited ones are noted, and counted by nobody."""
    till.do(reserve("ord_1"))
    till.do(reserve("ord_1"))

    assert [1, 1, 0, 1, 0] == counters(till)
    assert 6 == len(ledger(till))  # the five of the promotions, and that the customer ordered
    till.do(release("ord_1"))
    till.do(release("ord_1"))
    till.do(release("ord_unknown"))
    assert [0, 0, 0, 0, 0] == counters(till)
    assert 0 == sum(entry.amount for entry in ledger(till))


def test_an_order_paid_late_reserves_anew(till):
    """What was given back may be taken again, and given back again."""
    for _ in range(2):
        till.do(reserve("ord_1"))
        assert [1, 1, 0, 1, 0] == counters(till)
        till.do(release("ord_1"))
        assert [0, 0, 0, 0, 0] == counters(till)


def test_the_last_use_goes_to_one_order(till):
    """The second is refused with the limit, and leaves nothing."""
    till.do(reserve("ord_1"))

    with pytest.raises(CouponExhausted) as caught:
        till.do(reserve("ord_2", customer="cus_2"))

    assert (1, False) == (caught.value.limit, caught.value.per_customer)
    assert [1, 1, 0, 1, 0] == counters(till)
    assert {"ord_1"} == {entry.refers_to for entry in ledger(till)}


def test_a_customers_limit_is_the_customers(till):
    """Another customer's use is another counter."""
    uses = (PromotionUse("prm_p", "", None, 1),)
    till.do(reserve("ord_1", uses))
    till.do(reserve("ord_2", uses, "cus_2"))

    with pytest.raises(PromotionExhausted) as caught:
        till.do(reserve("ord_3", uses))

    assert caught.value.per_customer
    with pytest.raises(CouponNeedsCustomer):
        till.do(reserve("ord_4", uses, ""))


def test_uses_are_remembered_beyond_a_page_of_the_ledger(till):
    """An order that expired and was paid late five hundred times still gives back what it has, once."""
    for _ in range(501):
        till.do(reserve("ord_1", USES[:1]))
        till.do(release("ord_1"))
    till.do(reserve("ord_1", USES[:1]))

    assert 1 == till.do(lambda unit: unit.counter("promo:prm_p"))
