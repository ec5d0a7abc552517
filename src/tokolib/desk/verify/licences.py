"""Licences: K1 of the digital units that customers have, K2 of the stock that a pool is sold from."""

from typing import Final

from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.fulfilment.licences.model import Licence, LicenceState
from tokolib.inventory.lots.model import Lot
from tokolib.inventory.model import Tracked
from tokolib.orders.model import Order

RESTORE: Final = "restore the row from a backup; who has read which key is in the history of the licences"


def say_units(order: Order, tally: Tally) -> None:
    """How many licences its customer has to have."""
    for line in order.lines:
        if line.line.digital and (units := len(line.kept)):
            tally.said(f"line {line.id} of order {order.id}", amount=units)


def find_licence(licence: Licence, tally: Tally) -> None:
    """One that a customer has."""
    grant = licence.grant
    if grant is not None and licence.state is LicenceState.GRANTED:
        tally.found(f"line {grant.line_id} of order {grant.order_id}")


def check_stock(licence: Licence, lot: Lot | None, found: Findings) -> None:
    """K2: it is a serial of its SKU; a customer's is nowhere in stock, and one that has ended never leaves again."""
    row = f"licence {licence.id}"
    if lot is None or lot.tracked is not Tracked.LICENCE:
        found.broken("K2", row, f"no serial {licence.code} of {licence.sku} is known to the stock", RESTORE)
        return
    there = ", ".join(lot.places) or "nowhere"
    if licence.state is LicenceState.GRANTED:
        found.expect(not lot.places, "K2", row, f"a customer has it, and it is in stock: {there}", RESTORE)
    elif licence.state is not LicenceState.FREE:
        sold_again = bool(lot.places) and not lot.blocked
        found.expect(not sold_again, "K2", row, f"is {licence.state}, and may be sold from {there}", RESTORE)
