"""Rules of other places, a shop's own rules, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from string import Formatter

import attrs
import pytest

from tokolib.kernel.defaults import defaults
from tokolib.kernel.explain import Reason, render
from tokolib.kernel.money import IDR
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.registration import Registration
from tokolib.kernel.rounding import DEFAULT_ROUNDING, RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.amounts import contained
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.errors import InvalidTaxRule, NoTaxRules, UnknownTaxClass
from tokolib.tax.estimates import RequestLine
from tokolib.tax.kept import AnsweredLine, KeptEstimate, TaxFact
from tokolib.tax.model import Component, RoundingRule, Rule, RuleSet, Treatment
from tokolib.tax.reasons import explain
from tokolib.tax.rules import assess, assess_sale, next_change
from tokolib.tax.situation import Buyer, BuyerKind, Certificate, IdState, Place, SellerStatus, Situation
from tokolib.tax.wording import WORDING

REGISTERED = SellerStatus(date(1980, 1, 1))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("country", "tax_class", "on", "percent"),
    [
        ("GB", "standard", date(2008, 11, 30), "17.5"),
        ("GB", "standard", date(2008, 12, 1), "15"),
        ("GB", "standard", date(2010, 1, 1), "17.5"),
        ("GB", "standard", date(2011, 1, 3), "17.5"),
        ("GB", "standard", date(2011, 1, 4), "20"),
        ("GB", "reduced", date(2024, 1, 1), "5"),
        ("SG", "standard", date(2022, 12, 31), "7"),
        ("SG", "standard", date(2023, 1, 1), "8"),
        ("SG", "standard", date(2024, 1, 1), "9"),
        ("SG", "shipping", date(2024, 1, 1), "9"),
        ("AU", "standard", date(2024, 1, 1), "10"),
        ("JP", "standard", date(2019, 9, 30), "8"),
        ("JP", "standard", date(2019, 10, 1), "10"),
        ("JP", "reduced", date(2019, 10, 1), "8"),
        ("DE", "standard", date(2020, 6, 30), "19"),
        ("DE", "standard", date(2020, 7, 1), "16"),
        ("DE", "standard", date(2020, 12, 31), "16"),
        ("DE", "standard", date(2021, 1, 1), "19"),
        ("DE", "reduced", date(2020, 12, 31), "5"),
        ("FR", "standard", date(2024, 1, 1), "20"),
        ("FR", "intermediate", date(2024, 1, 1), "10"),
        ("NL", "standard", date(2012, 9, 30), "19"),
        ("NL", "standard", date(2012, 10, 1), "21"),
        ("NL", "reduced", date(2019, 1, 1), "9"),
    ],
)
def test_rates_by_country_class_and_day(country, tax_class, on, percent):
    """Dated rates of the countries that have a table."""
    assert [Decimal(percent)] == [c.rate for c in assess(country, tax_class, on, REGISTERED).components]


@pytest.mark.parametrize(("country", "letter"), [("GB", "Z"), ("SG", "Z"), ("AU", "Z"), ("NL", "Z")])
def test_a_zero_rate_is_not_an_exemption(country, letter):
    """Both charge nothing; the category tells them apart."""
    on = date(2024, 1, 1)

    assert (letter, "E") == (
        assess(country, "zero", on, REGISTERED).category,
        assess(country, "exempt", on, REGISTERED).category,
    )


def test_every_built_in_rule_is_dated_sourced_and_unique():
    """No two rules for the same place, class and day; each names its law."""
    keys = [(r.country, r.region, r.tax_class, r.since) for r in BUILT_IN.rules]

    assert len(keys) == len(set(keys))
    assert all(rule.source for rule in (*BUILT_IN.rules, *BUILT_IN.roundings))


@pytest.mark.parametrize("country", ["US", "CN", "BR"])
def test_a_country_without_rules_is_refused_with_the_way_out(country):
    """Registered there, the shop must say what it charges; otherwise nothing is charged."""
    with pytest.raises(NoTaxRules, match=f"class 'standard' in {country} on 2024-01-01") as caught:
        assess(country, "standard", date(2024, 1, 1), REGISTERED)

    assert "TableTaxProvider" in caught.value.hint
    assert () == assess(country, "none", date(2024, 1, 1), REGISTERED).components
    assert "tax.not_registered" == assess(country, "standard", date(2024, 1, 1), SellerStatus()).reason.code


def test_a_day_before_the_first_rule_is_refused():
    """PPN began on 1 April 1985."""
    with pytest.raises(NoTaxRules):
        assess("ID", "standard", date(1985, 3, 31), REGISTERED)


def test_an_unknown_class_is_refused_with_the_known_ones_even_if_nothing_would_be_charged():
    """A typing error would otherwise show on the day the seller registers."""
    with pytest.raises(UnknownTaxClass, match="ID has no tax class 'standart'; known: courier, exempt"):
        assess("ID", "standart", date(2026, 1, 1), SellerStatus())


def county(percent: str, region: str = "", since: date = date(2020, 1, 1), country: str = "US") -> Rule:
    tax = Component("ST", "Sales tax", Decimal(percent), Fraction(1), "S", "own")
    return Rule(country, "standard", since, Treatment.TAXED, "own", (tax,), region)


@pytest.mark.parametrize(("region", "on", "percent"), [("", 2021, "4"), ("CA", 2021, "7.25"), ("NY", 2023, "5")])
def test_own_rules_the_most_exact_place_wins(region, on, percent):
    """A regional rule wins over a newer one of the whole country, and only in its region."""
    rules = BUILT_IN.extended(county("4"), county("7.25", "CA"), county("5", since=date(2022, 1, 1)))

    found = assess("US", "standard", date(on, 6, 1), REGISTERED, region=region, rules=rules)

    assert [Decimal(percent)] == [c.rate for c in found.components]


def test_own_rules_win_over_equal_built_in_ones():
    """What a shop adds comes later; its own rounding as well."""
    down = RoundingProfile(RoundingMode.DOWN, RoundingLevel.DOCUMENT)
    own = BUILT_IN.extended(
        county("1", since=date(2011, 1, 4), country="GB"),
        roundings=(RoundingRule("GB", date(2000, 1, 1), down, "own"),),
    )

    found = assess("GB", "standard", date(2024, 1, 1), REGISTERED, rules=own)

    assert (Decimal(1), down) == (found.components[0].rate, found.profile)


def test_a_region_is_named_when_it_has_no_rule():
    """`US-TX` instead of `US`."""
    with pytest.raises(NoTaxRules, match="US-TX"):
        assess("US", "standard", date(2024, 1, 1), REGISTERED, region="TX", rules=RuleSet((county("7", "CA"),)))


def test_without_a_rounding_rule_the_default_says_that_it_is_one():
    """Half up by line, and no law claimed."""
    found = assess("SG", "standard", date(2024, 1, 1), REGISTERED)

    assert DEFAULT_ROUNDING == found.profile
    assert "tokolib" in str(found.reason.children[-1]["source"])
    assert next_change("US", date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("rate", 0.12, NotExact),
        ("rate", Decimal(-1), InvalidTaxRule),
        ("rate", 1001, InvalidTaxRule),
        ("base_fraction", Fraction(0), InvalidTaxRule),
        ("base_fraction", Fraction(13, 12), InvalidTaxRule),
        ("base_fraction", 1, InvalidTaxRule),
    ],
)
def test_a_component_refuses_what_is_not_exact_or_not_a_tax(field, value, error):
    """Floats, negative rates, bases beyond the price."""
    good = Component("VAT", "VAT", Decimal(20), Fraction(1), "S", "test")

    with pytest.raises(error):
        attrs.evolve(good, **{field: value})


def test_a_rule_names_its_tax_and_only_a_taxed_one_charges():
    """A rule without components would leave no trace of its tax; one that isn't taxed charges nothing."""
    with pytest.raises(InvalidTaxRule, match="components taxed"):
        Rule("XX", "standard", date(2020, 1, 1), Treatment.TAXED, "test", ())
    with pytest.raises(InvalidTaxRule, match="components exempt"):
        attrs.evolve(county("5"), treatment=Treatment.EXEMPT)
    assert attrs.evolve(county("0"), treatment=Treatment.EXEMPT).treatment is Treatment.EXEMPT


def test_the_seller_is_registered_as_the_settings_say():
    """`pkp_since` and `pkp_until`."""
    settings = attrs.evolve(defaults("ID"), pkp_since=date(2025, 1, 1))

    assert SellerStatus(date(2025, 1, 1), None) == SellerStatus.of(settings)


def test_tax_amounts_explain_themselves():
    """Base, fraction, rate, rounding and law of each amount, in words."""
    found = assess("ID", "standard", date(2026, 1, 1), REGISTERED)
    luxury = assess("ID", "luxury", date(2026, 1, 1), REGISTERED)
    taxes = (
        *contained(50_000, found.components, found.profile.mode),
        *contained(112_000, luxury.components, luxury.profile.mode),
    )

    text = "\n".join(render(r, WORDING["id"], str, width=110) for r in explain(taxes, IDR, found.profile))

    assert "PPN 12 % dari DPP IDR 41291, yaitu 11/12 harga sebelum pajak (PMK 131/2024 art. 3)" in text
    assert "PPN 12 % dari IDR 100000 (PMK 131/2024 art. 2)" in text
    assert "dibulatkan ke terdekat, setengah ke atas" in text


def reasons() -> dict[str, Reason]:
    """One reason of every code that the room makes."""
    on = date(2026, 1, 1)
    compound = Component("B", "B", Decimal(5), Fraction(1), "S", "own", compound=True)
    producers = attrs.evolve(county("5", country="XX").components[0], scheme="producer")
    own = BUILT_IN.extended(
        attrs.evolve(county("5"), components=(*county("5").components, compound)),
        attrs.evolve(county("5", country="XX"), components=(producers,)),
        attrs.evolve(county("0", country="XX"), tax_class="scrap", treatment=Treatment.REVERSE_CHARGE),
        attrs.evolve(county("0", country="DE"), tax_class="export", treatment=Treatment.EXPORT),
    )
    classes = ("standard", "luxury", "luxury_20", "zero", "exempt", "not_collected", "none")
    found = [assess("ID", each, on, REGISTERED) for each in classes]
    found += [assess("XX", each, on, REGISTERED, rules=own) for each in ("standard", "scrap")]
    found += [
        assess("GB", "zero", on, REGISTERED),
        assess("ID", "standard", on, SellerStatus()),
        assess("ID", "standard", on, REGISTERED, destination="SG"),
        assess("US", "standard", on, REGISTERED, rules=own),
    ]
    expired = Certificate("1", "Ani", "ID", date(2020, 1, 1), date(2021, 1, 1))
    coming, holding = (
        attrs.evolve(expired, valid_from=on + DAY, valid_until=None),
        attrs.evolve(expired, valid_until=on),
    )
    for papers in ((expired,), (coming,), (holding,)):
        found.append(assess_sale(Situation.at_home("ID", REGISTERED, Buyer(certificates=papers)), "standard", on))
    frenchman = Buyer(BuyerKind.BUSINESS, "FR40303265045", "FR", IdState.VALID)
    stop_shop = SellerStatus(date(2000, 1, 1), registrations=(Registration("DE", date(2021, 7, 1), scheme="oss"),))
    gst = SellerStatus(date(2000, 1, 1), registrations=(Registration("SG", date(2021, 7, 1)),))
    there = Place("FR")
    for situation in (
        Situation("DE", REGISTERED, Place("DE"), there, frenchman),
        Situation("DE", REGISTERED, Place("DE"), there),
        Situation("DE", stop_shop, Place("DE"), there, Buyer(BuyerKind.BUSINESS, "FR1", "FR")),
        Situation("ID", gst, Place("ID"), Place("SG"), low_value=True),
    ):
        found.append(assess_sale(situation, "standard", on, own))
    trees = [a.reason for a in found]
    trees += outside()
    waived = contained(100, assess("ID", "not_collected", on, REGISTERED).components, RoundingMode.HALF_UP)
    trees += explain(waived, IDR, DEFAULT_ROUNDING)
    for mode in RoundingMode:
        for level in RoundingLevel:
            profile = RoundingProfile(mode, level, together=True)
            trees += explain(contained(100, found[0].components, mode), IDR, profile)
            trees += explain(contained(100, found[1].components, mode), IDR, profile)
            rounded = BUILT_IN.extended(roundings=(RoundingRule("ID", on, profile, "own"),))
            trees.append(assess("ID", "standard", on, REGISTERED, rules=rounded).reason)
    return {node.code: node for tree in trees for node in tree.walk()}


def outside():
    """Every reason that an answer from outside makes."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    fact = TaxFact(provider="acme", source="acme 7", as_of=now, valid_until=now + DAY, digest="", degraded=True)
    said = ("tax.outside", "tax.no_rate", "tax.not_registered", "resale")
    lines = [AnsweredLine(RequestLine(id=word, amount=1, tax_class="standard"), (), word) for word in said]
    kept = KeptEstimate(fact, tuple(lines), "America/Los_Angeles")
    stood_in = attrs.evolve(kept, fact=attrs.evolve(fact, stand_in="table"), confirmed=fact)
    return [kept.reason, stood_in.reason, *kept.untaxed.values()]


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_reason_has_words_that_name_only_its_values(locale):
    """No code without a sentence, no sentence without a code, no place without a value."""
    made = reasons()

    assert set(made) == set(WORDING[locale])
    for code, sentence in WORDING[locale].items():
        places = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        assert places <= {name for name, _ in made[code].values}, code
