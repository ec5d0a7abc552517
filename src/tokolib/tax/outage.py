"""What a sale does when its tax provider is down: it waits, or a table stands in, for good or until it is placed."""

import attrs

from tokolib.effects.model import EffectState
from tokolib.effects.outside import Conflict, NotFoundOutside, OutsideError
from tokolib.kernel.policies import TaxOutage
from tokolib.tax.errors import TaxUnavailable
from tokolib.tax.estimates import TaxEstimate


def is_outage(error: OutsideError) -> bool:
    """Whether *error* says that nobody answered. A definite no is an answer: the request itself is wrong."""
    return error.means is not EffectState.FAILED and not isinstance(error, NotFoundOutside | Conflict)


def may_stand_in(policy: TaxOutage, *, placing: bool) -> bool:
    """Whether figures that stand in for the provider's will do: for a quote, or for *placing* an order."""
    match policy:
        case TaxOutage.BLOCK:
            return False
        case TaxOutage.FALLBACK_TABLE:
            return True
        case TaxOutage.ASK_AGAIN:
            return not placing


def standing_in(
    policy: TaxOutage, error: OutsideError, fallback: TaxEstimate | None, *, placing: bool = False
) -> TaxEstimate:
    """The estimate that a quote, or *placing* it, rests on although the provider failed with *error*: the table's,
    marked `degraded`.

    Raises:
        TaxUnavailable: the policy lets nothing stand in, or there is no *fallback*.
        OutsideError: *error* itself, when it is a definite no.
    """
    if not is_outage(error):
        raise error
    if not may_stand_in(policy, placing=placing) or fallback is None:
        raise TaxUnavailable(policy, error.failure, placing) from error
    return attrs.evolve(fallback, degraded=True)
