"""Which promotions may stand side by side."""

from tokolib.pricing.lost import Why
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.model import Terms


def conflict(candidate: Candidate, winner: Candidate) -> Why | None:
    """Why *candidate* can't stand beside *winner*; None when it can."""
    terms, other = candidate.promotion.terms, winner.promotion.terms
    if terms.exclusive or other.exclusive:
        return Why.EXCLUSIVE
    if terms.lane and terms.lane == other.lane:
        return Why.LANE
    if not (_admits(terms, other) and _admits(other, terms)):
        return Why.NOT_COMBINED
    above, below = (winner, candidate) if winner.rule.rank < candidate.rule.rank else (candidate, winner)
    if above.promotion.terms.stop and below is not above:
        return Why.BLOCKED
    return None


def _admits(terms: Terms, other: Terms) -> bool:
    return terms.combines_with is None or other.lane in terms.combines_with
