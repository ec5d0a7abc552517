"""The one function that prices: lines and charges in, every figure with its origin out. It knows no cart.

The order is fixed: unit price → line (rounded once) → discounts on lines, on the order, on shipping → tax, rounded
by its profile → totals. Inside, amounts are bare whole numbers of minor units; what is spread, is spread over lines
in the order of their ids, so that the order in which they are given changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence

from tokolib.conditions import Facts
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import LARGEST, PRICE_SCALE, AmountOutOfRange, Currency, UnitPrice
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.settings import Settings, ShippingTax
from tokolib.kernel.spread import spread
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.priced import Priced, PricedCharge, PricedLine
from tokolib.pricing.prices.select import NONE, Choice, PriceBook, choose, pooled, sorted_out
from tokolib.pricing.problems import no_price, refused_coupon
from tokolib.pricing.promotions.codes import coupon_code
from tokolib.pricing.promotions.combine import Outcome, combine
from tokolib.pricing.promotions.eligible import Offers, Refusal, sift
from tokolib.pricing.promotions.outcome import LostPromotion
from tokolib.pricing.promotions.uses import use_of
from tokolib.tax.model import Assessment, TaxAmount
from tokolib.tax.settle import Taxable, settle

TaxOf = Callable[[str], Assessment]
"""What the rules say about a tax class, on the day and at the place that the caller fixed."""


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
) -> Priced:
    """Price *lines* and *charges*; lines without a price are left out and named in `problems`.

    Raises:
        InvalidInput: an id twice, a quantity not above zero, a negative charge, a price of another currency.
        AmountOutOfRange: a line, or the whole, is beyond 10^15 minor units.
        UnknownTaxClass: from *tax*.
    """
    _check(lines, charges, currency)
    known = {**facts, **goods_facts(lines), "currency": currency.code}
    known["coupon"] = frozenset(map(coupon_code, coupons))
    ordered = sorted(lines, key=_id)
    choices = _choices(ordered, book, known, settings, currency)
    goods = [line for line in ordered if line.id in choices]
    bases = [_base(line, choices[line.id].price, settings.policies.line_rounding) for line in goods]
    known["subtotal"] = sum(bases)
    extras = sorted(charges, key=_id)
    amounts = [charge.amount for charge in extras]
    if sum(bases) + sum(amounts) > LARGEST:
        raise AmountOutOfRange(str(sum(bases) + sum(amounts)), currency.code, "beyond 10^15 minor units")

    shipping = [i for i, charge in enumerate(extras) if _is_shipping(charge)]
    sifted = sift(
        promotions,
        coupons,
        known,
        currency=currency,
        lines=goods,
        bases=bases,
        charges=shipping,
        zone=settings.zone,
    )
    outcome = combine(sifted.candidates, bases, amounts, settings.policies)

    priced, priced_charges = _taxed(goods, choices, bases, extras, outcome, tax, settings, currency)
    refusals = (*sifted.refusals, *outcome.refusals)
    return Priced(
        currency=currency.code,
        includes_tax=settings.prices_include_tax,
        lines=tuple(priced[line.id] for line in lines if line.id in priced),
        charges=tuple(priced_charges[charge.id] for charge in charges),
        coupons=tuple(use_of(each.promotion, each.coupon) for each, _ in outcome.winners),
        total=sum(line.total for line in priced.values()) + sum(each.total for each in priced_charges.values()),
        granted=tuple(granted for _, granted in outcome.winners),
        lost=tuple(_lost(refusals)),
        problems=tuple(_problems(tuple(line for line in lines if line.id not in choices), refusals)),
    )


def _id(part: PriceLine | ChargeLine) -> str:
    return part.id


def _is_shipping(charge: ChargeLine) -> bool:
    """Whether shipping promotions may lower it: what somebody stated by hand they leave alone."""
    return charge.kind is ChargeKind.SHIPPING and charge.amount > 0 and charge.stated is None


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
    applying, pools = sorted_out(book, facts, currency, settings.zone), pooled(lines, book)
    for line in lines:
        if line.stated is not None:
            found[line.id] = Choice(line.stated.price, includes)
        elif line.gift:
            found[line.id] = Choice(UnitPrice(0, currency), includes)
        else:
            choice = choose(line, pools.get(line.key, NONE), book, applying, includes_tax=includes)
            if choice is not None:
                found[line.id] = choice
    return found


def _base(line: PriceLine, unit_price: UnitPrice, mode: RoundingMode) -> int:
    """Price × quantity; most come out whole, and need no rounding."""
    numerator, denominator = line.per_step.as_integer_ratio()
    whole, rest = divmod(unit_price.scaled * line.quantity * numerator, PRICE_SCALE * denominator)
    return unit_price.times(line.quantity * numerator, denominator, mode) if rest else whole


def _taxed(
    goods: Sequence[PriceLine],
    choices: dict[str, Choice],
    bases: Sequence[int],
    extras: Sequence[ChargeLine],
    outcome: Outcome,
    tax: TaxOf,
    settings: Settings,
    currency: Currency,
) -> tuple[dict[str, PricedLine], dict[str, PricedCharge]]:
    """Lines and charges, by id, with their taxes settled together over the whole document."""
    rules: dict[str, Assessment] = {}
    parts: list[PriceLine | ChargeLine] = [*goods, *extras]
    for part in parts:
        if part.tax_class not in rules:
            rules[part.tax_class] = tax(part.tax_class)
    rests, left = outcome.lines.rest, outcome.charges.rest
    items = [
        Taxable(rest, rules[line.tax_class], _pieces(line), choices[line.id].includes_tax)
        for line, rest in zip(goods, rests, strict=True)
    ]
    mix = _mix(goods, rests)
    shares = [_shares(charge, amount, mix, settings) for charge, amount in zip(extras, left, strict=True)]
    items.extend(Taxable(amount, rules[name]) for share in shares for name, amount in share)
    taxes = iter(settle(items, settings.prices_include_tax, settings.tax_rounding))

    lines: dict[str, PricedLine] = {}
    for line, base, rest, given in zip(goods, bases, rests, outcome.lines.discounts, strict=True):
        choice, own = choices[line.id], next(taxes)
        net, total = _sides(rest, own, includes_tax=choice.includes_tax)
        lines[line.id] = PricedLine(line, choice, base, tuple(given), own, rules[line.tax_class].reason, net, total)
    charges: dict[str, PricedCharge] = {}
    for charge, rest, given, share in zip(extras, left, outcome.charges.discounts, shares, strict=True):
        own = tuple(amount for _ in share for amount in next(taxes))
        net, total = _sides(rest, own, includes_tax=settings.prices_include_tax)
        classes = tuple(name for name, _ in share)
        reasons = tuple(rules[name].reason for name in classes)
        charges[charge.id] = PricedCharge(
            charge, currency.code, settings.prices_include_tax, tuple(given), own, classes, reasons, net, total
        )
    return lines, charges


def _pieces(line: PriceLine) -> int:
    """How many units tax may be rounded by: whole pieces, or the one measured amount."""
    return line.quantity if line.per_step == 1 else 1


def _mix(goods: Sequence[PriceLine], rests: Sequence[int]) -> dict[str, int]:
    """What the goods of each tax class cost after discounts, by name of the class."""
    mix: dict[str, int] = {}
    for line, rest in sorted(zip(goods, rests, strict=True), key=lambda pair: pair[0].tax_class):
        mix[line.tax_class] = mix.get(line.tax_class, 0) + rest
    return {name: amount for name, amount in mix.items() if amount}


def _shares(charge: ChargeLine, amount: int, mix: dict[str, int], settings: Settings) -> tuple[tuple[str, int], ...]:
    """The tax classes that a charge is taxed by, each with its part: its own, or those of the goods."""
    by_mix = settings.policies.shipping_tax is ShippingTax.GOODS_MIX and charge.kind is ChargeKind.SHIPPING
    if not (by_mix and mix):
        return ((charge.tax_class, amount),)
    return tuple(zip(mix, spread(amount, list(mix.values()), settings.policies.remainder), strict=True))


def _sides(rest: int, taxes: Sequence[TaxAmount], *, includes_tax: bool) -> tuple[int, int]:
    """Net and total of an amount that contains its taxes, or that they come on top of."""
    owed = 0
    for tax in taxes:
        owed += tax.amount
    return (rest - owed, rest) if includes_tax else (rest, rest + owed)


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
