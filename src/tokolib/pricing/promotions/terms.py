"""Terms from what a caller writes: dates in the shop's zone, and one currency for every amount in them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.errors import Fault
from tokolib.kernel.fields import check_amount
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.money import Money
from tokolib.pricing.faults import refuse
from tokolib.pricing.promotions.benefits import (
    AmountOff,
    Benefit,
    Combination,
    FixedPrice,
    Gift,
    Off,
    Tiered,
    Value,
)
from tokolib.pricing.promotions.model import Budget, Funding, Terms
from tokolib.pricing.promotions.short import Short


class Options(TypedDict, total=False):
    """What any promotion may say beside what it gives; every one may be left out."""

    name: str
    """As customers read it; the code when left out."""
    conditions: Predicate
    """Over the facts of the whole order."""
    at_least: Money | None
    """Only from this subtotal of goods; the policy `thresholds` says which subtotal."""
    cap: Money | None
    """At most this much, of all lines together."""
    on_shelf: bool
    """Shown on the shelf already: the price of one unit, before any cart is known."""
    priority: int
    """The larger decides first; of equals the smaller id. 0 when left out."""
    exclusive: bool
    """Applies alone in an order, or, where a promotion of higher priority applies, not at all."""
    stop: bool
    """Where it applies, no promotion of lower priority does."""
    lane: str
    """Of the promotions of one lane only one applies: the one that gives most."""
    combines_with: Sequence[str]
    """Only beside promotions of these lanes (`""`: those in none); beside any when left out."""
    on_stated: bool
    """Also on lines with a stated price, which promotions leave alone otherwise."""
    usage_limit: int | None
    """So many orders may have it."""
    per_customer: int | None
    """So many orders of each customer may have it."""
    unit_limit: int | None
    """So many units may be had for it: the first ones sold, in all orders together."""
    units_per_customer: int | None
    """So many units of it each customer may have."""
    funding: Sequence[Funding]
    """Who bears it; the shop, when left out."""
    budgets: Sequence[Budget]
    """What it may cost at most, together with the other promotions of its campaigns."""
    since: Moment
    """An aware instant, or a day: its first moment in the shop's zone."""
    until: Moment
    """An aware instant, excluded, or a day: to its end in the shop's zone."""
    currency: str
    """Only for carts in it, ISO 4217. Where amounts are named it is theirs, of bare ones in conditions the books'."""


def terms(code: str, wanted: Short, options: Options, *, zone: str, by_coupon: bool) -> Terms:
    """The terms of a promotion that gives what is *wanted*.

    Raises:
        NaiveDatetime: an instant without a zone. NotMoney: a bare number.
        InvalidInput: a moment that is none.
    """
    minimum, cap = options.get("at_least"), options.get("cap")
    check_amount("cap", cap)
    check_amount("at_least", minimum)
    combines = options.get("combines_with")
    budgets = tuple(options.get("budgets", ()))
    limits = [budget.limit for budget in budgets]
    named = [*amounts(wanted.benefit), *(each for each in (cap, minimum) if each), *limits]
    return Terms(
        name=options.get("name", code),
        benefit=wanted.benefit,
        conditions=options.get("conditions", ALWAYS),
        at_least=minimum,
        cap=cap,
        by_coupon=by_coupon,
        on_shelf=options.get("on_shelf", False),
        priority=options.get("priority", 0),
        exclusive=options.get("exclusive", False),
        stop=options.get("stop", False),
        lane=options.get("lane", ""),
        combines_with=None if combines is None else tuple(combines),
        on_stated=options.get("on_stated", False),
        usage_limit=options.get("usage_limit"),
        per_customer=options.get("per_customer"),
        unit_limit=options.get("unit_limit"),
        units_per_customer=options.get("units_per_customer"),
        funding=tuple(options.get("funding", ())),
        budgets=budgets,
        since=moment(options.get("since"), zone, "since"),
        until=moment(options.get("until"), zone, "until", whole_day=True),
        zone=zone,
        currency=options.get("currency", named[0].currency.code if named else ""),
    )


def in_currency_of(steps: Iterable[Money | int], options: Options) -> Options:
    """*options* with the currency of the money that *steps* begin at; of any other steps, as they are.

    Raises:
        InvalidInput: they begin at money of several currencies, or of another than the options name.
    """
    codes = {start.currency.code for start in steps if isinstance(start, Money)}
    if not codes:
        return options
    named = options.get("currency", min(codes))
    refuse([Fault("steps", "pricing.currency", f"must begin at money in {named}", code) for code in codes - {named}])
    return {**options, "currency": named}


def amounts(benefit: Benefit) -> Iterator[Money]:
    """The amounts that a benefit names."""
    match benefit:
        case Off(value=value):
            yield from _of(value)
        case Tiered(steps=steps):
            for step in steps:
                yield from _of(step.value)
        case Combination(parts=parts, value=value):
            for each in (value, *(part.value for part in parts)):
                yield from _of(each)
        case Gift():
            return


def _of(value: Value | None) -> Iterator[Money]:
    match value:
        case AmountOff(amount=money) | FixedPrice(price=money):
            yield money
        case _:
            return
