"""The one function that prices: lines and charges in, every figure with its origin out. It knows no cart.

The order is fixed: unit price → line (rounded once) → discounts on units, lines, the order, shipping and fees → tax,
rounded by its profile → totals. Inside, amounts are bare whole numbers of minor units; what is spread, is spread over
lines in the order of their ids, so that the order in which they are given changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from tokolib.conditions import Facts
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import LARGEST, PRICE_SCALE, AmountOutOfRange, Currency, UnitPrice
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.settings import AcrossBorders, DiscountBasis, Policies, Settings, Thresholds
from tokolib.pricing.basis import Basis, basis, with_tax
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.priced import Priced
from tokolib.pricing.prices.select import Choice, PriceBook, choose, pooled, sorted_out
from tokolib.pricing.prices.tiers import NOWHERE, amount_of
from tokolib.pricing.problems import no_price, refused_coupon
from tokolib.pricing.promotions.candidates import LostPromotion, Refusal
from tokolib.pricing.promotions.codes import coupon_code
from tokolib.pricing.promotions.eligible import Offers, Question, sift
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.pricing.promotions.stacking import Outcome, stack
from tokolib.pricing.promotions.uses import use_of
from tokolib.pricing.promotions.workings import Terrain, Workings
from tokolib.pricing.taxing import TaxOf, taxed_lines
from tokolib.tax.model import Assessment

MINIMUM_FACTS: Final[Mapping[Thresholds, str]] = {
    Thresholds.BEFORE_DISCOUNTS: "subtotal",
    Thresholds.AFTER_DISCOUNTS: "subtotal_after_discounts",
    Thresholds.BEFORE_DISCOUNTS_WITH_TAX: "subtotal_with_tax",
    Thresholds.AFTER_DISCOUNTS_WITH_TAX: "subtotal_after_discounts_with_tax",
}


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
) -> Priced:
    """Price *lines* and *charges*; lines without a price are left out and named in `problems`.

    *home_tax* is the tax that prices with tax were made for, where that is another one than *tax*.

    Raises:
        InvalidInput: an id twice, a quantity not above zero, a negative charge, a price of another currency.
        AmountOutOfRange: a line, or the whole, is beyond 10^15 minor units.
        TooManyEvaluations: the conditions of the promotions take more comparisons than the settings allow.
        UnknownTaxClass: from *tax*.
    """
    _check(lines, charges, currency)
    policies = settings.policies
    known = {**facts, **goods_facts(lines), "currency": currency.code}
    known["coupon"] = frozenset(map(coupon_code, coupons))
    ordered = sorted(lines, key=_id)
    choices = _choices(ordered, book, known, settings, currency)
    goods = [line for line in ordered if line.id in choices]
    extras = sorted(charges, key=_id)
    rules = _rules([*goods, *extras], tax)
    listed = [_listed(line, choices[line.id], policies.line_rounding) for line in goods]
    bases = _bases(goods, choices, listed, rules, home_tax or tax, policies)
    amounts = [each.amount for each in bases]
    known["subtotal"] = sum(amounts)
    fees = [charge.amount for charge in extras]
    if sum(amounts) + sum(fees) > LARGEST:
        raise AmountOutOfRange(str(sum(amounts) + sum(fees)), currency.code, "beyond 10^15 minor units")

    def taxed(left: Sequence[int]) -> int:
        return sum(
            amount if each.includes_tax else with_tax(amount, rules[line.tax_class])
            for amount, each, line in zip(left, bases, goods, strict=True)
        )

    quantities = [_quantity(line) for line in goods]
    units = [each if isinstance(each, int) else 0 for each in quantities]
    terrain = Terrain(
        Workings.of(amounts, units, quantities, _floors(goods, choices, listed, amounts)),
        Workings.of(fees, [1] * len(fees), [1] * len(fees), [0] * len(fees)),
        policies,
        known,
        MINIMUM_FACTS[policies.thresholds],
        taxed,
    )
    question = Question(promotions, known, currency, goods, terrain, extras, settings.zone, settings.limits.evaluations)
    sifted = sift(question, coupons)
    outcome = stack(sifted.candidates, terrain)
    left = outcome.applied.terrain

    priced, priced_charges = taxed_lines(
        goods, choices, listed, bases, extras, (left.lines, left.charges), rules, settings, currency.code
    )
    refusals = (*sifted.refusals, *outcome.refusals)
    return Priced(
        currency=currency.code,
        includes_tax=settings.prices_include_tax,
        lines=tuple([priced[line.id] for line in lines if line.id in priced]),
        charges=tuple([priced_charges[charge.id] for charge in charges]),
        uses=tuple(_uses(outcome)),
        total=sum([line.total for line in priced.values()]) + sum([each.total for each in priced_charges.values()]),
        granted=tuple([granted for _, granted in outcome.applied.granted]),
        lost=tuple(_lost(refusals)),
        problems=tuple(_problems(tuple([line for line in lines if line.id not in choices]), refusals)),
        evaluations=question.evaluations,
        search=outcome.search,
    )


def _id(part: PriceLine | ChargeLine) -> str:
    return part.id


def _check(lines: Sequence[PriceLine], charges: Sequence[ChargeLine], currency: Currency) -> None:
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
) -> dict[str, Choice]:
    """The price of each line that has one, by line id."""
    found: dict[str, Choice] = {}
    includes = settings.prices_include_tax
    applying = sorted_out(book, facts, currency, settings.zone)
    reaches = pooled(lines, book, applying)
    for line in lines:
        if line.stated is not None:
            found[line.id] = Choice(line.stated.price, includes)
        elif line.gift:
            found[line.id] = Choice(UnitPrice(0, currency), includes)
        else:
            choice = choose(line, reaches.get(line.id, NOWHERE), book, applying, includes_tax=includes)
            if choice is not None:
                found[line.id] = choice
    return found


def _rules(parts: Sequence[PriceLine | ChargeLine], tax: TaxOf) -> dict[str, Assessment]:
    rules: dict[str, Assessment] = {}
    for part in parts:
        if part.tax_class not in rules:
            rules[part.tax_class] = tax(part.tax_class)
    return rules


def _listed(line: PriceLine, choice: Choice, mode: RoundingMode) -> int:
    """Price × quantity, or the sum of its bands; most come out whole, and need no rounding."""
    return amount_of(choice.bands, mode) if choice.bands else _times(choice.price, line, mode)


def _times(unit_price: UnitPrice, line: PriceLine, mode: RoundingMode) -> int:
    numerator, denominator = line.per_step.as_integer_ratio()
    whole, rest = divmod(unit_price.scaled * line.quantity * numerator, PRICE_SCALE * denominator)
    return unit_price.times(line.quantity * numerator, denominator, mode) if rest else whole


def _bases(
    goods: Sequence[PriceLine],
    choices: Mapping[str, Choice],
    listed: Sequence[int],
    rules: Mapping[str, Assessment],
    home_tax: TaxOf,
    policies: Policies,
) -> list[Basis]:
    """What each line costs before discounts, in the terms in which discounts are taken off."""
    if policies.discount_basis is DiscountBasis.AS_PRICED and policies.across_borders is AcrossBorders.GROSS:
        return [Basis(amount, choices[line.id].includes_tax) for line, amount in zip(goods, listed, strict=True)]
    home = _rules(goods, home_tax)
    return [
        basis(
            amount,
            includes_tax=choices[line.id].includes_tax,
            here=rules[line.tax_class],
            home=home[line.tax_class],
            policies=policies,
        )
        for line, amount in zip(goods, listed, strict=True)
    ]


def _quantity(line: PriceLine) -> int | Fraction:
    """Units of measure: whole ones, which promotions may count, or a measured amount."""
    whole, parts = line.per_step.as_integer_ratio()
    return line.quantity * whole if parts == 1 else line.quantity * line.per_step


def _floors(
    goods: Sequence[PriceLine], choices: Mapping[str, Choice], listed: Sequence[int], amounts: Sequence[int]
) -> list[int]:
    """What discounts must leave of each line: its minimum price times its quantity, in the terms of its base."""
    floors = [0] * len(goods)
    for i, line in enumerate(goods):
        minimum = choices[line.id].minimum
        if minimum is not None:
            floor = _times(minimum, line, RoundingMode.UP)
            floors[i] = floor if amounts[i] == listed[i] else -(-floor * amounts[i] // max(listed[i], 1))
    return floors


def _uses(outcome: Outcome) -> Iterator[PromotionUse]:
    left = outcome.applied.terrain
    for candidate, granted in outcome.applied.granted:
        taken = (*left.lines.taken, *left.charges.taken) if candidate.spendable else ()
        yield use_of(candidate, granted, [amount for row in taken for each, amount in row if each is candidate])


def _lost(refusals: Sequence[Refusal]) -> Iterator[LostPromotion]:
    for refusal in refusals:
        if refusal.promotion_id is not None:
            yield LostPromotion(refusal.promotion_id, refusal.code, refusal.lost)


def _problems(unpriced: tuple[PriceLine, ...], refusals: Sequence[Refusal]) -> Iterator[Problem]:
    if unpriced:
        yield no_price(unpriced)
    for refusal in refusals:
        if refusal.code:
            yield refused_coupon(refusal)
