"""What is asked of a quote, and the quote: what the customer pays, frozen, hashed, and valid for a while."""

from datetime import date, datetime
from functools import cached_property

import attrs

from tokolib.checkout.grounds import Grounds
from tokolib.checkout.lines import QuoteCharge, QuoteLine, Source
from tokolib.checkout.wording import explained, explained_as_html
from tokolib.conditions.facts import FactValue
from tokolib.inventory.sourcing.wording import WORDING
from tokolib.kernel.address import Address
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said
from tokolib.kernel.ids import MAIN_LOCATION, CartId, CustomerId, LineId, LocationId, QuoteId
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.policies import Policies
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit_set import UnitSet
from tokolib.pricing.charges.tariff import Wished
from tokolib.pricing.model import ChargeKind, StatedCharge
from tokolib.pricing.promotions.model import PromotionUse
from tokolib.shipping.points import CollectionPoint
from tokolib.tax.kept import TaxFact
from tokolib.tax.situation import Buyer


@attrs.frozen
class ChargeWish:
    """A charge that no rule makes and somebody answers for: express packing, a customs fee, postage agreed by phone."""

    kind: ChargeKind
    label: str
    """What the customer reads."""
    amount: Money
    reason: str
    """Why; the history says who."""
    tax_class: str = "standard"
    refundable: bool = True
    """Whether returned goods bring their share of it back, where the shop's policy gives charges back at all."""


@attrs.frozen
class Delivery:
    """How the goods travel, with the rate as it was known: a fact with its source."""

    method: str
    """Courier and service, such as `jne:reg`; `pickup` when the customer fetches them."""
    label: str
    chargeable_grams: int = 0
    cod_allowed: bool = True
    point: CollectionPoint | None = None
    """Where the customer fetches them from the courier; None where they go to the door."""

    def to(self, ship_to: Address | None) -> Address | None:
        """Where they go, for somebody at *ship_to*."""
        return ship_to if self.point is None else self.point.address


@attrs.frozen
class Wishes:
    """What a quote was asked for, so that the same question can be asked again at placement."""

    delivery: str = ""
    ship_to: Address | None = None
    """Whom the goods are for, and where they go where no collection point was chosen."""
    point: CollectionPoint | None = None
    tender: str = ""
    location: LocationId = MAIN_LOCATION
    """Where the goods leave from, where their lines say nothing else."""
    sourced: bool = False
    """Whether nobody named it, so that the shop's rules choose (`SourcingRules`)."""
    charges: tuple[StatedCharge, ...] = ()
    facts: tuple[tuple[str, FactValue], ...] = ()
    """What the host told beside: names beginning with `x.`, `first_order` and `order_number`."""
    wrap: tuple[str, ...] = ()
    """Ids of the lines to be wrapped as gifts."""
    insured: bool = False
    extras: tuple[str, ...] = ()
    """Codes of charge rules that are only asked for where they are wished."""
    buyer: Buyer | None = None
    """Who buys, as tax law sees them; None for a consumer."""

    @property
    def goes_to(self) -> Address | None:
        """Where the goods go: to the collection point, where one was chosen."""
        return self.ship_to if self.point is None else self.point.address

    @property
    def beside(self) -> Wished:
        """What is wished for beside the goods."""
        return Wished(self.wrap, self.insured, self.extras)


@attrs.frozen
class SourcingFigures:
    """What the choice of places was made by: a cost of the shop's, which no customer pays by it."""

    total: int
    """What the plan costs, in minor units of the currency of the shop's books."""
    lower: int
    """No plan costs less than so many."""
    exact: bool
    """Whether it is proved that no plan costs less."""
    why: Reason
    """Every amount of it."""

    def explain(self, locale: str = "en") -> str:
        """The plan in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        return said(self.why, locale, WORDING)


@attrs.frozen
class DeliveryGroup:
    """Goods of a bargain that leave from one place."""

    location: LocationId
    goods: tuple[tuple[LineId, Quantity], ...]
    """How much of each line, in the order of the lines."""
    promised_for: date | None = None
    """The day by which the last of it is there; None where all of it is."""


@attrs.frozen(kw_only=True)
class Bargain:
    """What a customer agrees to: every fact known, every figure fixed, nothing open."""

    customer: CustomerId | None
    channel: str
    currency: Currency
    lines: tuple[QuoteLine, ...]
    charges: tuple[QuoteCharge, ...]
    wishes: Wishes
    uses: tuple[PromotionUse, ...]
    policies: Policies
    tax_date: date
    grounds: Grounds
    """What the figures rest on."""
    delivery: Delivery | None = None
    order_number: int | None = None
    """Which order of the customer it was priced as, where a condition asked for it."""
    depends_on_tender: bool = False
    """Whether no tender was named, and some might make it cost something else."""
    sourcing: SourcingFigures | None = None
    """What the choice of places was made by; None where somebody named the place, or the shop sends from one."""

    @property
    def groups(self) -> tuple[DeliveryGroup, ...]:
        """The goods by the place that they leave from, in the order of the places' names."""
        found: dict[LocationId, list[tuple[LineId, Quantity]]] = {}
        days: dict[LocationId, date] = {}
        for line in self.lines:
            for each in line.sources or (Source(self.wishes.location, UnitSet.whole(line.steps)),):
                where = each.location
                found.setdefault(where, []).append((line.id, Quantity(len(each.units), line.unit)))
                for late in line.awaited:
                    if late.units & each.units:
                        days[where] = max(late.on, days.get(where, late.on))
        return tuple(DeliveryGroup(where, tuple(found[where]), days.get(where)) for where in sorted(found))

    @cached_property
    def total(self) -> Money:
        """What the customer pays, all included."""
        return Money(sum(line.total for line in self.lines) + sum(c.total for c in self.charges), self.currency)

    @property
    def goods(self) -> Money:
        """What the customer pays for the goods alone, tax included."""
        return Money(sum(line.total for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """All tax in the total."""
        parts: tuple[QuoteLine | QuoteCharge, ...] = (*self.lines, *self.charges)
        return Money(sum(tax.amount for part in parts for tax in part.taxes), self.currency)

    @property
    def discount(self) -> Money:
        """All discounts together."""
        parts: tuple[QuoteLine | QuoteCharge, ...] = (*self.lines, *self.charges)
        return Money(sum(discount.amount for part in parts for discount in part.discounts), self.currency)

    @property
    def buyer(self) -> Buyer | None:
        """Who buys, as tax law sees them, with the certificates that were shown; None for a consumer."""
        return self.wishes.buyer

    @property
    def tax_fact(self) -> TaxFact | None:
        """Whose answer the taxes are, where somebody outside worked them out, and for how long it holds."""
        return None if self.grounds.estimate is None else self.grounds.estimate.stands

    @property
    def reason(self) -> Reason:
        """Where the total comes from, down to the last figure."""
        return self.grounds.reason(self.lines, self.charges, self.currency)

    def explain(self, locale: str = "en") -> str:
        """Every figure with where it came from, in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        return explained(self.reason, locale)

    def _repr_html_(self) -> str:
        """The explanation, in English, as a notebook shows a value."""
        return explained_as_html(self.reason, "en")


@attrs.frozen(kw_only=True)
class Quote(Bargain):
    """A bargain that waits for the customer: stored, valid for a while, and an order can be made of it."""

    id: QuoteId
    version: int
    cart_id: CartId
    made_at: datetime
    valid_until: datetime
    hash: str
    """A fingerprint of everything that the customer agrees to."""


@attrs.frozen
class Promised:
    """A stored quote whose figures somebody has promised up to an instant of their own, this excluded."""

    quote_id: QuoteId
    until: datetime


@attrs.frozen
class Struck:
    """A bargain that was struck elsewhere, with a fingerprint of how it is stated there. Nothing is priced anew."""

    bargain: Bargain
    hash: str
