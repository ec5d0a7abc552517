"""Allowances: money off after the sale, for a dented tin or a late parcel, while the goods stay with the customer."""

from collections.abc import Sequence

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
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import worths
from tokolib.payments.ports import INTENTS
from tokolib.payments.refunding import check_cards
from tokolib.payments.words import check_amount


def taken_back(order: Order, runs: Sequence[Run], *, charges: bool) -> int:
    """What of its allowances goes with *runs* of units that come back, or never leave: minor units.

    The part that the units, with their *charges* or without, are of the goods still sold, and never more than they are
    worth: what an allowance has given for them is not given a second time, and with the last ones all of it has gone
    but what was for the rest.
    """
    still = [run for line in order.lines for run in line.runs(line.sold)]
    sold, worth = _worth(order, still, charges=charges), _worth(order, runs, charges=charges)
    return min(worth, order.allowed * worth // sold) if sold else 0


def _worth(order: Order, runs: Sequence[Run], *, charges: bool) -> int:
    return sum(each.total for each in worths(order, runs, charges=charges))


async def grant(unit: Unit, order_id: str, amount: Money, reason: str, *, observe: Observe) -> Order:
    """The order with *amount* less to pay; what was paid of it already goes back.

    Raises:
        IllegalOrderTransition: it isn't placed. AllowanceTooLarge: it isn't worth so much any more.
        KeptByGiftCards: the rest would be worth less than the gift cards that it bought.
        InvalidAmount, CurrencyMismatch, NotMoney: no such amount. In all cases nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, AllowanceGranted)
    intent = await unit[INTENTS].get(order.intent_id)
    check_amount(intent, amount)
    worth = Money(order.total.minor_units - order.credited, order.currency)
    if amount > worth:
        raise AllowanceTooLarge(order.id, amount, worth)
    check_cards(intent, amount, worth)
    order = book(unit, order, AllowanceGranted(amount.minor_units, reason))
    order = await give_back(unit, order, reason, observe=observe)
    await settle_credit(unit, order.id)
    return await keep_to_plan(unit, order.id, observe=observe)
