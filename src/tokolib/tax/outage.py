"""What a sale does when its tax provider is down: it waits, goes by a table, or goes by it and asks again."""

from collections.abc import Sequence
from enum import StrEnum

import attrs

from tokolib.effects.model import EffectState
from tokolib.effects.outside import OutsideError
from tokolib.tax.errors import TaxUnavailable
from tokolib.tax.estimates import TaxEstimate
from tokolib.tax.model import TaxAmount


class TaxOutage(StrEnum):
    """What a sale does whose tax a provider was to work out, when the provider is down."""

    BLOCK = "block"
    """It waits: nothing is quoted without the provider's answer."""
    FALLBACK_TABLE = "fallback_table"
    """It goes by the shop's own table, and says that it did."""
    ASK_AGAIN = "ask_again"
    """The same, and the provider is asked again before money is captured."""


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


def must_be_asked_again(policy: TaxOutage, estimate: TaxEstimate) -> bool:
    """Whether the provider has to answer before money is captured for what rests on *estimate*."""
    return estimate.degraded and policy is TaxOutage.ASK_AGAIN


@attrs.frozen
class Recheck:
    """What came of asking again."""

    agrees: bool
    """Whether capture may go on with the figures that the customer saw."""
    difference: int
    """What the provider's tax is above the one that was charged, in minor units."""
    lines: tuple[str, ...]
    """The ids of the lines that differ."""


def recheck(charged: TaxEstimate, answer: TaxEstimate) -> Recheck:
    """The provider's late *answer* beside what was *charged*: by line, and by each tax in it.

    Raises:
        KeyError: the answer is about other lines.
    """
    differing = tuple(
        [line.id for line in charged.lines if _figures(answer.line(line.id).taxes) != _figures(line.taxes)]
    )
    return Recheck(not differing, answer.total - charged.total, differing)


def _figures(taxes: Sequence[TaxAmount]) -> list[tuple[str, str, int]]:
    return sorted((each.jurisdiction, each.code, each.amount) for each in taxes)
