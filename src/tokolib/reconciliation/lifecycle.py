"""How a stored row, and a stored bank line, follow from events.

A row begins posted or in review. What is in review is looked at again whenever the row is delivered again, and may be
posted then; or a person books it apart. What is in the ledger stays there.
"""

from typing import Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.reconciliation.bank import BankEntry, BankLineState
from tokolib.reconciliation.difference import Difference
from tokolib.reconciliation.events import (
    BankLineAside,
    BankLineMatched,
    BankLineTaken,
    ClaimClosed,
    ClaimPaid,
    PayoutReceived,
    SettlementBookedApart,
    SettlementPosted,
    SettlementSetAside,
)
from tokolib.reconciliation.model import Settlement, SettlementState

S = SettlementState
_TAKEN_IN: Final = ("settlements.take_in",)
_BY_BANK: Final = ("settlements.take_in_bank",)

SETTLEMENT: Final = Machine(
    name="settlement",
    about="A row of a settlement report, or of a courier's remittance advice.",
    states={
        S.POSTED: "it fits the books, and is in them",
        S.REVIEW: "it contradicts the books or belongs to nothing in them; it moved nothing, and a person looks",
        S.APART: "a person let it be booked without a payment of ours",
    },
    begins={SettlementPosted: (S.POSTED,), SettlementSetAside: (S.REVIEW,)},
    begun_by=(*_TAKEN_IN, "settlements.exchanged"),
    edges={
        S.POSTED: {
            ClaimPaid: Edge(S.POSTED, _TAKEN_IN),
            ClaimClosed: Edge(S.POSTED, ("settlements.close_claim",)),
            PayoutReceived: Edge(S.POSTED, _BY_BANK),
        },
        S.REVIEW: {
            SettlementPosted: Edge(S.POSTED, _TAKEN_IN),
            SettlementBookedApart: Edge(S.APART, ("settlements.book_apart",)),
            SettlementSetAside: Edge(S.REVIEW, _TAKEN_IN),
        },
        S.APART: {PayoutReceived: Edge(S.APART, _BY_BANK)},
    },
    ends=frozenset({S.POSTED, S.APART}),
)
"""The life of a stored row."""


def evolve(state: Settlement | None, event: Event) -> Settlement:
    """The stored row after *event*.

    Raises:
        TypeError: nothing of the kind happens to a row that stands so.
    """
    standing = _target(state, event)
    match event:
        case SettlementPosted():
            made = _told(state, event, standing)
            posted = {"operation_id": event.operation_id, "clearing": event.clearing, "frozen": event.frozen}
            cod = {"shipment_id": event.shipment_id, "difference": event.difference, "pays_claim": event.pays_claim}
            return changed(made, why="", **posted, **cod)
        case ClaimPaid() | ClaimClosed() if state is not None:
            return changed(state, version=state.version + 1, difference=_claimed(state.difference, event))
        case PayoutReceived() if state is not None:
            return changed(state, version=state.version + 1, paid_by=event.by)
        case SettlementSetAside():
            return changed(_told(state, event, standing), why=event.reason)
        case SettlementBookedApart() if state is not None:
            why = {"why": event.reason, "clearing": event.clearing}
            return changed(state, version=state.version + 1, standing=standing, **why)
        case _:
            raise TypeError(f"settlements don't know {type(event).__name__}")


def _claimed(difference: Difference | None, event: ClaimPaid | ClaimClosed) -> Difference | None:
    """What is claimed after *event*; where nothing was, nothing is."""
    if difference is None:
        return None
    if isinstance(event, ClaimPaid):
        return changed(difference, paid=difference.paid + event.amount)
    return changed(difference, closed_as=event.closed_as, closed_at=event.at, because=event.reason)


def _target(state: Settlement | None, event: Event) -> SettlementState:
    if state is None:
        (target,) = SETTLEMENT.begins.get(type(event), (None,))
    else:
        target = SETTLEMENT.target(state.standing, type(event))
    if target is None:
        raise TypeError(f"a settlement that is {state.standing if state else 'new'} knows no {type(event).__name__}")
    return target


def _told(
    state: Settlement | None, event: SettlementPosted | SettlementSetAside, standing: SettlementState
) -> Settlement:
    return Settlement(
        id=event.settlement_id,
        version=1 if state is None else state.version + 1,
        row=event.row,
        standing=standing,
        why="",
        taken_at=event.at if state is None else state.taken_at,
        order_id=event.order_id,
        operation_id=None,
        clearing="",
    )


B = BankLineState

BANK_LINE: Final = Machine(
    name="bank_line",
    about="A line of a bank statement.",
    states={
        B.WAITING: "no payout was found that it is; it is looked at again with the next lines",
        B.MATCHED: "it is a payout, and in the books",
        B.ASIDE: "a person said that it is no payout",
    },
    begins={BankLineTaken: (B.WAITING,)},
    begun_by=_BY_BANK,
    edges={
        B.WAITING: {
            BankLineMatched: Edge(B.MATCHED, _BY_BANK),
            BankLineAside: Edge(B.ASIDE, ("settlements.set_line_aside",)),
        },
        B.MATCHED: {},
        B.ASIDE: {},
    },
    ends=frozenset({B.MATCHED, B.ASIDE}),
)
"""The life of a stored bank line."""


def evolve_line(state: BankEntry | None, event: Event) -> BankEntry:
    """The stored bank line after *event*.

    Raises:
        TypeError: nothing of the kind happens to a line that stands so.
    """
    match event:
        case BankLineTaken() if state is None:
            return BankEntry(
                id=event.entry_id,
                version=1,
                account=event.account,
                line=event.line,
                standing=B.WAITING,
                taken_at=event.at,
            )
        case BankLineMatched() if state is not None and state.standing is B.WAITING:
            met = {"match": event.match, "matched_with": event.matched_with}
            return changed(state, version=state.version + 1, standing=B.MATCHED, **met)
        case BankLineAside() if state is not None and state.standing is B.WAITING:
            return changed(state, version=state.version + 1, standing=B.ASIDE, why=event.reason)
        case _:
            was = state.standing if state else "new"
            raise TypeError(f"a bank line that is {was} knows no {type(event).__name__}")
