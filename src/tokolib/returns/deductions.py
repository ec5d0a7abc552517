"""What is kept of a refund by the order's own policy: fees, and what the goods that stay no longer earn.

No fee is asked where the customer can do nothing for the return, nor by the shop within the days that a law gives. What
is kept never makes a debt: of money that would not have gone back, nothing is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

import attrs

from tokolib.kernel.money import Currency
from tokolib.kernel.return_fees import FeeTax, ReturnFee
from tokolib.kernel.return_policy import ReturnPolicy, is_among
from tokolib.kernel.spread import spread
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.shares import TaxShare, Worth
from tokolib.orders.withheld import Withheld
from tokolib.returns.earning import asked_back
from tokolib.returns.eligibility import Facts, laws_for
from tokolib.returns.model import Disposition, ReturnLine, Unearned


@attrs.frozen(kw_only=True)
class _Asked:
    """What is asked of a line; below zero, what is given back with it."""

    kind: str
    label: str
    tax: FeeTax
    worth: Worth
    amount: int
    promotion_id: str = ""


def deductions(
    order: Order,
    lines: Sequence[ReturnLine],
    worths: Sequence[Worth],
    facts: Facts,
    most: int,
    lost: Sequence[Unearned] = (),
) -> tuple[Withheld, ...]:
    """What is kept of *worths*, what the units of *lines* amount to; at most *most* minor units in all.

    *lost* are the promotions that what stays no longer earns.
    """
    policy = order.return_policy
    if policy is None:
        return ()
    room = {worth.line_id: _Room(worth) for worth in worths}
    kept: list[Withheld] = []
    asked = (*_clawed(order, policy, lines, worths, facts, lost), *_asked(order, policy, lines, worths, facts))
    for each in asked:
        if each.amount:
            kept.append(room[each.worth.line_id].withheld(each, most))
            most -= kept[-1].amount
    return tuple(kept)


class _Room:
    """What of a line can still be kept, and how much of it is tax, as one thing after the other is taken."""

    def __init__(self, worth: Worth) -> None:
        owed = [tax.amount for tax in worth.taxes]
        self._left = worth.goods
        self._net_and_taxes = [worth.goods - sum(owed), *owed]

    def withheld(self, asked: _Asked, most: int) -> Withheld:
        """What is kept of what is asked, at most *most*; what is given back is given whole."""
        amount = min(asked.amount, self._left, most)
        self._left -= amount
        return Withheld(
            kind=asked.kind,
            label=asked.label,
            line_id=asked.worth.line_id,
            asked=asked.amount,
            amount=amount,
            tax=asked.tax,
            taxes=self._taxes(asked.worth, amount) if asked.tax is FeeTax.AS_GOODS else (),
            promotion_id=asked.promotion_id,
        )

    def _taxes(self, worth: Worth, amount: int) -> tuple[TaxShare, ...]:
        if not any(self._net_and_taxes):  # a gift bears no tax
            return tuple(TaxShare(tax.code, 0) for tax in worth.taxes)
        parts = spread(amount, self._net_and_taxes)
        self._net_and_taxes = [have - part for have, part in zip(self._net_and_taxes, parts, strict=True)]
        return tuple(TaxShare(tax.code, part) for tax, part in zip(worth.taxes, parts[1:], strict=True))


def _clawed(
    order: Order,
    policy: ReturnPolicy,
    lines: Sequence[ReturnLine],
    worths: Sequence[Worth],
    facts: Facts,
    lost: Sequence[Unearned],
) -> Iterator[_Asked]:
    """What promotions gave to goods that stay, borne by those that come back; first what is given back."""
    asked = sorted(asked_back(order, lost).items(), key=lambda each: (each[1][1], each[0]))
    free = any(_is_free(order, policy, each, facts) for each in lines)
    bearing = [worth for worth in worths if worth.goods > 0] or worths
    for (kind, promotion_id), (label, amount) in asked:
        if amount > 0 and free:
            continue
        for worth, part in zip(bearing, spread(amount, [each.goods for each in bearing]), strict=True):
            yield _Asked(
                kind=kind,
                label=label,
                tax=FeeTax.OUTSIDE,  # what is given back later must find the goods' tax as it was
                worth=worth,
                amount=part,
                promotion_id=promotion_id,
            )


def _is_free(order: Order, policy: ReturnPolicy, back: ReturnLine, facts: Facts) -> bool:
    """Whether nothing is kept with *back*: the customer can do nothing for it, or a law gives all of it."""
    line = order.line(back.run.line_id)
    blameless = back.disposition is Disposition.UNDELIVERED or policy.is_faultless(back.reason)
    return blameless or (line is not None and _free_by_law(order, line, facts) is not None)


def _asked(
    order: Order, policy: ReturnPolicy, lines: Sequence[ReturnLine], worths: Sequence[Worth], facts: Facts
) -> Iterator[_Asked]:
    """Each fee by line: those of units first, then those that are asked once, over the lines that bear them."""
    once: dict[ReturnFee, list[Worth]] = {}
    for worth in worths:
        line = order.line(worth.line_id)
        if line is None:
            continue
        for fee in _fees(order, policy, line, lines, facts):
            if fee.once is not None:
                once.setdefault(fee, []).append(worth)
            else:
                units = worth.units * line.line.unit.per_step
                yield _of_fee(fee, worth, fee.of_units(worth.goods, units, order.currency))
    yield from _asked_once(once, order.currency)


def _asked_once(once: Mapping[ReturnFee, Sequence[Worth]], currency: Currency) -> Iterator[_Asked]:
    """Of several fees of one kind that are asked once for a return, the highest; borne by what the goods are worth."""
    highest: dict[str, ReturnFee] = {}
    for fee in once:
        known = highest.get(fee.kind)
        if fee.currency == currency and (known is None or _amount(fee) > _amount(known)):
            highest[fee.kind] = fee
    for fee in highest.values():
        bearing = [worth for worth in once[fee] if worth.goods > 0]
        parts = spread(_amount(fee), [worth.goods for worth in bearing]) if bearing else ()
        for worth, part in zip(bearing, parts, strict=True):
            yield _of_fee(fee, worth, part)


def _of_fee(fee: ReturnFee, worth: Worth, amount: int) -> _Asked:
    return _Asked(kind=fee.kind, label=fee.label, tax=fee.tax, worth=worth, amount=amount)


def _amount(fee: ReturnFee) -> int:
    return 0 if fee.once is None else fee.once.minor_units


def _fees(
    order: Order, policy: ReturnPolicy, line: OrderLine, lines: Iterable[ReturnLine], facts: Facts
) -> Iterator[ReturnFee]:
    """The fees that are due for units of *line*, for the reason for which they come back."""
    rule = policy.rule(line.return_rule)
    own = [each for each in lines if each.run.line_id == line.id and each.disposition is not Disposition.UNDELIVERED]
    if rule is None or not own:
        return
    reason = own[0].reason
    free = _free_by_law(order, line, facts)
    for fee in rule.fees:
        named = is_among(reason, fee.reasons) if fee.reasons else not policy.is_faultless(reason)
        if named and not (free is not None and fee.kind not in free):
            yield fee


def _free_by_law(order: Order, line: OrderLine, facts: Facts) -> frozenset[str] | None:
    """The kinds of fees that the laws leave to the shop within their days; None where no law holds any more."""
    since, left = facts.complete(order), None
    for law in laws_for(order, line, facts.country):
        if since is None or facts.today <= since + timedelta(days=law.days):
            left = frozenset(law.fees) if left is None else left & frozenset(law.fees)
    return left
