"""Returns: B1 of the units that came back, B2 of what was received and found of them, B3 of what was agreed instead."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.events import AllowanceGranted, GoodsReturned
from tokolib.orders.lines import by_line
from tokolib.orders.model import Order
from tokolib.returns.model import Disposition, Return, ReturnLine, ReturnState
from tokolib.returns.naming import received
from tokolib.returns.negotiating import AGREED

RESTORE: Final = "restore the rows of the return and of its order from a backup"
_NEVER_SEEN: Final = (Disposition.UNDELIVERED, Disposition.KEPT)


def say_returned(replayed: Replayed, order: Order, back: Tally, found: Findings) -> None:
    """B1: what an order's history says that came back with each return; each unit once, and all of them together are
    what the order has back.
    """
    came: dict[str, UnitSet] = {}
    twice: set[str] = set()
    for step in replayed.steps:
        if isinstance(event := step.recorded.event, GoodsReturned):
            back.said(f"return {event.return_id}", order.id, *event.runs)
            for id, units in by_line(event.runs).items():
                before = came.get(id, NO_UNITS)
                if before & units:
                    twice.add(id)
                came[id] = before | units
    row = f"order {order.id}"
    found.expect(not twice, "B1", row, f"units of {', '.join(sorted(twice))} came back twice", RESTORE)
    for line in order.lines:
        said = came.get(line.id, NO_UNITS)
        told = f"line {line.id} has {len(line.returned)} units back, its history says {len(said)}"
        found.expect(line.returned == said, "B1", row, told, RESTORE)


def find_returned(goods: Return, back: Tally) -> None:
    """B1: what an accepted return has brought."""
    if goods.refund is not None:
        back.found(f"return {goods.id}", goods.order_id, *(line.run for line in goods.lines))


def say_agreed(replayed: Replayed, agreed: Tally) -> None:
    """B3: what an order has allowed in the place of returns."""
    for step in replayed.steps:
        match step.recorded.event:
            case AllowanceGranted(amount=amount, reason=reason) if reason.startswith(f"{AGREED} ret_"):
                agreed.said(f"allowance {reason}", f"of {amount}")
            case _:
                pass


def find_agreed(goods: Return, agreed: Tally) -> None:
    """B3: what both sides of a settled return agreed to."""
    if goods.state is ReturnState.SETTLED:
        amount = goods.proposals[-1].amount if goods.proposals else None
        agreed.found(f"allowance {AGREED} {goods.id}", f"of {0 if amount is None else amount.minor_units}")


def check_received(goods: Return, found: Findings) -> None:
    """B2: no more was inspected than came in, and no more is credited than was found fit, each unit where it came.

    With what takes their place in an exchange, units may be credited that nobody brought.
    """
    row, accepted, came = f"return {goods.id}", goods.refund is not None, received(goods)
    if goods.inspection is not None:
        same = _places(goods.inspection.lines) == _places(came)
        found.expect(same, "B2", row, "what was inspected is not what came in", RESTORE)
    if not accepted:
        return
    if not goods.receipts:
        unseen = all(line.disposition in _NEVER_SEEN for line in goods.lines)
        found.expect(unseen, "B2", row, "is credited, and nothing of it came in", RESTORE)
        return
    fit = () if goods.inspection is None else goods.inspection.lines
    meant = _fates(line for line in fit if line.disposition is not Disposition.REFUSED)
    credited = _fates(goods.lines)
    beside = credited - meant  # a claim makes up for units that the customer was to keep, though others came in
    kept = bool(goods.part_of) and all(disposition in _NEVER_SEEN for _, _, disposition in beside)
    fits = not meant - credited and (kept or not beside)
    found.expect(fits, "B2", row, "what is credited is not what was found fit", RESTORE)


def _places(lines: Iterable[ReturnLine]) -> Counter[tuple[str, str | None]]:
    """How many units of each line are where; another return may have taken the very units, so they are counted."""
    found: Counter[tuple[str, str | None]] = Counter()
    for line in lines:
        found[line.run.line_id, line.location] += line.run.units
    return found


def _fates(lines: Iterable[ReturnLine]) -> Counter[tuple[str, str | None, Disposition]]:
    found: Counter[tuple[str, str | None, Disposition]] = Counter()
    for line in lines:
        found[line.run.line_id, line.location, line.disposition] += line.run.units
    return found
