"""The catalogue: products, variants, SKUs, categories, bundles, units and measures, import and export."""

from tokolib.catalog.attributes import AttributeDef, AttributeKind, ProductType
from tokolib.catalog.categories import Category, CategoryTree
from tokolib.catalog.drafts import ComponentDraft, ProductDraft, VariantDraft, draft_from, draft_of
from tokolib.catalog.importing import ImportReport
from tokolib.catalog.matrix import variants
from tokolib.catalog.model import (
    Component,
    Dimensions,
    Option,
    Product,
    ProductStatus,
    Sellable,
    SkuOwner,
    Variant,
)
from tokolib.catalog.service import CatalogService

__all__ = [
    "AttributeDef",
    "AttributeKind",
    "CatalogService",
    "Category",
    "CategoryTree",
    "Component",
    "ComponentDraft",
    "Dimensions",
    "ImportReport",
    "Option",
    "Product",
    "ProductDraft",
    "ProductStatus",
    "ProductType",
    "Sellable",
    "SkuOwner",
    "Variant",
    "VariantDraft",
    "draft_from",
    "draft_of",
    "variants",
]
