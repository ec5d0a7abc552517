"""Names of holds, and how a hold is cut when only a part of it leaves.

A hold's id says for whom, the how-manieth attempt it is, and of what: `ord_06f8…:1:main|kopi-250`. So the same
wish has the same id on every machine, and an order has at most one hold of a SKU at a location.

The storage knows no part of a hold: it takes a hold whole or not at all, and that is what makes one shipment
movement for each taken hold provable. So a hold of five, of which two leave, ends as released, and two others of
two and three stand in its place, in the same unit of work and under the same row lock: nobody can come between.
Their numbers continue the old one's: 1 → 1.1 and 1.2, and 1.2 → 1.3 and 1.4.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from tokolib.inventory.errors import HoldEnded, NotHeld
from tokolib.inventory.model import place
from tokolib.kernel.rows import HoldState, StoredHold


def hold_id(owner: str, attempt: int, resource: str) -> str:
    """The id of the hold of *resource* for *owner*."""
    return f"{owner}:{attempt}:{resource}"


def resource_of(hold_id: str) -> str:
    """The resource in a hold's id; a resource itself is answered as it is."""
    head, bar, key = hold_id.partition("|")
    return head.rpartition(":")[2] + bar + key


def halves(hold_id: str) -> tuple[str, str]:
    """The ids of the part of a hold that ends now, and of the rest."""
    resource = resource_of(hold_id)
    owner, _, number = hold_id.removesuffix(f":{resource}").rpartition(":")
    attempt, _, cut = number.partition(".")
    last = int(cut or 0)
    return f"{owner}:{attempt}.{last + 1}:{resource}", f"{owner}:{attempt}.{last + 2}:{resource}"


def state_at(hold: StoredHold, now: datetime) -> HoldState:
    """The state of *hold* now: a lease that has run out is expired, reaped or not."""
    if hold.state is HoldState.LEASED and hold.until is not None and hold.until <= now:
        return HoldState.EXPIRED
    return hold.state


def standing(found: Mapping[str, StoredHold], ids: Sequence[str], now: datetime) -> tuple[StoredHold, ...]:
    """The holds *ids*, all of which must still stand.

    Raises:
        HoldEnded: the first of them that doesn't.
    """
    for id in ids:
        state = state_at(found[id], now) if id in found else "missing"
        if state not in (HoldState.LEASED, HoldState.KEPT):
            raise HoldEnded(id, str(state))
    return tuple(found[id] for id in ids)


@attrs.frozen
class Cut:
    """Which holds end whole, which end in part (with how many steps), and which stay as they are."""

    whole: tuple[StoredHold, ...]
    divided: tuple[tuple[StoredHold, int], ...]
    untouched: tuple[StoredHold, ...]


def cut(holds: Sequence[StoredHold], goods: Mapping[str, int]) -> Cut:
    """How *goods* (steps by resource) come out of *holds*, first ones first.

    Raises:
        NotHeld: they hold less.
    """
    left = {name: steps for name, steps in goods.items() if steps > 0}
    whole, divided, untouched = [], [], []
    for hold in holds:
        wanted = left.get(hold.resource, 0)
        if wanted == 0:
            untouched.append(hold)
        elif wanted >= hold.quantity:
            whole.append(hold)
        else:
            divided.append((hold, wanted))
        left[hold.resource] = max(wanted - hold.quantity, 0)
    for name, missing in left.items():
        if missing:
            raise NotHeld(place(name)[1], goods[name], goods[name] - missing)
    return Cut(tuple(whole), tuple(divided), tuple(untouched))
