"""Allowances: money off after the sale, for a dented tin or a late parcel, while the goods stay with the customer."""

from tokolib.effects.ports import Observe
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.booking import book
from tokolib.orders.differences import settle_credit
from tokolib.orders.ending import give_back
from tokolib.orders.errors import AllowanceTooLarge
from tokolib.orders.events import AllowanceGranted
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lifecycle import check
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import INTENTS
from tokolib.payments.words import check_amount


async def grant(unit: Unit, order_id: str, amount: Money, reason: str, *, observe: Observe) -> Order:
    """The order with *amount* less to pay; what was paid of it already goes back.

    Raises:
        IllegalTransition: it isn't placed. AllowanceTooLarge: it isn't worth so much any more.
        InvalidAmount, CurrencyMismatch, NotMoney: no such amount. In all cases nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, AllowanceGranted)
    intent = await unit[INTENTS].get(order.intent_id)
    check_amount(intent, amount)
    worth = Money(order.total.minor_units - order.credited, order.currency)
    if amount > worth:
        raise AllowanceTooLarge(order.id, amount, worth)
    order = book(unit, order, AllowanceGranted(amount.minor_units, reason))
    order = await give_back(unit, order, reason, observe=observe)
    await settle_credit(unit, order.id)
    return await keep_to_plan(unit, order.id, observe=observe)
