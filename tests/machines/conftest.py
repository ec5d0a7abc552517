"""Each chosen lifecycle with the code that lives by it: a subject in any state, any event, and how it evolves."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

import tokolib
from tokolib import IDR, Policies, Shop, UnitPrice
from tokolib.cart import events as cart
from tokolib.cart.errors import IllegalCartTransition
from tokolib.cart.lifecycle import CART
from tokolib.cart.lifecycle import evolve as evolve_cart
from tokolib.cart.model import Cart
from tokolib.catalog.errors import IllegalProductTransition
from tokolib.catalog.lifecycle import PRODUCT, evolve_product
from tokolib.catalog.model import Product
from tokolib.checkout.grounds import Grounds
from tokolib.checkout.lines import QuoteLine
from tokolib.desk.refining import REFINABLE
from tokolib.documents.errors import SeriesBroken
from tokolib.documents.lifecycle import DOCUMENT, DocumentState, evolve_document
from tokolib.documents.model import Invoice
from tokolib.fulfilment.errors import IllegalShipmentTransition
from tokolib.fulfilment.licences.errors import IllegalLicenceTransition
from tokolib.fulfilment.licences.lifecycle import LICENCE, evolve_licence
from tokolib.fulfilment.licences.model import Licence
from tokolib.fulfilment.lifecycle import SHIPMENT
from tokolib.fulfilment.lifecycle import evolve as evolve_shipment
from tokolib.fulfilment.model import ParcelLabel, Shipment
from tokolib.inventory.counts.errors import IllegalCountTransition
from tokolib.inventory.counts.lifecycle import COUNT
from tokolib.inventory.counts.lifecycle import evolve as evolve_count
from tokolib.inventory.counts.model import Count
from tokolib.inventory.expected.errors import IllegalReceiptTransition
from tokolib.inventory.expected.lifecycle import EXPECTED_RECEIPT
from tokolib.inventory.expected.lifecycle import evolve as evolve_receipt
from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.inventory.transfers.errors import IllegalTransferTransition
from tokolib.inventory.transfers.lifecycle import TRANSFER
from tokolib.inventory.transfers.lifecycle import evolve as evolve_transfer
from tokolib.inventory.transfers.model import Transfer
from tokolib.kernel.hosting import command
from tokolib.kernel.machine import Machine
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.refinement import Refinement, entered
from tokolib.kernel.rules import RuleState
from tokolib.orders import events as orders
from tokolib.orders.errors import IllegalOrderTransition
from tokolib.orders.hindrances import Block
from tokolib.orders.lifecycle import ORDER
from tokolib.orders.lifecycle import evolve as evolve_order
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Amendment, Cancellation, Order
from tokolib.orders.offers.errors import IllegalOfferTransition
from tokolib.orders.offers.lifecycle import OFFER
from tokolib.orders.offers.lifecycle import evolve as evolve_offer
from tokolib.orders.offers.model import Offer, OfferVersion
from tokolib.pricing.charges.events import ChargePut, ChargeStopped
from tokolib.pricing.charges.lifecycle import CHARGE_RULE, evolve_charge
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped
from tokolib.pricing.prices.lifecycle import PRICE_LIST, evolve_price_list
from tokolib.pricing.promotions.events import CouponPut, CouponStopped, PromotionPut, PromotionStopped
from tokolib.pricing.promotions.lifecycle import COUPON, PROMOTION, evolve_coupon, evolve_promotion
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.lifecycle import BANK_LINE, SETTLEMENT, evolve_line
from tokolib.reconciliation.lifecycle import evolve as evolve_settlement
from tokolib.reconciliation.model import Settlement
from tokolib.records.repository import DocumentRepository
from tokolib.returns.claims.errors import IllegalClaimTransition
from tokolib.returns.claims.lifecycle import CLAIM
from tokolib.returns.claims.lifecycle import evolve as evolve_claim
from tokolib.returns.claims.model import Claim
from tokolib.returns.errors import IllegalReturnTransition
from tokolib.returns.exchanges.errors import IllegalExchangeTransition
from tokolib.returns.exchanges.lifecycle import EXCHANGE
from tokolib.returns.exchanges.lifecycle import evolve as evolve_exchange
from tokolib.returns.exchanges.model import Exchange
from tokolib.returns.lifecycle import RETURN
from tokolib.returns.lifecycle import evolve as evolve_return
from tokolib.returns.model import RefundPlan, Return
from tokolib.returns.proposals import Proposal, Side
from tokolib.shipping.events import MethodPut, MethodWithdrawn
from tokolib.shipping.lifecycle import DELIVERY_METHOD
from tokolib.shipping.lifecycle import evolve as evolve_method
from tokolib.stored_value.errors import IllegalGiftCardTransition
from tokolib.stored_value.lifecycle import CREDIT_GRANT, GIFT_CARD, evolve_card, evolve_grant
from tokolib.stored_value.model import GiftCard, Grant

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
LINE = QuoteLine("l", "k", "K", "", "", 1, PIECE, UnitPrice.of(IDR(100)), 100, 100, 100, "standard", True)


@attrs.frozen
class Life:
    """One lifecycle, and the code that lives by it."""

    machine: Machine[Any]
    subject: Callable[[Any], Any]
    """Something in that state."""
    event: Callable[[Any, Any], Any]
    """Something of that kind, happening to a subject."""
    evolve: Callable[[Any, Any], Any]
    state_of: Callable[[Any], Any]
    refusals: tuple[type[Exception], ...]
    foreign: Any
    """An event of another room."""


def twofold(machine: Machine[Any]) -> tuple[Refinement, ...]:
    """Every state refined into two sub-states."""
    return tuple(
        Refinement(
            machine.name,
            state,
            initial=f"{state}_one",
            moves={f"{state}_one": [f"{state}_two"], f"{state}_two": [f"{state}_one"]},
            ends=[f"{state}_two"],
        )
        for state in machine.states
    )


def refined(machine: Machine[Any], state: Any) -> dict[str, Any]:
    tables = twofold(machine)
    return {"state": state, "refinements": tables, "sub_state": entered(machine.name, state, tables)}


ORDER_1 = Order(
    "ord_1", 1, "A", "int_1", None, "web", IDR, (OrderLine(LINE),), (), "cash", (),
    Policies(), date(2026, 3, 2), "main", NOW, next(iter(ORDER.states)),
)  # fmt: skip
SHIPMENT_1 = Shipment(
    id="shp_1", version=1, order_id="ord_1", number=1, location="main", runs=(), method="jne:reg",
    state=next(iter(SHIPMENT.states)), made_at=NOW, labels=(ParcelLabel("lab_1", 1),),
)  # fmt: skip
PROPOSAL_1 = Proposal(amount=None, side=Side.SHOP, by="staff:wati", at=NOW, until=NOW, note="")
RETURN_1 = Return("ret_1", 1, "ord_1", (), next(iter(RETURN.states)), NOW)


def filled(kind: Any, **values: Any) -> Any:
    """An event of *kind* with something in every field that has no default."""
    guesses: dict[str, Any] = {
        "at": NOW,
        "amount": 1,
        "reserved": 1,
        "contested": 1,
        "taken_back": 1,
        "account": "cash",
        "credited": 0,
        "runs": (),
        "lines": (),
        "cancellation": Cancellation("can_1", NOW, "x", (), 0),
        "amendment": Amendment("amd_1", NOW, "x", date(2026, 3, 2), (), (), 0),
    }
    fields = [each for each in attrs.fields(kind) if each.default is attrs.NOTHING]
    return kind(**{each.alias: values.get(each.name, guesses.get(each.name, ())) for each in fields})


PRODUCT_1 = filled(Product)
CART_1 = filled(Cart)
DOCUMENT_1 = filled(Invoice)
SETTLEMENT_1 = filled(Settlement)
BANK_LINE_1 = filled(BankEntry, version=1)
GIFT_CARD_1 = filled(GiftCard, version=1)
LICENCE_1 = filled(Licence, version=1, state=next(iter(LICENCE.states)))
TRANSFER_1 = filled(Transfer, version=1, state=next(iter(TRANSFER.states)), lines=())
COUNT_1 = filled(Count, version=1, state=next(iter(COUNT.states)), lines=())
OFFER_1 = filled(Offer, version=1, state=next(iter(OFFER.states)), versions=(filled(OfferVersion, number=1),))
RECEIPT_1 = filled(ExpectedReceipt, version=1, state=next(iter(EXPECTED_RECEIPT.states)), steps=3, arrived=0)
CLAIM_1 = filled(Claim, version=1, state=next(iter(CLAIM.states)))
EXCHANGE_1 = filled(Exchange, version=1, state=next(iter(EXCHANGE.states)))
GRANT_1 = filled(Grant, version=1)


def order_event(kind: Any, order: Order) -> Any:
    block = Block("fraud", "", "", NOW)
    grounds = Grounds((), (), ())
    return filled(kind, sub_state=f"{order.state}_two", block=block, order=order, grounds=grounds, code="fraud")


def shipment_event(kind: Any, each: Shipment) -> Any:
    begun = attrs.evolve(SHIPMENT_1, state=next(iter(SHIPMENT.begins.get(kind, SHIPMENT.states))))
    said = {"tracking": "1", "shipment": begun, "paid": IDR(1), "astray": (), "label_id": "lab_1", "parcel": 1}
    said |= {"pickup_id": "pkp_1", "until": NOW, "code": "x", "worth": IDR(1)}
    return filled(kind, sub_state=f"{each.state}_two", **said)


def refund() -> RefundPlan:
    return RefundPlan(Money(0, IDR), Money(0, IDR), (), ())


def rule(machine: Machine[Any], put: Any, stop: Any, evolve: Any) -> Life:
    """The lifecycle of what is put and stopped."""

    def subject(state: RuleState) -> Any:
        made = evolve(None, filled(put))
        return made if state is RuleState.RUNNING else evolve(made, filled(stop))

    def standing(each: Any) -> RuleState:
        return RuleState.RUNNING if each.active else RuleState.STOPPED

    return Life(machine, subject, lambda kind, _: filled(kind), evolve, standing, (TypeError,), orders.OrderPlaced(NOW))


LIVES = (
    Life(
        ORDER,
        lambda state: attrs.evolve(ORDER_1, **refined(ORDER, state)),
        order_event,
        evolve_order,
        lambda order: order.state,
        (IllegalOrderTransition,),
        filled(cart.CartExpired),
    ),
    Life(
        SHIPMENT,
        lambda state: attrs.evolve(SHIPMENT_1, **refined(SHIPMENT, state)),
        shipment_event,
        evolve_shipment,
        lambda shipment: shipment.state,
        (IllegalShipmentTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        RETURN,
        lambda state: attrs.evolve(RETURN_1, **refined(RETURN, state)),
        lambda kind, each: filled(
            kind, sub_state=f"{each.state}_two", refund=refund(), goods=RETURN_1, proposal=PROPOSAL_1
        ),
        evolve_return,
        lambda goods: goods.state,
        (IllegalReturnTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        CLAIM,
        lambda state: attrs.evolve(CLAIM_1, state=state),
        lambda kind, _: filled(kind, claim=CLAIM_1),
        evolve_claim,
        lambda claim: claim.state,
        (IllegalClaimTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        EXCHANGE,
        lambda state: attrs.evolve(EXCHANGE_1, state=state),
        lambda kind, _: filled(kind, exchange=EXCHANGE_1),
        evolve_exchange,
        lambda exchange: exchange.state,
        (IllegalExchangeTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        CART,
        lambda state: attrs.evolve(CART_1, version=1, status=state),
        lambda kind, _: filled(kind, id="crt_1", currency="IDR", order_id="ord_1", into="crt_2"),
        evolve_cart,
        lambda each: each.status,
        (IllegalCartTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        PRODUCT,
        lambda state: attrs.evolve(PRODUCT_1, version=1, status=state),
        lambda kind, each: filled(kind, product=each, product_id="p", published_from=None, published_until=None),
        evolve_product,
        lambda each: each.status,
        (IllegalProductTransition, TypeError),
        orders.OrderPlaced(NOW),
    ),
    Life(
        DOCUMENT,
        lambda _: DOCUMENT_1,
        lambda kind, _: filled(kind, document=DOCUMENT_1),
        evolve_document,
        lambda _: DocumentState.ISSUED,
        (SeriesBroken,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        SETTLEMENT,
        lambda state: attrs.evolve(SETTLEMENT_1, version=1, standing=state),
        lambda kind, _: filled(kind),
        evolve_settlement,
        lambda each: each.standing,
        (TypeError,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        BANK_LINE,
        lambda state: attrs.evolve(BANK_LINE_1, standing=state),
        lambda kind, _: filled(kind),
        evolve_line,
        lambda each: each.standing,
        (TypeError,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        GIFT_CARD,
        lambda state: attrs.evolve(GIFT_CARD_1, state=state),
        lambda kind, _: filled(kind, card_id="gft_1", valid_until=NOW),
        evolve_card,
        lambda card: card.state,
        (IllegalGiftCardTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        CREDIT_GRANT,
        lambda state: attrs.evolve(GRANT_1, state=state),
        lambda kind, _: filled(kind, grant_id="crd_1", valid_until=NOW),
        evolve_grant,
        lambda grant: grant.state,
        (TypeError,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        LICENCE,
        lambda state: attrs.evolve(LICENCE_1, state=state),
        lambda kind, _: filled(kind, licence=LICENCE_1, grant=None),
        evolve_licence,
        lambda licence: licence.state,
        (IllegalLicenceTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        TRANSFER,
        lambda state: attrs.evolve(TRANSFER_1, state=state),
        lambda kind, _: filled(kind, transfer=TRANSFER_1, goods=(), lost=()),
        evolve_transfer,
        lambda transfer: transfer.state,
        (IllegalTransferTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        COUNT,
        lambda state: attrs.evolve(COUNT_1, state=state),
        lambda kind, _: filled(kind, count=COUNT_1, tallies=()),
        evolve_count,
        lambda count: count.state,
        (IllegalCountTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        EXPECTED_RECEIPT,
        lambda state: attrs.evolve(RECEIPT_1, state=state),
        lambda kind, _: filled(kind, receipt=RECEIPT_1, steps=1),
        evolve_receipt,
        lambda receipt: receipt.state,
        (IllegalReceiptTransition,),
        orders.OrderPlaced(NOW),
    ),
    Life(
        OFFER,
        lambda state: attrs.evolve(OFFER_1, state=state),
        lambda kind, _: filled(kind, offer=OFFER_1, written=OFFER_1.newest, until=NOW),
        evolve_offer,
        lambda offer: offer.state,
        (IllegalOfferTransition,),
        orders.OrderPlaced(NOW),
    ),
    rule(PROMOTION, PromotionPut, PromotionStopped, evolve_promotion),
    rule(COUPON, CouponPut, CouponStopped, evolve_coupon),
    rule(PRICE_LIST, PriceListPut, PriceListStopped, evolve_price_list),
    rule(CHARGE_RULE, ChargePut, ChargeStopped, evolve_charge),
    rule(DELIVERY_METHOD, MethodPut, MethodWithdrawn, evolve_method),
)
"""All but the operation's, whose events are facts: see `test_facts.py`."""


def named(value: Any) -> str:
    return value.machine.name if isinstance(value, Life) else str(value)


@pytest.fixture
def lives() -> tuple[Life, ...]:
    """All of them."""
    return LIVES


@pytest.fixture(params=LIVES, ids=named)
def life(request: pytest.FixtureRequest) -> Life:
    """Each of them."""
    return request.param


@pytest.fixture(
    params=[(life, state) for life in LIVES for state in life.machine.states],
    ids=lambda pair: "-".join(map(named, pair)),
)
def life_in_a_state(request: pytest.FixtureRequest) -> tuple[Life, Any]:
    """Each of them, in each of its states."""
    return request.param


@pytest.fixture(
    params=[(life, state) for life in LIVES if life.machine.name in REFINABLE for state in life.machine.states],
    ids=lambda pair: "-".join(map(named, pair)),
)
def refinable_in_a_state(request: pytest.FixtureRequest) -> tuple[Life, Any]:
    """Each of those that a host can refine, in each of its states."""
    return request.param


@pytest.fixture
def given(monkeypatch):
    """The commands of the shop's doors that are being carried out, the one that somebody gave in front."""
    stack: list[str] = []
    bound = command.__get__
    with tokolib.open("memory://", country="ID") as shop:
        doors = {type(getattr(shop, name)): f"{name}." for name in dir(shop) if not name.startswith("_")}
    doors[Shop] = ""

    def commanded(self, instance, owner):
        method = bound(self, instance, owner)
        return method if owner not in doors else within(stack, f"{doors[owner]}{self.__name__}", method)

    monkeypatch.setattr(command, "__get__", commanded)
    return stack


def within(stack, what, call):
    """*call*, with *what* on top of *stack* while it runs."""

    def calling(*args, **options):
        stack.append(what)
        try:
            return call(*args, **options)
        finally:
            stack.pop()

    return calling


@pytest.fixture
def storing(monkeypatch):
    """The documents whose events are being stored."""
    stack: list[Any] = []
    record = DocumentRepository.record

    def stored(self, state, *events):
        return within(stack, state, record)(self, state, *events)

    monkeypatch.setattr(DocumentRepository, "record", stored)
    return stack
