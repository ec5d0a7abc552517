"""What a courier holds of each parcel's cash, and what becomes of the difference when it remits another amount.

The customer has paid at the door: whatever the courier keeps, loses or miscounts is between it and the shop.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, cast

import attrs

from tokolib.fulfilment.labels.cash import brings
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.orders.model import Order
from tokolib.reconciliation.difference import Difference, OnDifference
from tokolib.reconciliation.model import Settlement, SettlementRow, SettlementState

_CODE: Final = "reconciliation.bad_terms"


@attrs.frozen(kw_only=True)
class FeeTier:
    """What a courier may keep of a parcel that it remits within so many days: the sooner, the dearer."""

    within_days: int
    """Days from the delivery to the remittance."""
    rate: Decimal
    """Of what was collected: `Decimal("0.04")`."""
    least: int = 0
    """At least so many minor units."""

    def fee(self, collected: int) -> int:
        """Minor units, without tax; rounded half up."""
        part = Fraction(self.rate) * collected
        return max(self.least, divide(part.numerator, part.denominator, RoundingMode.HALF_UP))


@attrs.frozen(kw_only=True)
class CodTerms:
    """What was agreed with a courier about the cash that it collects.

    Raises:
        InvalidInput: a number that can't be, tiers that don't rise by their days; all of them are named.
    """

    short: OnDifference = OnDifference.CLAIM
    """What becomes of what a parcel brought too little."""
    over: OnDifference | None = None
    """What becomes of what it brought too much; None: the row waits for a person."""
    tolerance: int = 0
    """Minor units, too few or too many, that are written off whatever else is agreed."""
    claim_days: int = 14
    """Days that the courier has to make up for what is claimed."""
    tiers: tuple[FeeTier, ...] = ()
    """What it may keep, by how soon it remits; the last one holds for all that is later. What it keeps beyond that
    counts as remitted too little. Without any its fee is as it says.
    """

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        for name in ("tolerance", "claim_days"):
            value = getattr(self, name)
            if type(value) is not int or value < 0:
                yield Fault(name, _CODE, "must be a whole number, 0 or more", shown(value))
        for name in ("short", "over"):
            value = getattr(self, name)
            if not (isinstance(value, OnDifference) or (name == "over" and value is None)):
                yield Fault(name, _CODE, f"must be one of {', '.join(OnDifference)}", shown(value))
        days = [each.within_days for each in self.tiers]
        if days != sorted(set(days)):
            yield Fault("tiers", _CODE, "must rise by their days", shown(days))
        for at, each in enumerate(self.tiers):
            rate: object = each.rate
            if not isinstance(rate, Decimal) or not rate.is_finite() or not 0 <= rate <= 1:
                yield Fault(f"tiers[{at}].rate", _CODE, "must be a Decimal from 0 to 1", shown(rate))

    def most_fee(self, collected: int, days: int) -> int | None:
        """What the courier may keep of a parcel that it remits so many days after the delivery; None: any fee."""
        fitting = [each for each in self.tiers if days <= each.within_days] or list(self.tiers[-1:])
        return fitting[0].fee(collected) if fitting else None

    def difference(self, row: SettlementRow, due: int, days: int) -> Difference | None:
        """What becomes of the difference between what a parcel was to bring and a *row* about it.

        None: there is none, or (where it brought too much) nothing is agreed and a person has to look.
        """
        most = self.most_fee(due, days)
        cash = due - row.gross.minor_units
        fee = 0 if most is None else max(0, row.fee.minor_units - most)
        total = cash + fee
        if not cash and not fee:
            return None
        as_ = self.short if total >= 0 else self.over
        if abs(total) <= self.tolerance:
            as_ = OnDifference.WRITE_OFF
        if as_ is None:
            return None
        until = row.on + timedelta(days=self.claim_days) if as_ is OnDifference.CLAIM else None
        return Difference(as_=as_, cash=cash, fee=fee, due_on=until)


class Parcels:
    """The parcels of an order, with what each was to bring and what its courier has accounted for."""

    def __init__(self, order: Order, shipments: Sequence[Shipment], rows: Iterable[Settlement]) -> None:
        self._order = order
        self._shipments = shipments
        self._cleared: dict[str, int] = {}
        for each in rows:
            if each.standing is SettlementState.POSTED and each.operation_id is not None:
                settled = self._cleared.get(each.shipment_id, 0) + each.cleared.minor_units
                self._cleared[each.shipment_id] = settled

    def due(self, shipment: Shipment) -> int:
        """What *shipment* is still to bring: what its labels say, or its units are worth, less what was told."""
        return next(due for each, due in self.dues() if each.id == shipment.id)

    def dues(self) -> Iterator[tuple[Shipment, int]]:
        """The same of each, the last one first: together no more than is still to be paid for the order."""
        left = max(0, self._order.due.minor_units)
        all_left = not any(line.open for line in self._order.lines)
        worth = {each.id: brings(self._order, each) - self._cleared.get(each.id, 0) for each in self._shipments}
        rest = left - sum(max(0, units) for units in worth.values()) if all_left else 0
        for each in reversed(self._shipments):
            due = min(left, max(0, worth[each.id]) + max(0, rest) * (worth[each.id] > 0))
            rest, left = (0 if worth[each.id] > 0 else rest), left - due
            yield each, due


def days_between(delivered: date, remitted: date) -> int:
    """Days from the delivery to the remittance."""
    return max(0, (remitted - delivered).days)


def named_parcel(row: SettlementRow, shipments: Sequence[Shipment]) -> Shipment | None:
    """The parcel that *row* is about: by its id or tracking number, or as the only one of its order."""
    names = {row.key, row.reference} - {""}
    for each in shipments:
        if names & {cast(str, each.id), each.tracking}:
            return each
    return shipments[0] if len(shipments) == 1 else None


def claim_of(row: SettlementRow, shipment: Shipment | None, rows: Iterable[Settlement]) -> Settlement | None:
    """The open claim that *row* makes up for: of its parcel, and no less than what it brings."""
    for each in rows:
        same = each.row.provider == row.provider and shipment is not None and each.shipment_id == shipment.id
        if same and each.difference is not None and each.difference.is_open:
            left = each.difference.left
            if each.row.currency == row.currency and left > 0 and row.gross.minor_units <= left:
                return each
    return None
