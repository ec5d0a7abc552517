"""The page of policies is true: each figure of its tables is what tokolib gives, by the row's settings and the inputs.

A table's head states inputs in words and numbers; a row states settings as they are written in Python. For each table
there is one function here that prices such an input, and answers the figure as the page prints it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

import tokolib
from tokolib import IDR, Address
from tokolib.conditions import one_of
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.defaults import defaults
from tokolib.kernel.explain import reason
from tokolib.kernel.policies import Policies
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine, TierMode
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Price, PriceList, Tier
from tokolib.pricing.promotions.benefits import AmountOff, Combination, Off, Part, Percent, Pick, Scope
from tokolib.pricing.promotions.model import Funding, Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.tax.model import Assessment, Component

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "policies.md").read_text("utf-8")
BY_LINE = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE)
POLICIES = frozenset(attrs.fields_dict(Policies))

Numbers = list[Decimal]
Chosen = dict[str, Any]


@attrs.frozen
class Sale:
    """What a table's input comes to: goods with their rates, what is off, and how the figure is read."""

    goods: list[tuple[Decimal, int, Decimal]]
    """Unit price, units, rate of tax."""
    included: bool = False
    promotions: tuple[Terms, ...] = ()
    charges: tuple[tuple[int, Decimal], ...] = ()
    home: Decimal | None = None
    minimums: tuple[int, ...] = ()
    tiers: tuple[Tier, ...] = ()


def priced(sale: Sale, chosen: Chosen) -> Priced:
    """*sale* by the settings that a row states."""
    lines = [
        PriceLine(f"l{at}", f"s{at}", "", units, tax_class=str(rate)) for at, (_, units, rate) in enumerate(sale.goods)
    ]
    rows = [
        Price(f"prc_{at}", 1, "pls_idr", f"s{at}", UnitPrice.parse(each, IDR), sale.tiers, recorded_at=_EARLY)
        for at, (each, _, _) in enumerate(sale.goods)
    ]
    if sale.minimums:
        rows = [
            attrs.evolve(row, minimum=UnitPrice.of(IDR(least))) for row, least in zip(rows, sale.minimums, strict=True)
        ]
    if "tier_mode" in chosen:
        rows = [attrs.evolve(row, tier_mode=TierMode(chosen["tier_mode"])) for row in rows]
    charges = [
        ChargeLine(f"c{at}", ChargeKind.SHIPPING, "", amount, str(rate))
        for at, (amount, rate) in enumerate(sale.charges)
    ]
    promotions = [Promotion(f"prm_{at}", 1, terms) for at, terms in enumerate(sale.promotions)]
    return price(
        lines,
        charges,
        book=PriceBook((PriceList("pls_idr", 1, "idr", "idr", "IDR"),), tuple(rows)),
        promotions=Offers(RuleSet(promotions), (), (), {}),
        coupons=(),
        facts={},
        tax=lambda name: assessed(Decimal(name)),
        settings=settings(chosen, included=sale.included),
        currency=IDR,
        home_tax=None if sale.home is None else lambda name: assessed(sale.home or Decimal(0)),
    )


_EARLY = attrs.fields_dict(Price)["recorded_at"].default


def assessed(rate: Decimal) -> Assessment:
    """A tax of that rate, rounded half up by line unless the settings say otherwise."""
    return Assessment((Component("VAT", "VAT", rate, Fraction(1), "S", "page"),), BY_LINE, reason("tax.rule"))


def settings(chosen: Chosen, *, included: bool) -> Settings:
    policies = Policies(**{name: value for name, value in chosen.items() if name in POLICIES})
    own = {name: value for name, value in chosen.items() if name == "tax_rounding"}
    return attrs.evolve(defaults("ID"), policies=policies, prices_include_tax=included, **own)


def off(amount: Any, scope: Scope = Scope.ORDER, target: Any = ALWAYS, **more: Any) -> Terms:
    """An amount off, or a percentage."""
    value = Percent(amount) if more.pop("percent", False) else AmountOff(IDR(int(amount)))
    return Terms("p", Off(value, scope, target), currency="" if isinstance(value, Percent) else "IDR", **more)


def pairs(numbers: Numbers) -> list[tuple[Decimal, Decimal]]:
    return [*zip(numbers[::2], numbers[1::2], strict=True)]


def shares(found: Priced, beside: int = 0) -> str:
    """What each line bears, less what it bore of *beside* earlier discounts."""
    return " / ".join(f"{sum(each.amount for each in line.discounts[beside:]):,}" for line in found.lines)


# One function for each table: the numbers of an input and the settings of a row in, the printed figure out.


def tax_level(numbers: Numbers, chosen: Chosen) -> str:
    *amounts, rate = numbers
    goods = [(each, int(units), rate) for units, each in pairs(amounts)]
    return f"{priced(Sale(goods), chosen).tax:,}"


def tax_mode(numbers: Numbers, chosen: Chosen) -> str:
    amount, rate = numbers
    return f"{priced(Sale([(amount, 1, rate)]), chosen).tax:,}"


def contained_tax(numbers: Numbers, chosen: Chosen) -> str:
    amount, rate = numbers
    (line,) = priced(Sale([(amount, 1, rate)], included=True), chosen).lines
    return f"{line.net:,} + {line.total - line.net:,}"


def net_of_units(numbers: Numbers, chosen: Chosen) -> str:
    units, amount, rate = numbers
    return f"{priced(Sale([(amount, int(units), rate)], included=True), chosen).lines[0].net:,}"


def times(numbers: Numbers, chosen: Chosen) -> str:
    units, amount = numbers
    return f"{priced(Sale([(amount, int(units), Decimal(0))]), chosen).total:,}"


def remainder(numbers: Numbers, chosen: Chosen) -> str:
    amount, *weights = numbers
    return shares(priced(Sale([(each, 1, Decimal(0)) for each in weights], promotions=(off(amount),)), chosen))


def weights(numbers: Numbers, chosen: Chosen) -> str:
    """The line discount applies first, and its shares are not the order's."""
    amount, *rows = numbers
    goods = [(each, 1, rate) for each, _, rate in zip(*[iter(rows)] * 3, strict=True)]
    earlier = [off(less, Scope.LINE, one_of("sku", f"s{at}")) for at, less in enumerate(rows[1::3]) if less]
    found = priced(Sale(goods, promotions=(*earlier, off(amount))), chosen)
    last = f"prm_{len(earlier)}"
    return " / ".join(
        f"{sum(each.amount for each in line.discounts if each.promotion_id == last):,}" for line in found.lines
    )


def tax_base(numbers: Numbers, chosen: Chosen) -> str:
    amount, less, rate = numbers
    funding = (Funding(chosen["funder"], 100),) if chosen.get("funder", "shop") != "shop" else ()
    found = priced(Sale([(amount, 1, rate)], promotions=(off(less, funding=funding),) if less else ()), chosen)
    return f"{found.tax:,} / {found.total:,}"


def amount_off(numbers: Numbers, chosen: Chosen) -> str:
    less, amount, rate = numbers
    return f"{priced(Sale([(amount, 1, rate)], included=True, promotions=(off(less),)), chosen).total:,}"


def percentage(numbers: Numbers, chosen: Chosen) -> str:
    percent, *rows = numbers
    goods = [(each, int(units), Decimal(0)) for units, each in pairs(rows)]
    return f"{priced(Sale(goods, promotions=(off(percent, percent=True),)), chosen).discount:,}"


def stacked(numbers: Numbers, chosen: Chosen) -> str:
    *percents, amount = numbers
    terms = tuple(
        off(each, Scope.LINE, percent=True, lane=chosen.get("lane", ""), priority=-at)
        for at, each in enumerate(percents)
        if each
    )
    return f"{priced(Sale([(amount, 1, Decimal(0))], promotions=terms), chosen).discount:,}"


def threshold(numbers: Numbers, chosen: Chosen) -> str:
    amount, less, rate, least = numbers
    first = (off(less, Scope.LINE),) if less else ()
    found = priced(Sale([(amount, 1, rate)], promotions=(*first, off(1, at_least=IDR(int(least))))), chosen)
    return "yes" if len(found.granted) > len(first) else "no"


def floors(numbers: Numbers, chosen: Chosen) -> str:
    amount, *rows = numbers
    goods = [(each, 1, Decimal(0)) for each, _ in pairs(rows)]
    minimums = tuple(int(least) for _, least in pairs(rows))
    return shares(priced(Sale(goods, promotions=(off(amount),), minimums=minimums), chosen))


def borders(numbers: Numbers, chosen: Chosen) -> str:
    amount, home, here = numbers
    return f"{priced(Sale([(amount, 1, here)], included=True, home=home), chosen).total:,}"


def shipping(numbers: Numbers, chosen: Chosen) -> str:
    fee, own, *rows = numbers
    goods = [(amount, 1, rate) for amount, rate in pairs(rows)]
    (charge,) = priced(Sale(goods, charges=((int(fee), own),)), chosen).charges
    return f"{sum(tax.amount for tax in charge.taxes):,}"


def free_one(numbers: Numbers, chosen: Chosen) -> str:
    """All units but one are bought, and the cheapest is free."""
    rows = pairs(numbers)
    bought = Part(int(sum(units for units, _ in rows)) - 1, ALWAYS)
    benefit = Combination((bought, Part(1, ALWAYS, Percent(100), Pick.CHEAPEST)), times=1)
    goods = [(each, int(units), Decimal(0)) for units, each in rows]
    return shares(priced(Sale(goods, promotions=(Terms("p", benefit),)), chosen))


def tiers(numbers: Numbers, chosen: Chosen) -> str:
    """A volume tier holds from the unit after the last bound on, a graduated one beyond the bound."""
    units, *rows, last = numbers
    beyond = 1 if chosen["tier_mode"] == "volume" else 0
    bounds = pairs(rows)
    steps = [*(each for _, each in bounds[1:]), last]
    found = tuple(
        Tier(bound + beyond, UnitPrice.parse(each, IDR)) for (bound, _), each in zip(bounds, steps, strict=True)
    )
    return f"{priced(Sale([(bounds[0][1], int(units), Decimal(0))], tiers=found), chosen).total:,}"


def coupons(numbers: Numbers, chosen: Chosen) -> str:
    """Through the shop's doors: so many orders with one coupon, some cancelled, and who may still use it."""
    limit, orders, cancelled = map(int, numbers)
    with tokolib.open("memory://", country="ID") as shop:
        shop.settings.change(policies=Policies(**chosen))
        shop.catalog.put("KOPI", "Kopi", weight="1 kg")
        shop.prices.put("KOPI", IDR(10_000))
        shop.delivery.flat("jne", IDR(1_000))
        shop.stock.receive("KOPI", 100, key="opening")
        shop.promotions.percent("HEMAT", 10, coupon="HEMAT", usage_limit=limit)
        placed = [_order(shop, key) for key in range(orders)]
        for order in placed[:cancelled]:
            shop.orders.cancel(order, reason="changed mind")
        left = 0
        while left <= limit and _order(shop, 100 + left) is not None:
            left += 1
        return str(left)


def _order(shop: Any, key: int) -> Any:
    """An order with the coupon; None where it may not be used any more."""
    siti = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
    cart = shop.carts.start({"KOPI": 1}, coupons=["HEMAT"])
    try:
        quote = shop.carts.quote(cart, ship_to=siti, delivery="jne")
    except tokolib.TokolibError as error:
        assert "HEMAT" in str(error)
        return None
    return shop.orders.place(quote, tender="cod", key=str(key))


TABLES: dict[str, Callable[[Numbers, Chosen], str]] = {
    "The figure at which tax is rounded": tax_level,
    "The direction in which tax is rounded": tax_mode,
    "Tax contained in a price": contained_tax,
    "The net of several units": net_of_units,
    "Price × quantity": times,
    "Odd minor units": remainder,
    "By what a discount is spread": weights,
    "Discount before or after tax": tax_base,
    "An amount off, with or without tax": amount_off,
    "Where a percentage is rounded": percentage,
    "Two percentages on one price": stacked,
    "Minimum amounts": threshold,
    "A minimum price": floors,
    "Prices across borders": borders,
    "Tax on shipping": shipping,
    "Whose discount it is when something is free": free_one,
    "Tiers of a price": tiers,
    "Coupons of cancelled orders": coupons,
}


@attrs.frozen
class Row:
    """A row of a table: what the settings say, and for each input the figure that is printed."""

    title: str
    setting: str
    default: bool
    figures: tuple[tuple[str, str], ...]


def tables() -> dict[str, list[Row]]:
    """The tables of the page that begin with a setting, by the title above them."""
    found: dict[str, list[Row]] = {}
    for part in PAGE.split("\n## ")[1:]:
        title = part.partition("\n")[0]
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in part.split("\n") if line[:1] == "|"]
        if rows and rows[0][0] == "setting":
            inputs = rows[0][2:]
            found[title] = [
                Row(title, *_setting(cells[0]), tuple(zip(inputs, cells[2:], strict=True))) for cells in rows[2:]
            ]
    return found


def _setting(cell: str) -> tuple[str, bool]:
    code, rest = re.fullmatch(r"`([^`]+)`(.*)", cell).groups()
    return code, rest == " (default)"


def chosen_by(setting: str) -> Chosen:
    """The settings of a row, which are written as the arguments of a call."""
    call = ast.parse(f"f({setting})", mode="eval").body
    assert isinstance(call, ast.Call)
    return {str(each.arg): _value(each.value) for each in call.keywords}


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        assert node.func.id == "RoundingProfile"
        return RoundingProfile(*map(ast.literal_eval, node.args))
    return ast.literal_eval(node)


def numbers_in(text: str) -> Numbers:
    return [Decimal(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text.replace(", ", " "))]


def cells() -> Iterator[Any]:
    for title, rows in tables().items():
        for row in rows:
            for given, figure in row.figures:
                yield pytest.param(title, row.setting, given, figure, id=f"{title}: {row.setting}: {given}")


@pytest.mark.parametrize(("title", "setting", "given", "figure"), [*cells()])
def test_every_figure_of_the_page_is_what_tokolib_gives(title, setting, given, figure):
    """By the setting of its row, on the input of its column."""
    assert figure == TABLES[title](numbers_in(given), chosen_by(setting))


def test_every_table_is_run():
    """No table is passed over, and none is missing."""
    assert [*TABLES] == [*tables()]


@pytest.mark.parametrize("title", TABLES)
def test_every_table_shows_where_settings_differ(title):
    """At least three inputs under two settings, and one input at least on which they differ."""
    rows = tables()[title]
    columns = [*zip(*([figure for _, figure in row.figures] for row in rows), strict=True)]

    assert len(rows) >= 2
    assert len(columns) >= 3
    assert any(len({*column}) > 1 for column in columns)


@pytest.mark.parametrize("title", TABLES)
def test_whoever_a_row_names_has_a_source(title):
    """Below its table: the file or the paragraph. What begins with a small letter says more of the one before."""
    part = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    sources = "\n".join(line for line in part.split("\n") if line.startswith("- "))
    who = [line.split(" | ")[1] for line in part.split("\n") if line.startswith("| `")]

    named = {each.split()[0] for cell in who for each in re.split(r"[,;] | and ", cell)}
    named = {each for each in named if each[0].isupper() or each == "commercetools"}
    assert set() == {each for each in named if each not in sources}
    assert len(named) >= 2 or title == "A minimum price"


def test_defaults_are_named_as_such():
    """What is marked as the default changes nothing, and every policy that has a table has one that is marked."""
    for title, rows in tables().items():
        for row in rows:
            chosen = chosen_by(row.setting)
            own = {name: value for name, value in chosen.items() if name in POLICIES}
            assert Policies(**own) == Policies() or not row.default
        if {*chosen_by(rows[0].setting)} & POLICIES:
            assert 1 == sum(row.default for row in rows), title


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_every_policy_and_each_of_its_values_is_on_the_page(name):
    """A policy that is added is told here, with all its values."""
    kind = type(getattr(Policies(), name))
    values = [] if kind is RoundingMode else [each.value for each in kind]  # a mode means the same wherever it stands

    rows = [line for line in PAGE.split("\n") if line.startswith("| `")]
    assert [] == [
        value
        for value in values
        if not any(f'{name}="{value}"' in row or (f"`{name}`" in row and f"`{value}`" in row) for row in rows)
    ]
    assert any(name in row for row in rows)
