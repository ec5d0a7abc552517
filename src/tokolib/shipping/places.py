"""Places as rate tables name them: where a parcel goes, and the area that a rate is for.

Names are compared without case, punctuation or double spaces; `Kab.` is `Kabupaten`, `D.I.` is `DI`. A name that
says whether it is a city or a regency (`Kota Bandung`, `Kabupaten Bandung`) never matches the other kind; a bare
one (`Bandung`) matches either, and a name of the same kind wins over it. A province of Indonesia has all the names
that people write for it: `DKI Jakarta` is `Jakarta`, `NTB` is `Nusa Tenggara Barat`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import attrs

from tokolib.kernel.address import Address
from tokolib.shipping.errors import InvalidMethod
from tokolib.shipping.figures import named, text_of
from tokolib.shipping.provinces import PROVINCES

_NOISE: Final = re.compile(r"[^\w]+", re.UNICODE)
_INITIALS: Final = re.compile(r"\b(\w) (?=\w\b)", re.UNICODE)
_KINDS: Final = {
    "kabupaten administrasi": "kabupaten",
    "kota administrasi": "kota",
    "kab adm": "kabupaten",
    "kota adm": "kota",
    "kabupaten": "kabupaten",
    "kab": "kabupaten",
    "kota": "kota",
    "kotamadya": "kota",
}
_PREFIXES: Final = ("provinsi ", "propinsi ", "prov ", "kecamatan ", "kec ")


def place_key(name: str) -> str:
    """What a place's name is compared by: `KAB. Sleman` and `Kabupaten Sleman` are one."""
    text = _INITIALS.sub(r"\1", _NOISE.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip())
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    kind, bare = _kind(text)
    return f"{kind} {bare}" if kind else bare


def bare_key(name: str) -> str:
    """`place_key` without city or regency in front: what both kinds share."""
    return _kind(place_key(name))[1]


def province_key(country: str, name: str) -> str:
    """What a province's name is compared by: in Indonesia, all names of one province have one key."""
    key = place_key(name)
    return _PROVINCE_KEYS.get(key, key) if country == "ID" else key


def is_province(country: str, name: str) -> bool:
    """Whether *country* may have a province of that name; only Indonesia's are known."""
    return country != "ID" or place_key(name) in _PROVINCE_KEYS


def _kind(text: str) -> tuple[str, str]:
    for prefix, kind in _KINDS.items():
        if text.startswith(prefix + " "):
            return kind, text[len(prefix) + 1 :]
    return "", text


_PROVINCE_KEYS: Final[Mapping[str, str]] = {
    place_key(name): place_key(names[0]) for names in PROVINCES.values() for name in names
}


def _postal(code: str) -> str:
    return "".join(code.split()).upper()


@attrs.frozen
class Destination:
    """Where a parcel goes, as far as a rate depends on it; what is unknown is empty."""

    country: str
    """ISO 3166-1 alpha-2."""
    province: str = ""
    city: str = ""
    district: str = ""
    postal_code: str = ""

    @classmethod
    def of(cls, address: "Address | Destination") -> "Destination":
        """The destination that *address* names."""
        return cls(address.country, address.province, address.city, address.district, address.postal_code)

    def __str__(self) -> str:
        named = (self.district, self.city, self.province, self.postal_code, self.country)
        return ", ".join(part for part in named if part)


@attrs.frozen
class Area:
    """The places that a rate is for. Each named level must agree; an empty one agrees with all."""

    country: str
    province: str = ""
    city: str = ""
    district: str = ""
    postal_prefix: str = ""
    """The first characters of the postal code."""

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{2}", text_of(self.country)):
            raise InvalidMethod("country", named(self.country), "is an ISO 3166-1 code of two capital letters")
        for name in ("province", "city", "district", "postal_prefix"):
            if not isinstance(given := getattr(self, name), str):
                raise InvalidMethod(name, named(given), "is text")

    @property
    def precision(self) -> tuple[int, int]:
        """How exact it is. Of two areas that match, the more precise one is meant.

        The finest level named counts: district, city, province, country; a postal prefix ranks by its length (five
        digits are finer than a district, four than a city, two than a province). Then the number of levels.
        """
        levels = [10, 20 * bool(self.province), 30 * bool(self.city), 40 * bool(self.district)]
        if self.postal_prefix:
            levels.append(5 + 8 * len(_postal(self.postal_prefix)))
        return max(levels), sum(level > 0 for level in levels)

    def match(self, destination: Destination) -> int | None:
        """How many names agree to the letter, or None when this is another place."""
        if self.country != destination.country:
            return None
        if not _postal(destination.postal_code).startswith(_postal(self.postal_prefix)):
            return None
        exact = 0
        for ours, theirs, key in (
            (self.province, destination.province, partial(province_key, self.country)),
            (self.city, destination.city, place_key),
            (self.district, destination.district, place_key),
        ):
            agreement = _agree(key(ours), key(theirs)) if ours else 0
            if agreement is None:
                return None
            exact += agreement
        return exact

    def __str__(self) -> str:
        postal = f"{self.postal_prefix}…" if self.postal_prefix else ""
        return ", ".join(part for part in (self.district, self.city, self.province, postal, self.country) if part)


def _agree(a: str, b: str) -> int | None:
    if a == b:
        return 2
    bare_a, bare_b = _kind(a)[1], _kind(b)[1]
    if bare_a != bare_b or (a != bare_a and b != bare_b):
        return None
    return int(_kind(a)[0] == "kota" or _kind(b)[0] == "kota")  # who says just "Bandung" means the city


def shelf(area: Area) -> str:
    """The one shelf of a table on which rates for *area* lie, so that a lookup reads a few rates of many."""
    if area.city:
        return f"city:{area.country}:{bare_key(area.city)}"
    if area.district:
        return f"district:{area.country}:{bare_key(area.district)}"
    if area.province:
        return f"province:{area.country}:{bare_key(province_key(area.country, area.province))}"
    if area.postal_prefix:
        return f"postal:{area.country}:{_postal(area.postal_prefix)}"
    return f"country:{area.country}"


def shelves(destination: Destination) -> Iterator[str]:
    """Every shelf that may hold a rate for *destination*."""
    place = destination
    if place.city:
        yield shelf(Area(place.country, city=place.city))
    if place.district:
        yield shelf(Area(place.country, district=place.district))
    if place.province:
        yield shelf(Area(place.country, province=place.province))
    postal = _postal(place.postal_code)
    for length in range(1, min(len(postal), 10) + 1):
        yield f"postal:{place.country}:{postal[:length]}"
    yield f"country:{place.country}"
