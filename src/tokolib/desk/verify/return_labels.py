"""Return labels: F7 of each and of its return, which names those that stand."""

from collections.abc import Sequence
from typing import Final

from tokolib.desk.verify.walk import Findings
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.model import Return

RESTORE: Final = "ask the courier what it has sold, and restore the rows of the return and its labels from a backup"


def check_label(label: ReturnLabel, goods: Return | None, found: Findings) -> None:
    """F7: its return is there and names it while it stands; one that was bought is known to its courier by a name."""
    row = f"return label {label.id}"
    if goods is None:
        found.broken("F7", row, f"its return {label.return_id} is gone", RESTORE)
        return
    own = goods.order_id == label.order_id and bool(label.runs) and label.request.is_return
    found.expect(own, "F7", row, f"is of no goods that come back with {goods.id}", RESTORE)
    named = label.id in goods.labels
    told = f"is {label.state}, and {goods.id} names {', '.join(goods.labels) or 'no label'}"
    found.expect(named is not label.is_gone, "F7", row, told, RESTORE)
    known = not label.buying.succeeded or bool(label.reference)
    found.expect(known, "F7", row, f"was bought, and {label.account} has told no reference", RESTORE)


def check_named(goods: Return, named: Sequence[ReturnLabel | None], found: Findings) -> None:
    """F7: the labels that a return names are there and its own, and no unit is sent with two of them."""
    row = f"return {goods.id}"
    known = [each for each in named if each is not None and each.return_id == goods.id]
    found.expect(len(known) == len(named), "F7", row, "names a label that is not there, or another return's", RESTORE)
    sent: dict[str, UnitSet] = {}
    for label in known:
        for run in label.runs:
            before = sent.get(run.line_id, NO_UNITS)
            told = f"units {run.first} to {run.beyond - 1} of line {run.line_id} are sent with two labels"
            found.expect(not before & run.set, "F7", row, told, RESTORE)
            sent[run.line_id] = before | run.set
