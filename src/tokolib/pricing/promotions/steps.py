"""Promotions on an open unit: what runs, and how often it was used; promotions and coupons are kept."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.kernel.asks import Value
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.pricing.promotions.codes.bulk import make_code
from tokolib.pricing.promotions.decide import check_takes_coupons, coupon_id, put_coupon, put_promotion
from tokolib.pricing.promotions.events import CouponPut
from tokolib.pricing.promotions.limits import counters
from tokolib.pricing.promotions.model import Coupon, Promotion, PromotionUse, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.ports import COUPONS, PROMOTIONS
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.pricing.promotions.uses import limits_of


async def running_promotions(unit: Unit, coupons: Sequence[str], customer: str = "") -> Offers:
    """Every promotion that runs by itself, those of *coupons*, and how often the limited ones were used.

    *customer* is the name under which limits per customer are counted: the customer's id, as in `facts`.
    """
    offers = await running(unit, coupons)
    names = counters_of(offers, customer)
    counts = await unit.read(*map(Value, names))
    return offers.counted(zip(names, counts, strict=True))


async def running(unit: Unit, coupons: Sequence[str]) -> Offers:
    """Every promotion that runs by itself, and those of *coupons*; how often they were used isn't told yet."""
    rules = await unit[PROMOTIONS].derived("running", {"active": 1, "by_coupon": 0}, RuleSet)
    known: dict[str, Coupon] = {}
    if ids := sorted({coupon_id(code) for code in coupons}):
        known = await unit[COUPONS].get_many(ids)
    given: dict[str, Promotion] = {}
    if wanted := sorted({coupon.promotion_id for coupon in known.values()}):
        given = await unit[PROMOTIONS].get_many(wanted)
    by_coupon = tuple([each for each in given.values() if each.terms.by_coupon])
    return Offers(rules, by_coupon, tuple([known[id] for id in sorted(known)]))


def counters_of(offers: Offers, customer: str) -> list[str]:
    """The counters that tell how often the limited ones of *offers* were used, in all and by *customer*."""
    return sorted({*counters((*offers.rules.limited, *offers.given), offers.coupons, customer)})


async def with_limits(unit: Unit, uses: Sequence[PromotionUse]) -> tuple[PromotionUse, ...]:
    """*uses* with the limits that their promotions and coupons have now: a quote is older than its order."""
    promotions = await unit[PROMOTIONS].get_many(sorted({use.promotion_id for use in uses}))
    coupons = await unit[COUPONS].get_many(sorted({coupon_id(use.code) for use in uses if use.code}))
    shared: Mapping[str, int] = {}
    if any(use.spending for use in uses):
        rules = await unit[PROMOTIONS].derived("running", {"active": 1, "by_coupon": 0}, RuleSet)
        shared = Offers(rules, tuple(promotions[id] for id in sorted(promotions))).budgets(unit.now)
    return tuple(
        limits_of(promotions[use.promotion_id], coupons[coupon_id(use.code)] if use.code else None, use, shared)
        for use in uses
    )


async def keep_promotion(unit: Unit, id: PromotionId, terms: Terms) -> Promotion:
    """Make a promotion, or change its terms."""
    held = await unit[PROMOTIONS].find(id)
    events = put_promotion(held, id, terms, await unit.settings())
    return held if held is not None and not events else unit[PROMOTIONS].record(held, *events)


@attrs.frozen
class Batch:
    """Coupons that are made in one transaction, and of how large a batch they are a part."""

    promotion_id: PromotionId
    count: int
    prefix: str
    length: int
    usage_limit: int | None
    per_customer: int | None
    since: Moment
    until: Moment
    whole: int


async def generate(batch: Batch, key: str | None, secret: bytes | None, unit: Unit) -> list[str]:
    """New codes of *batch*, or those that were made under *key* before."""

    async def step() -> str:
        zone = (await unit.settings()).zone
        since, until = moment(batch.since, zone, "since"), moment(batch.until, zone, "until", whole_day=True)
        held = await unit[PROMOTIONS].get(batch.promotion_id)
        check_takes_coupons(held)
        codes = await _new_codes(unit, batch, secret)
        for code in codes:
            event = CouponPut(coupon_id(code), code, held.id, batch.usage_limit, batch.per_customer, since, until)
            unit[COUPONS].record(None, *put_coupon(None, event))
        return " ".join(codes)

    made, _ = await once(unit, "promotions.generate", key, (attrs.astuple(batch), secret is not None), step)
    return made.split()


async def _new_codes(unit: Unit, batch: Batch, secret: bytes | None) -> list[str]:
    """Codes that no coupon of the shop has; what two units make at once is refused to the later, which makes others."""
    codes: dict[str, None] = {}
    while len(codes) < batch.count:
        drawn = (make_code(batch.prefix, batch.length, unit.secret(), secret) for _ in range(batch.count - len(codes)))
        fresh = [code for code in drawn if code is not None]
        taken = await unit[COUPONS].get_many([coupon_id(code) for code in fresh])
        codes.update((code, None) for code in fresh if coupon_id(code) not in taken)
    return list(codes)


async def keep_coupon(unit: Unit, event: CouponPut) -> Coupon:
    """Give a code to a promotion, or change its limits."""
    held = await unit[COUPONS].find(event.id)
    events = put_coupon(held, event)
    return held if held is not None and not events else unit[COUPONS].record(held, *events)
