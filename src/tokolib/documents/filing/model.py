"""The filing of one invoice with a tax provider: what is to be kept there, what went back of it, and what was seen.

All of it is kept by value, as the documents state it: what is told under a key never changes, whatever is asked again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs

from tokolib.documents.filing.states import FilingState, is_stuck, state_of
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.ids import FilingId, InvoiceId, OrderId
from tokolib.tax.estimates import TaxDocument, TaxSlice
from tokolib.tax.ports import VoidWithin

FILED_BY: Final = frozenset({EffectKind.TAX_COMMIT, EffectKind.TAX_VOID, EffectKind.TAX_REFUND})
"""What a tax provider is asked to do with documents."""


NO_REFUNDS: Final = "documents.no_refunds"
"""Why a credit note is a person's case: its provider keeps invoices, and nothing that goes back of them."""


@attrs.frozen(kw_only=True)
class Keeper:
    """Who keeps the documents that are issued now, and how."""

    name: str
    void_within: VoidWithin
    no_refunds: str
    """Why it keeps nothing that goes back; empty where it does."""


@attrs.frozen(kw_only=True)
class FiledNote:
    """A credit note, as slices of the invoice that it corrects."""

    document_id: InvoiceId
    number: str
    slices: tuple[TaxSlice, ...]

    @property
    def tax(self) -> int:
        """All taxes that go back, in minor units."""
        return sum(sum(each.taxes) for each in self.slices)


@attrs.frozen(kw_only=True)
class TaxFiling:
    """One invoice at a tax provider: committed once, then refunded by its credit notes, or void.

    One wish after the other: each waits until the provider keeps what stands before it, so that every answer can be
    held against a known sum.
    """

    id: FilingId
    version: int
    order_id: OrderId
    document_id: InvoiceId
    """The invoice."""
    provider: str
    document: TaxDocument
    """The invoice, as it is to be kept."""
    opened_at: datetime
    void_within: VoidWithin = VoidWithin.MONTH
    """Until when the provider takes the invoice back whole, as it said when it was issued."""
    no_refunds: str = ""
    """Why the provider keeps nothing that goes back, as it said then; empty where it does."""
    notes: tuple[FiledNote, ...] = ()
    """What went back of it, in the order of issue."""
    operations: tuple[Operation, ...] = ()
    """Every attempt at each wish, in the order in which they were made; `subject` is the document that it is about."""

    @property
    def state(self) -> FilingState:
        """How far it is."""
        return state_of(tuple(each for each in map(self.latest, self.subjects) if each is not None))

    @property
    def subjects(self) -> tuple[InvoiceId, ...]:
        """The documents that the provider is told of, in their order."""
        return (self.document_id, *(note.document_id for note in self.notes))

    @property
    def turn(self) -> Operation | None:
        """The first wish that isn't carried out; those behind it wait. None when nothing is left to be told."""
        latest = (self.latest(subject) for subject in self.subjects)
        return next((each for each in latest if each is not None and not each.succeeded), None)

    @property
    def ask_at(self) -> datetime | None:
        """When the provider is to be asked next; None when no machine can go on."""
        turn = self.turn
        if turn is None or is_stuck(turn) or turn.unasked_since is not None:
            return None
        return turn.next_at

    @property
    def absent(self) -> str | None:
        """The provider that it waits for, since the shop has none of that name; None when it doesn't."""
        turn = self.turn
        return None if turn is None or is_stuck(turn) or turn.unasked_since is None else turn.provider

    @property
    def waits_since(self) -> datetime | None:
        """Since when a person has to decide, or to bring its provider back; None when neither is so."""
        if (turn := self.turn) is None:
            return None
        if is_stuck(turn):
            return turn.waits_since or turn.requested_at
        return turn.unasked_since

    @property
    def by_hand(self) -> str | None:
        """The provider at which a person has to state what goes back, since it can't be told; None where it can."""
        turn = self.turn
        if turn is None or turn.standing is not EffectState.FAILED or turn.failure != NO_REFUNDS:
            return None
        return turn.provider

    @property
    def kept_tax(self) -> int:
        """What the provider counts by now, in minor units, by all that it has confirmed."""
        done = [each for each in map(self.latest, self.subjects) if each is not None and each.succeeded]
        return tax_after(self.document.tax, done)

    def tax_with(self, operation: Operation) -> int:
        """What the provider is to count once it has carried out *operation*, whose turn it is."""
        before = [self.latest(each) for each in self.subjects[: self.subjects.index(InvoiceId(operation.subject))]]
        return tax_after(self.document.tax, [*(each for each in before if each is not None), operation])

    def note(self, document_id: str) -> FiledNote:
        """The credit note of that id.

        Raises:
            KeyError: there is none.
        """
        for each in self.notes:
            if each.document_id == document_id:
                return each
        raise KeyError(document_id)

    def latest(self, document_id: str) -> Operation | None:
        """The last attempt to tell the provider of a document; None when it is not told of it."""
        return next((each for each in reversed(self.operations) if each.subject == document_id), None)

    def operation(self, id: str) -> Operation | None:
        """The operation by its id."""
        return next((each for each in self.operations if each.id == id), None)


def tax_after(committed: int, done: Sequence[Operation]) -> int:
    """What is left of the tax *committed*, in minor units, when *done* was carried out."""
    if not done or any(each.kind is EffectKind.TAX_VOID for each in done):
        return 0
    return committed - sum(each.amount.minor_units for each in done if each.kind is EffectKind.TAX_REFUND)


def filing_id(document_id: InvoiceId) -> FilingId:
    """The id of an invoice's filing: there is at most one."""
    return FilingId(f"fil_{document_id.partition('_')[2]}")
