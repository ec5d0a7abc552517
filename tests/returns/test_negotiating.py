"""Coming to terms: one side proposes, the other answers, and an amount becomes an allowance of the order."""

from datetime import timedelta

import pytest

import tokolib
from tokolib import IDR, USD, Basket, InvalidInput
from tokolib.kernel.ctx import Customer, Staff
from tokolib.kernel.money import CurrencyMismatch
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.payments.errors import InvalidAmount
from tokolib.returns import (
    Answer,
    IllegalReturnTransition,
    OwnProposal,
    PartOfAnother,
    ProposalOver,
    ReturnApprovalNeeded,
    ReturnState,
    Side,
)
from tokolib.testing.clock import ManualClock


@pytest.fixture
def clock():
    """The hand on the shop's clock."""
    return ManualClock()


@pytest.fixture
def shop(clock):
    """A shop that has sold two packets to Siti for cash."""
    made = tokolib.open("memory://", country="ID", clock=clock)
    made.catalog.put("KOPI-250", "Kopi")
    made.prices.put("KOPI-250", IDR(75_000))
    made.stock.receive("KOPI-250", 10)
    return made


@pytest.fixture
def back(shop):
    """Siti wants to send one of her two packets back."""
    order = shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", key="one")
    shop.shipments.delivered(shop.shipments.hand_over(order))
    return shop.returns.request(order, {"KOPI-250": 1}, reason="torn")


@pytest.fixture
def siti(shop):
    """What the customer can do."""
    return shop.acting(Customer("siti")).returns


@pytest.fixture
def soon(clock):
    """Three days from now."""
    return clock.now() + timedelta(days=3)


def test_an_agreed_amount_is_allowed_and_the_goods_stay(shop, back, siti, soon):
    """The shop offers less, the customer asks for more, the shop agrees: paid back once, and nothing comes back."""
    shop.returns.propose(back, amount=IDR(10_000), until=soon, note="for the seam")
    asked = siti.propose(back, amount=IDR(20_000), until=soon)
    assert [Answer.COUNTERED, Answer.OPEN] == [each.answer for each in asked.proposals]

    settled = shop.returns.agree(back, key="k")

    assert settled == shop.returns.agree(back, key="k")
    assert (ReturnState.SETTLED, Answer.AGREED) == (settled.state, settled.proposals[-1].answer)
    assert [Side.SHOP, Side.CUSTOMER] == [each.side for each in settled.proposals]
    assert ["customer:siti", "system:host"] == [each.answered_by for each in settled.proposals]
    order = shop.orders.get(back.order_id)
    assert (IDR(130_000), IDR(0), 2) == (order.paid, order.due, len(order.lines[0].kept))
    assert not settled.is_open
    assert shop.verify().ok
    assert IDR(130_000) == shop.returns.accept(order, {"KOPI-250": 2}).refund.amount
    assert shop.verify().ok


def test_goods_that_are_agreed_to_come_are_authorised(shop, back, siti, soon):
    """The amount is off the table: they are received and credited as any others."""
    siti.propose(back, amount=IDR(20_000), until=soon)
    shop.returns.propose(back, until=soon)

    agreed = siti.agree(back)

    assert (ReturnState.AUTHORISED, "customer:siti") == (agreed.state, agreed.authorised_by)
    assert IDR(75_000) == shop.returns.accept(agreed).refund.amount
    assert shop.verify().ok


def test_only_the_other_side_agrees(shop, back, siti, soon):
    """Neither the one who proposed nor a colleague; the customer's own proposal is for the shop."""
    shop.returns.propose(back, amount=IDR(10_000), until=soon)
    for same in (shop, shop.acting(Staff("wati"))):
        with pytest.raises(OwnProposal) as refused:
            same.returns.agree(back)
    assert "can't agree to a proposal of the shop's own" in str(refused.value)
    siti.propose(back, amount=IDR(20_000), until=soon)
    with pytest.raises(OwnProposal):
        siti.agree(back)

    assert ReturnState.NEGOTIATING is shop.returns.get(back.id).state
    assert IDR(150_000) == shop.orders.get(back.order_id).paid


def test_what_is_declined_or_lapses_leaves_the_request_as_it_was(shop, back, siti, soon, clock):
    """Turned down, taken back, or not answered in time: requested again, and each answer is told."""
    shop.returns.propose(back, amount=IDR(10_000), until=soon)
    assert ReturnState.REQUESTED is siti.decline(back, note="too little").state
    shop.returns.propose(back, amount=IDR(12_000), until=soon)
    assert ReturnState.REQUESTED is shop.returns.decline(back).state
    shop.returns.propose(back, amount=IDR(14_000), until=soon)
    clock.forward(days=3)
    with pytest.raises(ProposalOver):
        siti.agree(back)

    assert 1 == shop.tick().expired_returns

    now = shop.returns.get(back.id)
    answers = [(each.answer, each.answered_by) for each in now.proposals]
    assert [(Answer.DECLINED, "customer:siti"), (Answer.DECLINED, "system:host"), (Answer.LAPSED, "")] == answers
    assert ReturnState.REQUESTED is now.state
    assert 0 == shop.tick().expired_returns
    assert ReturnState.ACCEPTED is shop.returns.accept(back).state


def test_nothing_is_accepted_while_a_proposal_is_open(shop, back, siti, soon):
    """What can be done now is told; declined, the goods may come."""
    shop.returns.propose(back, amount=IDR(10_000), until=soon)
    for refused in (shop.returns.accept, shop.returns.receive, shop.returns.authorise):
        with pytest.raises(IllegalReturnTransition, match=r"it is negotiating.*possible now: returns\.agree"):
            refused(back)
    siti.cancel(back, reason="fits")
    assert Answer.DECLINED is shop.returns.get(back.id).proposals[-1].answer
    with pytest.raises(IllegalReturnTransition):
        siti.agree(back)


def test_no_such_amount_is_proposed(shop, back, soon, clock):
    """Nothing, less than nothing, another currency, more than the goods are worth, a time that has passed."""
    for amount, error in (
        (IDR(0), InvalidAmount),
        (IDR(-1), InvalidAmount),
        (USD("1.00"), CurrencyMismatch),
        (IDR(75_001), InvalidInput),
    ):
        with pytest.raises(error):
            shop.returns.propose(back, amount=amount, until=soon)
    with pytest.raises(InvalidInput, match="still to come"):
        shop.returns.propose(back, amount=IDR(1), until=clock.now())
    assert back == shop.returns.get(back.id)
    assert IDR(75_000) == shop.returns.propose(back, amount=IDR(75_000), until=soon).proposals[-1].amount


def test_goods_that_came_back_another_way_are_not_kept_for_an_amount(shop, back, siti, soon):
    """Both packets came over the counter meanwhile: there is nothing to keep, and nothing is paid."""
    shop.returns.propose(back, amount=IDR(10_000), until=soon)
    shop.returns.accept(back.order_id, {"KOPI-250": 2})

    with pytest.raises(TooManyUnits):
        siti.agree(back)

    assert IDR(0) == shop.orders.get(back.order_id).paid
    assert ReturnState.NEGOTIATING is shop.returns.get(back.id).state


def test_an_amount_above_the_limit_needs_an_approval(shop, back, siti, soon):
    """As a refund does: by somebody else than who asked for the return."""
    shop.settings.change(return_limit=(IDR(9_999),))
    shop.returns.propose(back, amount=IDR(10_000), until=soon)
    with pytest.raises(ReturnApprovalNeeded):
        siti.agree(back)

    shop.acting(Staff("wati")).returns.approve(back)

    assert ReturnState.SETTLED is siti.agree(back).state


def test_an_exchange_is_not_negotiated(shop, back, soon):
    """Its return is settled with it alone."""
    wish = {"until": soon, "reason": "torn", "pricing": "even"}
    exchange = shop.exchanges.request(back.order_id, {"KOPI-250": 1}, {"KOPI-250": 1}, **wish)
    with pytest.raises(PartOfAnother):
        shop.returns.propose(exchange.return_id, until=soon)
