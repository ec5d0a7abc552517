"""What the customer, or the cashier, does next so that the order gets paid."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.effects.model import EffectState, Operation
from tokolib.kernel.explain import Reason, ReasonValue
from tokolib.kernel.money import Money
from tokolib.payments.model import Intent
from tokolib.payments.plans.schedule import Payable
from tokolib.payments.states import IntentState
from tokolib.payments.tenders import Settlement


class ActionKind(StrEnum):
    """What is to be done."""

    NONE = "none"
    PAY_IN_CASH = "pay_in_cash"
    TRANSFER = "transfer"
    REDIRECT = "redirect"
    QR = "qr"
    VA = "va"
    """A virtual account number at the customer's bank."""
    WAIT = "wait"
    TOP_UP = "top_up"
    """A part came, and nobody is asked for the rest: `payments.charge` asks a gateway, `payments.received` takes it."""
    CHARGE = "charge"
    """An instalment is due: `payments.charge` asks the gateway for it."""


@attrs.frozen(kw_only=True)
class NextAction:
    """What is to be done, with what a page needs to show it; `reason` says it in words by locale."""

    kind: ActionKind
    amount: Money
    """What is to be paid now: all that is still to be paid, or of a payment plan what is due."""
    paid: Money
    """What came and stayed: less what went back, or a customer's bank has taken."""
    due_until: datetime | None
    account: str = ""
    """The bank account, as the shop wrote it."""
    code: str = ""
    """The virtual account number, or the QR code's payload."""
    url: str = ""
    reason: Reason


_DONE = frozenset(
    {
        IntentState.AUTHORISED,
        IntentState.CAPTURED,
        IntentState.OVERPAID,
        IntentState.CANCELLED,
        IntentState.EXPIRED,
    }
)
_SHOWN = (ActionKind.REDIRECT, ActionKind.QR, ActionKind.VA)
_TERMED = frozenset({ActionKind.TRANSFER, ActionKind.VA, ActionKind.TOP_UP, ActionKind.CHARGE})


@attrs.frozen
class _Ask:
    """What is asked for now, and until when."""

    amount: Money
    until: datetime | None
    later: Payable | None = None
    """The instalment that comes next, where nothing is due yet."""


def _ask(intent: Intent, now: datetime) -> _Ask:
    planned = intent.schedule(now)
    if intent.plan is None or planned is None:
        return _Ask(intent.outstanding, intent.due_until)
    if not intent.plan.started:
        return _Ask(planned.due_now, intent.due_until)
    waiting, live = planned.next, intent.live_charge if intent.settlement is Settlement.BY_GATEWAY else None
    amount = planned.due_now if live is None else live.amount
    until = waiting.due_until if waiting is not None and waiting.due_until > now else None
    return _Ask(amount, until, waiting if amount.is_zero else None)


def next_action(intent: Intent, zone: str, now: datetime) -> NextAction:
    """What is to be done *now* for *intent*; a term is told to the minute, in the shop's *zone*."""
    ask = _ask(intent, now)
    if intent.stopped and intent.closed is None:
        return attrs.evolve(_action(intent, zone, ask, ActionKind.NONE), reason=Reason("payments.cancelling"))
    if intent.closed is not None or intent.state in _DONE:
        return _action(intent, zone, ask, ActionKind.NONE)
    if (later := ask.later) is not None:
        told = Reason("payments.nothing_due_yet", (("amount", later.left), ("due", later.due_on)))
        return attrs.evolve(_action(intent, zone, ask, ActionKind.NONE), reason=told)
    match intent.settlement:
        case Settlement.AT_ONCE | Settlement.ON_DELIVERY:
            return _action(intent, zone, ask, ActionKind.PAY_IN_CASH)
        case Settlement.ON_RECEIPT:
            return _action(intent, zone, ask, ActionKind.TRANSFER)
        case _:
            return _of_gateway(intent, zone, ask, intent.live_charge)


def _of_gateway(intent: Intent, zone: str, ask: _Ask, charge: Operation | None) -> NextAction:
    if charge is None:
        return _action(intent, zone, ask, _unasked(intent))
    if charge.state is not EffectState.ACTION_REQUIRED:
        return _action(intent, zone, ask, ActionKind.WAIT)
    details = dict(charge.details)
    shown = next((each for each in _SHOWN if each == details.get("kind")), ActionKind.WAIT)
    return _action(intent, zone, ask, shown, code=details.get("code", ""), url=details.get("url", ""))


def _unasked(intent: Intent) -> ActionKind:
    """What is to be done where no charge is open."""
    if intent.plan is not None and intent.plan.started:
        return ActionKind.CHARGE
    return ActionKind.TOP_UP if intent.state is IntentState.PARTIALLY_PAID else ActionKind.NONE


def _action(intent: Intent, zone: str, ask: _Ask, kind: ActionKind, *, code: str = "", url: str = "") -> NextAction:
    account = intent.account if kind is ActionKind.TRANSFER else ""
    action = NextAction(
        kind=kind,
        amount=ask.amount,
        paid=intent.net,
        due_until=ask.until,
        account=account,
        code=code,
        url=url,
        reason=Reason(f"payments.{kind}"),
    )
    return attrs.evolve(action, reason=_said(action, zone))


def _said(action: NextAction, zone: str) -> Reason:
    texts = {"account": action.account, "code": action.code, "url": action.url}
    values: list[tuple[str, ReasonValue]] = [("amount", action.amount)]
    values += [("paid", action.paid)] if action.kind is ActionKind.TOP_UP else []
    values += [(name, text) for name, text in texts.items() if text]
    if action.due_until is None or action.kind not in _TERMED:
        return Reason(action.reason.code, tuple(values))
    values += [("due", action.due_until), ("time_zone", zone)]
    return Reason(f"{action.reason.code}_until", tuple(values))
