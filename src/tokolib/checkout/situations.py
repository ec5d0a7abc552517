"""A sale as tax law sees it: who sells, from where to where, and who buys."""

import re
from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.checkout.model import Wishes
from tokolib.kernel.address import Address
from tokolib.kernel.countries import COUNTRIES
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults
from tokolib.kernel.settings import Settings
from tokolib.tax.markets import contradicting_prefix
from tokolib.tax.situation import CONSUMER, Buyer, Certificate, Place, SellerStatus, Situation

MOST_CERTIFICATES: Final = 50
"""That one buyer may show for one sale."""
_REGION: Final = re.compile(r"(?:[A-Z]{2}-)?([A-Z0-9]{1,3})")


def situation_of(settings: Settings, wishes: Wishes) -> Situation:
    """What the tax of a sale depends on beside the goods and the day, by countries and their regions.

    Goods that are fetched, with no address named, stay in the shop's country; where in it is not known.
    """
    home = Place(settings.country)
    there = home
    if wishes.goes_to is not None:
        there = Place(wishes.goes_to.country, _region(wishes.goes_to))
    return Situation(settings.country, SellerStatus.of(settings), home, there, wishes.buyer or CONSUMER)


def exactly(situation: Situation, address: Address | None) -> Situation:
    """The same with all that *address* says of where the goods go: its district is the county."""
    if address is None:
        return situation
    place = Place(address.country, _region(address), address.district, address.city, address.postal_code)
    return attrs.evolve(situation, destination=place)


def _region(address: Address) -> str:
    """The province, where it is a code such as `CA`."""
    found = _REGION.fullmatch(address.province.upper())
    return "" if found is None else found[1]


def check_buyer(buyer: Buyer | None) -> None:
    """Pass for a buyer who can be kept.

    Raises:
        InvalidInput: text that is too long or can't be printed, an unknown country or one that the prefix of the id
            contradicts, too many certificates; all, with paths. What is personal is left out of it.
    """
    if buyer is not None and (faults := tuple(_faults(buyer))):
        raise InvalidInput(faults)


def _faults(buyer: Buyer) -> Iterator[Fault]:
    yield from _line_faults("buyer.tax_id", buyer.tax_id)
    if buyer.tax_id_country and buyer.tax_id_country not in COUNTRIES:
        message = "must be an ISO 3166-1 alpha-2 code"
        yield Fault("buyer.tax_id_country", "kernel.unknown_country", message, shown(buyer.tax_id_country))
    elif prefix := contradicting_prefix(buyer.tax_id_country, buyer.tax_id):
        country = buyer.tax_id_country
        message = f"the id begins with {prefix}; where that is no prefix, write the one of {country} before it"
        yield Fault("buyer.tax_id_country", "checkout.other_tax_id_country", message, country)
    if (found := len(buyer.certificates)) > MOST_CERTIFICATES:
        message = f"at most {MOST_CERTIFICATES} certificates"
        yield Fault("buyer.certificates", "checkout.too_many_certificates", message, str(found))
    for at, each in enumerate(buyer.certificates):
        yield from _certificate_faults(f"buyer.certificates[{at}]", each)


def _certificate_faults(path: str, paper: Certificate) -> Iterator[Fault]:
    for name in ("number", "holder", "jurisdiction", "source", "facility"):
        yield from _line_faults(f"{path}.{name}", getattr(paper, name))
    for name, codes in (("taxes", paper.taxes), ("classes", paper.classes)):
        for code in sorted(codes):
            yield from line_faults(f"{path}.{name}", code, required=True)


def _line_faults(path: str, text: str) -> Iterator[Fault]:
    for fault in line_faults(path, text):
        yield attrs.evolve(fault, value="")
