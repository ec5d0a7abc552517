"""By which ways a seller can be registered for a tax, beside the ordinary one.

The rules of countries ask for schemes by name, so a misspelt one would be no registration, and another country's tax
be charged without a word. In countries whose states have taxes of their own a seller is registered by state, and the
scheme is the state.
"""

from collections.abc import Mapping
from typing import Final

from tokolib.kernel.countries import COUNTRIES
from tokolib.kernel.errors import Fault, shown

SCHEMES: Final = frozenset({"oss", "ioss", "over_threshold", "ppnbm"})
"""All that rules ask for: the one-stop shops, being over the threshold of distance sales, producing luxury goods."""

STATES: Final[Mapping[str, frozenset[str]]] = {
    country: frozenset(codes.split())
    for country, codes in {
        "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
        "US": (
            "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ "
            "NM NV NY OH OK OR PA PR RI SC SD TN TX UM UT VA VI VT WA WI WV WY"
        ),
    }.items()
}
"""Where sellers are registered by state: its codes by ISO 3166-2, without the country."""


def scheme_of(text: str) -> str:
    """*text* as it is kept: case and blanks around it don't count."""
    clean = str(text).strip()
    return clean.lower() if clean.lower() in SCHEMES else clean.upper()


def scheme_fault(country: str, scheme: str) -> Fault | None:
    """What is wrong with a registration in *country* by *scheme*; None for nothing."""
    if str(country) not in COUNTRIES:
        return Fault("country", "kernel.unknown_country", "must be an ISO 3166-1 alpha-2 code", shown(country))
    known = STATES.get(country, SCHEMES)
    if scheme == "" or scheme in known:
        return None
    what = "the code of a state" if country in STATES else "a scheme that rules ask for"
    wanted = f"must be {what}, or empty for the ordinary way; known are {', '.join(sorted(known))}"
    return Fault("scheme", "kernel.unknown_scheme", wanted, shown(scheme))
