"""**Ports.** Where delivery methods and their rate sheets are kept."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.shipping.model import DeliveryMethod, RateSheet


class DeliveryMethods(Repository[DeliveryMethod], Protocol):
    """The shop's delivery methods, by code.

    Index `status` (`status`: `active` or `withdrawn`) lists those that are offered, by code.
    """


class RateSheets(Repository[RateSheet], Protocol):
    """The shelves of the methods' tables, by `<method>|<shelf>`. Index `method` (`method`) lists a table's."""


DELIVERY_METHODS: Port[DeliveryMethods] = Port("delivery_methods")
RATE_SHEETS: Port[RateSheets] = Port("rate_sheets")
"""A sheet is read by id: a rate to one place reads the few shelves that may hold it, not the whole table."""
