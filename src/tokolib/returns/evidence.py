"""What shows the state of goods: references to what the host keeps, never the bytes."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.lines import line
from tokolib.kernel.unit import Unit


@attrs.frozen
class Evidence:
    """What shows it: a key or an address of the host's."""

    reference: str
    kind: str = "photo"
    note: str = ""
    by: str = ""
    """Who showed it; filled in as it is kept."""
    at: datetime | None = None
    """When; filled in as it is kept."""


def checked(evidence: Sequence[Evidence], *, required: bool = False) -> tuple[Evidence, ...]:
    """*evidence* that can be kept; by whom and when is not for the caller to say.

    Raises:
        InvalidInput: a reference, kind or note that can't be kept; or none at all where it is *required*.
    """
    if required and not evidence:
        raise InvalidInput((Fault("evidence", "returns.no_evidence", "must name something", "()"),))
    return tuple(
        Evidence(
            line("evidence.reference", each.reference, required=True),
            line("evidence.kind", each.kind, required=True),
            line("evidence.note", each.note),
        )
        for each in evidence
    )


def noted(unit: Unit, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """*evidence* with who shows it, and when."""
    return tuple(attrs.evolve(each, by=str(unit.ctx.actor), at=unit.now) for each in evidence)
