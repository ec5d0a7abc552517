"""Past orders handed out a page at a time as what they were priced by, and the promotions as they ran.

What an order was priced by stands in the first event of its history; which promotions ran when, in theirs. Nothing is
looked up that may have changed since.
"""

from datetime import datetime
from typing import Final

from tokolib.checkout.grounds import Grounds, LineGrounds
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.kernel.clock import sortable
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.orders.events import OrderRequested
from tokolib.orders.model import Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.pricing.model import ChargeLine, KitPart, PriceLine
from tokolib.pricing.promotions.model import Coupon, PromotionUse
from tokolib.pricing.promotions.ports import PROMOTIONS
from tokolib.pricing.what_if.facts import PastCharge, PastLine, PastTax, PricingFacts
from tokolib.pricing.what_if.figures import Figures
from tokolib.pricing.what_if.rules import RulesOverTime
from tokolib.pricing.what_if.steps import turns

STANDING: Final = frozenset({OrderState.PLACED, OrderState.COMPLETED})
"""Orders that were sold: neither given up before they were paid, nor ended since."""


async def past_orders(
    unit: Unit, since: datetime | None, until: datetime | None, *, after: str | None, limit: int
) -> Page[PricingFacts]:
    """One page of the orders requested from *since* on until *until*, excluded, that stand, the oldest first."""
    page = await unit[ORDERS].where(
        "by_time",
        since="" if since is None else sortable(since),
        until=None if until is None else sortable(until),
        after=after,
        limit=limit,
    )
    found = [await pricing_facts(unit, order) for order in page.items if order.state in STANDING]
    return Page(tuple(found), page.after)


async def pricing_facts(unit: Unit, order: Order) -> PricingFacts:
    """What *order* was priced by, and what it came to."""
    history = await unit[ORDERS].history(order.id)
    asked = next(each.event for each in history if isinstance(each.event, OrderRequested))
    return facts_of(asked.order, asked.grounds)


def facts_of(order: Order, grounds: Grounds) -> PricingFacts:
    """What *order*, which rests on *grounds*, was priced by, and what it came to."""
    return PricingFacts(
        order_id=order.id,
        day=order.tax_date,
        currency=order.currency,
        lines=tuple(_line(line.line, own) for line, own in zip(order.lines, grounds.lines, strict=True)),
        charges=tuple(map(_charge, order.charges)),
        facts=grounds.facts,
        taxes=tuple(PastTax(each.tax_class, each.assessment) for each in grounds.taxes),
        home_taxes=tuple(PastTax(each.tax_class, each.assessment) for each in grounds.home_taxes),
        prices_include_tax=grounds.prices_include_tax,
        policies=order.policies,
        combinations=grounds.combinations,
        tax_rounding=grounds.tax_rounding,
        coupons=tuple(_coupon(use) for use in order.uses if use.code),
        used=grounds.used,
        versions=grounds.versions,
        withheld=grounds.withheld,
        answered=() if grounds.estimate is None else grounds.estimate.lines,
    )


def _line(agreed: QuoteLine, own: LineGrounds) -> PastLine:
    line = PriceLine(
        id=agreed.id,
        key=agreed.key,
        name=agreed.name,
        quantity=agreed.steps,
        per_step=agreed.unit.per_step,
        tax_class=agreed.tax_class,
        product_id=agreed.product_id,
        categories=own.categories,
        tags=own.tags,
        attributes=own.attributes,
        weight_grams=agreed.weight_grams,
        stated=agreed.stated,
        sku=agreed.sku,
        gift=bool(agreed.gift_of),
        parts=_parts(agreed),
    )
    return PastLine(line, agreed.unit_price, own.listed_with_tax, _sold(agreed), own.minimum, own.bands)


def _parts(kit: QuoteLine) -> tuple[KitPart, ...]:
    """The components of a kit, with the weights that its price was spread by."""
    quantities = {each.sku: each.quantity for each in kit.components}
    return tuple(
        [
            KitPart(share.sku, quantities[share.sku], tax_class=share.tax_class, weight=share.weight)
            for share in kit.shares
        ]
    )


def _charge(made: QuoteCharge) -> PastCharge:
    charge = ChargeLine(
        made.id, made.kind, made.label, made.amount, made.tax_class, made.refundable, stated=made.stated
    )
    return PastCharge(charge, _sold(made))


def _sold(part: QuoteLine | QuoteCharge) -> Figures:
    return Figures(part.total, sum(each.amount for each in part.discounts), part.total - part.net)


def _coupon(use: PromotionUse) -> Coupon:
    """The coupon as it was: one that gave nothing would have kept the order from being placed."""
    return Coupon(f"cpn_{use.code}", 1, use.code, use.promotion_id, use.code_limit, use.code_per_customer)


async def rules_over_time(unit: Unit) -> RulesOverTime:
    """Every promotion that ever ran, as it was from each change on."""
    ids: list[PromotionId] = []
    for active in (1, 0):
        after: str | None = None
        while True:
            page = await unit[PROMOTIONS].where("running", equals={"active": active}, after=after)
            ids += [each.id for each in page.items]
            if (after := page.after) is None:
                break
    return RulesOverTime(tuple([turn for id in ids for turn in await turns(unit, id)]))
