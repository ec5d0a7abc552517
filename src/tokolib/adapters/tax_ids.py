"""Tax ids checked offline: whether the digits can be one, never whether anybody holds it.

Indonesia: NPWP of 15 and 16 digits, NIK and NITKU (PMK 112/PMK.03/2022; PER-6/PJ/2024). European Union: VAT numbers
of every member state and of Northern Ireland. Rests on python-stdnum, which the extra `ids` brings.
"""

from collections.abc import Callable
from enum import StrEnum
from types import ModuleType
from typing import ClassVar, Final

import attrs

from tokolib.kernel.adapter_errors import MissingExtra
from tokolib.kernel.errors import TokolibError, shortened
from tokolib.tax.markets import GREECE

LONGEST: Final = 40
"""No id with its blanks and dots is longer."""


class IdKind(StrEnum):
    """What an id is."""

    NPWP = "npwp"
    """An Indonesian taxpayer: 16 digits since 2024 (`0` and the former 15), or 15."""
    NIK = "nik"
    """An Indonesian resident: 16 digits, since 2024 the taxpayer number of individuals too."""
    NITKU = "nitku"
    """A place of business: the 16 digits of its taxpayer and six more (PER-6/PJ/2024)."""
    EU_VAT = "eu_vat"


class IdFault(StrEnum):
    """What is wrong with it."""

    FORMAT = "format"
    """It has characters that no id has."""
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    PART = "part"
    """A part of it can't be: a place, a birthday, a serial, another country's prefix."""
    COUNTRY = "country"
    """Ids of that country aren't known here."""


@attrs.frozen
class TaxId:
    """An id whose digits are in order."""

    country: str
    """ISO 3166-1: `GR` for Greece, and `GB` for Northern Ireland, though their numbers begin with EL and XI."""
    kind: IdKind
    text: str = attrs.field(metadata={"personal": True})
    """Without blanks and dots: as registers and tax files want it."""

    @property
    def npwp16(self) -> str:
        """The 16 digits that Indonesian tax files want of a taxpayer; empty for the ids of other countries."""
        if self.country != "ID":
            return ""
        return self.text.rjust(16, "0")[:16]


@attrs.frozen
class InvalidTaxId(TokolibError):
    """The text can't be a tax id of that country."""

    code: ClassVar[str] = "tax.invalid_id"
    country: str
    fault: str
    """`format`, `length`, `check_digit`, `part` or `country`."""
    reason: str
    text: str = attrs.field(converter=shortened, metadata={"personal": True})

    def __str__(self) -> str:
        return f"{self.text!r} is no tax id of {self.country}: {self.reason}"


def check_tax_id(country: str, text: str) -> TaxId:
    """The id that *text* is, blanks, dots and hyphens aside.

    *country* is ISO 3166-1 alpha-2. An EU number may come with its prefix or without.

    Raises:
        InvalidTaxId: naming what is wrong; `country`: none of that country is known here.
        MissingExtra: python-stdnum is not installed.
    """
    if len(text) > LONGEST:
        raise InvalidTaxId(country, IdFault.LENGTH, f"it has {len(text)} characters", text)
    if country == "ID":
        return _indonesian(text)
    return _european(country, text)


def _indonesian(text: str) -> TaxId:
    digits = _compact(text)
    if not digits.isascii() or not digits.isdigit():
        raise InvalidTaxId("ID", IdFault.FORMAT, "it has other characters than digits", text)
    match len(digits):
        case 15:
            return TaxId("ID", IdKind.NPWP, _npwp(digits, text))
        case 16 if digits.startswith("0"):
            return TaxId("ID", IdKind.NPWP, _npwp(digits, text))
        case 16:
            return TaxId("ID", IdKind.NIK, _nik(digits, text))
        case 22 if digits.startswith("0"):
            return TaxId("ID", IdKind.NITKU, _npwp(digits[:16], text) + digits[16:])
        case 22:
            return TaxId("ID", IdKind.NITKU, _nik(digits[:16], text) + digits[16:])
        case length:
            raise InvalidTaxId("ID", IdFault.LENGTH, f"it has {length} digits, not 15, 16 or 22", text)


def _npwp(digits: str, text: str) -> str:
    from_stdnum = _stdnum("stdnum.id.npwp")
    return _checked("ID", text, lambda: from_stdnum.validate(digits))


def _nik(digits: str, text: str) -> str:
    """stdnum checks the place and a date; the day up to 31, or 41 to 71 for women, and the serial are ours."""
    from_stdnum = _stdnum("stdnum.id.nik")
    if not (1 <= int(digits[6:8]) <= 31 or 41 <= int(digits[6:8]) <= 71):
        raise InvalidTaxId("ID", IdFault.PART, f"{digits[6:8]} is no day of birth", text)
    if digits[12:] == "0000":
        raise InvalidTaxId("ID", IdFault.PART, "its serial is 0000", text)
    return _checked("ID", text, lambda: from_stdnum.validate(digits))


def _european(country: str, text: str) -> TaxId:
    vat = _stdnum("stdnum.eu.vat")
    prefix = {"GR": GREECE, "GB": "XI"}.get(country, country)
    prefixes = {GREECE, *(state.upper() for state in vat.MEMBER_STATES)}
    if prefix not in prefixes:
        raise InvalidTaxId(country, IdFault.COUNTRY, "ids of this country aren't known here", text)
    number = _compact(text).upper()
    # A national number may begin with two letters too, even with those of its country.
    readings = [number, prefix + number] if number.startswith(prefix) else [prefix + number]
    for reading in readings:
        if vat.is_valid(reading):
            return TaxId(country, IdKind.EU_VAT, vat.validate(reading))
    if number[:2] in prefixes - {prefix}:
        raise InvalidTaxId(country, IdFault.PART, f"it begins with {number[:2]}, not with {prefix}", text)
    return TaxId(country, IdKind.EU_VAT, _checked(country, text, lambda: vat.validate(readings[0])))


def _compact(text: str) -> str:
    return "".join(each for each in text if each not in " .-\u00a0\t/").strip()


def _checked(country: str, text: str, validate: Callable[[], str]) -> str:
    """What *validate* answers, its refusal told in our words."""
    faults = _stdnum("stdnum.exceptions")
    try:
        return validate()
    except faults.InvalidChecksum as error:
        raise InvalidTaxId(country, IdFault.CHECK_DIGIT, "its check digit is wrong", text) from error
    except faults.InvalidLength as error:
        raise InvalidTaxId(country, IdFault.LENGTH, "it is too long or too short", text) from error
    except faults.InvalidComponent as error:
        raise InvalidTaxId(country, IdFault.PART, "a part of it can't be", text) from error
    except faults.ValidationError as error:
        raise InvalidTaxId(country, IdFault.FORMAT, "it has not the form of one", text) from error


def _stdnum(module: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtra("ids", error.name or "stdnum") from error
