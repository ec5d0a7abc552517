"""Terms from what a caller writes: dates in the shop's zone, a minimum of money as a condition, one currency."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypedDict

from tokolib.conditions import Always, Predicate, all_of, at_least
from tokolib.kernel.errors import Fault
from tokolib.kernel.money import Money
from tokolib.pricing.faults import Moment, moment, refuse
from tokolib.pricing.model import ALWAYS
from tokolib.pricing.promotions.model import Scope, Terms, check_amount


class Options(TypedDict, total=False):
    """What any promotion may say beside its value; every one may be left out."""

    name: str
    """As customers read it; the code when left out."""
    conditions: Predicate
    """Over the facts of the whole order."""
    target: Predicate
    """Which lines: over `sku`, `product`, `categories`, `tags`, `quantity` of each."""
    at_least: Money
    """Only from this subtotal of goods, before discounts."""
    cap: Money
    """At most this much, of all lines together."""
    priority: int
    """The larger decides first; of equals the smaller id. 0 when left out."""
    exclusive: bool
    """Applies alone in an order, or, where a promotion of higher priority applies, not at all."""
    stop: bool
    """Where it applies, no promotion of lower priority does."""
    on_stated: bool
    """Also on lines with a stated price, which promotions leave alone otherwise."""
    usage_limit: int
    """So many orders may have it."""
    per_customer: int
    """So many orders of each customer may have it."""
    since: Moment
    """An aware instant, or a day: its first moment in the shop's zone."""
    until: Moment
    """An aware instant, excluded, or a day: to its end in the shop's zone."""


def terms(
    code: str,
    options: Options,
    *,
    scope: Scope,
    zone: str,
    by_coupon: bool,
    percent: Decimal | None = None,
    amount: Money | None = None,
) -> Terms:
    """The terms of a promotion.

    Raises:
        NaiveDatetime: an instant without a zone. NotMoney: a bare number.
        InvalidInput: *at_least* is not above zero, or of another currency than the amounts; as bare minor units
            nobody would notice.
    """
    minimum, cap = options.get("at_least"), options.get("cap")
    for name, money in (("amount", amount), ("cap", cap), ("at_least", minimum)):
        check_amount(name, money)
    named = [money.currency.code for money in (amount, cap, minimum) if money is not None]
    if minimum is not None:
        refuse([*_minimum_faults(minimum, named[0])])
    return Terms(
        name=options.get("name", code),
        scope=scope,
        percent=percent,
        amount=amount,
        cap=cap,
        by_coupon=by_coupon,
        conditions=_conditions(options.get("conditions", ALWAYS), minimum),
        target=options.get("target", ALWAYS),
        priority=options.get("priority", 0),
        exclusive=options.get("exclusive", False),
        stop=options.get("stop", False),
        on_stated=options.get("on_stated", False),
        usage_limit=options.get("usage_limit"),
        per_customer=options.get("per_customer"),
        since=moment(options.get("since"), zone, "since"),
        until=moment(options.get("until"), zone, "until", whole_day=True),
        zone=zone,
        currency=named[0] if named else "",
    )


def _minimum_faults(minimum: Money, code: str) -> Iterator[Fault]:
    if minimum.currency.code != code:
        yield Fault("at_least", "pricing.currency", f"must be in {code}", str(minimum))
    if minimum.minor_units <= 0:
        yield Fault("at_least", "pricing.not_positive", "must be more than zero", str(minimum))


def _conditions(given: Predicate, minimum: Money | None) -> Predicate:
    if minimum is None:
        return given
    spent = at_least("subtotal", minimum.minor_units)
    return spent if isinstance(given, Always) else all_of(given, spent)
