"""Goods that are promised before they are there: how many, and for when."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.backorders.errors import BelowPromised, NoBackorder

__all__ = ["BelowPromised", "NoBackorder"]

__getattr__ = exports(__name__, {"BelowPromised": "errors", "NoBackorder": "errors"})
