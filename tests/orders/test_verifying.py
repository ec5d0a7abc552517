"""Verification rules: which orders are stopped as they are placed, why, and for how long."""

from datetime import timedelta

import attrs
import pytest

from tokolib import IDR, USD, InvalidInput, OrderState
from tokolib.kernel import Lapse, VerificationRule
from tokolib.kernel.explain import reason
from tokolib.orders import NotShippable
from tokolib.orders.events import BlockSet, OrderPlaced, OrderRequested
from tokolib.testing.builders import BUYER

SITI = "cus_siti"
COSTLY = VerificationRule(code="verification", reason="a lot", owner="risk", above=IDR(100_000))


def codes(order):
    """By what it is stopped."""
    return [each.code for each in order.blocks]


def test_an_order_above_an_amount_is_stopped_as_it_is_placed(play):
    """From the next rupiah on; it is placed and paid, with the figures in its history before that, and doesn't ship."""

    async def body(toko):
        await toko.settings.change(verification=(attrs.evolve(COSTLY, above=IDR(150_000)),))
        exact = await toko.given.order({"KOPI-250": 2})
        above = await toko.given.order({"KOPI-250": 3})

        assert ([], ["verification"]) == (codes(exact), codes(above))
        assert OrderState.PLACED is above.state
        history = [each.event for each in await toko.orders.history(above.id)]
        assert [OrderRequested, BlockSet, OrderPlaced] == [
            type(each) for each in history if isinstance(each, OrderRequested | BlockSet | OrderPlaced)
        ]
        (block,) = above.blocks
        assert (reason("orders.above", IDR(225_000), above=IDR(150_000)),) == block.because
        assert ("risk", "a lot", None, Lapse.ESCALATE) == (block.owner, block.reason, block.until, block.then)
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(above)
        await toko.ship(await toko.orders.unblock(above, "verification", owner="risk"))
        await toko.ship(exact)

    play(body)


def test_every_condition_of_a_rule_has_to_hold(play_in_memory):
    """Cash on delivery above an amount stops neither what is paid in cash nor what costs less."""

    async def body(toko):
        rules = (
            attrs.evolve(COSTLY, code="cod", tenders=("cod", "bank_transfer")),
            attrs.evolve(COSTLY, code="site", above=None, channels=("tiktok",)),
            COSTLY,
        )
        await toko.settings.change(verification=rules)

        found = {
            (tender, many): codes(await toko.given.order({"KOPI-250": many}, tender=tender))
            for tender in ("cod", "cash", "bank_transfer")
            for many in (1, 2)
        }

        both, one = ["cod", "verification"], ["verification"]
        expected = {("cod", 2): both, ("bank_transfer", 2): both, ("cash", 2): one}
        assert {key: expected.get(key, []) for key in found} == found

    play_in_memory(body)


def test_a_customer_is_new_until_an_order_was_placed(play):
    """An order that waits for its money makes nobody known; guests are new every time."""

    async def body(toko):
        rule = VerificationRule(code="first", reason="who is it?", first_order=True)
        await toko.settings.change(verification=(rule,))

        async def order(customer, tender="cash"):
            return codes(await toko.given.order({"KOPI-250": 1}, customer=customer, tender=tender))

        assert ["first"] == await order(SITI, "bank_transfer")
        assert ["first"] == await order(SITI)
        assert [] == await order(SITI)
        assert ["first"] == await order("cus_budi")
        assert [["first"], ["first"]] == [await order(None), await order(None)]

    play(body)


def test_an_address_is_new_until_goods_were_ordered_to_it(play):
    """However its letters are written and whoever lives there; goods that go nowhere have no new address."""

    async def body(toko):
        rule = VerificationRule(code="address", reason="ask her", new_address=True)
        await toko.settings.change(verification=(rule,))

        async def order(ship_to):
            return codes(await toko.given.order({"KOPI-250": 1}, customer=SITI, ship_to=ship_to))

        assert ["address"] == await order(BUYER)
        assert [] == await order(attrs.evolve(BUYER, name="Her mother", street=BUYER.street.upper()))
        assert ["address"] == await order(attrs.evolve(BUYER, street="Jl. Baru 9"))
        assert [] == await order(None)

    play(body)


def test_a_rule_says_for_how_long_and_what_then(play):
    """Nobody calls within two days, and the next tick cancels the order."""

    async def body(toko):
        await toko.settings.change(verification=(attrs.evolve(COSTLY, hours=48, then=Lapse.CANCEL),))
        order = await toko.given.order({"KOPI-250": 2}, tender="cod")
        assert order.requested_at + timedelta(hours=48) == order.blocks[0].until
        toko.clock.forward(hours=48)

        assert 1 == (await toko.tick()).lapsed_orders
        assert OrderState.CANCELLED is (await toko.orders.get(order.id)).state

    play(body)


def test_a_repeated_request_is_stopped_once(play):
    """The same key answers the same order, also when the rules have changed since."""

    async def body(toko):
        await toko.settings.change(verification=(COSTLY,))
        quote = await toko.given.quote({"KOPI-250": 2})
        order = await toko.orders.place(quote, tender="cash", key="web-1")
        await toko.settings.change(verification=())
        assert order == await toko.orders.place(quote, tender="cash", key="web-1")
        assert ["verification"] == codes(order)

    play(body)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"above": None}, "above"),
        ({"above": IDR(-1)}, "above"),
        ({"above": 100_000}, "above"),
        ({"code": " "}, "code"),
        ({"reason": ""}, "reason"),
        ({"owner": "a\0b"}, "owner"),
        ({"hours": 0}, "hours"),
        ({"hours": True}, "hours"),
        ({"then": "cancel"}, "then"),
        ({"tenders": "cod"}, "tenders"),
        ({"channels": ("",)}, "channels[0]"),
    ],
)
def test_rules_that_can_not_be_are_refused(asked, path):
    """By the name of what is wrong, before any shop has them."""
    with pytest.raises(InvalidInput) as error:
        attrs.evolve(COSTLY, **asked)
    assert [path] == [fault.path for fault in error.value.faults]


def test_rules_that_a_shop_can_not_have_are_refused_together(play_in_memory):
    """Two of one code and owner, and an amount in a currency that it doesn't sell in; nothing is changed."""

    async def body(toko):
        before = await toko.settings.get()
        with pytest.raises(InvalidInput) as error:
            await toko.settings.change(verification=(COSTLY, COSTLY, attrs.evolve(COSTLY, owner="", above=USD("9.99"))))
        assert ["verification[1]", "verification[2].above"] == [fault.path for fault in error.value.faults]
        assert before == await toko.settings.get()

    play_in_memory(body)
