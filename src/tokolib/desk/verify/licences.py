"""Digital units that customers have, beside the licences that were granted for them."""

from typing import Final

from tokolib.desk.verify.tally import Tally
from tokolib.fulfilment.licences.model import Licence, LicenceState
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
