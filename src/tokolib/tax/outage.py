"""What a sale does when its tax provider is down: it waits, or goes by a table that stands in."""

import attrs

from tokolib.effects.model import EffectState
from tokolib.effects.outside import OutsideError
from tokolib.kernel.policies import TaxOutage
from tokolib.tax.errors import TaxUnavailable
from tokolib.tax.estimates import TaxEstimate


def is_outage(error: OutsideError) -> bool:
    """Whether *error* says that nobody answered. A definite no is an answer: the request itself is wrong."""
    return error.means is not EffectState.FAILED


def standing_in(policy: TaxOutage, error: OutsideError, fallback: TaxEstimate | None) -> TaxEstimate:
    """The estimate that a quote rests on although the provider failed with *error*: the table's, marked `degraded`.

    Raises:
        TaxUnavailable: the policy is to block, or there is no *fallback*.
        OutsideError: *error* itself, when it is a definite no.
    """
    if not is_outage(error):
        raise error
    if policy is TaxOutage.BLOCK or fallback is None:
        raise TaxUnavailable(policy, error.failure) from error
    return attrs.evolve(fallback, degraded=True)
