"""Whose tax a sale bears: stories of sellers, buyers and borders, and laws that hold for all of them."""

from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.registration import Registration
from tokolib.tax import (
    Assessment,
    Buyer,
    BuyerKind,
    Certificate,
    IdState,
    NotRegisteredThere,
    Place,
    SaleKind,
    SellerStatus,
    Situation,
    Treatment,
    assess,
    assess_sale,
)
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.countries.rules import Tax
from tokolib.tax.markets import in_union, share_a_market
from tokolib.tax.rules import next_change_of

TODAY = date(2026, 1, 15)
LONG_AGO = date(2000, 1, 1)
GERMAN = SellerStatus(LONG_AGO)
VAT = {country: Tax(country, "VAT", f"VAT {country}") for country in ("DE", "FR", "NL")}
RULES = BUILT_IN.extended(
    *(tax.untaxed("export", LONG_AGO, Treatment.EXPORT, "own") for tax in VAT.values()),
    VAT["DE"].taxed("scrap", LONG_AGO, "19", "UStG § 12(1)"),
    VAT["DE"].untaxed("scrap", LONG_AGO, Treatment.REVERSE_CHARGE, "UStG § 13b(2) no. 7", business_only=True),
)


def german(*more: Registration) -> SellerStatus:
    """A seller with a German registration and more."""
    return SellerStatus(LONG_AGO, registrations=more)


def sale(
    to: str, seller: SellerStatus = GERMAN, buyer: Buyer | None = None, *, tax_class: str = "standard", on: date = TODAY
) -> Assessment:
    """From Germany to a place, to a consumer unless told."""
    situation = Situation("DE", seller, Place("DE"), Place(to), buyer or Buyer())
    return assess_sale(situation, tax_class, on, RULES)


def business(country: str, state: IdState = IdState.VALID) -> Buyer:
    """A business with an id of a country."""
    return Buyer(BuyerKind.BUSINESS, f"{country}123456789", country, state)


def told(assessment: Assessment) -> set[str]:
    """The codes of all reasons."""
    return {node.code for node in assessment.reason.walk()}


def test_a_small_seller_charges_the_tax_of_the_origin():
    """Directive 2006/112/EC art. 59c: within 10,000 EUR a year a distance sale bears the tax of where it starts."""
    found = sale("FR")

    assert (SaleKind.DISTANCE_AT_ORIGIN, 19, "DE") == _figures(found)
    assert "tax.distance_at_origin" in told(found)


@pytest.mark.parametrize("scheme", [Registration("DE", date(2021, 7, 1), scheme="oss"), Registration("FR", LONG_AGO)])
def test_the_one_stop_shop_charges_the_tax_of_the_destination(scheme):
    """Or a registration in the country that the goods go to."""
    assert (SaleKind.DISTANCE_AT_DESTINATION, 20, "FR") == _figures(sale("FR", german(scheme)))


def test_a_scheme_counts_from_its_day_on_and_to_its_end():
    """The day of the sale decides."""
    first, last = date(2025, 7, 1), date(2026, 1, 1)
    seller = german(Registration("DE", first, last, scheme="oss"))
    days = [first - timedelta(days=1), first, last - timedelta(days=1), last]

    assert [19, 20, 20, 19] == [sale("FR", seller, on=on).components[0].rate for on in days]


def test_a_seller_over_the_threshold_without_a_registration_is_stopped():
    """Charging the origin's tax would be wrong, and the destination's isn't the seller's to charge."""
    over = Registration("DE", date(2026, 1, 1), scheme="over_threshold")

    with pytest.raises(NotRegisteredThere, match="from DE to FR on 2026-01-15 bears the tax of FR") as caught:
        sale("FR", german(over))

    assert "oss" in caught.value.hint
    assert SaleKind.DISTANCE_AT_ORIGIN is sale("FR", german(over), on=date(2025, 12, 31)).kind


def test_goods_from_a_store_abroad_have_no_threshold():
    """They start in another state than the seller's: the 10,000 EUR are for sellers of one state alone."""
    situation = Situation("DE", german(Registration("NL", LONG_AGO)), Place("NL"), Place("FR"))

    with pytest.raises(NotRegisteredThere, match="from NL to FR"):
        assess_sale(situation, "standard", TODAY, RULES)


def test_a_business_elsewhere_in_the_union_accounts_for_the_tax_itself():
    """Category K, 0 %, by art. 138(1), with the tax of the origin named."""
    found = sale("FR", buyer=business("FR"))
    (tax,) = found.components

    assert (SaleKind.INTRA_COMMUNITY, Treatment.INTRA_COMMUNITY, "K") == (found.kind, found.treatment, found.category)
    assert (0, "DE", "Directive 2006/112/EC art. 138(1)") == (tax.rate, tax.jurisdiction, tax.source)


@pytest.mark.parametrize("state", [IdState.UNCHECKED, IdState.PENDING, IdState.INVALID])
def test_an_id_that_is_not_found_valid_frees_nobody(state):
    """The business counts as a consumer, the checkout goes on, and the reason tells what the id lacked."""
    found = sale("FR", buyer=business("FR", state))

    assert (SaleKind.DISTANCE_AT_ORIGIN, 19, "DE") == _figures(found)
    assert "tax.id_not_validated" in told(found)


def test_an_id_of_the_state_that_the_goods_leave_frees_nobody():
    """Art. 138(1)(b): it must be of another member state."""
    assert SaleKind.DISTANCE_AT_ORIGIN is sale("FR", buyer=business("DE")).kind


def test_exempt_goods_stay_exempt_for_a_business_abroad():
    """Art. 140(a): they aren't made into an intra-community supply."""
    assert "E" == sale("FR", buyer=business("FR"), tax_class="exempt").category


def test_the_buyer_owes_the_tax_where_a_rule_for_businesses_says_so():
    """Domestic reverse charge, category AE; a consumer pays the tax as ever."""
    reversed_, plain = sale("DE", buyer=business("DE"), tax_class="scrap"), sale("DE", tax_class="scrap")

    assert ("AE", 0, Treatment.REVERSE_CHARGE) == (
        reversed_.category,
        reversed_.components[0].rate,
        reversed_.treatment,
    )
    assert ("S", 19) == (plain.category, plain.components[0].rate)


def test_a_rule_for_businesses_goes_before_a_newer_one_for_all():
    """The more exact buyer wins, wherever the rule stands; a rule for the region wins over both."""
    newer = VAT["DE"].taxed("scrap", date(2025, 1, 1), "7", "own")
    regional = attrs.evolve(VAT["DE"].taxed("scrap", LONG_AGO, "5", "own"), region="BE")
    rules = RULES.extended(newer, regional)

    def rate(buyer: Buyer, region: str = "") -> int:
        situation = Situation.at_home("DE", GERMAN, buyer, region=region)
        return int(assess_sale(situation, "scrap", TODAY, rules).components[0].rate)

    assert (0, 7, 5) == (rate(business("DE")), rate(Buyer()), rate(business("DE"), "BE"))


@pytest.mark.parametrize(("on", "kind"), [("2020-12-31", "distance_at_origin"), ("2021-01-01", "export")])
def test_the_united_kingdom_left_the_market(on, kind):
    """Until the end of 2020 goods for it were a distance sale."""
    assert kind == sale("GB", on=date.fromisoformat(on)).kind


def test_goods_of_little_value_bear_the_tax_of_the_destination_when_the_seller_is_registered_for_it():
    """IOSS into the EU, a registration anywhere else; what is dearer, or for a business, is an export."""
    ioss = SellerStatus(LONG_AGO, registrations=(Registration("NL", LONG_AGO, scheme="ioss"),))
    small = Situation("ID", ioss, Place("ID"), Place("FR"), low_value=True)
    dear = Situation("ID", ioss, Place("ID"), Place("FR"))
    to_business = Situation("ID", ioss, Place("ID"), Place("FR"), business("FR"), low_value=True)

    kinds = [assess_sale(each, "standard", TODAY, RULES).kind for each in (small, dear, to_business)]

    assert [SaleKind.LOW_VALUE_IMPORT, SaleKind.EXPORT, SaleKind.EXPORT] == kinds
    assert (SaleKind.LOW_VALUE_IMPORT, 20, "FR") == _figures(assess_sale(small, "standard", TODAY, RULES))
    abroad = SellerStatus(LONG_AGO, registrations=(Registration("SG", LONG_AGO),))
    ovr = Situation("ID", abroad, Place("ID"), Place("SG"), low_value=True)
    assert (SaleKind.LOW_VALUE_IMPORT, 9, "SG") == _figures(assess_sale(ovr, "standard", TODAY, RULES))


def test_the_short_form_is_a_sale_to_a_consumer():
    """`assess` asks the same question with fewer words."""
    for to in ("DE", "FR", "US"):
        assert sale(to) == assess("DE", "standard", TODAY, GERMAN, destination=to, rules=RULES)


def test_the_next_day_that_may_differ():
    """Rules of both countries, registrations and certificates; a quote ends before it."""
    seller = german(Registration("DE", date(2026, 5, 1), scheme="oss"))
    situation = Situation("DE", seller, Place("DE"), Place("FR"))

    assert date(2026, 5, 1) == next_change_of(situation, TODAY, rules=RULES)
    assert next_change_of(situation, date(2026, 5, 1), rules=RULES) is None
    paper = Certificate("1", "Ani", "DE", date(2026, 6, 1), date(2026, 6, 30))
    with_paper = attrs.evolve(situation, buyer=Buyer(certificates=(paper,)))
    assert date(2026, 6, 1) == next_change_of(with_paper, date(2026, 5, 1), rules=RULES)
    assert date(2026, 7, 1) == next_change_of(with_paper, date(2026, 6, 1), rules=RULES)
    leaving = attrs.evolve(situation, seller=SellerStatus(LONG_AGO, date(2026, 2, 1)))
    assert date(2026, 2, 1) == next_change_of(leaving, TODAY, rules=RULES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "Germany", "since": LONG_AGO},
        {"country": "DE", "since": None},
        {"country": "DE", "since": LONG_AGO, "until": LONG_AGO},
    ],
)
def test_a_registration_that_cannot_be_is_refused(wrong):
    """No country, no first day, or over before it began."""
    with pytest.raises(InvalidInput):
        Registration(**wrong)


def test_croatia_joined_the_market():
    """On 1 July 2013; what went there the day before was exported."""
    assert (False, True) == (in_union("HR", date(2013, 6, 30)), in_union("HR", date(2013, 7, 1)))


@given(
    st.sampled_from(["DE", "FR", "GB", "HR", "ID", "US"]), st.sampled_from(["DE", "FR", "GB", "HR", "ID"]), st.dates()
)
def test_a_market_is_shared_by_both_or_by_none(one, other, on):
    """And every country shares one with itself."""
    assert share_a_market(one, other, on) == share_a_market(other, one, on)
    assert share_a_market(one, one, on)
    assert in_union("FR", TODAY) and not in_union("ID", on)


sellers = st.lists(
    st.builds(
        Registration,
        st.sampled_from(["DE", "FR", "SG"]),
        st.dates(LONG_AGO, date(2030, 1, 1)),
        scheme=st.sampled_from(["", "oss", "ioss", "over_threshold"]),
    ),
    max_size=3,
).map(lambda held: SellerStatus(LONG_AGO, registrations=tuple(held)))
buyers = st.builds(
    Buyer, st.sampled_from(BuyerKind), st.just("X1"), st.sampled_from(["DE", "FR", "US"]), st.sampled_from(IdState)
)
places = st.sampled_from(["DE", "FR", "NL", "SG", "GB"]).map(Place)


@given(sellers, buyers, places, places, st.dates(date(2023, 1, 1), date(2030, 1, 1)), st.booleans())
def test_every_sale_has_a_place_a_reason_and_evidence(seller, buyer, origin, destination, on, low_value):
    """Taxed in one of both countries, or refused by name; nothing charged is a component at nothing, or a reason."""
    try:
        found = assess_sale(Situation("DE", seller, origin, destination, buyer, low_value), "standard", on, RULES)
    except NotRegisteredThere as error:
        assert (origin.country, destination.country) == (error.origin, error.destination)
        return

    if not found.components:
        assert "tax.not_registered" == found.reason.code
    for component in found.components:
        assert component.jurisdiction in (origin.country, destination.country)
        assert component.source
        assert (component.category == "S") == (component.charged > Fraction(0))


def _figures(found: Assessment) -> tuple[SaleKind, int, str]:
    return found.kind, int(found.components[0].rate), found.components[0].jurisdiction
