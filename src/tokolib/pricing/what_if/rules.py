"""Which promotions ran when, and what they would have been: the rules that past orders are priced under."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

import attrs

from tokolib.kernel.ids import PromotionId
from tokolib.pricing.promotions.eligible import Offers
from tokolib.pricing.promotions.model import Coupon, Promotion
from tokolib.pricing.promotions.rules import RuleSet

EVER: Final = datetime.min.replace(tzinfo=UTC)
"""Before every order."""
REMEMBERED: Final = 64
"""Stretches of time whose rules are kept made ready."""


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
    def _ready(self) -> dict[int, Running]:
        return {}

    def at(self, now: datetime | None) -> Running:
        """The promotions as they were at *now*; without a clock, as they were last."""
        turns = len(self.turns) if now is None else bisect_right(self._starts, now)
        found = self._ready.get(turns)
        if found is None:
            if len(self._ready) >= REMEMBERED:
                self._ready.clear()
            latest = {turn.promotion.id: turn.promotion for turn in self.turns[:turns]}
            found = self._ready[turns] = Running([latest[id] for id in sorted(latest)])
        return found
