"""One rule for reasons, at every door: a reason that is given says something."""

import inspect

import pytest

import tokolib
from tokolib import IDR, Basket, InvalidInput
from tokolib.kernel.hosting import command
from tokolib.kernel.lines import given_reason
from tokolib.testing import ManualClock


def commands_with_a_reason():
    """Every command of every door that takes a reason, by its name."""
    with tokolib.open("memory://", country="ID") as shop:
        kinds = {name: type(getattr(shop, name)) for name in dir(shop) if not name.startswith("_")}
    return {
        f"{door}.{name}": each.body
        for door, kind in {"": tokolib.Shop, **kinds}.items()
        for name, each in inspect.getmembers_static(kind, lambda one: isinstance(one, command))
        if "reason" in inspect.signature(each.body).parameters
    }


def test_every_command_that_takes_a_reason_has_the_rule():
    """None reads a reason by another rule, and where one may be left out its default is nothing."""
    found = commands_with_a_reason()
    elsewhere = {".after_restore", "returns.accept", "returns.preview_accept"}  # read elsewhere: see below

    assert {"orders.cancel", "payments.refund", "stock.adjust", "reviews.dismiss", "returns.accept"} <= set(found)
    for name in set(found) - elsewhere:
        default = inspect.signature(found[name]).parameters["reason"].default
        wanted = "given_reason(reason)" if default is inspect.Parameter.empty else "given_reason(reason, required="
        assert wanted in inspect.getsource(found[name]), name


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u2003"])
def test_a_blank_reason_is_refused(blank):
    """It is told by one code, and nothing happens; where none is required only nothing at all passes."""
    with tokolib.open("memory://", country="ID", clock=ManualClock()) as shop:
        shop.catalog.put("A", "A")
        shop.prices.put("A", IDR(10_000))
        shop.stock.receive("A", 100, key="opening")
        order = shop.orders.place(Basket({"A": 2}), tender="cash", key="1")
        calls = [
            lambda: shop.orders.cancel(order, reason=blank),
            lambda: shop.orders.block(order, "fraud", reason=blank),
            lambda: shop.orders.grant_allowance(order, IDR(1), reason=blank, key="a"),
            lambda: shop.payments.refund(order, IDR(1), reason=blank, key="r"),
            lambda: shop.returns.request(order, {"A": 1}, reason=blank),
            lambda: shop.stock.adjust("A", -1, reason=blank),
            lambda: shop.store_credit.grant("siti", IDR(1), reason=blank, key="g"),
            lambda: shop.after_restore(key="x", reason=blank),
        ]
        for call in calls:
            with pytest.raises(InvalidInput) as refused:
                call()
            assert [("reason", "kernel.blank_reason")] == [(one.path, one.code) for one in refused.value.faults]

        assert order == shop.orders.get(order.id)
        assert 98 == shop.stock.available("A").steps
        if blank:
            with pytest.raises(InvalidInput):
                given_reason(blank, required=False)
            for accept in (shop.returns.accept, shop.returns.preview_accept):
                with pytest.raises(InvalidInput) as refused:
                    accept(order, {"A": 1}, reason=blank)
                assert [("reason", "kernel.blank_reason")] == [(one.path, one.code) for one in refused.value.faults]
            assert () == shop.returns.of(order)
        assert ("", "late") == (given_reason("", required=False), given_reason(" late "))
