"""What may come back: decided by the policy that the order was placed under, from facts alone.

A window counts from the day on which the goods arrived. Where nobody has told of that, a rule's counts from the day on
which the order was placed, and a law's has not begun to run: nobody has shown that the customer has the goods.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import attrs

from tokolib.fulfilment.model import Shipment
from tokolib.kernel.clock import day
from tokolib.kernel.return_policy import ConsumerLaw
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.tax.situation import CONSUMER, BuyerKind

_CONSUMERS: Final = (BuyerKind.CONSUMER, BuyerKind.VISITOR)


class Because(StrEnum):
    """Why units may come back, or may not."""

    NO_RULE = "no_rule"
    """No rule of the policy is for them."""
    WITHIN_WINDOW = "within_window"
    FAULTLESS = "faultless"
    """A rule is against it, and the customer can do nothing for the reason."""
    LAW = "law"
    """A rule is against it, and a law gives the customer longer."""
    FINAL_SALE = "final_sale"
    WINDOW_OVER = "window_over"


@attrs.frozen(kw_only=True)
class Eligibility:
    """Whether some units of a line may come back, until when, and by what."""

    run: Run
    sku: str
    may: bool
    because: Because
    rule: str
    """The code of the policy's rule; empty where none is for them."""
    law: str = ""
    """The code of the law that lets them; empty where none has to."""
    since: date | None = None
    """The day from which the window counts; None where none does."""
    arrived: bool = False
    """Whether that is the day on which they arrived; else it is the one on which the order was placed."""
    until: date | None = None
    """The last day on which they may come back; None where there is none, or it isn't known yet."""


@attrs.frozen
class Facts:
    """What eligibility is decided from, beside the order itself."""

    today: date
    """In the shop's zone."""
    zone: str
    country: str
    """Where the goods went."""
    shipments: tuple[Shipment, ...]

    def arrived(self, line: OrderLine) -> Mapping[date | None, UnitSet]:
        """The units of *line* that the customer has, by the day on which they arrived; None: nobody has told."""
        left, found = line.kept, dict[date | None, UnitSet]()
        for shipment in reversed(self.shipments):
            if shipment.delivered_at is None:
                continue
            here = UnitSet.of([(run.first, run.beyond) for run in shipment.runs if run.line_id == line.id]) & left
            here &= line.delivered
            if here:
                on = day(shipment.delivered_at, self.zone)
                found[on] = found.get(on, NO_UNITS) | here
                left -= here
        return found | {None: left} if left else found

    def complete(self, order: Order) -> date | None:
        """The day on which the last of the goods arrived; None while some have not, or nobody has told."""
        if any(line.open or line.on_the_way or line.undelivered for line in order.lines):
            return None
        days = [day(each.delivered_at, self.zone) for each in self.shipments if each.delivered_at is not None]
        return max(days, default=None)


def eligible(order: Order, facts: Facts, runs: Iterable[Run], reason: str) -> tuple[Eligibility, ...]:
    """For each of *runs*, in pieces that arrived on one day, whether it may come back for that *reason* now."""
    lines: dict[str, OrderLine] = {line.id: line for line in order.lines}
    return tuple(each for run in runs for each in _of_run(order, lines[run.line_id], run, facts, reason))


def preferred(order: Order, facts: Facts, line: OrderLine, units: int, reason: str) -> tuple[Run, ...]:
    """*units* of those of *line* that the customer has, which are enough: those that may come back before others."""
    judged = eligible(order, facts, line.runs(line.kept), reason)
    may = UnitSet.of([(each.run.first, each.run.beyond) for each in judged if each.may])
    if units <= len(may):
        return line.runs(may.first(units))
    return line.runs(may | (line.kept - may).first(units - len(may)))


def _of_run(order: Order, line: OrderLine, run: Run, facts: Facts, reason: str) -> Iterator[Eligibility]:
    for on, units in facts.arrived(line).items():
        for piece in line.runs(units & run.set):
            yield _judged(order, line, piece, on, facts, reason)


def _judged(order: Order, line: OrderLine, run: Run, on: date | None, facts: Facts, reason: str) -> Eligibility:
    found = _by_rule(order, line, run, on, facts)
    policy = order.return_policy
    if found.may or policy is None:
        return found
    if policy.is_faultless(reason):
        return attrs.evolve(found, may=True, because=Because.FAULTLESS)
    return _by_law(order, line, found, facts)


def _by_rule(order: Order, line: OrderLine, run: Run, on: date | None, facts: Facts) -> Eligibility:
    """What the shop's own rule says."""
    policy = order.return_policy
    rule = None if policy is None else policy.rule(line.return_rule)
    sku, name = line.line.sku, "" if rule is None else rule.code
    if rule is None:
        return Eligibility(run=run, sku=sku, may=True, because=Because.NO_RULE, rule="")
    if rule.final_sale:
        return Eligibility(run=run, sku=sku, may=False, because=Because.FINAL_SALE, rule=name)
    since = on or (None if order.placed_at is None else day(order.placed_at, facts.zone))
    if rule.days is None or since is None:
        return Eligibility(run=run, sku=sku, may=True, because=Because.WITHIN_WINDOW, rule=name)
    until = since + timedelta(days=rule.days)
    return Eligibility(
        run=run,
        sku=sku,
        may=facts.today <= until,
        because=Because.WITHIN_WINDOW if facts.today <= until else Because.WINDOW_OVER,
        rule=name,
        since=since,
        arrived=on is not None,
        until=until,
    )


def _by_law(order: Order, line: OrderLine, refused: Eligibility, facts: Facts) -> Eligibility:
    """*refused* by the shop, as the law that gives the customer most sees it."""
    law = max(laws_for(order, line, facts.country), key=lambda each: each.days, default=None)
    if law is None:
        return refused
    since = facts.complete(order)
    until = None if since is None else since + timedelta(days=law.days)
    if until is not None and facts.today > until:
        return refused
    known = since is not None
    return attrs.evolve(refused, may=True, because=Because.LAW, law=law.code, since=since, arrived=known, until=until)


def laws_for(order: Order, line: OrderLine, country: str) -> Sequence[ConsumerLaw]:
    """The consumer laws under which *line* was sold: none where a business bought it."""
    policy, buyer = order.return_policy, order.buyer or CONSUMER
    if policy is None or buyer.kind not in _CONSUMERS:
        return ()
    return [law for law in policy.laws if law.code not in line.outside_laws and country in law.countries]
