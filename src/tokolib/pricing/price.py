"""The one function that prices: lines and charges in, every figure with its origin out. It knows no cart.

The order is fixed: unit price → line (rounded once) → discounts on units, lines, the order, shipping and fees → tax,
rounded by its profile → totals. Inside, amounts are bare whole numbers of minor units; what is spread, is spread over
lines in the order of their ids, so that the order in which they are given changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Final, NamedTuple, cast

from tokolib.conditions import Facts, FactValue
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.money import LARGEST, Currency
from tokolib.kernel.money_errors import AmountOutOfRange
from tokolib.kernel.policies import SpreadBasis, TaxBase, Thresholds
from tokolib.kernel.quick import quick
from tokolib.kernel.settings import Settings
from tokolib.pricing.bands import by_price
from tokolib.pricing.basis import Basis, scales
from tokolib.pricing.checks import check
from tokolib.pricing.discounted import taxable
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.goods import Goods, TaxOf, assessed, goods_of, kits_of
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import ChargeLine, KitPart, PriceLine
from tokolib.pricing.outside import InProportion, Told
from tokolib.pricing.priced import Priced, PricedLine
from tokolib.pricing.prices.book import Choice, PriceBook
from tokolib.pricing.prices.select import chosen, outdated, sorted_out
from tokolib.pricing.problems import no_price, refused_coupon
from tokolib.pricing.promotions.eligible import Question, sift
from tokolib.pricing.promotions.giving.candidates import LostPromotion, Refusal
from tokolib.pricing.promotions.giving.stacking import Outcome, stack
from tokolib.pricing.promotions.giving.workings import Terrain, Workings
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.uses import use_of
from tokolib.pricing.taxing import charge_bases, questions_of_goods, settled, taxables, taxed_charges, taxed_lines
from tokolib.tax.model import Assessment
from tokolib.tax.settle import settle

MINIMUM_FACTS: Final[Mapping[Thresholds, str]] = {
    Thresholds.BEFORE_DISCOUNTS: "subtotal",
    Thresholds.AFTER_DISCOUNTS: "subtotal_after_discounts",
    Thresholds.BEFORE_DISCOUNTS_WITH_TAX: "subtotal_with_tax",
    Thresholds.AFTER_DISCOUNTS_WITH_TAX: "subtotal_after_discounts_with_tax",
}

_NOTHING: Final = Workings.of((), (), (), ())
_priced: Final = quick(Priced)
_id: Final = attrgetter("id")
_bands: Final = attrgetter("bands")


def price(
    lines: Sequence[PriceLine],
    charges: Sequence[ChargeLine],
    *,
    book: PriceBook,
    promotions: Offers,
    coupons: Sequence[str],
    facts: Facts,
    tax: TaxOf,
    settings: Settings,
    currency: Currency,
    home_tax: TaxOf | None = None,
    told: Told | None = None,
) -> Priced:
    """Price *lines* and *charges*; lines without a price are left out and named in `problems`.

    *home_tax* is the tax that prices with tax were made for, where that is another one than *tax*. Where somebody
    outside works the taxes out, *told* is what they have told so far, and the outcome says what they are `asked`.

    Raises:
        InvalidInput: an id twice, a quantity not above zero, a negative charge, a price of another currency.
        AmountOutOfRange: a line, or the whole, is beyond 10^15 minor units.
        TooManyEvaluations: the conditions of the promotions take more comparisons than the settings allow.
        UnknownTaxClass: from *tax*.
    """
    check(lines, charges, currency)
    known: dict[str, FactValue] = {**facts, **goods_facts(lines, promotions.asked | book.asked)}
    known |= {"currency": currency.code, "coupon": frozenset(map(typed_code, coupons))}
    rows, choices, unpriced = _choices(sorted(lines, key=_id), book, known, settings, currency)
    sale = _sale(rows, choices, charges, book, known, (tax, home_tax or tax), settings, currency)
    extras, goods, rules, beside = sale
    terrain = _terrain(goods, extras, beside, rules, known, settings, told)
    question = _question(promotions, known, currency, goods, terrain, extras, settings)
    sifted = sift(question, coupons)
    outcome = stack(sifted.candidates, terrain, settings.limits.combinations)
    left, left_fees = outcome.applied.terrain.lines.by_line(), outcome.applied.terrain.charges

    taxed = settled(goods, extras, beside, left, left_fees, rules, settings, told)
    priced = taxed_lines(goods, left, taxed.lines, rules)
    fees_priced = taxed_charges(extras, beside, left_fees, taxed, rules, currency.code)
    refusals = (*sifted.refusals, *outcome.refusals)
    return _priced(
        currency=currency.code,
        includes_tax=settings.prices_include_tax,
        lines=tuple(priced) if rows == [*lines] else _as_given(lines, priced),
        charges=tuple([fees_priced[charge.id] for charge in charges]),
        uses=tuple(_uses(outcome)),
        total=sum([line.total for line in priced]) + sum([each.total for each in fees_priced.values()]),
        granted=tuple([granted for _, granted in outcome.applied.granted]),
        lost=tuple(_lost(refusals)),
        problems=(
            *((_no_price(lines, unpriced, book, known, settings, currency),) if unpriced else ()),
            *(refused_coupon(refusal) for refusal in refusals if refusal.code),
        ),
        evaluations=question.evaluations,
        search=outcome.search,
        asked=taxed.asked,
    )


class _Sale(NamedTuple):
    """What is sold, at its prices before discounts."""

    charges: list[ChargeLine]
    goods: Goods
    rules: Mapping[str, Assessment]
    beside: Sequence[Basis]
    """What the charges cost."""


def _sale(
    rows: list[PriceLine],
    choices: list[Choice],
    charges: Sequence[ChargeLine],
    book: PriceBook,
    known: dict[str, FactValue],
    taxes: tuple[TaxOf, TaxOf],
    settings: Settings,
    currency: Currency,
) -> _Sale:
    """*rows* at their prices, and the *charges* beside them; `subtotal` is among the *known* facts from now on.

    *taxes* are the one that holds, and the one that prices with tax were made for.
    """
    tax, home_tax = taxes
    extras = sorted(charges, key=_id)
    kits = kits_of(rows, book, known, settings, currency)
    parts = [part for line in rows for part in line.parts] if kits else []
    classed: list[PriceLine | ChargeLine | KitPart] = [*rows, *extras, *parts]
    rules = assessed(classed, tax, settings)
    goods = goods_of(rows, choices, kits, rules=rules, home_tax=home_tax, settings=settings)
    beside = charge_bases(extras, goods, rules, partial(assessed, classed, home_tax, settings), settings)
    subtotal = known["subtotal"] = sum(goods.bases)
    if (whole := subtotal + sum([each.amount for each in beside])) > LARGEST:
        raise AmountOutOfRange(str(whole), currency.code, "beyond 10^15 minor units")
    return _Sale(extras, goods, rules, beside)


def _question(
    promotions: Offers,
    known: Mapping[str, FactValue],
    currency: Currency,
    goods: Goods,
    terrain: Terrain,
    extras: Sequence[ChargeLine],
    settings: Settings,
) -> Question:
    """What *promotions* are measured against: a line stands once for each price of its units."""
    asked, bases = goods.lines, None
    if (places := terrain.lines.lines) is not None:
        asked, bases = [goods.lines[i] for i in places], [goods.bases[i] for i in places]
    most = settings.limits.evaluations
    return Question(promotions, known, currency, asked, terrain, extras, settings.zone, most, bases=bases)


def _as_given(lines: Sequence[PriceLine], priced: Sequence[PricedLine]) -> tuple[PricedLine, ...]:
    """*priced* in the order of *lines*; those without a price are missing."""
    by_id = {each.line.id: each for each in priced}
    return tuple([by_id[line.id] for line in lines if line.id in by_id])


def _choices(
    lines: Sequence[PriceLine], book: PriceBook, facts: Facts, settings: Settings, currency: Currency
) -> tuple[list[PriceLine], list[Choice], frozenset[str]]:
    """The lines that have a price, their prices beside them, and the ids of those that have none."""
    if book.chosen:
        return [*lines], [book.chosen[line.id] for line in lines], frozenset()
    applying = sorted_out(book, facts, currency, settings.zone)
    found = chosen(lines, book, applying, currency, includes_tax=settings.prices_include_tax)
    if all(found):
        return [*lines], cast(list[Choice], found), frozenset()
    pairs, choices = [*zip(lines, found, strict=True)], [choice for choice in found if choice is not None]
    without = frozenset(line.id for line, choice in pairs if choice is None)
    return [line for line, choice in pairs if choice is not None], choices, without


def _terrain(
    goods: Goods,
    extras: Sequence[ChargeLine],
    beside: Sequence[Basis],
    rules: Mapping[str, Assessment],
    known: Mapping[str, FactValue],
    settings: Settings,
    told: Told | None,
) -> Terrain:
    """What promotions apply to: *goods*, a row for each price of their units, and what charges cost *beside* them."""
    policies, fees = settings.policies, [each.amount for each in beside]
    of_goods = of_fees = None
    if (weigh := policies.spread_basis) is not SpreadBasis.AS_PRICED:
        included = [each.includes_tax for each in beside]
        of_goods = scales([rules[line.tax_class] for line in goods.lines], goods.included, weigh)
        of_fees = scales([rules[charge.tax_class] for charge in extras], included, weigh)
    lines = Workings.of(goods.bases, goods.units, goods.quantities, goods.floors(), of_goods)
    if any(map(_bands, goods.choices)):
        lines = by_price(lines, goods.choices)
    return Terrain(
        lines,
        Workings.of(fees, [1] * len(fees), [1] * len(fees), [0] * len(fees), of_fees) if fees else _NOTHING,
        policies,
        known,
        MINIMUM_FACTS[policies.thresholds],
        partial(_with_tax, goods, rules, policies.tax_base)
        if told is None
        else partial(_with_told, goods, InProportion(told.items()), policies.tax_base),
    )


def _with_told(goods: Goods, told: Told, policy: TaxBase, lines: Workings) -> int:
    """What is left of *lines*, with the taxes that were *told* of them, in proportion to what these were told of."""
    asked = questions_of_goods(goods, taxable(lines.by_line(), policy))
    taxes = (tax for each in asked if not each.includes_tax for tax in told.get(each, ()))
    return sum(lines.rest) + sum(tax.amount for tax in taxes)


def _with_tax(goods: Goods, rules: Mapping[str, Assessment], policy: TaxBase, lines: Workings) -> int:
    """What is left of *lines*, with tax, which is settled as it is for the whole document."""
    items = [
        each
        for i, amount in enumerate(taxable(lines.by_line(), policy))
        if not goods.included[i]
        for each in taxables(goods, i, amount, rules)
    ]
    return sum(lines.rest) + sum([tax.amount for taxes in settle(items, False) for tax in taxes])


def _uses(outcome: Outcome) -> Iterator[PromotionUse]:
    left = outcome.applied.terrain
    for candidate, granted in outcome.applied.granted:
        taken = (*left.lines.taken, *left.charges.taken) if candidate.spendable else ()
        amounts = [amount for row in taken for each, amount in row if each is candidate] if taken else ()
        yield use_of(candidate, granted, amounts)


def _lost(refusals: Sequence[Refusal]) -> Iterator[LostPromotion]:
    for refusal in refusals:
        if refusal.promotion_id is not None:
            yield LostPromotion(refusal.promotion_id, refusal.code, refusal.lost)


def _no_price(
    lines: Sequence[PriceLine],
    unpriced: frozenset[str],
    book: PriceBook,
    facts: Facts,
    settings: Settings,
    currency: Currency,
) -> Problem:
    missing = tuple([line for line in lines if line.id in unpriced])
    applying = sorted_out(book, facts, currency, settings.zone)
    return no_price(missing, outdated([line.key for line in missing], book, applying))
