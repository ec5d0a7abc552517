"""Holding what is to come back against the policy of its order, on an open unit."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tokolib.fulfilment.steps import shipments_of
from tokolib.kernel.changed import changed
from tokolib.kernel.clock import day
from tokolib.kernel.ctx import Customer, Guest
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.orders.units import Wanted, from_customer, named
from tokolib.returns.earned import promised
from tokolib.returns.earning import gifts_to_come
from tokolib.returns.eligibility import Eligibility, Facts, eligible, preferred
from tokolib.returns.errors import AmbiguousSku
from tokolib.returns.model import Overruled
from tokolib.returns.refusals import GiftMissing, NotEligible, OnlyByStaff


async def facts_of(unit: Unit, order: Order, at: datetime | None = None) -> Facts:
    """What eligibility of the goods of *order* is decided from, as of *at*, or now."""
    settings = await unit.settings()
    country = settings.country if order.ship_to is None else order.ship_to.country
    return Facts(day(at or unit.now, settings.zone), settings.zone, country, await shipments_of(unit, order.id))


async def chosen(unit: Unit, order: Order, wanted: Wanted, reason: str) -> tuple[Run, ...]:
    """Which units a customer who names quantities brings back: those that may come back, where not all may.

    Raises:
        UnknownLine, NamedTwice, AmbiguousSku, TooManyUnits: *wanted* isn't what the customer has.
    """
    runs: list[Run] = []
    facts = None if order.return_policy is None else await facts_of(unit, order)
    for name, lines in named(order, wanted).items():
        line = _one(order, lines)
        steps = line.line.unit.steps(wanted[name])
        lowest = from_customer(order, line, steps)
        runs.extend(lowest if facts is None else preferred(order, facts, line, steps, reason))
    return tuple(runs)


def _one(order: Order, lines: Sequence[OrderLine]) -> OrderLine:
    """The one of *lines* of which the customer has some."""
    with_customer = [line for line in lines if line.kept] or lines
    if len(with_customer) > 1:
        raise AmbiguousSku(order.id, lines[0].line.sku, tuple(line.id for line in with_customer))
    return with_customer[0]


def by_staff(unit: Unit, what: str) -> str:
    """Who acts, where it is the shop or somebody who works for it.

    Raises:
        OnlyByStaff: it is a customer, who can't do *what*.
    """
    if isinstance(unit.ctx.actor, Customer | Guest):
        raise OnlyByStaff(str(unit.ctx.actor), what)
    return str(unit.ctx.actor)


async def judge(unit: Unit, order: Order, runs: Iterable[Run], reason: str, overrule: str) -> Overruled | None:
    """Pass when *runs* of units may come back for that *reason*; what whoever acts overrules is told.

    Raises:
        NotEligible: some may not, and nobody overrules. GiftMissing: a gift that what stays no longer earns isn't
            among them. OnlyByStaff: the customer would overrule. Nothing was changed.
    """
    if overrule:
        by_staff(unit, "overrule the shop's return policy")
    policy, asked = order.return_policy, tuple(runs)
    if policy is None:
        return None
    refused = [each for each in eligible(order, await facts_of(unit, order), asked, reason) if not each.may]
    gifts = () if policy.is_faultless(reason) else await _gifts_left(unit, order, asked)
    if not refused and not gifts:
        return None
    if not overrule and refused:
        raise NotEligible(order.id, tuple(refused))
    if not overrule:
        raise GiftMissing(order.id, gifts)
    because = tuple(dict.fromkeys([*(each.because.value for each in refused), *(["gift_missing"] if gifts else [])]))
    return Overruled(overrule, str(unit.ctx.actor), unit.now, because)


async def _gifts_left(unit: Unit, order: Order, runs: Sequence[Run]) -> tuple[str, ...]:
    """The SKUs of gifts that have to come back with *runs* of units, and don't."""
    known = await promised(unit, order)
    if known is None:
        return ()
    gone: dict[str, UnitSet] = {}
    for run in runs:
        gone[run.line_id] = gone.get(run.line_id, NO_UNITS) | run.set
    lines = (changed(line, returned=line.returned | gone.get(line.id, NO_UNITS)) for line in order.lines)
    return tuple(line.line.sku for line in gifts_to_come(changed(order, lines=tuple(lines)), known))


async def eligibility(unit: Unit, order: Order, wanted: Wanted | None, reason: str) -> tuple[Eligibility, ...]:
    """Whether *wanted* may come back now, or all that the customer has.

    Raises:
        As `chosen`.
    """
    if wanted is None:
        runs = tuple(run for line in order.lines for run in line.runs(line.kept))
    else:
        runs = await chosen(unit, order, wanted, reason)
    return eligible(order, await facts_of(unit, order), runs, reason)
