"""What the tax of a sale depends on: who sells, from where to where, and who buys."""

from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.annotations import check_fields
from tokolib.kernel.personal import PERSONAL
from tokolib.kernel.registration import Registration
from tokolib.kernel.settings import Settings
from tokolib.tax.errors import InvalidCertificate
from tokolib.tax.model import Treatment

ONE_STOP_SHOP: Final = "oss"
"""The scheme by which a seller pays all EU distance sales through one state (Directive 2006/112/EC, art. 369a)."""
IMPORT_ONE_STOP_SHOP: Final = "ioss"
"""The same for goods up to 150 EUR from outside the EU (art. 369l)."""
OVER_THRESHOLD: Final = "over_threshold"
"""Says from when the seller's EU distance sales exceed 10,000 EUR a year (art. 59c); tokolib doesn't count them."""


@attrs.frozen(cache_hash=True)
class SellerStatus:
    """From when until when the seller is registered for the consumption tax of its country (PKP in Indonesia)."""

    registered_from: date | None = None
    registered_until: date | None = None
    """The first day on which it no longer is."""
    registrations: tuple[Registration, ...] = ()
    """Those in other countries, and those by special schemes at home and abroad."""

    @classmethod
    def of(cls, settings: Settings) -> "SellerStatus":
        """The status that the shop's configuration states."""
        return cls(settings.pkp_since, settings.pkp_until, settings.registrations)

    def is_registered(self, on: date) -> bool:
        """Whether the seller may and must charge tax on that day."""
        if self.registered_from is None or on < self.registered_from:
            return False
        return self.registered_until is None or on < self.registered_until

    def holds(self, home: str, country: str, on: date, scheme: str = "") -> bool:
        """Whether a seller at *home* is registered in *country* by *scheme* on that day; empty: the ordinary way."""
        if not scheme and country == home and self.is_registered(on):
            return True
        return any(each.country == country and each.scheme == scheme and each.holds(on) for each in self.registrations)

    def holds_anywhere(self, scheme: str, on: date) -> bool:
        """The same, wherever."""
        return any(each.scheme == scheme and each.holds(on) for each in self.registrations)


class BuyerKind(StrEnum):
    """Who buys, as far as tax law tells buyers apart."""

    CONSUMER = "consumer"
    BUSINESS = "business"
    GOVERNMENT = "government"
    """A public body that pays the seller's tax to the state itself (Indonesia: pemungut PPN instansi pemerintah)."""
    COLLECTOR = "collector"
    """Anybody else who does (pemungut PPN lainnya)."""
    VISITOR = "visitor"
    """A holder of a foreign passport who asks for the tax back on leaving (UU PPN art. 16E)."""


class IdState(StrEnum):
    """What is known of a tax id."""

    UNCHECKED = "unchecked"
    PENDING = "pending"
    """It was asked for, and there is no answer yet."""
    VALID = "valid"
    INVALID = "invalid"


@attrs.frozen(cache_hash=True)
class Certificate:
    """A buyer's exemption: on paper, with a number, for some taxes and classes, for a time.

    Raises:
        InvalidCertificate: it ends before it begins, or has no number or jurisdiction. InvalidInput: something else
            than its fields are of.
    """

    number: str
    holder: str = attrs.field(metadata=PERSONAL)
    jurisdiction: str
    """Whose tax: `ID`, `US-CA`. One of a country holds in all its regions."""
    valid_from: date
    valid_until: date | None = None
    """The last day on which it holds; None for no end."""
    taxes: frozenset[str] = frozenset()
    """The codes of the taxes that it is about; all when empty."""
    classes: frozenset[str] = frozenset()
    """The tax classes that it is about; all when empty."""
    treatment: Treatment = Treatment.EXEMPT
    """`EXEMPT`, `ZERO` or `NOT_COLLECTED`."""
    source: str = ""
    """The text of law."""
    facility: str = ""
    """The relief's number in Coretax's lists, in Indonesia."""

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        if not self.number or not self.jurisdiction:
            raise InvalidCertificate(self.number, "it needs a number and a jurisdiction")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise InvalidCertificate(self.number, f"it ends on {self.valid_until}, before {self.valid_from}")
        if self.treatment not in (Treatment.EXEMPT, Treatment.ZERO, Treatment.NOT_COLLECTED):
            raise InvalidCertificate(self.number, f"it can't make a sale {self.treatment}")

    def is_about(self, place: str, code: str, tax_class: str) -> bool:
        """Whether it speaks of that tax on that class there; the day is another question."""
        there = place == self.jurisdiction or place.startswith(f"{self.jurisdiction}-")
        return there and code in (self.taxes or (code,)) and tax_class in (self.classes or (tax_class,))

    def holds(self, on: date) -> bool:
        """Whether it holds on that day, its last one included."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


def _trimmed(text: str) -> str:
    try:
        return text.strip()
    except AttributeError:  # what isn't text is left for the check
        return text


@attrs.frozen(cache_hash=True)
class Buyer:
    """Who buys."""

    kind: BuyerKind = BuyerKind.CONSUMER
    tax_id: str = attrs.field(default="", converter=_trimmed, metadata=PERSONAL)
    """Blanks around it don't count, so a blank one is none."""
    tax_id_country: str = ""
    """Who gave the id: ISO 3166-1, so `GR` for a Greek number, though that begins with EL, and `GB` for one of Northern
    Ireland (XI). A number that begins with another state's prefix is refused where it is used.
    """
    tax_id_state: IdState = IdState.UNCHECKED
    certificates: tuple[Certificate, ...] = ()

    @property
    def is_known_business(self) -> bool:
        """Whether the tax may be left to the buyer: a business whose id was found valid."""
        return self.kind is BuyerKind.BUSINESS and bool(self.tax_id) and self.tax_id_state is IdState.VALID


CONSUMER: Final = Buyer()
"""Anybody, for their own use."""


@attrs.frozen(cache_hash=True)
class Place:
    """A place as tax law sees it."""

    country: str
    """ISO 3166-1 alpha-2."""
    region: str = ""
    """ISO 3166-2 without the country: `CA`."""
    county: str = ""
    city: str = ""
    postal_code: str = ""
    """These three are for providers, where a state's parts have taxes of their own."""


@attrs.frozen(cache_hash=True)
class Situation:
    """All that decides, beside the goods and the day, which tax a sale bears."""

    country: str
    """Where the seller is established."""
    seller: SellerStatus
    origin: Place
    """Where the goods start."""
    destination: Place
    """Where they go; the place of the shop, when they are fetched."""
    buyer: Buyer = CONSUMER
    low_value: bool = False
    """Whether the consignment is within the destination's limit for taxing imports at the sale: 150 EUR, S$400."""

    @classmethod
    def at_home(cls, country: str, seller: SellerStatus, buyer: Buyer = CONSUMER, *, region: str = "") -> "Situation":
        """A sale that stays in the seller's own country, and in one region of it."""
        return cls(country, seller, Place(country, region), Place(country, region), buyer)

    def is_registered(self, country: str, on: date, scheme: str = "") -> bool:
        """Whether the seller may and must charge the tax of *country* on that day."""
        return self.seller.holds(self.country, country, on, scheme)

    def holds_some(self, place: Place, on: date) -> bool:
        """Whether the seller is registered in the region of *place*; where that isn't known, in any of its country."""
        held = [each.scheme for each in self.seller.registrations if each.country == place.country and each.holds(on)]
        return place.region in held if place.region else bool(held)
