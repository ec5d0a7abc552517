"""The pricing work: a basket of 20 lines under five offers, in the least Python that does it, and in tokolib.

Each offer is a percentage off four of the lines; the prices contain the tax. The plain loop asks every offer about
every line, rounds by one function, and answers one frozen value of all lines and discounts: what a program does that is
not a library. The bare loop does the same without asking anybody and without the last value; it is the least there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from benchmarks.job import ON_SALE, TAX
from tokolib.conditions import equal, one_of, overlaps
from tokolib.kernel.defaults import defaults
from tokolib.kernel.explain import reason
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import EUR, Money
from tokolib.kernel.rounding import DEFAULT_ROUNDING
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import PriceLine
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.promotions.benefits import Off, Percent, Scope
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.tax.model import Assessment, Component

PERCENTS: Final = (5, 10, 15, 20, 25)
EACH: Final = 4
"""Lines that one offer is for."""
STRIDE: Final = 41
NOW: Final = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER: Final = datetime(2027, 3, 2, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of the basket."""

    sku: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Discount:
    """What an offer took off a line."""

    offer: str
    line: int
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """A priced line."""

    sku: str
    quantity: int
    price: int
    discount: int
    total: int
    tax: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A percentage off some goods."""

    name: str
    percent: int
    skus: frozenset[str] | None
    """None: all goods."""

    def is_for(self, wish: Wish) -> bool:
        """Whether it is about *wish*."""
        return self.skus is None or wish.sku in self.skus


@dataclass(frozen=True, slots=True)
class Outcome:
    """A basket that was priced."""

    currency: str
    lines: tuple[Line, ...]
    discounts: tuple[Discount, ...]
    discount: int
    total: int
    tax: int


def basket(lines: int) -> list[Wish]:
    """So many lines of the basket."""
    goods = [ON_SALE[i * STRIDE % len(ON_SALE)] for i in range(lines)]
    return [Wish(each.sku, 1 + i % 3, each.price) for i, each in enumerate(goods)]


def offered(wishes: list[Wish]) -> list[tuple[str, int, frozenset[str]]]:
    """The five offers: a name, a percentage, and the SKUs that it is for."""
    return [
        (f"offer {n}", percent, frozenset(wish.sku for wish in wishes[EACH * n : EACH * (n + 1)]))
        for n, percent in enumerate(PERCENTS)
    ]


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def plain(wishes: list[Wish]) -> Callable[[], int]:
    """The plain loop over *wishes*, which answers the total."""
    offers, rate = [Offer(*each) for each in offered(basket(EACH * len(PERCENTS)))], TAX["percent"]

    def priced() -> Outcome:
        lines, discounts = [], []
        taken = due = owed = 0
        for at, wish in enumerate(wishes):
            full = wish.price * wish.quantity
            off = 0
            for offer in offers:
                if offer.is_for(wish) and (amount := _half_up((full - off) * offer.percent, 100)):
                    discounts.append(Discount(offer.name, at, amount))
                    off += amount
            total = full - off
            tax = _half_up(total * rate, 100 + rate)
            lines.append(Line(wish.sku, wish.quantity, wish.price, off, total, tax))
            taken, due, owed = taken + off, due + total, owed + tax
        return Outcome("EUR", tuple(lines), tuple(discounts), taken, due, owed)

    return lambda: priced().total


def bare(wishes: list[Wish]) -> Callable[[], int]:
    """The bare loop over *wishes*, which answers the total."""
    offers, rate = offered(basket(EACH * len(PERCENTS))), TAX["percent"]

    def run() -> int:
        lines, discounts, due = [], [], 0
        for at, wish in enumerate(wishes):
            rest = wish.price * wish.quantity
            off = 0
            for name, percent, skus in offers:
                if wish.sku in skus:
                    amount = (2 * (rest - off) * percent + 100) // 200
                    if amount:
                        discounts.append(Discount(name, at, amount))
                        off += amount
            total = rest - off
            tax = (2 * total * rate + 100 + rate) // (2 * (100 + rate))
            lines.append(Line(wish.sku, wish.quantity, wish.price, off, total, tax))
            due += total
        return due

    return run


def ours(wishes: list[Wish], rules: int, *, explained: bool = False) -> Callable[[], int]:
    """tokolib over *wishes* under so many rules, of which five can apply; it answers the total."""
    lines = [PriceLine(f"{n:02}", wish.sku.casefold(), wish.sku, wish.quantity) for n, wish in enumerate(wishes)]
    own = PriceListId("pls_eur")
    prices = [
        Price(f"prc_{wish.sku}", 1, own, wish.sku.casefold(), UnitPrice.of(Money(wish.price, EUR))) for wish in wishes
    ]
    book = PriceBook((PriceList(own, 1, "eur", "eur", "EUR"),), tuple(prices))
    offers = Offers(RuleSet(_rules(rules)))
    tax = Assessment((_component(),), DEFAULT_ROUNDING, reason("tax.assessed"))
    settings: Settings = defaults("DE")

    def priced() -> Priced:
        return price(
            lines,
            (),
            book=book,
            promotions=offers,
            coupons=(),
            facts={"now": NOW, "channel": "web"},
            tax=lambda _: tax,
            settings=settings,
            currency=EUR,
        )

    def run() -> int:
        found = priced()
        return found.total if not explained or found.reason.children else 0

    return run


def _component() -> Component:
    return Component("VAT", "VAT", Decimal(TAX["percent"]), Fraction(1), "S", "the job's own rate")


def _rules(count: int) -> list[Promotion]:
    """The five offers, and others that can't apply: other goods, other channels, sums too large, another year."""
    chosen = [
        _promotion(f"offer-{n}", Off(Percent(Decimal(percent)), Scope.LINE, one_of("sku", *map(str.casefold, skus))))
        for n, (_, percent, skus) in enumerate(offered(basket(EACH * len(PERCENTS))))
    ]
    tenth = Percent(Decimal(10))
    for n in range(count - len(chosen)):
        match n % 5:
            case 0:
                made = _promotion(f"r{n}", Off(tenth, Scope.LINE, one_of("sku", f"other-{n}", f"another-{n}")))
            case 1:
                made = _promotion(f"r{n}", Off(tenth, Scope.LINE, overlaps("categories", f"category-{n}")))
            case 2:
                made = _promotion(f"r{n}", Off(tenth), conditions=equal("channel", f"channel-{n}"))
            case 3:
                made = _promotion(f"r{n}", Off(tenth), at_least=Money(10**8 + n, EUR), currency="EUR")
            case _:
                made = _promotion(f"r{n}", Off(tenth), since=LATER)
        chosen.append(made)
    return chosen


def _promotion(code: str, benefit: Off, **more: object) -> Promotion:
    return Promotion(PromotionId(f"prm_{code}"), 1, Terms(code, benefit, **more))  # type: ignore[arg-type]
