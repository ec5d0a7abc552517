"""What is kept of pickups."""

from typing import Protocol

from tokolib.fulfilment.pickups.model import Pickup
from tokolib.kernel.unit import Port, Repository


class Pickups(Repository[Pickup], Protocol):
    """Pickups by id; index `by_state` finds those in a state, `ask` those that a courier is to be asked about."""


PICKUPS: Port[Pickups] = Port("pickups")
