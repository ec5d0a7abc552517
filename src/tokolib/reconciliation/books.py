"""Our books as movements, to be held against reports: what payments did at a provider, and what couriers owe."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from tokolib.effects.model import EffectKind, Operation
from tokolib.kernel.changed import changed
from tokolib.kernel.clock import day
from tokolib.kernel.money import Money
from tokolib.payments.model import Intent
from tokolib.payments.totals import MONEY_IN
from tokolib.reconciliation.model import OUT, Movement, RowKind

KINDS: Final = {
    EffectKind.CHARGE: RowKind.CHARGE,
    EffectKind.CAPTURE: RowKind.CHARGE,
    EffectKind.REFUND: RowKind.REFUND,
    EffectKind.REVERSAL: RowKind.REVERSAL,
    EffectKind.CHARGEBACK: RowKind.CHARGEBACK,
    EffectKind.CHARGEBACK_REVERSAL: RowKind.CHARGEBACK_REVERSAL,
}
"""What a row calls an operation of each kind; the others move no money."""


def movements(
    intents: Iterable[Intent], provider: str, zone: str, told: Mapping[str, date] | None = None
) -> Iterator[Movement]:
    """What the payments *intents* did, or may have done, at the gateway *provider*; days are those of *zone*.

    An operation whose day was *told*, by its id, happened then, and else on the day on which it was asked for.
    """
    days = told or {}
    for intent in intents:
        for each in intent.operations:
            if each.provider == provider and each.kind in KINDS:
                made = movement(intent, each, zone)
                yield changed(made, on=days[each.id]) if each.id in days else made


def movement(intent: Intent, operation: Operation, zone: str) -> Movement:
    """One operation as a movement."""
    kind = KINDS[operation.kind]
    return Movement(
        id=operation.id,
        provider=operation.provider,
        kind=kind,
        on=day(operation.requested_at, zone),
        amount=signed(operation.amount, kind),
        booked=operation.succeeded,
        names=tuple(filter(None, (operation.key, *operation.references))),
        about=tuple(sorted(_about(intent, operation))) if kind in OUT | {RowKind.CHARGEBACK_REVERSAL} else (),
        order_id=intent.order_id,
    )


def signed(amount: Money, kind: RowKind) -> Money:
    """*amount* as a report signs it."""
    return -amount if kind in OUT else amount


def _about(intent: Intent, operation: Operation) -> set[str]:
    """Everything that the charge is called that *operation* takes back from: the only one, where it names none."""
    charges = [each for each in intent.operations if each.kind in MONEY_IN and each.provider == operation.provider]
    names = {each.id: {each.id, each.key, *each.references} for each in charges}
    meant = [each for each in charges if not operation.about or operation.about in names[each.id]]
    return {name for each in meant for name in (each.key, *each.references) if name}


def collected(order_id: str, operation: Operation, *, courier: str, names: tuple[str, ...], zone: str) -> Movement:
    """Cash that was recorded as collected for an order, as a debt of its *courier*."""
    return Movement(
        id=operation.id,
        provider=courier,
        kind=RowKind.COLLECTION,
        on=day(operation.requested_at, zone),
        amount=operation.amount,
        booked=True,
        names=names,
        order_id=order_id,
    )
