"""Postal addresses: as people give them, cleaned, with every fault named at once.

Indonesia's places nest: provinsi > kabupaten or kota (`city`, with its type: Bandung is both) > kecamatan
(`district`) > kelurahan or desa (`village`); the Ministry of Home Affairs numbers them `PP.KK.CC.DDDD`
(Kepmendagri 300.2.2-2430/2025). Marketplaces hide parts of names, phones and codes behind asterisks
(`B***i`): what is hidden is kept as it is, and not checked for what it can't show.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.kernel.countries import COUNTRIES, country_name
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.personal import PERSONAL, personal_fields

HIDDEN: Final = "*"

_LONGEST: Final = {
    "name": 120,
    "street": 300,
    "city": 80,
    "postal_code": 16,
    "country": 60,  # longer than a code, so that a name is told what it should be
    "province": 80,
    "district": 80,
    "village": 80,
    "phone": 32,
    "email": 254,  # RFC 5321 (October 2008), section 4.5.3.1.3, less the two brackets
    "notes": 500,
    "region_code": 13,
}
_REQUIRED: Final = ("name", "street", "city", "country")
_PHONE: Final = re.compile(r"\+?[0-9*(][0-9* ().+-]{3,30}", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_POSTAL_CODE: Final = re.compile(r"[0-9A-Za-z*][0-9A-Za-z* -]*", re.ASCII)
_INDONESIAN_POSTAL_CODE: Final = re.compile(r"[0-9]{5}", re.ASCII)
_REGION_CODE: Final = re.compile(r"[1-9][0-9](\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", re.ASCII)


def _clean(text: str) -> str:
    """Composed characters, no blanks around, single ones inside; what isn't text is left for the check."""
    try:
        return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())
    except (TypeError, AttributeError):
        return text


def _clean_code(text: str) -> str:
    try:
        return _clean(text.upper())
    except AttributeError:
        return text


def _hidden(text: str) -> str:
    """How a personal field stands in a log: that it is there, not what it is."""
    return "'…'" if text else "''"


@attrs.frozen
class Address:
    """Where goods go, and to whom. Fields about the person are marked personal, and stay out of `repr`.

    Raises:
        InvalidInput: with every fault and its field. Values of personal fields are left out of it.
    """

    name: str = attrs.field(converter=_clean, repr=_hidden, metadata=PERSONAL)
    street: str = attrs.field(converter=_clean, repr=_hidden, metadata=PERSONAL)
    city: str = attrs.field(converter=_clean, kw_only=True)
    """Kabupaten or kota, with its type: `Kota Bandung`, `Kab. Bandung`."""
    postal_code: str = attrs.field(converter=_clean_code, kw_only=True)
    """Five digits in Indonesia; empty where a country has none."""
    country: str = attrs.field(converter=_clean_code, kw_only=True)
    """ISO 3166-1 alpha-2."""
    province: str = attrs.field(default="", converter=_clean, kw_only=True)
    district: str = attrs.field(default="", converter=_clean, kw_only=True)
    """Kecamatan."""
    village: str = attrs.field(default="", converter=_clean, repr=_hidden, kw_only=True, metadata=PERSONAL)
    """Kelurahan or desa."""
    phone: str = attrs.field(default="", converter=_clean, repr=_hidden, kw_only=True, metadata=PERSONAL)
    email: str = attrs.field(default="", converter=_clean, repr=_hidden, kw_only=True, metadata=PERSONAL)
    notes: str = attrs.field(default="", converter=_clean, repr=_hidden, kw_only=True, metadata=PERSONAL)
    """For the courier: the blue gate, call before you come."""
    region_code: str = attrs.field(default="", converter=_clean, kw_only=True)
    """Kemendagri's number of the place, as far as it is known: `34.71`, `34.71.07`, `34.71.07.1001`."""

    def __attrs_post_init__(self) -> None:
        faults = tuple(_faults(self))
        if faults:
            raise InvalidInput(faults)

    def lines(self, locale: str) -> tuple[str, ...]:
        """The lines of a label: person, street, place, country."""
        places = ", ".join(filter(None, (self.village, self.district)))
        town = ", ".join(filter(None, (self.city, self.province)))
        country = country_name(self.country, locale)
        return tuple(filter(None, (self.name, self.street, places, f"{town} {self.postal_code}".strip(), country)))

    def one_line(self, locale: str) -> str:
        """The whole address in one line."""
        return ", ".join(self.lines(locale))


def _faults(address: Address) -> Iterator[Fault]:
    for name, longest in _LONGEST.items():
        value = getattr(address, name)
        if not isinstance(value, str):
            yield _fault(name, "kernel.not_text", "must be text", shown(value))
        elif not value:
            if name in _REQUIRED or (name == "postal_code" and address.country == "ID"):
                yield _fault(name, "kernel.required", "is required")
        elif len(value) > longest:
            yield _fault(name, "kernel.too_long", f"must be at most {longest} characters", value)
        elif not value.isprintable() and any(unicodedata.category(each) in _UNPRINTABLE for each in value):
            yield _fault(name, "kernel.unprintable", "must not have control characters", repr(value))
        elif name in _RULED and (rule := _broken_rule(name, value, address)):
            yield _fault(name, "kernel.malformed", rule, value)


_RULED: Final = frozenset({"country", "postal_code", "phone", "email", "region_code"})
"""The fields whose letters follow a rule."""
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn"})


def _broken_rule(name: str, value: str, address: Address) -> str:
    """The rule of its field that *value* breaks, or nothing; a hidden value is only checked for its letters."""
    in_indonesia = address.country == "ID"
    match name:
        case "country" if value not in COUNTRIES:
            return "must be an ISO 3166-1 alpha-2 code"
        case "postal_code" if not _POSTAL_CODE.fullmatch(value):
            return "must be letters, digits, blanks and hyphens"
        case "postal_code" if in_indonesia and HIDDEN not in value and not _INDONESIAN_POSTAL_CODE.fullmatch(value):
            return "must be five digits in Indonesia"
        case "phone" if not _PHONE.fullmatch(value):
            return "must be a telephone number"
        case "email" if not _EMAIL.fullmatch(value):
            return "must be an e-mail address"
        case "region_code" if not in_indonesia:
            return "is Indonesian, and the country is not"
        case "region_code" if not (_REGION_CODE.fullmatch(value) and 11 <= int(value[:2]) <= 96):
            return "must be of the form PP.KK.CC.DDDD, or a beginning of it"
        case _:
            return ""


def _fault(name: str, code: str, message: str, value: str = "") -> Fault:
    return Fault(name, code, message, "" if name in personal_fields(Address) else value[:40])
