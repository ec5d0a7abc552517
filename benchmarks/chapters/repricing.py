"""A real shop's year priced again under a changed promotion: carts a second on one core, and on all of them.

The carts are the invoices of a gift retailer's year (`TOKOLIB_BENCH_YEAR` names the file, a CSV in xz), with the lines
that have a positive quantity and price. They are sold under eight promotions first; then one of these is changed.
"""

import csv
import lzma
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from benchmarks.compare import LeftOut, Plan
from benchmarks.results import Row
from tokolib.adapters.repricing import what_if_in_processes
from tokolib.conditions import FactValue, at_least, one_of
from tokolib.kernel.explain import reason
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Money, currency
from tokolib.kernel.policies import Policies
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.benefits import (
    AmountOff,
    Benefit,
    Combination,
    Off,
    Part,
    Percent,
    Pick,
    Scope,
    Step,
    Tiered,
)
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.what_if.facts import PastLine, PastTax, PricingFacts
from tokolib.pricing.what_if.figures import Figures
from tokolib.pricing.what_if.report import Report
from tokolib.pricing.what_if.rules import Changes, RulesOverTime
from tokolib.pricing.what_if.what_if import came_to, priced_again, what_if
from tokolib.tax.model import Assessment, Component

GBP: Final = currency("GBP")
SHOP: Final = ZoneInfo("Europe/London")
COMPONENT: Final = Component("VAT", "VAT", Decimal(20), Fraction(1), "S", "VATA 1994 s. 2(1)")
VAT: Final = Assessment((COMPONENT,), RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE), reason("tax.rule"))


def run(plan: Plan) -> Iterator[Row]:
    """The row of pricing a year again."""
    file = Path(os.environ.get("TOKOLIB_BENCH_YEAR", ""))
    if not file.is_file():
        raise LeftOut("TOKOLIB_BENCH_YEAR names no file of a year's invoices")
    rules = RulesOverTime.always(_promotions())
    facts = [_sold(each, rules) for each in _carts(file)]
    changed = rules.changed(Changes(put=(_promotion("order", Off(Percent(8)), at_least=Money(30_000, GBP)),)))
    cores = os.cpu_count() or 1
    one, alone = _timed(lambda: what_if(facts, changed))
    many, shared = _timed(lambda: what_if_in_processes(facts, changed, processes=cores))
    if alone != shared or what_if(facts[:1_000], rules).changed:
        raise RuntimeError("several processes, or unchanged rules, don't say what they must")
    difference, lines = alone.by_currency["GBP"].difference, sum(len(each.lines) for each in facts)
    plan.say(f"  {lines:,} lines; {one:.1f} s on one core, {many:.1f} s on {cores}")
    plan.say(
        f"  {alone.changed:,} would have changed: {Money(difference.total, GBP)}, tax {Money(difference.tax, GBP)}"
    )
    name = f"a year of {len(facts):,} carts priced again: {cores} cores ÷ one"
    yield Row(name, len(facts) / many, len(facts) / one, one / many, "carts/s", 1)


def _timed(work: Callable[[], Report]) -> tuple[float, Report]:
    started = time.perf_counter()
    report = work()
    return time.perf_counter() - started, report


def _promotion(code: str, benefit: Benefit, at_least: Money | None = None, cap: Money | None = None) -> Promotion:
    return Promotion(PromotionId(f"prm_{code}"), 1, Terms(code, benefit, at_least=at_least, cap=cap, currency="GBP"))


def _promotions() -> list[Promotion]:
    """Eight promotions of eight kinds."""
    some = one_of("sku", "85123a", "22423", "47566", "84879", "20725")
    return [
        _promotion("order", Off(Percent(5)), at_least=Money(30_000, GBP)),
        _promotion("hearts", Off(Percent(10), Scope.LINE, some)),
        _promotion("dozen", Off(Percent(3), Scope.LINE, at_least("quantity", 12))),
        _promotion("bags", Combination((Part(2, some), Part(1, some, Percent(50), Pick.CHEAPEST)))),
        _promotion("five", Off(AmountOff(Money(500, GBP))), at_least=Money(15_000, GBP)),
        _promotion("unit", Off(AmountOff(Money(5, GBP)), Scope.UNIT, one_of("sku", "22720", "22960"))),
        _promotion("tiers", Tiered((Step(50_000, Percent(2)), Step(100_000, Percent(4))))),
        _promotion("capped", Off(Percent(20)), cap=Money(200, GBP)),
    ]


def _carts(file: Path) -> Iterator[PricingFacts]:
    """The invoices that sold something, each as a cart that nothing was taken off yet."""
    rows: dict[str, list[dict[str, str]]] = {}
    with lzma.open(file, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            if int(row["Quantity"]) > 0 and Decimal(row["UnitPrice"]) > 0:
                rows.setdefault(row["InvoiceNo"], []).append(row)
    for number, own in rows.items():
        now = datetime.strptime(own[0]["InvoiceDate"], "%Y-%m-%d %H:%M").replace(tzinfo=SHOP)
        facts: dict[str, FactValue] = {
            "now": now.astimezone(UTC),
            "channel": "web",
            "customer_groups": frozenset[str](),
        }
        if own[0]["CustomerID"]:
            facts["customer"] = own[0]["CustomerID"]
        yield PricingFacts(
            order_id=number,
            day=now.date(),
            currency=GBP,
            lines=tuple(_lines(own)),
            charges=(),
            facts=tuple(sorted(facts.items())),
            taxes=(PastTax("standard", VAT),),
            prices_include_tax=True,
            policies=Policies(),
        )


def _lines(rows: list[dict[str, str]]) -> Iterator[PastLine]:
    """The lines of an invoice; one code at a second price is a SKU of its own there."""
    prices: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        key, amount = row["StockCode"].casefold(), row["UnitPrice"]
        if prices.setdefault(key, amount) != amount:
            prices[key := f"{key} at {amount}"] = amount
        line = PriceLine(f"{number:04}", key, row["Description"], int(row["Quantity"]), sku=row["StockCode"])
        yield PastLine(line, UnitPrice.parse(amount, GBP), True, Figures())


def _sold(facts: PricingFacts, rules: RulesOverTime) -> PricingFacts:
    """The same with what it came to under *rules*."""
    priced = priced_again(facts, rules)
    pairs = zip(facts.lines, priced.lines, strict=True)
    return attrs.evolve(facts, lines=tuple(attrs.evolve(line, sold=came_to(now)) for line, now in pairs))
