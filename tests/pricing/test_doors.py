"""What the doors `prices` and `promotions` have in common."""

from functools import partial

import pytest

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import IDR
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.prices import lifecycle as of_prices
from tokolib.pricing.prices.events import PriceListStopped, PriceWithdrawn
from tokolib.pricing.prices.model import Price
from tokolib.pricing.promotions import lifecycle as of_promotions
from tokolib.pricing.promotions.benefits import Off, Percent
from tokolib.pricing.promotions.events import CouponStopped, PromotionStopped
from tokolib.pricing.promotions.model import Terms


@pytest.mark.parametrize("code", ["prm_x", "PLS_x"])
def test_a_code_does_not_look_like_an_id(till, code):
    """`get("prm_x")` means the promotion of that id, so none may have it as its code."""
    with pytest.raises(InvalidInput):
        till.promotions.percent(code, 5)
    with pytest.raises(InvalidInput):
        till.prices.put_list(code)


def test_a_page_holds_at_most_the_limit(till):
    """As many as were asked for, if so many may be; less than one is no page, and is said."""
    till.promotions.percent("a", 5, coupon="A")
    till.promotions.percent("b", 5)
    till.prices.put("a", IDR(5))

    assert [1, 2, 2] == [len(till.promotions.page(limit=limit).items) for limit in (1, 2, 10**30)]
    for page in (till.promotions.page, till.prices.page, partial(till.promotions.coupons, "a")):
        for limit in (0, -5, -(10**5000)):
            with pytest.raises(InvalidInput, match="must be 1 or more @ limit"):
                page(limit=limit)


@pytest.mark.parametrize(
    ("name", "put"),
    [
        ("amount", lambda till: till.promotions.fixed("p", 10_000)),
        ("cap", lambda till: till.promotions.percent("p", 10, cap=20_000)),
        ("at_least", lambda till: till.promotions.percent("p", 10, at_least=100_000)),
        ("tiers[10]", lambda till: till.prices.put("a", IDR(1), tiers={10: 70_000})),
        ("compare_at", lambda till: till.prices.put("a", IDR(1), compare_at=90_000)),
        ("cap", lambda till: Terms("p", Off(Percent(5)), cap=20_000)),
    ],
)
def test_a_bare_number_is_no_amount(till, name, put):
    """Minor units or major, of which currency? It names the argument, and nothing is stored."""
    with pytest.raises(NotMoney) as caught:
        put(till)

    assert name == caught.value.name
    assert () == till.promotions.page().items
    assert [] == till.history("pls_idr")


@pytest.mark.parametrize(
    ("evolve", "event"),
    [
        (of_prices.evolve_price_list, PriceListStopped("pls_a")),
        (of_prices.evolve_price, PriceWithdrawn("prc_a", Price("prc_a", 1, "pls_idr", "a", UnitPrice(0, IDR)))),
        (of_promotions.evolve_promotion, PromotionStopped("prm_a")),
        (of_promotions.evolve_coupon, CouponStopped("cpn_a")),
    ],
)
def test_nothing_begins_with_its_end(evolve, event):
    """A history starts with a put."""
    with pytest.raises(TypeError):
        evolve(None, event)
