"""**Ports** of the tax room: the provider that works tax out where no table of a country's rates can."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol, cast

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.tax.estimates import IdAnswer, TaxDocument, TaxEstimate, TaxReceipt, TaxRequest, TaxSlice


class TaxCan(StrEnum):
    """What a tax provider may be able to do beyond an estimate on prices without tax."""

    INCLUDED_PRICES = "included_prices"
    """Work out the tax that a price contains."""
    CERTIFICATES = "certificates"
    """Heed a buyer's exemption certificates."""
    COMMIT = "commit"
    """Keep issued documents for the tax return, and void them."""
    REFUND = "refund"
    """Keep what went back of them; none without `COMMIT`."""
    VALIDATE_IDS = "validate_ids"


class VoidWithin(StrEnum):
    """Until when a document may be taken back whole, as if it had never been issued: while no return has told of it.

    A return tells of a tax period, and who sells where decides how long that is. Indonesia: a calendar month
    (UU KUP art. 2A). European Union: one, two or three months by the member state, at most a year (Directive
    2006/112/EC, art. 252(2)).
    """

    NEVER = "never"
    """What is kept stays; all that goes back is a refund."""
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALWAYS = "always"
    """The provider itself knows, and refuses what is too late."""

    def holds(self, issued: date, on: date) -> bool:
        """Whether a document of the tax date *issued* may still be taken back whole *on* that day."""
        match self:
            case VoidWithin.MONTH:
                return (issued.year, issued.month) == (on.year, on.month)
            case VoidWithin.QUARTER:
                return (issued.year, (issued.month - 1) // 3) == (on.year, (on.month - 1) // 3)
            case VoidWithin.YEAR:
                return issued.year == on.year
            case _:
                return self is VoidWithin.ALWAYS


@attrs.frozen(kw_only=True)
class TaxCapabilities:
    """What a provider can do; honest in both directions.

    Raises:
        InvalidInput: something lacking that no provider needs, or that has no reason.
    """

    countries: frozenset[str] = frozenset()
    """Whose tax it knows, ISO 3166-1; empty for the whole world."""
    lacks: Mapping[TaxCan, str] = attrs.field(factory=dict)
    """What it can't do, each with the reason."""
    void_within: VoidWithin = VoidWithin.MONTH
    """Until when it takes an invoice back whole; what goes back later is a refund."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        if not isinstance(cast(object, self.void_within), VoidWithin):
            message = f"must be one of {', '.join(VoidWithin)}"
            yield Fault("void_within", "tax.bad_capabilities", message, shown(self.void_within))
        lacks = cast(Mapping[object, object], self.lacks)
        for name, reason in lacks.items():
            if not isinstance(name, TaxCan) or not reason:
                message = f"must be one of {', '.join(TaxCan)} with a reason"
                yield Fault("lacks", "tax.bad_capabilities", message, shown(name))
        if TaxCan.COMMIT in self.lacks and TaxCan.REFUND not in self.lacks:
            yield Fault("lacks", "tax.bad_capabilities", "who keeps no document can't keep a refund of it")


class TaxProvider(Protocol):
    """**Port.** One account at one tax service, or a table that answers in its place.

    It is asked before any unit of work opens, and its answer stands on the quote as a fact. Each method may be `def`
    or `async def`. What `capabilities` lack raises `NotSupported`, and has changed nothing.
    """

    @property
    def name(self) -> str:
        """The name under which the shop knows it."""
        ...

    @property
    def capabilities(self) -> TaxCapabilities:
        """What it can do."""
        ...

    def estimate(self, request: TaxRequest) -> MaybeAwaitable[TaxEstimate]:
        """The tax of *request*, line by line in its order; nothing is kept for a tax return.

        The lines' taxes add up to the total. A line that bears no tax says why: by amounts of zero with category and
        source, or by its reason. The same request gets the same figures for as long as the answer is valid. An
        answer that was worked out in place of the one who should have is marked `degraded`.

        Raises:
            Invalid: the request can't be answered as it is, now or later: an unknown place, class or currency.
            NotSupported: the prices include tax, or the place is in a country that it doesn't know.
            RateLimited, Transient, AuthFailed, Unknown: there was no answer.
        """
        ...

    def commit(self, document: TaxDocument, *, key: str) -> MaybeAwaitable[TaxReceipt]:
        """Keep *document* for the tax return, as it was issued: its figures stand, nothing is worked out again.

        The same *key* with the same document twice keeps it once, and answers the same.

        Raises:
            Conflict: the key came with another document, or the number is another document's; that one stands.
            RateLimited, Transient, AuthFailed: the document was certainly not taken.
            Unknown: it may have been kept.
        """
        ...

    def void(self, number: str, *, key: str) -> MaybeAwaitable[TaxReceipt]:
        """Take the document of that *number* back whole, as if it had never been issued; twice is once.

        Raises:
            NotFoundOutside: it keeps no such document.
            Declined: part of it was refunded already; it stands as it was.
            RateLimited, Transient, AuthFailed, Unknown: as of `commit`.
        """
        ...

    def refund(self, number: str, slices: Sequence[TaxSlice], *, key: str) -> MaybeAwaitable[TaxReceipt]:
        """Keep that *slices* of the document went back, with exactly these taxes.

        The same *key* with the same slices twice takes them back once, and answers the same.

        Raises:
            NotFoundOutside: it keeps no such document.
            Invalid: more would go back of a line or of one of its taxes than is left, or there is no such line.
            Declined: the document is void.
            Conflict: the key came with other slices. In all these cases nothing was taken back.
            RateLimited, Transient, AuthFailed, Unknown: as of `commit`.
        """
        ...

    def validate_id(self, country: str, tax_id: str) -> MaybeAwaitable[IdAnswer]:
        """Whether *tax_id* is one that *country* gave out and that is valid now.

        It never stands in the way of a sale: where the register doesn't answer, the state is `PENDING`, and asking
        again later tells. What can't be an id is `INVALID`, never an error.

        Raises:
            AuthFailed: the register refused our credentials.
        """
        ...
