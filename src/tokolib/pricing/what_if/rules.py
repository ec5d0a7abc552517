"""Which promotions ran when, and what they would have been: the rules that past orders are priced under."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

import attrs

from tokolib.kernel.ids import PromotionId
from tokolib.pricing.promotions.model import Coupon, Promotion
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet

EVER: Final = datetime.min.replace(tzinfo=UTC)
"""Before every order."""
REMEMBERED: Final = 64
"""Stretches of time whose rules are kept made ready."""


Seen = Iterable[tuple[str, int]]
"""Versions of promotions, by id."""


@attrs.frozen
class Turn:
    """From an instant on, a promotion is this; inactive where the shop stopped it."""

    since: datetime
    promotion: Promotion


@attrs.frozen
class Changes:
    """Promotions as they would have been, whenever an order was placed; their own dates still hold."""

    put: tuple[Promotion, ...] = ()
    """New ones, or other terms for the id."""
    without: tuple[PromotionId, ...] = ()
    """Those that there would not have been."""

    @property
    def ids(self) -> frozenset[PromotionId]:
        """Of all promotions that they are about."""
        return frozenset((*self.without, *(each.id for each in self.put)))


class Running:
    """The promotions of one stretch of time."""

    def __init__(self, promotions: Sequence[Promotion]) -> None:
        self._rules = RuleSet([each for each in promotions if each.active and not each.terms.by_coupon])
        self._by_coupon = {each.id: each for each in promotions if each.terms.by_coupon}

    def offers(self, coupons: tuple[Coupon, ...], used: Mapping[str, int]) -> Offers:
        """What an order with *coupons* was offered, when so much of it had been *used*."""
        ids = sorted({coupon.promotion_id for coupon in coupons} & self._by_coupon.keys())
        return Offers(self._rules, tuple([self._by_coupon[id] for id in ids]), coupons, used)


def _place(turn: Turn) -> tuple[datetime, str, int]:
    return turn.since, turn.promotion.id, turn.promotion.version


def _in_order(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    return tuple(sorted(turns, key=_place))


@attrs.frozen
class RulesOverTime:
    """Every promotion that ever ran, with when it became what it was. Turns may be given in any order."""

    turns: tuple[Turn, ...] = attrs.field(converter=_in_order)

    @classmethod
    def always(cls, promotions: Iterable[Promotion]) -> "RulesOverTime":
        """The same promotions, whenever an order was placed."""
        return cls(tuple(Turn(EVER, each) for each in promotions))

    def changed(self, changes: Changes) -> "RulesOverTime":
        """These rules as they would have been under *changes*."""
        kept = (turn for turn in self.turns if turn.promotion.id not in changes.ids)
        put = (Turn(EVER, each) for each in changes.put if each.id not in changes.without)
        return RulesOverTime((*kept, *put))

    @cached_property
    def ids(self) -> frozenset[PromotionId]:
        """Of every promotion that ever ran."""
        return frozenset(turn.promotion.id for turn in self.turns)

    @cached_property
    def _starts(self) -> tuple[datetime, ...]:
        return tuple(turn.since for turn in self.turns)

    @cached_property
    def _ready(self) -> dict[tuple[int, tuple[int, ...]], Running]:
        return {}

    def at(self, now: datetime | None, saw: Seen | None = None) -> Running:
        """The promotions as they were at *now*; without a clock, as they were last.

        Of what was changed in that very instant, an order knows the versions that it *saw*; without these, all of it
        was changed before.
        """
        turns = len(self.turns) if now is None else bisect_right(self._starts, now)
        first = turns if now is None or saw is None else bisect_left(self._starts, now)
        chosen = self._chosen(first, turns, dict(saw or ())) if first < turns else ()
        found = self._ready.get((turns, chosen))
        if found is None:
            if len(self._ready) >= REMEMBERED:
                self._ready.clear()
            latest = {turn.promotion.id: turn.promotion for turn in self.turns[:turns]}
            for at in chosen:
                latest[self.turns[at].promotion.id] = self.turns[at].promotion
            for id in self._not_yet(first, turns, chosen):
                del latest[id]
            found = self._ready[turns, chosen] = Running([latest[id] for id in sorted(latest)])
        return found

    def _chosen(self, first: int, beyond: int, saw: Mapping[str, int]) -> tuple[int, ...]:
        """The turns that held for an order in the instant of those from *first* on, of the promotions that had one.

        What it didn't see gave it nothing: then the promotion had not begun, or was stopped, if it ever was.
        """
        places: dict[PromotionId, list[int]] = {}
        for at in range(first, beyond):
            places.setdefault(self.turns[at].promotion.id, []).append(at)
        before = {turn.promotion.id: at for at, turn in enumerate(self.turns[:first]) if turn.promotion.id in places}
        chosen: list[int] = []
        for id, own in places.items():
            known = [before[id], *own] if id in before else own
            seen = [at for at in known if self.turns[at].promotion.version == saw.get(id)]
            still = [at for at in known if not self.turns[at].promotion.active]
            if seen or still:
                chosen.append((seen or still)[-1])
            elif id in before:
                chosen.append(own[-1])
        return tuple(chosen)

    def _not_yet(self, first: int, beyond: int, chosen: Sequence[int]) -> frozenset[PromotionId]:
        """The promotions that began in the instant of the turns from *first* on, after the order."""
        begun = {self.turns[at].promotion.id for at in chosen}
        return frozenset(turn.promotion.id for turn in self.turns[first:beyond]) - begun
