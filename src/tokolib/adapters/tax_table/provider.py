"""Answers of a tax provider, worked out from a table: no network, no account, and nothing kept for a tax return."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final, NoReturn

from tokolib.adapters.tax_table.rates import TaxTable
from tokolib.effects.outside import Invalid, NotSupported
from tokolib.kernel.clock import Clock
from tokolib.kernel.clock import zone as time_zone
from tokolib.kernel.explain import reason
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.schemes import STATES
from tokolib.tax.certificates import certified
from tokolib.tax.errors import TaxStateUnknown
from tokolib.tax.estimates import (
    EstimatedLine,
    IdAnswer,
    RequestLine,
    TaxDocument,
    TaxEstimate,
    TaxReceipt,
    TaxRequest,
    TaxSlice,
)
from tokolib.tax.model import NONE, Assessment, Component
from tokolib.tax.ports import TaxCan, TaxCapabilities
from tokolib.tax.settle import Taxable, settle

ITEM_BASIS: Final = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE, together=True)
"""State and local taxes of a line as one sum, half up (SSUTA s. 324: to the third decimal, up when it is above 4)."""
INVOICE_BASIS: Final = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.DOCUMENT, together=True)
"""The same for the whole document: sellers choose (SSUTA s. 324(B))."""

_FILES_NOTHING: Final = "a table keeps no documents: file the return from your own invoices"
_LACKS: Final = {
    TaxCan.COMMIT: _FILES_NOTHING,
    TaxCan.REFUND: _FILES_NOTHING,
    TaxCan.VALIDATE_IDS: "a table knows no register: tokolib.adapters.tax_ids checks digits offline",
}
_UNTAXED: Final = reason("tax.assessed")


class TableTaxProvider:
    """A `TaxProvider` that answers from a `TaxTable`.

    A seller charges tax in the states it is registered in (nexus): by `Registration("US", since, scheme="CA")`. A
    shop keeps it for itself, or as one that *stands_in* for a service that is down; then its answers are `degraded`.
    """

    def __init__(
        self,
        table: TaxTable,
        *,
        clock: Clock,
        zone: str,
        name: str = "table",
        rounding: RoundingProfile = ITEM_BASIS,
        lifetime: timedelta = timedelta(days=1),
        stands_in: bool = False,
    ) -> None:
        """*zone* is the shop's, in which days begin; *lifetime* is how long a quote may rest on an answer."""
        self._table = table
        self._clock = clock
        self._zone = time_zone(zone)
        self._name = name
        self._rounding = rounding
        self._lifetime = lifetime
        self._stands_in = stands_in

    @property
    def name(self) -> str:
        """The name under which the shop knows it."""
        return self._name

    @property
    def capabilities(self) -> TaxCapabilities:
        """Estimates for the countries of its table, certificates and included prices too."""
        return TaxCapabilities(countries=self._table.countries, lacks=_LACKS)

    def estimate(self, request: TaxRequest) -> TaxEstimate:
        """The tax of *request*, by the rates of its destination.

        Raises:
            NotSupported: the table has no rates of that country.
            TaxStateUnknown: taxes there go by the state, and the place doesn't say which.
            Invalid: the seller is registered in that state and the table has no rates of it, or the place doesn't say
                which county's tax is due.
        """
        self._check_place(request)
        items = [self._taxable(request, line) for line in request.lines]
        taxes = settle(items, False, self._rounding)
        lines = tuple(
            EstimatedLine(id=line.id, taxes=own, reason="" if own else self._why(request, line))
            for line, own in zip(request.lines, taxes, strict=True)
        )
        now = self._clock.now()
        return TaxEstimate(
            lines=lines,
            total=sum(line.tax for line in lines),
            source=f"{self._name}: {self._table.source}",
            as_of=now,
            valid_until=self._valid_until(request, now),
            degraded=self._stands_in,
        )

    def commit(self, document: TaxDocument, *, key: str) -> TaxReceipt:
        """Not supported."""
        self._lacking(TaxCan.COMMIT)

    def void(self, number: str, *, key: str) -> TaxReceipt:
        """Not supported."""
        self._lacking(TaxCan.COMMIT)

    def refund(self, number: str, slices: Sequence[TaxSlice], *, key: str) -> TaxReceipt:
        """Not supported."""
        self._lacking(TaxCan.REFUND)

    def validate_id(self, country: str, tax_id: str) -> IdAnswer:
        """Not supported."""
        self._lacking(TaxCan.VALIDATE_IDS)

    def _lacking(self, capability: TaxCan) -> NoReturn:
        raise NotSupported(self._name, capability)

    def _check_place(self, request: TaxRequest) -> None:
        place = request.situation.destination
        if place.country not in self._table.countries:
            raise NotSupported(self._name, f"tax in {place.country}")
        if not self._table.knows(place):
            if place.country in STATES and place.region not in STATES[place.country]:
                raise TaxStateUnknown(self._name, place.country)
            if not self._is_registered(request):
                return  # what the rates would be doesn't matter
            raise Invalid(self._name, "destination.region", f"no rates of {place.country}-{place.region or '?'}")
        if self._is_registered(request) and self._table.needs_county(place):
            message = f"{place.region} has taxes of counties; {place.postal_code or 'no postal code'} doesn't say which"
            raise Invalid(self._name, "destination.county", message)

    def _taxable(self, request: TaxRequest, line: RequestLine) -> Taxable:
        assessment = Assessment(self._components(request, line), self._rounding, _UNTAXED)
        return Taxable(line.amount, assessment, line.units, line.includes_tax)

    def _components(self, request: TaxRequest, line: RequestLine) -> tuple[Component, ...]:
        place = request.situation.destination
        if line.tax_class == NONE or not self._is_registered(request):
            return ()
        rates = self._table.rates_in(place, line.tax_class, request.on)
        found = tuple(rate.component() for rate in rates)
        where = f"{place.country}-{place.region}"
        return certified(request.situation.buyer.certificates, found, where, line.tax_class, request.on).components

    def _is_registered(self, request: TaxRequest) -> bool:
        place = request.situation.destination
        return request.situation.is_registered(place.country, request.on, place.region)

    def _why(self, request: TaxRequest, line: RequestLine) -> str:
        if line.tax_class == NONE:
            return "tax.outside"
        return "tax.no_rate" if self._is_registered(request) else "tax.not_registered"

    def _valid_until(self, request: TaxRequest, now: datetime) -> datetime:
        until = now + self._lifetime
        change = self._table.next_change([request.situation.destination], request.on)
        if change is None:
            return until
        return max(min(until, datetime.combine(change, time(), self._zone).astimezone(UTC)), now)
