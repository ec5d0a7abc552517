"""Goods that are sold below cost in the worst combination of promotions that may stand together.

The worst is looked for by selling: of each SKU as few units as a promotion asks for, at each moment from which on
another promotion runs, to a customer who meets every condition that one customer can meet. The engine itself finds the
combination that takes most, so each finding is a cart that can be.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from tokolib.conditions import All, Predicate, can_hold, verdict
from tokolib.conditions.model import ALWAYS, DEEPEST, depth
from tokolib.kernel.explain import reason
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.policies import Policies, Stacking
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.lint.findings import Finding, Good, Known, Severity, finding
from tokolib.pricing.lint.never import line_targets, may_fit
from tokolib.pricing.lost import outside
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.promotions.benefits import Combination, Measure, Off, Tiered
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.tax.model import Assessment

MOST_UNITS: Final = 1_000_000
"""Of one SKU in a cart that is looked at."""
LIST: Final = PriceListId("pls_lint")
UNTAXED: Final = Assessment(
    (), RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE), reason("tax.outside", tax_class="standard")
)


@attrs.frozen
class _Worst:
    """The worst cart of some promotions."""

    good: Good
    quantity: int
    priced: Priced

    @property
    def earned(self) -> int:
        """What the goods bring beyond their cost, in minor units."""
        return self.priced.lines[0].total - (self.good.cost or 0) * self.quantity

    @property
    def subsidy(self) -> int:
        """What promotions take off the shipping."""
        return sum(each.amount for charge in self.priced.charges for each in charge.discounts)


def margins(promotions: Sequence[Promotion], known: Known) -> Iterator[Finding]:
    """For each set of promotions that sells something below cost, or gives more shipping than it earns, the worst."""
    below: dict[tuple[PromotionId, ...], _Worst] = {}
    shipped: dict[tuple[PromotionId, ...], _Worst] = {}
    for good in known.goods or ():
        if good.price and good.cost is not None and good.price >= good.cost:
            for worst in _carts(good, promotions, known):
                ids = tuple(sorted(granted.promotion_id for granted in worst.priced.granted))
                if worst.earned < 0:
                    _keep(below, ids, worst, worst.earned)
                elif worst.earned < worst.subsidy:
                    _keep(shipped, ids, worst, worst.earned - worst.subsidy)
    by_id = {each.id: each for each in promotions}
    money = currency(known.currency)
    for ids, worst in below.items():
        total = Money(worst.priced.lines[0].total, money)
        cost = Money((worst.good.cost or 0) * worst.quantity, money)
        yield _told("lint.below_cost", [by_id[id] for id in ids], worst, total=total, cost=cost)
    for ids, worst in shipped.items():
        margin, subsidy = Money(worst.earned, money), Money(worst.subsidy, money)
        yield _told("lint.shipping_above_margin", [by_id[id] for id in ids], worst, margin=margin, subsidy=subsidy)


def _keep(found: dict[tuple[PromotionId, ...], _Worst], ids: tuple[PromotionId, ...], worst: _Worst, left: int) -> None:
    before = found.get(ids)
    if before is None or left < before.earned - (before.subsidy if before.earned >= 0 else 0):
        found[ids] = worst


def _told(code: str, promotions: Sequence[Promotion], worst: _Worst, **figures: Money) -> Finding:
    names = " + ".join(each.terms.name for each in promotions)
    sku, quantity = worst.good.key, worst.quantity
    return finding(Severity.ERROR, code, *promotions, certain=False, names=names, sku=sku, quantity=quantity, **figures)


def _carts(good: Good, promotions: Sequence[Promotion], known: Known) -> Iterator[_Worst]:
    """The carts of *good* that are looked at, priced as cheap as they may be."""
    about = [each for each in promotions if _concerns(each, good)]
    for now in _moments(about, known.now):
        running = [each for each in about if outside(each.terms.since, each.terms.until, now) is None]
        for quantity in sorted(_quantities(running, good.price or 0)):
            line = PriceLine(
                "1",
                good.key,
                "",
                quantity,
                product_id=good.product_id,
                categories=good.categories,
                tags=good.tags,
                attributes=good.attributes or (),
            )
            worst = _Worst(good, quantity, _sold(line, good.price or 0, running, known))
            if worst.priced.granted and _at_once(worst.priced, about):
                yield worst


def _concerns(promotion: Promotion, good: Good) -> bool:
    targets = line_targets(promotion.terms)
    by_shipping = isinstance(promotion.terms.benefit, Off)
    return all(may_fit(which, good) for which in targets) if targets else by_shipping


def _moments(promotions: Iterable[Promotion], now: datetime) -> list[datetime]:
    later = {each.terms.since for each in promotions if each.terms.since is not None and each.terms.since > now}
    return [now, *sorted(later)]


def _quantities(promotions: Iterable[Promotion], each: int) -> set[int]:
    """The numbers of units at which another promotion begins to give."""
    found = {1}
    for promotion in promotions:
        terms = promotion.terms
        if terms.at_least is not None:
            found.add(-(-terms.at_least.minor_units // each))
        match terms.benefit:
            case Combination(parts=parts):
                found.add(sum(part.quantity for part in parts))
            case Tiered(steps=steps, by=Measure.QUANTITY):
                found.update(step.reached for step in steps)
            case Tiered(steps=steps):
                found.update(-(-step.reached // each) for step in steps)
            case _:
                pass
    return {quantity for quantity in found if 0 < quantity <= MOST_UNITS}


def _sold(line: PriceLine, each: int, running: Sequence[Promotion], known: Known) -> Priced:
    """*line* with every promotion whose conditions some customer meets, in the combination that takes most."""
    money = currency(known.currency)
    facts = {**goods_facts([line]), "subtotal": each * line.quantity, "currency": known.currency}
    open_ = [promotion for promotion in running if verdict(promotion.terms.conditions, facts) is not False]
    charges = () if known.shipping is None else (ChargeLine("ship", ChargeKind.SHIPPING, "", known.shipping),)
    return price(
        [line],
        charges,
        book=_book(line.key, each, money),
        promotions=Offers(RuleSet([attrs.evolve(one, terms=_for_anyone(one.terms)) for one in open_])),
        coupons=(),
        facts={},
        tax=lambda _: UNTAXED,
        settings=_settings(known.currency, known.policies),
        currency=money,
    )


def _for_anyone(terms: Terms) -> Terms:
    """*terms* for a customer who meets the conditions, has the coupon and comes first, while it is their time."""
    return attrs.evolve(
        terms,
        conditions=ALWAYS,
        by_coupon=False,
        since=None,
        until=None,
        usage_limit=None,
        per_customer=None,
        budgets=(),
        unit_limit=None,
        units_per_customer=None,
    )


def _book(key: str, amount: int, money: Currency) -> PriceBook:
    lists = (PriceList(LIST, 1, "lint", "", money.code),)
    return PriceBook(lists, (Price(key, 1, LIST, key, UnitPrice.of(Money(amount, money))),))


def _settings(code: str, policies: Policies) -> Settings:
    return Settings("ZZ", code, "UTC", policies=attrs.evolve(policies, stacking=Stacking.BEST))


def _at_once(priced: Priced, promotions: Sequence[Promotion]) -> bool:
    """Whether one customer can meet the conditions of all that were granted."""
    ids = {granted.promotion_id for granted in priced.granted}
    asked: list[Predicate] = [each.terms.conditions for each in promotions if each.id in ids]
    return max(map(depth, asked)) >= DEEPEST or can_hold(All(tuple(asked)))
