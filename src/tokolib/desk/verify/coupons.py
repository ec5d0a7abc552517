"""Uses of promotions and coupons: X4. Each order has its own, and a counter is the sum of those that count."""

from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.policies import CouponOnCancel
from tokolib.kernel.rows import CounterRow, Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order, OrderState
from tokolib.pricing.promotions.uses import COUNTED, LEDGER, NOTED, PREFIXES, claims

RESTORE = "set the counter to the sum of its uses"


def say_uses(order: Order, uses: Tally) -> None:
    """What an order says that it uses: by counter, of which kind, and how much still stands."""
    for claim in claims(order.uses, str(order.customer or "")):
        kind = NOTED if claim.limit is None else COUNTED
        uses.said(_name(claim.account, order.id), kind, amount=claim.amount if _stands(order) else 0)


def _name(account: str, order: str) -> str:
    return f"use {account} of {order}"


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


async def check_uses(unit: Unit, uses: Tally, counted: Tally, found: Findings) -> None:
    """Every use is one that its order has, none is missing or doubled, and the counters are their sums."""
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("uses")
        sound = entry.id == f"{entry.batch}.{entry.account}" and entry.batch.startswith(f"{entry.refers_to}.")
        found.expect(sound and entry.unit == "use", "X4", f"use {entry.id}", "was changed", RESTORE)
        uses.found(_name(entry.account, entry.refers_to), entry.kind, amount=entry.amount)
        if entry.kind == COUNTED:
            counted.said(f"counter {entry.account}", amount=entry.amount)
    async for row in rows(unit, Kind.COUNTERS, CounterRow, found):
        found.saw("counters")
        if row.name.startswith(PREFIXES):
            counted.found(f"counter {row.name}", amount=row.value)
