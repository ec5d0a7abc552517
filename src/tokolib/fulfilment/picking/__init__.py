"""Goods fetched from their shelves: pick lists for one shipment or a batch of them."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.picking.model import PickLine, PickList, PickPart, Shortage

__all__ = ["PickLine", "PickList", "PickPart", "Shortage"]

__getattr__ = exports(__name__, {"PickLine": "model", "PickList": "model", "PickPart": "model", "Shortage": "model"})
