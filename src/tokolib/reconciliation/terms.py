"""How patient and how exact a reconciliation is: what shops agree on with their providers and banks."""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.reconciliation.cod import CodTerms

_LEAST: Final = {
    "tolerance": 0,
    "settled_within": 0,
    "refunded_within": 0,
    "remitted_within": 0,
    "paid_out_within": 0,
    "most_parts": 1,
    "most_tries": 1,
}


@attrs.frozen(kw_only=True)
class ReconcileTerms:
    """How patient and how exact a reconciliation is.

    Raises:
        InvalidInput: a number that can't be; all of them are named.
    """

    tolerance: int = 0
    """Minor units by which two sides may differ and still be one: the difference is `rounding`."""
    settled_within: int = 3
    """Days after which a payment should stand in a report."""
    refunded_within: int = 14
    """Days after which a refund should."""
    remitted_within: int = 7
    """Days after which a courier should have remitted what it collected."""
    paid_out_within: int = 3
    """Days after the settlement, within which a payout reaches the bank."""
    most_parts: int = 6
    """At most so many payouts, or rows, are tried as the sum of one bank line that names none."""
    most_tries: int = 20_000
    """At most so many sums are tried for one bank line; a search that ends here is `not_unique`."""
    cod: CodTerms | None = None
    """What was agreed with the courier about the cash that it collects; None: what it remits is what came in, and the
    customer still owes the rest.
    """
    ages: tuple[int, ...] = (1, 3, 7, 14, 30)
    """The days that ages are grouped by: up to 1, up to 3, …, and beyond."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        code = "reconciliation.bad_terms"
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if type(value) is not int or value < least:
                yield Fault(name, code, f"must be a whole number, {least} or more", shown(value))
        ages: object = self.ages
        whole = isinstance(ages, tuple) and all(type(each) is int and each >= 0 for each in ages)
        if not whole or not self.ages or list(self.ages) != sorted(set(self.ages)):
            yield Fault("ages", code, "must be whole days, each more than the one before", shown(self.ages))
