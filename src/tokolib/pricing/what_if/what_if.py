"""Past orders priced again under other promotions: a pure function of what was kept of them.

Each order is priced by itself, with its own prices, taxes, charges and uses: an order that would have found a budget
spent by the orders before it is not looked for, so that the orders may be priced in any order and on any number of
machines. What is sold is what was sold: nobody is thought to buy more for a better offer. A gift is told as what a
promotion proposes: whether there would have been stock for it is not looked for.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from tokolib.kernel.limits import Limits
from tokolib.kernel.policies import Policies
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.pricing.facts import units
from tokolib.pricing.outside import InProportion
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced, PricedCharge, PricedLine
from tokolib.pricing.prices.book import Choice, PriceBook
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.what_if.facts import PastLine, PricingFacts
from tokolib.pricing.what_if.figures import Figures, total_of
from tokolib.pricing.what_if.report import DaySum, GiftChange, GiftSum, OrderChange, Report, SkuSum, added
from tokolib.pricing.what_if.rules import RulesOverTime

NOWHERE: Final = "ZZ"
"""The country of a shop whose taxes are known already."""


def what_if(facts: Iterable[PricingFacts], rules: RulesOverTime) -> Report:
    """What the orders of *facts* came to, and what they would have come to under *rules*.

    Under the very rules that they were placed under, each comes to what it came to. Taxes that somebody outside worked
    out change in proportion to what they are taken of: nobody is asked.

    Raises:
        TooManyEvaluations: the conditions of *rules* take more comparisons than a shop allows for one cart.
    """
    return added(compared(each, priced_again(each, rules)) for each in facts)


def priced_again(facts: PricingFacts, rules: RulesOverTime) -> Priced:
    """One order of the past as it would have been priced under *rules*."""
    taxes = {each.tax_class: each.assessment for each in facts.taxes}
    home = {each.tax_class: each.assessment for each in facts.home_taxes}
    return price(
        [each.line for each in facts.lines],
        [each.charge for each in facts.charges],
        book=PriceBook(chosen={each.line.id: _choice(each) for each in facts.lines}),
        promotions=_offers(facts, rules),
        coupons=[coupon.code for coupon in facts.coupons],
        facts=facts.known,
        tax=taxes.__getitem__,
        home_tax=home.__getitem__ if home else None,
        settings=_settings(facts),
        currency=facts.currency,
        told=InProportion((each.asked, each.taxes) for each in facts.answered) if facts.answered else None,
    )


def _offers(facts: PricingFacts, rules: RulesOverTime) -> Offers:
    """What the order was offered; a gift that it could not have then, it can't have now."""
    return rules.at(facts.now, facts.versions).offers(facts.coupons, dict(facts.used)).without(*facts.withheld)


def _settings(facts: PricingFacts) -> Settings:
    return _as_then(
        facts.currency.code, facts.prices_include_tax, facts.tax_rounding, facts.policies, facts.combinations
    )


@lru_cache(maxsize=64)
def _as_then(
    currency: str, includes_tax: bool, rounding: RoundingProfile | None, policies: Policies, combinations: int
) -> Settings:
    return Settings(
        NOWHERE,
        currency,
        "UTC",
        prices_include_tax=includes_tax,
        tax_rounding=rounding,
        policies=policies,
        limits=Limits(combinations=combinations),
    )


def _choice(line: PastLine) -> Choice:
    return Choice(line.price, line.includes_tax, bands=line.bands, minimum=line.minimum)


def compared(facts: PricingFacts, priced: Priced) -> Report:
    """The report of one order."""
    was, code = facts.sold, facts.currency.code
    would = total_of([*map(came_to, priced.lines), *map(came_to, priced.charges)])
    gifts = gift_changes(facts, priced)
    changes = tuple(_change(facts, priced, was, would, tuple([each for each in gifts if each.difference])))
    rows: dict[str, SkuSum] = {}
    for line, now in zip(facts.lines, priced.lines, strict=True):
        row = SkuSum(line.line.key, facts.day, code, 1, line.sold, came_to(now))
        before = rows.get(row.key)
        rows[row.key] = row if before is None else before + row
    return Report(
        changes,
        (DaySum(facts.day, code, 1, len(changes), was, would),),
        tuple(rows[key] for key in sorted(rows)),
        tuple([GiftSum(each.key, facts.day, 1, each.was, each.would) for each in gifts]),
    )


def gift_changes(facts: PricingFacts, priced: Priced) -> tuple[GiftChange, ...]:
    """What the order was given beside what was bought, and what it would have been, by SKU."""
    was: dict[str, int] = {}
    would: dict[str, int] = {}
    for each in facts.lines:
        if each.line.gift:
            was[each.line.key] = was.get(each.line.key, 0) + int(units(each.line))
    for granted in priced.granted:
        if (gift := granted.gift) is not None:
            would[gift.key] = would.get(gift.key, 0) + gift.quantity
    return tuple([GiftChange(key, was.get(key, 0), would.get(key, 0)) for key in sorted(was.keys() | would.keys())])


def came_to(part: PricedLine | PricedCharge) -> Figures:
    """The figures of a line or charge."""
    discount = 0
    for each in part.discounts:
        discount += each.amount
    return Figures(part.total, discount, part.total - part.net)


def _change(
    facts: PricingFacts, priced: Priced, was: Figures, would: Figures, gifts: tuple[GiftChange, ...]
) -> Iterator[OrderChange]:
    """The order, if any line or charge of it would have come to something else, a coupon been refused, or its *gifts*
    are others.
    """
    refused = tuple(sorted({problem.coupon for problem in priced.problems if problem.coupon}))
    was_parts = [*(line.sold for line in facts.lines), *(charge.sold for charge in facts.charges)]
    would_parts = [*map(came_to, priced.lines), *map(came_to, priced.charges)]
    if refused or gifts or was_parts != would_parts:
        yield OrderChange(facts.order_id, facts.day, facts.currency.code, was, would, refused, gifts)
