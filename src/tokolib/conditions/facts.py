"""The facts that predicates may ask for: their names, their types, and who they are about.

Facts are flat: a name and a value. The rooms give the ones listed here; a host adds its own under `x.`
(`x.loyalty_level`), which are taken as they come. A fact that isn't given is unknown, never zero or empty.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

import attrs

FactValue: TypeAlias = str | int | bool | Decimal | datetime | frozenset[str]
Facts: TypeAlias = Mapping[str, FactValue]

HOST_PREFIX: Final = "x."


class FactType(StrEnum):
    """What kind of value a fact has."""

    MONEY = "money"
    """Minor units of the currency that is sold in (the fact `currency`), an integer."""
    NUMBER = "number"
    """An integer or a decimal."""
    TEXT = "text"
    TEXTS = "texts"
    """A set of names."""
    FLAG = "flag"
    INSTANT = "instant"
    """An aware datetime."""


@attrs.frozen
class Form:
    """How the texts of a fact are written, where they all are in one way."""

    pattern: str
    """A regular expression that the whole text matches."""
    example: str


ATTRIBUTE: Final = Form(r"[^=\s][^=]*=.+", "roast=dark")
COUNTRY: Final = Form(r"[A-Z]{2}", "ID")
COUPON: Final = Form(r"[^a-z\s-]+", "HEMAT10")
REGION: Final = Form(r"[1-9][0-9](\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", "51.71")
"""PP.KK.CC.DDDD, or a beginning of it (Kepmendagri 300.2.2-2430/2025)."""


@attrs.frozen
class Fact:
    """One documented fact."""

    name: str
    type: FactType
    meaning: str
    form: Form | None = None


_STAGE: Final = "at the stage at which it is asked"

_ALL: Final = (
    Fact("subtotal", FactType.MONEY, "the goods before discounts"),
    Fact("subtotal_after_discounts", FactType.MONEY, f"the goods less the discounts given so far, {_STAGE}"),
    Fact("subtotal_with_tax", FactType.MONEY, f"the goods before discounts, with the tax of that subtotal {_STAGE}"),
    Fact(
        "subtotal_after_discounts_with_tax",
        FactType.MONEY,
        f"the goods less the discounts given so far, with the tax of that subtotal {_STAGE}",
    ),
    Fact("unit_price", FactType.MONEY, "of one unit of measure of the line, before discounts"),
    Fact("quantity", FactType.NUMBER, "units of measure: of all lines together, or of the line that is asked about"),
    Fact("lines", FactType.NUMBER, "lines of the cart"),
    Fact("weight_grams", FactType.NUMBER, "the goods' weight"),
    Fact("sku", FactType.TEXT, "the key of the line's SKU: a variant is a SKU here"),
    Fact("skus", FactType.TEXTS, "the keys of all SKUs"),
    Fact("product", FactType.TEXT, "the id of the line's product"),
    Fact("products", FactType.TEXTS, "the ids of all products"),
    Fact("categories", FactType.TEXTS, "the category codes of the goods, with all their ancestors"),
    Fact("tags", FactType.TEXTS, "the tags of the goods"),
    Fact("attributes", FactType.TEXTS, "the attributes of the goods, each as `name=value`: `roast=dark`", ATTRIBUTE),
    Fact("customer", FactType.TEXT, "the id of the customer who has signed in"),
    Fact("customer_groups", FactType.TEXTS, "all groups of the customer"),
    Fact("first_order", FactType.FLAG, "whether the customer has never ordered before"),
    Fact("order_number", FactType.NUMBER, "which order of the customer this would be: 1 for the first"),
    Fact("channel", FactType.TEXT, "where it is sold: web, app, pos"),
    Fact("country", FactType.TEXT, "where it goes, ISO 3166-1 alpha-2", COUNTRY),
    Fact("province", FactType.TEXT, "where it goes"),
    Fact("city", FactType.TEXT, "where it goes: kabupaten or kota"),
    Fact("district", FactType.TEXT, "where it goes: kecamatan"),
    Fact("village", FactType.TEXT, "where it goes: kelurahan or desa"),
    Fact("postal_code", FactType.TEXT, "where it goes"),
    Fact("region_code", FactType.TEXT, "where it goes: Kemendagri's number, as far as it is known", REGION),
    Fact("regions", FactType.TEXTS, "the same with those of all places around it: `51` is all of Bali", REGION),
    Fact("delivery", FactType.TEXT, "the code of the delivery method"),
    Fact("coupon", FactType.TEXTS, "the codes of all coupons given, in capitals without blanks and hyphens", COUPON),
    Fact("tender", FactType.TEXT, "how it will be paid: cod, bank_transfer, cash"),
    Fact("risk", FactType.TEXT, "how risky the tender is held to be: allow, fee, refuse; only charges can ask for it"),
    Fact("currency", FactType.TEXT, "the currency of all amounts, ISO 4217"),
    Fact("now", FactType.INSTANT, "the moment of the question"),
)
FACTS: Final[Mapping[str, Fact]] = {fact.name: fact for fact in _ALL}
"""The facts that the rooms give, by name."""


def regions(region_code: str) -> frozenset[str]:
    """The fact `regions` of a place: its own code, and those of its district, city and province.

    So a rule asks for all of Bali as it asks for a category with all below it, `overlaps("regions", "51")`, and an
    index of rules looks the places up as it does any other name. A question by prefix would need a node of its own,
    and would let "5" mean six provinces.

    Of a place without a code nothing is known: leave the fact out.
    """
    parts = region_code.split(".")
    return frozenset(".".join(parts[: i + 1]) for i in range(len(parts)) if region_code)
