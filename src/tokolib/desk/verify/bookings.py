"""Labels, return labels and pickups: F3. Each is booked under one key and given back under one, and the cost ledger has
what it costs. What a shipment knows of its labels is what their couriers were told.
F4: the pickup that a shipment names is to fetch it.
"""

from datetime import datetime, timedelta
from typing import Final

from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.effects.keys import idempotency_key
from tokolib.effects.model import EffectState, Operation
from tokolib.fulfilment.bookings.costs import COST, LEDGER, PAYABLE, costs
from tokolib.fulfilment.bookings.lifecycle import B
from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.model import ParcelLabel, Shipment
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.kernel.rows import Entry, Kind
from tokolib.kernel.unit import Unit

OVERDUE: Final = timedelta(hours=1)
"""So long after it is due a wish may wait for somebody to call `tick`."""
REPAIR: Final = "ask the courier what it has booked, and restore the row from a backup"
"""What to do where the rows of a booking contradict each other."""
_LOOK: Final = "look it up at the courier, and say what it has: shop."


def check_booking(bookable: Bookable[B], booking: B, what: str, posted: Tally, now: datetime, found: Findings) -> None:
    """F3 of one label, return label or pickup, which is *what*, and what waits about it."""
    row = f"{bookable.noun} {booking.id}"
    given_back = {each.kind for each in booking.voids} <= {bookable.voiding}
    kinds = booking.buying.kind is bookable.buying and given_back
    found.expect(kinds, "F3", row, "is booked and given back by wishes of other kinds", REPAIR)
    refused = all(each.standing is EffectState.FAILED for each in booking.voids[:-1])
    found.expect(refused, "F3", row, "was given back again, though it was not refused before", REPAIR)
    for each in booking.operations:
        own = each.key == idempotency_key(each.id, each.attempt) and each.provider == booking.account
        found.expect(own, "F3", row, f"{each.id} was sent as {each.key} to {each.provider}", REPAIR)
    for account, sign in ((COST, 1), (PAYABLE, -1)):
        posted.said(f"{row} on {account}:{booking.account}", amount=sign * costs(booking))
    _waiting(booking, what, now, row, _LOOK + bookable.resolving, found)


def check_fetched(shipment: Shipment, pickup: Pickup | None, found: Findings) -> None:
    """F4: the pickup that a shipment names is there, and is to fetch it."""
    named = pickup is not None and shipment.id in pickup.shipments and pickup.location == shipment.location
    told = f"names pickup {shipment.pickup_id}, which does not fetch it"
    found.expect(named, "F4", f"shipment {shipment.id}", told, REPAIR)


def check_named(shipment: Shipment, kept: ParcelLabel, label: Label | None, found: Findings) -> None:
    """F3: a label that a shipment names is of its parcel, and asks for the cash that it is known to ask for."""
    row = f"shipment {shipment.id}"
    if label is None or (label.shipment_id, label.parcel) != (shipment.id, kept.parcel):
        found.expect(False, "F3", row, f"names label {kept.label_id}, which is not of its parcel {kept.parcel}", REPAIR)
        return
    asked = 0 if label.request.cod is None else label.request.cod.minor_units
    told = f"knows label {label.id} to collect {kept.cash}, its courier was told {asked}"
    found.expect(kept.cash == asked, "F3", row, told, REPAIR)


async def check_costs(unit: Unit, posted: Tally, found: Findings) -> None:
    """F3: every posting of the cost ledger is of something booked, and they add up to its price."""
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("costs of carriage")
        posted.found(f"{entry.kind} {entry.refers_to} on {entry.account}", amount=entry.amount)


def _waiting(booking: Booking, what: str, now: datetime, row: str, look: str, found: Findings) -> None:
    turn: Operation = booking.wishes.last
    asked = f"{booking.account} was asked for {what} ({turn.kind})"
    if booking.is_doubted:
        why = ", ".join(sorted({reason for each in booking.operations for reason in each.reviews}))
        found.waits("L1", row, f"{asked}, and nobody can tell: {why}", look)
    elif booking.absent is not None:
        found.waits("L1", row, f"{asked}, and this shop has no such account", "open the shop with couriers=[...]")
    elif booking.ask_at is not None and booking.ask_at + OVERDUE < now:
        found.waits("L1", row, f"{asked}, and is due since {booking.ask_at.isoformat()}", "call shop.tick()")
