"""Products that are stored: one at the version that was read, or a page of them."""

from tokolib.catalog import steps
from tokolib.catalog.model import Product, ProductStatus
from tokolib.catalog.ports import PRODUCTS
from tokolib.kernel.ids import ProductId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit


async def product_at(unit: Unit, product: Product | ProductId, expected: int | None) -> Product:
    """The product, as long as it is at version *expected* (None: at any).

    Raises:
        NotFound, VersionMismatch: there is none, or it isn't.
    """
    found = await unit[PRODUCTS].get(product.id if isinstance(product, Product) else product)
    if expected is not None:
        steps.check_version(found, expected, found.id)
    return found


async def products_page(unit: Unit, status: ProductStatus | None, after: str | None, limit: int) -> Page[Product]:
    """Products in the order of their first SKU's key, some at a time."""
    index, equals = ("status", {"status": status.value}) if status else ("sku", None)
    return await unit[PRODUCTS].where(index, equals=equals, after=after, limit=await unit.page_size(limit))
