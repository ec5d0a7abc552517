"""Their figures as lines and charges of ours, and what our own maths makes of each.

A line keeps the total, the taxes and the discounts that were agreed there, to the minor unit: what a return gives back
is a share of these. What their total has beside their own parts is a charge of the kind `difference`, below zero where
they asked for less.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from tokolib.catalog.model import Sellable
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.kernel.ids import LineId, PromotionId
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import spread
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice
from tokolib.orders.foreign.model import Figure, ForeignCharge, ForeignLine, ForeignOrder, ForeignTax
from tokolib.pricing.model import ChargeKind, StatedCharge, StatedPrice
from tokolib.pricing.parts import ChargePart
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.amounts import contained
from tokolib.tax.model import STANDARD, Assessment, TaxAmount

Law = Mapping[str, Assessment]
"""What the rules say on that day, by tax class."""
DIFFERENCE = "difference"


def line_of(id: LineId, stated: ForeignLine, sold: Sellable, foreign: ForeignOrder, law: Law, actor: str) -> QuoteLine:
    """A line with their figures."""
    taxes = _taxes(stated.taxes, stated.total.minor_units, law[sold.tax_class], foreign.source)
    tax, total = _sum(stated.taxes), stated.total.minor_units
    base = total + _off(stated) - (0 if foreign.prices_include_tax else tax)
    price, why = UnitPrice.of(stated.unit_price), f"as agreed: {foreign.source} {foreign.number}"
    return QuoteLine(
        id=id,
        key=sold.key,
        sku=sold.sku,
        name=sold.name,
        product_id=sold.product_id,
        steps=sold.unit.steps(stated.quantity),
        unit=sold.unit,
        unit_price=price,
        base=base,
        net=total - tax,
        total=total,
        tax_class=sold.tax_class,
        includes_tax=foreign.prices_include_tax,
        discounts=_discounts(stated),
        taxes=taxes,
        components=sold.components,
        stated=StatedPrice(price, actor, why),
        weight_grams=sold.weight_grams,
        digital=sold.digital,
    )


def _discounts(stated: ForeignLine) -> tuple[AppliedDiscount, ...]:
    """Each under a name of its own: two that are called alike there stay two."""
    return tuple(
        AppliedDiscount(PromotionId(f"foreign:{at}"), each.name, "", each.amount.minor_units, each.funder)
        for at, each in enumerate(stated.discounts, start=1)
        if each.amount.minor_units
    )


def charge_of(
    number: int, stated: ForeignCharge, lines: Sequence[QuoteLine], foreign: ForeignOrder, law: Law, actor: str
) -> QuoteCharge:
    """A charge with their figures, spread over the lines by what these cost."""
    taxes = _taxes(stated.taxes, stated.total.minor_units, law[STANDARD], foreign.source)
    why = f"as agreed: {foreign.source} {foreign.number}"
    return _charge(
        f"foreign{number}", stated.kind, stated.label, stated.total.minor_units, taxes, stated.refundable, lines,
        actor=actor, why=why, includes_tax=foreign.prices_include_tax,
    )  # fmt: skip


def difference_of(
    lines: Sequence[QuoteLine], charges: Sequence[QuoteCharge], foreign: ForeignOrder, actor: str
) -> QuoteCharge | None:
    """What their total has beside their own parts, as a charge; None where these add up."""
    parts = sum(line.total for line in lines) + sum(charge.total for charge in charges)
    if not (rest := foreign.total.minor_units - parts):
        return None
    why = f"{foreign.source} {foreign.number} states {foreign.total}, and parts of {parts} minor units"
    label = f"Difference to {foreign.source}"
    return _charge(DIFFERENCE, ChargeKind.DIFFERENCE, label, rest, (), True, lines, actor=actor, why=why)


def _charge(
    id: str,
    kind: ChargeKind,
    label: str,
    total: int,
    taxes: tuple[TaxAmount, ...],
    refundable: bool,
    lines: Sequence[QuoteLine],
    *,
    actor: str,
    why: str,
    includes_tax: bool = True,
) -> QuoteCharge:
    tax = sum(each.amount for each in taxes)
    asked = total if includes_tax else total - tax
    return QuoteCharge(
        id=id,
        kind=kind,
        label=label,
        amount=asked,
        base=asked,
        includes_tax=includes_tax,
        net=total - tax,
        total=total,
        tax_class=STANDARD,
        refundable=refundable,
        shares=spread(total, _weights(lines)),
        parts=(ChargePart(STANDARD, total - tax, taxes),),
        stated=StatedCharge(kind, label, asked, actor, why, refundable=refundable),
    )


def _weights(lines: Sequence[QuoteLine]) -> list[int]:
    """By what the lines cost; where none costs anything, by their units."""
    return [line.total for line in lines] if any(line.total for line in lines) else [line.steps for line in lines]


def figures_of(
    foreign: ForeignOrder, lines: Sequence[QuoteLine], charges: Sequence[QuoteCharge], law: Law
) -> Iterator[Figure]:
    """Each figure of theirs beside what our maths makes of it: price × quantity, the law's taxes, sums."""
    ours = 0
    for at, (stated, line) in enumerate(zip(foreign.lines, lines, strict=True)):
        price = Fraction(line.unit_price.scaled, PRICE_SCALE) * line.steps * line.unit.per_step
        reckoned = divide(price.numerator, price.denominator, RoundingMode.HALF_UP) - _off(stated)
        reckoned += 0 if foreign.prices_include_tax else _sum(stated.taxes)
        yield Figure(f"lines[{at}].total", line.total, reckoned)
        yield Figure(f"lines[{at}].tax", _sum(stated.taxes), _lawful(line.total, law[line.tax_class]))
        ours += line.total
    for at, charge in enumerate(foreign.charges):
        due = _lawful(charge.total.minor_units, law[STANDARD])
        yield Figure(f"charges[{at}].tax", _sum(charge.taxes), due)
        ours += charge.total.minor_units
    yield Figure("total", foreign.total.minor_units, ours)


def _lawful(total: int, assessment: Assessment) -> int:
    """The tax that *total* contains by the rules."""
    if not assessment.components:
        return 0
    return sum(each.amount for each in contained(total, assessment.components, assessment.profile.mode))


def _taxes(stated: Sequence[ForeignTax], total: int, law: Assessment, source: str) -> tuple[TaxAmount, ...]:
    """Their taxes, with the base and the text of law that ours have where they are the same tax."""
    net, known = total - _sum(stated), {(each.code, each.rate): each for each in law.components}
    made = []
    for tax in stated:
        same = known.get((tax.code, tax.rate))
        part = Fraction(1) if same is None else same.base_fraction
        base = divide(net * part.numerator, part.denominator, RoundingMode.HALF_UP)
        category = ("S" if tax.rate else "Z") if same is None else same.category
        text = f"as stated by {source}" if same is None else same.source
        name = tax.code if same is None else same.name
        where = "" if same is None else same.jurisdiction
        amount = tax.amount.minor_units
        made.append(TaxAmount(tax.code, name, tax.rate, part, base, amount, category, text, jurisdiction=where))
    return tuple(made)


def _sum(taxes: Sequence[ForeignTax]) -> int:
    return sum(tax.amount.minor_units for tax in taxes)


def _off(line: ForeignLine) -> int:
    return sum(each.amount.minor_units for each in line.discounts)
