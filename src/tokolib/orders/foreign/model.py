"""An order as it was made elsewhere, and what became of it here."""

from datetime import datetime
from decimal import Decimal

import attrs

from tokolib.kernel.address import Address
from tokolib.kernel.ids import CustomerId, ForeignOrderId, OrderId
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.personal import PERSONAL
from tokolib.kernel.quantity import Counted
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import ChargeKind
from tokolib.shipping.points import CollectionPoint


@attrs.frozen
class ForeignTax:
    """One tax, as it was charged there."""

    code: str
    """Such as `PPN`."""
    rate: Decimal
    """In percent."""
    amount: Money


@attrs.frozen
class ForeignDiscount:
    """What was taken off a line there."""

    name: str
    amount: Money
    funder: str = ""
    """Who bears it; empty: the shop."""


@attrs.frozen
class ForeignLine:
    """One line, as it was agreed there."""

    sku: str
    """As your catalogue has it."""
    quantity: Counted
    unit_price: Money | UnitPrice
    """For one unit of measure, before discounts."""
    total: Money
    """What the customer pays for the line, discounts taken off, tax included."""
    discounts: tuple[ForeignDiscount, ...] = ()
    taxes: tuple[ForeignTax, ...] = ()


@attrs.frozen
class ForeignCharge:
    """What was charged there beside the goods, tax included."""

    kind: ChargeKind
    label: str
    total: Money
    taxes: tuple[ForeignTax, ...] = ()
    refundable: bool = True


@attrs.frozen(kw_only=True)
class ForeignOrder:
    """An order that was made on a marketplace, or in a system before this one, as it is stated there."""

    source: str
    """Where it was made, such as `tokopedia` or `old-shop`."""
    number: str
    """Its number there."""
    ordered_at: datetime
    total: Money
    """What the customer pays for all of it."""
    lines: tuple[ForeignLine, ...]
    charges: tuple[ForeignCharge, ...] = ()
    prices_include_tax: bool = True
    """Whether the unit prices and discounts contain tax."""
    customer: CustomerId | None = attrs.field(default=None, metadata=PERSONAL)
    ship_to: Address | None = attrs.field(default=None, metadata=PERSONAL)
    delivery: str = ""
    """How it travels, in the source's own word."""
    point: CollectionPoint | None = None
    """Where the customer fetches it from the courier, by value; None where it goes to the door."""


@attrs.frozen
class Figure:
    """One figure of theirs beside ours, in minor units."""

    path: str
    """Such as `lines[0].total`."""
    theirs: int
    ours: int

    @property
    def difference(self) -> int:
        """Theirs less ours."""
        return self.theirs - self.ours

    def __str__(self) -> str:
        return f"{self.path}: {self.theirs} there, {self.ours} here, difference {self.difference:+}"


@attrs.frozen
class TakenOver:
    """A foreign order beside the order that it is here, and every figure of it beside what our maths makes of it."""

    id: ForeignOrderId
    version: int
    source: str
    number: str
    hash: str
    """A fingerprint of all that was stated."""
    order_id: OrderId
    currency: Currency
    total: int
    difference: int
    """What the order's charge of the kind `difference` is, in minor units: their total less their parts."""
    figures: tuple[Figure, ...]
    taken_over_at: datetime

    @property
    def discrepancies(self) -> tuple[Figure, ...]:
        """The figures that differ."""
        return tuple(each for each in self.figures if each.difference)
