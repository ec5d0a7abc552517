"""The checks of documents and refunds that a tax provider keeps, for the kit in `tokolib.testing.tax_kit`."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from tokolib.effects.outside import Conflict, Declined, Invalid, NotFoundOutside
from tokolib.tax.estimates import (
    TaxDocument,
    TaxReceipt,
    TaxSlice,
)
from tokolib.tax.ports import TaxCan, TaxProvider

Ask = Callable[..., Any]
"""Calls a method of the provider by its name, and answers what it answered."""


class TaxDocumentChecks:
    """A document is kept once, and goes back slice by slice to the last cent."""

    def test_a_document_is_kept_once(self, keeping: Ask, document: TaxDocument, numbers: Iterator[str]) -> None:
        """The same key with the same document twice keeps it once; its tax is the document's own."""
        key = next(numbers)
        first, again = keeping("commit", document, key=key), keeping("commit", document, key=key)

        assert first == again
        assert (document.number, document.tax, False) == (first.number, first.tax, first.void)

    def test_a_key_belongs_to_its_document(self, keeping: Ask, document: TaxDocument, numbers: Iterator[str]) -> None:
        """The same key, or the same number, with another document is a conflict; the first one stands."""
        key = next(numbers)
        first = keeping("commit", document, key=key)
        other = attrs.evolve(document, number=next(numbers))
        changed = attrs.evolve(document, lines=document.lines[:1])

        with pytest.raises(Conflict):
            keeping("commit", other, key=key)
        with pytest.raises(Conflict):
            keeping("commit", changed, key=next(numbers))
        with pytest.raises(NotFoundOutside):
            keeping("void", other.number, key=next(numbers))
        assert first == keeping("commit", document, key=key)

    def test_a_void_document_counts_for_nothing(
        self, provider: TaxProvider, keeping: Ask, document: TaxDocument, numbers: Iterator[str]
    ) -> None:
        """Twice is once, and nothing can be refunded of it any more."""
        keeping("commit", document, key=next(numbers))
        key = next(numbers)
        first, again = (keeping("void", document.number, key=key) for _ in range(2))

        assert first == again
        assert (True, 0) == (first.void, first.tax)
        assert (True, 0) == _counted(keeping("void", document.number, key=next(numbers)))
        if TaxCan.REFUND not in provider.capabilities.lacks:
            with pytest.raises(Declined):
                keeping("refund", document.number, whole(document), key=next(numbers))

    def test_slices_go_back_to_the_last_cent(
        self, refunding: Ask, document: TaxDocument, numbers: Iterator[str]
    ) -> None:
        """Line by line the tax that counts shrinks by the slices, and ends at zero."""
        left = document.tax
        refunding("commit", document, key=next(numbers))
        for each in whole(document):
            left -= sum(each.taxes)
            assert (False, left) == _counted(refunding("refund", document.number, [each], key=next(numbers)))
        assert 0 == left

    def test_a_refund_is_kept_once(self, refunding: Ask, document: TaxDocument, numbers: Iterator[str]) -> None:
        """The same key with the same slices twice takes them back once; with others it is a conflict."""
        refunding("commit", document, key=next(numbers))
        key, slices = next(numbers), whole(document)[:1]
        first = refunding("refund", document.number, slices, key=key)

        assert first == refunding("refund", document.number, slices, key=key)
        with pytest.raises(Conflict):
            refunding("refund", document.number, whole(document)[1:2], key=key)

    def test_no_more_goes_back_than_was_committed(
        self, refunding: Ask, document: TaxDocument, numbers: Iterator[str]
    ) -> None:
        """More of a line, of a tax or of what is left, of no line, or of other taxes: nothing is taken back."""
        refunding("commit", document, key=next(numbers))
        first, *_ = whole(document)
        dearer = attrs.evolve(first, taxes=(first.taxes[0] + 1, *first.taxes[1:]))
        larger = attrs.evolve(first, net=first.net + 1)
        below = attrs.evolve(first, net=-1)
        nobody = attrs.evolve(first, line_id="nobody")
        fewer = attrs.evolve(first, taxes=first.taxes[1:])
        for wrong in ([dearer], [larger], [below], [nobody], [fewer], [first, first]):
            with pytest.raises(Invalid):
                refunding("refund", document.number, wrong, key=next(numbers))
        left = document.tax - sum(first.taxes)
        assert (False, left) == _counted(refunding("refund", document.number, [first], key=next(numbers)))
        with pytest.raises(Invalid):
            refunding("refund", document.number, [first], key=next(numbers))

    def test_what_was_refunded_cannot_be_void(
        self, refunding: Ask, document: TaxDocument, numbers: Iterator[str]
    ) -> None:
        """The document stands as it was."""
        refunding("commit", document, key=next(numbers))
        refunding("refund", document.number, whole(document)[:1], key=next(numbers))

        with pytest.raises(Declined):
            refunding("void", document.number, key=next(numbers))

    def test_a_document_that_it_does_not_keep(
        self, provider: TaxProvider, keeping: Ask, document: TaxDocument, numbers: Iterator[str]
    ) -> None:
        """Voiding and refunding it finds nothing."""
        with pytest.raises(NotFoundOutside):
            keeping("void", document.number, key=next(numbers))
        if TaxCan.REFUND not in provider.capabilities.lacks:
            with pytest.raises(NotFoundOutside):
                keeping("refund", document.number, whole(document), key=next(numbers))

    @pytest.fixture
    def keeping(self, provider: TaxProvider, ask: Ask) -> Ask:
        """Calls a provider that keeps documents; what doesn't is checked by what it refuses."""
        if TaxCan.COMMIT in provider.capabilities.lacks:
            pytest.skip(f"lacks commit: {provider.capabilities.lacks[TaxCan.COMMIT]}")
        return ask

    @pytest.fixture
    def refunding(self, provider: TaxProvider, keeping: Ask) -> Ask:
        """Calls a provider that keeps refunds too."""
        if TaxCan.REFUND in provider.capabilities.lacks:
            pytest.skip(f"lacks refund: {provider.capabilities.lacks[TaxCan.REFUND]}")
        return keeping


def whole(document: TaxDocument) -> list[TaxSlice]:
    """Everything of *document*, a slice for each line."""
    return [
        TaxSlice(line_id=line.id, net=line.net, taxes=tuple(tax.amount for tax in line.taxes))
        for line in document.lines
    ]


def _counted(receipt: TaxReceipt) -> tuple[bool, int]:
    return receipt.void, receipt.tax
