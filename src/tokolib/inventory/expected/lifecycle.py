"""The life of an expected receipt as a table."""

from typing import Any, Final

from tokolib.inventory.expected import events as e
from tokolib.inventory.expected.errors import IllegalReceiptTransition
from tokolib.inventory.expected.model import ExpectedReceipt, ReceiptState
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led, unbegun

S = ReceiptState

EXPECTED_RECEIPT: Final = Machine(
    name="expected_receipt",
    about="Goods of one SKU that a supplier is to bring to a location on a day.",
    states={
        S.EXPECTED: "all of it is still to come",
        S.RECEIVING: "some of it has come, and the rest is still to",
        S.RECEIVED: "all of it has come",
        S.CANCELLED: "no more of it comes; what had come by then stays",
    },
    begins={e.ReceiptAnnounced: (S.EXPECTED,)},
    begun_by=("expected.announce",),
    edges={
        S.EXPECTED: {
            e.ReceiptChanged: Edge(S.EXPECTED, ("expected.change",)),
            e.ReceiptArrived: Edge(S.RECEIVING, ("expected.receive",)),
            e.ReceiptCancelled: Edge(S.CANCELLED, ("expected.cancel",)),
        },
        S.RECEIVING: {
            e.ReceiptChanged: Edge(S.RECEIVING, ("expected.change",)),
            e.ReceiptArrived: Edge(S.RECEIVING, ("expected.receive",)),
            e.ReceiptCompleted: Edge(S.RECEIVED, entailed_by=("expected.receive", "expected.change")),
            e.ReceiptCancelled: Edge(S.CANCELLED, ("expected.cancel",)),
        },
        S.RECEIVED: {},
        S.CANCELLED: {},
    },
    ends=frozenset({S.RECEIVED, S.CANCELLED}),
)
"""The life of an expected receipt."""


def check(receipt: ExpectedReceipt, kind: type[Event]) -> None:
    """Pass when the receipt's state allows an event of this kind.

    Raises:
        IllegalReceiptTransition: it doesn't. Nothing was changed.
    """
    _target(receipt, kind)


def _target(receipt: ExpectedReceipt, kind: type[Event]) -> ReceiptState:
    return led(EXPECTED_RECEIPT, IllegalReceiptTransition, receipt, receipt.state, kind)


def evolve(state: ExpectedReceipt | None, event: Event) -> ExpectedReceipt:
    """The receipt after *event*.

    Raises:
        IllegalReceiptTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.ReceiptAnnounced):
        return event.receipt
    if state is None:
        raise unbegun(EXPECTED_RECEIPT, IllegalReceiptTransition, type(event))
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(state, event))


def _changes(receipt: ExpectedReceipt, event: Event) -> dict[str, Any]:
    match event:
        case e.ReceiptChanged(expected_on=on, steps=steps):
            return {"expected_on": on, "steps": steps}
        case e.ReceiptArrived(steps=steps):
            return {"arrived": receipt.arrived + steps}
        case e.ReceiptCancelled(reason=reason):
            return {"reason": reason}
        case _:
            return {}
