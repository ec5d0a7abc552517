"""Pricing by django-oscar: the basket of 20 lines under five offers, through its applicator, in memory once loaded."""

import time

from benchmarks.peers.oscar.shop import USER, contained, start

PERCENTS = (5, 10, 15, 20, 25)
EACH = 4
STRIDE = 41


def priced_per_second(seconds: float) -> float:
    """How many times in a second of CPU the offers are applied and the total is added up; nothing stays stored."""
    start()
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from oscar.core.loading import get_class
    from oscar.core.loading import get_model as model

    with transaction.atomic():
        user = get_user_model().objects.get(username=USER)
        everything = list(model("catalogue", "Product").objects.order_by("id"))
        goods = [everything[i * STRIDE % len(everything)] for i in range(EACH * len(PERCENTS))]
        basket = model("basket", "Basket").objects.create(owner=user)
        basket.strategy = contained()
        for at, product in enumerate(goods):
            basket.add_product(product, 1 + at % 3)
        for at, percent in enumerate(PERCENTS):
            some = model("offer", "Range").objects.create(name=f"range {at}")
            for product in goods[EACH * at : EACH * (at + 1)]:
                some.add_product(product)
            model("offer", "ConditionalOffer").objects.create(
                name=f"offer {at}",
                condition=model("offer", "Condition").objects.create(range=some, type="Count", value=1),
                benefit=model("offer", "Benefit").objects.create(range=some, type="Percentage", value=percent),
            )
        applicator = get_class("offer.applicator", "Applicator")()
        times, begun = 0, time.process_time()
        while (spent := time.process_time() - begun) < seconds:
            basket.reset_offer_applications()
            applicator.apply(basket, user)
            assert basket.total_incl_tax > 0
            times += 1
        assert basket.total_discount > 0
        transaction.set_rollback(True)
    return times / spent
