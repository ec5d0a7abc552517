"""How the catalogue, prices and promotions, and stock items are stored."""

from typing import Final

from tokolib.catalog import events as catalog
from tokolib.catalog.attributes import ProductType
from tokolib.catalog.categories import CategoryTree
from tokolib.catalog.lifecycle import evolve_categories, evolve_product, evolve_sku, evolve_type
from tokolib.catalog.model import Product, SkuOwner
from tokolib.inventory import events as inventory
from tokolib.inventory.lifecycle import evolve_item, evolve_location
from tokolib.inventory.model import Location, StockItem
from tokolib.kernel.storage import Column, Index
from tokolib.pricing import events as pricing
from tokolib.pricing.lifecycle import evolve_coupon, evolve_price, evolve_price_list, evolve_promotion
from tokolib.pricing.model import Coupon, Price, PriceList, Promotion
from tokolib.records.record import Record

PRODUCTS: Final = Record(
    name="products",
    noun="product",
    cls=Product,
    evolve=evolve_product,
    reference=True,
    events=(
        catalog.ProductAdded,
        catalog.ProductChanged,
        catalog.ProductPublished,
        catalog.ProductArchived,
    ),
    columns=(Column("sku"), Column("status"), Column("external_id", null=True)),
    indexes=(
        Index("sku", ("sku",)),
        Index("status", ("status", "sku")),
        Index("external_id", ("external_id",), unique=True),
    ),
    row=lambda product: {
        "sku": product.keys[0],
        "status": product.status.value,
        "external_id": product.external_id,
    },
)

SKUS: Final = Record(
    name="skus",
    noun="SKU",
    cls=SkuOwner,
    evolve=evolve_sku,
    reference=True,
    events=(catalog.SkuClaimed, catalog.SkuFreed, catalog.ComponentAdded, catalog.ComponentDropped),
)

TYPES: Final = Record(
    name="product_types",
    noun="product type",
    cls=ProductType,
    evolve=evolve_type,
    reference=True,
    events=(catalog.TypePut,),
    columns=(Column("code"),),
    indexes=(Index("code", ("code",), unique=True),),
    row=lambda kind: {"code": kind.code},
)

CATEGORIES: Final = Record(
    name="categories",
    noun="category tree",
    cls=CategoryTree,
    evolve=evolve_categories,
    reference=True,
    events=(catalog.CategoryPut,),
)

PRICE_LISTS: Final = Record(
    name="price_lists",
    noun="price list",
    cls=PriceList,
    evolve=evolve_price_list,
    reference=True,
    events=(pricing.PriceListPut, pricing.PriceListStopped),
    columns=(Column("currency"), Column("active", "integer")),
    indexes=(Index("by_currency", ("currency", "active")),),
    row=lambda one: {"currency": one.currency, "active": int(one.active)},
)

PRICES: Final = Record(
    name="prices",
    noun="price",
    cls=Price,
    evolve=evolve_price,
    reference=True,
    events=(pricing.PricePut, pricing.PriceWithdrawn),
    columns=(Column("list_id"), Column("key")),
    indexes=(Index("by_list", ("list_id", "key"), unique=True),),
    row=lambda price: {"list_id": price.list_id, "key": price.key},
)

PROMOTIONS: Final = Record(
    name="promotions",
    noun="promotion",
    cls=Promotion,
    evolve=evolve_promotion,
    reference=True,
    events=(pricing.PromotionPut, pricing.PromotionStopped),
    columns=(Column("active", "integer"), Column("by_coupon", "integer")),
    indexes=(Index("running", ("active", "by_coupon")),),
    row=lambda one: {"active": int(one.active), "by_coupon": int(one.terms.by_coupon)},
)

COUPONS: Final = Record(
    name="coupons",
    noun="coupon",
    cls=Coupon,
    evolve=evolve_coupon,
    reference=True,
    events=(pricing.CouponPut, pricing.CouponStopped),
    columns=(Column("promotion_id"), Column("code")),
    indexes=(Index("by_promotion", ("promotion_id", "code")),),
    row=lambda coupon: {"promotion_id": coupon.promotion_id, "code": coupon.code},
)

LOCATIONS: Final = Record(
    name="locations",
    noun="location",
    cls=Location,
    evolve=evolve_location,
    reference=True,
    events=(inventory.LocationOpened,),
)

STOCK_ITEMS: Final = Record(
    name="stock_items",
    noun="stock item",
    cls=StockItem,
    evolve=evolve_item,
    reference=True,
    events=(
        inventory.StockItemOpened,
        inventory.ThresholdSet,
        inventory.StockLow,
        inventory.StockRecovered,
        inventory.StockCorrected,
    ),
)

RECORDS: Final = (
    PRODUCTS,
    SKUS,
    TYPES,
    CATEGORIES,
    PRICE_LISTS,
    PRICES,
    PROMOTIONS,
    COUPONS,
    LOCATIONS,
    STOCK_ITEMS,
)
