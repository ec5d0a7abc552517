"""A sale as tax law sees it: who sells, and from where to where."""

import re
from typing import Final

from tokolib.checkout.model import Wishes
from tokolib.kernel.address import Address
from tokolib.kernel.settings import Settings
from tokolib.tax.model import SellerStatus
from tokolib.tax.situation import Place, Situation

_REGION: Final = re.compile(r"(?:[A-Z]{2}-)?([A-Z0-9]{1,3})")


def situation_of(settings: Settings, wishes: Wishes) -> Situation:
    """What the tax of a sale depends on beside the goods and the day.

    Goods that are fetched, with no address named, stay in the shop's country; where in it is not known.
    """
    home = Place(settings.country)
    there = home if wishes.ship_to is None else place_of(wishes.ship_to)
    return Situation(settings.country, SellerStatus.of(settings), home, there)


def place_of(address: Address) -> Place:
    """Where *address* lies, as exactly as it says: its district is the county, its province a code such as `CA`."""
    found = _REGION.fullmatch(address.province.upper())
    region = "" if found is None else found[1]
    return Place(address.country, region, address.district, address.city, address.postal_code)
