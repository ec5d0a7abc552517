"""Registrations by scheme: what is known is kept in one spelling, and what isn't is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import InvalidInput
from tokolib.kernel import Registration
from tokolib.kernel.schemes import SCHEMES
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.countries.id import PRODUCER
from tokolib.tax.situation import IMPORT_ONE_STOP_SHOP, ONE_STOP_SHOP, OVER_THRESHOLD

DAY = date(2021, 7, 1)


def faults(country: str, scheme: str) -> list[tuple[str, str]]:
    """What is wrong with them."""
    with pytest.raises(InvalidInput) as refused:
        Registration(country, DAY, scheme=scheme)
    return [(fault.path, fault.code) for fault in refused.value.faults]


def test_all_that_rules_ask_for_is_known():
    """By the names under which they ask."""
    asked = {each.scheme for rule in BUILT_IN.rules for each in rule.components if each.scheme}

    assert asked | {ONE_STOP_SHOP, IMPORT_ONE_STOP_SHOP, OVER_THRESHOLD, PRODUCER} == SCHEMES


@given(
    st.sampled_from([("DE", each) for each in sorted(SCHEMES)] + [("US", "WA"), ("CA", "ON"), ("DE", "")]), st.data()
)
def test_case_and_blanks_don_t_count(place, data):
    """However a scheme is typed, it is the same registration."""
    country, scheme = place
    typed = "".join(data.draw(st.sampled_from([each.lower(), each.upper()])) for each in scheme)

    typed = data.draw(st.sampled_from(["", " ", "\t"])) + typed + data.draw(st.sampled_from(["", "  "]))

    assert Registration(country, DAY, scheme=scheme) == Registration(country, DAY, scheme=typed)
    assert scheme == Registration(country, DAY, scheme=typed).scheme


@pytest.mark.parametrize(
    ("country", "scheme"),
    [("DE", "ossx"), ("DE", "WA"), ("NL", "o s s"), ("US", "oss"), ("US", "Washington"), ("US", "ON"), ("CA", "WA")],
)
def test_a_scheme_that_nobody_asks_for_is_refused(country, scheme):
    """It would be no registration, and another country's tax be charged without a word."""
    assert [("scheme", "kernel.unknown_scheme")] == faults(country, scheme)


def test_the_known_ones_are_told():
    """Those of the country: schemes of the union, or its own states."""
    with pytest.raises(InvalidInput, match="known are ioss, oss, over_threshold, ppnbm"):
        Registration("DE", DAY, scheme="ossx")
    with pytest.raises(InvalidInput, match=r"the code of a state, .* AK, AL, "):
        Registration("US", DAY, scheme="Washington")


@pytest.mark.parametrize("country", ["XX", "EU", "EL", "de", "", "Germany"])
def test_a_country_that_there_isn_t_is_refused(country):
    """By the codes of ISO 3166-1, as in addresses."""
    assert [("country", "kernel.unknown_country")] == faults(country, "oss")
