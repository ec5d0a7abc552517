"""The shelf on an open unit: what one unit of some SKUs costs now, for whom and where."""

from collections.abc import Sequence

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.steps import sellables
from tokolib.conditions.facts import FactValue
from tokolib.kernel.unit import Unit
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import PriceLine
from tokolib.pricing.prices.steps import book
from tokolib.pricing.promotions.steps import running_promotions
from tokolib.pricing.shelf import ShelfPrice, shelf_price
from tokolib.tax.model import Assessment, SellerStatus
from tokolib.tax.rules import assess


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

    found: dict[str, ShelfPrice | Problem] = {}
    for sku in skus:
        found[sku] = shelf_price(
            _line(sold[sku_key(sku)]),
            book=prices,
            promotions=offers,
            facts=facts,
            tax=tax,
            settings=settings,
            currency=money,
        )
    return found


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
