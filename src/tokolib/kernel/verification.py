"""Which orders a person looks at before they ship: rules that a shop sets, as data."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults, name_faults
from tokolib.kernel.money import Money

MOST_RULES: Final = 50
LONGEST_HOURS: Final = 87_600
"""Ten years of 365 days."""


class Lapse(StrEnum):
    """What becomes of a block whose time is over, and that nobody has decided on."""

    LIFT = "lift"
    """It is lifted: goods may leave."""
    CANCEL = "cancel"
    """The order is cancelled; where goods have left, a person has to decide."""
    ESCALATE = "escalate"
    """It stands, and waits in the review queue."""


def _stripped(text: str) -> str:
    """*text* without blanks around it, as `orders.unblock` will read it; what isn't text is left for the check."""
    try:
        return text.strip()
    except AttributeError:
        return text


@attrs.frozen(kw_only=True)
class VerificationRule:
    """Stops an order as it is placed, where everything that the rule names holds for it.

    Raises:
        InvalidInput: a code, reason or owner that can't be kept, an amount of nothing, hours that are none, a name
            that is none, or a rule that names nothing and so would stop every order.
    """

    code: str = attrs.field(converter=_stripped)
    """The code of the block that it sets."""
    reason: str = attrs.field(converter=_stripped)
    """Why, for whoever has to decide."""
    owner: str = attrs.field(default="", converter=_stripped)
    """Who has to decide, in the shop's own words; empty where anybody may."""
    above: Money | None = None
    """Only orders in this currency that cost more, all included."""
    tenders: tuple[str, ...] = ()
    """Only orders that are to be paid by one of these; empty for all."""
    channels: tuple[str, ...] = ()
    """Only orders of one of these channels; empty for all."""
    first_order: bool = False
    """Only where the customer has had no order placed before; a guest counts as new."""
    new_address: bool = False
    """Only where the goods go to an address to which none of the customer's earlier orders went."""
    hours: int | None = None
    """For how long the block stands; None until somebody lifts it."""
    then: Lapse = Lapse.ESCALATE
    """What becomes of it after that."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        yield from line_faults("code", self.code, required=True)
        yield from line_faults("reason", self.reason, required=True)
        yield from line_faults("owner", self.owner)
        above: object = self.above
        if above is not None and (not isinstance(above, Money) or above.minor_units < 0):
            yield Fault("above", "kernel.not_positive", "must be an amount of zero or more, or None", shown(above))
        hours: object = self.hours
        if hours is not None and (type(hours) is not int or not 0 < hours <= LONGEST_HOURS):
            message = f"must be a whole number of 1 to {LONGEST_HOURS}, or None"
            yield Fault("hours", "kernel.not_positive", message, shown(hours))
        then: object = self.then
        if not isinstance(then, Lapse):
            yield Fault("then", "kernel.wrong_type", "must be a Lapse", shown(then))
        for name in ("tenders", "channels"):
            yield from name_faults(name, getattr(self, name))
        if above is None and not (self.tenders or self.channels or self.first_order or self.new_address):
            yield Fault("above", "kernel.no_condition", "or another condition must be given", shown(above))

    @property
    def holds_for(self) -> timedelta | None:
        """For how long the block stands; None until somebody lifts it."""
        return None if self.hours is None else timedelta(hours=self.hours)


def verification_faults(rules: object, sold_in: tuple[str, ...]) -> Iterator[Fault]:
    """What is wrong with the *rules* of a shop that sells in the currencies *sold_in*."""
    path = "verification"
    if not isinstance(rules, tuple) or not all(isinstance(each, VerificationRule) for each in rules):
        yield Fault(path, "kernel.wrong_type", "must be a tuple of VerificationRule", shown(rules))
        return
    if len(rules) > MOST_RULES:
        yield Fault(path, "kernel.too_many", f"must be at most {MOST_RULES} rules", str(len(rules)))
    known: list[tuple[str, str]] = []
    for at, rule in enumerate(rules):
        if (name := (rule.code, rule.owner)) in known:
            message = "is of a code and owner that were named before"
            yield Fault(f"{path}[{at}]", "kernel.repeated", message, shown(rule.code))
        known.append(name)
        if rule.above is not None and rule.above.currency.code not in sold_in:
            message = "must be of a currency that the shop sells in"
            yield Fault(f"{path}[{at}].above", "kernel.currency_not_accepted", message, rule.above.currency.code)
