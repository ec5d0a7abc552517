"""Which promotions may apply to a cart, by themselves or by coupon, and why the others may not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import compress
from typing import Final

import attrs

from tokolib.conditions import Facts, FactValue, why_not
from tokolib.conditions.reasons import too_little
from tokolib.kernel.codes.lookalikes import is_mixed
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.explain import Reason
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.quick import quick
from tokolib.pricing.errors import TooManyEvaluations
from tokolib.pricing.facts import LATE_FACTS, instant, line_facts, text
from tokolib.pricing.lost import Lost, Why, outside
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.promotions.benefits import Combination, Gift
from tokolib.pricing.promotions.giving.candidates import Candidate, Refusal
from tokolib.pricing.promotions.giving.workings import Terrain
from tokolib.pricing.promotions.limits import reached, spendable, units_left
from tokolib.pricing.promotions.model import Coupon
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.ready import Rule, Target, ready
from tokolib.pricing.promotions.rules import Touched

QUIET: Final = frozenset({Why.STOPPED, Why.NOT_YET, Why.OVER})
"""Why an automatic promotion may be passed over without a word: nobody was promised it today."""


@attrs.frozen
class Sifted:
    """Candidates in the order in which they decide, and refusals."""

    candidates: tuple[Candidate, ...]
    refusals: tuple[Refusal, ...]


@attrs.frozen
class Payable:
    """Positions of lines, in order, and as a set."""

    row: tuple[int, ...]
    members: frozenset[int]

    @classmethod
    def of(cls, positions: Sequence[int]) -> "Payable":
        """Those of *positions*."""
        return cls(tuple(positions), frozenset(positions))


@attrs.define
class Question:
    """What promotions are measured against, and how many predicates that took so far."""

    offers: Offers
    facts: Facts
    currency: Currency
    lines: Sequence[PriceLine]
    ground: Terrain
    """What promotions would apply to, before any does."""
    charges: Sequence[ChargeLine]
    zone: str
    """The shop's: coupons say no zone of their own."""
    most: int
    """So many predicates may be evaluated."""
    evaluations: int = 0
    bases: Sequence[int] | None = None
    """What each line costs before discounts, where `lines` has one for each price of its units; None: as `ground`."""
    _payable: dict[bool, Payable] = attrs.field(factory=dict)
    _about: dict[int, Mapping[str, FactValue]] = attrs.field(factory=dict)
    _held: dict[tuple[int, int], bool] = attrs.field(factory=dict)
    _budgets: Mapping[str, int] | None = None

    def budgets(self) -> Mapping[str, int]:
        """The smallest limit of each budget among all that runs, by counter."""
        if self._budgets is None:
            self._budgets = self.offers.budgets(instant(self.facts))
        return self._budgets

    def payable(self, *, on_stated: bool) -> "Payable":
        """The lines that have something to take off; those with a stated price only where they are asked for."""
        known = self._payable.get(on_stated)
        if known is None:
            rows = zip(self.lines, self.ground.lines.bases, strict=True)
            found = [(line.stated is None or on_stated) and not line.gift and base > 0 for line, base in rows]
            known = self._payable[on_stated] = Payable.of([*compress(range(len(found)), found)])
        return known

    def count(self, leaves: int) -> None:
        """So many more comparisons are made.

        Raises:
            TooManyEvaluations: they are more than the shop allows for one cart.
        """
        self.evaluations += leaves
        if self.evaluations > self.most:
            raise TooManyEvaluations(self.most, len(self.lines), len(self.offers.rules.promotions))

    def holds(self, target: Target, i: int) -> bool:
        """Whether line *i* is what *target* is about; asked once for each predicate and line."""
        if target.check is None:
            return True
        place = (id(target.check), i)
        known = self._held.get(place)
        if known is None:
            self.count(target.leaves)
            if i not in self._about:
                self._about[i] = line_facts(self.lines[i], (self.bases or self.ground.lines.bases)[i])
            known = self._held[place] = target.check(self._about[i]) is True
        return known


def sift(question: Question, asked: Sequence[str]) -> Sifted:
    """Candidates and refusals among the offers of *question*, with the codes that were *asked* for."""
    offers, now = question.offers, instant(question.facts)
    claims, refusals = _claims(offers, asked)
    touched = offers.rules.at(now, question.ground.minimum_fact).touched(question.lines, question.facts)
    touched += [(ready(each), None) for each in offers.given if each.id in claims]
    touched.sort(key=_rank)
    candidates: list[Candidate] = []
    for rule, lines in touched:
        promotion = rule.promotion
        coupon = claims.get(promotion.id) if promotion.terms.by_coupon else None
        found = _refusal(rule, coupon, question, now) or _candidate(rule, lines, coupon, question)
        if isinstance(found, Candidate):
            candidates.append(found)
        elif coupon is not None or found.why not in QUIET:
            refusals.append(Refusal("" if coupon is None else coupon.code, found, promotion.id))
    return Sifted(tuple(candidates), tuple(refusals))


def _rank(touched: Touched) -> tuple[bool, int, str]:
    return touched[0].rank


def _claims(offers: Offers, asked: Sequence[str]) -> tuple[dict[PromotionId, Coupon], list[Refusal]]:
    """One coupon for each promotion; a second for the same, and a code that stands for nothing, are refused."""
    if not asked:
        return {}, []
    known = {coupon.code: coupon for coupon in offers.coupons}
    running = {promotion.id for promotion in offers.given if promotion.terms.by_coupon}
    claims: dict[PromotionId, Coupon] = {}
    refusals: list[Refusal] = []
    for code in sorted({typed_code(code) for code in asked}):
        coupon = known.get(code)
        if coupon is None or coupon.promotion_id not in running:
            refusals.append(Refusal(code, Lost(code, _unclaimed(code, coupon, offers))))
        elif coupon.promotion_id in claims:
            winner = claims[coupon.promotion_id].code
            refusals.append(Refusal(code, Lost(code, Why.REPEATED, winner), coupon.promotion_id))
        else:
            claims[coupon.promotion_id] = coupon
    return claims, refusals


def _unclaimed(code: str, coupon: Coupon | None, offers: Offers) -> Why:
    """Why *code* claims no promotion."""
    if coupon is not None and any(each.id == coupon.promotion_id for each in offers.rules.promotions):
        return Why.NOT_NEEDED
    return Why.LOOKALIKE if is_mixed(code) else Why.UNKNOWN


def _refusal(rule: Rule, coupon: Coupon | None, question: Question, now: datetime | None) -> Lost | None:
    """Why the promotion may not apply at all; its dates and uses, then the coupon's, then its conditions."""
    promotion, facts = rule.promotion, question.facts
    terms = promotion.terms
    if not promotion.active or (coupon is not None and not coupon.active):
        return Lost(terms.name, Why.STOPPED)
    if terms.currency not in ("", question.currency.code):
        return Lost(terms.name, Why.CURRENCY, terms.currency)
    if (late := outside(terms.since, terms.until, now)) is not None:
        return late.lost(terms.name, terms.zone)
    if coupon is not None and (late := outside(coupon.since, coupon.until, now)) is not None:
        return late.lost(terms.name, question.zone)
    if rule.limited or coupon is not None:
        limit = reached(promotion, coupon, question.offers.used, text(facts, "customer"))
        if limit is not None:
            return Lost(terms.name, *limit)
    if terms.at_least is not None and (unmet := _short_of(terms.at_least, question)):
        return Lost(terms.name, Why.CONDITIONS, "", unmet)
    if rule.conditions is None or rule.asks_late:
        return None
    question.count(rule.leaves)
    if rule.conditions(facts) is True:
        return None
    return Lost(terms.name, Why.CONDITIONS, "", why_not(terms.conditions, facts))


def _short_of(minimum: Money, question: Question) -> tuple[Reason, ...]:
    """What is lacking to a *minimum* that is measured before discounts; any other is asked when its turn comes."""
    fact = question.ground.minimum_fact
    question.count(1)
    if fact in LATE_FACTS:
        return ()
    known = question.facts.get(fact)
    subtotal = known if isinstance(known, int) else 0
    if subtotal >= minimum.minor_units:
        return ()
    return (too_little(fact, minimum.minor_units, subtotal, question.currency),)


_candidate_of: Final = quick(Candidate)


def _candidate(
    rule: Rule, lines: tuple[int, ...] | None, coupon: Coupon | None, question: Question
) -> Candidate | Lost:
    """The promotion with the positions of what it would lower; or that there is nothing."""
    terms = rule.promotion.terms
    targets = _targets(rule, lines, question)
    if isinstance(terms.benefit, Gift):
        if (why := question.offers.withholds(terms.benefit.key, rule.promotion.id)) is not None:
            return Lost(terms.name, why, terms.benefit.sku)
    elif not all(targets):
        return Lost(terms.name, Why.BY_PIECE if _measured(rule, lines, question) else Why.NO_TARGET)
    if not rule.limited:
        return _candidate_of(rule, coupon, targets)
    used, customer = question.offers.used, text(question.facts, "customer")
    left = units_left(rule.promotion, used, customer)
    return Candidate(rule, coupon, targets, left, spendable(terms, used, question.budgets()) if terms.budgets else ())


def _targets(rule: Rule, lines: tuple[int, ...] | None, question: Question) -> tuple[tuple[int, ...], ...]:
    terms = rule.promotion.terms
    if rule.charges is not None:
        return (tuple(_charges(question, rule.charges)),)
    payable = question.payable(on_stated=terms.on_stated)
    if isinstance(terms.benefit, Combination):
        payable = _sold(payable, question, by_piece=True)
    return tuple([_lines(target, lines, payable, question) for target in rule.targets])


def _measured(rule: Rule, lines: tuple[int, ...] | None, question: Question) -> bool:
    """Whether goods that are sold by measure would be what *rule* lacks, which combines pieces."""
    terms = rule.promotion.terms
    if not isinstance(terms.benefit, Combination):
        return False
    payable = _sold(question.payable(on_stated=terms.on_stated), question, by_piece=False)
    return any(_lines(target, lines, payable, question) for target in rule.targets)


def _sold(payable: Payable, question: Question, *, by_piece: bool) -> Payable:
    """Those of *payable* that are sold by piece, or those that are sold by measure."""
    units = question.ground.lines.units
    return Payable.of([i for i in payable.row if bool(units[i]) is by_piece])


def _lines(target: Target, own: tuple[int, ...] | None, payable: Payable, question: Question) -> tuple[int, ...]:
    if target.check is None:
        return payable.row
    if own is None:
        return tuple([i for i in payable.row if question.holds(target, i)])
    if target.looked_up:
        return own if payable.members.issuperset(own) else tuple([i for i in own if i in payable.members])
    return tuple([i for i in own if i in payable.members and question.holds(target, i)])


def _charges(question: Question, kinds: tuple[ChargeKind, ...]) -> Iterable[int]:
    """Positions of the charges of *kinds* (none: any but shipping) that a rule made: what somebody stated stays."""
    for i, charge in enumerate(question.charges):
        fits = charge.kind in kinds if kinds else charge.kind is not ChargeKind.SHIPPING
        if fits and charge.amount > 0 and charge.stated is None:
            yield i
