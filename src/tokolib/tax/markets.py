"""Which countries share one market for goods, in which a sale across a border is no export."""

from datetime import date
from typing import Final

_UNION: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
_JOINED: Final = {"BG": date(2007, 1, 1), "RO": date(2007, 1, 1), "HR": date(2013, 7, 1)}
"""Sources: accession treaties, OJ L 157, 21.6.2005, and OJ L 112, 24.4.2012."""
_LEFT: Final = {"GB": date(2021, 1, 1)}
"""Source: withdrawal agreement, OJ L 29, 31.1.2020, art. 126: goods were within the union until the end of 2020."""
GREECE: Final = "EL"
"""What Greek VAT numbers begin with, instead of GR (Directive 2006/112/EC, art. 215)."""

SINCE: Final = date(2004, 5, 1)
"""The first day for which this list is right."""

NORTHERN_IRELAND: Final = "XI"
"""What the VAT numbers of Northern Ireland begin with, which the United Kingdom gives (Directive 2020/1756)."""
_OWN_PREFIXES: Final = {"GR": frozenset({GREECE, "GR"}), "GB": frozenset({NORTHERN_IRELAND, "GB"})}
_PREFIXES: Final = _UNION | {GREECE, NORTHERN_IRELAND, "GB"}


def contradicting_prefix(country: str, tax_id: str) -> str:
    """The prefix of another state that a VAT number said to be of *country* begins with; empty where it has none.

    Numbers of other countries than those of the union and the United Kingdom have no prefixes to go by.
    """
    begin = "".join(each for each in tax_id if each.isalnum())[:2].upper()
    if country not in _PREFIXES or begin not in _PREFIXES:
        return ""
    return "" if begin in _OWN_PREFIXES.get(country, {country}) else begin


def in_union(country: str, on: date) -> bool:
    """Whether *country* is a member state of the European Union on that day, for goods; known from May 2004 on."""
    if country in _LEFT:
        return SINCE <= on < _LEFT[country]
    return country in _UNION and on >= _JOINED.get(country, SINCE)


def share_a_market(one: str, other: str, on: date) -> bool:
    """Whether goods go from *one* country to the *other* without being exported."""
    return one == other or (in_union(one, on) and in_union(other, on))
