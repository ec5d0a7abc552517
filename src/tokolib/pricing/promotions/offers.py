"""What a cart may be offered: promotions by themselves, those of coupons, and what was used of them so far."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from tokolib.conditions import facts_asked
from tokolib.pricing.lost import Why, Withheld
from tokolib.pricing.promotions.limits import smallest
from tokolib.pricing.promotions.model import Coupon, Promotion
from tokolib.pricing.promotions.rules import RuleSet, is_time


@attrs.frozen
class Offers:
    """All that pricing needs of the promotions that may run: those that do by themselves, coupons, and uses so far."""

    rules: RuleSet = attrs.field(factory=RuleSet)
    """Promotions that apply by themselves."""
    given: tuple[Promotion, ...] = ()
    """Promotions for which a coupon was given."""
    coupons: tuple[Coupon, ...] = ()
    used: Mapping[str, int] = attrs.field(factory=dict)
    """What was taken so far, by counter, for limited promotions and coupons; a missing one counts zero."""
    withheld: tuple[Withheld, ...] = ()
    """Gifts that can't be given: refused by the customer, sold out, or not sold."""

    @property
    def asked(self) -> frozenset[str]:
        """The facts that conditions ask for."""
        if not self.given:
            return self.rules.asked
        return self.rules.asked.union(*(facts_asked(each.terms.conditions) for each in self.given))

    def without(self, *gifts: Withheld) -> "Offers":
        """The same, without these gifts."""
        return attrs.evolve(self, withheld=(*self.withheld, *gifts)) if gifts else self

    def withholds(self, sku: str, promotion_id: str) -> Why | None:
        """Why that promotion can't give that SKU as a gift; None where it can."""
        whose = ("", promotion_id)
        return next((each.why for each in self.withheld if each.sku == sku and each.promotion_id in whose), None)

    def on_shelf(self) -> "Offers":
        """Those that are shown on the shelf, and nothing else."""
        return attrs.evolve(self, rules=self.rules.on_shelf(), given=(), coupons=())

    def budgets(self, now: datetime | None) -> Mapping[str, int]:
        """The smallest limit of each budget among those whose time is *now*, by counter."""
        return smallest(each for each in (*self.rules.limited, *self.given) if each.active and is_time(each, now))

    def counted(self, used: Iterable[tuple[str, int]]) -> "Offers":
        """The same, with what each counter says."""
        return Offers(self.rules, self.given, self.coupons, dict(used), self.withheld)
