"""What a tax provider is asked, and what it answers: requests, estimates, documents and slices of them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any

import attrs

from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import currency as known_currency
from tokolib.kernel.personal import PERSONAL
from tokolib.tax.model import TaxAmount
from tokolib.tax.situation import IdState, Situation


def _aware(_: object, field: "attrs.Attribute[Any]", value: datetime) -> None:
    aware(value, field.name)


@attrs.frozen(kw_only=True)
class RequestLine:
    """A line or charge whose tax is asked for."""

    id: str
    amount: int
    """In minor units, after discounts; with or without tax as `includes_tax` says."""
    tax_class: str
    units: int = 1
    includes_tax: bool = False
    sku: str = ""


@attrs.frozen(kw_only=True)
class TaxRequest:
    """A whole document whose tax is asked for: tax may depend on its other lines.

    Raises:
        InvalidInput: no line, two lines of one id, or units below one; all of it is named.
        UnknownCurrency: there is no such currency.
    """

    lines: tuple[RequestLine, ...]
    currency: str
    """ISO 4217."""
    on: date
    """The tax point, in the shop's zone."""
    situation: Situation
    reference: str = ""
    """What the shop calls the document, for the provider's own records."""

    @cached_property
    def digest(self) -> str:
        """A fingerprint of all that the figures depend on; neither of the day, for which an answer has its own term,
        nor of the reference.
        """
        return fingerprint(self.lines, self.currency, self.situation)

    def __attrs_post_init__(self) -> None:
        known_currency(self.currency)
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        if not self.lines:
            yield Fault("lines", "tax.no_lines", "there must be a line")
        seen: set[str] = set()
        for at, line in enumerate(self.lines):
            if line.id in seen:
                yield Fault(f"lines[{at}].id", "tax.duplicate_line", "another line has this id", shown(line.id))
            if line.units < 1:
                yield Fault(f"lines[{at}].units", "kernel.not_positive", "must be 1 or more", shown(line.units))
            seen.add(line.id)


@attrs.frozen(kw_only=True)
class EstimatedLine:
    """The taxes of one line, one amount for each tax of each jurisdiction, those at nothing too."""

    id: str
    taxes: tuple[TaxAmount, ...]
    reason: str = ""
    """Why there is no tax at all, when `taxes` is empty: a stable code or the provider's word."""

    @property
    def tax(self) -> int:
        """All taxes of the line, in minor units."""
        return sum(each.amount for each in self.taxes)


@attrs.frozen(kw_only=True)
class TaxEstimate:
    """The taxes of a document, as a provider sees them: a fact for a quote to rest on."""

    lines: tuple[EstimatedLine, ...]
    """In the order of the request."""
    total: int
    """All tax, as the provider says, in minor units."""
    source: str
    """Who says so: the provider's name, and its table or its version."""
    as_of: datetime = attrs.field(validator=_aware)
    """When it was worked out."""
    valid_until: datetime = attrs.field(validator=_aware)
    """The instant from which a quote must not rest on it any more."""
    degraded: bool = False
    """Whether it was worked out in place of the one who should have."""
    reference: str = ""
    """The provider's own name for it."""

    def is_valid(self, at: datetime) -> bool:
        """Whether a quote may rest on it at that instant."""
        return at < self.valid_until

    def line(self, id: str) -> EstimatedLine:
        """The line of that id.

        Raises:
            KeyError: there is none.
        """
        for each in self.lines:
            if each.id == id:
                return each
        raise KeyError(id)


@attrs.frozen(kw_only=True)
class DocumentLine:
    """One line of a document as it was issued: its amount without tax, and its taxes."""

    id: str
    net: int
    taxes: tuple[TaxAmount, ...]


@attrs.frozen(kw_only=True)
class TaxDocument:
    """An invoice as a provider is to keep it for the tax return."""

    number: str
    """Ours; it never changes."""
    on: date
    currency: str
    lines: tuple[DocumentLine, ...]

    @property
    def tax(self) -> int:
        """All taxes, in minor units."""
        return sum(each.amount for line in self.lines for each in line.taxes)


@attrs.frozen(kw_only=True)
class TaxSlice:
    """So much of one line of a document: what a credit note takes back of it, in positive minor units."""

    line_id: str
    net: int
    taxes: tuple[int, ...]
    """One for each of the line's taxes, in their order."""


@attrs.frozen(kw_only=True)
class TaxReceipt:
    """What a provider says of a document that it keeps."""

    number: str
    reference: str
    """The provider's own name for it."""
    tax: int
    """What it counts for now, in minor units: what was committed less what was refunded; 0 once it is void."""
    void: bool = False


@attrs.frozen(kw_only=True)
class IdAnswer:
    """What a provider knows of a tax id."""

    state: IdState
    """`PENDING`, `VALID` or `INVALID`."""
    as_of: datetime = attrs.field(validator=_aware)
    name: str = attrs.field(default="", metadata=PERSONAL)
    """Whose it is, where the provider tells."""


def overdrawn(document: TaxDocument, slices: Iterable[TaxSlice], taken: Iterable[TaxSlice] = ()) -> Iterator[Fault]:
    """What *slices* take of *document* that isn't there, *taken* being what went back before."""
    left = {line.id: [line.net, *(tax.amount for tax in line.taxes)] for line in document.lines}
    for each in taken:
        left[each.line_id] = [have - less for have, less in zip(left[each.line_id], _figures(each), strict=True)]
    for at, each in enumerate(slices):
        path = f"slices[{at}]"
        if each.line_id not in left:
            yield Fault(f"{path}.line_id", "tax.no_such_line", f"{document.number} has no such line", each.line_id)
            continue
        have, wanted = left[each.line_id], _figures(each)
        if len(have) != len(wanted):
            yield Fault(f"{path}.taxes", "tax.other_taxes", f"the line has {len(have) - 1} taxes", shown(each.taxes))
            continue
        for name, has, takes in zip(
            ("net", *(f"taxes[{n}]" for n in range(len(each.taxes)))), have, wanted, strict=True
        ):
            if not 0 <= takes <= has:
                yield Fault(f"{path}.{name}", "tax.over_refunded", f"must be from 0 to {has}", shown(takes))
        left[each.line_id] = [has - takes for has, takes in zip(have, wanted, strict=True)]


def _figures(each: TaxSlice) -> tuple[int, ...]:
    return (each.net, *each.taxes)
