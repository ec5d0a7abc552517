"""Whose tax a sale bears: of where the goods start, or of where they go; and whether the seller may charge it.

The place of supply of goods: Directive 2006/112/EC art. 31 to 33 and 59c within the EU; anywhere else what leaves
a country is exported from it.
"""

from datetime import date

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.tax.errors import NotRegisteredThere
from tokolib.tax.markets import in_union, share_a_market
from tokolib.tax.model import SaleKind
from tokolib.tax.situation import (
    IMPORT_ONE_STOP_SHOP,
    ONE_STOP_SHOP,
    OVER_THRESHOLD,
    BuyerKind,
    IdState,
    Place,
    Situation,
)


@attrs.frozen
class Taxing:
    """Where a sale is taxed, in which of law's ways, and whether the seller may charge that tax."""

    kind: SaleKind
    place: Place
    registered: bool
    reasons: tuple[Reason, ...] = ()
    """What decided, where it isn't simply the seller's own country."""


def whose(situation: Situation, on: date) -> Taxing:
    """Whose tax a sale in *situation* bears on the day *on*.

    Raises:
        NotRegisteredThere: it is the destination's, and the seller may not charge it.
    """
    origin, destination = situation.origin, situation.destination
    if origin.country == destination.country:
        # The tax of a state's part follows the goods to it.
        return _taxed(situation, SaleKind.DOMESTIC, destination, on)
    if not share_a_market(origin.country, destination.country, on):
        return _abroad(situation, on)
    if _is_intra_community(situation, on):
        values = {"country": destination.country, "tax_id_country": situation.buyer.tax_id_country}
        return _taxed(
            situation, SaleKind.INTRA_COMMUNITY, origin, on, reason("tax.id_of_another_state", None, **values)
        )
    return _distance_sale(situation, on)


def _taxed(situation: Situation, kind: SaleKind, place: Place, on: date, *reasons: Reason) -> Taxing:
    return Taxing(kind, place, situation.is_registered(place.country, on), reasons)


def _abroad(situation: Situation, on: date) -> Taxing:
    """An export; or, where the seller is registered for that, the destination's tax on goods of little value."""
    origin, destination = situation.origin, situation.destination
    scheme = IMPORT_ONE_STOP_SHOP if in_union(destination.country, on) else ""
    registered = (
        situation.seller.holds_anywhere(scheme, on) if scheme else situation.is_registered(destination.country, on)
    )
    if situation.low_value and registered and not situation.buyer.is_known_business:
        told = reason("tax.low_value_import", None, country=destination.country)
        return Taxing(SaleKind.LOW_VALUE_IMPORT, destination, True, (told,))
    return _taxed(situation, SaleKind.EXPORT, origin, on)


def _is_intra_community(situation: Situation, on: date) -> bool:
    """A business with a valid VAT id of another member state than the one the goods start in (art. 138(1))."""
    id_country = situation.buyer.tax_id_country
    elsewhere = id_country != situation.origin.country and in_union(id_country, on)
    return situation.buyer.is_known_business and elsewhere


def _distance_sale(situation: Situation, on: date) -> Taxing:
    """To a consumer, or to a business that isn't known to be one: it is treated like a consumer, and told so."""
    origin, destination = situation.origin.country, situation.destination.country
    buyer = situation.buyer
    notes: tuple[Reason, ...] = ()
    if buyer.kind is BuyerKind.BUSINESS:
        state = buyer.tax_id_state if buyer.tax_id else IdState.UNCHECKED
        notes = (reason("tax.id_not_validated", None, state=state.value),)
    scheme = _destination_scheme(situation, on)
    if scheme is not None:
        told = reason("tax.distance_at_destination", None, country=destination, scheme=scheme or "-")
        return Taxing(SaleKind.DISTANCE_AT_DESTINATION, situation.destination, True, (told, *notes))
    from_home = origin == situation.country
    if from_home and not situation.seller.holds_anywhere(OVER_THRESHOLD, on):
        told = reason("tax.distance_at_origin", None, country=origin)
        return _taxed(situation, SaleKind.DISTANCE_AT_ORIGIN, situation.origin, on, told, *notes)
    raise NotRegisteredThere(origin, destination, on)


def _destination_scheme(situation: Situation, on: date) -> str | None:
    """By which scheme the seller may charge the destination's tax; None: by none."""
    if situation.seller.holds_anywhere(ONE_STOP_SHOP, on):
        return ONE_STOP_SHOP
    return "" if situation.is_registered(situation.destination.country, on) else None
