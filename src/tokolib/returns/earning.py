"""Whether the goods that a customer keeps still earn what promotions gave, and what of it goes with those that don't.

Nothing is priced again: a promotion's own conditions and minimum, as they were when the order was placed, are asked
about the goods that stay, at the prices they were sold at before discounts. One of which even the whole order can't be
shown to fulfil them stands, and so does one that goes by units (buy two, get one) rather than by conditions.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from tokolib.checkout.grounds import LineGrounds
from tokolib.checkout.lines import QuoteLine
from tokolib.conditions import FactValue, holds
from tokolib.kernel.ids import LineId
from tokolib.kernel.money import Money
from tokolib.kernel.return_policy import ClawBack, GiftReturn, ReturnPolicy
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import Shares
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.clawed import CLAW_BACK, GIFT
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.model import Terms
from tokolib.returns.model import Unearned


@attrs.frozen
class Promised:
    """The promotions of an order as they were, and what the goods were that earned them."""

    terms: Mapping[str, Terms]
    """By promotion."""
    grounds: Mapping[str, LineGrounds]
    """By line."""
    facts: Mapping[str, FactValue]
    """What conditions could ask about beside the goods."""


def unearned(order: Order, promised: Promised) -> tuple[Unearned, ...]:
    """The promotions that what is still sold of *order* doesn't earn, with what each has given to it."""
    policy = order.return_policy
    if policy is None:
        return ()
    whole = {line.id: UnitSet.whole(line.units) for line in order.lines}
    still = {line.id: line.sold for line in order.lines}
    found: list[Unearned] = []
    for id, terms in promised.terms.items():
        before, after = _subtotal(order, whole), _subtotal(order, still)
        if _earns(order, promised, terms, whole, before) and not _earns(order, promised, terms, still, after):
            found.append(
                Unearned(
                    promotion_id=id,
                    name=terms.name,
                    minimum=terms.at_least,
                    before=Money(before, order.currency),
                    after=Money(after, order.currency),
                    discount=_given(order, id) if policy.claw_back is ClawBack.WHEN_UNEARNED else 0,
                    gifts=_gifts(order, policy, id),
                )
            )
    return tuple(found)


def gifts_to_come(order: Order, promised: Promised) -> Iterator[OrderLine]:
    """The gifts that the customer keeps, isn't charged for, and no longer has goods for that earn them."""
    policy = order.return_policy
    if policy is None or policy.gifts is GiftReturn.STAYS:
        return
    lost = {each.promotion_id for each in unearned(order, promised)}
    for line in order.lines:
        if line.line.gift_of in lost and line.kept and policy.gift_worth(line.key, order.currency) is None:
            yield line


def _earns(order: Order, promised: Promised, terms: Terms, units: Mapping[LineId, UnitSet], subtotal: int) -> bool:
    lines = [
        _price_line(line.line, promised.grounds[line.id], len(units[line.id]))
        for line in order.lines
        if units[line.id] and line.id in promised.grounds
    ]
    if not any(not line.gift for line in lines):
        return False
    if terms.at_least is not None and (
        terms.at_least.currency != order.currency or subtotal < terms.at_least.minor_units
    ):
        return False
    facts = {**promised.facts, **goods_facts(lines), **dict.fromkeys(_SUBTOTALS, subtotal)}
    return holds(terms.conditions, {**facts, "currency": order.currency.code})


_SUBTOTALS: Final = (
    "subtotal",
    "subtotal_with_tax",
    "subtotal_after_discounts",
    "subtotal_after_discounts_with_tax",
)
"""All are measured before discounts: the highest, so that the least is taken back."""


def _price_line(line: QuoteLine, goods: LineGrounds, steps: int) -> PriceLine:
    return PriceLine(
        id=line.id,
        key=line.key,
        name=line.name,
        quantity=steps,
        per_step=line.unit.per_step,
        tax_class=line.tax_class,
        product_id=line.product_id,
        categories=goods.categories,
        tags=goods.tags,
        attributes=goods.attributes,
        weight_grams=line.weight_grams,
        sku=line.sku,
        gift=bool(line.gift_of),
    )


def _subtotal(order: Order, units: Mapping[LineId, UnitSet]) -> int:
    """What *units* cost before discounts, gifts apart, in minor units."""
    lines = [line for line in order.lines if not line.line.gift_of]
    return sum([Shares(line.units, line.line.base).of(units[line.id].spans).base for line in lines])


def _given(order: Order, promotion_id: str) -> int:
    """What the promotion has taken off goods that the customer has, as it would have been paid."""
    return sum([_off(line.line, promotion_id, line.kept.spans) for line in order.lines if not line.line.gift_of])


def _off(line: QuoteLine, promotion_id: str, spans: Sequence[tuple[int, int]]) -> int:
    parts = Shares(line.steps, line.base, tuple(each.amount for each in line.discounts)).of(spans).deductions
    off = sum([part for each, part in zip(line.discounts, parts, strict=True) if each.promotion_id == promotion_id])
    if line.includes_tax or not line.net:
        return off
    return off + divide(off * (line.total - line.net), line.net, RoundingMode.HALF_UP)


def _gifts(order: Order, policy: ReturnPolicy, promotion_id: str) -> int:
    """What the promotion's gifts are worth that the customer keeps, as far as the policy says so."""
    if policy.gifts is GiftReturn.STAYS:
        return 0
    amount = 0
    for line in order.lines:
        worth = policy.gift_worth(line.key, order.currency)
        if line.line.gift_of == promotion_id and worth is not None:
            asked = worth.minor_units * len(line.kept) * line.line.unit.per_step
            amount += divide(asked.numerator, asked.denominator, RoundingMode.HALF_UP)
    return amount


def asked_back(order: Order, found: Sequence[Unearned]) -> dict[tuple[str, str], tuple[str, int]]:
    """By kind and promotion its name and what is to be kept more than has been; below zero, what is given back."""
    names = {each.promotion_id: each.name for each in found}
    due: dict[tuple[str, str], int] = {}
    for each in found:
        due[CLAW_BACK, each.promotion_id] = each.discount
        due[GIFT, each.promotion_id] = each.gifts
    for had in order.clawed:
        key = had.kind, had.promotion_id
        names.setdefault(had.promotion_id, had.label)
        due[key] = due.get(key, 0) - had.amount
    return {key: (names[key[1]], amount) for key, amount in due.items() if amount}
