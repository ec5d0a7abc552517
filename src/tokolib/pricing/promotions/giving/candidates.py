"""A promotion that may apply to a cart, what it was kept from, and what it gave."""

from decimal import Decimal

import attrs

from tokolib.kernel.ids import PromotionId
from tokolib.pricing.lost import Lost
from tokolib.pricing.promotions.benefits import Combination, Gift, How, Measure, Part, Scope, Step, Tiered, Value
from tokolib.pricing.promotions.model import Coupon, Promotion, Spending
from tokolib.pricing.promotions.ready import Rule


@attrs.frozen(eq=False)
class Candidate:
    """A promotion that may apply: by which coupon, if any, to which lines or charges, and to how many units."""

    rule: Rule
    coupon: Coupon | None
    targets: tuple[tuple[int, ...], ...]
    """Positions of lines, or of charges; one row, or a row for each part of a combination."""
    units: int | None = None
    """How many units are left to be had for it; None where these aren't limited."""
    spendable: tuple[Spending, ...] = ()
    """What is left of its budgets; `amount` is what was spent before."""

    @property
    def promotion(self) -> Promotion:
        """The promotion itself."""
        return self.rule.promotion

    @property
    def code(self) -> str:
        """The coupon's code; empty for an automatic promotion."""
        return "" if self.coupon is None else self.coupon.code

    @property
    def counts_pieces(self) -> bool:
        """Whether it goes by how many pieces there are: goods sold by measure count for nothing then."""
        match self.rule.promotion.terms.benefit:
            case Tiered(by=by):
                return by is Measure.QUANTITY
            case Combination():
                return True
            case _:
                return self.units is not None

    def lost(self, lost: Lost) -> "Refusal":
        """The refusal for *lost*."""
        return Refusal(self.code, lost, self.promotion.id)


@attrs.frozen
class Refusal:
    """A promotion or coupon that may not apply. Without a promotion the code is unknown."""

    code: str
    lost: Lost
    promotion_id: PromotionId | None = None


@attrs.frozen
class LostPromotion:
    """A promotion that wanted to apply, or whose coupon was given, and did not."""

    promotion_id: PromotionId
    coupon: str
    lost: Lost


@attrs.frozen
class Worth:
    """The figures of a rule that applied, without the goods that it is about."""

    value: Value | None = None
    """Off all that is targeted, by its scope, or off each combination as a whole."""
    steps: tuple[Step, ...] = ()
    """Of tiers: the step that held, or, graduated, those that each held for their own part."""
    by: Measure | None = None
    """What the steps go by."""
    parts: tuple[Part, ...] = ()
    """Of a combination: the parts that have a value of their own."""
    times: int = 0
    """So many combinations were made."""


@attrs.frozen
class Granted:
    """What one promotion gave to the whole order: `wanted` by its rule on `base`, `amount` after caps and floors."""

    promotion_id: PromotionId
    name: str
    coupon: str
    scope: Scope
    how: How
    percent: Decimal | None
    base: int
    wanted: int
    amount: int
    units: int = 0
    """Units that were had for it, where it goes by units."""
    floored: int = 0
    """What a minimum price kept it from giving."""
    gift: Gift | None = None
    worth: Worth | None = None
    """What the rule said, beside a percentage."""
