"""The named choices of a shop: every rule that shops do differently, with the default that most expect.

They are part of the shop's settings; an order keeps those that it was made under by value.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.choices import settle_choices
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.spread import RemainderRule


class PlacementPolicy(StrEnum):
    """What placing an order does with a quote's prices."""

    RECOMPUTE = "recompute"
    """Price again; any difference comes back as a diff to accept."""
    FROZEN = "frozen"
    """The stored quote's prices hold until it expires."""


class StockTaken(StrEnum):
    """When stock leaves the books."""

    AT_SHIPMENT = "at_shipment"
    AT_ORDER = "at_order"


class CaptureMoment(StrEnum):
    """When a gateway's money is taken."""

    AT_ORDER = "at_order"
    """While the order is placed."""
    AT_HAND_OVER = "at_hand_over"
    """It is reserved while the order is placed, and each shipment captures the shares of its units."""


class RefundOrder(StrEnum):
    """From which payments a refund is taken where an order was paid by several."""

    LATEST_FIRST = "latest_first"
    EARLIEST_FIRST = "earliest_first"
    BY_SHARE = "by_share"
    """From each in proportion to what is left of it."""


class CouponOnCancel(StrEnum):
    """Whether a cancelled order gives its coupon use back."""

    GIVE_BACK = "give_back"
    KEEP = "keep"


class Underpayment(StrEnum):
    """What an order does of which only a part was paid, beyond what the shop writes off (`short_tolerance`)."""

    TOP_UP = "top_up"
    """It waits for the rest; when its time is over, what came goes back."""
    TOP_UP_OR_CREDIT = "top_up_or_credit"
    """It waits for the rest; when its time is over, what came becomes the customer's store credit."""


class Overpayment(StrEnum):
    """What becomes of money that is too much, beyond what the shop keeps (`over_tolerance`).

    Store credit needs a customer: a guest's goes back, here and wherever else credit is chosen.
    """

    REFUND = "refund"
    CREDIT = "credit"
    """It becomes the customer's store credit."""


class DuplicatePayment(StrEnum):
    """What becomes of a payment that was made twice: two of the same amount, or two that each pay all that is due."""

    REFUND = "refund"
    CREDIT = "credit"
    """The second one becomes the customer's store credit."""


class LatePayment(StrEnum):
    """What becomes of money that comes after its order has expired."""

    REINSTATE = "reinstate"
    """The order comes back where all of it is paid and its goods are still there; else the money goes back."""
    REFUND = "refund"
    CREDIT = "credit"
    """It becomes the customer's store credit."""


class CreditReturn(StrEnum):
    """How long a gift card or store credit is good to which the money of an order comes back."""

    PROLONG = "prolong"
    """At least 30 days more; one that has expired meanwhile pays again."""
    AS_IT_WAS = "as_it_was"
    """As long as before: what comes back after its date is the shop's."""


class CreditRefund(StrEnum):
    """Whether a refund may turn what a gift card or store credit paid into money."""

    AS_ASKED = "as_asked"
    """It goes back to the card or credit, unless a person names another way, such as cash."""
    TO_ITS_SOURCE = "to_its_source"
    """It goes back to the card or credit, whatever way is named for the rest."""


class SpreadWeights(StrEnum):
    """By what an order discount is spread over lines."""

    AFTER_DISCOUNTS = "after_discounts"
    BEFORE_DISCOUNTS = "before_discounts"


class SpreadBasis(StrEnum):
    """By which of their prices lines weigh where a discount, or shipping taxed by the goods' mix, is spread over them.

    It matters where lines bear different taxes, or some prices contain tax and others don't.
    """

    AS_PRICED = "as_priced"
    """The price that discounts are taken off, with or without tax."""
    WITH_TAX = "with_tax"
    WITHOUT_TAX = "without_tax"


class Stacking(StrEnum):
    """How promotions that may apply are chosen."""

    PRIORITY = "priority"
    """The larger priority decides first; whoever can't stand beside it steps back."""
    BEST = "best"
    """Of all sets that may stand together, the one that gives the customer most."""


class PercentBase(StrEnum):
    """Of what a percentage is taken when another discount came before."""

    LEFT = "left"
    """Of what is left: 10 % and 10 % are 19 %."""
    ORIGINAL = "original"
    """Of the price before all discounts: 10 % and 10 % are 20 %."""


class PercentRounding(StrEnum):
    """Where a percentage off lines or off the order is rounded; what is given unit by unit is, for each unit."""

    SUM = "sum"
    """Once, on the sum of the lines; then it is spread."""
    LINE = "line"
    """On each line."""
    UNIT = "unit"
    """On one unit of each line, times the quantity."""


class Thresholds(StrEnum):
    """Which subtotal a promotion's minimum is measured by."""

    BEFORE_DISCOUNTS = "before_discounts"
    AFTER_DISCOUNTS = "after_discounts"
    """What discounts that apply before it have left."""
    BEFORE_DISCOUNTS_WITH_TAX = "before_discounts_with_tax"
    AFTER_DISCOUNTS_WITH_TAX = "after_discounts_with_tax"


class FloorPolicy(StrEnum):
    """What becomes of a discount that a minimum price keeps from a line."""

    LOST = "lost"
    REDISTRIBUTED = "redistributed"
    """The other lines of the same discount give it, as far as they can."""


class CombinationShare(StrEnum):
    """Which lines bear the discount of a combination (buy X, get Y)."""

    GOT = "got"
    """Those whose units got it."""
    CONSUMED = "consumed"
    """All lines whose units served in it, by what they cost."""
    EVENLY = "evenly"
    """All lines whose units served in it, every unit the same, as far as it costs so much."""


class DiscountBasis(StrEnum):
    """Which price of goods discounts are taken off; charges are discounted as they are priced."""

    AS_PRICED = "as_priced"
    """The price as its list states it, with or without tax."""
    WITH_TAX = "with_tax"
    """The price with tax, also where lists state it without."""
    WITHOUT_TAX = "without_tax"
    """The price without tax, also where lists state it with."""


class TaxBase(StrEnum):
    """What tax is reckoned on where there are discounts."""

    AFTER_DISCOUNTS = "after_discounts"
    """What the customer pays."""
    BEFORE_FUNDED = "before_funded"
    """What the seller gets: a discount that somebody else bears is paid by them, and leaves the base as it is."""
    BEFORE_DISCOUNTS = "before_discounts"
    """The price before all discounts."""


class ContainedTax(StrEnum):
    """Which half is rounded of a price that contains tax; the other is the rest, so that both add up to the price.

    They differ where the exact tax lies halfway between two minor units: 2.99 at 4 % is 2.88 + 0.11 or 2.87 + 0.12.
    """

    NET = "net"
    TAX = "tax"


class AcrossBorders(StrEnum):
    """What stays the same when goods go where another tax holds, and the price contains tax."""

    GROSS = "gross"
    """What the customer pays."""
    NET = "net"
    """What the seller keeps: home's tax is taken out of prices and charges, also of those stated by hand, and the
    other's put on.
    """


class TaxOutage(StrEnum):
    """What a sale does whose tax a provider was to work out, when the provider is down."""

    BLOCK = "block"
    """It waits: nothing is quoted without the provider's answer."""
    FALLBACK_TABLE = "fallback_table"
    """It goes by a table that stands in for the provider, and says that it did."""
    ASK_AGAIN = "ask_again"
    """It is quoted by that table, and the provider is asked again before an order is placed, so before any of its money
    is captured: what it says is to be what was quoted.
    """


class ShippingTax(StrEnum):
    """Which class taxes a shipping charge."""

    OWN_CLASS = "own_class"
    """The charge's own class."""
    GOODS_MIX = "goods_mix"
    """In proportion to the goods' classes: part of the goods' price."""
    HIGHEST = "highest"
    """The one of the goods' classes that is taxed highest."""


class ShippingRefund(StrEnum):
    """Whether a return gives back the goods' share of the shipping charge."""

    KEEP = "keep"
    WITH_GOODS = "with_goods"


_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "placement": PlacementPolicy,
    "stock_taken": StockTaken,
    "capture": CaptureMoment,
    "refund_order": RefundOrder,
    "coupon_on_cancel": CouponOnCancel,
    "credit_return": CreditReturn,
    "credit_refund": CreditRefund,
    "underpayment": Underpayment,
    "overpayment": Overpayment,
    "duplicate_payment": DuplicatePayment,
    "late_payment": LatePayment,
    "remainder": RemainderRule,
    "spread_weights": SpreadWeights,
    "spread_basis": SpreadBasis,
    "shipping_tax": ShippingTax,
    "shipping_refund": ShippingRefund,
    "line_rounding": RoundingMode,
    "stacking": Stacking,
    "percent_base": PercentBase,
    "percent_rounding": PercentRounding,
    "thresholds": Thresholds,
    "floor": FloorPolicy,
    "combination_share": CombinationShare,
    "discount_basis": DiscountBasis,
    "tax_base": TaxBase,
    "contained_tax": ContainedTax,
    "across_borders": AcrossBorders,
    "tax_outage": TaxOutage,
}


@attrs.frozen
class Policies:
    """The named choices of a shop, each with the default that most shops expect."""

    placement: PlacementPolicy = PlacementPolicy.RECOMPUTE
    stock_taken: StockTaken = StockTaken.AT_SHIPMENT
    capture: CaptureMoment = CaptureMoment.AT_ORDER
    refund_order: RefundOrder = RefundOrder.LATEST_FIRST
    coupon_on_cancel: CouponOnCancel = CouponOnCancel.GIVE_BACK
    credit_return: CreditReturn = CreditReturn.PROLONG
    credit_refund: CreditRefund = CreditRefund.AS_ASKED
    underpayment: Underpayment = Underpayment.TOP_UP
    overpayment: Overpayment = Overpayment.REFUND
    duplicate_payment: DuplicatePayment = DuplicatePayment.REFUND
    late_payment: LatePayment = LatePayment.REINSTATE
    remainder: RemainderRule = RemainderRule.LARGEST
    spread_weights: SpreadWeights = SpreadWeights.AFTER_DISCOUNTS
    spread_basis: SpreadBasis = SpreadBasis.AS_PRICED
    shipping_tax: ShippingTax = ShippingTax.OWN_CLASS
    shipping_refund: ShippingRefund = ShippingRefund.KEEP
    line_rounding: RoundingMode = RoundingMode.HALF_UP
    """How price × quantity, and a discount, becomes whole minor units."""
    stacking: Stacking = Stacking.PRIORITY
    percent_base: PercentBase = PercentBase.LEFT
    percent_rounding: PercentRounding = PercentRounding.SUM
    thresholds: Thresholds = Thresholds.BEFORE_DISCOUNTS
    floor: FloorPolicy = FloorPolicy.LOST
    combination_share: CombinationShare = CombinationShare.GOT
    discount_basis: DiscountBasis = DiscountBasis.AS_PRICED
    tax_base: TaxBase = TaxBase.AFTER_DISCOUNTS
    contained_tax: ContainedTax = ContainedTax.NET
    across_borders: AcrossBorders = AcrossBorders.GROSS
    tax_outage: TaxOutage = TaxOutage.BLOCK

    def __attrs_post_init__(self) -> None:
        """A choice may be given by its word (`"frozen"`); what is none is refused, not passed over."""
        settle_choices("policies", self, _CHOICES)
