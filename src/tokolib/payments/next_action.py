"""What the customer, or the cashier, does next so that the order gets paid."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.effects.model import EffectState, Operation
from tokolib.kernel.explain import Reason, ReasonValue
from tokolib.kernel.money import Money
from tokolib.payments.model import Intent
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


@attrs.frozen(kw_only=True)
class NextAction:
    """What is to be done, with what a page needs to show it; `reason` says it in words by locale."""

    kind: ActionKind
    amount: Money
    """What is still to be paid."""
    paid: Money
    """What has come of it already."""
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
_TERMED = frozenset({ActionKind.TRANSFER, ActionKind.VA, ActionKind.TOP_UP})


def next_action(intent: Intent, zone: str) -> NextAction:
    """What is to be done next for *intent*; a term is told to the minute, in the shop's *zone*."""
    if intent.stopped and intent.closed is None:
        return attrs.evolve(_action(intent, zone, ActionKind.NONE), reason=Reason("payments.cancelling"))
    if intent.closed is not None or intent.state in _DONE:
        return _action(intent, zone, ActionKind.NONE)
    match intent.settlement:
        case Settlement.AT_ONCE | Settlement.ON_DELIVERY:
            return _action(intent, zone, ActionKind.PAY_IN_CASH)
        case Settlement.ON_RECEIPT:
            return _action(intent, zone, ActionKind.TRANSFER)
        case _:
            return _of_gateway(intent, zone, intent.live_charge)


def _of_gateway(intent: Intent, zone: str, charge: Operation | None) -> NextAction:
    if charge is None:
        part = intent.state is IntentState.PARTIALLY_PAID
        return _action(intent, zone, ActionKind.TOP_UP if part else ActionKind.NONE)
    if charge.state is not EffectState.ACTION_REQUIRED:
        return _action(intent, zone, ActionKind.WAIT)
    details = dict(charge.details)
    shown = next((each for each in _SHOWN if each == details.get("kind")), ActionKind.WAIT)
    return _action(intent, zone, shown, code=details.get("code", ""), url=details.get("url", ""))


def _action(intent: Intent, zone: str, kind: ActionKind, *, code: str = "", url: str = "") -> NextAction:
    account = intent.account if kind is ActionKind.TRANSFER else ""
    action = NextAction(
        kind=kind,
        amount=intent.outstanding,
        paid=intent.captured,
        due_until=intent.due_until,
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
