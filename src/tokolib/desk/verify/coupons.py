"""Uses of promotions and coupons: X4. Each order has its own, and a counter is the sum of those that count."""

import attrs

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.policies import CouponOnCancel
from tokolib.kernel.rows import CounterRow, Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order, OrderState
from tokolib.pricing.promotions.uses import COUNTED, LEDGER, NOTED, PREFIXES, claims

_RESTORE = "set the counter to the sum of its uses"


@attrs.define
class Uses:
    """What the orders say that they use, by counter and order: of which kind, and how much still stands."""

    said: dict[tuple[str, str], tuple[str, int]] = attrs.field(factory=dict)

    def learn(self, order: Order) -> None:
        """Take in one order."""
        for claim in claims(order.uses, str(order.customer or "")):
            kind = NOTED if claim.limit is None else COUNTED
            self.said[claim.account, order.id] = (kind, claim.amount if _stands(order) else 0)


def _stands(order: Order) -> bool:
    """Whether *order* keeps its uses: an order that dies gives them back, a cancelled one as its policies say."""
    match order.state:
        case OrderState.EXPIRED:
            return False
        case OrderState.CANCELLED:
            kept = order.policies.coupon_on_cancel is not CouponOnCancel.GIVE_BACK
            return kept and order.placed_at is not None
        case _:
            return True


async def check_uses(unit: Unit, books: Books, uses: Uses, found: Findings) -> None:
    """Every use is one that its order has, none is missing or doubled, and the counters are their sums."""
    made: dict[tuple[str, str], int] = {}
    counted: dict[str, int] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, name=LEDGER):
        found.saw("uses")
        known = await books.has("orders", entry.refers_to)
        found.expect(known, "X4", f"use {entry.id}", f"its order {entry.refers_to} is gone", _RESTORE)
        place = (entry.account, entry.refers_to)
        kind, _ = uses.said.get(place, (entry.kind, 0))
        sound = entry.id == f"{entry.batch}.{entry.account}" and entry.batch.startswith(f"{entry.refers_to}.")
        sound = sound and (entry.kind, entry.unit) == (kind, "use")
        found.expect(sound, "X4", f"use {entry.id}", "was changed", _RESTORE)
        made[place] = made.get(place, 0) + entry.amount
        if entry.kind == COUNTED:
            counted[entry.account] = counted.get(entry.account, 0) + entry.amount
    for account, order in sorted(made.keys() | uses.said.keys()):
        taken = made.get((account, order), 0)
        _, stands = uses.said.get((account, order), ("", 0))
        found.expect(
            taken == stands, "X4", f"use {account}", f"order {order} has {taken} of it, not {stands}", _RESTORE
        )
    async for row in rows(unit, Kind.COUNTERS, CounterRow):
        found.saw("counters")
        if row.name.startswith(PREFIXES):
            said = counted.pop(row.name, 0)
            found.expect(row.value == said, "X4", f"counter {row.name}", f"is {row.value}, uses say {said}", _RESTORE)
    for name, value in sorted(counted.items()):
        found.expect(value == 0, "X4", f"counter {name}", f"is gone, uses say {value}", _RESTORE)
