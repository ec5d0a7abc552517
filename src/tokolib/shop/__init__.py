"""The shop: `open` and `aopen` give one, and its doors lead to the rooms."""

from tokolib.shop.doors import AsyncShop, Doors, Shop
from tokolib.shop.opening import aopen, open, upgrade_schema

__all__ = ["AsyncShop", "Doors", "Shop", "aopen", "open", "upgrade_schema"]
