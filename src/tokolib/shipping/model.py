"""Delivery methods and their rate tables, what is asked of them, and what they answer."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NewType

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.explain import Reason
from tokolib.kernel.money import Currency, Money
from tokolib.shipping.errors import InvalidMethod
from tokolib.shipping.fees import FeeRule
from tokolib.shipping.figures import check_whole, named, text_of
from tokolib.shipping.places import Area, Destination
from tokolib.shipping.table import RateRow, days
from tokolib.shipping.weight import Goods, Parcel, WeightRule, pack

MethodCode = NewType("MethodCode", str)
"""`courier:service`, such as `jne:reg`; a shop's own delivery may be one word, such as `pickup`."""

PLAIN: Final = WeightRule("plain", source="every started kilogram, volume / 6000")
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.+-]{0,39}(:[a-z0-9<>][a-z0-9<>_.+-]{0,39})?", re.ASCII)


def method_code(text: str) -> MethodCode:
    """*text* as the code of a delivery method, without blanks around it and in lower case.

    Raises:
        InvalidMethod: it isn't of the form `courier:service` or `name`.
    """
    code = text.strip().lower()
    if not _CODE.fullmatch(code):
        raise InvalidMethod("code", text[:100], "must look like 'jne:reg' or 'pickup'")
    return MethodCode(code)


class MethodKind(StrEnum):
    """How a method finds its price."""

    FLAT = "flat"
    """One price for every parcel."""
    TABLE = "table"
    """By area and weight."""


@attrs.frozen
class Terms:
    """What a delivery method offers: all that a shop sets."""

    name: str
    kind: MethodKind
    currency: Currency
    price: int = 0
    """The price of a flat method, in minor units."""
    weight_rule: WeightRule = PLAIN
    areas: tuple[Area, ...] = ()
    """Where it delivers at all; empty for everywhere (a table's rows say where it has rates)."""
    tax_class: str = "shipping"
    """`shipping` taxes it like the goods, `courier` as a parcel service of its own."""
    free_from: int | None = None
    """The value of goods from which it costs nothing, in minor units."""
    cod: bool = True
    """Whether the courier collects cash on delivery."""
    cod_fee: FeeRule | None = None
    insurance: FeeRule | None = None
    conditions: Predicate = ALWAYS
    etd: str = ""
    """How long it takes, in words; a table's rows may say it by area."""
    points_of: str = ""
    """The courier account at whose collection points its parcels wait; empty where it goes to the door."""

    def __attrs_post_init__(self) -> None:
        name = text_of(self.name)
        if not name.strip() or len(name) > 200 or not name.isprintable():
            raise InvalidMethod("name", named(self.name), "has 1 to 200 printable characters")
        check_whole("price", self.price)
        if self.free_from is not None:
            check_whole("free_from", self.free_from)
        points = text_of(self.points_of)
        if points != self.points_of or len(points) > 100 or not points.isprintable():
            raise InvalidMethod("points_of", named(self.points_of), "is the name of a courier account")
        if not isinstance(self.areas, tuple):
            raise InvalidMethod("areas", named(self.areas), "is a tuple of areas")
        for area in self.areas:
            if not isinstance(area, Area):
                raise InvalidMethod("areas", named(area), "is an Area, such as Area('ID', city='Sleman')")


@attrs.frozen
class DeliveryMethod:
    """A way to send goods that the shop offers, or has offered."""

    id: MethodCode
    version: int
    terms: Terms
    active: bool = True

    @property
    def courier(self) -> str:
        """The part of the code before the colon."""
        return self.id.partition(":")[0]

    @property
    def service(self) -> str:
        """The part of the code after the colon; empty if there is none."""
        return self.id.partition(":")[2]

    @property
    def name(self) -> str:
        """What a customer reads."""
        return self.terms.name


@attrs.frozen
class RateSheet:
    """One shelf of a method's table: the rates of a city, a province, a postal prefix or a country."""

    id: str
    version: int
    method: MethodCode
    shelf: str
    rows: tuple[RateRow, ...]


def sheet_id(method: MethodCode, shelf: str) -> str:
    """The id of the sheet on which a method keeps what `places.shelf` names."""
    return f"{method}|{shelf}"


@attrs.frozen
class Consignment:
    """What is to be sent, and where to: the question that methods answer with a rate."""

    destination: Destination
    currency: Currency
    parcels: tuple[Parcel, ...] = ()
    goods: int = 0
    """The value of the goods after discounts, in minor units: free delivery goes by it."""
    weightless: tuple[str, ...] = ()
    """SKUs without a known weight; a method that charges by weight refuses them."""

    @classmethod
    def packed(
        cls, destination: Destination, currency: Currency, goods: Iterable[Goods], *, value: int
    ) -> "Consignment":
        """All *goods*, worth *value* minor units, in one parcel."""
        lines = tuple(goods)
        weightless = tuple(line.sku for line in lines if line.weight_grams is None)
        weighed = [line for line in lines if line.weight_grams is not None]
        return cls(destination, currency, (pack(weighed),) if weighed else (), value, weightless)

    @property
    def grams(self) -> int:
        """The actual weight of all parcels."""
        return sum(parcel.grams for parcel in self.parcels)


@attrs.frozen
class Rate:
    """What a method asks for a consignment, and why."""

    method: MethodCode
    name: str
    amount: Money
    tax_class: str
    zone: str
    etd: str
    actual_grams: int
    chargeable_grams: int
    """0 for a flat method."""
    cod: bool
    insured: bool
    """Whether insurance can be had."""
    reason: Reason

    @property
    def days(self) -> tuple[int, int] | None:
        """The first and last day of arrival, counted from hand-over, as far as `etd` tells."""
        return days(self.etd)


@attrs.frozen
class Offers:
    """What all methods answer: the rates, cheapest first, and the reasons of those that don't serve it."""

    rates: tuple[Rate, ...]
    refused: tuple[Reason, ...]


@attrs.frozen
class TableLoaded:
    """What loading a table did, or would do."""

    rows: int
    shelves: int
    changed: int
    """Shelves that differ from before; 0 when the same table is loaded again."""
    dry_run: bool
