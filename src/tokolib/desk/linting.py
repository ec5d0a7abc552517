"""What a look over a shop's promotions goes by: its catalogue, prices, coupons and counters, read page by page."""

from collections.abc import Iterable, Mapping

from tokolib.catalog.categories import TREE_ID
from tokolib.catalog.errors import UnknownSku
from tokolib.catalog.model import ProductStatus, Sellable
from tokolib.catalog.naming import by_sku_key
from tokolib.catalog.ports import CATEGORIES, PRODUCTS
from tokolib.catalog.sale import sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.steps import owned
from tokolib.kernel.asks import Value
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import Money
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import PAGE, Unit, every
from tokolib.pricing.lint.findings import Finding, Good, Known
from tokolib.pricing.lint.lint import lint
from tokolib.pricing.lint.never import may_be_given
from tokolib.pricing.prices.model import Price
from tokolib.pricing.prices.steps import book
from tokolib.pricing.promotions.model import Coupon, Promotion
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.ports import COUPONS, PROMOTIONS
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.pricing.promotions.steps import counters_of


async def findings(unit: Unit, costs: Mapping[str, Money], shipping: Money | None) -> tuple[Finding, ...]:
    """What is wrong with the promotions that run now.

    Raises:
        InvalidInput: an amount that is negative, or of another currency; a SKU that comes twice.
        InvalidSku, UnknownSku: *costs* of what is no SKU of the catalogue.
    """
    settings = await unit.settings()
    given = {sku: _minor(cost, f"costs[{shown(sku, str)}]", settings) for sku, cost in costs.items()}
    by_key = by_sku_key("costs", given)
    if unknown := set(by_key) - (await owned(unit, by_key)).keys():
        raise UnknownSku(tuple([sku for sku in costs if sku_key(sku) in unknown]))
    delivery = None if shipping is None else _minor(shipping, "shipping", settings)
    promotions = await every(unit[PROMOTIONS], "running", {"active": 1})
    used = await _counted(unit, promotions, ())
    coupons: list[Coupon] = []
    for promotion in promotions:
        if promotion.terms.by_coupon:
            own, counts = await _coupons(unit, promotion, settings)
            coupons += own
            used |= counts
    goods = await _goods(unit, by_key)
    known = Known(
        unit.now, settings.currency, settings.policies, tuple(coupons), used, goods, delivery, settings.currencies
    )
    return lint(promotions, known)


def _minor(amount: Money, path: str, settings: Settings) -> int:
    """*amount* in minor units of the shop's currency.

    Raises:
        InvalidInput: it is negative, or of another currency.
    """
    if amount.currency.code != settings.currency or amount.minor_units < 0:
        wanted = f"must be an amount in {settings.currency}, not negative"
        raise InvalidInput((Fault(path, "pricing.currency", wanted, shown(amount)),))
    return amount.minor_units


async def _counted(unit: Unit, promotions: Iterable[Promotion], coupons: tuple[Coupon, ...]) -> dict[str, int]:
    """How often limited ones were used so far, by counter."""
    names = counters_of(Offers(RuleSet(promotions), (), coupons), "")
    return dict(zip(names, await unit.read(*map(Value, names)), strict=True))


async def _coupons(unit: Unit, promotion: Promotion, settings: Settings) -> tuple[list[Coupon], dict[str, int]]:
    """The coupons of *promotion* up to the first that may still be given: one is enough."""
    found: list[Coupon] = []
    used: dict[str, int] = {}
    after: str | None = None
    while True:
        page = await unit[COUPONS].where("by_promotion", equals={"promotion_id": promotion.id}, after=after, limit=PAGE)
        found += page.items
        used |= await _counted(unit, (), page.items)
        known = Known(unit.now, settings.currency, used=used)
        if any(may_be_given(each, known) for each in page.items) or (after := page.after) is None:
            return found, used


async def _goods(unit: Unit, costs: Mapping[str, int]) -> tuple[Good, ...]:
    """Everything that is for sale, with its lowest price."""
    tree = await unit[CATEGORIES].find(TREE_ID)
    found: list[Good] = []
    after: str | None = None
    while True:
        page = await unit[PRODUCTS].where(
            "status", equals={"status": ProductStatus.ACTIVE.value}, after=after, limit=PAGE
        )
        sold = [sellable(product, variant, tree) for product in page.items for variant in product.variants]
        prices = _lowest((await book(unit, [each.key for each in sold])).prices)
        found += [_good(each, prices.get(each.key), costs.get(each.key)) for each in sold]
        if (after := page.after) is None:
            return tuple(found)


def _lowest(prices: Iterable[Price]) -> dict[str, int]:
    """The lowest price of each SKU, of any list and tier, in whole minor units."""
    found: dict[str, int] = {}
    for price in prices:
        lowest = min(each.times(1) for each in (price.price, *(tier.price for tier in price.tiers)))
        if not price.withdrawn:
            found[price.key] = min(lowest, found.get(price.key, lowest))
    return found


def _good(sold: Sellable, price: int | None, cost: int | None) -> Good:
    return Good(sold.key, sold.product_id, sold.categories, sold.tags, price=price, cost=cost)
