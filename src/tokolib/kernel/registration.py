"""The seller's registrations for tax."""

from datetime import date

import attrs

from tokolib.kernel.errors import Fault
from tokolib.kernel.schemes import scheme_fault, scheme_of
from tokolib.kernel.setting_faults import day_fault, refuse_faults, tax_id_fault


@attrs.frozen(cache_hash=True)
class Registration:
    """From when until when the seller is registered for a tax: in a country, by the ordinary way or a scheme.

    Raises:
        InvalidInput: no such country or scheme, days that are none, or an end that isn't after the beginning.
    """

    country: str
    """ISO 3166-1 alpha-2."""
    since: date
    until: date | None = None
    """The first day on which it no longer holds."""
    scheme: str = attrs.field(default="", converter=scheme_of)
    """Empty for the ordinary way; `oss`, `ioss`, `over_threshold`, `ppnbm`; in the US and Canada the code of a state.
    Case doesn't count.
    """
    number: str = ""
    """As the state gave it, with its prefix: the invoices that charge its tax state it."""

    def __attrs_post_init__(self) -> None:
        refuse_faults((scheme_fault(self.country, self.scheme), *_term_faults(self), tax_id_fault(self, "number")))

    def holds(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= on and (self.until is None or on < self.until)


def _term_faults(values: Registration) -> tuple[Fault | None, ...]:
    since: date | None = values.since
    faults = day_fault(values, "since"), day_fault(values, "until")
    if since is None:
        faults = (Fault("since", "kernel.wrong_type", "must be a date", "None"), faults[1])
    if faults != (None, None) or values.until is None or values.until > values.since:
        return faults
    return (Fault("until", "kernel.not_after", "must be later than since", values.until.isoformat()),)
