"""The rule of charges: which of a shop's rules ask something of an order, how much, and why.

What a charge rests on is known when goods, and delivery where there is one, have been priced. A percentage of what
discounts leave is taken of these figures as they stand. What a courier asks for collecting is reckoned last, from the
sum that it collects once everything else is priced, promotions on delivery and fees included: a charge is never part of
what it is reckoned from.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final

import attrs

from tokolib.conditions import Facts, facts_asked, holds, verdict
from tokolib.kernel.explain import Reason, ReasonValue, reason
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.pricing.charges.model import (
    COD,
    ONE_EACH,
    ChargeRule,
    CourierCharge,
    FixedCharge,
    Per,
    PercentCharge,
    PercentOf,
)
from tokolib.pricing.facts import LATE_FACTS
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.priced import Priced

HUNDRED: Final = 100


@attrs.frozen
class CourierFee:
    """What a courier asks for cash on delivery or insurance, in minor units, and why."""

    amount: int
    because: Reason


Courier = Callable[[ChargeKind, int], CourierFee | None]
"""What the courier asks for a kind of charge on an amount; None where it asks nothing, or there is no courier."""


@attrs.frozen
class Wished:
    """What the customer wishes beside the goods."""

    wrap: tuple[str, ...] = ()
    """Ids of the lines to be wrapped as gifts."""
    insured: bool = False
    extras: tuple[str, ...] = ()
    """Codes of other rules that are only asked for where they are wished."""

    @property
    def named(self) -> tuple[str, ...]:
        """All that is wished for, by kind or code."""
        wrap = (ChargeKind.GIFT_WRAP.value,) if self.wrap else ()
        return (*wrap, *((ChargeKind.INSURANCE.value,) if self.insured else ()), *self.extras)


@attrs.frozen
class Charged:
    """What rules ask for."""

    lines: tuple[ChargeLine, ...] = ()
    served: frozenset[str] = frozenset()
    """The codes of the rules that asked, and their kinds: nothing may be asked there too."""


@attrs.frozen
class Unmet:
    """What was wished for in vain."""

    wishes: tuple[str, ...] = ()
    """`gift_wrap`, `insurance`, or the codes of extras that no rule offers for this order."""
    instead: tuple[str, ...] = ()
    """How rules among these that were named as extras are wished for: `wrap=True`, `insured=True`."""


@attrs.frozen
class Situation:
    """What charges are reckoned from."""

    facts: Facts
    """All that is known of the order, with its subtotals; see `charges.facts`."""
    lines: Sequence[PriceLine]
    priced: Priced
    currency: Currency
    wished: Wished
    courier: Courier


@attrs.frozen
class _Asked:
    """An amount that a rule asks for, why, and of which lines."""

    amount: int
    because: Reason
    weights: tuple[tuple[str, int], ...] = ()


class Tariff:
    """The charge rules of a shop, made ready; it equals only itself, so that it can be remembered."""

    def __init__(self, rules: Iterable[ChargeRule] = ()) -> None:
        self.rules: Final = tuple(sorted((each for each in rules if each.active), key=_rank))

    def in_currency(self, code: str) -> "Tariff":
        """The rules that can ask for something in the currency *code*: its own, and those that name no amount."""
        own = [each for each in self.rules if each.terms.currency in ("", code)]
        return self if len(own) == len(self.rules) else Tariff(own)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts that its conditions ask for."""
        found = frozenset().union(*(facts_asked(each.terms.conditions) for each in self.rules))
        return found | {"tender"} if any(each.terms.kind is ChargeKind.COD_FEE for each in self.rules) else found

    @cached_property
    def is_late(self) -> bool:
        """Whether a rule needs to know what discounts leave."""
        return any(_is_late(each) for each in self.rules)

    def may_depend_on(self, fact: str, facts: Facts) -> bool:
        """Whether a rule could ask for more or less if *fact*, which *facts* leave open, were known."""
        return any(
            ((fact == "tender" and each.terms.kind is ChargeKind.COD_FEE) or fact in facts_asked(each.terms.conditions))
            and verdict(each.terms.conditions, facts) is not False
            for each in self.rules
        )

    def charges(self, situation: Situation) -> Charged:
        """What is asked for in a *situation*, but for collecting it on delivery."""
        return self._charged(situation, after(situation.priced), collecting=False)

    def collecting(self, situation: Situation, collected: int) -> Charged:
        """What is asked for collecting *collected* minor units on delivery, which is all but this fee."""
        return self._charged(situation, collected, collecting=True)

    def _charged(self, situation: Situation, base: int, *, collecting: bool) -> Charged:
        found: list[ChargeLine] = []
        served = set[str]()
        for rule in self.rules:
            kind = rule.terms.kind
            if (kind is ChargeKind.COD_FEE) is not collecting or (kind in ONE_EACH and kind.value in served):
                continue
            asked = _asked(rule, situation, base)
            if asked is None:
                continue
            served |= {kind.value, rule.id}
            if asked.amount:
                found.append(_line(rule, asked))
        return Charged(tuple(found), frozenset(served))

    def unmet(self, wished: Wished, *charged: Charged) -> Unmet:
        """What of *wished* no rule offers for the order that was *charged* so."""
        served = frozenset[str]().union(*(each.served for each in charged))
        unmet = tuple([each for each in wished.named if each not in served])
        how = [_WISHED_BY[each.terms.kind] for each in self.rules if each.id in unmet and each.terms.kind in _WISHED_BY]
        return Unmet(unmet, tuple(dict.fromkeys(how)))


_WISHED_BY: Final = {ChargeKind.GIFT_WRAP: "wrap=True", ChargeKind.INSURANCE: "insured=True"}
"""How those kinds are wished for that are no extras."""


def _rank(rule: ChargeRule) -> tuple[int, str]:
    return -rule.terms.priority, rule.id


def _is_late(rule: ChargeRule) -> bool:
    match rule.terms.figure:
        case PercentCharge(of=PercentOf.AFTER_DISCOUNTS):
            return True
        case CourierCharge() if rule.terms.kind is not ChargeKind.COD_FEE:
            return True
        case _:
            return not LATE_FACTS.isdisjoint(facts_asked(rule.terms.conditions))


def _is_wished(rule: ChargeRule, wished: Wished) -> bool:
    match rule.terms.kind:
        case _ if not rule.terms.by_wish:
            return True
        case ChargeKind.GIFT_WRAP:
            return bool(wished.wrap)
        case ChargeKind.INSURANCE:
            return wished.insured
        case _:
            return rule.id in wished.extras


def _asked(rule: ChargeRule, situation: Situation, base: int) -> _Asked | None:
    """What *rule* asks for, a courier on *base*; None where it asks for nothing here."""
    terms, facts = rule.terms, situation.facts
    if terms.kind is ChargeKind.COD_FEE and facts.get("tender") != COD:
        return None
    if not (_is_wished(rule, situation.wished) and holds(terms.conditions, facts)):
        return None
    match terms.figure:
        case FixedCharge() as fixed:
            return _fixed(rule, fixed, situation)
        case PercentCharge() as percent:
            return _percentage(rule, percent, situation)
        case CourierCharge():
            fee = situation.courier(terms.kind, base)
            if fee is None:
                return None
            amount = Money(fee.amount, situation.currency)
            return _Asked(fee.amount, reason("pricing.charge_as_courier", amount, fee.because, rule=rule.id))


def _fixed(rule: ChargeRule, figure: FixedCharge, situation: Situation) -> _Asked:
    wrapped = rule.terms.kind is ChargeKind.GIFT_WRAP and rule.terms.by_wish
    lines = [line for line in situation.lines if not line.gift and (not wrapped or line.id in situation.wished.wrap)]
    per_line = [(line.id, _units(line) if figure.per is Per.UNIT else 1) for line in lines]
    count = 1 if figure.per is Per.ORDER else sum(each for _, each in per_line)
    of_some = wrapped or figure.per is not Per.ORDER
    total = figure.amount.minor_units * count
    values: dict[str, ReasonValue] = {"rule": rule.id, "each": figure.amount, "count": count}
    code = "pricing.charge_fixed" if figure.per is Per.ORDER else f"pricing.charge_per_{figure.per}"
    because = reason(code, Money(total, situation.currency), **values)
    return _Asked(total, because, tuple(per_line) if of_some else ())


def _units(line: PriceLine) -> int:
    whole, parts = line.per_step.as_integer_ratio()
    return line.quantity * whole if parts == 1 else 1


def _percentage(rule: ChargeRule, figure: PercentCharge, situation: Situation) -> _Asked:
    base = before(situation.priced) if figure.of is PercentOf.BEFORE_DISCOUNTS else after(situation.priced)
    numerator, denominator = figure.percent.as_integer_ratio()
    amount = divide(base * numerator, HUNDRED * denominator, RoundingMode.UP)
    bounds: list[Reason] = []
    if figure.minimum is not None and amount < figure.minimum.minor_units:
        amount = figure.minimum.minor_units
        bounds.append(reason("pricing.charge_minimum", None, minimum=figure.minimum))
    if figure.maximum is not None and amount > figure.maximum.minor_units:
        amount = figure.maximum.minor_units
        bounds.append(reason("pricing.charge_maximum", None, maximum=figure.maximum))
    because = reason(
        f"pricing.charge_of_{figure.of}",
        Money(amount, situation.currency),
        *bounds,
        rule=rule.id,
        percent=figure.percent,
        base=Money(base, situation.currency),
    )
    return _Asked(amount, because)


def before(priced: Priced) -> int:
    """The goods before discounts, as prices state them."""
    return sum(line.base for line in priced.lines)


def after(priced: Priced) -> int:
    """The goods after discounts, as prices state them."""
    return before(priced) - sum(each.amount for line in priced.lines for each in line.discounts)


def _line(rule: ChargeRule, asked: _Asked) -> ChargeLine:
    terms = rule.terms
    return ChargeLine(
        f"{terms.kind}/{rule.id}",
        terms.kind,
        terms.name,
        asked.amount,
        terms.tax_class,
        terms.refundable,
        because=asked.because,
        weights=asked.weights,
    )
