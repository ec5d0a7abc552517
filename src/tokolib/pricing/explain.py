"""Reasons for pricing's figures: made from the stored outcome when somebody asks, so that pricing itself stays fast."""

from collections.abc import Iterator, Sequence

from tokolib.kernel.explain import Reason, ReasonValue, reason
from tokolib.kernel.money import Currency, Money
from tokolib.pricing.kits import KitBy, KitShare
from tokolib.pricing.lost import Lost, Problem
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.prices.book import Choice
from tokolib.pricing.prices.derive import told
from tokolib.pricing.promotions.benefits import AmountOff, FixedPrice, How, Measure, Percent, Scope, Value
from tokolib.pricing.promotions.giving.candidates import Granted, LostPromotion, Worth
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.model import TaxAmount


def choice_reason(choice: Choice, line: PriceLine, base: Money) -> Reason:
    """Which price a line goes by, what it comes to, and why the other lists lost."""
    price = told(choice.price)
    bands = [band.reason for band in choice.bands]
    lost = [reason("pricing.list_lost", None, why(each), list=each.name) for each in choice.lost]
    parts = (*choice.how, *bands, *lost)
    if line.stated is not None:
        return reason("pricing.stated_price", base, price=price, actor=line.stated.actor, why=line.stated.reason)
    if line.gift:
        return reason("pricing.gift", base)
    if choice.bands:
        return reason("pricing.graduated_price", base, *parts, list=choice.list_name)
    if choice.tier is not None:
        return reason("pricing.tier_price", base, *parts, list=choice.list_name, price=price, quantity=choice.tier)
    return reason("pricing.list_price", base, *parts, list=choice.list_name, price=price)


def charge_reason(charge: ChargeLine, currency: Currency) -> Reason:
    """What a charge comes to before discounts, and who put it there when somebody did."""
    amount = Money(charge.amount, currency)
    if charge.because is not None:
        return charge.because
    if charge.stated is None:
        return reason("pricing.charge_amount", amount)
    return reason("pricing.stated_charge", amount, actor=charge.stated.actor, why=charge.stated.reason)


def home_tax_reasons(charge: ChargeLine, base: int, currency: Currency) -> tuple[Reason, ...]:
    """That home's tax is taken out of a charge, where it is."""
    return () if base == charge.amount else (reason("pricing.home_tax", Money(base - charge.amount, currency)),)


def discount_reasons(discounts: Sequence[AppliedDiscount], currency: Currency) -> tuple[Reason, ...]:
    """What each promotion took off a line or charge, by who bears it."""
    return tuple([_discount_reason(each, Money(-each.amount, currency)) for each in discounts])


def _discount_reason(discount: AppliedDiscount, amount: Money) -> Reason:
    borne = (reason("pricing.borne_by", None, funder=discount.funder),) if discount.funder else ()
    if discount.coupon:
        return reason("pricing.coupon_discount", amount, *borne, name=discount.name, coupon=discount.coupon)
    return reason("pricing.discount", amount, *borne, name=discount.name)


def tax_reasons(
    taxes: Sequence[TaxAmount], rules: tuple[Reason, ...], currency: Currency, *, includes_tax: bool
) -> tuple[Reason, ...]:
    """Each tax with its figures and the rules of law behind it; without a tax, the rules say why there is none."""
    if not taxes:
        return rules
    code = "pricing.tax_contained" if includes_tax else "pricing.tax_added"
    return tuple(
        reason(
            code,
            Money(tax.amount, currency),
            *rules,
            name=tax.name,
            rate=tax.rate,
            fraction=str(tax.base_fraction),
            base=Money(tax.base, currency),
            source=tax.source,
        )
        for tax in taxes
    )


def kit_reason(
    by: KitBy, shares: Sequence[KitShare], rules: Sequence[Reason], currency: Currency, *, includes_tax: bool
) -> Reason:
    """What each component bears of its kit, by which weights, with its own taxes: beside the sum, not part of it."""
    return reason(
        f"pricing.kit_by_{by}",
        None,
        *(
            reason(
                "pricing.kit_share",
                Money(share.total, currency),
                *tax_reasons(share.taxes, (rule,), currency, includes_tax=includes_tax),
                sku=share.sku,
                weight=share.weight,
                weights=sum(each.weight for each in shares),
            )
            for share, rule in zip(shares, rules, strict=True)
        ),
    )


def granted_reason(granted: Granted, currency: Currency) -> Reason:
    """What a promotion gave to the whole order: on which base, by which rule, within which cap."""
    base = Money(granted.base, currency)
    children = [*_said(granted, currency)]
    if granted.amount + granted.floored < granted.wanted:
        children.append(reason("pricing.capped", None, wanted=Money(granted.wanted, currency)))
    if granted.floored:
        children.append(reason("pricing.floored", None, kept=Money(granted.floored, currency)))
    if granted.units:
        children.append(reason("pricing.units", None, units=granted.units))
    amount = Money(-granted.amount, currency)
    match granted.how:
        case How.PERCENTAGE:
            percent = granted.percent if granted.percent is not None else ""
            return reason("pricing.percentage", amount, *children, name=granted.name, percent=percent, base=base)
        case How.GIFT if granted.gift is not None:
            return reason(
                "pricing.gift_given", None, name=granted.name, sku=granted.gift.sku, quantity=granted.gift.quantity
            )
        case How.TIERS:
            return reason("pricing.tiers", amount, *children, name=granted.name, base=base)
        case How.COMBINATION:
            return _combination(granted, amount, base, children)
        case _:
            each = granted.scope if granted.scope in (Scope.UNIT, Scope.LINE) else "sum"
            value = None if granted.worth is None else granted.worth.value
            code = f"pricing.{granted.how}_of_{each}"
            return reason(code, amount, *children, name=granted.name, base=base, **_figure(value))


def _combination(granted: Granted, amount: Money, base: Money, children: Sequence[Reason]) -> Reason:
    """What goods that belong together came to, and for what value of the whole where there is one."""
    worth = granted.worth or Worth()
    of_all: dict[str, ReasonValue] = {"name": granted.name, "times": worth.times, "base": base}
    if worth.value is None:
        return reason("pricing.combination", amount, *children, **of_all)
    return reason(f"pricing.combination_{_kind(worth.value)}", amount, *children, **of_all, **_figure(worth.value))


def _said(granted: Granted, currency: Currency) -> Iterator[Reason]:
    """The steps of tiers that held, and the parts of a combination that had a value, with their figures."""
    if granted.worth is None:
        return
    by_units = granted.worth.by is Measure.QUANTITY
    for step in granted.worth.steps:
        reached = step.reached if by_units else Money(step.reached, currency)
        code = f"pricing.{'units_step' if by_units else 'step'}_{_kind(step.value)}"
        yield reason(code, None, reached=reached, **_figure(step.value))
    for part in granted.worth.parts:
        if part.value is not None:
            quantity = part.quantity * granted.worth.times
            yield reason(f"pricing.part_{_kind(part.value)}", None, quantity=quantity, **_figure(part.value))


def _kind(value: Value) -> str:
    return {Percent: "percentage", AmountOff: "fixed", FixedPrice: "price"}[type(value)]


def _figure(value: Value | None) -> dict[str, ReasonValue]:
    """The figure of *value* by its name in the sentence."""
    match value:
        case Percent(percent=percent):
            return {"percent": percent}
        case AmountOff(amount=amount):
            return {"off": amount}
        case FixedPrice(price=price):
            return {"price": price}
        case None:
            return {}


def promotion_reasons(
    granted: Sequence[Granted], lost: Sequence[LostPromotion], currency: Currency
) -> tuple[Reason, ...]:
    """What each promotion gave over all lines, and why the others gave nothing: beside the sum, not part of it."""
    if not (granted or lost):
        return ()
    given = (granted_reason(each, currency) for each in granted)
    return (reason("pricing.promotions", None, *given, *map(lost_promotion_reason, lost)),)


def lost_promotion_reason(lost: LostPromotion) -> Reason:
    """Why a promotion gave nothing."""
    return reason("pricing.promotion_lost", None, why(lost.lost), name=lost.lost.name, coupon=lost.coupon)


def problem_reason(problem: Problem) -> Reason:
    """A problem, as part of an explanation."""
    children = () if problem.lost is None else (why(problem.lost),)
    return reason("pricing.problem", None, *children, subject=problem.coupon or ", ".join(problem.skus))


def why(lost: Lost) -> Reason:
    """The reason of a loss alone, with the conditions that were not met below it."""
    return reason(f"pricing.why.{lost.why}", None, *lost.detail, **lost.values)
