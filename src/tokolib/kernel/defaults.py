"""What a new shop starts with, by its country: `open(country=...)` fills the configuration with it."""

from collections.abc import Mapping
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError, shortened
from tokolib.kernel.settings import Settings

COUNTRY_DEFAULTS: Final[Mapping[str, tuple[str, str, bool]]] = {
    # country: currency, zone, shelf prices include tax
    "ID": ("IDR", "Asia/Jakarta", True),
    "SG": ("SGD", "Asia/Singapore", True),
    "MY": ("MYR", "Asia/Kuala_Lumpur", True),
    "AU": ("AUD", "Australia/Sydney", True),
    "NZ": ("NZD", "Pacific/Auckland", True),
    "JP": ("JPY", "Asia/Tokyo", True),
    "US": ("USD", "America/New_York", False),
    "GB": ("GBP", "Europe/London", True),
    # the European Union
    "AT": ("EUR", "Europe/Vienna", True),
    "BE": ("EUR", "Europe/Brussels", True),
    "BG": ("EUR", "Europe/Sofia", True),  # the euro since 1 January 2026
    "CY": ("EUR", "Asia/Nicosia", True),
    "CZ": ("CZK", "Europe/Prague", True),
    "DE": ("EUR", "Europe/Berlin", True),
    "DK": ("DKK", "Europe/Copenhagen", True),
    "EE": ("EUR", "Europe/Tallinn", True),
    "ES": ("EUR", "Europe/Madrid", True),
    "FI": ("EUR", "Europe/Helsinki", True),
    "FR": ("EUR", "Europe/Paris", True),
    "GR": ("EUR", "Europe/Athens", True),
    "HR": ("EUR", "Europe/Zagreb", True),
    "HU": ("HUF", "Europe/Budapest", True),
    "IE": ("EUR", "Europe/Dublin", True),
    "IT": ("EUR", "Europe/Rome", True),
    "LT": ("EUR", "Europe/Vilnius", True),
    "LU": ("EUR", "Europe/Luxembourg", True),
    "LV": ("EUR", "Europe/Riga", True),
    "MT": ("EUR", "Europe/Malta", True),
    "NL": ("EUR", "Europe/Amsterdam", True),
    "PL": ("PLN", "Europe/Warsaw", True),
    "PT": ("EUR", "Europe/Lisbon", True),
    "RO": ("RON", "Europe/Bucharest", True),
    "SE": ("SEK", "Europe/Stockholm", True),
    "SI": ("EUR", "Europe/Ljubljana", True),
    "SK": ("EUR", "Europe/Bratislava", True),
}


def defaults(country: str, *, currency: str | None = None, zone: str | None = None) -> Settings:
    """The settings that a new shop in *country* starts with.

    Raises:
        UnknownCountry: the country has no defaults here, and currency or zone was not given.
        UnknownCurrency, UnknownZone, InvalidInput: what was given is none.
    """
    known = COUNTRY_DEFAULTS.get(country)
    if known is None and (currency is None or zone is None):
        missing = tuple(name for name, given in (("currency", currency), ("zone", zone)) if given is None)
        raise UnknownCountry(country, missing)
    known = known or ("", "", True)
    return Settings(
        country=country,
        currency=currency or known[0],
        zone=zone or known[1],
        prices_include_tax=known[2],
        tax_rounding=None,
    )


@attrs.frozen
class UnknownCountry(TokolibError):
    """No defaults are known for this country, and the settings it needs were not given."""

    code: ClassVar[str] = "kernel.unknown_country"
    country: str = attrs.field(converter=shortened)
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"no defaults for country {self.country!r}; give {', '.join(self.missing)}"
