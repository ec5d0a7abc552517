"""The cost ledger of carriage: what each booking is billed, at which account; corrected when the courier bills
otherwise.

Each change of a booking's price is one posting of two legs: the cost, and what the account is owed. So what a courier
bills in a month can be held against what the shop has booked of it, one by one.
"""

from typing import Final

from tokolib.fulfilment.bookings.model import Booking
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit

LEDGER: Final = "carriage"
COST: Final = "cost"
PAYABLE: Final = "payable"


def costs(booking: Booking) -> int:
    """What a booking costs by now, in minor units; nothing where nobody knows."""
    known = booking.price
    return known.minor_units if booking.buying.succeeded and known is not None else 0


def post(unit: Unit, noun: str, before: Booking | None, booking: Booking) -> None:
    """Post what a change has made a booking, a *noun*, cost more or less."""
    change = costs(booking) - (0 if before is None else costs(before))
    if change:
        batch = f"{booking.id}.{booking.version}"
        legs = ((f"{COST}:{booking.account}", change), (f"{PAYABLE}:{booking.account}", -change))
        unit.post(
            LEDGER,
            [
                Entry(f"{batch}.{n}", batch, account, amount, booking.currency.code, noun, booking.id, unit.now)
                for n, (account, amount) in enumerate(legs, start=1)
            ],
        )
