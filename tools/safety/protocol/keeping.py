"""Bugs in what an order makes of its payment, in holds and coupons, and in the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from safety.protocol.seeding import Seed, seeded
from tokolib.adapters.memory.backlog import Backlog
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Claimed, Entry
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.pricing.promotions.uses import COUNTED, LEDGER
from tokolib.stored_value.model import Value, balance_counter
from tokolib.stored_value.spending import Pot


@seeded("tokolib.orders.placement", "hold_again")
def no_rehold(_: Any) -> Any:
    """A late payment brings its order back, and nothing is held for it."""

    async def hold_again(*_: object) -> tuple[str, ...]:
        return ()

    return hold_again


@seeded("tokolib.desk.observe", "give_back")
def forgotten_late_refund(sound: Any) -> Any:
    """The goods are gone, and the late money is kept."""

    async def give_back(unit: Unit, order: Order, reason: str, **rest: Any) -> Order:
        kept: Order = order if reason.startswith("paid late") else await sound(unit, order, reason, **rest)
        return kept

    return give_back


@seeded("tokolib.inventory.steps", "keep")
def hold_not_kept(_: Any) -> Any:
    """The lease of a paid order goes on running."""

    async def keep(unit: Unit, hold_ids: Sequence[str]) -> None:
        pass

    return keep


@seeded("tokolib.orders.ending", "release_uses")
def coupon_released_twice(sound: Any) -> Any:
    """The coupon of an order that dies is free once more than it was used.

    Without the guard behind it: a counter refuses to fall below its floor.
    """

    async def release_uses(unit: Unit, order_id: str) -> None:
        await sound(unit, order_id)
        page = await resolved(unit.work.ledger(LEDGER, refers_to=order_id))
        used: list[Entry] = [each for each in page.items if each.kind == COUNTED and each.amount > 0]
        for each in used[-1:]:
            unit.count(each.account, -each.amount, floor=None)

    return release_uses


def _as_first_read(sound: Any) -> Any:
    """What is left of a card as it was when it was read for the first time, as by two tills that read at once."""
    seen: dict[str, int] = {}

    async def pots_of(unit: Unit, values: Sequence[Value]) -> tuple[Pot, ...]:
        pots: tuple[Pot, ...] = await sound(unit, values)
        return tuple(Pot(pot.value, seen.setdefault(pot.value.id, pot.left)) for pot in pots)

    return pots_of


@seeded(
    "tokolib.stored_value.paying",
    "lower",
    Seed("tokolib.stored_value.paying", "pots_of", _as_first_read),
)
def gift_card_read_then_written(_: Any) -> Any:
    """What is left of a gift card is read, and then written without looking again.

    Without the guard behind it: in memory nobody comes between the reading and the writing of one unit.
    """

    def lower(unit: Unit, value: Value, amount: int) -> None:
        unit.count(balance_counter(value.id), -amount, floor=None)

    return lower


@seeded("tokolib.adapters.memory.backlog:Backlog", "claim")
def outbox_by_last_id(sound: Any) -> Any:
    """The relay asks for events above the last one that it saw, by ids that are made of their time."""
    last: WeakKeyDictionary[Backlog, tuple[datetime, str, int]] = WeakKeyDictionary()

    def place(claimed: Claimed) -> tuple[datetime, str, int]:
        return claimed.event.at, claimed.event.stream, claimed.event.seq

    def claim(backlog: Backlog, now: datetime, until: datetime, limit: int) -> list[Claimed]:
        claimed: list[Claimed] = sound(backlog, now, until, limit)
        if (seen := last.get(backlog)) is not None:
            claimed = [each for each in claimed if place(each) > seen]
        if claimed:
            last[backlog] = max(place(each) for each in claimed)
        return claimed

    return claim


BUGS = (
    no_rehold,
    forgotten_late_refund,
    hold_not_kept,
    coupon_released_twice,
    gift_card_read_then_written,
    outbox_by_last_id,
)
