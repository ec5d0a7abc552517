"""Which promotions may apply to a cart, by themselves or by coupon, and why the others may not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import attrs

from tokolib.conditions import Always, Facts, FactValue, holds, why_not
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Currency
from tokolib.pricing.facts import instant, line_facts, text
from tokolib.pricing.lost import Lost, Why, outside
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.codes import coupon_code
from tokolib.pricing.promotions.model import Coupon, Promotion, Scope
from tokolib.pricing.promotions.uses import code_counter, promotion_counter

QUIET: Final = frozenset({Why.STOPPED, Why.NOT_YET, Why.OVER})
"""Why an automatic promotion may be passed over without a word: nobody was promised it today."""

UseLimit = tuple[Callable[[str, str], str], str, int | None, int | None]
"""How a counter is named, of what, and its limits: in all, and for each customer."""


@attrs.frozen
class Offers:
    """All that pricing needs of the promotions that may run: them, the coupons asked for, and uses so far."""

    promotions: tuple[Promotion, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    used: Mapping[str, int] = attrs.field(factory=dict)
    """Uses by counter, for limited promotions and coupons; a missing one counts zero."""

    def counted(self, used: Iterable[tuple[str, int]]) -> "Offers":
        """The same, with what each counter says."""
        return Offers(self.promotions, self.coupons, dict(used))


@attrs.frozen
class Candidate:
    """A promotion that may apply: by which coupon, if any, and to which lines or charges (their positions)."""

    promotion: Promotion
    coupon: Coupon | None
    targets: tuple[int, ...]

    @property
    def code(self) -> str:
        """The coupon's code; empty for an automatic promotion."""
        return "" if self.coupon is None else self.coupon.code


@attrs.frozen
class Refusal:
    """A promotion or coupon that may not apply. Without a promotion the code is unknown."""

    code: str
    lost: Lost
    promotion_id: PromotionId | None = None


@attrs.frozen
class Sifted:
    """Candidates in the order in which they decide, and refusals."""

    candidates: tuple[Candidate, ...]
    refusals: tuple[Refusal, ...]


@attrs.frozen
class Question:
    """What a promotion is measured against."""

    offers: Offers
    facts: Facts
    currency: Currency
    lines: Sequence[PriceLine]
    open: Sequence[int]
    """Positions of the lines that have something to take off."""
    charges: Sequence[int]
    """Positions of the charges that shipping promotions may lower."""
    about: Sequence[Mapping[str, FactValue]]
    """The facts of each line; empty when no promotion has a target."""
    zone: str
    """The shop's: coupons say no zone of their own."""


def sift(
    offers: Offers,
    asked: Sequence[str],
    facts: Facts,
    *,
    currency: Currency,
    lines: Sequence[PriceLine],
    bases: Sequence[int],
    charges: Sequence[int],
    zone: str,
) -> Sifted:
    """Candidates and refusals among *offers*, with the codes that were *asked* for."""
    targeted = any(not isinstance(each.terms.target, Always) for each in offers.promotions)
    about = [line_facts(line) for line in lines] if targeted else []
    payable = [i for i, line in enumerate(lines) if bases[i] > 0 and not line.gift]
    question = Question(offers, facts, currency, lines, payable, charges, about, zone)
    candidates: list[Candidate] = []
    refusals: list[Refusal] = []
    claims, repeated = _claims(offers, asked)
    refusals.extend(repeated)
    for promotion in sorted(offers.promotions, key=lambda each: (-each.terms.priority, each.id)):
        coupon = claims.get(promotion.id)
        if promotion.terms.by_coupon and coupon is None:
            continue
        lost = _refusal(promotion, coupon, question)
        targets = _targets(promotion, question) if lost is None else ()
        if lost is None and targets:
            candidates.append(Candidate(promotion, coupon, targets))
            continue
        lost = lost or Lost(promotion.terms.name, Why.NO_TARGET)
        if coupon is not None or lost.why not in QUIET:
            refusals.append(Refusal("" if coupon is None else coupon.code, lost, promotion.id))
    return Sifted(tuple(candidates), tuple(refusals))


def _claims(offers: Offers, asked: Sequence[str]) -> tuple[dict[PromotionId, Coupon], list[Refusal]]:
    """One coupon for each promotion; a second for the same, and a code that stands for nothing, are refused."""
    known = {coupon.code: coupon for coupon in offers.coupons}
    running = {promotion.id for promotion in offers.promotions if promotion.terms.by_coupon}
    claims: dict[PromotionId, Coupon] = {}
    refusals: list[Refusal] = []
    for code in sorted({coupon_code(code) for code in asked}):
        coupon = known.get(code)
        if coupon is None or coupon.promotion_id not in running:
            refusals.append(Refusal(code, Lost(code, Why.UNKNOWN)))
        elif coupon.promotion_id in claims:
            winner = claims[coupon.promotion_id].code
            refusals.append(Refusal(code, Lost(code, Why.REPEATED, winner), coupon.promotion_id))
        else:
            claims[coupon.promotion_id] = coupon
    return claims, refusals


def _refusal(promotion: Promotion, coupon: Coupon | None, question: Question) -> Lost | None:
    """Why the promotion may not apply at all; its dates and uses, then the coupon's, then its conditions."""
    terms, facts = promotion.terms, question.facts
    now = instant(facts)
    if not promotion.active or (coupon is not None and not coupon.active):
        return Lost(terms.name, Why.STOPPED)
    if terms.currency not in ("", question.currency.code):
        return Lost(terms.name, Why.CURRENCY, terms.currency)
    if (late := outside(terms.since, terms.until, now)) is not None:
        return late.lost(terms.name, terms.zone)
    if coupon is not None and (late := outside(coupon.since, coupon.until, now)) is not None:
        return late.lost(terms.name, question.zone)
    if (spent := _spent(promotion, coupon, question)) is not None:
        return Lost(terms.name, *spent)
    if isinstance(terms.conditions, Always) or holds(terms.conditions, facts):
        return None
    return Lost(terms.name, Why.CONDITIONS, "", why_not(terms.conditions, facts))


def _spent(promotion: Promotion, coupon: Coupon | None, question: Question) -> tuple[Why, str] | None:
    """Which limit of uses is reached."""
    customer, used = text(question.facts, "customer"), question.offers.used
    limits: list[UseLimit] = [
        (promotion_counter, promotion.id, promotion.terms.usage_limit, promotion.terms.per_customer)
    ]
    if coupon is not None:
        limits.append((code_counter, coupon.code, coupon.usage_limit, coupon.per_customer))
    for counter, name, total, each in limits:
        if total is not None and used.get(counter(name, ""), 0) >= total:
            return Why.EXHAUSTED, str(total)
        if each is not None and not customer:
            return Why.CUSTOMER_UNKNOWN, str(each)
        if each is not None and used.get(counter(name, customer), 0) >= each:
            return Why.CUSTOMER_EXHAUSTED, str(each)
    return None


def _targets(promotion: Promotion, question: Question) -> tuple[int, ...]:
    """Positions of what the promotion would lower: shipping charges, or lines with something to take off."""
    terms = promotion.terms
    if terms.scope is Scope.SHIPPING:
        return tuple(question.charges)
    within = [i for i in question.open if terms.on_stated or question.lines[i].stated is None]
    if isinstance(terms.target, Always):
        return tuple(within)
    return tuple(i for i in within if holds(terms.target, question.about[i]))
