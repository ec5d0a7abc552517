"""What the shelf shows: the price of one unit, with the promotions that are shown before there is a cart.

It is the same engine at another time: one unit is priced under the promotions that are `on_shelf`, and under no other.
In a cart these are settled first and for each line by itself, so that so many units cost so many times what the shelf
shows, before all other promotions; a tier, the last units of a flash sale, and kits whose components are taxed apart by
another basis than the price's aside.

What can't be shown exactly is shown rounded up, so that a cart never charges more than so many times as much: a price
finer than the minor unit, and one that a policy takes tax out of or puts it on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs

from tokolib.conditions import Always, Facts, lasts
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.policies import AcrossBorders, DiscountBasis
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice
from tokolib.pricing.basis import Basis, basis
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.goods import TaxOf
from tokolib.pricing.kits import Kit, KitBy, kit_basis
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import PriceLine
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced, PricedLine
from tokolib.pricing.prices.book import Choice, PriceBook
from tokolib.pricing.prices.model import PriceList
from tokolib.pricing.promotions.model import Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.uses import unit_counter
from tokolib.tax.model import Assessment

_TAX_UP: Final = RoundingProfile(RoundingMode.UP, RoundingLevel.LINE)
_TAX_DOWN: Final = RoundingProfile(RoundingMode.DOWN, RoundingLevel.LINE)


@attrs.frozen
class ShelfPromotion:
    """A promotion that the shelf shows."""

    id: PromotionId
    name: str
    until: datetime | None
    """When it ends, excluded: by its date, or by the hours, days and dates of its conditions. None: nothing ends it."""
    units_left: int | None
    """How many units may still be had for it, in all; None where they aren't limited."""


@attrs.frozen
class ShelfPrice:
    """What one unit of a SKU costs now, as the shelf shows it."""

    sku: str
    units: int
    """Units of measure that the price is for: one, unless it is sold only by more at once."""
    price: Money
    """Rounded up where it can't be shown exactly: so many units never cost more than so many times as much."""
    includes_tax: bool
    """Whether the price contains tax, as the list states it."""
    was: Money | None
    """The price to cross out: before promotions, or the list's original price, whichever is higher; None for none."""
    promotions: tuple[ShelfPromotion, ...]
    """What made it cheaper."""
    until: datetime | None
    """When the first of these ends, or the price list, or its exchange rate is too old; None while nothing does."""
    lowest: Money | None = None
    """Where a price is crossed out: the lowest that was shown in the 30 days before the present one began (Directive
    98/6/EC, art. 6a), for as many units; None where nothing was."""


@attrs.frozen(kw_only=True)
class Shelf:
    """What the shelf shows its prices by, whatever the goods and the time."""

    facts: Facts
    """For whom, and where; `now` is the time of the question."""
    tax: TaxOf
    settings: Settings
    currency: Currency
    home_tax: TaxOf | None = None

    def at(self, now: datetime) -> "Shelf":
        """The same shelf at another time."""
        return attrs.evolve(self, facts={**self.facts, "now": now})

    def amount(self, line: PriceLine, book: PriceBook, promotions: Offers) -> Money | None:
        """What `shelf_price` tells as the price, and nothing else; None where no price list has one."""
        priced, left = self.priced(_one(line), book, promotions)
        return Money(left, self.currency) if priced.lines else None

    def priced(self, one: PriceLine, book: PriceBook, promotions: Offers) -> tuple[Priced, int]:
        """One unit, under the promotions that are on the shelf, and what is shown for it: rounded up where its price
        isn't whole.
        """
        found = self._priced(one, book, promotions, self.settings)
        if not found.lines:
            return found, 0
        [line] = found.lines
        above, exact = self._rounded_up(one, line.choice), self._is_exact(one, line)
        if exact and above.amount <= line.base:
            return found, _left(line)
        plain = attrs.evolve(
            self.settings.policies, discount_basis=DiscountBasis.AS_PRICED, across_borders=AcrossBorders.GROSS
        )
        shown = attrs.evolve(book, chosen={one.id: _shown_at(line, above, one.per_step.numerator)})
        again = self._priced(one, shown, promotions, attrs.evolve(self.settings, policies=plain))
        # Many units lie between whole prices, so a percentage of each may round to one less than it does here.
        slack = sum(granted.percent is not None for granted in again.granted)
        return again, min(_left(again.lines[0]) + slack, above.amount)

    def _is_exact(self, one: PriceLine, line: PricedLine) -> bool:
        """Whether so many units cost so many times what *line* does, before promotions."""
        whole = line.choice.price.scaled * one.per_step.numerator % PRICE_SCALE == 0
        return whole and line.base == line.listed

    def _priced(self, one: PriceLine, book: PriceBook, promotions: Offers, settings: Settings) -> Priced:
        return price(
            [one],
            (),
            book=book,
            promotions=promotions.on_shelf(),
            coupons=(),
            facts=self.facts,
            tax=self.tax,
            settings=settings,
            currency=self.currency,
            home_tax=self.home_tax,
        )

    def _rounded_up(self, one: PriceLine, choice: Choice) -> Basis:
        """The least that the price of *one* can be shown by, so that none of many costs more."""
        units, included = one.per_step.numerator, choice.includes_tax
        amount = choice.price.times(units, 1, RoundingMode.UP)
        policies, home_tax = self.settings.policies, self.home_tax or self.tax
        way = _TAX_UP if policies.discount_basis is DiscountBasis.WITH_TAX else _TAX_DOWN
        if not one.parts:
            here, home = _by(way, self.tax(one.tax_class)), _by(_TAX_DOWN, home_tax(one.tax_class))
            return basis(amount, includes_tax=included, here=here, home=home, policies=policies)
        here_of = {each.tax_class: _by(way, self.tax(each.tax_class)) for each in one.parts}
        home_of = {each.tax_class: _by(_TAX_DOWN, home_tax(each.tax_class)) for each in one.parts}
        kit = Kit(KitBy.QUANTITY, tuple(each.quantity for each in one.parts))
        return kit_basis(kit, one, amount, includes_tax=included, here=here_of, home=home_of, policies=policies)[1]


def shelf_price(line: PriceLine, book: PriceBook, promotions: Offers, shelf: Shelf) -> ShelfPrice | Problem:
    """What one unit of the goods of *line* costs on a shelf; the problem where no price list has a price for it.

    The quantity of *line* doesn't count, and `lowest` is left open: `reduction.prior_price` tells it.

    Raises:
        TooManyEvaluations: the conditions of the promotions take more comparisons than the settings allow.
        UnknownTaxClass: from the shelf's tax.
    """
    one, settings, currency = _one(line), shelf.settings, shelf.currency
    priced, left = shelf.priced(one, book, promotions)
    if not priced.lines:
        return priced.problems[0]
    [found] = priced.lines
    known = {**shelf.facts, **goods_facts([one], promotions.asked | book.asked), "currency": currency.code}
    shown = _shown(priced, promotions, known)
    own = [each for each in book.lists if each.id == found.choice.list_id]
    ends = [each.until for each in shown] + [each.until for each in own]
    ends += [end for each in own for end in (_lasts(each, known), book.outdated_from(each, one.key, settings.zone))]
    return ShelfPrice(
        sku=line.sku or line.key,
        units=line.per_step.numerator,
        price=Money(left, currency),
        includes_tax=found.includes_tax,
        was=_was(found, left, line.per_step.numerator, settings),
        promotions=shown,
        until=_first(*ends),
    )


def _by(profile: RoundingProfile, assessment: Assessment) -> Assessment:
    return attrs.evolve(assessment, profile=profile)


def _shown_at(line: PricedLine, above: Basis, units: int) -> Choice:
    """The choice of *line* at the price *above* for so many *units*, its minimum price in the same terms."""
    choice, money = line.choice, line.unit_price.currency
    minimum = choice.minimum
    if minimum is not None:
        scaled = -(-minimum.scaled * above.amount // max(line.listed, 1))
        minimum = UnitPrice(scaled, money)
    price = UnitPrice(-(-above.amount * PRICE_SCALE // units), money)
    return attrs.evolve(choice, price=price, bands=(), includes_tax=above.includes_tax, minimum=minimum)


def _one(line: PriceLine) -> PriceLine:
    return attrs.evolve(line, quantity=line.per_step.denominator, stated=None, gift=False)


def _left(found: PricedLine) -> int:
    return found.base - sum(each.amount for each in found.discounts)


def _lasts(rules: PriceList | Terms, facts: Facts) -> datetime | None:
    """When the conditions cease to hold because of the time."""
    return None if isinstance(rules.conditions, Always) else lasts(rules.conditions, facts)


def _first(*ends: datetime | None) -> datetime | None:
    return min((each for each in ends if each is not None), default=None)


def _shown(priced: Priced, offers: Offers, facts: Facts) -> tuple[ShelfPromotion, ...]:
    terms = {each.id: each.terms for each in offers.rules.promotions}
    return tuple(
        ShelfPromotion(
            granted.promotion_id,
            granted.name,
            _first(terms[granted.promotion_id].until, _lasts(terms[granted.promotion_id], facts)),
            _units_left(granted.promotion_id, terms[granted.promotion_id], offers),
        )
        for granted in priced.granted
    )


def _units_left(id: PromotionId, terms: Terms, offers: Offers) -> int | None:
    return None if terms.unit_limit is None else terms.unit_limit - offers.used.get(unit_counter(id, ""), 0)


def _was(found: PricedLine, left: int, units: int, settings: Settings) -> Money | None:
    before: Sequence[int] = [found.base]
    if (original := found.choice.compare_at) is not None:
        before = [found.base, original.times(units, 1, settings.policies.line_rounding)]
    return Money(max(before), found.unit_price.currency) if max(before) > left else None
