"""Commands on promotions and coupons as decisions: every fault at once, or the events.

Putting the same again decides nothing, so that an import may be repeated.
"""

from collections.abc import Iterator

import attrs

from tokolib.conditions import names_amounts
from tokolib.kernel.codes.lookalikes import is_mixed
from tokolib.kernel.codes.typed import LONGEST_CODE, typed_code
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.settings import Settings
from tokolib.pricing.coupon_errors import CouponTaken
from tokolib.pricing.faults import (
    refuse,
    slug,
    window_faults,
)
from tokolib.pricing.promotions.benefits import Combination, Gift, Measure, Off, Tiered
from tokolib.pricing.promotions.checks import limit_faults, term_faults
from tokolib.pricing.promotions.events import CouponPut, PromotionPut
from tokolib.pricing.promotions.model import Coupon, Promotion, Terms
from tokolib.pricing.promotions.naming import by_key


def promotion_id(code: str, path: str = "code") -> PromotionId:
    """The id of the promotion *code*, which was given at *path*; case doesn't count."""
    return PromotionId(f"prm_{slug(code, path)}")


def as_promotion_id(named: str, path: str) -> PromotionId:
    """A promotion's id, from its id or its code, which was given at *path*."""
    return PromotionId(named) if named.startswith("prm_") else promotion_id(named, path)


def coupon_id(code: str) -> str:
    """The id of the coupon *code*, however it is typed."""
    return f"cpn_{typed_code(code)}"


def put_promotion(state: Promotion | None, id: PromotionId, terms: Terms, settings: Settings) -> tuple[Event, ...]:
    """Make a promotion, change its terms, or let it run again. Names in them may be written as people write them.

    Raises:
        InvalidInput: every fault of *terms*, with its path; amounts in a currency that the shop doesn't sell in.
    """
    kept = by_key(attrs.evolve(terms, currency=settings.currency) if _names_bare_amounts(terms) else terms)
    foreign = settings.currency_faults("currency", kept.currency) if kept.currency else ()
    refuse([*term_faults(kept), *foreign])
    same = state is not None and state.active and state.terms == kept
    return () if same else (PromotionPut(id, kept),)


def _names_bare_amounts(terms: Terms) -> bool:
    """Whether *terms* compare amounts of which nothing says the currency; these are in that of the books."""
    if terms.currency:
        return False
    match terms.benefit:
        case Tiered(by=Measure.SUBTOTAL):
            return True
        case Off(target=which) | Tiered(target=which):
            return names_amounts(terms.conditions) or names_amounts(which)
        case Combination(parts=parts):
            return names_amounts(terms.conditions) or any(names_amounts(part.which) for part in parts)
        case Gift():
            return names_amounts(terms.conditions)


def check_takes_coupons(promotion: Promotion) -> None:
    """Pass for a promotion that needs a coupon.

    Raises:
        InvalidInput: it applies by itself, so its codes would be unknown to every cart.
    """
    if not promotion.terms.by_coupon:
        wanted = "applies by itself; put it again with coupon=... before giving it more"
        raise InvalidInput((Fault("promotion", "pricing.automatic", wanted, promotion.id),))


def code_faults(path: str, code: str, typed: str) -> Iterator[Fault]:
    """What is wrong with a coupon's *code*, which was *typed* so, at *path*."""
    if not 0 < len(code) <= LONGEST_CODE or ":" in code or not code.isprintable():
        wanted = f"must be 1 to {LONGEST_CODE} visible characters, none of them a colon"
        yield Fault(path, "pricing.code", wanted, typed)


def coupon_faults(path: str, code: str, typed: str) -> Iterator[Fault]:
    """What keeps *code*, which was *typed* so, at *path*, from becoming a coupon."""
    yield from code_faults(path, code, typed)
    if is_mixed(code):
        wanted = "mixes letters of two alphabets that look alike, so that nobody can type it with one keyboard"
        yield Fault(path, "pricing.coupon_lookalike", wanted, typed)


def put_coupon(state: Coupon | None, event: CouponPut) -> tuple[Event, ...]:
    """Give a code to a promotion, or change its limits. *event* has the code normalised.

    Raises:
        InvalidInput: an empty or overlong code, or one with a colon; limits or dates that can't be.
        CouponTaken: the code stands for another promotion.
    """
    faults = [
        *limit_faults(usage_limit=event.usage_limit, per_customer=event.per_customer),
        *window_faults(event.since, event.until),
    ]
    refuse([*faults, *coupon_faults("coupon", event.code, event.code)])
    if state is not None and state.promotion_id != event.promotion_id:
        raise CouponTaken(state.code, state.promotion_id)
    if state is None or not state.active:
        return (event,)
    terms = (event.usage_limit, event.per_customer, event.since, event.until)
    return () if terms == (state.usage_limit, state.per_customer, state.since, state.until) else (event,)
