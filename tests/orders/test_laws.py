"""Laws of shares, postings, axes and lifecycles, by any order that can be."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Policies, UnitPrice
from tokolib.checkout.grounds import Grounds
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.fulfilment.errors import IllegalShipmentTransition
from tokolib.fulfilment.events import ShipmentHandedOver, TrackingSet
from tokolib.fulfilment.lifecycle import evolve as evolve_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.kernel.events import Event
from tokolib.kernel.ids import CancellationId
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.spread import Unspreadable, spread
from tokolib.orders import events as e
from tokolib.orders.axes import derive
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.lifecycle import ORDER, evolve
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Cancellation, FulfilmentStatus, Order, OrderState, PaymentStatus, ReturnStatus
from tokolib.orders.postings import legs
from tokolib.orders.shares import everything, worths
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.parts import ChargePart
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.returns.errors import IllegalReturnTransition
from tokolib.returns.events import ReturnRequested
from tokolib.returns.lifecycle import evolve as evolve_return
from tokolib.returns.model import Return, ReturnState
from tokolib.tax.model import TaxAmount

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
GROUNDS = Grounds((), (), ())


def tax(code: str, amount: int) -> TaxAmount:
    return TaxAmount(code, code, Decimal(11), Fraction(1), amount * 9, amount, "S", "a law")


@st.composite
def lines(draw, number: int) -> QuoteLine:
    units, base = draw(st.integers(1, 50)), draw(st.integers(0, 10**9))
    left, discounts = base, []
    for n in range(draw(st.integers(0, 2))):
        discounts.append(AppliedDiscount(f"pro_{n}", "", "", draw(st.integers(0, left))))
        left -= discounts[-1].amount
    includes = draw(st.booleans())
    amount = draw(st.integers(0, left))
    return QuoteLine(
        id=f"l{number}",
        key=f"k{number}",
        sku=f"K{number}",
        name="",
        product_id="",
        steps=units,
        unit=PIECE,
        unit_price=UnitPrice.of(IDR(1)),
        base=base,
        net=left - amount if includes else left,
        total=left if includes else left + amount,
        tax_class="standard",
        includes_tax=includes,
        discounts=tuple(discounts),
        taxes=(tax("PPN", amount),) if amount else (),
    )


@st.composite
def orders(draw) -> Order:
    quoted = [draw(lines(n)) for n in range(draw(st.integers(1, 3)))]
    charges = []
    for n in range(draw(st.integers(0, 2))):
        total = draw(st.integers(0, 10**6))
        part = draw(st.integers(0, total))
        charges.append(
            QuoteCharge(
                id=f"c{n}",
                kind=ChargeKind.SHIPPING,
                label="",
                amount=total,
                base=total,
                includes_tax=True,
                net=total - part,
                total=total,
                tax_class="shipping",
                refundable=draw(st.booleans()),
                shares=spread(total, [line.total for line in quoted]),
                parts=(ChargePart("shipping", total - part, (tax("PPN", part),) if part else ()),),
            )
        )
    return derive(
        Order(
            id="ord_1",
            version=1,
            reference="A",
            quote_id="quo_1",
            quote_hash="",
            cart_id="crt_1",
            intent_id="int_1",
            customer=None,
            channel="web",
            currency=IDR,
            lines=tuple(OrderLine(line) for line in quoted),
            charges=tuple(charges),
            tender="cash",
            uses=(),
            policies=Policies(),
            tax_date=date(2026, 3, 2),
            location="main",
            requested_at=NOW,
            state=OrderState.PENDING_PAYMENT,
        )
    )


@st.composite
def partitions(draw, order: Order) -> list[list[Run]]:
    """All units of all lines, dealt into up to four returns."""
    parts: list[list[Run]] = [[] for _ in range(draw(st.integers(1, 4)))]
    for line in order.lines:
        cuts = sorted({0, line.units, *draw(st.lists(st.integers(0, line.units), max_size=6))})
        for first, beyond in pairwise(cuts):
            draw(st.sampled_from(parts)).append(Run(line.id, first, beyond))
    return parts


def summed(found):
    goods = sum(worth.goods for worth in found)
    charged = sum(charge.total for worth in found for charge in worth.charges)
    taxes = sum(share.amount for worth in found for share in worth.taxes)
    on_charges = sum(share.amount for worth in found for charge in worth.charges for share in charge.taxes)
    return goods, charged, taxes, on_charges


@given(orders())
def test_all_units_close_to_their_lines_and_charges(order):
    """Every rupiah of a line and of a refundable charge is in exactly one unit."""
    refundable = [charge for charge in order.charges if charge.refundable]
    assert summed(worths(order, everything(order), charges=True)) == (
        sum(line.line.total for line in order.lines),
        sum(charge.total for charge in refundable),
        sum(tax.amount for line in order.lines for tax in line.line.taxes),
        sum(tax.amount for charge in refundable for tax in charge.taxes),
    )


@given(st.data())
def test_any_partition_into_returns_sums_to_the_whole(data):
    """However the units come back, together they are worth what all are; no unit's share is negative."""
    order = data.draw(orders())
    parts = [worths(order, part, charges=True) for part in data.draw(partitions(order))]
    totals = [summed(part) for part in parts]
    assert tuple(map(sum, zip(*totals, strict=True))) == summed(worths(order, everything(order), charges=True))
    assert all(figure >= 0 for total in totals for figure in total)


@given(orders())
def test_a_unit_cant_come_back_twice_in_one_return(order):
    """Overlapping runs would be paid twice, so they are refused."""
    line = order.lines[0]
    with pytest.raises(Unspreadable):
        worths(order, [Run(line.id, 0, line.units), Run(line.id, 0, 1)], charges=False)


@given(st.data())
def test_postings_balance(data):
    """Whatever happens, debits are credits; a sale and its whole credit leave no sales and no tax."""
    order = data.draw(orders())
    placed = evolve(order, e.OrderPlaced(NOW, True))
    made = [legs(placed, e.OrderPlaced(NOW, True))]
    for part in data.draw(partitions(order)):
        made.append(legs(placed, e.GoodsReturned("ret_1", tuple(part), True, 0)))
    amount = data.draw(st.integers(0, 10**9))
    for event in (
        e.PaymentCaptured(amount, "money:cash"),
        e.PaymentReversed(amount, "money:cash"),
        e.RefundPaid(amount, "money:cash"),
        e.RefundUndone(amount, "money:cash"),
        e.OrderCancelled(Cancellation(CancellationId("can_1"), NOW, "x", everything(order), 1)),
        e.OrderExpired(NOW),
        e.BlockLifted("fraud", ""),
    ):
        made.append(legs(placed, event))
    for posting in made:
        assert sum(leg.amount for leg in posting) == 0
        assert len(posting) != 1 and all(leg.amount for leg in posting)
    returned = {}
    for posting in made[: len(made) - 7]:
        for leg in posting:
            returned[leg.account] = returned.get(leg.account, 0) + leg.amount
    assert returned.get("sales", 0) == 0
    if all(charge.refundable for charge in order.charges):
        assert not any(returned.values())


@given(st.data())
def test_axes_are_a_function_of_the_ledgers(data):
    """Replaying gives the same axes, and deriving them twice changes nothing."""
    order = data.draw(orders())
    events: list[Event] = [e.PaymentCaptured(order.total.minor_units, "money:cash"), e.OrderPlaced(NOW)]
    events += [e.GoodsShipped("shp_1", everything(order), ()), e.GoodsDelivered("shp_1", everything(order))]
    for part in data.draw(partitions(order)):
        events.append(e.GoodsReturned("ret_1", tuple(part), True, 0))
    state, again = None, None
    for event in (e.OrderRequested(order, GROUNDS), *events):
        state = evolve(state, event)
        assert derive(state) == state
    for event in (e.OrderRequested(order, GROUNDS), *events):
        again = evolve(again, event)
    assert state == again
    assert (state.fulfilment, state.returns) == (FulfilmentStatus.DELIVERED, ReturnStatus.RETURNED)
    assert not state.lines[0].kept


@pytest.mark.parametrize(
    ("captured", "refunded", "credited", "status"),
    [
        (0, 0, 0, PaymentStatus.UNPAID),
        (40, 0, 0, PaymentStatus.PARTIALLY_PAID),
        (100, 0, 0, PaymentStatus.PAID),
        (130, 0, 0, PaymentStatus.OVERPAID),
        (130, 10, 0, PaymentStatus.OVERPAID),
        (130, 30, 0, PaymentStatus.PAID),
        (100, 30, 0, PaymentStatus.PARTIALLY_REFUNDED),
        (100, 30, 30, PaymentStatus.PARTIALLY_REFUNDED),
        (100, 100, 100, PaymentStatus.REFUNDED),
        (100, 100, 0, PaymentStatus.REFUNDED),
        (100, 0, 30, PaymentStatus.REFUND_DUE),
        (0, 0, 30, PaymentStatus.UNPAID),
        (0, 0, 100, PaymentStatus.VOIDED),
        (70, 0, 30, PaymentStatus.PAID),
    ],
)
def test_the_payment_axis(captured, refunded, credited, status):
    """Where the money stands, of an order over 100."""
    line = QuoteLine(
        "l", "k", "K", "", "", 1, PIECE, UnitPrice.of(IDR(100)), 100, 100, 100, "standard", True
    )  # fmt: skip
    order = attrs.evolve(_plain(line), captured=captured, refunded=refunded, credited=credited, state=OrderState.PLACED)
    assert derive(order).payment is status


def _plain(line: QuoteLine) -> Order:
    return Order(
        "ord_1", 1, "A", "int_1", None, "web", IDR, (OrderLine(line),), (), "cash", (),
        Policies(), date(2026, 3, 2), "main", NOW, OrderState.PENDING_PAYMENT,
    )  # fmt: skip


# Lifecycles


def test_every_event_of_an_order_has_its_place():
    """Each event is a move or may happen within some state."""
    kinds = {kind for kind in vars(e).values() if isinstance(kind, type) and issubclass(kind, Event)} - {Event}
    assert kinds - {e.OrderRequested} == set(ORDER.kinds)


@given(orders())
def test_what_the_tables_dont_allow_is_refused(order):
    """A beginning without an order, a second beginning, a move that isn't there."""
    with pytest.raises(IllegalOrderTransition):
        evolve(None, e.OrderPlaced(NOW))
    with pytest.raises(IllegalOrderTransition):
        evolve(order, e.OrderRequested(order, GROUNDS))
    with pytest.raises(IllegalOrderTransition) as refused:
        evolve(order, e.GoodsShipped("shp_1", (), ()))
    assert "shipments.hand_over is not possible: it is pending_payment" in str(refused.value)
    assert "payments.next_action tells for what" in refused.value.hint
    ended = evolve(order, e.OrderExpired(NOW))
    assert ("payments.received",) == _refusal(ended, e.OrderPlaced(NOW)).allowed
    back = evolve(ended, e.OrderReinstated(NOW, ()))
    assert (back.state, back.credited) == (OrderState.PLACED, 0)


def _refusal(order, event):
    with pytest.raises(IllegalOrderTransition) as refused:
        evolve(order, event)
    return refused.value


def test_shipments_and_returns_begin_once():
    """A second beginning, or another event first, is refused."""
    shipment = Shipment(
        id="shp_1", version=1, order_id="ord_1", number=1, location="main", runs=(), method="",
        state=ShipmentState.HANDED_OVER, made_at=NOW,
    )  # fmt: skip
    for state, event in ((shipment, ShipmentHandedOver(shipment)), (None, TrackingSet("x"))):
        with pytest.raises(IllegalShipmentTransition):
            evolve_shipment(state, event)
    goods = Return("ret_1", 1, "ord_1", (), ReturnState.REQUESTED, NOW)
    for state, event in ((goods, ReturnRequested(goods)), (None, TrackingSet("x"))):
        with pytest.raises(IllegalReturnTransition) as refused:
            evolve_return(state, event)
    assert "TrackingSet" in str(refused.value)
