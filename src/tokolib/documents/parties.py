"""By which tax ids the parties of a document are known, and what EN 16931 asks of them where the buyer owes the tax."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import attrs

from tokolib.documents.errors import IncompleteInvoice
from tokolib.documents.stated import StatedLine
from tokolib.kernel.settings import Settings
from tokolib.orders.model import Order
from tokolib.tax.markets import share_a_market
from tokolib.tax.model import Treatment
from tokolib.tax.situation import IMPORT_ONE_STOP_SHOP, ONE_STOP_SHOP

_BOTH_IDS: Final = {Treatment.REVERSE_CHARGE.category: "BR-AE-02", Treatment.INTRA_COMMUNITY.category: "BR-IC-02"}
"""Categories whose tax the buyer owes, with the rule that asks for both ids; -03 and -04 ask it of what stands beside
the lines. Source: EN 16931-1:2017, 6.4.3.
"""


@attrs.frozen
class Parties:
    """The tax ids of a document, as they were on its tax date."""

    seller_tax_id: str
    buyer_tax_id: str
    buyer_tax_id_country: str


def parties(order: Order, lines: Iterable[StatedLine], settings: Settings) -> Parties:
    """By which ids seller and buyer of *order* are known for the taxes of *lines*.

    Raises:
        IncompleteInvoice: the buyer owes the tax, and one of them has none.
    """
    stated = tuple(lines)
    place = place_of(stated, settings)
    seller = seller_tax_id(settings, place, order.tax_date)
    buyer, country = ("", "") if order.buyer is None else (order.buyer.tax_id, order.buyer.tax_id_country)
    found = Parties(seller, buyer, country)
    letters = {tax.letter for line in stated for tax in line.taxes}
    for letter in sorted(letters & _BOTH_IDS.keys()):
        if missing := tuple(_missing(found, order, letter, place)):
            raise IncompleteInvoice(order.id, letter, missing)
    return found


def place_of(lines: Iterable[StatedLine], settings: Settings) -> str:
    """Whose taxes *lines* bear: `ID`, `US-CA`; the shop's country where they name none."""
    return next((tax.jurisdiction for line in lines for tax in line.taxes if tax.jurisdiction), settings.country)


def seller_tax_id(settings: Settings, place: str, on: date) -> str:
    """The seller's id for the tax of *place* on that day (BT-31); empty where none is told.

    It is the number of the registration that the tax is charged by: in that part of the country or that country, at
    home the shop's `tax_id`, and elsewhere that of the one-stop shop. Without any, the shop's own.
    """
    country, _, region = place.partition("-")
    held = [each for each in settings.registrations if each.number and each.holds(on)]
    there = {each.scheme: each.number for each in held if each.country == country}
    if region and region in there:
        return there[region]
    if "" in there:
        return there[""]
    if country == settings.country:
        return settings.tax_id
    scheme = ONE_STOP_SHOP if share_a_market(settings.country, country, on) else IMPORT_ONE_STOP_SHOP
    return next((each.number for each in held if each.scheme == scheme), settings.tax_id)


def _missing(found: Parties, order: Order, letter: str, place: str) -> Iterator[str]:
    rule = _BOTH_IDS[letter]
    if not found.seller_tax_id:
        yield f"the seller's VAT id for {place} (BT-31, {rule})"
    if not found.buyer_tax_id:
        yield f"the buyer's VAT id (BT-48, {rule})"
    if letter == Treatment.INTRA_COMMUNITY.category and order.goes_to is None:
        yield "the country of delivery (BT-80, BR-IC-12)"
