"""VAT in the 27 member states of the European Union: dated rates since 1 January 2017 at least, with the text of law.

Where to look: `TABLES` maps each country to its rules; the modules are named by neighbourhood, `german_speaking` for
Germany and Austria, `benelux` for the Netherlands, and so on.

Classes mean the same everywhere: `standard`; `reduced`, the higher reduced rate, or the one of everyday goods where
there is an `intermediate` one above it (AT, BE, EE, FR, LU, PT); `second_reduced`, the lower one; `super_reduced`,
below 5 %; `parking`; `zero`; `exempt`; `export`; `shipping`. `books` and `basic_food` stand where a country changed
their rate on a path of its own. A class whose rate did not exist on a day carries what its goods bore then. Which
goods bear which class is the shop's to say: that a thing moved from one class to another is in the modules' notes
where we know of it, never in a rule.

`region` is the part of the country whose rate applies, by ISO 3166-2 without the country, or by a name in capitals
where ISO has none. Which part that is, in a sale from one to another, the country's own law says: the lower rates of
the Greek islands and the French departments are for sellers there. Goods sent to such an island from elsewhere take no
region, and goods sent to such a department class `export`.
What is outside the VAT territory is written as an export from the rest of the country.

What was checked, and when: on 22 November 2026 the standard rates and their days were compared with three public
tables: the Commission's TEDB and its booklet "VAT rates applied in the Member States" (edition of June 2021), both as
kept in vatnode/eu-vat-rates-data of 23 September 2026, and duty27-eu-vat 0.1.0 of 4 October 2026; they agree on every
change since 2017 (TEDB lacks Germany's of 2020, which the booklet's keeper took from the act). The reduced rates of
today were compared with TEDB as of 29 September 2026, and their changes since 2017 with public notices of finance
ministries, parliaments and large advisers, where a module doesn't call them medium. The sections of national acts are
those by which the acts are commonly cited; few were read themselves. Each module says what is of less than high
confidence.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.countries.eu import (
    balkan,
    baltic,
    benelux,
    central,
    france,
    german_speaking,
    iberian,
    ireland,
    mediterranean,
    nordic,
)
from tokolib.tax.model import RoundingRule, Rule

TABLES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "AT": german_speaking.AUSTRIA,
        "BE": benelux.BELGIUM,
        "BG": balkan.BULGARIA,
        "CY": mediterranean.CYPRUS,
        "CZ": central.CZECHIA,
        "DE": german_speaking.GERMANY,
        "DK": nordic.DENMARK,
        "EE": baltic.ESTONIA,
        "ES": iberian.SPAIN,
        "FI": nordic.FINLAND,
        "FR": france.FRANCE,
        "GR": mediterranean.GREECE,
        "HR": balkan.CROATIA,
        "HU": central.HUNGARY,
        "IE": ireland.IRELAND,
        "IT": mediterranean.ITALY,
        "LT": baltic.LITHUANIA,
        "LU": benelux.LUXEMBOURG,
        "LV": baltic.LATVIA,
        "MT": mediterranean.MALTA,
        "NL": benelux.NETHERLANDS,
        "PL": central.POLAND,
        "PT": iberian.PORTUGAL,
        "RO": balkan.ROMANIA,
        "SE": nordic.SWEDEN,
        "SI": balkan.SLOVENIA,
        "SK": central.SLOVAKIA,
    }
)
"""The rules of each member state, by ISO 3166-1 (Greece is GR, though its VAT numbers begin with EL)."""

MEMBERS: Final = frozenset(TABLES)
"""The member states since 1 February 2020."""

RULES: Final[tuple[Rule, ...]] = tuple(rule for rules in TABLES.values() for rule in rules)

ROUNDINGS: Final = tuple(
    RoundingRule(
        country,
        date(2017, 6, 28),
        RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.RATE_GROUP),
        "EN 16931-1:2017, BT-117: once per category and rate",
    )
    for country in TABLES
)
