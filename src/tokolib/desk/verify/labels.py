"""Labels: F3. Each is bought under one key and given back under one, and the cost ledger has what it costs."""

from datetime import datetime, timedelta
from typing import Final

from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.effects.keys import idempotency_key
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.fulfilment.labels.costs import COST, LEDGER, PAYABLE, costs
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.states import LabelState
from tokolib.kernel.rows import Entry, Kind
from tokolib.kernel.unit import Unit

OVERDUE: Final = timedelta(hours=1)
"""So long after it is due a wish may wait for somebody to call `tick`."""
REPAIR: Final = "ask the courier what it has of the label, and restore the row from a backup"
"""What to do where a label's rows contradict each other."""
_LOOK: Final = "look it up at the courier, and say what it has: shop.shipments.resolve_label"


def check_label(label: Label, posted: Tally, now: datetime, found: Findings) -> None:
    """F3 of one label, and what waits about it."""
    row = f"label {label.id}"
    kinds = label.buying.kind is EffectKind.LABEL and {each.kind for each in label.voids} <= {EffectKind.LABEL_VOID}
    found.expect(kinds, "F3", row, "is bought and given back by wishes of other kinds", REPAIR)
    refused = all(each.standing is EffectState.FAILED for each in label.voids[:-1])
    found.expect(refused, "F3", row, "was given back again, though it was not refused before", REPAIR)
    for each in label.operations:
        own = each.key == idempotency_key(each.id, each.attempt) and each.provider == label.account
        found.expect(own, "F3", row, f"{each.id} was sent as {each.key} to {each.provider}", REPAIR)
    for account, sign in ((COST, 1), (PAYABLE, -1)):
        posted.said(f"{row} on {account}:{label.account}", amount=sign * costs(label))
    _waiting(label, now, row, found)


async def check_costs(unit: Unit, posted: Tally, found: Findings) -> None:
    """F3: every posting of the cost ledger is of a label, and they add up to its price."""
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("costs of carriage")
        posted.found(f"label {entry.refers_to} on {entry.account}", amount=entry.amount)


def _waiting(label: Label, now: datetime, row: str, found: Findings) -> None:
    turn: Operation = label.wishes.last
    what = f"{label.account} was asked for parcel {label.parcel} of {label.shipment_id} ({turn.kind})"
    if label.state is LabelState.REVIEW:
        why = ", ".join(sorted({reason for each in label.operations for reason in each.reviews}))
        found.waits("L1", row, f"{what}, and nobody can tell: {why}", _LOOK)
    elif label.absent is not None:
        found.waits("L1", row, f"{what}, and this shop has no such account", "open the shop with couriers=[...]")
    elif label.ask_at is not None and label.ask_at + OVERDUE < now:
        found.waits("L1", row, f"{what}, and is due since {label.ask_at.isoformat()}", "call shop.tick()")
