"""All that one room tells and another has, side by side."""

from collections.abc import Iterator

import attrs

from tokolib.desk.verify import (
    bookings,
    claims,
    counts,
    coupons,
    exchange,
    exchanges,
    licences,
    money,
    movements,
    numbers,
    policies,
    returns,
)
from tokolib.desk.verify.keys import Keys
from tokolib.desk.verify.movements import Movements
from tokolib.desk.verify.settlements import RECEIVED
from tokolib.desk.verify.tally import Tally


@attrs.define
class Tallies:
    """All that one room tells and another has."""

    postings: Tally = attrs.field(factory=lambda: Tally("M4", money.BOOKS))
    book_postings: Tally = attrs.field(factory=lambda: Tally("M10", exchange.REPAIR))
    received: Tally = attrs.field(factory=lambda: Tally("M11", RECEIVED))
    payments: Tally = attrs.field(factory=lambda: Tally("M4", money.ORDER))
    holds: Tally = attrs.field(factory=lambda: Tally("S4", movements.RESTORE))
    set_aside: Tally = attrs.field(factory=lambda: Tally("C1", exchanges.FREE))
    claimed: Tally = attrs.field(factory=lambda: Tally("C3", claims.RESTORE))
    shipments: Tally = attrs.field(factory=lambda: Tally("S4", movements.RESTORE))
    units: Tally = attrs.field(factory=lambda: Tally("F1", movements.RESTORE))
    carriage: Tally = attrs.field(factory=lambda: Tally("F3", bookings.REPAIR))
    manifests: Tally = attrs.field(factory=lambda: Tally("F5", movements.RESTORE))
    licences: Tally = attrs.field(factory=lambda: Tally("K1", licences.RESTORE))
    uses: Tally = attrs.field(factory=lambda: Tally("X4", coupons.RESTORE))
    counted: Tally = attrs.field(factory=lambda: Tally("X4", coupons.RESTORE))
    returned: Tally = attrs.field(factory=lambda: Tally("B1", returns.RESTORE))
    agreed: Tally = attrs.field(factory=lambda: Tally("B3", returns.RESTORE))
    withheld: Tally = attrs.field(factory=lambda: Tally("D1", policies.RESTORE))
    variances: Tally = attrs.field(factory=lambda: Tally("S7", counts.VARIANCE))
    counting: Tally = attrs.field(factory=lambda: Tally("S7", counts.RESTORE))
    numbers: Tally = attrs.field(factory=lambda: Tally("I1", numbers.REPAIR))
    stock: Movements = attrs.field(factory=Movements)
    keys: Keys = attrs.field(factory=Keys)

    def each(self) -> Iterator[Tally]:
        """Every one of them."""
        for group in (self, self.stock, self.keys):
            yield from (
                tally for field in attrs.fields(type(group)) if isinstance(tally := getattr(group, field.name), Tally)
            )

    def closer(self) -> "Tallies":
        """The same for a second look at what is uneven."""
        made = Tallies()
        for group, own in ((made, self), (made.stock, self.stock), (made.keys, self.keys)):
            for field in attrs.fields(type(own)):
                if isinstance(tally := getattr(own, field.name), Tally):
                    setattr(group, field.name, tally.closer())
        return made
