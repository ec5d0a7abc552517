"""First expired, first out: which lots leave, as a rule over values."""

from collections.abc import Iterable, Mapping
from datetime import date

import attrs


@attrs.frozen
class Candidate:
    """A lot at a place, and how many steps of it are there."""

    code: str
    expires_on: date | None
    blocked: str
    there: int

    def is_good(self, on: date) -> bool:
        """Whether it may leave, when it must be usable *on* that day still."""
        return not self.blocked and (self.expires_on is None or self.expires_on >= on)


@attrs.frozen
class Choice:
    """Which lots are chosen, in steps by code, and how many steps are missing."""

    steps: Mapping[str, int]
    missing: int


def first_expired_first_out(candidates: Iterable[Candidate], wanted: int) -> Choice:
    """The choice out of *candidates*, in their order: the first to expire first, then by code."""
    steps: dict[str, int] = {}
    for each in candidates:
        if wanted and (taken := min(each.there, wanted)) > 0:
            steps[each.code] = taken
            wanted -= taken
    return Choice(steps, wanted)
