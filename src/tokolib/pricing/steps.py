"""The shelf on an open unit: what one unit of some SKUs costs now, for whom and where."""

from collections.abc import Sequence

import attrs

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.steps import sellables
from tokolib.conditions.facts import FactValue
from tokolib.kernel.unit import Unit
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import PriceLine
from tokolib.pricing.prices.archive import archive
from tokolib.pricing.prices.steps import book, places_of
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.ports import PROMOTIONS
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.pricing.promotions.steps import running_promotions
from tokolib.pricing.reduction import Past, prior_price
from tokolib.pricing.shelf import Shelf, ShelfPrice, shelf_price
from tokolib.pricing.what_if.rules import RulesOverTime
from tokolib.pricing.what_if.steps import turns
from tokolib.tax.model import Assessment
from tokolib.tax.rules import assess
from tokolib.tax.situation import SellerStatus


async def on_shelf(
    unit: Unit, skus: Sequence[str], channel: str, group: str, code: str | None
) -> dict[str, ShelfPrice | Problem]:
    """What one unit of each of *skus* costs, by the SKU as it was asked; the problem of those that have no price.

    Raises:
        CurrencyNotAccepted: the shop doesn't sell in the currency *code*; None is that of its books.
        UnknownSku, NotForSale: naming every SKU that can't be sold now.
    """
    settings = await unit.settings()
    money, today, seller = settings.money(code), await unit.today(), SellerStatus.of(settings)
    sold = await sellables(unit, skus)
    prices, offers = await book(unit, sold, money.code), await running_promotions(unit, ())
    groups = frozenset({group}) if group else frozenset[str]()
    facts: dict[str, FactValue] = {"now": unit.now, "channel": channel, "currency": money.code}
    facts["customer_groups"] = groups

    def tax(tax_class: str) -> Assessment:
        return assess(settings.country, tax_class, today, seller, destination=settings.country)

    shelf = Shelf(facts=facts, tax=tax, settings=settings, currency=money)
    found: dict[str, ShelfPrice | Problem] = {}
    over_time: RulesOverTime | None = None
    for sku in skus:
        line = _line(sold[sku_key(sku)])
        shown = shelf_price(line, prices, offers, shelf)
        if isinstance(shown, ShelfPrice) and shown.was is not None:
            over_time = over_time or await _shelved(unit, offers)
            shown = attrs.evolve(shown, lowest=prior_price(await _past(unit, line, over_time, shelf), unit.now))
        found[sku] = shown
    return found


async def _shelved(unit: Unit, offers: Offers) -> RulesOverTime:
    """The promotions that are or were on the shelf, whether they run or were stopped."""
    stopped = await unit[PROMOTIONS].derived("running", {"active": 0, "by_coupon": 0}, RuleSet)
    each_of = (*offers.rules.on_shelf().promotions, *stopped.on_shelf().promotions)
    return RulesOverTime(tuple([turn for each in each_of for turn in await turns(unit, each.id)]))


async def _past(unit: Unit, line: PriceLine, rules: RulesOverTime, shelf: Shelf) -> Past:
    """All that ever decided about the goods of *line* on a shelf."""
    places = await places_of(unit, line.key, shelf.currency.code)
    return Past(await archive(unit, places, line.key), rules, line, shelf)


def _line(sold: Sellable) -> PriceLine:
    return PriceLine(
        id=sold.key,
        key=sold.key,
        name=sold.name,
        quantity=1,
        per_step=sold.unit.per_step,
        tax_class=sold.tax_class,
        product_id=sold.product_id,
        categories=sold.categories,
        tags=sold.tags,
        weight_grams=sold.weight_grams,
        sku=sold.sku,
    )
