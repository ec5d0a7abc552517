"""Commands on promotions and coupons as decisions: every fault at once, or the events.

Putting the same again decides nothing, so that an import may be repeated.
"""

from collections.abc import Iterator
from typing import Final

from tokolib.conditions import FACTS, Always
from tokolib.kernel.clock import UnknownZone, zone
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import LARGEST
from tokolib.pricing.errors import CouponTaken
from tokolib.pricing.facts import LINE_FACTS
from tokolib.pricing.faults import (
    LONGEST_CODE,
    name_faults,
    predicate_faults,
    priority_faults,
    refuse,
    slug,
    window_faults,
)
from tokolib.pricing.promotions.codes import coupon_code
from tokolib.pricing.promotions.events import CouponPut, PromotionPut
from tokolib.pricing.promotions.model import Coupon, Promotion, Scope, Terms

HUNDRED: Final = 100


def promotion_id(code: str) -> PromotionId:
    """The id of the promotion *code*; case doesn't count."""
    return PromotionId(f"prm_{slug(code, 'code')}")


def as_promotion_id(named: str) -> PromotionId:
    """A promotion's id, from its id or its code."""
    return PromotionId(named) if named.startswith("prm_") else promotion_id(named)


def coupon_id(code: str) -> str:
    """The id of the coupon *code*, however it is typed."""
    return f"cpn_{coupon_code(code)}"


def put_promotion(state: Promotion | None, id: PromotionId, terms: Terms) -> tuple[Event, ...]:
    """Make a promotion, change its terms, or let it run again.

    Raises:
        InvalidInput: every fault of *terms*, with its path.
    """
    refuse([*term_faults(terms)])
    same = state is not None and state.active and state.terms == terms
    return () if same else (PromotionPut(id, terms),)


def term_faults(terms: Terms) -> Iterator[Fault]:
    """Everything that is wrong with *terms*."""
    yield from name_faults(terms.name)
    yield from _value_faults(terms)
    yield from _limit_faults(terms.usage_limit, terms.per_customer)
    yield from priority_faults(terms.priority)
    yield from window_faults(terms.since, terms.until)
    if terms.scope is Scope.SHIPPING and not isinstance(terms.target, Always):
        yield Fault("target", "pricing.no_lines", "a shipping promotion has no lines to target; use conditions", "")
    yield from predicate_faults("conditions", terms.conditions, FACTS)
    yield from predicate_faults("target", terms.target, LINE_FACTS)
    try:
        zone(terms.zone)
    except UnknownZone as error:
        yield Fault("zone", "pricing.unknown", str(error), terms.zone)


def _value_faults(terms: Terms) -> Iterator[Fault]:
    if (terms.percent is None) == (terms.amount is None):
        yield Fault("percent", "pricing.one_of", "give either a percentage or an amount", "")
    if terms.percent is not None and not 0 < terms.percent <= HUNDRED:
        yield Fault("percent", "pricing.range", "must be above 0 and at most 100", str(terms.percent))
    for path, money in (("amount", terms.amount), ("cap", terms.cap)):
        if money is None:
            continue
        if money.minor_units <= 0:
            yield Fault(path, "pricing.not_positive", "must be more than zero", str(money))
        if money.currency.code != terms.currency:
            yield Fault(path, "pricing.currency", f"must be in {terms.currency or 'one currency'}", str(money))


def _limit_faults(usage_limit: int | None, per_customer: int | None) -> Iterator[Fault]:
    for path, limit in (("usage_limit", usage_limit), ("per_customer", per_customer)):
        if limit is not None and (type(limit) is not int or not 0 < limit <= LARGEST):
            wanted = "must be a whole number from 1 to 10^15, or None for no limit"
            yield Fault(path, "pricing.not_positive", wanted, shown(limit))


def check_takes_coupons(promotion: Promotion) -> None:
    """Pass for a promotion that needs a coupon.

    Raises:
        InvalidInput: it applies by itself, so its codes would be unknown to every cart.
    """
    if not promotion.terms.by_coupon:
        wanted = "applies by itself; put it again with coupon=... before giving it more"
        raise InvalidInput((Fault("promotion", "pricing.automatic", wanted, promotion.id),))


def put_coupon(state: Coupon | None, event: CouponPut) -> tuple[Event, ...]:
    """Give a code to a promotion, or change its limits. *event* has the code normalised.

    Raises:
        InvalidInput: an empty or overlong code, or one with a colon; limits or dates that can't be.
        CouponTaken: the code stands for another promotion.
    """
    faults = [*_limit_faults(event.usage_limit, event.per_customer), *window_faults(event.since, event.until)]
    if not 0 < len(event.code) <= LONGEST_CODE or ":" in event.code or not event.code.isprintable():
        faults.append(
            Fault("coupon", "pricing.code", "must be 1 to 64 visible characters, none of them a colon", event.code)
        )
    refuse(faults)
    if state is not None and state.promotion_id != event.promotion_id:
        raise CouponTaken(state.code, state.promotion_id)
    if state is None or not state.active:
        return (event,)
    terms = (event.usage_limit, event.per_customer, event.since, event.until)
    return () if terms == (state.usage_limit, state.per_customer, state.since, state.until) else (event,)
