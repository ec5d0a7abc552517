"""The order: a frozen snapshot of what was agreed, and ledgers of what has happened to it since."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.checkout.model import Delivery
from tokolib.kernel.address import Address
from tokolib.kernel.book_rates import BookRate
from tokolib.kernel.ids import (
    AmendmentId,
    CancellationId,
    CartId,
    CustomerId,
    IntentId,
    LineId,
    LocationId,
    OrderId,
    QuoteId,
)
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.policies import Policies, StockTaken
from tokolib.kernel.refinement import Refinement
from tokolib.kernel.return_policy import ReturnPolicy
from tokolib.kernel.verification import Lapse
from tokolib.orders.clawed import Clawed
from tokolib.orders.hindrances import Block, CancelWish
from tokolib.orders.lines import OrderLine, Run
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.tax.kept import TaxFact
from tokolib.tax.situation import Buyer


class OrderState(StrEnum):
    """The lifecycle: how far the bargain has come."""

    PENDING_PAYMENT = "pending_payment"
    PLACED = "placed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PaymentStatus(StrEnum):
    """Derived from the money ledger."""

    UNPAID = "unpaid"
    PARTIALLY_PAID = "partially_paid"
    AUTHORISED = "authorised"
    """What isn't paid yet is reserved at a gateway, and captured as goods leave."""
    PAID = "paid"
    OVERPAID = "overpaid"
    """More came in than was ever asked for."""
    REFUND_DUE = "refund_due"
    """Goods came back, or the order ended, and the money has still to go back."""
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    """A customer's bank wants money back, and nothing is decided yet."""
    VOIDED = "voided"
    """Nothing came in, and nothing is to come: it ended, or all of it came back unpaid."""


class FulfilmentStatus(StrEnum):
    """Derived from the quantity ledger of the lines."""

    UNFULFILLED = "unfulfilled"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ReturnStatus(StrEnum):
    """Derived from the quantity ledger of the lines."""

    NONE = "none"
    PARTIALLY_RETURNED = "partially_returned"
    RETURNED = "returned"


@attrs.frozen
class Cancellation:
    """Units that will never leave, all of an order or a part, and what they took off it."""

    id: CancellationId
    at: datetime
    reason: str
    runs: tuple[Run, ...]
    credited: int
    """What the customer owes less for them, in minor units: their shares, or all of an order that was never placed."""


@attrs.frozen
class Amendment:
    """What one edit has added to an order after it was placed."""

    id: AmendmentId
    at: datetime
    reason: str
    tax_date: date
    """The day whose prices and tax rules hold for it."""
    lines: tuple[LineId, ...]
    charges: tuple[str, ...]
    """The ids of the charges that were added."""
    added: int
    """What the customer pays for it, tax included, in minor units."""
    cancellation: CancellationId | None = None
    """What left the order with it."""


@attrs.frozen
class Order:
    """One order. Amounts are minor units of `currency`; properties give them as `Money`."""

    id: OrderId
    version: int
    reference: str
    """Short, for people: unique in the shop, not gapless."""
    intent_id: IntentId
    customer: CustomerId | None
    channel: str
    currency: Currency
    lines: tuple[OrderLine, ...]
    charges: tuple[QuoteCharge, ...]
    tender: str
    uses: tuple[PromotionUse, ...]
    policies: Policies
    tax_date: date
    location: LocationId
    requested_at: datetime
    state: OrderState
    quote_id: QuoteId | None = None
    """The quote that it was made of; None for a basket's."""
    quote_hash: str = ""
    cart_id: CartId | None = None
    """The cart that was quoted; None for a basket's."""
    basket_hash: str = ""
    """The fingerprint of the basket, or of the order elsewhere, that it was made of; empty for a quote's."""
    credit_hash: str = ""
    """The fingerprint of what gift cards and store credit were named to pay for it; empty where none was."""
    ship_to: Address | None = None
    delivery: Delivery | None = None
    key: str = ""
    """The idempotency key that it was placed under."""
    plan: str = ""
    """The payment plan that was chosen; its payment holds what was agreed. Empty where all is due at once."""
    deposit: int | None = None
    """What of the plan is due at once, in minor units; None without a plan."""
    forfeited: int = 0
    """What the shop keeps of a deposit, by the plan, of an order that was cancelled."""
    due_until: datetime | None = None
    """When an unpaid order expires."""
    placed_at: datetime | None = None
    credit_terms: bool = False
    """Whether it may ship before it is paid: cash on delivery, or a plan under which goods leave while on time."""
    holds: tuple[str, ...] = ()
    """The stock holds that still stand for it."""
    blocks: tuple[Block, ...] = ()
    reserved: int = 0
    """What is reserved for it at gateways and not captured yet."""
    contested: int = 0
    """What disputes are about that no bank has decided yet."""
    taken_back: int = 0
    """What reversals and customers' banks have taken of what came in, and not given back."""
    lost: int = 0
    """What the outside took although it had gone back already: a chargeback after a refund."""
    captured: int = 0
    """What came in, less what reversals and customers' banks have taken of it."""
    refunded: int = 0
    """What went back."""
    credited: int = 0
    """What cancellations, returns and allowances took off the total."""
    written_off: int = 0
    """What of the rest never came, and is let be within the shop's tolerance."""
    retained: int = 0
    """What came beyond the rest, and is kept within the shop's tolerance."""
    payment: PaymentStatus = PaymentStatus.UNPAID
    fulfilment: FulfilmentStatus = FulfilmentStatus.UNFULFILLED
    returns: ReturnStatus = ReturnStatus.NONE
    allowed: int = 0
    """What of the credits allowances are, while the goods stay with the customer."""
    withheld: int = 0
    """What of the shares of goods that came back was kept, by the fees of the return policy; it is in no credit."""
    clawed: tuple[Clawed, ...] = ()
    """What of that stands for promotions which the goods that stay no longer earn."""
    cancellations: tuple[Cancellation, ...] = ()
    """What was cancelled of it, the first one first."""
    amendments: tuple[Amendment, ...] = ()
    """What edits have added to it since, the first one first."""
    cancel_requested: CancelWish | None = None
    """Who wants it cancelled, while a charge that may still succeed is waited for. Nothing ships meanwhile."""
    ending: str = ""
    """Why it was cancelled or expired."""
    declined: bool = False
    """Whether it was cancelled because its payment was refused for good."""
    tax_fact: TaxFact | None = None
    """Whose answer its taxes are, where somebody outside worked them out."""
    buyer: Buyer | None = None
    """Who bought, as tax law sees them, with the certificates that were shown; None for a consumer."""
    sub_state: str = ""
    """Where it stands within its state, in the shop's own words; empty where the shop has not refined the state."""
    refinements: tuple[Refinement, ...] = ()
    """The shop's tables of sub-states when it was placed: it, its shipments and its returns go by them."""
    book_rate: BookRate | None = None
    """The rate at which the books state it in theirs, for good; None where they keep it in its own currency alone."""
    accounts: tuple[tuple[str, int], ...] = ()
    """What stands on each account of the books for it, in its own currency; kept only where it has a `book_rate`."""
    return_policy: ReturnPolicy | None = None
    """What of it may come back, and until when, as the shop said then; None: all of it, whenever the customer likes."""

    def _money(self, units: int) -> Money:
        return Money(units, self.currency)

    @cached_property
    def total(self) -> Money:
        """What was agreed, all included, with what edits have added since; what is taken off is in `credited`."""
        return self._money(worth_of(self.lines, self.charges))

    @property
    def agreed(self) -> tuple[tuple[QuoteLine, ...], tuple[QuoteCharge, ...]]:
        """The lines and charges that it was made of, as they were then: without those that edits have added."""
        added = {id for each in self.amendments for id in (*each.lines, *each.charges)}
        lines = tuple(line.line for line in self.lines if line.id not in added)
        charges = (charge for charge in self.charges if charge.id not in added)
        return lines, tuple(attrs.evolve(charge, shares=charge.shares[: len(lines)]) for charge in charges)

    @property
    def asked_first(self) -> int:
        """What has to be there, or reserved, before it is placed, in minor units: the total, or a plan's deposit."""
        return self.total.minor_units if self.deposit is None else self.deposit

    @property
    def paid(self) -> Money:
        """What came in, less what went back."""
        return self._money(self.captured - self.refunded)

    @property
    def goes_to(self) -> Address | None:
        """Where what is to leave goes: to the collection point, where one was chosen."""
        return self.ship_to if self.delivery is None else self.delivery.to(self.ship_to)

    @property
    def due(self) -> Money:
        """What is still to be paid, less what was written off; negative when the shop owes the customer."""
        return self._money(self.settled - self.captured + self.refunded)

    @property
    def settled(self) -> int:
        """What the order is even with: the total, less credits and write-offs, with what is kept of an excess."""
        return self.total.minor_units - self.credited - self.written_off + self.retained

    def line(self, id: str) -> OrderLine | None:
        """The line by its id, or None."""
        return next((line for line in self.lines if line.id == id), None)

    @property
    def takes_at_shipment(self) -> bool:
        """Whether stock leaves the books when goods leave the house, and not already at placement."""
        return self.policies.stock_taken is StockTaken.AT_SHIPMENT

    @property
    def hindrances(self) -> tuple[str, ...]:
        """What stops fulfilment: the codes of its blocks, and `cancel_requested`."""
        wished = () if self.cancel_requested is None else ("cancel_requested",)
        return (*(block.code for block in self.blocks), *wished)

    @property
    def lapses_at(self) -> datetime | None:
        """When the first block ends by itself, or ends the order; None where none does, or the order is given up."""
        return self._first_until(Lapse.LIFT, Lapse.CANCEL)

    @property
    def escalates_at(self) -> datetime | None:
        """When the first block that waits for a person has waited too long; None where none does."""
        return self._first_until(Lapse.ESCALATE)

    def _first_until(self, *then: Lapse) -> datetime | None:
        running = self.state in (OrderState.PENDING_PAYMENT, OrderState.PLACED) and self.cancel_requested is None
        ends = [each.until for each in self.blocks if running and each.then in then and each.until is not None]
        return min(ends, default=None)

    @property
    def shippable(self) -> bool:
        """Whether goods may leave: placed, with no hindrances, and paid, reserved or on credit terms."""
        settled = self.due.minor_units <= self.reserved
        return self.state is OrderState.PLACED and not self.hindrances and (settled or self.credit_terms)


def worth_of(lines: Iterable[OrderLine], charges: Iterable[QuoteCharge]) -> int:
    """What *lines* and *charges* come to, in minor units."""
    return sum([line.line.total for line in lines]) + sum([charge.total for charge in charges])
