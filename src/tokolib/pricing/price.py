"""The one function that prices: lines and charges in, every figure with its origin out. It knows no cart.

The order is fixed: unit price → line (rounded once) → discounts on units, lines, the order, shipping and fees → tax,
rounded by its profile → totals. Inside, amounts are bare whole numbers of minor units; what is spread, is spread over
lines in the order of their ids, so that the order in which they are given changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Final, cast

import attrs

from tokolib.conditions import Facts, FactValue
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import LARGEST, PRICE_SCALE, AmountOutOfRange, Currency, UnitPrice
from tokolib.kernel.policies import AcrossBorders, DiscountBasis, SpreadBasis, TaxBase, Thresholds
from tokolib.kernel.quantity import ONE
from tokolib.kernel.quick import quick
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.settings import Settings
from tokolib.pricing.bands import by_price
from tokolib.pricing.basis import Basis, basis, scales
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.kits import Kit, kit_basis, kit_of
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import ChargeLine, KitPart, PriceLine
from tokolib.pricing.outside import Told
from tokolib.pricing.priced import Priced, PricedLine
from tokolib.pricing.prices.select import Choice, PriceBook, chosen, outdated, sorted_out
from tokolib.pricing.prices.tiers import amount_of
from tokolib.pricing.problems import no_price, refused_coupon
from tokolib.pricing.promotions.codes.typed import coupon_code
from tokolib.pricing.promotions.eligible import Offers, Question, sift
from tokolib.pricing.promotions.giving.candidates import LostPromotion, Refusal
from tokolib.pricing.promotions.giving.stacking import Outcome, stack
from tokolib.pricing.promotions.giving.workings import Terrain, Workings
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.pricing.promotions.uses import use_of
from tokolib.pricing.taxing import Goods, TaxOf, settled, taxable, taxables, taxed_charges, taxed_lines
from tokolib.tax.model import Assessment
from tokolib.tax.settle import settle

MINIMUM_FACTS: Final[Mapping[Thresholds, str]] = {
    Thresholds.BEFORE_DISCOUNTS: "subtotal",
    Thresholds.AFTER_DISCOUNTS: "subtotal_after_discounts",
    Thresholds.BEFORE_DISCOUNTS_WITH_TAX: "subtotal_with_tax",
    Thresholds.AFTER_DISCOUNTS_WITH_TAX: "subtotal_after_discounts_with_tax",
}

_priced: Final = quick(Priced)


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
    _check(lines, charges, currency)
    policies = settings.policies
    known: dict[str, FactValue] = {**facts, **goods_facts(lines, promotions.asked | book.asked)}
    known |= {"currency": currency.code, "coupon": frozenset(map(coupon_code, coupons))}
    ordered = sorted(lines, key=_id)
    rows, choices, unpriced = _choices(ordered, book, known, settings, currency)
    extras = sorted(charges, key=_id)
    kits = _kits(rows, book, known, settings, currency)
    parts = [part for line in rows for part in line.parts] if kits else []
    rules = _rules([*rows, *extras, *parts], tax, settings)
    quantities = [line.quantity if line.per_step is ONE else _quantity(line) for line in rows]
    goods = _goods(rows, choices, quantities, kits, rules, home_tax or tax, settings)
    known["subtotal"] = sum(goods.bases)
    fees = [charge.amount for charge in extras]
    if sum(goods.bases) + sum(fees) > LARGEST:
        whole = sum(goods.bases) + sum(fees)
        raise AmountOutOfRange(str(whole), currency.code, "beyond 10^15 minor units")

    units = [each if type(each) is int else 0 for each in quantities]
    included = settings.prices_include_tax
    of_goods = of_fees = None
    if (weigh := policies.spread_basis) is not SpreadBasis.AS_PRICED:
        of_goods = scales([rules[line.tax_class] for line in rows], goods.included, weigh)
        of_fees = scales([rules[charge.tax_class] for charge in extras], [included] * len(extras), weigh)
    workings = Workings.of(goods.bases, units, quantities, _floors(goods, quantities), of_goods)
    asked, bases = rows, None
    if any(choice.bands for choice in choices):
        workings = by_price(workings, choices)
        places = workings.lines or ()
        asked, bases = [rows[i] for i in places], [goods.bases[i] for i in places]
    terrain = Terrain(
        workings,
        Workings.of(fees, [1] * len(fees), [1] * len(fees), [0] * len(fees), of_fees),
        policies,
        known,
        MINIMUM_FACTS[policies.thresholds],
        partial(_with_tax, goods, units, rules, policies.tax_base),
    )
    most = settings.limits.evaluations
    question = Question(promotions, known, currency, asked, terrain, extras, settings.zone, most, bases=bases)
    sifted = sift(question, coupons)
    outcome = stack(sifted.candidates, terrain, settings.limits.combinations)
    left, left_fees = outcome.applied.terrain.lines.by_line(), outcome.applied.terrain.charges

    taxed = settled(goods, units, extras, left, left_fees, rules, settings, told)
    priced = taxed_lines(goods, left, taxed.lines, rules)
    fees_priced = taxed_charges(extras, left_fees, taxed, rules, currency.code, included=included)
    refusals = (*sifted.refusals, *outcome.refusals)
    return _priced(
        currency=currency.code,
        includes_tax=included,
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


def _as_given(lines: Sequence[PriceLine], priced: Sequence[PricedLine]) -> tuple[PricedLine, ...]:
    """*priced* in the order of *lines*; those without a price are missing."""
    by_id = {each.line.id: each for each in priced}
    return tuple([by_id[line.id] for line in lines if line.id in by_id])


def _id(part: PriceLine | ChargeLine) -> str:
    return part.id


def _check(lines: Sequence[PriceLine], charges: Sequence[ChargeLine], currency: Currency) -> None:
    plain = [line.quantity for line in lines if line.stated is None and type(line.quantity) is int]
    if not charges and min(plain, default=0) > 0 and len(plain) == len(lines) == len({line.id for line in lines}):
        return
    faults = [*_line_faults(lines, currency), *_charge_faults(charges)]
    if faults:
        raise InvalidInput(tuple(faults))


def _line_faults(lines: Sequence[PriceLine], currency: Currency) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if line.id in seen:
            yield Fault(f"lines[{i}].id", "pricing.repeated", "each line has an id of its own", line.id)
        seen.add(line.id)
        if type(line.quantity) is not int or line.quantity <= 0:
            yield Fault(f"lines[{i}].quantity", "pricing.not_positive", "must be more than zero", str(line.quantity))
        if line.stated is not None and line.stated.price.currency != currency:
            found = line.stated.price.currency.code
            yield Fault(f"lines[{i}].stated.price", "pricing.currency", f"must be in {currency.code}", found)


def _charge_faults(charges: Sequence[ChargeLine]) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, charge in enumerate(charges):
        if charge.id in seen:
            yield Fault(f"charges[{i}].id", "pricing.repeated", "each charge has an id of its own", charge.id)
        seen.add(charge.id)
        if type(charge.amount) is not int or charge.amount < 0:
            wanted = "must be whole minor units, not negative"
            yield Fault(f"charges[{i}].amount", "pricing.negative", wanted, shown(charge.amount))


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


def _kits(
    goods: Sequence[PriceLine], book: PriceBook, facts: Facts, settings: Settings, currency: Currency
) -> dict[str, Kit]:
    """How the kits among *goods* are spread over their components, by line id."""
    if not any(line.parts for line in goods):
        return {}
    applying, includes = sorted_out(book, facts, currency, settings.zone), settings.prices_include_tax
    return {line.id: kit_of(line, book, applying, includes_tax=includes) for line in goods if line.parts}


def _rules(parts: Sequence[PriceLine | ChargeLine | KitPart], tax: TaxOf, settings: Settings) -> dict[str, Assessment]:
    """What the rules say about each tax class, rounded as the shop's settings say where they say it."""
    rules: dict[str, Assessment] = {}
    for part in parts:
        if part.tax_class not in rules:
            rules[part.tax_class] = tax(part.tax_class)
    profile = settings.tax_rounding
    if profile is None:
        return rules
    return {name: attrs.evolve(rule, profile=profile) for name, rule in rules.items()}


def _goods(
    lines: Sequence[PriceLine],
    choices: Sequence[Choice],
    quantities: Sequence[int | Fraction],
    kits: dict[str, Kit],
    rules: Mapping[str, Assessment],
    home_tax: TaxOf,
    settings: Settings,
) -> Goods:
    """Lines with what they cost before discounts, in the terms in which discounts are taken off."""
    policies = settings.policies
    mode = policies.line_rounding
    listed = []
    for choice, quantity in zip(choices, quantities, strict=True):
        whole, rest = divmod(choice.price.scaled * quantity, PRICE_SCALE)  # most come out whole: nothing to round
        if rest or choice.bands:
            whole = amount_of(choice.bands, mode) if choice.bands else _times(choice.price, quantity, mode)
        listed.append(whole)
    included = [choice.includes_tax for choice in choices]
    if policies.discount_basis is DiscountBasis.AS_PRICED and policies.across_borders is AcrossBorders.GROSS:
        return Goods(lines, choices, listed, listed, included, kits)
    home = _rules([*lines, *(part for line in lines for part in line.parts)], home_tax, settings)
    found: list[Basis] = []
    for line, amount, within in zip(lines, listed, included, strict=True):
        if line.parts:
            kits[line.id], own = kit_basis(
                kits[line.id], line, amount, includes_tax=within, here=rules, home=home, policies=policies
            )
        else:
            here = rules[line.tax_class]
            own = basis(amount, includes_tax=within, here=here, home=home[line.tax_class], policies=policies)
        found.append(own)
    bases, within_tax = [each.amount for each in found], [each.includes_tax for each in found]
    return Goods(lines, choices, listed, bases, within_tax, kits)


def _times(unit_price: UnitPrice, quantity: int | Fraction, mode: RoundingMode) -> int:
    """Price × quantity, rounded once."""
    return unit_price.times(*quantity.as_integer_ratio(), mode)


def _quantity(line: PriceLine) -> int | Fraction:
    """Units of measure: whole ones, which promotions may count, or a measured amount."""
    whole, parts = line.per_step.as_integer_ratio()
    return line.quantity * whole if parts == 1 else line.quantity * line.per_step


def _floors(goods: Goods, quantities: Sequence[int | Fraction]) -> list[int]:
    """What discounts must leave of each line: its minimum price times its quantity, in the terms of its base."""
    floors = [0] * len(goods.lines)
    for i, choice in enumerate(goods.choices):
        if choice.minimum is not None:
            floor, listed, base = (
                _times(choice.minimum, quantities[i], RoundingMode.UP),
                goods.listed[i],
                goods.bases[i],
            )
            floors[i] = floor if base == listed else -(-floor * base // max(listed, 1))
    return floors


def _with_tax(
    goods: Goods, units: Sequence[int], rules: Mapping[str, Assessment], policy: TaxBase, lines: Workings
) -> int:
    """What is left of *lines*, with tax, which is settled as it is for the whole document."""
    items = [
        each
        for i, amount in enumerate(taxable(lines.by_line(), policy))
        if not goods.included[i]
        for each in taxables(goods, i, amount, units[i], rules)
    ]
    return sum(lines.rest) + sum([tax.amount for taxes in settle(items, False) for tax in taxes])


def _uses(outcome: Outcome) -> Iterator[PromotionUse]:
    left = outcome.applied.terrain
    for candidate, granted in outcome.applied.granted:
        taken = (*left.lines.taken, *left.charges.taken) if candidate.spendable else ()
        yield use_of(candidate, granted, [amount for row in taken for each, amount in row if each is candidate])


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
