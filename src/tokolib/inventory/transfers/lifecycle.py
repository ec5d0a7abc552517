"""The life of a transfer as a table."""

from collections.abc import Iterable
from typing import Any, Final

import attrs

from tokolib.inventory.transfers import events as e
from tokolib.inventory.transfers.errors import IllegalTransferTransition
from tokolib.inventory.transfers.model import Portion, Transfer, TransferLine, TransferState
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led, unbegun

S = TransferState

TRANSFER: Final = Machine(
    name="transfer",
    about="Goods that go from one location of the shop to another.",
    states={
        S.DRAFT: "written down; the goods are where they were",
        S.DISPATCHED: "all of it is on its way, in the target's transit",
        S.RECEIVING: "some of it has arrived, and more is expected",
        S.CLOSED: "nothing more is expected; what was missing is written off, and may still arrive",
        S.CANCELLED: "it never left, or turned back whole",
    },
    begins={e.TransferDrafted: (S.DRAFT,)},
    begun_by=("transfers.draft",),
    edges={
        S.DRAFT: {
            e.TransferDispatched: Edge(S.DISPATCHED, ("transfers.dispatch",)),
            e.TransferCancelled: Edge(S.CANCELLED, ("transfers.cancel",)),
        },
        S.DISPATCHED: {
            e.TransferArrived: Edge(S.RECEIVING, ("transfers.receive",)),
            e.TransferClosed: Edge(S.CLOSED, ("transfers.close",)),
            e.TransferCancelled: Edge(S.CANCELLED, ("transfers.cancel",)),
        },
        S.RECEIVING: {
            e.TransferArrived: Edge(S.RECEIVING, ("transfers.receive",)),
            e.TransferClosed: Edge(S.CLOSED, ("transfers.close",), entailed_by=("transfers.receive",)),
        },
        S.CLOSED: {e.TransferArrived: Edge(S.CLOSED, ("transfers.receive",))},
        S.CANCELLED: {},
    },
    ends=frozenset({S.CLOSED, S.CANCELLED}),
)
"""The life of a transfer."""


def check(transfer: Transfer, kind: type[Event]) -> None:
    """Pass when the transfer's state allows an event of this kind.

    Raises:
        IllegalTransferTransition: it doesn't. Nothing was changed.
    """
    _target(transfer, kind)


def _target(transfer: Transfer, kind: type[Event]) -> TransferState:
    return led(TRANSFER, IllegalTransferTransition, transfer, transfer.state, kind)


def evolve(state: Transfer | None, event: Event) -> Transfer:
    """The transfer after *event*.

    Raises:
        IllegalTransferTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.TransferDrafted):
        return event.transfer
    if state is None:
        raise unbegun(TRANSFER, IllegalTransferTransition, type(event))
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(state, event))


def _changes(transfer: Transfer, event: Event) -> dict[str, Any]:
    match event:
        case e.TransferDispatched(at=at):
            return {"dispatched_at": at}
        case e.TransferArrived(goods=goods):
            return {"lines": _with(transfer.lines, goods, _arrived)}
        case e.TransferClosed(lost=lost, reason=reason, at=at):
            return {"lines": _with(transfer.lines, lost, _lost), "reason": reason, "closed_at": at}
        case e.TransferCancelled(reason=reason, at=at):
            return {"reason": reason, "closed_at": at}
        case _:
            return {}


def _arrived(line: TransferLine, steps: int) -> TransferLine:
    """What arrives beyond what is expected was lost before, as far as any was: it is late, and the rest surplus."""
    late = min(max(steps - line.open, 0), line.lost)
    return attrs.evolve(line, arrived=line.arrived + steps, lost=line.lost - late)


def _lost(line: TransferLine, steps: int) -> TransferLine:
    return attrs.evolve(line, lost=line.lost + steps)


def _with(lines: Iterable[TransferLine], goods: Iterable[Portion], how: Any) -> tuple[TransferLine, ...]:
    steps = {each.key: each.steps for each in goods}
    return tuple(how(line, steps[line.key]) if line.key in steps else line for line in lines)
