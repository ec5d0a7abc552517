"""Payments: intents, their disputes and operations, the rows of settlement reports and the lines of bank statements."""

from datetime import date

from stories.stand import PRICE, leaving
from tokolib import IDR, Basket
from tokolib.effects.model import EffectState
from tokolib.payments.disputes import DisputeState
from tokolib.payments.plans.model import InstalmentState, monthly
from tokolib.payments.states import IntentState
from tokolib.reconciliation.bank import BankLineState
from tokolib.reconciliation.model import BankLine, RowKind, SettlementRow
from tokolib.reconciliation.model import SettlementState as Settled


def in_two(at, late="remind"):
    """An order of which the half is paid, and the other half comes in a month; and how to read that."""
    at.shop.plans.put("halves", title="Setengah dulu", deposit="0.5", steps=monthly(1), late=late)
    order = at.shop.orders.place(Basket({"KOPI-250": 2}), tender="bank_transfer", plan="halves", key="halves")
    at.shop.payments.received(order, PRICE, reference="half")
    return order, lambda: at.shop.payments.schedule(order).instalments[1].state


@leaving("instalment", InstalmentState.PLANNED)
def an_instalment_to_come(at):
    order, state = in_two(at)
    return state, lambda: at.shop.payments.received(order, PRICE, reference="early")


@leaving("instalment", InstalmentState.DUE)
def an_instalment_due(at):
    order, state = in_two(at)
    at.clock.forward(days=31)
    return state, lambda: at.shop.payments.received(order, PRICE, reference="on time")


@leaving("instalment", InstalmentState.OVERDUE)
def an_instalment_overdue(at):
    order, state = in_two(at, late="hold_goods")
    at.clock.forward(days=32)
    at.shop.tick()
    return state, lambda: at.shop.payments.received(order, PRICE, reference="late")


def of_intent(at, order):
    return lambda: at.intent(order).state


@leaving("payment_intent", IntentState.OPEN)
def cash_on_delivery(at):
    order = at.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")
    return of_intent(at, order), lambda: at.shop.payments.received(order, order.total)


@leaving("payment_intent", IntentState.AWAITING_CUSTOMER)
def a_transfer_to_come(at):
    order = at.order("bank_transfer")
    return of_intent(at, order), lambda: at.shop.payments.received(order, PRICE)


@leaving("payment_intent", IntentState.PROCESSING)
def a_silent_gateway(at):
    at.world.switches.time_out_before = 1
    order = at.order("fake")
    return of_intent(at, order), lambda: resolve(at, order, happened=True)


@leaving("payment_intent", IntentState.PARTIALLY_PAID)
def a_part_arrived(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(5_000), reference="1")
    return of_intent(at, order), lambda: at.shop.payments.received(order, IDR(70_000), reference="2")


@leaving("payment_intent", IntentState.AUTHORISED)
def money_that_is_reserved(at):
    order = at.reserved()
    return of_intent(at, order), lambda: at.shop.orders.cancel(order, reason="changed mind")


@leaving("payment_intent", IntentState.OVERPAID)
def a_surplus(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(100_000))
    payout = at.intent(order).payouts[0]
    return of_intent(at, order), lambda: at.shop.payments.paid_out(payout.id)


@leaving("payment_intent", IntentState.FAILED)
def a_payment_taken_back(at):
    order = at.paid_by_card()
    at.world.take_back(at.world.charges[-1].key)
    at.deliver()
    return of_intent(at, order), lambda: at.shop.payments.charge(order)


def of_dispute(at, order):
    return lambda: at.dispute(order).state


def withdrawn(at, order):
    """Somebody has heard from the bank that it lets the dispute go."""
    at.shop.payments.resolve(at.dispute(order).id, happened=False, reason="the bank let it go")


@leaving("dispute", DisputeState.OPENED)
def a_dispute_without_an_answer(at):
    order, _ = at.disputed(taken=True)
    return of_dispute(at, order), lambda: at.shop.payments.submit_evidence(at.dispute(order), text="signed for")


@leaving("dispute", DisputeState.EVIDENCE_SUBMITTED)
def a_dispute_with_evidence(at):
    order, _ = at.disputed(taken=False)
    at.shop.payments.submit_evidence(at.dispute(order), text="signed for")
    return of_dispute(at, order), lambda: withdrawn(at, order)


def resolve(at, order, *, happened):
    reason = "" if happened else "not in the provider's books"
    return at.shop.payments.resolve(at.operation(order).id, happened=happened, reason=reason)


def of_operation(at, order):
    return lambda: at.operation(order).state


@leaving("operation", EffectState.REQUESTED)
def a_refund_to_hand_over(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(100_000))
    payout = at.intent(order).payouts[0]
    return lambda: at.intent(order).operation(payout.id).state, lambda: at.shop.payments.paid_out(payout.id)


@leaving("operation", EffectState.UNKNOWN)
def a_charge_without_an_answer(at):
    at.world.switches.time_out_before = 1
    order = at.order("fake")
    return of_operation(at, order), lambda: resolve(at, order, happened=False)


@leaving("operation", EffectState.ACTION_REQUIRED)
def a_virtual_account(at):
    order = at.order("fake")
    return of_operation(at, order), lambda: resolve(at, order, happened=True)


@leaving("operation", EffectState.PENDING)
def a_charge_that_is_worked_on(at):
    order = at.order("fake")
    charge = at.world.charges[-1]
    at.shop.webhooks.receive("fake", *at.world.forge(charge, state="pending"))
    return of_operation(at, order), lambda: resolve(at, order, happened=True)


@leaving("operation", EffectState.REVIEW)
def a_charge_of_another_amount(at):
    order = at.order("fake")
    charge = at.world.charges[-1]
    at.shop.webhooks.receive("fake", *at.world.forge(charge, state="succeeded", amount="74000"))
    return of_operation(at, order), lambda: resolve(at, order, happened=True)


@leaving("settlement", Settled.REVIEW)
def a_row_of_nobodys_money(at):
    price, none = IDR(20_000), IDR(0)
    row = SettlementRow(
        row="1", kind=RowKind.CHARGE, gross=price, fee=none, fee_tax=none, withheld=none, net=price,
        provider="fake", batch="B1", on=date(2026, 3, 2), payout="PAY-1", key="int_x.1.1",
    )  # fmt: skip
    kept = [*at.shop.settlements.take_in([row]).review]
    return lambda: kept[-1].standing, lambda: kept.append(at.shop.settlements.book_apart(kept[0], reason="old till"))


@leaving("bank_line", BankLineState.WAITING)
def a_line_of_no_payout(at):
    line = BankLine(id="1", on=date(2026, 3, 2), amount=IDR(5_000), description="interest")
    kept = [*at.shop.settlements.take_in_bank([line], account="bca").waiting]
    return lambda: kept[-1].standing, lambda: kept.append(at.shop.settlements.set_line_aside(kept[0], reason="ours"))
