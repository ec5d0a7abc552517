"""What a check of the books finds."""

from typing import Final

import attrs

PROMISES: Final = {
    "M1": "every posting has at least two legs in one currency, and they sum to zero",
    "M2": "every rupiah of an order's total is in exactly one component",
    "M3": "what is spread over lines adds up to what was spread",
    "M4": "money in and out is the sum of the payments' operations, and the books say the same",
    "M5": "never more goes back than came in, pending refunds counted",
    "M6": "a refund is the sum of its units' stored shares",
    "S1": "on hand is the sum of the movements",
    "S2": "held is the sum of the holds that stand",
    "S3": "nothing is held that isn't there",
    "S4": "each taken hold is exactly one shipment movement, and each hold is known to its order",
    "S5": "no ended order holds stock; restocked ≤ returned ≤ shipped ≤ ordered",
    "O1": "replaying the history gives the stored state, and every step was allowed",
    "O2": "goods left only when paid or on credit terms, and paid means captured",
    "O3": "an order is the snapshot of its quote",
    "X2": "one idempotency key, one result",
    "X4": "the uses of a promotion or coupon are those of its orders, each once",
    "I1": "document numbers are distinct and without a gap, one for each document",
    "I2": "a document's lines and charges add up to its totals, and its breakdown to its tax",
    "I3": "a document states the figures of its order, a credit note the shares of what came back",
    "I4": "credit notes take no more of an invoice than it states, of any category",
    "E1": "each event has exactly one outbox row",
    "R1": "every stored row is sound: readable, unaltered, and filed under its own columns",
}
"""The promises by id; their numbers are those of the reliability page in the docs."""


@attrs.frozen
class Violation:
    """One broken promise: which, in which row, what was found, and the way to repair it."""

    promise: str
    row: str
    found: str
    repair: str

    def __str__(self) -> str:
        return f"{self.promise} {self.row}: {self.found} ({PROMISES[self.promise]}); {self.repair}"


@attrs.frozen
class Report:
    """The result of a check: what was looked at, and what is broken."""

    checked: tuple[tuple[str, int], ...]
    """Rows by kind."""
    violations: tuple[Violation, ...]
    more: int = 0
    """Violations beyond those listed."""

    @property
    def ok(self) -> bool:
        """Whether every promise holds."""
        return not self.violations

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.ok:
            return "verify: OK"
        broken = ", ".join(sorted({violation.promise for violation in self.violations}))
        return f"verify: FAILED ({broken})"
