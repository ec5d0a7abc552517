"""A table of rates by state, county, city and postal code: what it finds, what it refuses, and how it is read."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import USD
from tokolib.adapters.tax_table import Level, TableTaxProvider, TaxRate, TaxTable, read_tax_rates
from tokolib.adapters.tax_table.provider import INVOICE_BASIS, ITEM_BASIS
from tokolib.effects.outside import Invalid, OutsideError
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.limits import Limits
from tokolib.kernel.registration import Registration
from tokolib.tax.errors import InvalidTaxRule, TaxStateUnknown
from tokolib.tax.estimates import EstimatedLine, RequestLine, TaxEstimate, TaxRequest
from tokolib.tax.situation import Place, SellerStatus, Situation
from tokolib.testing.clock import ManualClock

CSV = """state,level,name,county,city,postal_codes,tax_class,rate,since,source
WA,state,Washington,,,,,6.5,1983-06-01,RCW 82.08.020
WA,state,Washington,,,,food,0,1983-06-01,RCW 82.08.0293
WA,county,King,King,,,,0.5,2020-01-01,KCC 4A.501
WA,county,King,King,,,,0.6,2026-04-01,KCC 4A.501
WA,city,Seattle,King,Seattle,,,2.85,2020-01-01,SMC 5.60
WA,district,RTA,,,98101-98199,,1.4,2017-04-01,RCW 81.104.170
OR,state,Oregon,,,,,0,1970-01-01,Oregon has no sales tax
"""
WASHINGTON = read_tax_rates("".join(CSV.splitlines(keepends=True)[:2]), named="Washington alone")
TABLE = read_tax_rates(CSV, named="Washington, test rates")
SELLER = SellerStatus(
    registrations=(
        Registration("US", date(2018, 10, 1), scheme="WA"),
        Registration("US", date(2018, 1, 1), scheme="OR"),
    )
)
SEATTLE = Place("US", "WA", county="King", city="Seattle", postal_code="98101-1234")
ON = date(2026, 3, 2)


def provider(**more) -> TableTaxProvider:
    return TableTaxProvider(TABLE, clock=ManualClock(), zone="America/Los_Angeles", **more)


def request(
    *amounts: int, to: Place = SEATTLE, tax_class: str = "standard", on: date = ON, seller=SELLER
) -> TaxRequest:
    lines = tuple(RequestLine(id=str(at), amount=each, tax_class=tax_class) for at, each in enumerate(amounts))
    situation = Situation("US", seller, Place("US", "WA"), to)
    return TaxRequest(lines=lines, currency="USD", on=on, situation=situation)


def figures(estimate: TaxEstimate, at: int = 0) -> list[tuple[str, int]]:
    return [(tax.jurisdiction, tax.amount) for tax in estimate.lines[at].taxes]


def test_a_sale_bears_the_tax_of_every_jurisdiction_it_lies_in():
    """State, county, city and district; each amount with its rate and source."""
    found = provider().estimate(request(10_000))

    assert [("US-WA", 650), ("US-WA/King", 50), ("US-WA/Seattle", 285), ("US-WA/RTA", 140)] == figures(found)
    assert [Decimal("6.5"), Decimal("0.5"), Decimal("2.85"), Decimal("1.4")] == [t.rate for t in found.lines[0].taxes]
    assert ("table: Washington, test rates", 1_125, False) == (found.source, found.total, found.degraded)


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        (attrs.evolve(SEATTLE, city="  sEATTLE "), ["US-WA", "US-WA/King", "US-WA/Seattle", "US-WA/RTA"]),
        (attrs.evolve(SEATTLE, city="Kent", postal_code="98030"), ["US-WA", "US-WA/King"]),
        (attrs.evolve(SEATTLE, city="", postal_code="98199"), ["US-WA", "US-WA/King", "US-WA/RTA"]),
        (attrs.evolve(SEATTLE, county="Pierce", city="Tacoma", postal_code="98402"), ["US-WA"]),
    ],
)
def test_places_are_found_by_their_names_and_postal_codes(place, codes):
    """Case and blanks don't count; a city's rate holds in its county alone."""
    assert codes == [code for code, _ in figures(provider().estimate(request(10_000, to=place)))]


def test_a_state_says_what_it_does_not_tax():
    """The class's own rate wins over the general one; the evidence is exempt, with the law."""
    line = provider().estimate(request(10_000, tax_class="food")).lines[0]

    assert ("E", "RCW 82.08.0293", 0) == (line.taxes[0].category, line.taxes[0].source, line.taxes[0].amount)


def test_the_rate_of_the_day_holds():
    """King County's goes up on 1 April, and no answer outlives the day before."""
    assert ("US-WA/King", 60) == figures(provider().estimate(request(10_000, on=date(2026, 4, 1))))[1]
    clock = ManualClock(datetime(2026, 4, 1, 2, tzinfo=UTC))  # still 31 March in Seattle
    table = TableTaxProvider(TABLE, clock=clock, zone="America/Los_Angeles")

    found = table.estimate(request(10_000, on=date(2026, 3, 31)))

    assert datetime(2026, 4, 1, 7, tzinfo=UTC) == found.valid_until
    assert timedelta(days=1) == (lambda later: later.valid_until - later.as_of)(
        provider().estimate(request(10_000, on=date(2026, 4, 1)))
    )


def test_a_state_without_sales_tax_is_evidence_too():
    """Oregon: a tax of zero, and why."""
    line = provider().estimate(request(10_000, to=Place("US", "OR"))).lines[0]

    assert [(0, "E", "Oregon has no sales tax")] == [(t.amount, t.category, t.source) for t in line.taxes]


def test_a_seller_without_nexus_charges_nothing():
    """The line says so."""
    found = provider().estimate(request(10_000, seller=SellerStatus()))

    assert (EstimatedLine(id="0", taxes=(), reason="tax.not_registered"),) == found.lines


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place("US", "TX"), "destination.region"),
        (Place("US", "WA"), "destination.county"),
    ],
)
def test_nothing_is_guessed(place, field):
    """The rates of a state that the table doesn't know, and of a state whose counties tax without a county."""
    registered = (*SELLER.registrations, Registration("US", date(2018, 1, 1), scheme="TX"))
    with pytest.raises(Invalid) as caught:
        provider().estimate(request(10_000, to=place, seller=SellerStatus(registrations=registered)))

    assert field == caught.value.field


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_item_and_invoice_basis(amounts):
    """SSUTA s. 324: the aggregated rate (11.25 %) to the third decimal, up when it is above 4; by item or invoice."""

    def by_law(amount: int) -> int:
        thousandths = amount * 1125 // 1000  # tenths of a cent, the rest cut off: "carried to the third decimal place"
        return thousandths // 10 + (thousandths % 10 > 4)

    item = provider(rounding=ITEM_BASIS).estimate(request(*amounts))
    invoice = provider(rounding=INVOICE_BASIS).estimate(request(*amounts))

    assert [by_law(amount) for amount in amounts] == [line.tax for line in item.lines]
    assert by_law(sum(amounts)) == invoice.total == sum(line.tax for line in invoice.lines)


def test_prices_with_and_without_tax_meet():
    """What 100.00 bears on top is what 111.25 contains."""
    lines = (
        RequestLine(id="a", amount=10_000, tax_class="standard"),
        RequestLine(id="b", amount=11_125, tax_class="standard", includes_tax=True),
    )
    found = provider().estimate(attrs.evolve(request(1), lines=lines))

    assert [1_125, 1_125] == [line.tax for line in found.lines]


@pytest.mark.parametrize(
    ("row", "path", "said"),
    [
        ("wa,state,X,,,,,6,2020-01-01,law", "line 2, state", "ISO 3166-2"),
        ("WA,province,X,,,,,6,2020-01-01,law", "line 2, level", "must be one of state, county, city, district"),
        ("WA,state,,,,,,6,2020-01-01,law", "line 2, name", "is needed"),
        ("WA,state,X,,,,,6,2020-01-01,", "line 2, source", "is needed"),
        ("WA,state,X,,,,,101,2020-01-01,law", "line 2, rate", "percentage from 0 to 100"),
        ("WA,state,X,,,,,-1,2020-01-01,law", "line 2, rate", "percentage from 0 to 100"),
        ("WA,state,X,,,,,6e1,2020-01-01,law", "line 2, rate", "percentage from 0 to 100"),
        ("WA,state,X,,,,,6,2020-02-30,law", "line 2, since", "must be a day"),
        ("WA,state,X,,,98199-98101,,6,2020-01-01,law", "line 2, postal_codes", "the first and the last"),
        ("WA,state,X,,,,,6,2020-01-01,law,more", "line 2", "has 11 cells for 10 columns"),
        ('WA,"state,X,,,,,6,2020-01-01,law', "line 2", "never closed"),
    ],
)
def test_a_fault_is_named_by_line_and_column(row, path, said):
    """And nothing of the table is taken."""
    header = CSV.splitlines()[0]

    with pytest.raises(InvalidInput, match=said) as caught:
        read_tax_rates(f"{header}\n{row}\n")

    assert [path] == [fault.path for fault in caught.value.faults]


def test_a_table_has_an_end_and_a_text_its_encoding():
    """More rows than the shop imports, and UTF-16."""
    with pytest.raises(InvalidInput, match="at most 1 rows") as caught:
        read_tax_rates(CSV, limits=Limits(import_rows=1))
    assert ["line 3"] == [fault.path for fault in caught.value.faults]
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_tax_rates(CSV.encode("utf-16"))
    assert 7 == len(read_tax_rates(CSV.encode()).rates) == len(read_tax_rates(io.StringIO(CSV + ",,\n")).rates)


def test_all_faults_come_at_once():
    """Three rows, three faults; the rate that stands twice is one."""
    header, first = CSV.splitlines()[:2]
    faulty = f"{header}\n{first}\nWA,state,X,,,,,x,2020-01-01,law\n{first}\nWA,state,X,,,,,6,never,law\n"

    with pytest.raises(InvalidInput) as caught:
        read_tax_rates(faulty)

    assert [
        ("line 3, rate", "tax.bad_rate"),
        ("line 4", "tax.overlapping_rules"),
        ("line 5, since", "kernel.wrong_type"),
    ] == [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "tax.empty_table"),
        ("state,level,name,rate,since,source\n", "tax.empty_table"),
        ("state,level,name,rate,since\n", "tax.missing_column"),
        ("state,level,name,rate,since,source,zip\n", "tax.unknown_column"),
        ("state,level,name,rate,since,source,rate\n", "tax.unknown_column"),
    ],
)
def test_a_table_without_rates_or_with_other_columns_is_refused(text, code):
    """The header is judged before any row."""
    with pytest.raises(InvalidInput) as caught:
        read_tax_rates(text)

    assert code in [fault.code for fault in caught.value.faults]


def test_rates_made_by_hand_are_exact():
    """Floats and rates above 100 % are none."""
    good = TaxRate(state="WA", level=Level.STATE, name="Washington", rate="6.5", since=ON, source="RCW")

    assert Decimal("6.5") == good.rate
    assert (Fraction("0.065"), "US-WA") == (good.component().effective, good.jurisdiction)
    for wrong in (101, -1):
        with pytest.raises(InvalidTaxRule):
            attrs.evolve(good, rate=wrong)
    assert frozenset({"US"}) == TaxTable((good,)).countries
    assert ["food"] == list(TABLE.classes())


def test_a_state_where_the_seller_isnt_registered_needs_no_rates():
    """Nothing is charged, and the answer says why; where it is registered they must be known."""
    found = provider().estimate(request(1_000, to=Place("US", "TX")))

    assert [()] == [line.taxes for line in found.lines]
    assert ["tax.not_registered"] == [line.reason for line in found.lines]
    seller = SellerStatus(registrations=(Registration("US", date(2018, 1, 1), scheme="TX"),))
    with pytest.raises(Invalid, match="no rates of US-TX"):
        provider().estimate(request(1_000, to=Place("US", "TX"), seller=seller))


@pytest.mark.parametrize("region", ["", "XX", "ON"])
def test_an_address_without_its_state_is_refused_with_the_way_out(region):
    """One error, for the customer's side: 422, and what to write instead."""
    with pytest.raises(TaxStateUnknown) as unknown:
        provider(name="acme").estimate(request(1_000, to=Place("US", region)))

    assert ("acme", "US", 422) == (unknown.value.provider, unknown.value.country, unknown.value.problem()["status"])
    assert "province='OR'" in unknown.value.hint and "ship_to=" in unknown.value.hint
    assert isinstance(unknown.value, OutsideError)


def test_a_shop_in_the_us_sells_into_other_states_and_over_its_counter():
    """To Oregon without a row of it; to "Oregon", and to who fetches the goods, it says what is missing."""
    clock = ManualClock()
    table = TableTaxProvider(WASHINGTON, clock=clock, zone="America/Los_Angeles", name="acme")
    with tokolib.open("memory://", country="US", tax=table, clock=clock) as shop:
        shop.settings.change(registrations=(Registration("US", date(2018, 10, 1), scheme="WA"),))
        shop.catalog.put("MUG", "Mug")
        shop.prices.put("MUG", USD(10))
        shop.stock.receive("MUG", 5)
        portland = tokolib.Address("Bob", "1 Oak", city="Portland", province="OR", postal_code="97201", country="US")
        counter = attrs.evolve(portland, city="Olympia", province="WA", postal_code="98501")
        cart = shop.carts.start({"MUG": 1})

        quote = shop.carts.quote(cart, ship_to=portland)

        assert (USD(10), USD("10.65")) == (quote.total, shop.carts.quote(cart, ship_to=counter).total)
        assert "the seller is not registered for it there" in quote.explain("en")
        for address in (attrs.evolve(portland, province="Oregon"), None):
            with pytest.raises(TaxStateUnknown):
                shop.carts.quote(cart, ship_to=address)
