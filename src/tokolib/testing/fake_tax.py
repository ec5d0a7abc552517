"""A tax service with switches for what goes wrong between a shop and it: `FakeTaxProvider`, `AsyncFakeTaxProvider`.

It estimates by a table of its own, keeps documents as a real service does, and knows the ids that a test registers.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.adapters.tax_table import TableTaxProvider, TaxTable, read_tax_rates
from tokolib.effects.outside import Conflict, Declined, Invalid, NotFoundOutside, OutsideError, Transient, Unknown
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import Clock
from tokolib.tax.estimates import IdAnswer, TaxDocument, TaxEstimate, TaxReceipt, TaxRequest, TaxSlice, overdrawn
from tokolib.tax.ports import TaxCapabilities
from tokolib.tax.situation import IdState

NAME: Final = "fake-tax"
RATES: Final = read_tax_rates(
    "state,level,name,county,postal_codes,tax_class,rate,since,source\n"
    "CA,state,California,,,,6,2013-01-01,RTC § 6051 and 6201\n"
    "CA,state,California,,,exempt,0,1970-01-01,RTC § 6359 (food)\n"
    "CA,county,Alameda,Alameda,,,0.25,1970-01-01,RTC § 7202\n"
    "CA,county,Alameda,Alameda,,exempt,0,1970-01-01,RTC § 6359 (food)\n"
    "CA,district,Alameda County Transportation,Alameda,94501-94621,,1,2022-07-01,RTC § 7251\n"
    "CA,district,Alameda County Transportation,Alameda,94501-94621,exempt,0,1970-01-01,RTC § 6359 (food)\n",
    named="rates for tests, 2026",
)
"""Enough for a test; not the rates of any year."""


@attrs.define
class TaxSwitches:
    """What goes wrong next. Counters count down with each call that they spoil."""

    unreachable: int = 0
    """The next calls certainly don't arrive."""
    time_out_before: int = 0
    """The next calls time out and were not taken."""
    time_out_after: int = 0
    """The next calls are taken, and their answers lost."""
    refusals: int = 0
    """The next calls are answered with a definite no; what was taken before and is known isn't."""
    register_away: bool = False
    """The register of tax ids doesn't answer: what it is asked is pending."""


@attrs.define
class _Kept:
    """One document with all that happened to it."""

    document: TaxDocument
    taken: list[TaxSlice] = attrs.field(factory=list)
    void: bool = False

    def receipt(self) -> TaxReceipt:
        refunded = sum(sum(each.taxes) for each in self.taken)
        tax = 0 if self.void else self.document.tax - refunded
        return TaxReceipt(number=self.document.number, reference=f"ft-{self.document.number}", tax=tax, void=self.void)


class FakeTaxProvider:
    """The blocking provider."""

    def __init__(self, clock: Clock, *, table: TaxTable = RATES, zone: str = "America/Los_Angeles") -> None:
        self.switches = TaxSwitches()
        self.ids: dict[tuple[str, str], str] = {}
        """The ids that the register knows, with the names of their holders."""
        self.calls: list[str] = []
        """The names of the methods that were called, spoilt calls too."""
        self._clock = clock
        self._estimates = TableTaxProvider(table, clock=clock, zone=zone, name=NAME)
        self._kept: dict[str, _Kept] = {}
        self._answers: dict[str, tuple[str, TaxReceipt]] = {}

    @property
    def books(self) -> dict[str, TaxReceipt]:
        """What it counts by now, by the numbers of the documents that it keeps."""
        return {number: kept.receipt() for number, kept in self._kept.items()}

    def kept(self, number: str) -> tuple[TaxDocument, tuple[TaxSlice, ...]]:
        """A document as it was committed, and all that was taken back of it.

        Raises:
            NotFoundOutside: it keeps no such document.
        """
        found = self._find(number)
        return found.document, tuple(found.taken)

    @property
    def name(self) -> str:
        """`fake-tax`."""
        return NAME

    @property
    def capabilities(self) -> TaxCapabilities:
        """Everything, for the countries of its table."""
        return TaxCapabilities(countries=self._estimates.capabilities.countries)

    def estimate(self, request: TaxRequest) -> TaxEstimate:
        """By its table."""
        self._arrive("estimate", request.reference)
        answer = self._estimates.estimate(request)
        self._answer(request.reference)
        return answer

    def commit(self, document: TaxDocument, *, key: str) -> TaxReceipt:
        """Keep it."""
        self._arrive("commit", key)
        body = fingerprint("commit", document)
        if (known := self._known(key, body)) is not None:
            return known
        kept = self._kept.get(document.number)
        if kept is not None and kept.document != document:
            raise Conflict(NAME, key, f"{document.number} is the number of another document")
        return self._done(key, body, self._kept.setdefault(document.number, _Kept(document)))

    def void(self, number: str, *, key: str) -> TaxReceipt:
        """Take it back whole."""
        self._arrive("void", key)
        body = fingerprint("void", number)
        if (known := self._known(key, body)) is not None:
            return known
        kept = self._find(number)
        if kept.taken:
            raise Declined(NAME, f"part of {number} was refunded already")
        kept.void = True
        return self._done(key, body, kept)

    def refund(self, number: str, slices: Sequence[TaxSlice], *, key: str) -> TaxReceipt:
        """Take slices back."""
        self._arrive("refund", key)
        body = fingerprint("refund", number, list(slices))
        if (known := self._known(key, body)) is not None:
            return known
        kept = self._find(number)
        if kept.void:
            raise Declined(NAME, f"{number} is void")
        for fault in overdrawn(kept.document, slices, kept.taken):
            raise Invalid(NAME, fault.path, fault.message)
        kept.taken += slices
        return self._done(key, body, kept)

    def validate_id(self, country: str, tax_id: str) -> IdAnswer:
        """By the ids that the test put into `ids`."""
        self.calls.append("validate_id")
        now = self._clock.now()
        if self.switches.register_away or self._is_down():
            return IdAnswer(state=IdState.PENDING, as_of=now)
        name = self.ids.get((country, tax_id))
        return IdAnswer(state=IdState.INVALID if name is None else IdState.VALID, as_of=now, name=name or "")

    def _find(self, number: str) -> _Kept:
        if number not in self._kept:
            raise NotFoundOutside(NAME, number)
        return self._kept[number]

    def _known(self, key: str, body: str) -> TaxReceipt | None:
        if key not in self._answers:
            return None
        known, receipt = self._answers[key]
        if known != body:
            raise Conflict(NAME, key, "it came with another request")
        return receipt

    def _done(self, key: str, body: str, kept: _Kept) -> TaxReceipt:
        self._answers[key] = body, kept.receipt()
        self._answer(key)
        return self._answers[key][1]

    def _is_down(self) -> bool:
        try:
            self._arrive("", "")
        except OutsideError:
            return True
        return False

    def _arrive(self, method: str, key: str) -> None:
        if method:
            self.calls.append(method)
        if self.switches.unreachable:
            self.switches.unreachable -= 1
            raise Transient(NAME, "no route to the service")
        if self.switches.time_out_before:
            self.switches.time_out_before -= 1
            raise Unknown(NAME, key, "no answer within 10 s")
        if self.switches.refusals and key not in self._answers:
            self.switches.refusals -= 1
            raise Declined(NAME, "the account is closed")

    def _answer(self, key: str) -> None:
        if self.switches.time_out_after:
            self.switches.time_out_after -= 1
            raise Unknown(NAME, key, "no answer within 10 s")


class AsyncFakeTaxProvider:
    """The same for `AsyncShop`: its calls are awaited."""

    def __init__(
        self,
        clock: Clock,
        *,
        table: TaxTable = RATES,
        zone: str = "America/Los_Angeles",
        inner: FakeTaxProvider | None = None,
    ) -> None:
        """*inner* is one whose books it keeps on, as a next process reaches the same service; else it has new ones."""
        self.inner = inner or FakeTaxProvider(clock, table=table, zone=zone)

    @property
    def name(self) -> str:
        """`fake-tax`."""
        return self.inner.name

    @property
    def capabilities(self) -> TaxCapabilities:
        """As of `FakeTaxProvider`."""
        return self.inner.capabilities

    async def estimate(self, request: TaxRequest) -> TaxEstimate:
        """By its table."""
        return self.inner.estimate(request)

    async def commit(self, document: TaxDocument, *, key: str) -> TaxReceipt:
        """Keep it."""
        return self.inner.commit(document, key=key)

    async def void(self, number: str, *, key: str) -> TaxReceipt:
        """Take it back whole."""
        return self.inner.void(number, key=key)

    async def refund(self, number: str, slices: Sequence[TaxSlice], *, key: str) -> TaxReceipt:
        """Take slices back."""
        return self.inner.refund(number, slices, key=key)

    async def validate_id(self, country: str, tax_id: str) -> IdAnswer:
        """By the ids that the test put into `inner.ids`."""
        return self.inner.validate_id(country, tax_id)
