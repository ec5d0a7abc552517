"""What asking for exchange rates refuses."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class RateNotFound(TokolibError):
    """No rate of this kind was published for the day or shortly before it; none is made up."""

    code: ClassVar[str] = "pricing.rate_not_found"
    status: ClassVar[int] = 404
    base: str
    quote: str
    on: date
    kind: str
    max_age_days: int
    """How old a rate may be, in days."""
    latest: date | None = None
    """The day of the last one before, which is too old; None when there is none."""

    def __str__(self) -> str:
        what = f"no {self.kind} rate from {self.base} to {self.quote} on {self.on}"
        if self.latest is None:
            return f"{what}, or before"
        return f"{what}: the last one, of {self.latest}, is older than {self.max_age_days} days"

    @property
    def hint(self) -> str:
        return "load the rates of that day, or allow older ones by max_age_days="


@attrs.frozen
class NoExchangeRates(TokolibError):
    """The shop was opened without a source of exchange rates; nobody was asked, and nothing was changed."""

    code: ClassVar[str] = "pricing.no_exchange_rates"
    status: ClassVar[int] = 409

    def __str__(self) -> str:
        return "the shop has no source of exchange rates"

    @property
    def hint(self) -> str:
        return "open it with one: tokolib.open(..., exchange=TableExchangeRates(...)), or put_list(rate=)"
