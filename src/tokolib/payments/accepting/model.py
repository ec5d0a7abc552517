"""What a shop says of a tender: whether it is offered, within which limits, and which orders are a risk."""

from enum import StrEnum

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.fields import is_money_or_none
from tokolib.kernel.money import Money


class RiskLevel(StrEnum):
    """What becomes of an order that is held to be a risk; the worst of all that are found counts."""

    ALLOW = "allow"
    """Accepted; the reason is told."""
    FEE = "fee"
    """Accepted; the fact `risk` says `fee`, which a charge rule may ask for."""
    REFUSE = "refuse"


@attrs.frozen
class Risk:
    """A mark of risk: orders of which it is known that its conditions hold."""

    name: str
    """As the customer reads it, such as `pesanan COD pertama di atas Rp1.000.000`."""
    when: Predicate
    """Over the facts of the whole order; what the host knows of a customer is told as facts that begin with `x.`."""
    level: RiskLevel = RiskLevel.REFUSE


@attrs.frozen
class TenderTerms:
    """Whether a tender is offered, and to whom."""

    offered: bool = True
    at_least: Money | None = attrs.field(default=None, validator=is_money_or_none)
    """Only from this total on, all included."""
    at_most: Money | None = attrs.field(default=None, validator=is_money_or_none)
    """Only up to this total, all included."""
    conditions: Predicate = ALWAYS
    """Over the facts of the whole order."""
    risks: tuple[Risk, ...] = ()
    currency: str = ""
    """The currency of its bounds, and of bare minor units in conditions and risks: it is offered for no other.

    Empty where no amount is named, so that it is offered for every currency; filled in when the terms are put.
    """


@attrs.frozen
class TenderPolicy:
    """What the shop says of one tender; of a tender without one, that it is offered to everybody."""

    id: str
    """The tender's name."""
    version: int
    terms: TenderTerms
